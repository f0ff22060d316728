package check

import (
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
)

// Body returns the canonical wire JSON of a text without errors: the fields in order, then what else was typed.
func (fs *Fields) Body() []byte {
	b := make([]byte, 1, len(fs.Src)+16)
	b[0] = '{'
	for id := range fs.checker.Fields {
		f := &fs.checker.Fields[id]
		if fs.Node(int32(id)) == 0 {
			continue
		}
		b = appendComma(b)
		b = append(b, '"')
		b = append(b, f.Name...)
		b = append(b, '"', ':')
		b = fs.AppendField(b, int32(id))
	}
	for _, c := range fs.Unknown {
		if !fs.Counts(c) {
			continue
		}
		b = appendComma(b)
		b = fs.AppendKey(b, c)
		b = append(b, ':')
		b = fs.AppendJSON(b, c)
	}
	return append(b, '}')
}

// DraftBody returns the canonical wire JSON of a text that could be read, whatever is wrong with its values, and nil of any
// other.
func (fs *Fields) DraftBody() []byte {
	switch {
	case len(fs.Nodes) == 0 || fs.Syntax:
		return nil
	case fs.Nodes[0].Kind != jsontape.Object:
		return fs.AppendJSON(nil, 0)
	}
	return fs.Body()
}

// Readable reports whether the text is an object that could be read, whatever is wrong with its values.
func (fs *Fields) Readable() bool {
	return len(fs.Nodes) > 0 && !fs.Syntax && fs.Nodes[0].Kind == jsontape.Object
}

// AppendField appends the value of a field as it is sent.
func (fs *Fields) AppendField(b []byte, id int32) []byte {
	i := fs.States[id].At
	switch fs.States[id].form {
	case formWrapped:
		return append(fs.AppendJSON(append(b, '['), i), ']')
	case formRenamed:
		return fs.appendRenamed(b, fs.checker.Fields[id].Plan, i)
	case formUnwrapped:
		return fs.AppendJSON(b, i+1)
	case formIntegers:
		return fs.appendIntegers(b, fs.checker.Fields[id].Plan, i)
	case formInteger:
		n, _ := jsontape.IntegerToken(fs.Number(i))
		return append(b, n...)
	}
	return fs.AppendJSON(b, i)
}

// appendRenamed appends an object with the wire names of its members.
func (fs *Fields) appendRenamed(b []byte, p *plan.Plan, i uint32) []byte {
	b = append(b, '{')
	first := len(b)
	for c := i + 1; c < fs.Nodes[i].Next; c = fs.Nodes[c].Next {
		if !fs.Counts(c) {
			continue
		}
		if len(b) > first {
			b = append(b, ',')
		}
		b = append(jsontape.AppendQuoted(b, p.WireName(fs.Key(c))), ':')
		b = fs.AppendJSON(b, c)
	}
	return append(b, '}')
}

func appendComma(b []byte) []byte {
	if len(b) > 1 {
		return append(b, ',')
	}
	return b
}
