package demo

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Ids below 256 are single bytes, so that any input has tokens and every sequence of tokens has bytes.
const (
	idSpace     = 0x20
	idEndOfText = 256 // ends a document; no input text is tokenized to it
)

// endOfText is how the end of a text is shown. As input it is ordinary text.
const endOfText = "<|endoftext|>"

// none marks the absence of a token id.
const none = -1

// tokenizer splits text into the longest vocabulary entries from left to right.
type tokenizer struct {
	entries []string       // by id; the entry of idEndOfText stands for no bytes
	ids     map[string]int // every entry but the end of text
	longest [256]int       // length of the longest entry that begins with a byte
	partner []int          // "word" ↔ " word", none where there is no such pair
}

// newTokenizer builds the vocabulary of a training text: bytes, the end of text, printable ASCII after a space, runs of
// white space, the words of the text bare and after a space (the frequent ones first), and parts of words for those
// that the text does not know. The result depends on the text alone.
func newTokenizer(documents []string) *tokenizer {
	t := &tokenizer{ids: make(map[string]int, 6000)}
	for b := range 256 {
		t.add(string([]byte{byte(b)}))
	}
	t.entries = append(t.entries, endOfText)
	for b := '!'; b <= '~'; b++ {
		t.add(" " + string(b))
	}
	for _, run := range []string{"  ", "    ", "        ", "\t\t"} {
		t.add(run)
	}
	words := countWords(documents)
	for _, w := range words {
		t.add(w.text)
		t.add(" " + w.text)
	}
	for _, part := range frequentParts(words, 300) {
		t.add(part)
	}

	t.partner = make([]int, len(t.entries))
	for id, entry := range t.entries {
		t.partner[id] = none
		if id == idEndOfText {
			continue
		}
		t.longest[entry[0]] = max(t.longest[entry[0]], len(entry))
		bare, spaced := strings.CutPrefix(entry, " ")
		if !spaced {
			bare = " " + entry
		}
		if other, ok := t.ids[bare]; ok && other != idSpace && id != idSpace {
			t.partner[id] = other
		}
	}
	return t
}

// add gives an entry the next id unless it has one.
func (t *tokenizer) add(entry string) {
	if _, ok := t.ids[entry]; !ok {
		t.ids[entry] = len(t.entries)
		t.entries = append(t.entries, entry)
	}
}

type counted struct {
	text  string
	count int
}

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }

// countWords returns the runs of at least two ASCII letters, most frequent first.
func countWords(documents []string) []counted {
	counts := make(map[string]int, 2500)
	for _, d := range documents {
		for i := 0; i < len(d); i++ {
			start := i
			for i < len(d) && isLetter(d[i]) {
				i++
			}
			if i-start >= 2 {
				counts[d[start:i]]++
			}
		}
	}
	return byFrequency(counts)
}

// frequentParts returns the parts of two to four lower-case letters that save most tokens over all distinct words.
func frequentParts(words []counted, most int) []string {
	saved := make(map[string]int, 8000)
	for _, w := range words {
		for size := 2; size <= 4; size++ {
			for i := 0; i+size <= len(w.text); i++ {
				if w.text[i] >= 'a' {
					saved[w.text[i:i+size]] += size - 1
				}
			}
		}
	}
	parts := byFrequency(saved)
	texts := make([]string, 0, most)
	for _, p := range parts[:min(most, len(parts))] {
		texts = append(texts, p.text)
	}
	return texts
}

func byFrequency(counts map[string]int) []counted {
	list := make([]counted, 0, len(counts))
	for text, count := range counts {
		list = append(list, counted{text, count})
	}
	slices.SortFunc(list, func(a, b counted) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.text, b.text))
	})
	return list
}

// encode appends the ids of text to dst. Any bytes are accepted; joining the entries gives them back.
func (t *tokenizer) encode(dst []int, text string) []int {
	for len(text) > 0 {
		size := min(t.longest[text[0]], len(text))
		for ; size > 1; size-- {
			if id, ok := t.ids[text[:size]]; ok {
				dst = append(dst, id)
				break
			}
		}
		if size == 1 {
			dst = append(dst, int(text[0]))
		}
		text = text[size:]
	}
	return dst
}

// bytes returns what a token adds to a text.
func (t *tokenizer) bytes(id int) string {
	if id == idEndOfText {
		return ""
	}
	return t.entries[id]
}

// label returns a token as people read it: its text, or bytes:\xNN where it is only a part of a character.
func (t *tokenizer) label(id int) string {
	entry := t.entries[id]
	if utf8.ValidString(entry) {
		return entry
	}
	return fmt.Sprintf(`bytes:\x%02x`, entry[0]) // entries of several bytes are ASCII
}

// Token is one entry of the vocabulary.
type Token struct {
	ID   int    `json:"id"`   // what logit_bias uses as a key
	Text string `json:"text"` // the entry; bytes:\xNN for a byte that is no character by itself
}

// Tokenize splits text, which may be any bytes, into tokens. Ids are the same in every run.
func Tokenize(text string) []Token {
	t := Default().tokenizer
	ids := t.encode(nil, text)
	tokens := make([]Token, len(ids))
	for i, id := range ids {
		tokens[i] = Token{ID: id, Text: t.label(id)}
	}
	return tokens
}

// Detokenize joins the bytes of tokens; Detokenize after [Tokenize] gives the text back. The end of text adds nothing.
// It fails on an id that is not in the vocabulary.
func Detokenize(ids []int) (string, error) {
	t := Default().tokenizer
	var text strings.Builder
	for i, id := range ids {
		if id < 0 || id >= len(t.entries) {
			return "", fmt.Errorf("token %d: got id %d, want one from 0 to %d", i, id, len(t.entries)-1)
		}
		text.WriteString(t.bytes(id))
	}
	return text.String(), nil
}
