package core

import (
	"strings"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/paste"
	"github.com/completion-playground/playground/core/internal/utf"
	"github.com/completion-playground/playground/schema"
)

// Imported is a request that stood in another language: in a command, in a call of a program, in the record of an exchange.
type Imported struct {
	// Kind names the language in one word, such as "curl", "powershell" or "har". It is stable.
	Kind string
	// Name is the same for people, with its article: "a curl command".
	Name string
	// Text is the request: as typed where the language quotes JSON, with comments and all digits, and otherwise JSON with
	// one member a line. It may have mistakes, which Check finds. It is nil where no request could be read; Notes say why.
	Text []byte
	// URL is the address that was asked as it stands in the text, without what grants access; "" where there is none.
	URL string
	// Base is the base of an Endpoint for that address, and Host its host for people; "" where it stands for none, as one
	// with variables in it. Path is the path that was asked, such as "/v1/chat/completions".
	Base, Host, Path string
	// Method is in upper case, "" where the text says none.
	Method string
	// Profile is the name of the profile that servers at Host usually have, "" where that is not known. It is a guess.
	Profile string
	// Headers are those that say something a request made anew would not, in their order and without secrets.
	Headers []ImportedHeader
	// Key is the API key that stood in a header, in the address or in the body. It stands nowhere else in an Imported.
	Key Secret
	// KeyHeader names the header that the key stood in where it is another than Authorization: "x-api-key"; "" for all other
	// places. A request made anew carries the key there, as one of Endpoint.Headers.
	KeyHeader string
	// Notes say what was not understood or not taken over, by place.
	Notes []ImportNote
}

// ImportedHeader is a header of a request.
type ImportedHeader struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// ImportNote says what was not understood, or not taken over, and where that stands in the text.
type ImportNote struct {
	// Code is "unreadable" (from here on the text cannot be read), "not-literal" (a variable, an expression or a call,
	// which only a program that runs knows; in Text its source stands in its place), "other-file" (the value stands in a
	// file) or "left" (understood, and no part of the request).
	Code    string `json:"code"`
	Span    Span   `json:"span"` // empty and at the start where it is about the whole
	Message string `json:"message"`
}

// Import reads a text that holds a request in another language: a command for sh, cmd.exe or PowerShell, a call in a
// program, HTTP as text, what programs for requests export, a log, an encoded text, and others; web/docs/architecture.md
// lists all kinds. Each is read by the rules of its own language: nothing is repaired, run or looked up, and what only a
// program that runs would know is named in a note. It reports false for a text of none of these, JSON and literals of
// JavaScript among them, and for one of more than 16 MiB.
func Import(text []byte) (Imported, bool) {
	if len(text) > (jsontape.Limits{}).WithDefaults().Bytes {
		return Imported{}, false
	}
	d, ok := paste.Read(text)
	if !ok {
		return Imported{}, false
	}
	r := Imported{Kind: string(d.Kind), Name: d.Name, Text: d.Body, URL: d.URL, Path: pathOf(d.URL), Method: d.Method, Key: NewSecret(d.Key), KeyHeader: d.KeyHeader}
	if a, err := ParseTypedBase(d.URL); err == nil && !d.Partial && d.URL[0] != '/' {
		r.Base, r.Host, r.Profile = a.Base, a.Host, schema.ProfileAt(a.Host)
	}
	for _, h := range d.Headers {
		r.Headers = append(r.Headers, ImportedHeader(h))
	}
	offsets := make([]int, 0, 2*len(d.Notes))
	for _, n := range d.Notes {
		offsets = append(offsets, n.Start, n.End)
	}
	places := utf.Locate(text, offsets...)
	for i, n := range d.Notes {
		span := Span{Position(places[2*i]), Position(places[2*i+1])}
		r.Notes = append(r.Notes, ImportNote{string(n.Code), span, n.Message})
	}
	return r, true
}

// pathOf returns the path of an address as it is written.
func pathOf(url string) string {
	if _, rest, ok := strings.Cut(url, "://"); ok {
		url = rest
	}
	url, _, _ = strings.Cut(url, "?")
	if n := strings.IndexByte(url, '/'); n >= 0 {
		return url[n:]
	}
	return ""
}
