// Package loose reads any bytes whatsoever onto a tape: JSON with comments, object literals of JavaScript, pasted code,
// and texts with mistakes. What has one clear meaning is read with a hint for the whole text; everything else is
// a finding with its place and, where one is safe, a fix. Its time is linear in the text.
package loose

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/utf"
)

// slot tells what stood before the place where reading goes on inside of a container.
type slot uint8

const (
	slotStart slot = iota // the opening bracket
	slotValue             // a member or an element
	slotComma             // a comma
)

// reader is one run of recover. Open containers keep their parent's index in node.next, as in scan.
type reader struct {
	t            *jsontape.Tape
	src          []byte
	lim          jsontape.Limits
	stop         int    // where the white space at the end begins
	i            int    // where reading goes on
	last         int    // where the last token ended: what is missing is inserted there
	parent       uint32 // the innermost open container
	depth        int
	slot         slot
	comma        int  // place of the comma, with slotComma
	parens       int  // parentheses of the wrapping call that are open
	braces       bool // the outermost object has no opening brace
	skipped      bool // the text ends within something that was passed over
	dialect      Dialect
	counts       [looseKinds]int
	loose        []finding.Edit
	odd          []finding.Edit // Unicode spaces between tokens
	found        []finding.Finding
	tail         tail
	commaBefore  int // start of the last item that lacks a comma before it
	noClose      int // no quote that could end a string stands before this place of the line; see innerQuotes
	openUntil    int // a string was found to lack its closing quote, openDelim, up to here
	openDelim    byte
	notClosers   int  // what stands before this place is not the mere end of the wrapping call
	doubtful     int  // from here on nothing is sure enough to be mended
	unsure       int  // the same, for what changes the structure
	brokenBefore bool // the structure of the text was mended before
	parityAt     int  // double quotes are counted up to here
	parity       int  // the number of them from parityAt to the end, once parityOf was called; -1 before
}

// tail is the token that the end of the text cut off, and what would complete it.
type tail struct {
	cut    bool
	start  int
	quote  bool           // it is a string
	edits  []finding.Edit // complete it up to what append adds
	append string
}

// readAny reads any text whatsoever. The tape gets all values that can be told; findings say, sorted by place, what is
// wrong and how to mend it; the fixes of one call never overlap. Time is linear in the text.
//
// What has one clear meaning in JSON with comments or in JavaScript is read without complaint: it raises the dialect,
// and one hint for the whole text says so. The rest is an error each, after which reading goes on.
func readAny(t *jsontape.Tape, src []byte, lim jsontape.Limits, names Names) ([]finding.Finding, Dialect) {
	r := newReader(t, src, lim)
	if r.foreignEncoding() {
		return r.found, JSON
	}
	r.byteOrderMark()
	if r.start() {
		f := &finder{stopped: -1}
		if r.parent != jsontape.NoNode {
			f = findSlips(r, names)
		}
		if len(f.mends)+len(f.wides) > 0 {
			if found, dialect, ok := f.readMended(t); ok {
				return found, dialect
			}
			r = newReader(t, src, lim) // as it stands, and without a fix
			r.byteOrderMark()
			r.start()
			r.doubtful = -1
		} else if f.stopped >= 0 {
			r.doubtful = f.floor
		}
		r.containers()
		r.end()
	}
	return r.ended()
}

func newReader(t *jsontape.Tape, src []byte, lim jsontape.Limits) *reader {
	t.Reset(src)
	t.ASCII, t.Flags = utf.PlainRun(src, false) == len(src), ^jsontape.Flag(0)
	r := &reader{t: t, src: src, lim: lim, parent: jsontape.NoNode, parity: -1, doubtful: len(src) + 1, unsure: len(src) + 1}
	r.stop = r.trimEnd(len(src))
	return r
}

// ended closes what is open, and returns what was found.
func (r *reader) ended() ([]finding.Finding, Dialect) {
	if len(r.t.Nodes) > r.lim.Values {
		return tooManyValues(r.t, int(r.t.Nodes[r.lim.Values].Start), r.lim), JSON
	}
	r.closeAll(len(r.src))
	return r.finish(), r.dialect
}

// readMended reads the text as it would be with its structure made right. It fails where the values of that text have no
// places in the one that was typed, or two slips lie in the same bytes.
func (f *finder) readMended(t *jsontape.Tape) ([]finding.Finding, Dialect, bool) {
	edits := f.edits()
	for n := range edits[1:] {
		if edits[n].End > edits[n+1].Start {
			return nil, JSON, false
		}
	}
	text, back := mended(f.src, edits)
	r := newReader(t, text, f.lim)
	ascii := t.ASCII
	r.byteOrderMark()
	if r.start() {
		if r.brokenBefore = true; f.stopped >= 0 {
			r.doubtful = back.forth(f.floor)
		}
		for _, m := range f.mends {
			if m.doubt {
				r.unsure = min(r.unsure, back.forth(m.slips[0].at))
			}
		}
		r.containers()
		r.end()
	}
	found, dialect := r.ended()
	if back.tape(t, f.src); !ordered(t) {
		return nil, JSON, false
	}
	t.ASCII = ascii && utf.PlainRun(f.src, false) == len(f.src)
	for _, n := range back.findings(found) {
		f.distrust(edits[n])
	}
	found = append(found, f.tell(t)...)
	slices.SortStableFunc(found, func(a, b finding.Finding) int { return cmp.Compare(a.Start, b.Start) })
	if len(found) > f.lim.Issues+1 {
		found = found[:f.lim.Issues+1]
	}
	return found, dialect, true
}

// full reports whether enough was found: one more than the limit, so that the report can say that there are more.
func (r *reader) full() bool { return len(r.found) > r.lim.Issues }

// report notes an error. Without edits there is no fix.
func (r *reader) report(code finding.Code, start, end int, title string, edits []finding.Edit, format string, args ...any) {
	r.reportAt(int32(r.parent), code, start, end, title, edits, format, args...)
}

func (r *reader) reportAt(at int32, code finding.Code, start, end int, title string, edits []finding.Edit, format string, args ...any) {
	if r.full() {
		return
	}
	f := finding.Finding{Code: code, Severity: finding.Error, Node: at, Start: start, End: end, Rule: "syntax", Message: fmt.Sprintf(format, args...)}
	if len(edits) > 0 {
		f.Fix = &finding.Fix{Title: title, Edits: finding.Tidy(edits)}
		switch code { // that cut something away
		case finding.StrayText, finding.UnexpectedText, finding.ExtraComma, finding.MismatchedBracket:
			if f.Fix.Removes = removed(r.src, edits); f.Fix.Removes != "" {
				size := 0
				for _, e := range edits {
					size += utf8.RuneCount(r.src[e.Start:e.End])
				}
				f.Fix.Title = removal(size, r.src[edits[0].Start:edits[0].End])
			}
		}
	}
	r.found = append(r.found, f)
}

// removal is the title of a fix that takes words away.
func removal(characters int, first []byte) string {
	return "removes " + finding.Plural(characters, "character", "characters") + ": " + finding.Excerpt(first)
}

func one(start, end int, text string) []finding.Edit {
	return []finding.Edit{{Start: start, End: end, Text: text}}
}

// push appends a node, as a child of the innermost open container, and returns its index.
func (r *reader) push(v jsontape.Node, text string, loose bool, k *literal) uint32 {
	at := uint32(len(r.t.Nodes))
	if v.Next = at + 1; loose {
		v.Flags |= jsontape.Loose
		if len(r.t.Loose) == cap(r.t.Loose) {
			r.t.Loose = jsontape.Grow(r.t.Loose)
		}
		r.t.Loose = append(r.t.Loose, jsontape.Meaning{Node: at, Text: text})
	}
	if k != nil {
		v.KeyStart, v.KeyEnd = uint32(k.start), uint32(k.end)
		switch {
		case !k.strict:
			v.Flags |= jsontape.KeyLoose
			if len(r.t.LooseKeys) == cap(r.t.LooseKeys) {
				r.t.LooseKeys = jsontape.Grow(r.t.LooseKeys)
			}
			r.t.LooseKeys = append(r.t.LooseKeys, jsontape.Meaning{Node: at, Text: k.text})
		case k.escapes != 0:
			v.Flags |= jsontape.KeyEscaped
		}
	}
	if len(r.t.Nodes) == cap(r.t.Nodes) {
		r.t.Nodes = jsontape.Grow(r.t.Nodes)
	}
	r.t.Nodes = append(r.t.Nodes, v)
	if r.parent != jsontape.NoNode {
		r.t.Nodes[r.parent].N++
	}
	return at
}

// scalar pushes a value without children and moves behind it.
func (r *reader) scalar(kd jsontape.Kind, start, end int, k *literal) uint32 {
	at := r.push(jsontape.Node{Kind: kd, Start: uint32(start), End: uint32(end)}, "", false, k)
	r.after(end)
	return at
}

// after notes that a value ended.
func (r *reader) after(end int) {
	r.i, r.last, r.slot = end, end, slotValue
}

// open pushes a container whose bracket is at r.i.
func (r *reader) open(k *literal) {
	c := r.src[r.i]
	if r.depth >= r.lim.Depth {
		start := r.i
		end := r.balanced(start)
		r.reportAt(int32(len(r.t.Nodes)), finding.TooDeep, start, start+1, "", nil, "nested deeper than %d levels", r.lim.Depth)
		r.scalar(jsontape.Bad, start, end, k)
		r.skipped = end == len(r.src)
		return
	}
	kd := jsontape.Array
	if c == '{' {
		kd = jsontape.Object
	}
	r.enter(r.push(jsontape.Node{Kind: kd, Start: uint32(r.i), End: uint32(r.i + 1)}, "", false, k))
	r.i++
	r.last = r.i
}

func (r *reader) enter(at uint32) {
	r.t.Nodes[at].Next = r.parent
	r.parent = at
	r.depth++
	r.slot = slotStart
}

// leave closes the innermost container at end.
func (r *reader) leave(end int) {
	v := &r.t.Nodes[r.parent]
	r.parent, v.Next, v.End = v.Next, uint32(len(r.t.Nodes)), uint32(end)
	r.depth--
	r.slot = slotValue
}
