package core

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"
)

// Secret is a text that printing, logging and encoding never show; only Reveal does. The zero Secret is empty.
//
// The text stands behind a pointer, because package fmt prints unexported fields, and values under a wrong verb,
// without asking their methods. It then shows an address.
type Secret struct{ text *string }

// NewSecret returns a Secret that holds text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// Reveal returns the text.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// String returns "[redacted]", or "" for an empty Secret.
func (s Secret) String() string {
	if s.text == nil {
		return ""
	}
	return "[redacted]"
}

// Format writes what String returns, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, s.String()) }

// MarshalText returns what String returns; encoders such as encoding/json use it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Endpoint is where a request goes.
type Endpoint struct {
	// Base is an http or https URL of at most 2,048 bytes, with or without a trailing "/v1" or slash;
	// "https://api.example.com", "https://gateway.example.com/openai/v1" and "http://[::1]:8000/" all serve. "/v1" is
	// added unless the path has a version ("/v1beta/openai"), ends in "/beta" or "/deployments/NAME", or ends in
	// "/completions" and so is the whole address. A query is kept, unless it carries a key.
	Base string
	// Key is sent as a bearer token; empty sends none.
	Key Secret
	// Headers are at most 16 headers beside Authorization, no two of one name. Their values are kept as secret as the key.
	Headers []Header
}

// HTTPRequest is a request ready to be sent by whatever speaks HTTP; NewRequest of package core/client makes one of package
// net/http of it. Printing, logging and encoding it show everything but the key and the values of own headers.
type HTTPRequest struct {
	Method string
	URL    string
	// Body is the slice that Build was given.
	Body []byte
	// Stream says that the body asks for server-sent events.
	Stream bool

	key Secret
	own []Header
}

// Headers yields name and value of each header in the order to send them: Authorization (with a key only), own headers,
// Content-Type, Accept. The key and the values are in clear.
func (r HTTPRequest) Headers() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		if key := r.key.Reveal(); key != "" && !yield("Authorization", "Bearer "+key) {
			return
		}
		for _, h := range r.own {
			if !yield(h.Name, h.Value.Reveal()) {
				return
			}
		}
		_ = yield("Content-Type", "application/json") && yield("Accept", r.accept())
	}
}

func (r HTTPRequest) accept() string {
	if r.Stream {
		return "text/event-stream"
	}
	return "application/json"
}

// redacted yields what Headers yields, without what is secret.
func (r HTTPRequest) redacted() iter.Seq2[string, string] {
	if r.key != (Secret{}) {
		r.key = NewSecret(r.key.String())
	}
	r.own = slices.Clone(r.own)
	for i, h := range r.own {
		r.own[i].Value = NewSecret(h.Value.String())
	}
	return r.Headers()
}

// String returns the request as it looks on an HTTP/1.1 connection, line ends aside, with what is secret redacted.
func (r HTTPRequest) String() string {
	var b strings.Builder
	b.WriteString(r.Method + " " + r.URL + "\n")
	for name, value := range r.redacted() {
		b.WriteString(name + ": " + value + "\n")
	}
	b.WriteByte('\n')
	b.Write(r.Body)
	return b.String()
}

// Format writes what String returns, whatever the verb.
func (r HTTPRequest) Format(f fmt.State, _ rune) { io.WriteString(f, r.String()) }

// MarshalJSON returns method, url, headers (a list of name and value, what is secret redacted) and body (as a string).
func (r HTTPRequest) MarshalJSON() ([]byte, error) {
	type header struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	var headers []header
	for name, value := range r.redacted() {
		headers = append(headers, header{name, value})
	}
	return json.Marshal(struct {
		Method  string   `json:"method"`
		URL     string   `json:"url"`
		Headers []header `json:"headers"`
		Body    string   `json:"body"`
	}{r.Method, r.URL, headers, string(r.Body)})
}

// Build returns the request that sends body to the endpoint's completion address. It does not look whether the body is
// valid, so that a text can be sent as typed on purpose; it reads just enough of it to choose the Accept header.
// The error says in words what is wrong with the base, the key or a header and repeats none of
// their values.
func Build(e Endpoint, body []byte) (HTTPRequest, error) {
	to, err := e.Addresses()
	if err != nil {
		return HTTPRequest{}, err
	}
	if err := checkKey(e.Key.Reveal()); err != nil {
		return HTTPRequest{}, err
	}
	if err := checkHeaders(e.Headers); err != nil {
		return HTTPRequest{}, err
	}
	return HTTPRequest{
		Method: "POST", URL: to.Completions, Body: body, Stream: asksForStream(body),
		key: e.Key, own: slices.Clone(e.Headers),
	}, nil
}

// checkKey refuses what a header value cannot carry, and what is surely a slip of the clipboard.
func checkKey(key string) error {
	for i := range len(key) {
		switch c := key[i]; {
		case c == '\n' || c == '\r':
			return errors.New("key has a line break in it")
		case c < ' ' || c == 0x7f:
			return errors.New("key has a control character in it")
		case c > 0x7f:
			return errors.New("key has a character outside ASCII in it")
		}
	}
	if strings.TrimSpace(key) != key {
		return errors.New("key starts or ends with a space")
	}
	if len(key) >= 7 && strings.EqualFold(key[:7], "bearer ") {
		return errors.New(`key starts with "Bearer ", want what follows it`)
	}
	return nil
}

// asksForStream reports whether the body's top-level stream, the last if there are several, is true.
func asksForStream(body []byte) bool {
	var t jsontape.Tape
	loose.Read(&t, body, jsontape.Limits{}.WithDefaults(), nil)
	if len(t.Nodes) == 0 || t.Nodes[0].Kind != jsontape.Object {
		return false
	}
	i, ok := t.Member(0, "stream")
	return ok && t.Nodes[i].Kind == jsontape.True
}
