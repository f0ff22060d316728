package paste

import (
	"bytes"
	"strings"
)

func looksInsomnia(src []byte) bool {
	return !startsJSON(src) && bytes.Contains(src, []byte("collection.insomnia.rest/"))
}

// readInsomnia reads a collection as Insomnia exports it since its version 5: YAML with requests in folders.
func readInsomnia(src []byte, d *Draft) bool {
	y, root := parseYAML(src, d)
	if root == nil {
		return false
	}
	if y.stopped {
		return true
	}
	c := collection{src: src, vars: map[string]string{}}
	if data := root.get("environments").get("data"); data != nil {
		for _, it := range data.items {
			c.vars[it.key], c.vars["_."+it.key] = it.value.text, it.value.text
		}
	}
	c.find(root.get("collection"), 0)
	return d.choose(len(c.requests), func(n int, d *Draft) { c.read(c.requests[n], d) })
}

// collection is what such a file holds.
type collection struct {
	src      []byte
	vars     map[string]string
	requests []*value
	asked    int // items that were looked at: with aliases they can stand in each other many times over
}

func (c *collection) find(list *value, depth int) {
	if list == nil || list.form != aList || depth > mostDepth {
		return
	}
	for _, it := range list.items {
		if c.asked++; c.asked > mostWords {
			return
		}
		if it.value.get("url") != nil && it.value.get("method") != nil {
			c.requests = append(c.requests, it.value)
		}
		c.find(it.value.get("children"), depth+1)
	}
}

// text returns a value with its variables filled in; an empty one for none.
func (c *collection) text(v *value) word {
	if v == nil {
		return word{}
	}
	return template([]byte(v.text), place{v.start, v.end, string(c.src[v.start:v.end]) == v.text}, c.vars)
}

func (c *collection) read(q *value, d *Draft) {
	d.Method = strings.ToUpper(string(c.text(q.get("method")).text))
	d.address(c.src, c.text(q.get("url")))
	if headers := q.get("headers"); headers != nil {
		for _, it := range headers.items {
			if off := it.value.get("disabled"); off == nil || off.text != "true" {
				w := c.text(it.value.get("value"))
				d.pair(c.src, string(c.text(it.value.get("name")).text), string(w.text), w)
			}
		}
	}
	auth := q.get("authentication")
	for _, name := range []string{"token", "password", "value"} {
		if v := auth.get(name); v != nil {
			w := c.text(v)
			d.secret(string(w.text), span{w.start, w.end}, len(w.holes) > 0)
			break
		}
	}
	switch body := q.get("body"); {
	case body.get("text") != nil:
		d.take(c.src, c.text(body.get("text")))
	case body != nil && len(body.items) > 0:
		d.note(Left, body.start, body.end, "the body is no JSON")
	}
}
