package paste

import (
	"bytes"
	"strings"
)

// template replaces {{name}} in a text by what the same document gives that name. Other names are holes. at is where the
// text stands in the source if it stands there as it is, and otherwise a place to name for all of it.
func template(text []byte, at place, vars map[string]string) word {
	w := word{start: at.start, end: at.end}
	room := 4*len(text) + 1<<10
	for i := 0; i < len(text); {
		n := bytes.Index(text[i:], []byte("{{"))
		if n < 0 {
			w.text = append(w.text, text[i:]...)
			break
		}
		w.text = append(w.text, text[i:i+n]...)
		i += n
		line := text[i : i+min(len(text)-i, 200)]
		end := bytes.Index(line, []byte("}}"))
		name := ""
		if end > 2 {
			name = strings.TrimSpace(string(line[2:end]))
		}
		if name == "" || strings.ContainsAny(name, "{}\"\n") { // JSON within JSON
			w.text = append(w.text, '{')
			i++
			continue
		}
		if value, ok := vars[name]; ok && len(value) <= room {
			room -= len(value)
			w.text = append(w.text, value...)
		} else {
			h := hole{at: len(w.text), start: at.start, end: at.end, name: "{{" + name + "}}"}
			if at.verbatim {
				h.start, h.end, h.name = at.start+i, at.start+i+end+2, ""
			}
			if len(w.holes) < mostNotes {
				w.holes = append(w.holes, h)
			}
			w.text = append(w.text, line[:end+2]...)
		}
		i += end + 2
	}
	return w
}

// place is where a text stands in the source.
type place struct {
	start, end int
	verbatim   bool // as it is: no escapes, nothing taken away
}
