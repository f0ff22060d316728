package client

import (
	"errors"
	"html"
	"slices"
	"strconv"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/schema"
)

// A redactor removes the key and the values of own headers from what a server sends back. Servers do echo them: in
// messages ("incorrect API key: …"), in locations, in debug pages, and a broken one in its status line, which net/http
// then quotes.
type redactor struct{ secrets []string }

func newRedactor(e core.Endpoint) redactor {
	var r redactor
	if key := e.Key.Reveal(); key != "" {
		r.secrets = append(r.secrets, key)
	}
	for _, h := range e.Headers {
		if value := h.Value.Reveal(); len(value) >= schema.Headers().SecretBytes {
			r.secrets = append(r.secrets, value)
		}
	}
	return r
}

// long returns a redactor of the secrets that do not stand in ordinary words.
func (r redactor) long() redactor {
	return redactor{slices.DeleteFunc(slices.Clone(r.secrets), func(secret string) bool { return len(secret) < schema.Headers().SecretBytes })}
}

// text returns s with each appearance of a secret replaced, written out or with any of its characters escaped as in
// JSON, URLs or HTML.
func (r redactor) text(s string) string {
	if len(r.secrets) == 0 {
		return s
	}
	var b strings.Builder
	from := 0
	for i := 0; i < len(s); {
		n := -1
		for _, secret := range r.secrets {
			switch s[i] {
			case secret[0], '\\', '%', '&':
				n = max(n, matchKey(s[i:], secret))
			}
		}
		if n < 0 {
			i++
			continue
		}
		b.WriteString(s[from:i])
		b.WriteString("[redacted]")
		i += n
		from = i
	}
	b.WriteString(s[from:])
	return b.String()
}

// matchKey returns the length of the key's appearance that s starts with, -1 if it starts with none.
func matchKey(s, key string) int {
	if key == "" {
		return 0
	}
	if s != "" && s[0] == key[0] {
		if n := matchKey(s[1:], key[1:]); n >= 0 {
			return 1 + n
		}
	}
	if skip := escapeOf(s, key[0]); skip > 0 {
		if n := matchKey(s[skip:], key[1:]); n >= 0 {
			return skip + n
		}
	}
	return -1
}

const longestEscape = 12 // of a character, with room for leading zeros: &#x000003c;

// escapeOf returns the length of the escape for c that s starts with, 0 if it starts with none.
func escapeOf(s string, c byte) int {
	hex := func(from, to int) bool {
		if to > len(s) {
			return false
		}
		v, err := strconv.ParseUint(s[from:to], 16, 16)
		return err == nil && v == uint64(c)
	}
	switch {
	case strings.HasPrefix(s, `\u`) && hex(2, 6):
		return 6
	case len(s) > 1 && s[0] == '\\' && s[1] == c:
		return 2
	case strings.HasPrefix(s, "%") && hex(1, 3):
		return 3
	case strings.HasPrefix(s, "&"):
		end := strings.IndexByte(s[:min(len(s), longestEscape)], ';') + 1
		if html.UnescapeString(s[:end]) == string(rune(c)) {
			return end
		}
	}
	return 0
}

// raw returns at most the first most bytes of body as text. Bytes near the place of the cut may go missing, because
// what is left of a secret there could not be recognised.
func (r redactor) raw(body []byte, most int) string {
	slack := r.slack()
	if len(body) < most+slack {
		s := r.text(string(body))
		return s[:min(len(s), most)]
	}
	s := r.text(string(body[:most+slack]))
	return s[:min(max(len(s)-slack, 0), most)]
}

// slack is how many bytes beyond a limit have to be read to recognise a secret that lies across it.
func (r redactor) slack() int {
	longest := 0
	for _, secret := range r.secrets {
		longest = max(longest, len(secret))
	}
	return longestEscape * longest
}

// problem returns p without secrets, fit to be shown.
func (r redactor) problem(p Problem) Problem {
	for _, s := range []*string{&p.Code, &p.Type, &p.Param, &p.Message, &p.Upstream} {
		*s = printable(r.text(*s))
	}
	return p
}

// cause returns err, or if its text shows a secret, an error with the text alone: what it wraps would still show it.
func (r redactor) cause(err error) error {
	text := err.Error()
	if clean := r.text(text); clean != text {
		return errors.New(clean)
	}
	return err
}
