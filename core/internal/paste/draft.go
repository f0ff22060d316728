package paste

import (
	"bytes"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/internal/baseurl"
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/schema"
)

// word is one argument of a command as the program would get it, or another text of a language.
type word struct {
	text       []byte
	start, end int    // in the source
	holes      []hole // what only a program that runs knows
	broken     bool   // the text ended within it
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
	w.broken = w.broken || more.broken
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

// address makes a word the URL, without what grants access.
func (d *Draft) address(src []byte, w word) {
	url := strings.TrimSpace(string(w.text))
	url, _, _ = strings.Cut(url, "#")
	holed := len(w.holes) > 0
	front, rest, found := strings.Cut(url, "://")
	if !found {
		front, rest = "", front
	}
	host := strings.IndexAny(rest, "/?")
	if host < 0 {
		host = len(rest)
	}
	if at := strings.LastIndexByte(rest[:host], '@'); at >= 0 {
		d.login(unescapeURL(rest[:at]), w, holed)
		rest = rest[at+1:]
	}
	if path, query, ok := strings.Cut(rest, "?"); ok {
		var kept []string
		for item := range strings.SplitSeq(query, "&") {
			name, value, _ := strings.Cut(item, "=")
			if value != "" && baseurl.NamesSecret(name) {
				d.secret(unescapeURL(value), w, holed)
				continue
			}
			kept = append(kept, item)
		}
		if rest = path; len(kept) > 0 {
			rest += "?" + strings.Join(kept, "&")
		}
	}
	if found {
		rest = front + "://" + rest
	}
	d.URL, d.Partial = rest, holed
	d.unknown(src, w, "the address")
}

func unescapeURL(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' {
			if r, ok := jsontape.HexRune([]byte(text), i+1, 2); ok {
				b.WriteByte(byte(r))
				i += 2
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// login takes the key out of "user:password". Where both are given, the password is the secret.
func (d *Draft) login(text string, w word, holed bool) {
	user, password, _ := strings.Cut(text, ":")
	if password == "" {
		password = user
	}
	before := d.Key
	d.secret(password, w, holed)
	d.weak = before == "" && d.Key != ""
}

// secret makes a text the key, unless it stands for one.
func (d *Draft) secret(text string, w word, holed bool) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
	case holed:
		d.note(NotLiteral, w.start, w.end, "the key is not written out here")
	case placeholder(text):
		d.note(NotLiteral, w.start, w.end, "what stands here only shows where the key belongs")
	case d.Key == "" || d.weak:
		if d.weak {
			d.note(Left, w.start, w.end, "user and password are given as well, and left out")
		}
		d.Key, d.weak = text, false
	case d.Key != text:
		d.note(Left, w.start, w.end, "this is a second secret")
	}
}

// placeholder tells a word that shows where a key belongs from a key.
func placeholder(text string) bool {
	lower := strings.ToLower(text)
	if strings.ContainsAny(text, "<>{}[]$…*% ") || strings.Contains(text, "...") || strings.HasPrefix(lower, "your") ||
		strings.Contains(lower, "xxxx") || strings.Trim(lower, "x") == "" {
		return true
	}
	for _, name := range []string{"API_KEY", "API-KEY", "APIKEY", "TOKEN", "ACCESS_TOKEN", "SECRET"} {
		if strings.HasSuffix(text, name) && strings.ToUpper(text) == text {
			return true
		}
	}
	return false
}

// dullHeaders say nothing that a request made anew does not say by itself. A star stands for any ending.
var dullHeaders = strings.Fields(`accept accept-* alt-used authority cache-control connection content-* dnt expect forwarded
	from host if-* keep-alive method origin path postman-token pragma priority proxy-connection range referer save-data scheme
	sec-* te trailer transfer-encoding upgrade upgrade-insecure-requests user-agent via x-forwarded-* x-requested-with
	x-stainless-*`)

// header takes over a header, written as "Name: value".
func (d *Draft) header(src []byte, w word) {
	name, value, ok := strings.Cut(string(w.text), ":")
	if !ok {
		if name, _, ok = strings.Cut(string(w.text), ";"); !ok { // curl's way to send an empty one
			d.unknown(src, w, "a header")
			return
		}
	}
	d.pair(src, name, strings.TrimSpace(value), w)
}

// pair takes over a header. w is where it stands, with the holes of the value.
func (d *Draft) pair(src []byte, name, value string, w word) {
	name = strings.TrimSpace(name)
	lower := strings.ToLower(strings.TrimLeft(name, ":"))
	holed := len(w.holes) > 0
	switch {
	case value == "" || name == "" || slices.ContainsFunc(dullHeaders, func(dull string) bool {
		start, any := strings.CutSuffix(dull, "*")
		return lower == start || any && strings.HasPrefix(lower, start)
	}):
	case lower == "authorization":
		scheme, rest, two := strings.Cut(value, " ")
		switch {
		case !two:
			d.secret(value, w, holed)
		case strings.EqualFold(scheme, "basic"):
			d.note(Left, w.start, w.end, "user and password of this header are not taken over")
		default:
			d.secret(rest, w, holed)
		}
	case lower == "cookie" || strings.HasPrefix(lower, "proxy-"):
		d.note(Left, w.start, w.end, "the header "+finding.Quote(name)+" is not taken over")
	case secretHeader(lower):
		d.secret(value, w, holed)
	default:
		d.unknown(src, w, "the header "+finding.Quote(name))
		if !holed {
			d.Headers = append(d.Headers, Header{name, value})
		}
	}
}

// secretHeader reports whether the header of this name carries what grants access.
func secretHeader(lower string) bool {
	return baseurl.NamesSecret(lower) || strings.Contains(lower, "token") || strings.Contains(lower, "secret")
}

// seal sees to it that the key, and what looks like another one in the body, stands nowhere else.
func (d *Draft) seal() {
	d.unlock()
	defer func() {
		for i := range d.Notes { // few: a sort of its own kind would weigh more
			for k := i; k > 0 && d.Notes[k].Start < d.Notes[k-1].Start; k-- {
				d.Notes[k], d.Notes[k-1] = d.Notes[k-1], d.Notes[k]
			}
		}
		for i := range d.Notes {
			d.Notes[i].Message = strings.ToValidUTF8(d.Notes[i].Message, "\uFFFD")
		}
	}()
	d.Headers = slices.DeleteFunc(d.Headers, func(h Header) bool { return h.Value == d.Key })
	if !certain(d.Key) {
		return
	}
	if bytes.Contains(d.Body, []byte(d.Key)) {
		d.Body = bytes.ReplaceAll(d.Body, []byte(d.Key), []byte(redacted))
		d.note(Left, 0, 0, "the key stood in the body too, and was taken out")
	}
	d.URL = strings.ReplaceAll(d.URL, d.Key, redacted)
	for i := range d.Headers {
		h := &d.Headers[i]
		h.Name, h.Value = strings.ReplaceAll(h.Name, d.Key, redacted), strings.ReplaceAll(h.Value, d.Key, redacted)
	}
	for i := range d.Notes {
		d.Notes[i].Message = strings.ReplaceAll(d.Notes[i].Message, d.Key, redacted)
	}
}

const redacted = "[redacted]"

// certain reports whether a text is surely a key, and no word such as "none" that servers without keys are given, which
// may stand in a prompt by right.
func certain(key string) bool {
	return len(key) >= 16 || strings.HasPrefix(key, "sk-")
}

// unlock takes keys out of the body, where client libraries' options put them.
func (d *Draft) unlock() {
	var t jsontape.Tape
	if d.Body == nil || !t.Scan(d.Body, jsontape.Limits{}.WithDefaults()) || t.Nodes[0].Kind != jsontape.Object {
		return
	}
	names := schema.ForeignNames()
	var kept []byte
	done := 0
	before := int(t.Nodes[0].Start) + 1 // the end of what stands before a member
	first := true
	for c := uint32(1); c < t.Nodes[0].Next; c = t.Nodes[c].Next {
		nd := &t.Nodes[c]
		if !names[snakeCase(t.Key(c))].Secret {
			before, first = int(nd.End), false
			continue
		}
		if nd.Kind == jsontape.String {
			d.secret(strings.TrimPrefix(t.Text(c), "Bearer "), word{}, false)
		}
		end := int(nd.End)
		if next := nd.Next; first && next < t.Nodes[0].Next { // with the comma behind it
			end = int(t.Nodes[next].KeyStart)
			before = int(nd.KeyStart)
		}
		kept = append(kept, d.Body[done:before]...)
		done, before = end, end
	}
	if done > 0 {
		d.Body = append(kept, d.Body[done:]...)
	}
}

func snakeCase(name string) string {
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		if c >= 'A' && c <= 'Z' {
			if i > 0 {
				b.WriteByte('_')
			}
			c |= 0x20
		}
		b.WriteByte(c)
	}
	return b.String()
}

// contains is slices.Contains, once for all who ask.
//
//go:noinline
func contains(list []string, text string) bool { return slices.Contains(list, text) }
