package baseurl

import (
	"errors"
	"slices"
	"strings"
)

// pathMarks are the marks of RFC 3986, section 3.3, that may stand in a segment as they are.
const pathMarks = "-._~!$&'()*+,;=:@"

// readPath returns the segments of a path, without the empty ones that doubled and trailing slashes make.
func readPath(path string) ([]string, error) {
	var segments []string
	for _, segment := range strings.Split(path, "/") {
		if segment == "" {
			continue
		}
		if strings.ContainsRune(segment, ' ') {
			return nil, errors.New("base URL has white space in its path")
		}
		// Browsers read %2e as a dot here.
		if dots := strings.NewReplacer("%2e", ".", "%2E", ".").Replace(segment); dots == "." || dots == ".." {
			return nil, errors.New("base URL has the segment . or .. in its path, want the path it leads to")
		}
		escaped, ok := escape(segment, pathMarks)
		if !ok {
			return nil, errors.New("base URL has a character in its path that URLs only have as a percent escape")
		}
		segments = append(segments, escaped)
	}
	return segments, nil
}

// readQuery returns a query with its question mark, or "" for an empty one.
func readQuery(query string) (string, error) {
	if query == "" {
		return "", nil
	}
	if strings.ContainsRune(query, ' ') {
		return "", errors.New("base URL has white space in its query")
	}
	for item := range strings.SplitSeq(query, "&") {
		if name, value, _ := strings.Cut(item, "="); value != "" && NamesSecret(name) {
			return "", errors.New("base URL has a key in its query, want the key in its own place")
		}
	}
	escaped, ok := escape(query, pathMarks+"/?")
	if !ok {
		return "", errors.New("base URL has a character in its query that URLs only have as a percent escape")
	}
	return "?" + strings.ReplaceAll(escaped, "'", "%27"), nil // as the URL Standard has it for http
}

// NamesSecret reports whether a parameter of this name carries what grants access: "key", "api-key", "X-Access-Token".
// Such a URL would be shown, copied and kept like any other.
func NamesSecret(name string) bool {
	letters := strings.Map(func(r rune) rune {
		if r < 0x80 && isAlphanumeric(byte(r)) {
			return r
		}
		return -1
	}, strings.ToLower(unescape(name)))
	for _, end := range []string{
		"auth", "authorization", "code", "credential", "credentials", "key", "passwd", "password", "pwd", "secret",
		"sig", "signature", "token",
	} {
		if strings.HasSuffix(letters, end) {
			return true
		}
	}
	return false
}

// unescape decodes the percent escapes in a text, once.
func unescape(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) && isHex(text[i+1]) && isHex(text[i+2]) {
			b.WriteByte(hexValue(text[i+1])<<4 | hexValue(text[i+2]))
			i += 2
		} else {
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

func hexValue(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

// placed reports whether a path says by itself where the API is, so that nothing is put between it and the endpoint.
func placed(path []string) bool {
	n := len(path)
	return slices.ContainsFunc(path, isVersion) || n > 0 && path[n-1] == "beta" || isDeployment(path)
}

// isVersion reports whether a segment is the version of an API: "v1", "v1beta", "v2alpha1".
func isVersion(segment string) bool {
	number, ok := strings.CutPrefix(segment, "v")
	stage := strings.TrimLeft(number, "0123456789")
	if !ok || stage == number {
		return false
	}
	stage = strings.TrimRight(stage, "0123456789")
	return stage == "" || stage == "alpha" || stage == "beta" || stage == "preview"
}

func isDeployment(path []string) bool {
	n := len(path)
	return n >= 2 && path[n-2] == "deployments"
}

// otherEndpoint is an endpoint whose address is pasted for the base of its server.
type otherEndpoint struct {
	path string // its last segments
	what string
	// versioned: its path says little, and counts only right behind a version.
	versioned bool
	// sibling: text completions are asked for beside it, whatever the path before it.
	sibling bool
}

// Longer paths stand before those that they end in.
var otherEndpoints = []otherEndpoint{
	{path: "chat/completions", what: "chat completions", sibling: true},
	{path: "chat", what: "chat completions", versioned: true},
	{path: "models", what: "the list of models", versioned: true},
	{path: "embeddings", what: "embeddings", versioned: true},
	{path: "responses", what: "OpenAI's responses", versioned: true},
	{path: "messages", what: "Anthropic's messages", versioned: true},
	{path: "api/generate", what: "Ollama's own interface"},
	{path: "api/chat", what: "Ollama's own interface"},
	{path: "api/tags", what: "Ollama's own interface"},
	{path: "completion", what: "llama.cpp's own interface"},
	{path: "generate_stream", what: "Text Generation Inference's own interface"},
	{path: "generate", what: "a server's own interface"},
}

// otherEndpointAt returns the endpoint that a path is the address of.
func otherEndpointAt(path []string) (otherEndpoint, bool) {
	for _, other := range otherEndpoints {
		before, ok := other.cut(path)
		if ok && (!other.versioned || len(before) > 0 && isVersion(before[len(before)-1])) {
			return other, true
		}
	}
	return otherEndpoint{}, false
}

// cut returns what stands before the endpoint in a path that ends in it.
func (o otherEndpoint) cut(path []string) ([]string, bool) {
	own := strings.Split(o.path, "/")
	n := len(path) - len(own)
	// A deployment may have any name, "chat" too.
	if n < 0 || !slices.Equal(path[n:], own) || n > 0 && path[n-1] == "deployments" {
		return nil, false
	}
	return path[:n], true
}

// completions returns the path for text completions in place of one that ends in the endpoint.
func (o otherEndpoint) completions(path []string) []string {
	before, _ := o.cut(path)
	if o.sibling {
		return append(slices.Clone(before), "completions")
	}
	return before
}
