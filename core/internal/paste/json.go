package paste

import (
	"bytes"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/utf"
)

// scanned reads strict JSON.
//
//go:noinline
func scanned(src []byte) (t jsontape.Tape, ok bool) {
	ok = t.Scan(src, jsontape.Limits{}.WithDefaults())
	return t, ok
}

// requests reports whether an object is a request, of whatever endpoint.
func requests(t *jsontape.Tape) bool {
	if t.Nodes[0].Kind != jsontape.Object {
		return false
	}
	has := func(name string) bool { _, ok := t.Member(0, name); return ok }
	return has("prompt") || has("model") && has("max_tokens") || shapeOf(has) != nil
}

// head returns a text without the white space, the comments and the byte order mark that it begins with: the reader of
// JSON skips them too.
func head(src []byte) []byte {
	for {
		src = bytes.TrimSpace(bytes.TrimPrefix(src, []byte("\uFEFF")))
		n := 0
		switch {
		case bytes.HasPrefix(src, []byte("//")), bytes.HasPrefix(src, []byte("#")):
			n = utf.LineLen(src)
		case bytes.HasPrefix(src, []byte("/*")):
			n = bytes.Index(src, []byte("*/")) + len("*/")
		}
		if n < len("*/") {
			return src
		}
		src = src[n:]
	}
}

// startsJSON reports whether a text begins as JSON does, and is for its reader.
func startsJSON(src []byte) bool {
	t := head(src)
	return len(t) == 0 || t[0] == '{' || t[0] == '['
}

// strict takes over a part of the pasted text that is a request in strict JSON.
func (d *Draft) strict(src []byte, start, end int) bool {
	part := bytes.TrimSpace(src[start:end])
	if len(part) == 0 || part[0] != '{' {
		return false
	}
	t, ok := scanned(part)
	if !ok || !requests(&t) {
		return false
	}
	d.Body = part
	if s := d.shape(&t, start+bytes.Index(src[start:end], part[:1]), span{}); s != nil && d.Name == "" {
		d.Name = s.name
	}
	return true
}

// inner takes over a part of the pasted text that is a request in any language but those that hold texts of others.
func (d *Draft) inner(src []byte, start, end int) bool {
	if d.strict(src, start, end) {
		return true
	}
	inner, ok := readInner(src[start:end])
	if !ok {
		return d.decoded(src[start:end], start, end)
	}
	for i := range inner.Notes {
		inner.Notes[i].Start += start
		inner.Notes[i].End += start
	}
	d.adopt(inner)
	return true
}

// moved takes over a request in a text that stands in another form at a place.
func (d *Draft) moved(text []byte, place span) bool {
	inner := Draft{}
	if !inner.inner(text, 0, len(text)) {
		return false
	}
	for i := range inner.Notes {
		inner.Notes[i].Start, inner.Notes[i].End = place.start, place.end
	}
	d.adopt(inner)
	return true
}

//go:noinline
func (d *Draft) adopt(inner Draft) {
	if inner.Kind != "" {
		d.Kind, d.Name = inner.Kind, inner.Name // what it stands in matters less
	}
	d.Body, d.URL, d.Method, d.Headers = inner.Body, inner.URL, inner.Method, inner.Headers
	d.Key, d.KeyHeader = inner.Key, inner.KeyHeader
	d.hidden, d.weak = append(d.hidden, inner.hidden...), inner.weak
	d.Lost = d.Lost || inner.Lost
	d.Notes = append(d.Notes, inner.Notes...)
}

// decoded takes over a request that stands in a text in one encoding or several: as JSON, or again in another language.
// What is said about it is said of all of the encoded text.
func (d *Draft) decoded(text []byte, start, end int) bool {
	const most = 4 // encodings of each other
	for n := 0; ; n++ {
		text = bytes.TrimSpace(text)
		if t, ok := scanned(text); ok && n > 0 && requests(&t) {
			d.Body = text
			d.shape(&t, 0, span{start, end})
			return true
		}
		if n > 0 {
			if inner, ok := readInner(text); ok {
				for i := range inner.Notes {
					inner.Notes[i].Start, inner.Notes[i].End = start, end
				}
				d.adopt(inner)
				return true
			}
		}
		plain, ok := decode(text)
		if !ok || n == most {
			if n > 0 && looksLikeRequest(text) {
				d.Body = text
				return true
			}
			return false
		}
		text = plain
	}
}

// looksLikeRequest reports whether a text may be an object with a prompt, however broken.
func looksLikeRequest(text []byte) bool {
	return len(text) > 0 && text[0] == '{' && (bytes.Contains(text, []byte("prompt")) || bytes.Contains(text, []byte("inputs")) || bytes.Contains(text, []byte("messages")))
}

// enclosing are the kinds that hold a text of another.
var enclosing = map[Kind]bool{"markdown": true, "encoded": true}

// inners are the languages that others can hold. It is filled at the start, for these others are languages too.
var inners []language

func init() {
	for _, l := range languages {
		if !enclosing[l.kind] {
			inners = append(inners, l)
		}
	}
}

func readInner(src []byte) (Draft, bool) {
	for _, l := range inners {
		if l.looks(src) {
			d := Draft{Kind: l.kind, Name: l.name}
			if l.read(src, &d) {
				return d, true
			}
		}
	}
	return Draft{}, false
}
