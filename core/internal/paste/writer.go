package paste

import "github.com/completion-playground/playground/core/internal/jsontape"

// writer makes the text of a request out of the literals of another language: one member a line, two spaces a level,
// comments where they stood.
type writer struct {
	out   []byte
	depth int
	first bool // nothing stands in the innermost container yet
	keyed bool // a key was written, and its value follows
}

func (w *writer) open(bracket byte) {
	w.place()
	w.out = append(w.out, bracket)
	w.depth++
	w.first = true
}

func (w *writer) close(bracket byte) {
	w.depth--
	if !w.first {
		w.line()
	}
	w.out = append(w.out, bracket)
	w.first = false
}

func (w *writer) key(name string) {
	w.place()
	w.out = append(jsontape.AppendQuoted(w.out, name), ": "...)
	w.keyed = true
}

func (w *writer) text(s string) {
	w.place()
	w.out = jsontape.AppendQuoted(w.out, s)
}

// token writes a number, true, false or null as it has to stand in JSON.
func (w *writer) token(s string) {
	w.place()
	w.out = append(w.out, s...)
}

// place makes room for a key or for a value that has none.
func (w *writer) place() {
	switch {
	case w.keyed:
		w.keyed = false
		return
	case w.depth == 0:
		return
	case !w.first:
		w.out = append(w.out, ',')
	}
	w.first = false
	w.line()
}

func (w *writer) line() {
	w.out = append(w.out, '\n')
	for range w.depth {
		w.out = append(w.out, "  "...)
	}
}
