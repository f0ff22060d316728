package paste

import (
	"bytes"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// textFields hold texts even where these look like numbers.
var textFields = nameSet("model prompt suffix user stop")

func looksLikeForm(src []byte) bool {
	t := bytes.TrimSpace(src)
	return bytes.IndexByte(t, '=') > 0 && !bytes.ContainsAny(t, " \t\r\n{\"'") && (bytes.Contains(t, []byte("prompt=")) || bytes.Contains(t, []byte("inputs=")) || bytes.Contains(t, []byte("=%7B")))
}

func readFormText(src []byte, d *Draft) bool {
	start := bytes.Index(src, bytes.TrimSpace(src))
	return d.form(bytes.TrimSpace(src), span{start, start + len(bytes.TrimSpace(src))})
}

// form takes over application/x-www-form-urlencoded. A name that comes again makes a list; what JSON would read as a
// number, true, false, a list or an object is one, for a form has no types.
func (d *Draft) form(s []byte, place span) bool {
	if !looksLikeForm(s) {
		return false
	}
	if n := bytes.IndexByte(s, '?'); n >= 0 && bytes.Contains(s[:n], []byte("://")) {
		d.goesTo(string(s[:n]), &value{start: place.start, end: place.end})
		s = s[n+1:]
	}
	s = bytes.TrimPrefix(s, []byte("?"))
	v := &value{form: anObject, start: place.start, end: place.end}
	at := map[string]int{}
	for pair := range bytes.SplitSeq(s, []byte("&")) {
		rawName, raw, _ := bytes.Cut(pair, []byte("="))
		name := string(fromPercents(rawName, true))
		said := fromPercents(raw, true)
		if len(said) > 0 && said[0] == '{' && len(v.items) == 0 && looksLikeRequest(said) {
			d.written(string(said), place.start, place.end)
			return true
		}
		many := false
		if n := len(name) - len("[]"); n > 0 && name[n:] == "[]" {
			name, many = name[:n], true
		}
		if name == "" {
			continue
		}
		one := &value{form: aText, text: string(said), start: place.start, end: place.end}
		if t, ok := scanned(said); ok && (!textFields[name] || t.Nodes[0].Kind >= jsontape.Array) && t.Nodes[0].Kind != jsontape.String {
			one.form = asTyped
		}
		n, again := at[name]
		if !again {
			at[name] = len(v.items)
			if many {
				one = &value{form: aList, items: []item{{value: one}}, start: place.start, end: place.end}
			}
			v.items = append(v.items, item{key: name, keyed: true, start: place.start, value: one})
			continue
		}
		if old := v.items[n].value; old.form != aList {
			v.items[n].value = &value{form: aList, items: []item{{value: old}}, start: place.start, end: place.end}
		}
		v.items[n].value.items = append(v.items[n].value.items, item{value: one})
	}
	w := newWriting(d, s)
	w.object(w.shaped(w.members(v, 0)), nil, 0)
	d.Body = w.out
	return w.room >= 0
}
