package core

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
)

// MarshalJSON writes the members that the type's tags name; edits is never null.
func (f Fix) MarshalJSON() ([]byte, error) {
	type plain Fix
	f.Edits = neverNil(f.Edits)
	return json.Marshal(plain(f))
}

// MarshalJSON writes the member issues, which is never null.
func (e InvalidError) MarshalJSON() ([]byte, error) {
	type plain InvalidError
	e.Issues = neverNil(e.Issues)
	return json.Marshal(plain(e))
}

// MarshalJSON writes issues and changes, never null, and dialect.
func (n Inspection) MarshalJSON() ([]byte, error) {
	type plain Inspection
	n.Issues, n.Changes = neverNil(n.Issues), neverNil(n.Changes)
	return json.Marshal(plain(n))
}

// UnmarshalJSON reads what MarshalJSON writes.
func (n *Inspection) UnmarshalJSON(text []byte) error {
	type plain Inspection
	var p plain
	if err := json.Unmarshal(text, &p); err != nil {
		return err
	}
	p.Issues, p.Changes = neverEmpty(p.Issues), neverEmpty(p.Changes)
	*n = Inspection(p)
	return nil
}

func neverNil[E any](list []E) []E {
	if list == nil {
		return []E{}
	}
	return list
}

// neverEmpty is how Check hands out lists.
func neverEmpty[E any](list []E) []E {
	if len(list) == 0 {
		return nil
	}
	return list
}

// IsZero reports whether there is no value, for the option omitzero of encoding/json.
func (o Opt[T]) IsZero() bool { return !o.Set }

// MarshalJSON returns the value as a request has it, and null where there is none.
func (o Opt[T]) MarshalJSON() ([]byte, error) {
	if !o.Set {
		return []byte("null"), nil
	}
	if list, ok := any(o.Value).([]string); ok {
		return marshalValue(place{texts: &list})
	}
	return json.Marshal(o.Value)
}

// UnmarshalJSON reads a value as encoding/json reads a T. null is no value.
func (o *Opt[T]) UnmarshalJSON(text []byte) error {
	if isNull(text) {
		*o = Opt[T]{}
		return nil
	}
	var read T
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	*o = Some(read)
	return nil
}

// IsZero reports whether there is neither a text nor a token, for the option omitzero of encoding/json.
func (p Prompt) IsZero() bool { return p.Texts == nil && p.Tokens == nil }

// MarshalJSON returns a list of texts or a list of lists of token ids, as a request has it; an empty one is []. It fails on
// a prompt that holds both.
func (p Prompt) MarshalJSON() ([]byte, error) { return marshalValue(place{prompt: &p}) }

// UnmarshalJSON reads what a request may have: a text, a list of texts, a list of token ids, or a list of such lists. null is
// an empty prompt. On failure the receiver keeps its value.
func (p *Prompt) UnmarshalJSON(text []byte) error {
	r, err := readField(text, "prompt", "texts or token ids")
	if err == nil {
		*p = r.Prompt
	}
	return err
}

// IsZero reports whether there is no list, for the option omitzero of encoding/json. An empty one is no zero: a request
// that has it says so.
func (b LogitBias) IsZero() bool { return b == nil }

// MarshalJSON returns an object from token ids to biases, as a request has it. It fails on a bias that is not finite.
func (b LogitBias) MarshalJSON() ([]byte, error) { return marshalValue(place{bias: &b}) }

// UnmarshalJSON reads what MarshalJSON writes, in its order. null is no list. On failure the receiver keeps its value.
func (b *LogitBias) UnmarshalJSON(text []byte) error {
	r, err := readField(text, "logit_bias", "an object from token ids to numbers")
	if err == nil {
		*b = r.LogitBias.Value
	}
	return err
}

// IsZero reports whether no option is set, for the option omitzero of encoding/json.
func (o StreamOptions) IsZero() bool { return o == StreamOptions{} }

// MarshalJSON returns an object of the options that are set.
func (o StreamOptions) MarshalJSON() ([]byte, error) { return marshalValue(place{options: &o}) }

// UnmarshalJSON reads what MarshalJSON writes; an option that the type lacks is refused. null has no options. On failure the
// receiver keeps its value.
func (o *StreamOptions) UnmarshalJSON(text []byte) error {
	r, err := readField(text, "stream_options", "an object with include_usage, true or false")
	if err == nil {
		*o = r.StreamOptions.Value
	}
	return err
}

// marshalValue writes what stands at a place as a request has it.
func marshalValue(p place) ([]byte, error) {
	w := objectWriter{b: make([]byte, 0, 64)}
	w.value(p)
	return w.b, w.err()
}

// readField reads a text as a request's field of a name is read. It returns a request that has nothing else, or not even
// that where the text is null.
func readField(text []byte, name, want string) (*CompletionRequest, error) {
	if isNull(text) {
		return &CompletionRequest{}, nil
	}
	if json.Valid(text) {
		object := append(jsontape.AppendQuoted([]byte{'{'}, name), ':')
		if r := readRequest(append(append(object, text...), '}')); r != nil && r.sets(name) {
			return r, nil
		}
	}
	got, whole := finding.CutTo(string(bytes.TrimSpace(text)), finding.MostQuoted)
	if !whole {
		got += "…"
	}
	return nil, fmt.Errorf("%s: got %s, want %s", name, got, want)
}

func isNull(text []byte) bool { return string(bytes.TrimSpace(text)) == "null" }
