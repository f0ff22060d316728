package loose

import (
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/utf"
)

// containers reads on until the outermost container is closed, or the text is over.
func (r *reader) containers() {
	for r.parent != jsontape.NoNode {
		r.space()
		if r.i >= len(r.src) || r.full() || len(r.t.Nodes) > r.lim.Values {
			return
		}
		switch c := r.src[r.i]; c {
		case ',':
			r.separator()
		case ';':
			if r.slot == slotValue {
				r.report(finding.WrongSeparator, r.i, r.i+1, "write a comma", one(r.i, r.i+1, ","), "a semicolon where a comma belongs")
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

func (r *reader) isObject() bool {
	return r.parent != jsontape.NoNode && r.t.Nodes[r.parent].Kind == jsontape.Object
}

// separator reads a run of commas, of which the first may be right.
func (r *reader) separator() {
	if r.slot == slotValue {
		r.comma, r.slot = r.i, slotComma
		r.i++
		r.last = r.i
		return
	}
	start, end := r.i, r.i
	var edits []finding.Edit
	for r.i < len(r.src) && r.src[r.i] == ',' {
		if n := len(edits) - 1; n >= 0 && edits[n].End == r.i {
			edits[n].End++
		} else {
			edits = append(edits, finding.Edit{Start: r.i, End: r.i + 1, Text: ""})
		}
		r.i++
		end = r.i
		r.space()
	}
	where := "no value stands before this comma"
	if r.slot == slotComma {
		where = "two commas with no value between them"
	}
	r.report(finding.ExtraComma, start, end, "remove it", joined(r.src, edits), "%s", where)
}

// needComma complains when an item starts right after another one.
func (r *reader) needComma() {
	if r.slot != slotValue {
		return
	}
	r.commaBefore = r.i
	end := r.i + 1
	for end < len(r.src) && utf.Continues(r.src[end]) {
		end++
	}
	r.report(finding.MissingComma, r.last, max(end, r.last), "insert a comma", one(r.last, r.last, ","), "a comma is missing before %s", r.quoteAt(r.i))
}

// element reads one element of an array.
func (r *reader) element() {
	if r.src[r.i] == ':' {
		r.junk()
		return
	}
	if !r.startsItem() {
		r.junk()
		return
	}
	// A key among the elements: the array was never closed.
	if outer := r.t.Nodes[r.parent].Next; r.slot != slotStart && outer != jsontape.NoNode && r.t.Nodes[outer].Kind == jsontape.Object && r.keyAhead(r.i) {
		r.closeInner(1)
		return
	}
	r.needComma()
	r.value(nil)
}
