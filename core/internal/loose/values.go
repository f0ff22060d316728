package loose

import (
	"strings"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/utf"
)

// value reads the value at r.i, which startsItem.
func (r *reader) value(k *literal) {
	if end := r.placeholderEnd(r.i); end > r.i {
		r.placeholder(int32(len(r.t.Nodes)), end)
		r.scalar(jsontape.Bad, r.i, end, k)
		return
	}
	switch c := r.src[r.i]; {
	case c == '{' || c == '[':
		r.open(k)
		return
	case r.quoteStarts(r.i):
		r.stringValue(r.stringLiteral(r.i, false), k)
	case c-'0' < 10 || strings.IndexByte("+-.", c) >= 0:
		r.numberValue(k)
	default:
		r.wordValue(k)
	}
	if r.parent != jsontape.NoNode {
		r.trailing()
	}
}

// trailing reads what TypeScript and expressions put after a value.
func (r *reader) trailing() {
	i := r.skipTrivia(r.i)
	if i >= len(r.src) || r.parent == jsontape.NoNode {
		return
	}
	c := r.src[i]
	if i > r.i {
		if w := r.src[i:r.wordEnd(i)]; string(w) == "as" || string(w) == "satisfies" {
			r.space()
			end := r.typeEnd(r.i)
			r.relax(looseType, finding.Edit{Start: r.i, End: end, Text: ""})
			r.i = end
			return
		}
	}
	operator := strings.IndexByte("+*%?|&<>^.!", c) >= 0 || c == '-' && i+1 < len(r.src) && r.src[i+1] == ' ' || c == '=' && r.isObject()
	if !operator || c == '.' && i > r.i {
		return
	}
	end := r.expression(i)
	r.i = i
	r.report(finding.UnsupportedExpression, i, end, "", nil, "this cannot be read without running it: %s", finding.Excerpt(r.src[i:end]))
	if at := len(r.t.Nodes) - 1; int(r.t.Nodes[at].End) == r.last && r.t.Nodes[at].Kind < jsontape.Array {
		r.t.Nodes[at].Kind = jsontape.Bad
		r.t.Nodes[at].Flags &^= jsontape.Loose | jsontape.Escaped
		if n := len(r.t.Loose) - 1; n >= 0 && r.t.Loose[n].Node == uint32(at) {
			r.t.Loose = r.t.Loose[:n]
		}
		r.t.Nodes[at].End = uint32(end)
	}
	r.i, r.last = end, end
}

// quoteAt names the token at i for a message.
func (r *reader) quoteAt(i int) string {
	end := i + 1
	switch {
	case r.quoteStarts(i):
		end = min(i+60, r.quotedEnd(i), i+utf.LineLen(r.src[i:min(len(r.src), i+200)]))
	case r.wordEnd(i) > i:
		end = r.wordEnd(i)
	}
	return finding.Excerpt(r.src[i:max(end, i+1)])
}
