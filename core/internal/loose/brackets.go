package loose

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
)

// closer reads a closing bracket and settles what to do when it is not the one that is due.
func (r *reader) closer(c byte) {
	want := byte(']')
	if r.isObject() {
		want = '}'
	}
	outer := r.t.Nodes[r.parent].Next
	if c == want {
		if outer == jsontape.NoNode && c == '}' && r.moreMembers(r.i+1) {
			r.report(finding.MismatchedBracket, r.i, r.i+1, "remove it", one(r.i, r.i+1, ""), "this } closes the object too early: more members follow")
			r.i++
			r.last = r.i
			return
		}
		if r.slot == slotComma && r.comma >= 0 {
			r.relax(looseTrailingComma, finding.Edit{Start: r.comma, End: r.comma + 1, Text: ""})
		}
		r.leave(r.i + 1)
		r.after(r.i + 1)
		if r.braces && r.parent == jsontape.NoNode {
			start := int(r.t.Nodes[0].Start)
			r.report(finding.MissingBraces, start, start+1, "insert {", one(start, start, "{"), "the object has no opening brace")
		}
		r.trailing()
		return
	}
	// Which open container does it match?
	levels := 1
	match := outer
	for match != jsontape.NoNode && (r.t.Nodes[match].Kind == jsontape.Object) != (c == '}') {
		match = r.t.Nodes[match].Next
		levels++
	}
	if match != jsontape.NoNode {
		if beyond := r.t.Nodes[match].Next; levels == 1 && r.fits(match, r.i+1) && !r.fits(beyond, r.i+1) {
			match = jsontape.NoNode
		} else {
			r.closeInner(levels)
			return
		}
	}
	if r.fits(outer, r.i+1) {
		edits := one(r.i, r.i+1, string(want))
		if r.slot == slotComma && r.comma >= 0 {
			edits = []finding.Edit{{Start: r.comma, End: r.comma + 1, Text: ""}, edits[0]}
		}
		r.report(finding.MismatchedBracket, r.i, r.i+1, "write "+string(want), edits, "got %c, want %c for the %c of %s", c, want, r.opening(r.parent), r.lineOf(r.parent))
		r.leave(r.i + 1)
		r.after(r.i + 1)
		return
	}
	r.report(finding.MismatchedBracket, r.i, r.i+1, "remove it", one(r.i, r.i+1, ""), "this %c closes nothing", c)
	r.i++
	r.last = r.i
}

// lineOf names a container's place in words short enough for a message.
func (r *reader) lineOf(at uint32) string {
	v := &r.t.Nodes[at]
	if v.KeyEnd > 0 {
		return finding.Quote(r.t.Key(at))
	}
	if at == 0 {
		return "the whole text"
	}
	return "this list"
}

// fits reports whether what stands at i may follow a value in container at; noNode is the place after the outermost
// value.
func (r *reader) fits(at uint32, i int) bool {
	i = r.skipTrivia(i)
	if at == jsontape.NoNode {
		return i >= len(r.src) || strings.IndexByte(");`", r.src[i]) >= 0
	}
	if i >= len(r.src) {
		return false
	}
	object := r.t.Nodes[at].Kind == jsontape.Object
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
func (r *reader) moreMembers(i int) bool {
	i = r.skipTrivia(i)
	if i < len(r.src) && r.src[i] == ',' {
		return r.keyAhead(r.skipTrivia(i + 1))
	}
	return i < len(r.src) && r.src[i] == '"' && r.keyAhead(i)
}

// closeInner closes the given number of containers that the text forgot to close. They end with the last token; a comma
// after it stays for the outer container when one more item follows, and goes otherwise.
func (r *reader) closeInner(levels int) {
	var closers, laid strings.Builder
	at := r.parent
	for n := 0; n < levels; n++ {
		closers.WriteByte(r.closing(at))
		laid.WriteString(r.laidOut(at))
		if n+1 < levels {
			at = r.t.Nodes[at].Next
		}
	}
	start := int(r.t.Nodes[r.parent].Start)
	place := r.last
	keepComma := false
	var edits []finding.Edit
	if r.slot == slotComma && r.comma >= 0 {
		c := r.src[r.i]
		if keepComma = c != '}' && c != ']'; keepComma {
			place = r.comma
		} else {
			edits = append(edits, finding.Edit{Start: r.comma, End: r.comma + 1, Text: ""})
		}
	}
	edits = append(edits, finding.Edit{Start: place, End: place, Text: laid.String()})
	r.report(finding.UnclosedBracket, start, start+1, "insert "+closers.String(), edits, "the %c of %s is never closed", r.opening(r.parent), r.lineOf(r.parent))
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
func (r *reader) lastEnd() uint32 { return r.t.Nodes[len(r.t.Nodes)-1].End }

func (r *reader) opening(at uint32) byte { return r.closing(at) - 2 }

func (r *reader) closing(at uint32) byte {
	if r.t.Nodes[at].Kind == jsontape.Object {
		return '}'
	}
	return ']'
}

// closeAll closes what is open at the end of the text, with one finding for all of it, the unfinished last token
// included: a person who is typing has made one mistake at most, which is not to be ready yet.
func (r *reader) closeAll(end int) {
	if r.skipped || r.full() {
		for r.parent != jsontape.NoNode {
			r.leave(end)
		}
		return
	}
	var names, closers, laid []byte
	start, braces := r.tail.start, r.braces
	for at := r.parent; at != jsontape.NoNode; at = r.t.Nodes[at].Next {
		if braces && r.t.Nodes[at].Next == jsontape.NoNode {
			break // reported on its own
		}
		if len(names) == 0 && !r.tail.cut {
			start = int(r.t.Nodes[at].Start)
		}
		names = append(names, r.opening(at))
		closers = append(closers, r.closing(at))
		laid = append(laid, r.laidOut(at)...)
	}
	if r.parens > 0 {
		if len(names) == 0 && !r.tail.cut {
			start = r.last
		}
		names = append(names, strings.Repeat("(", r.parens)...)
		closers = append(closers, strings.Repeat(")", r.parens)...)
		laid = append(laid, strings.Repeat(")", r.parens)...)
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
		edits = append(edits, finding.Edit{Start: r.comma, End: r.comma + 1, Text: ""})
	}
	if n := len(r.found) - 1; r.tail.cut && n >= 0 && r.found[n].Code == finding.MissingComma && r.commaBefore == r.tail.start {
		edits = append(slices.Clone(r.found[n].Fix.Edits), edits...)
		r.found = r.found[:n]
	}
	if braces && r.parent != jsontape.NoNode {
		r.report(finding.MissingBraces, int(r.t.Nodes[0].Start), min(int(r.t.Nodes[0].Start)+1, end), "put braces around it",
			slices.Concat(one(int(r.t.Nodes[0].Start), int(r.t.Nodes[0].Start), "{"), edits, one(r.last, r.last, text+"}")), "the members stand outside of an object")
	} else if text != "" && !braces {
		edits = append(edits, finding.Edit{Start: r.last, End: r.last, Text: r.tail.append + string(laid)})
		code, what := finding.UnclosedBracket, "the text ends while "+listed(names)+" open"
		if r.tail.quote {
			code = finding.UnclosedString
		}
		if len(names) == 0 {
			code, what = finding.MissingValue, "the text ends in the middle of a value"
		}
		stop := start + 1
		if r.tail.cut {
			stop = max(r.last, start)
		}
		r.report(code, start, min(stop, end), "complete "+describe(text), edits, "%s", what)
	}
	for r.parent != jsontape.NoNode {
		r.leave(max(r.last, int(r.lastEnd())))
	}
	r.parens = 0
}

func (r *reader) laidOut(at uint32) string {
	return laidOut(r.src, int(r.t.Nodes[at].Start), r.last, r.closing(at))
}

// laidOut returns a bracket to be written at src[end:], on a line of its own where the one at start, which it closes, ends a
// line.
func laidOut(src []byte, start, end int, bracket byte) string {
	after := start + 1
	for after < end && (src[after] == ' ' || src[after] == '\t') {
		after++
	}
	newline := "\n"
	if after < end && src[after] == '\r' {
		newline = "\r\n"
	} else if after >= end || src[after] != '\n' {
		return string(bracket)
	}
	line := bytes.LastIndexByte(src[:start], '\n') + 1
	indent := line
	for indent < start && (src[indent] == ' ' || src[indent] == '\t') {
		indent++
	}
	return newline + string(src[line:indent]) + string(bracket)
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
