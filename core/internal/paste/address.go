package paste

import (
	"slices"
	"strings"
)

// takeAddress takes over where a request goes, without the secrets that an address can hold.
func (d *Draft) takeAddress(s string, place *value) {
	s = strings.TrimSpace(s)
	if scheme, rest, ok := strings.Cut(s, "://"); ok {
		host := rest
		if n := strings.IndexAny(rest, "/?#"); n >= 0 {
			host = rest[:n]
		}
		if at := strings.LastIndexByte(host, '@'); at >= 0 {
			d.Notes = append(d.Notes, Note{Left, place.start, place.end, "the address named a user"})
			s = scheme + "://" + rest[at+1:]
		}
	}
	if path, query, ok := strings.Cut(s, "?"); ok {
		query, fragment, _ := strings.Cut(query, "#")
		var kept []string
		for _, pair := range strings.Split(query, "&") {
			name, value, _ := strings.Cut(pair, "=")
			if secretName(name) {
				d.takeKey(value)
			} else {
				kept = append(kept, pair)
			}
		}
		if s = path; len(kept) > 0 {
			s += "?" + strings.Join(kept, "&")
		}
		if fragment != "" {
			s += "#" + fragment
		}
	}
	d.URL = s
}

// secretName reports whether a parameter or a header of this name holds a key.
func secretName(name string) bool {
	name = strings.ReplaceAll(strings.ToLower(name), "_", "-")
	return slices.Contains([]string{"key", "api-key", "apikey", "token", "access-token", "x-api-key", "x-goog-api-key",
		"x-auth-token", "subscription-key", "ocp-apim-subscription-key", "sig", "code", "authorization", "proxy-authorization"}, name)
}

// quietHeaders say nothing about a request that another program would have to say too.
var quietHeaders = nameSet("accept accept-encoding accept-language cache-control connection content-length content-type cookie" +
	" dnt host origin pragma priority referer set-cookie te user-agent")

// takeHeader takes over a header, if it is of interest or holds the key.
func (d *Draft) takeHeader(name, value string) {
	lower := strings.ToLower(name)
	value = strings.TrimSpace(value)
	switch {
	case lower == "authorization" || lower == "proxy-authorization":
		if scheme, key, ok := strings.Cut(value, " "); ok {
			if !strings.EqualFold(scheme, "basic") {
				d.takeKey(strings.TrimSpace(key))
			}
		} else {
			d.takeKey(value)
		}
	case secretName(name):
		d.takeKey(value)
	case quietHeaders[lower] || strings.HasPrefix(lower, "sec-"):
	default:
		d.Headers = append(d.Headers, Header{name, value})
	}
}

// fillers are what client libraries and servers without keys are given for one.
var fillers = nameSet("EMPTY empty none None NONE null dummy ollama not-needed not-used unused no-key-required sk-no-key-required")

// takeKey keeps the first text that can be a key: visible characters, and more than a word that only fills its place.
func (d *Draft) takeKey(s string) {
	const shortest, longest = 4, 4096
	if d.Key != "" || len(s) < shortest || len(s) > longest || fillers[s] || strings.ContainsAny(s, "$<>{}*…\"\\") {
		return
	}
	for _, c := range []byte(s) {
		if c <= ' ' || c > '~' {
			return
		}
	}
	lower := strings.ToLower(s)
	for _, filler := range []string{"your", "api_key", "api-key", "apikey", "xxxx", "...", "changeme", "placeholder"} {
		if strings.Contains(lower, filler) {
			return
		}
	}
	d.Key = s
}

// sealKey makes sure that the key stands nowhere else, and puts the notes in order.
func (d *Draft) sealKey() {
	const mark = "$API_KEY"
	if certain(d.Key) {
		body := string(d.Body)
		if strings.Contains(body, d.Key) {
			d.Body = []byte(strings.ReplaceAll(body, d.Key, mark))
			d.Notes = append(d.Notes, Note{Left, 0, 0, "the key stood in the request too; " + mark + " stands there now"})
		}
		d.URL = strings.ReplaceAll(d.URL, d.Key, mark)
		for i := range d.Headers {
			h := &d.Headers[i]
			h.Name, h.Value = strings.ReplaceAll(h.Name, d.Key, mark), strings.ReplaceAll(h.Value, d.Key, mark)
		}
		for i := range d.Notes {
			d.Notes[i].Message = strings.ReplaceAll(d.Notes[i].Message, d.Key, mark)
		}
	}
	slices.SortStableFunc(d.Notes, func(a, b Note) int { return a.Start - b.Start })
}
