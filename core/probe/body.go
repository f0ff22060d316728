package probe

import (
	"bytes"
	"encoding/json"
	"slices"
)

// body is a request in the making: members in the order in which they are sent.
type body []member

type member struct {
	name  string
	value any
}

// with returns a body that differs from b in one member.
func (b body) with(name string, value any) body {
	changed := slices.Clone(b)
	if i := b.index(name); i >= 0 {
		changed[i].value = value
		return changed
	}
	return append(changed, member{name, value})
}

func (b body) index(name string) int {
	return slices.IndexFunc(b, func(m member) bool { return m.name == name })
}

// json returns the request as one line.
func (b body) json() json.RawMessage {
	var w bytes.Buffer
	w.WriteByte('{')
	for i, m := range b {
		if i > 0 {
			w.WriteByte(',')
		}
		w.Write(encoded(m.name))
		w.WriteByte(':')
		w.Write(encoded(m.value))
	}
	w.WriteByte('}')
	return w.Bytes()
}

// encoded writes a value as JSON without the escapes that only HTML needs.
func encoded(value any) []byte {
	var w bytes.Buffer
	e := json.NewEncoder(&w)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		panic("probe: " + err.Error()) // the table holds texts, numbers and lists of them
	}
	return bytes.TrimSuffix(w.Bytes(), []byte("\n"))
}
