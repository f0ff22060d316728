// Package baseurl knows what a base URL stands for: the addresses that are asked for completions and for the list of
// models, and the origin that a key belongs to.
//
// # Where /v1 goes
//
// OpenAI's API lives under /v1, and most servers that speak it mount it there, at the root or below a prefix
// (vLLM's --root-path, llama-server's --api-prefix). Client libraries of OpenAI's want the base to end in /v1, other
// programs want it without. Both are taken: "/v1" is added to a path unless the path says by itself where the API is,
// which it does if
//
//   - one of its segments is a version: v and digits, perhaps with alpha, beta or preview behind ("/v1", "/api/v1",
//     "/openai/v1", "/v1/openai" of DeepInfra, "/v1beta/openai" of Gemini),
//   - its last segment is "beta" (DeepSeek answers text completions under /beta),
//   - it ends in "/deployments/NAME" (Azure OpenAI), or
//   - it ends in "/completions": the address itself.
//
// # What is accepted
//
// Everything accepted is read by a browser in the same way: for each address here, the href of the WHATWG URL Standard's
// parser is the address unchanged. One thing is left to the browser: whether a name that comes in its ASCII form ("xn--…")
// is one that Unicode's rules allow. The reverse does not hold. Browsers repair much that is more likely a slip, or a
// trick, than meant: backslashes, "https:/host", line breaks, "127.1", dot segments. Those are refused with the reason.
//
// No error repeats any part of the base, which may hold a password.
package baseurl

import (
	"errors"
	"slices"
	"strings"
)

// MaxBytes is the most bytes that a base, and each address it stands for, may have.
const MaxBytes = 2048

var errLong = errors.New("base URL is longer than 2,048 bytes")

// An Address is what a base stands for. All its URLs are ASCII.
type Address struct {
	// Base is the base in its canonical form, with its query; parsed again, it gives the same Address, Notes aside.
	Base string
	// Completions is where text completions are asked for, by POST.
	Completions string
	// Models is where the list of models is asked for, by GET.
	Models string
	// Origin is scheme, host and, unless it is the scheme's own, port: "https://api.example.com".
	Origin string
	// Host is the origin without its scheme, for people. Internationalized names are in their ASCII form, in which two
	// names that look alike do not.
	Host string
	// Notes say what was assumed or is not plain to see, one sentence each, without its full stop.
	Notes []string
}

// Parse reads a base that has its scheme. The error says what is wrong, and how to mend it where that is clear.
func Parse(base string) (Address, error) {
	l, err := read(strings.TrimSpace(base))
	if err != nil {
		return Address{}, err
	}
	if other, ok := otherEndpointAt(l.path); ok {
		return Address{}, errors.New("base URL is that of " + other.what + ", want the part before /" + other.path)
	}
	return l.address()
}

// ParseTyped reads what a person typed or pasted. It takes what Parse takes, and completes what Parse refuses where
// there is one likely meaning: a missing scheme becomes http for this machine and its network and https elsewhere, and
// the address of another endpoint, such as chat completions, stands for the server that has it. Notes tell so.
func ParseTyped(text string) (Address, error) {
	base, note := completeScheme(strings.TrimSpace(text))
	l, err := read(base)
	if err != nil {
		return Address{}, err
	}
	if note != "" {
		l.notes = append(l.notes, note)
	}
	for {
		other, ok := otherEndpointAt(l.path)
		if !ok {
			break
		}
		l.path = other.completions(l.path)
		note := "/" + other.path + " belongs to " + other.what + "; text completions have an address of their own"
		if !slices.Contains(l.notes, note) {
			l.notes = append(l.notes, note)
		}
	}
	return l.address()
}

// location is a URL in its parts, each in its canonical form.
type location struct {
	origin string
	host   string
	path   []string
	query  string // with its question mark, or empty
	notes  []string
}

func read(base string) (location, error) {
	if len(base) > MaxBytes {
		return location{}, errLong
	}
	if err := checkCharacters(base); err != nil {
		return location{}, err
	}
	if base == "" {
		return location{}, errors.New("base URL is missing, want one such as http://localhost:8000")
	}
	scheme, rest, err := cutScheme(base)
	if err != nil {
		return location{}, err
	}
	if strings.ContainsRune(rest, '#') {
		return location{}, errors.New("base URL has a fragment (#…), want the address alone")
	}
	rest, query, _ := strings.Cut(rest, "?")
	authority, path, _ := strings.Cut(rest, "/")
	var l location
	if l.host, l.notes, err = readAuthority(scheme, authority); err != nil {
		return location{}, err
	}
	l.origin = scheme + "://" + l.host
	if l.path, err = readPath(path); err != nil {
		return location{}, err
	}
	l.query, err = readQuery(query)
	return l, err
}

// cutScheme returns the scheme in lower case and what follows its "://".
func cutScheme(base string) (scheme, rest string, err error) {
	scheme, rest, found := strings.Cut(base, "://")
	scheme = strings.ToLower(scheme)
	if found && (scheme == "http" || scheme == "https") {
		lower := strings.ToLower(rest)
		if strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://") {
			return "", "", errors.New("base URL names its scheme twice, want it once")
		}
		return scheme, rest, nil
	}
	// A password in front of the host is the graver mistake.
	if authority, _ := cutAuthority(base); !found && strings.ContainsRune(authority, '@') {
		return "", "", errUser
	}
	lower := strings.ToLower(base)
	for _, s := range []string{"https", "http"} {
		switch {
		case strings.HasPrefix(lower, s+"//"):
			return "", "", errors.New("base URL lacks the colon after " + s + ", want " + s + "://")
		case strings.HasPrefix(lower, s+":") && !found:
			return "", "", errors.New("base URL lacks a slash after " + s + ":, want " + s + ":// and the host")
		}
	}
	return "", "", errors.New("base URL has to start with https:// or http://")
}

// cutAuthority splits what follows a scheme before its path, query or fragment.
func cutAuthority(rest string) (authority, after string) {
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		return rest[:i], rest[i:]
	}
	return rest, ""
}

// completeScheme puts the likely scheme in front of a text that is a host with perhaps a port and more, and says so. Any
// other text stays as it is. A bare name without dot or port could be anything, except that of this machine.
func completeScheme(text string) (base, note string) {
	authority, _ := cutAuthority(text)
	if strings.Contains(text, "://") || strings.ContainsRune(authority, '@') {
		return text, ""
	}
	name, port, err := cutPort(authority)
	lower := strings.ToLower(name)
	if err != nil || name == "" || lower == "http" || lower == "https" {
		return text, ""
	}
	if port == "" && lower != "localhost" && !strings.ContainsAny(name, ".[") {
		return text, ""
	}
	scheme := "https"
	if host, _, err := readHost(name); err == nil && isLocal(host) {
		scheme = "http"
	}
	return scheme + "://" + text, "the scheme " + scheme + ":// was assumed"
}

// address applies the rule of the package documentation.
func (l location) address() (Address, error) {
	parent, whole := l.path, false
	if n := len(l.path); n > 0 && l.path[n-1] == "completions" {
		parent, whole = l.path[:n-1], true
	} else if !placed(l.path) {
		parent = append(slices.Clone(l.path), "v1")
	}
	base := l.path
	if _, other := otherEndpointAt(parent); whole && placed(parent) && !other {
		base = parent
	}
	// A deployment is one model; those that there are stand beside all deployments.
	list := parent
	if n := len(parent); isDeployment(parent) {
		list = parent[:n-2]
	}
	completions := l.url(parent, "completions")
	// Percent escapes may have made it longer.
	if len(completions) > MaxBytes {
		return Address{}, errLong
	}
	return Address{
		Base:        l.url(base),
		Completions: completions,
		Models:      l.url(list, "models"),
		Origin:      l.origin,
		Host:        l.host,
		Notes:       l.notes,
	}, nil
}

func (l location) url(path []string, more ...string) string {
	url := l.origin
	for _, segment := range path {
		url += "/" + segment
	}
	for _, segment := range more {
		url += "/" + segment
	}
	if url == l.origin && l.query != "" {
		url += "/"
	}
	return url + l.query
}
