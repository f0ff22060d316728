package paste

import (
	"bytes"
	"strings"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// record is a JSON document of a program that keeps requests.
type record struct {
	jsontape.Tape
	vars map[string]string // of the document itself
}

// recorded reads such a document. find returns the requests in it, nil in one of another program.
//
//go:noinline
func recorded(find func(r *record) []uint32) func(src []byte, d *Draft) bool {
	return func(src []byte, d *Draft) bool {
		r := record{vars: map[string]string{}}
		if !r.hasMarks(src) || !r.Scan(src, jsontape.Limits{}.WithDefaults()) {
			return r.lines(src, find, d)
		}
		list := find(&r)
		return d.choose(len(list), func(n int, d *Draft) { r.request(list[n], d) })
	}
}

// hasMarks tells at a glance whether a text may hold a request with its address.
func (r *record) hasMarks(src []byte) bool {
	return bytes.Contains(src, []byte(`"method"`)) && (bytes.Contains(src, []byte(`"url"`)) || bytes.Contains(src, []byte(`"endpoint"`)))
}

// lines reads JSON Lines, of which each is such a document.
func (r *record) lines(src []byte, find func(r *record) []uint32, d *Draft) bool {
	start := jsontape.SkipSpace(src, 0)
	end := lineEnd(src, start)
	if !r.hasMarks(src[start:end]) || !r.Scan(bytes.TrimSpace(src[start:end]), jsontape.Limits{}.WithDefaults()) {
		return false
	}
	list := find(r)
	if len(list) == 0 {
		return false
	}
	if !d.choose(len(list), func(n int, d *Draft) { r.request(list[n], d) }) {
		return false
	}
	for i := range d.Notes {
		d.Notes[i].Start += start
		d.Notes[i].End += start
	}
	if rest := bytes.TrimSpace(src[end:]); len(rest) > 0 {
		d.note(Left, end, len(src), "only the first line is read")
	}
	return true
}

// in returns what a path of members leads to from node i; 0 where it leads nowhere.
func (r *record) in(i uint32, path ...string) uint32 {
	for _, name := range path {
		if r.Nodes[i].Kind != jsontape.Object {
			return 0
		}
		next, ok := r.Member(i, name)
		if !ok {
			return 0
		}
		i = next
	}
	return i
}

//go:noinline
func (r *record) has(i uint32, names ...string) bool {
	for _, name := range names {
		if r.in(i, name) == 0 {
			return false
		}
	}
	return true
}

// each visits the elements or members of node i.
//
//go:noinline
func (r *record) each(i uint32, visit func(c uint32)) {
	if kind := r.Nodes[i].Kind; i == 0 || kind != jsontape.Array && kind != jsontape.Object {
		return
	}
	for c := i + 1; c < r.Nodes[i].Next; c = r.Nodes[c].Next {
		visit(c)
	}
}

func isBatch(r *record) []uint32 {
	if r.has(0, "custom_id", "url", "body") {
		return []uint32{0}
	}
	return nil
}

func isHAR(r *record) (list []uint32) {
	r.each(r.in(0, "log", "entries"), func(c uint32) {
		if q := r.in(c, "request"); q != 0 && r.has(q, "method", "url") {
			list = append(list, q)
		}
	})
	if q := r.in(0, "request"); q != 0 && r.has(q, "method", "url", "headers") && r.in(q, "body") == 0 {
		list = append(list, q)
	}
	if r.has(0, "method", "url", "postData") {
		list = append(list, 0)
	}
	return list
}

func isPostman(r *record) (list []uint32) {
	r.each(r.in(0, "variable"), func(c uint32) {
		r.vars[r.Text(r.in(c, "key"))] = r.Text(r.in(c, "value"))
	})
	var walk func(c uint32, depth int)
	walk = func(c uint32, depth int) {
		if q := r.in(c, "request"); q != 0 && r.has(q, "method", "url") {
			list = append(list, q)
		}
		if items := r.in(c, "item"); items != 0 && depth < mostNested {
			r.each(items, func(c uint32) { walk(c, depth+1) })
		}
	}
	if r.has(0, "item") || r.in(0, "request", "header") != 0 || r.in(0, "request", "body", "mode") != 0 {
		walk(0, 0)
	} else if r.has(0, "method", "header", "url") || r.in(0, "body", "mode") != 0 && r.has(0, "method", "url") {
		list = append(list, 0)
	}
	return list
}

func isInsomnia(r *record) (list []uint32) {
	r.each(r.in(0, "resources"), func(c uint32) {
		switch r.Text(r.in(c, "_type")) {
		case "request":
			list = append(list, c)
		case "environment":
			r.each(r.in(c, "data"), func(v uint32) { r.vars["_."+r.Key(v)] = r.Text(v); r.vars[r.Key(v)] = r.Text(v) })
		}
	})
	if r.Text(r.in(0, "_type")) == "request" || r.has(0, "method", "url") && r.in(0, "body", "mimeType") != 0 {
		list = append(list, 0)
	}
	return list
}

// isRequest finds the requests of other programs that keep them in the same way: Thunder Client, Hoppscotch,
// Bruno's collections.
func isRequest(r *record) (list []uint32) {
	one := func(c uint32) {
		if q := r.in(c, "request"); q != 0 && r.has(q, "method", "url") {
			c = q
		}
		if r.in(c, "method") != 0 && (r.in(c, "url") != 0 || r.in(c, "endpoint") != 0) && (r.in(c, "body") != 0 || r.in(c, "data") != 0 || r.in(c, "headers") != 0) {
			list = append(list, c)
		}
	}
	one(0)
	for _, name := range []string{"requests", "items"} {
		r.each(r.in(0, name), one)
	}
	return list
}

// request reads a request, whichever program wrote it.
func (r *record) request(q uint32, d *Draft) {
	d.Method = strings.ToUpper(r.Text(r.in(q, "method")))
	url := r.in(q, "url")
	if url == 0 {
		url = r.in(q, "endpoint")
	} else if raw := r.in(url, "raw"); raw != 0 {
		url = raw
	}
	d.address(r.Src, r.text(url))
	for _, name := range []string{"headers", "header"} {
		r.headers(r.in(q, name), d)
	}
	for _, name := range []string{"auth", "authentication"} {
		if a := r.in(q, name); a != 0 {
			r.auth(a, d)
		}
	}
	for _, path := range [][]string{{"body", "raw"}, {"body", "text"}, {"body", "json"}, {"body", "content"}, {"body", "body"}, {"body"}, {"postData", "text"}, {"data"}} {
		b := r.in(q, path...)
		if b == 0 {
			continue
		}
		switch r.Nodes[b].Kind {
		case jsontape.String:
			d.take(r.Src, r.text(b))
		case jsontape.Object:
			if len(path) == 1 && (r.in(b, "mode") != 0 || r.in(b, "mimeType") != 0) {
				if r.Text(r.in(b, "mode")) != "none" {
					r.leave(b, d)
				}
				return
			}
			if r.Nodes[b].N > 0 {
				d.Body = bytes.Clone(r.Raw(b))
			}
		case jsontape.Null:
			continue
		default:
			r.leave(b, d)
		}
		return
	}
}

func (r *record) leave(b uint32, d *Draft) {
	d.note(Left, int(r.Nodes[b].Start), int(r.Nodes[b].End), "the body is no JSON")
}

// text returns the text at node i with its variables filled in.
func (r *record) text(i uint32) word {
	if i == 0 {
		return word{}
	}
	nd := &r.Nodes[i]
	if nd.Kind == jsontape.String && nd.Flags&jsontape.Escaped == 0 {
		return template([]byte(r.Text(i)), place{int(nd.Start) + 1, int(nd.End) - 1, true}, r.vars)
	}
	return template([]byte(r.Text(i)), place{int(nd.Start), int(nd.End), false}, r.vars)
}

// headers reads a list of name (or key) and value, or an object of them.
func (r *record) headers(i uint32, d *Draft) {
	if i == 0 {
		return
	}
	list := r.Nodes[i].Kind == jsontape.Array
	r.each(i, func(c uint32) {
		name, value := r.Key(c), c
		if list {
			key := r.in(c, "name")
			if key == 0 {
				key = r.in(c, "key")
			}
			if key == 0 || r.Nodes[r.in(c, "disabled")].Kind == jsontape.True || r.Nodes[r.in(c, "enabled")].Kind == jsontape.False || r.Nodes[r.in(c, "active")].Kind == jsontape.False {
				return
			}
			name, value = r.Text(key), r.in(c, "value")
		}
		w := r.text(value)
		d.pair(r.Src, name, string(w.text), w)
	})
}

// auth reads what a program keeps of a login: {"type": "bearer", "token": …}, and Postman's lists of key and value.
func (r *record) auth(a uint32, d *Draft) {
	for _, name := range []string{"token", "password", "value", "bearer"} {
		if t := r.in(a, name); t != 0 && r.Nodes[t].Kind == jsontape.String {
			w := r.text(t)
			d.secret(string(w.text), span{w.start, w.end}, len(w.holes) > 0)
			return
		}
	}
	for _, kind := range []string{"bearer", "apikey", "basic"} {
		inner := r.in(a, kind)
		if inner == 0 {
			continue
		}
		if r.Nodes[inner].Kind == jsontape.Object {
			r.auth(inner, d)
			return
		}
		r.each(inner, func(c uint32) {
			switch r.Text(r.in(c, "key")) {
			case "token", "password", "value":
				w := r.text(r.in(c, "value"))
				d.secret(string(w.text), span{w.start, w.end}, len(w.holes) > 0)
			}
		})
	}
}
