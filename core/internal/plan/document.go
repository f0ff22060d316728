package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
)

// readObject reads the text of a schema, strictly: what it says twice or in bytes that are no text would be lost
// without a word. Only a byte order mark at the start is passed over.
func readObject(text []byte) (map[string]any, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return nil, fmt.Errorf("got the byte %#x at offset %d, which is no UTF-8", text[i], i)
		}
		i += size
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err == io.EOF {
		return nil, fmt.Errorf("got an empty text, want an object")
	} else if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("got more than one value")
	}
	o, ok := value.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("got %s, want an object", finding.QuoteRaw(text))
	}
	return o, onceEach(text)
}

// onceEach refuses a JSON text in which a name stands twice in one object, and one that is beyond what can be applied.
func onceEach(text []byte) error {
	var t jsontape.Tape
	most := jsontape.Limits{Bytes: math.MaxInt, Depth: math.MaxInt, Values: math.MaxInt, Digits: math.MaxInt, Exponent: math.MaxInt}.WithDefaults()
	if !t.Scan(text, most) {
		return fmt.Errorf("got a number with more than %d digits or an exponent beyond %d, or nesting of more than %d levels", most.Digits, most.Exponent, most.Depth)
	}
	var seen jsontape.KeySet
	for i := range t.Nodes {
		nd := &t.Nodes[i]
		if nd.Kind != jsontape.Object || nd.N < 2 {
			continue
		}
		seen.Reset(int(nd.N))
		for c := uint32(i) + 1; c < nd.Next; c = t.Nodes[c].Next {
			if _, again := seen.Put(&t, c, t.KeyBytes(c)); again {
				return fmt.Errorf("%s stands twice in %q, again at offset %d", finding.Quote(t.Key(c)), "#"+t.Pointer(uint32(i)), t.Nodes[c].KeyStart)
			}
		}
	}
	return nil
}

// memberAt returns the object that a compiled schema's location points to within its document, nil if there is none.
func memberAt(doc any, location string) map[string]any {
	for _, step := range Steps(strings.TrimPrefix(fragment(location), "#")) {
		switch at := doc.(type) {
		case map[string]any:
			doc = at[step]
		default:
			return nil
		}
	}
	o, _ := doc.(map[string]any)
	return o
}

// Steps are the names of a pointer as jsonschema v5 writes it: as RFC 6901 has it and percent-encoded besides.
func Steps(pointer string) []string {
	if pointer == "" {
		return nil
	}
	steps := strings.Split(pointer[1:], "/")
	for i, step := range steps {
		if strings.IndexByte(step, '%') >= 0 {
			step = percentDecoded(step)
		}
		steps[i] = jsontape.UnescapeStep(step)
	}
	return steps
}

func percentDecoded(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' {
			if r, ok := jsontape.HexRune([]byte(s), i+1, 2); ok {
				b = append(b, byte(r))
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return string(b)
}

// mergePatch applies an RFC 7396 patch to a decoded JSON value and returns the result; target may be changed.
func mergePatch(target, patch any) any {
	p, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	t, ok := target.(map[string]any)
	if !ok {
		t = map[string]any{}
	}
	for name, v := range p {
		if v == nil {
			delete(t, name)
		} else {
			t[name] = mergePatch(t[name], v)
		}
	}
	return t
}
