package check

import (
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
)

// Body returns the canonical wire JSON of a text without errors: the fields in order, then what else was typed.
func (w *Work) Body() []byte {
	b := make([]byte, 1, len(w.T.Src)+16)
	b[0] = '{'
	for id := range w.V.Fields {
		f := &w.V.Fields[id]
		if w.Node(int32(id)) == 0 {
			continue
		}
		b = appendComma(b)
		b = append(b, '"')
		b = append(b, f.Name...)
		b = append(b, '"', ':')
		b = w.AppendField(b, int32(id))
	}
	for _, c := range w.Unknown {
		if !w.Counts(c) {
			continue
		}
		b = appendComma(b)
		b = w.T.AppendKey(b, c)
		b = append(b, ':')
		b = w.T.AppendJSON(b, c)
	}
	return append(b, '}')
}

// AppendField appends the value of a field as it is sent.
func (w *Work) AppendField(b []byte, id int32) []byte {
	i := w.States[id].At
	switch w.States[id].form {
	case formWrapped:
		return append(w.T.AppendJSON(append(b, '['), i), ']')
	case formRenamed:
		return w.appendRenamed(b, w.V.Fields[id].Plan, i)
	case formUnwrapped:
		return w.T.AppendJSON(b, i+1)
	case formInteger:
		n, _ := jsontape.IntegerToken(w.T.Number(i))
		return append(b, n...)
	}
	return w.T.AppendJSON(b, i)
}

// appendRenamed appends an object with the wire names of its members.
func (w *Work) appendRenamed(b []byte, p *plan.Plan, i uint32) []byte {
	b = append(b, '{')
	first := len(b)
	for c := i + 1; c < w.T.Nodes[i].Next; c = w.T.Nodes[c].Next {
		if !w.Counts(c) {
			continue
		}
		if len(b) > first {
			b = append(b, ',')
		}
		b = append(jsontape.AppendQuoted(b, p.WireName(w.T.Key(c))), ':')
		b = w.T.AppendJSON(b, c)
	}
	return append(b, '}')
}

func appendComma(b []byte) []byte {
	if len(b) > 1 {
		return append(b, ',')
	}
	return b
}

// Counts reports whether a member is the last one of its name.
func (w *Work) Counts(c uint32) bool { return w.T.Nodes[c].Flags&jsontape.Shadowed == 0 }
