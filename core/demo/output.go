package demo

import (
	"strings"
	"unicode/utf8"
)

// output is the text of one choice with the tokens that make it up.
//
// Tokens can end inside a character. The bytes of an unfinished one wait in tail, and such a token has an empty place
// in the text until the token that completes the character; bytes that never become one turn into U+FFFD.
type output struct {
	tokenizer *tokenizer
	text      []byte // valid UTF-8
	runes     int    // code points in text
	tail      []byte
	tokens    []outputToken
}

// outputToken is one token of an output. It ends where the next one starts.
type outputToken struct {
	id     int
	start  int // byte offset in the text
	offset int // the same in code points
	score  *score
}

// score is what logprobs tells about a token.
type score struct {
	logprob float64
	top     []alternative // likeliest first
}

// add appends a token; sc may be nil.
func (o *output) add(id int, sc *score) {
	t := outputToken{id, len(o.text), o.runes, sc}
	waiting := len(o.tail)
	o.tail = append(o.tail, o.tokenizer.bytes(id)...)
	for len(o.tail) > 0 && utf8.FullRune(o.tail) {
		size := o.take()
		if waiting >= size { // the token has shown that bytes before it are no character; it starts after them
			waiting -= size
			t.start, t.offset = len(o.text), o.runes
		} else {
			waiting = 0
		}
	}
	o.tokens = append(o.tokens, t)
}

// close turns what is left of an unfinished character into replacement characters.
func (o *output) close() {
	for len(o.tail) > 0 {
		o.take()
	}
}

// take moves one character from the tail to the text and returns the number of bytes that it had.
func (o *output) take() int {
	r, size := utf8.DecodeRune(o.tail)
	o.text = utf8.AppendRune(o.text, r)
	o.tail = append(o.tail[:0], o.tail[size:]...)
	o.runes++
	return size
}

// end returns where token i ends in the text.
func (o *output) end(i int) int {
	if i+1 < len(o.tokens) {
		return o.tokens[i+1].start
	}
	return len(o.text)
}

// complete reports whether token i has its place in the text, and all of it before a byte offset.
func (o *output) complete(i, before int) bool {
	return o.tokens[i].start < o.end(i) && o.end(i) <= before
}

// cut shortens the text to a byte offset between two characters. A token of which a part remains stays in the list.
func (o *output) cut(at int) {
	o.text, o.tail = o.text[:at], nil
	n := len(o.tokens)
	for n > 0 && o.tokens[n-1].start >= at {
		n--
	}
	o.tokens = o.tokens[:n]
}

// label returns token i as logprobs shows it: the token, or the part of it that a stop sequence has left.
func (o *output) label(i int) string {
	t := o.tokens[i]
	shown := string(o.text[t.start:o.end(i)])
	if entry := o.tokenizer.entries[t.id]; len(shown) > 0 && len(shown) < len(entry) && strings.HasPrefix(entry, shown) {
		return shown
	}
	return o.tokenizer.label(t.id)
}
