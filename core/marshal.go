package core

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// objectWriter appends the members of an object and keeps the first error.
type objectWriter struct {
	b      []byte
	member string // the one that is being written
	err    error
}

func (w *objectWriter) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf("marshal completion request: "+format, args...)
	}
}

func (w *objectWriter) name(name string) {
	w.member = name
	if w.b[len(w.b)-1] != '{' {
		w.b = append(w.b, ',')
	}
	w.b = append(jsontape.AppendQuoted(w.b, name), ':')
}

func (w *objectWriter) float(v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		w.fail("%s: got %v, want a finite number", w.member, v)
		return
	}
	// Exponents only where plain digits would be longer than a reader likes, the same bounds as in ECMAScript.
	format := byte('f')
	if a := math.Abs(v); a != 0 && (a < 1e-6 || a >= 1e21) {
		format = 'e'
	}
	w.b = strconv.AppendFloat(w.b, v, format, -1, 64)
}

func (w *objectWriter) prompt(p Prompt) {
	if p.Tokens == nil {
		w.b = appendTexts(w.b, p.Texts)
		return
	}
	if p.Texts != nil {
		w.fail("prompt: got texts and tokens, want one of them")
	}
	w.b = append(w.b, '[')
	for i, ids := range p.Tokens {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.b = append(w.b, '[')
		for j, id := range ids {
			if j > 0 {
				w.b = append(w.b, ',')
			}
			w.b = strconv.AppendInt(w.b, id, 10)
		}
		w.b = append(w.b, ']')
	}
	w.b = append(w.b, ']')
}

func (w *objectWriter) bias(list LogitBias) {
	last := make(map[uint64]int, len(list))
	for i, t := range list {
		last[t.Token] = i
	}
	w.b = append(w.b, '{')
	for i, t := range list {
		if last[t.Token] != i {
			continue // a name may stand only once
		}
		if w.b[len(w.b)-1] != '{' {
			w.b = append(w.b, ',')
		}
		w.b = append(w.b, '"')
		w.b = strconv.AppendUint(w.b, t.Token, 10)
		w.b = append(w.b, '"', ':')
		w.float(t.Bias)
	}
	w.b = append(w.b, '}')
}

func (w *objectWriter) streamOptions(o StreamOptions) {
	w.b = append(w.b, '{')
	if v, ok := o.IncludeUsage.Get(); ok {
		w.name("include_usage")
		w.value(&v)
	}
	w.b = append(w.b, '}')
}

func (w *objectWriter) extra(r *CompletionRequest) {
	for _, m := range r.Extra {
		if r.sets(m.Name) {
			w.fail("extra member %q is a field that is set already", m.Name)
			return
		}
		w.name(m.Name)
		buf := bytes.NewBuffer(w.b)
		if err := json.Compact(buf, m.Value); err != nil {
			w.fail("extra member %q: %w", m.Name, err)
			return
		}
		w.b = buf.Bytes()
	}
}

// sets reports whether name is that of a field with a value.
func (r *CompletionRequest) sets(name string) bool {
	k := slices.IndexFunc(typedFields[:], func(t typedField) bool { return t.name == name })
	return k >= 0 && typedFields[k].isSet(r)
}

// replaces reports whether Extra holds the member of that name.
func (r *CompletionRequest) replaces(name string) bool {
	return slices.ContainsFunc(r.Extra, func(m Member) bool { return m.Name == name })
}

func appendTexts(b []byte, texts []string) []byte {
	b = append(b, '[')
	for i, s := range texts {
		if i > 0 {
			b = append(b, ',')
		}
		b = jsontape.AppendQuoted(b, s)
	}
	return append(b, ']')
}
