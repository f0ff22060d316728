package check

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
)

// surrogates reports texts and names in which an escape stands for half of a surrogate pair. RFC 8259 §8.2 lets them
// pass and calls what becomes of them unpredictable: serde_json, which Atoma's proxy and TGI read with, and llama.cpp's
// reader refuse them, Python takes them and fails on the way to the tokenizer, Go sends U+FFFD.
func surrogates(r *Reading, out *finding.List) {
	if r.Flags&(jsontape.Surrogate|jsontape.KeyEscaped|jsontape.Loose|jsontape.KeyLoose) == 0 {
		return
	}
	for i := range r.Nodes {
		nd := &r.Nodes[i]
		if nd.Flags&(jsontape.Surrogate|jsontape.KeyEscaped|jsontape.Loose|jsontape.KeyLoose) == 0 {
			continue
		}
		if nd.Kind == jsontape.String && (nd.Flags&jsontape.Surrogate != 0 || nd.Flags&jsontape.Loose != 0 && strings.Contains(r.Loose.Of(uint32(i)), "\uFFFD")) {
			loneSurrogates(r, i, int(nd.Start), int(nd.End), out)
		}
		if nd.Flags&jsontape.KeyEscaped != 0 || nd.Flags&jsontape.KeyLoose != 0 && strings.Contains(r.LooseKeys.Of(uint32(i)), "\uFFFD") {
			loneSurrogates(r, i, int(nd.KeyStart), int(nd.KeyEnd), out)
		}
	}
}

// loneSurrogates reports those of the token src[start:end] as one mistake.
func loneSurrogates(r *Reading, node, start, end int, out *finding.List) {
	raw := r.Src[start:end]
	edits, halves := finding.NewRewrite(r.Src[:end]), ""
	count, from, until := 0, 0, 0 // the first of them is src[from:until]
	drop := func(at, size int) {
		edits.Add(finding.Edit{Start: start + at, End: start + at + size, Text: `\ufffd`})
		if count++; count == 1 {
			from, until = start+at, start+at+size
		}
		if len(halves) <= finding.MostRemoved {
			halves += string(raw[at:at+size]) + " "
		}
	}
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
			drop(i, size)
			i += size
			continue
		}
		half, ok := jsontape.HexRune(raw, i+2, 4)
		if !ok {
			i += 2
			continue
		}
		size := 6
		if utf16.IsSurrogate(half) {
			if _, size = jsontape.SurrogateAware(raw, i); size == 6 {
				drop(i, size)
			}
		}
		i += size
	}
	if count == 0 {
		return
	}
	message := fmt.Sprintf("%s is half of a surrogate pair, which is no character by itself", r.Src[from:until])
	if count > 1 {
		message += fmt.Sprintf(" (and %d more)", count-1)
	}
	out.Add(finding.Finding{Code: finding.LoneSurrogate, Severity: finding.Error, Node: int32(node), Start: from, End: until,
		Rule: "text/surrogate-pairs", Message: message, Fix: &finding.Fix{Title: `write \ufffd, the mark for a character that was lost`, Edits: edits.Edits(), Removes: finding.Removed(halves)}})
}

// bracedSurrogate reports whether s starts with JavaScript's \u{…} of half a surrogate pair, and how long that is.
func bracedSurrogate(s []byte) (int, bool) {
	if len(s) < 3 || s[2] != '{' {
		return 0, false
	}
	i := 3
	r := rune(0)
	for ; i < len(s) && jsontape.HexDigit(s[i]) >= 0; i++ {
		r = min(r<<4|jsontape.HexDigit(s[i]), utf8.MaxRune+1)
	}
	return i + 1, i < len(s) && s[i] == '}' && utf16.IsSurrogate(r)
}
