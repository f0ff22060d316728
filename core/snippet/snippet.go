// Package snippet writes a request as code that sends it: commands for three shells, programs in Python, TypeScript and
// Go, and HTTP as text.
//
//	r, err := core.Build(endpoint, core.Body(text))
//	s, err := snippet.Write(r, "python-openai")
//	fmt.Print(s.Text)
//
// What is secret is never in a snippet: the key and the values of own headers stand as variables of the environment.
// Numbers keep their value, integers of 64 bits included; where a language or a package would round one, the body stands
// in the program as the text that is sent.
package snippet

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/schema"
)

// writers write the languages of schema/languages.json, by name.
var writers = map[string]func(*writer){
	"curl":              (*writer).curl,
	"curl-cmd":          (*writer).curlCmd,
	"powershell":        (*writer).powershell,
	"python-openai":     (*writer).pythonOpenAI,
	"python-httpx":      (*writer).pythonHTTPX,
	"python":            (*writer).python,
	"typescript-openai": (*writer).typescriptOpenAI,
	"typescript-atoma":  (*writer).typescriptAtoma,
	"typescript":        (*writer).typescript,
	"go-openai":         (*writer).goOpenAI,
	"go-client":         (*writer).goClient,
	"go":                (*writer).goHTTP,
	"http":              (*writer).http,
}

// Languages lists the languages in the order to offer them. The caller owns the list.
func Languages() []schema.Language { return slices.Clone(schema.Languages()) }

// Snippet is a request as code.
type Snippet struct {
	// Text is the program or the command; it ends with a line break.
	Text string `json:"text"`
	// Files are read by the program when it runs, from the folder it runs in: texts too long to stand in code.
	Files []File `json:"files"`
	// Notes say in a sentence each what the language or its package cannot express.
	Notes []string `json:"notes"`
}

// File is one that a program reads.
type File struct {
	Name    string `json:"name"`
	Content string `json:"content"`
}

// Longest is how many bytes a text may have in code; a longer one stands in a file of its own.
const Longest = 16 << 10

// Write writes a request, as core.Build gives it, in the language of that name. The error says that the name is unknown,
// or that the body is no JSON object, which a body of core.Body always is. Only curl sends any bytes.
func Write(r core.HTTPRequest, language string) (Snippet, error) {
	write, ok := writers[language]
	if !ok {
		return Snippet{}, fmt.Errorf("snippet: there is no language %q", language)
	}
	w := writer{r: r, secrets: r.SecretHeaders()}
	if object := w.t.Scan(r.Body, jsontape.Limits{}.WithDefaults()) && w.t.Nodes[0].Kind == jsontape.Object; !object && language != "curl" {
		return Snippet{}, errors.New("snippet: the body is no JSON object")
	}
	if err := w.split(); err != nil {
		return Snippet{}, err
	}
	write(&w)
	return Snippet{Text: strings.TrimRight(w.b.String(), "\n") + "\n", Files: w.files, Notes: w.notes}, nil
}

// writer writes one snippet.
type writer struct {
	r       core.HTTPRequest
	t       jsontape.Tape
	secrets []core.SecretHeader
	// base is the address without "/completions" and the query, as SDKs take it.
	base  string
	query [][2]string

	b     strings.Builder
	files []File
	notes []string
}

// split takes the address apart for SDKs.
func (w *writer) split() error {
	u, err := url.Parse(w.r.URL)
	if err != nil {
		return err
	}
	pairs := u.RawQuery
	u.RawQuery, u.Fragment = "", ""
	w.base = strings.TrimSuffix(u.String(), "/completions")
	for pair := range strings.SplitSeq(pairs, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if name, err := url.QueryUnescape(name); err == nil && name != "" {
			if value, err := url.QueryUnescape(value); err == nil {
				w.query = append(w.query, [2]string{name, value})
			}
		}
	}
	return nil
}

// line writes a line.
func (w *writer) line(parts ...string) {
	for _, part := range parts {
		w.b.WriteString(part)
	}
	w.b.WriteByte('\n')
}

// text writes lines as they stand.
func (w *writer) text(lines string) { w.b.WriteString(strings.TrimPrefix(lines, "\n")) }

// plainHeaders are the headers without secrets.
func (w *writer) plainHeaders() [][2]string {
	var list [][2]string
	for name, value := range w.r.Headers() {
		if !slices.ContainsFunc(w.secrets, func(s core.SecretHeader) bool { return s.Name == name }) {
			list = append(list, [2]string{name, value})
		}
	}
	return list
}

// apart puts a text into a file and returns its name: name.txt, name-2.txt and so on.
func (w *writer) apart(name, extension, content string) string {
	file := name + extension
	for n := 2; ; n++ {
		taken := false
		for _, f := range w.files {
			taken = taken || f.Name == file
		}
		if !taken {
			break
		}
		file = fmt.Sprintf("%s-%d%s", name, n, extension)
	}
	w.files = append(w.files, File{file, content})
	return file
}

// key returns the variable of the bearer token, "" where none is sent.
func (w *writer) key() string {
	for _, s := range w.secrets {
		if s.Name == "Authorization" {
			return s.Variable
		}
	}
	return ""
}

// own are the secret headers beside Authorization.
func (w *writer) own() []core.SecretHeader {
	var list []core.SecretHeader
	for _, s := range w.secrets {
		if s.Name != "Authorization" {
			list = append(list, s)
		}
	}
	return list
}
