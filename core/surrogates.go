package core

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// surrogates reports texts and names in which an escape stands for half of a surrogate pair. RFC 8259 §8.2 lets them
// pass and calls what becomes of them unpredictable: serde_json, which Atoma's proxy and TGI read with, and llama.cpp's
// reader refuse them, Python takes them and fails on the way to the tokenizer, Go sends U+FFFD.
func (w *work) surrogates() {
	if w.t.odd&(flagSurrogate|flagKeyEscaped|flagLoose|flagKeyLoose) == 0 {
		return
	}
	for i := range w.t.nodes {
		nd := &w.t.nodes[i]
		if nd.flags&(flagSurrogate|flagKeyEscaped|flagLoose|flagKeyLoose) == 0 {
			continue
		}
		if nd.kind == kindString && (nd.flags&flagSurrogate != 0 || nd.flags&flagLoose != 0 && strings.Contains(w.t.loose.of(uint32(i)), "\uFFFD")) {
			w.loneSurrogates(i, int(nd.start), int(nd.end))
		}
		if nd.flags&flagKeyEscaped != 0 || nd.flags&flagKeyLoose != 0 && strings.Contains(w.t.looseKeys.of(uint32(i)), "\uFFFD") {
			w.loneSurrogates(i, int(nd.keyStart), int(nd.keyEnd))
		}
	}
}

// loneSurrogates reports those of the token src[start:end] as one mistake.
func (w *work) loneSurrogates(node, start, end int) {
	raw := w.t.src[start:end]
	var edits []byteEdit
	for i := 0; ; {
		n := bytes.IndexByte(raw[i:], '\\')
		if n < 0 {
			break
		}
		i += n
		if i+1 == len(raw) || raw[i+1] != 'u' {
			i += 2
			if i > len(raw) {
				break
			}
			continue
		}
		if size, ok := bracedSurrogate(raw[i:]); ok {
			edits = append(edits, byteEdit{start + i, start + i + size, `\ufffd`})
			i += size
			continue
		}
		r, ok := hexRune(raw, i+2, 4)
		if !ok {
			i += 2
			continue
		}
		size := 6
		if utf16.IsSurrogate(r) {
			if _, size = surrogateAware(raw, i); size == 6 {
				edits = append(edits, byteEdit{start + i, start + i + size, `\ufffd`})
			}
		}
		i += size
	}
	if len(edits) == 0 {
		return
	}
	first := edits[0]
	message := fmt.Sprintf("%s is half of a surrogate pair, which is no character by itself", w.t.src[first.start:first.end])
	if len(edits) > 1 {
		message += fmt.Sprintf(" (and %d more)", len(edits)-1)
	}
	w.add(finding{code: CodeLoneSurrogate, severity: Error, node: int32(node), start: first.start, end: first.end,
		rule: "text/surrogate-pairs", message: message, fix: &remedy{`write \ufffd, the mark for a character that was lost`, edits}})
}

// bracedSurrogate reports whether s starts with JavaScript's \u{…} of half a surrogate pair, and how long that is.
func bracedSurrogate(s []byte) (int, bool) {
	if len(s) < 3 || s[2] != '{' {
		return 0, false
	}
	i := 3
	r := rune(0)
	for ; i < len(s) && hexDigit(s[i]) >= 0; i++ {
		r = min(r<<4|hexDigit(s[i]), utf8.MaxRune+1)
	}
	return i + 1, i < len(s) && s[i] == '}' && utf16.IsSurrogate(r)
}
