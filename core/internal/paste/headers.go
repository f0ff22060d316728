package paste

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/internal/baseurl"
	"github.com/completion-playground/playground/core/internal/finding"
)

// dullHeaders say nothing that a request made anew does not say by itself. A star stands for any ending.
var dullHeaders = strings.Fields(`accept accept-* alt-used authority cache-control connection content-* dnt expect forwarded
	from host if-* keep-alive method origin path postman-token pragma priority proxy-connection range referer save-data scheme
	sec-* te trailer transfer-encoding upgrade upgrade-insecure-requests user-agent via x-forwarded-* x-requested-with
	x-stainless-*`)

func dull(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(dullHeaders, func(dull string) bool {
		start, any := strings.CutSuffix(dull, "*")
		return name == start || any && strings.HasPrefix(name, start)
	})
}

// header takes over a header, written as "Name: value".
func (d *Draft) header(src []byte, w word) {
	name, value, ok := strings.Cut(string(w.text), ":")
	if !ok {
		if name, _, ok = strings.Cut(string(w.text), ";"); !ok { // curl's way to send an empty one
			d.unknown(src, w, "a header")
			return
		}
	}
	d.pair(src, name, value, w)
}

// pair takes over a header. w is where it stands, with the holes of the value.
func (d *Draft) pair(src []byte, name, value string, w word) {
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	lower := strings.ToLower(strings.TrimLeft(name, ":"))
	place := span{w.start, w.end}
	holed := len(w.holes) > 0
	switch {
	case value == "" || name == "" || dull(lower):
	case lower == "authorization":
		scheme, rest, two := strings.Cut(value, " ")
		switch {
		case !two:
			d.secret(value, place, holed)
		case strings.EqualFold(scheme, "basic"):
			d.basic(rest, place, holed)
		default:
			d.secret(rest, place, holed)
		}
	case lower == "cookie":
		d.cookies(value, place)
	case strings.HasPrefix(lower, "proxy-"):
		d.note(Left, w.start, w.end, "the header "+finding.Quote(name)+" is not taken over")
	case secretHeader(lower):
		before := d.Key
		if d.secret(value, place, holed); d.Key != before {
			d.KeyHeader = name
		}
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

// basic takes the key out of user and password in base64 (RFC 7617).
func (d *Draft) basic(text string, place span, holed bool) {
	text = strings.TrimSpace(text)
	plain, err := base64.StdEncoding.DecodeString(text)
	if !holed && err == nil {
		d.login(string(plain), place, false)
		d.hide(text)
	} else {
		d.note(Left, place.start, place.end, "user and password of this header are not taken over")
	}
}

// cookies leaves them all, but for a key that is named as one.
func (d *Draft) cookies(text string, place span) {
	for cookie := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(cookie), "=")
		if d.hide(value); secretHeader(strings.ToLower(name)) && certain(value) {
			d.spare(unescapeURL(value), place)
		}
	}
	d.note(Left, place.start, place.end, "cookies are not taken over")
}
