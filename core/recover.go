package core

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// dialect is the smallest language that a text which could be read belongs to.
type dialect uint8

const (
	dialectJSON       dialect = iota // RFC 8259, or too broken to tell
	dialectJSONC                     // with comments or trailing commas
	dialectJavaScript                // an object literal of JavaScript or TypeScript, or JSON inside of a program or a command
)

// String returns "json", "jsonc" or "javascript".
func (d dialect) String() string { return [...]string{"json", "jsonc", "javascript"}[d] }

// looseKind is a way in which text can be clear and yet not be strict JSON.
type looseKind uint8

const (
	looseComment looseKind = iota
	looseTrailingComma
	looseKey
	looseQuotes
	looseEscape
	looseNumber
	looseUndefined
	looseType
	looseWrapping
	looseKinds // how many there are
)

var looseNames = [looseKinds][2]string{
	{"comment", "comments"}, {"trailing comma", "trailing commas"}, {"unquoted key", "unquoted keys"},
	{"string in other quotes", "strings in other quotes"}, {"string with JavaScript escapes", "strings with JavaScript escapes"},
	{"JavaScript number", "JavaScript numbers"}, {"undefined value", "undefined values"}, {"type annotation", "type annotations"},
	{"piece of code around the value", "pieces of code around the value"},
}

// maxLooseEdits bounds what the hint about loose JSON carries; beyond, it comes without a fix.
const maxLooseEdits = 100_000

// slot tells what stood before the place where reading goes on inside of a container.
type slot uint8

const (
	slotStart slot = iota // the opening bracket
	slotValue             // a member or an element
	slotComma             // a comma
)

// recovery is one run of recover. Open containers keep their parent's index in node.next, as in scan.
type recovery struct {
	t           *tape
	src         []byte
	lim         Limits
	stop        int    // where the white space at the end begins
	i           int    // where reading goes on
	last        int    // where the last token ended: what is missing is inserted there
	parent      uint32 // the innermost open container
	depth       int
	slot        slot
	comma       int  // place of the comma, with slotComma
	parens      int  // parentheses of the wrapping call that are open
	braces      bool // the outermost object has no opening brace
	skipped     bool // the text ends within something that was passed over
	shell       bool // the value stands in a command, whose rest follows it
	dialect     dialect
	counts      [looseKinds]int
	loose       []byteEdit
	odd         []byteEdit // Unicode spaces between tokens
	found       []finding
	tail        tail
	commaBefore int // start of the last item that lacks a comma before it
	noClose     int // no quote that could end a string stands before this place of the line; see innerQuotes
	openUntil   int // a string was found to lack its closing quote, openDelim, up to here
	openDelim   byte
	notClosers  int // what stands before this place is not the mere end of the wrapping call
	parityAt    int // double quotes are counted up to here
	parity      int // the number of them from parityAt to the end, once parityOf was called; -1 before
}

// tail is the token that the end of the text cut off, and what would complete it.
type tail struct {
	cut    bool
	start  int
	quote  bool       // it is a string
	edits  []byteEdit // complete it up to what append adds
	append string
}

// recover reads any text whatsoever. The tape gets all values that can be told; findings say, sorted by place, what is
// wrong and how to mend it; the fixes of one call never overlap. Time is linear in the text.
//
// What has one clear meaning in JSON with comments or in JavaScript is read without complaint: it raises the dialect,
// and one hint for the whole text says so. The rest is an error each, after which reading goes on.
func (t *tape) recover(src []byte, lim Limits) ([]finding, dialect) {
	t.reset(src)
	t.ascii, t.odd = plainRun(src, false) == len(src), ^flag(0)
	r := &recovery{t: t, src: src, lim: lim, parent: noNode, parity: -1}
	r.stop = r.trimEnd(len(src))
	if r.foreignEncoding() {
		return r.found, dialectJSON
	}
	r.byteOrderMark()
	if r.start() {
		r.containers()
		r.end()
	}
	if len(t.nodes) > lim.Values {
		return t.tooManyValues(int(t.nodes[lim.Values].start), lim), dialectJSON
	}
	r.closeAll(len(src))
	return r.finish(), r.dialect
}

// full reports whether enough was found: one more than the limit, so that the report can say that there are more.
func (r *recovery) full() bool { return len(r.found) > r.lim.Issues }

// reread is recover for a text that scan could not read just before.
func (t *tape) reread(src []byte, lim Limits) ([]finding, dialect) {
	if t.crowdedAt >= 0 {
		return t.tooManyValues(t.crowdedAt, lim), dialectJSON
	}
	return t.recover(src, lim)
}

// tooManyValues gives up a text with more values than the limit.
func (t *tape) tooManyValues(at int, lim Limits) []finding {
	t.nodes = t.nodes[:0]
	return []finding{{code: CodeTooLarge, severity: Error, node: -1, start: at, end: at, rule: "limits/values",
		message: fmt.Sprintf("got too many values, want at most %d", lim.Values)}}
}

// report notes an error. Without edits there is no fix.
func (r *recovery) report(code Code, start, end int, title string, edits []byteEdit, format string, args ...any) {
	r.reportAt(int32(r.parent), code, start, end, title, edits, format, args...)
}

func (r *recovery) reportAt(at int32, code Code, start, end int, title string, edits []byteEdit, format string, args ...any) {
	if r.full() {
		return
	}
	f := finding{code: code, severity: Error, node: at, start: start, end: end, rule: "syntax", message: fmt.Sprintf(format, args...)}
	if len(edits) > 0 {
		f.fix = &remedy{title: title, edits: tidy(edits)}
	}
	r.found = append(r.found, f)
}

// relax notes something loose, and the edits that would make it strict.
func (r *recovery) relax(k looseKind, edits ...byteEdit) {
	r.counts[k]++
	want := dialectJavaScript
	if k <= looseTrailingComma {
		want = dialectJSONC
	}
	r.dialect = max(r.dialect, want)
	if len(r.loose) <= maxLooseEdits {
		r.loose = append(r.loose, edits...)
	}
}

func one(start, end int, text string) []byteEdit { return []byteEdit{{start, end, text}} }

// push appends a node, as a child of the innermost open container, and returns its index.
func (r *recovery) push(v node, text string, loose bool, k *literal) uint32 {
	at := uint32(len(r.t.nodes))
	if v.next = at + 1; loose {
		v.flags |= flagLoose
		if len(r.t.loose) == cap(r.t.loose) {
			r.t.loose = roomier(r.t.loose)
		}
		r.t.loose = append(r.t.loose, meaning{at, text})
	}
	if k != nil {
		v.keyStart, v.keyEnd = uint32(k.start), uint32(k.end)
		switch {
		case !k.strict:
			v.flags |= flagKeyLoose
			r.t.looseKeys = append(r.t.looseKeys, meaning{at, k.text})
		case k.escapes != 0:
			v.flags |= flagKeyEscaped
		}
	}
	if len(r.t.nodes) == cap(r.t.nodes) {
		r.t.nodes = roomier(r.t.nodes)
	}
	r.t.nodes = append(r.t.nodes, v)
	if r.parent != noNode {
		r.t.nodes[r.parent].n++
	}
	return at
}

// scalar pushes a value without children and moves behind it.
func (r *recovery) scalar(kd kind, start, end int, k *literal) uint32 {
	at := r.push(node{kind: kd, start: uint32(start), end: uint32(end)}, "", false, k)
	r.after(end)
	return at
}

// after notes that a value ended.
func (r *recovery) after(end int) {
	r.i, r.last, r.slot = end, end, slotValue
}

// open pushes a container whose bracket is at r.i.
func (r *recovery) open(k *literal) {
	c := r.src[r.i]
	if r.depth >= r.lim.Depth {
		start := r.i
		end := r.balanced(start)
		r.reportAt(int32(len(r.t.nodes)), CodeTooDeep, start, start+1, "", nil, "nested deeper than %d levels", r.lim.Depth)
		r.scalar(kindBad, start, end, k)
		r.skipped = end == len(r.src)
		return
	}
	kd := kindArray
	if c == '{' {
		kd = kindObject
	}
	r.enter(r.push(node{kind: kd, start: uint32(r.i), end: uint32(r.i + 1)}, "", false, k))
	r.i++
	r.last = r.i
}

func (r *recovery) enter(at uint32) {
	r.t.nodes[at].next = r.parent
	r.parent = at
	r.depth++
	r.slot = slotStart
}

// leave closes the innermost container at end.
func (r *recovery) leave(end int) {
	v := &r.t.nodes[r.parent]
	r.parent, v.next, v.end = v.next, uint32(len(r.t.nodes)), uint32(end)
	r.depth--
	r.slot = slotValue
}

// containers reads on until the outermost container is closed, or the text is over.
func (r *recovery) containers() {
	for r.parent != noNode {
		r.space()
		if r.i >= len(r.src) || r.full() || len(r.t.nodes) > r.lim.Values {
			return
		}
		switch c := r.src[r.i]; c {
		case ',':
			r.separator()
		case ';':
			if r.slot == slotValue {
				r.report(CodeWrongSeparator, r.i, r.i+1, "write a comma", one(r.i, r.i+1, ","), "a semicolon where a comma belongs")
				r.comma, r.slot, r.i = r.i, slotComma, r.i+1
				r.last = r.i
			} else {
				r.junk()
			}
		case '}', ']':
			r.closer(c)
		case ')':
			if r.parens > 0 && r.onlyClosersFrom(r.i) {
				return
			}
			r.junk()
		default:
			if r.isObject() {
				r.member()
			} else {
				r.element()
			}
		}
	}
}

func (r *recovery) isObject() bool {
	return r.parent != noNode && r.t.nodes[r.parent].kind == kindObject
}

// separator reads a run of commas, of which the first may be right.
func (r *recovery) separator() {
	if r.slot == slotValue {
		r.comma, r.slot = r.i, slotComma
		r.i++
		r.last = r.i
		return
	}
	start, end := r.i, r.i
	var edits []byteEdit
	for r.i < len(r.src) && r.src[r.i] == ',' {
		if n := len(edits) - 1; n >= 0 && edits[n].end == r.i {
			edits[n].end++
		} else {
			edits = append(edits, byteEdit{r.i, r.i + 1, ""})
		}
		r.i++
		end = r.i
		r.space()
	}
	where := "no value stands before this comma"
	if r.slot == slotComma {
		where = "two commas with no value between them"
	}
	r.report(CodeExtraComma, start, end, "remove it", r.joined(edits), "%s", where)
}

// needComma complains when an item starts right after another one.
func (r *recovery) needComma() {
	if r.slot != slotValue {
		return
	}
	r.commaBefore = r.i
	end := r.i + 1
	for end < len(r.src) && continues(r.src[end]) {
		end++
	}
	r.report(CodeMissingComma, r.last, max(end, r.last), "insert a comma", one(r.last, r.last, ","), "a comma is missing before %s", r.quoteAt(r.i))
}

// element reads one element of an array.
func (r *recovery) element() {
	if r.src[r.i] == ':' {
		r.junk()
		return
	}
	if !r.startsItem() {
		r.junk()
		return
	}
	// A key among the elements: the array was never closed.
	if outer := r.t.nodes[r.parent].next; r.slot != slotStart && outer != noNode && r.t.nodes[outer].kind == kindObject && r.keyAhead(r.i) {
		r.closeInner(1)
		return
	}
	r.needComma()
	r.value(nil)
}

// member reads one member of an object.
func (r *recovery) member() {
	if !r.startsItem() {
		r.junk()
		return
	}
	r.needComma()
	start := r.i
	c := r.src[r.i]
	if c == '{' || c == '[' || c == '(' || hasPrefix(r.src[r.i:], "...") {
		end := r.expression(r.i)
		if c == '{' || c == '(' {
			r.report(CodeMissingKey, start, end, "", nil, "a value without a key in an object")
		} else {
			r.report(CodeUnsupportedExpression, start, end, "", nil, "this cannot be read without running it: %s", excerpt(r.src[start:end]))
		}
		r.after(end)
		return
	}
	k := r.keyLiteral()
	if k.template {
		r.report(CodeUnsupportedExpression, k.start, k.end, "", nil, "a key cannot be computed")
		k.text = string(r.src[k.start:k.end])
	}
	r.i, r.last = k.next, k.end
	r.space()
	if r.i >= len(r.src) {
		r.cutKey(&k)
		return
	}
	switch c := r.src[r.i]; {
	case c == ':':
		r.reportMissingQuote(&k, "")
		colon := r.i
		r.i++
		if r.i < len(r.src) && r.src[r.i] == '=' { // :=
			r.report(CodeWrongSeparator, colon, r.i+1, "write a colon", one(r.i, r.i+1, ""), "%q where a colon belongs", ":=")
			r.i++
		}
		r.last = r.i
	case c == '=' || c == '-' && hasPrefix(r.src[r.i:], "->"):
		r.reportMissingQuote(&k, "")
		end := r.i + 1
		if end < len(r.src) && (r.src[end] == '>' || r.src[end] == '=') {
			end++
		}
		r.report(CodeWrongSeparator, r.i, end, "write a colon", one(r.i, end, ":"), "%q where a colon belongs", r.src[r.i:end])
		r.i, r.last = end, end
	case strings.IndexByte(",;}])", c) >= 0:
		r.reportNoValue(&k, ": null")
		r.slot = slotValue
		return
	case r.keyAhead(r.i):
		r.reportNoValue(&k, ": null,")
		r.slot = slotComma
		r.comma = -1
		return
	case r.startsItem():
		r.reportMissingQuote(&k, ":")
		if !k.missing {
			r.report(CodeMissingColon, k.start, k.end, "insert a colon", one(k.end, k.end, ":"), "a colon is missing after the key %s", quote(k.text))
		}
	default:
		r.junk()
		r.space()
		if r.i < len(r.src) && r.src[r.i] == ':' {
			r.i++
			r.last = r.i
		} else {
			r.reportNoValue(&k, ": null")
			r.slot = slotValue
			return
		}
		r.reportMissingQuote(&k, "")
	}
	r.looseKey(&k)
	r.memberValue(&k)
}

// memberValue reads what follows the colon.
func (r *recovery) memberValue(k *literal) {
	for {
		r.space()
		if r.i >= len(r.src) {
			r.tail = tail{cut: true, start: k.start, append: " null"}
			end := r.last
			r.push(node{kind: kindBad, start: uint32(end), end: uint32(end)}, "", false, k)
			r.slot = slotValue
			return
		}
		c := r.src[r.i]
		insert := ""
		switch {
		case strings.IndexByte(",;}])", c) >= 0:
			insert = " null"
		case r.keyAhead(r.i):
			insert = " null,"
		case !r.startsItem():
			r.junk()
			continue
		default:
			r.value(k)
			return
		}
		r.reportAt(int32(len(r.t.nodes)), CodeMissingValue, k.start, r.last, "write null", one(r.last, r.last, insert), "%s has no value", quote(k.text))
		r.push(node{kind: kindBad, start: uint32(r.last), end: uint32(r.last)}, "", false, k)
		r.slot = slotValue
		if insert == " null," {
			r.slot, r.comma = slotComma, -1
		}
		return
	}
}

// reportNoValue complains about a key with neither colon nor value. Such a key gets no node: half a name while it is
// being typed must not count as an unknown field.
func (r *recovery) reportNoValue(k *literal, insert string) {
	if k.missing {
		r.reportMissingQuote(k, insert)
		return
	}
	r.report(CodeMissingValue, k.start, k.end, "write null", one(k.end, k.end, insert), "%s has no value", quote(k.text))
}

// cutKey handles a key at which the text ends.
func (r *recovery) cutKey(k *literal) {
	r.tail = tail{cut: true, start: k.start, quote: k.missing}
	switch {
	case k.missing:
		r.tail.edits, r.tail.append = k.cut, string(k.delim)+": null"
	case k.delim == 0:
		r.tail.edits, r.tail.append = one(k.start, k.start, `"`), `": null`
	default:
		r.tail.append = ": null"
	}
	r.slot = slotValue
}

// closer reads a closing bracket and settles what to do when it is not the one that is due.
func (r *recovery) closer(c byte) {
	want := byte(']')
	if r.isObject() {
		want = '}'
	}
	outer := r.t.nodes[r.parent].next
	if c == want {
		if outer == noNode && c == '}' && r.moreMembers(r.i+1) {
			r.report(CodeMismatchedBracket, r.i, r.i+1, "remove it", one(r.i, r.i+1, ""), "this } closes the object too early: more members follow")
			r.i++
			r.last = r.i
			return
		}
		if r.slot == slotComma && r.comma >= 0 {
			r.relax(looseTrailingComma, byteEdit{r.comma, r.comma + 1, ""})
		}
		r.leave(r.i + 1)
		r.after(r.i + 1)
		if r.braces && r.parent == noNode {
			start := int(r.t.nodes[0].start)
			r.report(CodeMissingBraces, start, start+1, "insert {", one(start, start, "{"), "the object has no opening brace")
		}
		r.trailing()
		return
	}
	// Which open container does it match?
	levels := 1
	match := outer
	for match != noNode && (r.t.nodes[match].kind == kindObject) != (c == '}') {
		match = r.t.nodes[match].next
		levels++
	}
	if match != noNode {
		if beyond := r.t.nodes[match].next; levels == 1 && r.fits(match, r.i+1) && !r.fits(beyond, r.i+1) {
			match = noNode
		} else {
			r.closeInner(levels)
			return
		}
	}
	if r.fits(outer, r.i+1) {
		edits := one(r.i, r.i+1, string(want))
		if r.slot == slotComma && r.comma >= 0 {
			edits = []byteEdit{{r.comma, r.comma + 1, ""}, edits[0]}
		}
		r.report(CodeMismatchedBracket, r.i, r.i+1, "write "+string(want), edits, "got %c, want %c for the %c of %s", c, want, r.opening(r.parent), r.lineOf(r.parent))
		r.leave(r.i + 1)
		r.after(r.i + 1)
		return
	}
	r.report(CodeMismatchedBracket, r.i, r.i+1, "remove it", one(r.i, r.i+1, ""), "this %c closes nothing", c)
	r.i++
	r.last = r.i
}

// lineOf names a container's place in words short enough for a message.
func (r *recovery) lineOf(at uint32) string {
	v := &r.t.nodes[at]
	if v.keyEnd > 0 {
		return quote(r.t.key(at))
	}
	if at == 0 {
		return "the whole text"
	}
	return "this list"
}

// fits reports whether what stands at i may follow a value in container at; noNode is the place after the outermost
// value.
func (r *recovery) fits(at uint32, i int) bool {
	i = r.skipTrivia(i)
	if at == noNode {
		return i >= len(r.src) || strings.IndexByte(");`", r.src[i]) >= 0
	}
	if i >= len(r.src) {
		return false
	}
	object := r.t.nodes[at].kind == kindObject
	switch r.src[i] {
	case '}':
		return object
	case ']':
		return !object
	case ',':
		return object == r.keyAhead(r.skipTrivia(i+1))
	}
	return false
}

// moreMembers reports whether members follow at i, although the object seems to be over.
func (r *recovery) moreMembers(i int) bool {
	i = r.skipTrivia(i)
	if i < len(r.src) && r.src[i] == ',' {
		return r.keyAhead(r.skipTrivia(i + 1))
	}
	return i < len(r.src) && r.src[i] == '"' && r.keyAhead(i)
}

// closeInner closes the given number of containers that the text forgot to close. They end with the last token; a comma
// after it stays for the outer container when one more item follows, and goes otherwise.
func (r *recovery) closeInner(levels int) {
	var closers strings.Builder
	at := r.parent
	for n := 0; n < levels; n++ {
		closers.WriteByte(r.closing(at))
		if n+1 < levels {
			at = r.t.nodes[at].next
		}
	}
	start := int(r.t.nodes[r.parent].start)
	place := r.last
	keepComma := false
	var edits []byteEdit
	if r.slot == slotComma && r.comma >= 0 {
		c := r.src[r.i]
		if keepComma = c != '}' && c != ']'; keepComma {
			place = r.comma
		} else {
			edits = append(edits, byteEdit{r.comma, r.comma + 1, ""})
		}
	}
	edits = append(edits, byteEdit{place, place, closers.String()})
	r.report(CodeUnclosedBracket, start, start+1, "insert "+closers.String(), edits, "the %c of %s is never closed", r.opening(r.parent), r.lineOf(r.parent))
	end := r.last
	if keepComma {
		end = max(r.comma, int(r.lastEnd()))
	}
	slot := r.slot
	for range levels {
		r.leave(end)
	}
	if keepComma {
		r.slot = slot
	}
}

// lastEnd returns where the last value on the tape ends, or its bracket.
func (r *recovery) lastEnd() uint32 { return r.t.nodes[len(r.t.nodes)-1].end }

func (r *recovery) opening(at uint32) byte { return r.closing(at) - 2 }

func (r *recovery) closing(at uint32) byte {
	if r.t.nodes[at].kind == kindObject {
		return '}'
	}
	return ']'
}

// closeAll closes what is open at the end of the text, with one finding for all of it, the unfinished last token
// included: a person who is typing has made one mistake at most, which is not to be ready yet.
func (r *recovery) closeAll(end int) {
	if r.skipped || r.full() {
		for r.parent != noNode {
			r.leave(end)
		}
		return
	}
	var names, closers []byte
	start, braces := r.tail.start, r.braces
	for at := r.parent; at != noNode; at = r.t.nodes[at].next {
		if braces && r.t.nodes[at].next == noNode {
			break // reported on its own
		}
		if len(names) == 0 && !r.tail.cut {
			start = int(r.t.nodes[at].start)
		}
		names = append(names, r.opening(at))
		closers = append(closers, r.closing(at))
	}
	if r.parens > 0 {
		if len(names) == 0 && !r.tail.cut {
			start = r.last
		}
		names = append(names, strings.Repeat("(", r.parens)...)
		closers = append(closers, strings.Repeat(")", r.parens)...)
	}
	if r.tail.quote {
		quote := r.src[r.tail.start]
		if quote >= utf8.RuneSelf {
			quote = '"' // a typographic one
		}
		names = append([]byte{quote}, names...)
	}
	text := r.tail.append + string(closers)
	edits := slices.Clone(r.tail.edits)
	if r.slot == slotComma && r.comma >= 0 && !r.tail.cut {
		edits = append(edits, byteEdit{r.comma, r.comma + 1, ""})
	}
	if n := len(r.found) - 1; r.tail.cut && n >= 0 && r.found[n].code == CodeMissingComma && r.commaBefore == r.tail.start {
		edits = append(slices.Clone(r.found[n].fix.edits), edits...)
		r.found = r.found[:n]
	}
	if braces && r.parent != noNode {
		r.report(CodeMissingBraces, int(r.t.nodes[0].start), min(int(r.t.nodes[0].start)+1, end), "put braces around it",
			slices.Concat(one(int(r.t.nodes[0].start), int(r.t.nodes[0].start), "{"), edits, one(r.last, r.last, text+"}")), "the members stand outside of an object")
	} else if text != "" && !braces {
		edits = append(edits, byteEdit{r.last, r.last, text})
		code, what := CodeUnclosedBracket, "the text ends while "+listed(names)+" open"
		if r.tail.quote {
			code = CodeUnclosedString
		}
		if len(names) == 0 {
			code, what = CodeMissingValue, "the text ends in the middle of a value"
		}
		stop := start + 1
		if r.tail.cut {
			stop = max(r.last, start)
		}
		r.report(code, start, min(stop, end), "complete "+describe(text), edits, "%s", what)
	}
	for r.parent != noNode {
		r.leave(max(r.last, int(r.lastEnd())))
	}
	r.parens = 0
}

func describe(text string) string {
	if len(text) > 24 {
		return "everything"
	}
	return "with " + text
}

// listed writes brackets and quotes from the outermost inwards: `{, [ and " are`.
func listed(names []byte) string {
	if len(names) == 0 {
		return "a value is"
	}
	const most = 8
	var b strings.Builder
	for n := range names {
		if n == most && len(names) > most+1 {
			fmt.Fprintf(&b, " and %d more", len(names)-most)
			break
		}
		switch {
		case n > 0 && n == len(names)-1:
			b.WriteString(" and ")
		case n > 0:
			b.WriteString(", ")
		}
		b.WriteByte(names[len(names)-1-n])
	}
	if len(names) == 1 {
		return b.String() + " is"
	}
	return b.String() + " are"
}

// finish adds the findings about the text as a whole, sorts all, and takes away fixes that would collide.
func (r *recovery) finish() []finding {
	if len(r.odd) > 0 {
		r.found = append(r.found, finding{code: CodeOddSpace, severity: Error, node: -1, start: r.odd[0].start, end: r.odd[0].end, rule: "syntax",
			message: plural(len(r.odd), "run", "runs") + " of white space that JSON does not know, such as no-break spaces", fix: &remedy{"write plain spaces", r.odd}})
	}
	slices.SortStableFunc(r.found, func(a, b finding) int { return cmp.Compare(a.start, b.start) })
	if r.dialect != dialectJSON {
		r.found = append(r.found, r.looseHint())
	}
	r.separateFixes()
	r.invalidUTF8()
	slices.SortStableFunc(r.found, func(a, b finding) int { return cmp.Compare(a.start, b.start) })
	return r.found
}

// looseHint says once what the text is instead of strict JSON.
func (r *recovery) looseHint() finding {
	language := "JSON with comments"
	if r.dialect == dialectJavaScript {
		language = "a JavaScript object literal"
	}
	var parts []string
	for k, n := range r.counts {
		if n > 0 {
			parts = append(parts, plural(n, looseNames[k][0], looseNames[k][1]))
		}
	}
	start, end := 0, len(r.src)
	if len(r.t.nodes) > 0 {
		start = int(r.t.nodes[0].start)
		end = min(start+1, end)
	}
	f := finding{code: CodeLooseJSON, severity: Hint, node: -1, start: start, end: end, rule: "syntax", message: "read as " + language + ": " + strings.Join(parts, ", ")}
	// Strict JSON has no room for comments, and no fix takes away what a person wrote down.
	if r.counts[looseComment] == 0 && len(r.loose) <= maxLooseEdits && !r.brokenStructure() {
		slices.SortStableFunc(r.loose, byPlace)
		f.fix = &remedy{title: "rewrite as strict JSON", edits: r.loose}
	}
	return f
}

// brokenStructure reports errors whose repair decides what belongs to the value and what stands around it.
func (r *recovery) brokenStructure() bool {
	return slices.ContainsFunc(r.found, func(f finding) bool {
		switch f.code {
		case CodeUnclosedBracket, CodeUnclosedString, CodeMismatchedBracket, CodeUnexpectedText, CodeStrayText, CodeMissingBraces, CodeTooDeep, CodeMissingKey, CodeUnsupportedExpression:
			return true
		}
		return false
	})
}

func plural(n int, singular, many string) string {
	if n == 1 {
		return "1 " + singular
	}
	return fmt.Sprint(n, " ", many)
}

// tidy sorts edits and makes one of those that touch, so that no two of a fix stand at one place.
func tidy(edits []byteEdit) []byteEdit {
	slices.SortStableFunc(edits, byPlace)
	n := 0
	for _, e := range edits[1:] {
		if last := &edits[n]; e.start == last.end {
			last.end = e.end
			last.text += e.text
			continue
		}
		n++
		edits[n] = e
	}
	return edits[:n+1]
}

func byPlace(a, b byteEdit) int {
	return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end))
}

// separateFixes drops the fix of the later of two findings whose edits touch the same bytes or insert at one place.
func (r *recovery) separateFixes() {
	type owned struct {
		byteEdit
		owner int
	}
	var all []owned
	for n := range r.found {
		if fix := r.found[n].fix; fix != nil {
			for _, e := range fix.edits {
				all = append(all, owned{e, n})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b owned) int { return byPlace(a.byteEdit, b.byteEdit) })
	last := owned{byteEdit{-1, -1, ""}, -1}
	for _, e := range all {
		if r.found[e.owner].fix == nil {
			continue
		}
		if collides := e.start < last.end || e.start == last.start && e.end == last.end; collides && e.owner != last.owner {
			r.found[max(e.owner, last.owner)].fix = nil
			if last.owner < e.owner {
				continue
			}
		}
		last = e
	}
}

// invalidUTF8 reports all bytes that are no UTF-8, except where another fix replaces them anyway.
func (r *recovery) invalidUTF8() {
	bad := invalidRuns(r.src)
	if len(bad) == 0 {
		return
	}
	var taken []byteEdit
	for n := range r.found {
		if fix := r.found[n].fix; fix != nil {
			taken = append(taken, fix.edits...)
		}
	}
	slices.SortFunc(taken, byPlace)
	n := 0
	left := bad[:0:0]
	for _, e := range bad {
		for n < len(taken) && taken[n].end <= e.start {
			n++
		}
		if n == len(taken) || taken[n].start >= e.end {
			left = append(left, e)
		}
	}
	if len(left) == 0 {
		return
	}
	count := 0
	for _, e := range left {
		count += e.end - e.start
	}
	r.found = append(r.found, finding{code: CodeInvalidUTF8, severity: Error, node: -1, start: left[0].start, end: left[0].end, rule: "syntax",
		message: plural(count, "byte is", "bytes are") + fmt.Sprintf(" not UTF-8, the first is 0x%02X", r.src[left[0].start]), fix: &remedy{"write U+FFFD instead", left}})
}

// foreignEncoding reports UTF-16 text, about which one finding says everything.
func (r *recovery) foreignEncoding() bool {
	little := bytes.HasPrefix(r.src, []byte{0xFF, 0xFE}) || len(r.src) >= 4 && r.src[0] != 0 && r.src[1] == 0 && r.src[2] != 0 && r.src[3] == 0
	big := bytes.HasPrefix(r.src, []byte{0xFE, 0xFF}) || len(r.src) >= 4 && r.src[0] == 0 && r.src[1] != 0 && r.src[2] == 0 && r.src[3] != 0
	if !little && !big {
		return false
	}
	r.report(CodeInvalidUTF8, 0, len(r.src), "convert to UTF-8", one(0, len(r.src), fromUTF16(r.src, big)), "the text is encoded as UTF-16, want UTF-8")
	return true
}

func (r *recovery) byteOrderMark() {
	if !hasPrefix(r.src, "\uFEFF") {
		return
	}
	r.i = 3
	r.found = append(r.found, finding{code: CodeByteOrderMark, severity: Warning, node: -1, start: 0, end: 3, rule: "syntax",
		message: "the text starts with a byte order mark, which JSON does not allow", fix: &remedy{"remove it", one(0, 3, "")}})
}
