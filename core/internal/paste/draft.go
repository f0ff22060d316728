package paste

import (
	"bytes"
	"slices"

	"github.com/completion-playground/playground/core/internal/finding"
)

// word is one argument of a command as the program would get it, or another text of a language.
type word struct {
	text       []byte
	start, end int    // in the source
	holes      []hole // what only a program that runs knows
	broken     bool   // the text ended within it
	unread     bool   // another program makes it, in a way that only the program knows
}

// hole is a stretch of a word that stands there as it stands in the source: a variable, a call.
type hole struct {
	at         int    // in the word's text
	start, end int    // in the source
	name       string // what stands there, where the source does not show it plainly
}

// moved returns a hole further on in a word.
//
//go:noinline
func (h hole) moved(by int) hole {
	h.at += by
	return h
}

// add appends a word to another one.
//
//go:noinline
func (w *word) add(more word) {
	for _, h := range more.holes {
		if len(w.holes) < mostNotes {
			w.holes = append(w.holes, h.moved(len(w.text)))
		}
	}
	w.text = append(w.text, more.text...)
	w.broken, w.unread = w.broken || more.broken, w.unread || more.unread
}

//go:noinline
func (d *Draft) note(code Code, start, end int, message string) {
	if len(d.Notes) < mostNotes {
		d.Notes = append(d.Notes, Note{code, start, end, message})
	}
}

// mostNotes bounds what is said of one text.
const mostNotes = 100

// openEnded notes what the end of the text cut off.
//
//go:noinline
func (d *Draft) openEnded(start, end int, what string) {
	d.note(Unreadable, start, end, what+" has no end")
}

// unknown notes what stands in the holes of a word.
func (d *Draft) unknown(src []byte, w word, where string) {
	for _, h := range w.holes {
		name := h.name
		if name == "" {
			name = finding.Excerpt(src[h.start:h.end])
		}
		d.note(NotLiteral, h.start, h.end, "only a program that runs knows "+name+", which stands in "+where)
	}
}

// take makes a word the body.
func (d *Draft) take(src []byte, w word) {
	text := bytes.TrimSpace(w.text)
	switch {
	case w.broken:
	case w.unread:
		d.unknown(src, word{holes: []hole{{start: w.start, end: w.end}}}, "place of the body")
	case len(w.holes) == 1 && len(text) == w.holes[0].end-w.holes[0].start:
		d.unknown(src, w, "place of the body")
	case len(text) == 0:
	case formData(text):
		d.note(Left, w.start, w.end, "the body is a form, want JSON")
	default:
		d.Body = text
		d.unknown(src, w, "the body")
	}
}

// formData tells a=b&c=d from anything that means to be JSON.
func formData(text []byte) bool {
	n := bytes.IndexByte(text, '=')
	return n > 0 && !bytes.ContainsAny(text[:n], "{[\"' \n:")
}

// contains is slices.Contains, once for all who ask.
//
//go:noinline
func contains(list []string, text string) bool { return slices.Contains(list, text) }
