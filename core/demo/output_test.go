package demo

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCharactersInPieces(t *testing.T) {
	o := output{tokenizer: Default().tokenizer}
	for _, b := range []byte("a🦊\xf0\x9fé\xc3") {
		o.add(int(b), nil)
	}
	assert.Equal(t, "a🦊\ufffd\ufffdé", string(o.text), "the last byte waits for the rest of its character")
	o.close()
	assert.Equal(t, "a🦊\ufffd\ufffdé\ufffd", string(o.text))

	var offsets []int
	joined := ""
	for i, token := range o.tokens {
		offsets = append(offsets, token.offset)
		joined += string(o.text[token.start:o.end(i)])
	}
	assert.Equal(t, []int{0, 1, 1, 1, 1, 2, 2, 4, 4, 5}, offsets, "code points, not bytes or UTF-16 units")
	assert.Equal(t, string(o.text), joined)
	assert.Equal(t, `bytes:\xf0`, o.label(1))
}

func TestCut(t *testing.T) {
	tk := Default().tokenizer
	o := output{tokenizer: tk}
	for _, id := range tk.encode(nil, "Once upon a time") {
		o.add(id, nil)
	}
	o.cut(len("Once up"))
	assert.Equal(t, "Once up", string(o.text))
	assert.Len(t, o.tokens, 2)
	assert.Equal(t, " up", o.label(1), "of the last token the part that is left is shown")
	o.cut(len("Once"))
	assert.Len(t, o.tokens, 1)
	assert.Equal(t, "Once", o.label(0))
}

// The automaton against the obvious search, on an alphabet small enough for overlaps of every kind.
func TestStopperAgreesWithSearch(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	word := func(most int) string {
		b := make([]byte, 1+random.IntN(most))
		for i := range b {
			b[i] = "ab"[random.IntN(2)]
		}
		return string(b)
	}
	for range 5000 {
		stops := []string{word(5), word(5), word(3)}
		text := word(25)

		wantAt, wantEnd := -1, len(text)+1
		for _, s := range stops {
			if i := strings.Index(text, s); i >= 0 && (i+len(s) < wantEnd || i+len(s) == wantEnd && i < wantAt) {
				wantAt, wantEnd = i, i+len(s)
			}
		}

		s := newStopper(newPatterns(stops))
		gotAt, shown := -1, 0
		for from := 0; from < len(text) && gotAt < 0; {
			to := min(len(text), from+1+random.IntN(4))
			if end, length, found := s.feed([]byte(text[from:to])); found {
				gotAt = from + end - length
			} else {
				shown = to - s.held()
			}
			from = to
		}
		assert.Equal(t, wantAt, gotAt, "%q in %q", stops, text)
		if gotAt >= 0 {
			assert.LessOrEqual(t, shown, gotAt, "%q in %q: a part of it was released", stops, text)
		}
	}
}
