package serve

import (
	"bytes"
	"encoding/base64"
	"html"
	"io"
	"net/url"
	"strings"

	"github.com/completion-playground/playground/schema"
)

const (
	// leastPiece is the length in bytes from which a piece of a key is masked. Shorter ones are the beginning that all keys
	// of a provider share, or chance.
	leastPiece = 12
)

// mask finds a key in what a server answers, as it is or as URLs, HTML, JSON and base64 write it, and puts asterisks in the
// place of it or of a piece of it. Lengths stay as they are.
type mask struct {
	words [][]byte
	first [256][]place // where each byte stands in the words
}

type place struct{ word, at int }

// newMask returns a mask for keys; nil, which masks nothing, where none is worth it.
func newMask(keys ...string) *mask {
	m := &mask{}
	for _, key := range keys {
		if len(key) >= schema.Headers().SecretBytes {
			m.add(key)
		}
	}
	if len(m.words) == 0 {
		return nil
	}
	return m
}

func (m *mask) add(key string) {
	seen := map[string]bool{}
	for _, word := range []string{
		key, url.QueryEscape(key), url.PathEscape(key), html.EscapeString(key), strings.ReplaceAll(key, "/", `\/`),
		base64.StdEncoding.EncodeToString([]byte(key)),
	} {
		if seen[word] {
			continue
		}
		seen[word] = true
		for at := range len(word) {
			m.first[word[at]] = append(m.first[word[at]], place{len(m.words), at})
		}
		m.words = append(m.words, []byte(word))
	}
}

// text returns a text with the key masked.
func (m *mask) text(s string) string {
	if m == nil {
		return s
	}
	b := []byte(s)
	m.apply(b, true)
	return string(b)
}

// apply masks within b and returns how much of it is done: what is behind may be the beginning of more, unless b is the end.
func (m *mask) apply(b []byte, end bool) int {
	for i := 0; i < len(b); {
		length, whole := m.longest(b[i:])
		switch {
		case !end && length > 0 && i+length == len(b) && !whole:
			return i
		case length >= leastPiece || whole:
			copy(b[i:], bytes.Repeat([]byte{'*'}, length))
			i += length
		default:
			i++
		}
	}
	return len(b)
}

// longest returns how much of the beginning of b stands in a word, and whether that is all of one.
func (m *mask) longest(b []byte) (length int, whole bool) {
	for _, p := range m.first[b[0]] {
		word := m.words[p.word][p.at:]
		n := 1
		for n < len(word) && n < len(b) && word[n] == b[n] {
			n++
		}
		if all := p.at == 0 && n == len(word); n > length || n == length && all {
			length, whole = n, all
		}
	}
	return length, whole
}

// reader masks what comes out of r. It holds back no more than what may be the beginning of a key.
func (m *mask) reader(r io.Reader) io.Reader {
	if m == nil {
		return r
	}
	return &maskReader{mask: m, from: r}
}

type maskReader struct {
	mask *mask
	from io.Reader
	held []byte // read and not given out
	done int    // of it, what is masked
	err  error  // that ended the reading
}

func (r *maskReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for r.done == 0 && r.err == nil {
		before := len(r.held)
		r.held = append(r.held, make([]byte, len(p))...)
		var n int
		n, r.err = r.from.Read(r.held[before:])
		r.held = r.held[:before+n]
		r.done = r.mask.apply(r.held, r.err != nil)
	}
	if r.done == 0 {
		return 0, r.err
	}
	n := copy(p, r.held[:r.done])
	r.held = append(r.held[:0], r.held[n:]...)
	r.done -= n
	return n, nil
}
