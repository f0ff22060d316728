package paste

import (
	"strings"

	"github.com/completion-playground/playground/core/internal/baseurl"
)

// address makes a word the URL, without what grants access.
func (d *Draft) address(src []byte, w word) {
	url := strings.TrimSpace(string(w.text))
	url, _, _ = strings.Cut(url, "#")
	place := span{w.start, w.end}
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
		d.login(unescapeURL(rest[:at]), place, holed)
		rest = rest[at+1:]
	}
	if path, query, ok := strings.Cut(rest, "?"); ok {
		var kept []string
		for item := range strings.SplitSeq(query, "&") {
			name, value, _ := strings.Cut(item, "=")
			if value != "" && baseurl.NamesSecret(name) {
				d.secret(unescapeURL(value), place, holed)
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

// goesTo is address for a text of a program, all of which is known.
//
//go:noinline
func (d *Draft) goesTo(url string, place *value) {
	d.address(nil, word{text: []byte(url), start: place.start, end: place.end})
}

func unescapeURL(text string) string { return string(fromPercents([]byte(text), false)) }
