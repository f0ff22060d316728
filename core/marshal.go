package core

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// objectWriter appends the members of an object and keeps what JSON cannot say.
type objectWriter struct {
	b      []byte
	member string // the one that is being written
	faults []marshalFault
}

// marshalFault is a value of a request that JSON cannot say, or not so.
type marshalFault struct {
	code    Code
	member  string
	message string // without the member
	err     error  // with it
}

func (w *objectWriter) fail(code Code, err error) {
	w.faults = append(w.faults, marshalFault{code, w.member, err.Error(), err})
}

// err is the first fault.
func (w *objectWriter) err() error {
	if len(w.faults) == 0 {
		return nil
	}
	f := w.faults[0]
	if f.member == "" {
		return fmt.Errorf("marshal completion request: %w", f.err)
	}
	return fmt.Errorf("marshal completion request: %s: %w", f.member, f.err)
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
		w.fail(CodeNotANumber, fmt.Errorf("got %v, want a finite number", v))
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
		w.fail(CodeWrongType, errors.New("got texts and tokens, want one of them"))
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
		w.value(place{flag: &v})
	}
	w.b = append(w.b, '}')
}

func (w *objectWriter) extra(r *CompletionRequest) {
	for _, m := range r.Extra {
		if r.sets(m.Name) {
			w.member = m.Name
			w.fail(CodeDuplicateKey, fmt.Errorf("extra member %q is a field that is set already", m.Name))
			continue
		}
		w.name(m.Name)
		buf := bytes.NewBuffer(w.b)
		if err := json.Compact(buf, m.Value); err != nil {
			w.fail(CodeUnexpectedText, fmt.Errorf("extra member %q is no JSON: %w", m.Name, err))
			continue
		}
		w.b = buf.Bytes()
	}
}

// sets reports whether name is that of a field with a value.
func (r *CompletionRequest) sets(name string) bool {
	t := fieldNamed(name)
	return t != nil && t.isSet(r)
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
