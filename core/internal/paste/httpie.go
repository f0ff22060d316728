package paste

import (
	"strconv"
	"strings"

	"github.com/completion-playground/playground/core/internal/baseurl"
)

// readHTTPie reads the arguments of HTTPie and of xh: [METHOD] URL [ITEM…].
func readHTTPie(src []byte, args []word, in input, d *Draft) {
	h := httpie{src: src, d: d, places: map[*value]map[string]int{}}
	list := arguments{words: args}
	for list.next() {
		w, text := list.word, list.text
		name, from := list.option()
		switch {
		case strings.HasPrefix(text, "-"):
			switch name {
			case "--raw":
				d.take(src, list.value(from))
			case "-a", "--auth":
				v := list.value(from)
				d.login(string(v.text), span{v.start, v.end}, len(v.holes) > 0)
			case "-f", "--form", "--multipart":
				d.note(Left, w.start, w.end, "the fields are sent as a form, want JSON")
			case "-A", "--auth-type", "-o", "--output", "-p", "--print", "-s", "--style", "--pretty", "--timeout", "--session", "--verify", "-P",
				"--proxy", "--cert", "--cert-key", "--ssl", "--default-scheme", "--max-redirects", "--response-charset", "--format-options":
				list.value(from)
			}
		case d.URL == "" && d.Method == "" && contains(methods, strings.ToUpper(text)):
			d.Method = strings.ToUpper(text)
		case d.URL == "":
			if strings.HasPrefix(text, ":") {
				w.text = append([]byte("http://localhost"), w.text...)
				if strings.HasPrefix(text, ":/") {
					w.text = append([]byte("http://localhost"), text[1:]...)
				}
				w.holes = nil
			}
			d.address(src, w)
		default:
			h.item(w)
		}
	}
	if h.fields != nil {
		out := newWriting(d, src)
		out.value("", h.fields, 0)
		d.Body = out.out
	} else if text := in.stdin(); text != nil && d.Body == nil {
		d.take(src, *text)
	}
	if d.Body != nil && d.Method == "" {
		d.Method = "POST"
	}
}

// httpie keeps the fields of a request.
type httpie struct {
	src    []byte
	d      *Draft
	fields *value                    // nil for none
	places map[*value]map[string]int // of the members of objects
}

// separators stand between the name and the value of an item; of those that begin at one place the longest counts.
var separators = []string{":=@", "=@", ":=", "==", "=", ":", "@"}

// unslashed takes the backslash off what may stand between names and values.
var unslashed = strings.NewReplacer(`\=`, "=", `\:`, ":", `\@`, "@", `\;`, ";")

// split returns where the separator of an item begins, which one it is, and the name before it as it is typed. A
// backslash takes the meaning from what follows it.
func split(text string) (name, separator string, ok bool) {
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' {
			i++
			continue
		}
		for _, s := range separators {
			if strings.HasPrefix(text[i:], s) {
				return text[:i], s, i > 0
			}
		}
	}
	return "", "", false
}

// item reads name=text, name:=JSON, name[inner]=text, Name:header and what else there is.
func (h *httpie) item(w word) {
	name, separator, ok := split(string(w.text))
	if !ok {
		return
	}
	v := w.cut(len(name) + len(separator))
	one := &value{form: aText, text: unslashed.Replace(string(v.text)), start: w.start, end: w.end}
	switch separator {
	case "=@", ":=@", "@":
		h.d.note(OtherFile, w.start, w.end, "this value stands in another file")
		return
	case "==":
		if baseurl.NamesSecret(name) {
			h.d.secret(one.text, span{w.start, w.end}, len(v.holes) > 0)
		} else {
			h.d.note(Left, w.start, w.end, "this is a part of the address")
		}
		return
	case ":":
		h.d.header(h.src, w)
		return
	case ":=":
		if _, ok := scanned([]byte(one.text)); !ok {
			h.d.note(Unreadable, w.start, w.end, "the value of this field is no JSON")
			return
		}
		one.form, one.text = asTyped, strings.TrimSpace(one.text)
	}
	steps, ok := fieldPath(name)
	if ok = ok && len(steps) < mostDepth; ok {
		ok = h.put(&h.fields, steps, one)
	}
	if !ok {
		h.d.note(Unreadable, w.start, w.end, "the name of this field cannot be read beside those before it")
		return
	}
	h.d.unknown(h.src, v, "the body")
}

// fieldStep is one step on the way to a value: the name of a member, or the place in a list.
type fieldStep struct {
	name string
	list bool
	at   int // -1 for behind the last element
}

// mostElements bounds the places of a list, which is filled up to the one that is named.
const mostElements = 1000

// fieldPath splits a[b][0][]: members, places in lists, and the place behind the last element.
func fieldPath(text string) (steps []fieldStep, ok bool) {
	piece := func(i int, ends string) (name string, quoted bool, next int) {
		var b strings.Builder
		for i < len(text) && strings.IndexByte(ends, text[i]) < 0 {
			if text[i] == '\\' && i+1 < len(text) {
				if quoted = true; strings.IndexByte("[]\\=:@", text[i+1]) >= 0 || text[i+1]-'0' < 10 {
					i++
				}
			}
			b.WriteByte(text[i])
			i++
		}
		return b.String(), quoted, i
	}
	name, _, i := piece(0, "[")
	if name != "" || !strings.HasPrefix(text, "[") {
		steps = append(steps, fieldStep{name: name})
	}
	for i < len(text) {
		if text[i] != '[' {
			return nil, false
		}
		name, quoted, next := piece(i+1, "]")
		if next >= len(text) {
			return nil, false
		}
		i = next + 1
		n, err := strconv.Atoi(name)
		switch {
		case name == "":
			steps = append(steps, fieldStep{list: true, at: -1})
		case err == nil && !quoted && (n < 0 || n >= mostElements):
			return nil, false
		case err == nil && !quoted:
			steps = append(steps, fieldStep{list: true, at: n})
		default:
			steps = append(steps, fieldStep{name: name})
		}
	}
	return steps, true
}

// put sets what a path leads to. It reports false where something else stands on the way.
func (h *httpie) put(v **value, steps []fieldStep, one *value) bool {
	if len(steps) == 0 {
		*v = one
		return true
	}
	step := steps[0]
	want := anObject
	if step.list {
		want = aList
	}
	if *v == nil || (*v).form == aToken {
		*v = &value{form: want, start: one.start, end: one.end}
	} else if (*v).form != want {
		return false
	}
	at, members := -1, h.places[*v]
	if n, again := members[step.name]; again && !step.list {
		at = n
	} else if step.at >= 0 && step.list {
		for len((*v).items) <= step.at {
			(*v).items = append((*v).items, item{value: &value{form: aToken, text: "null"}})
		}
		at = step.at
	}
	if at < 0 {
		at = len((*v).items)
		(*v).items = append((*v).items, item{key: step.name, keyed: !step.list, start: one.start})
		if members == nil {
			members = map[string]int{}
			h.places[*v] = members
		}
		members[step.name] = at
	}
	return h.put(&(*v).items[at].value, steps[1:], one)
}
