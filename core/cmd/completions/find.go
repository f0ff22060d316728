package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/batch"
)

// request is one that was found in a host.
type request struct {
	// body is the text to check; nil where no more of it can be read than what notes say.
	body []byte
	// in is where it stands: all of the file, a block of Markdown, a command, a call.
	in piece
	// at is where the body's own bytes stand in in, -1 where they stand there in another form, or more than once.
	at int
	// foreign says that another language holds the request, so that not all of it need be known.
	foreign bool
	source  core.Imported // what else is known of it then
	notes   []note
}

// note is something to say of how a request stands in another language.
type note struct {
	code       string
	message    string
	start, end int // in the host
}

// finder finds requests in a text of one language.
type finder func(p piece) []request

// mostRequests bounds what is looked at in one text that is not JSON Lines, and mostContext how large such a text may be
// for a request in it to be read together with what stands around it, such as the variables that it uses.
const (
	mostRequests = 1_000
	mostContext  = 256 << 10
)

// languages maps the ending of a file's name, or the word behind the fence of a block in Markdown, to what finds requests
// there.
var languages map[string]finder

func init() {
	languages = map[string]finder{}
	for names, f := range map[string]finder{
		"md markdown mdx rmd qmd":     findInMarkdown,
		"http rest":                   findInHTTP,
		"sh bash zsh ksh shell fish":  findInShell,
		"console shell-session":       findInShell,
		"sh-session terminal bats":    findInShell,
		"py python pyi pycon python3": findInPython,
		"ipynb":                       findInNotebook,
		"json jsonc json5 har":        findWhole,
		"jsonl ndjson":                findInLines,
	} {
		for name := range strings.FieldsSeq(names) {
			languages[name] = f
		}
	}
}

// asLanguages are the words for -as.
var asLanguages = []string{"auto", "json", "jsonl", "http", "md", "sh", "py", "ipynb"}

// languageOf returns the language of a file by its name, "" where that tells nothing.
func languageOf(name string) string {
	ending := strings.ToLower(strings.TrimPrefix(filepath.Ext(name), "."))
	if languages[ending] == nil {
		return ""
	}
	return ending
}

// notChecked is the code of the note on requests that are passed over.
const notChecked = "not-checked"

// passedOver stands for the requests of a text from a byte on, which are too many to look at. Whoever checks the file must
// not take it for one without mistakes.
func passedOver(p piece, from int) request {
	at := p.offset(from)
	return request{in: p.cut(from, len(p.text)), at: -1, foreign: true, notes: []note{{notChecked,
		fmt.Sprintf("more than %d requests stand in one text; those from here on were not checked", mostRequests), at, at}}}
}

// findWhole takes a text for a request, unless it holds one in another language.
func findWhole(p piece) []request {
	if r, ok := imported(p, true); ok {
		return []request{r}
	}
	return []request{{body: p.text, in: p}}
}

// findInLines finds the requests of JSON Lines, which may stand in the envelopes of a batch file.
func findInLines(p piece) (found []request) {
	for line, err := range batch.Check(context.Background(), bytes.NewReader(p.text), batch.Options{}) {
		if err != nil {
			break // a text in memory has no error
		}
		start := int(line.Offset)
		r := request{in: p.cut(start, start+len(line.Text)), at: line.BodyStart}
		if line.BodyEnd > 0 {
			r.body = bytes.Clone(line.Body())
		}
		found = append(found, r)
	}
	return found
}

// findImported finds the request in a text of any language that can be imported.
func findImported(p piece) []request {
	if r, ok := imported(p, false); ok {
		return []request{r}
	}
	return nil
}

// imported reads the request that a text holds in another language. sure says that one stands there whatever its address
// is.
func imported(p piece, sure bool) (request, bool) {
	return importedPart(p, p.text, span{0, len(p.text)}, sure)
}

// importedPart reads the request that stands in a part of p together with what is around it: text is the beginning of p,
// or white space in place of some of it.
func importedPart(p piece, text []byte, part span, sure bool) (request, bool) {
	i, ok := core.Import(text)
	if !ok || !sure && !wanted(&i, text[part.start:part.end]) {
		return request{}, false
	}
	part.start += part.end - part.start - len(bytes.TrimLeft(p.text[part.start:part.end], " \t\r\n"))
	r := request{body: i.Text, in: p.cut(part.start, part.end), at: -1, foreign: true, source: i}
	if n := bytes.Index(r.in.text, i.Text); len(i.Text) > 0 && n >= 0 && !bytes.Contains(r.in.text[n+1:], i.Text) {
		r.at = n
	}
	for _, n := range i.Notes {
		if n.Code != "left" && !strings.HasSuffix(n.Message, "in the address") && !strings.HasPrefix(n.Message, "Authorization: ") {
			r.notes = append(r.notes, note{n.Code, n.Message, p.offset(n.Span.Start.Byte), p.offset(n.Span.End.Byte)})
		}
	}
	return r, true
}

var chatCall = regexp.MustCompile(`\bchat\s*\.\s*completions\b`)

// wanted reports whether a request is one of completions: by its path, or where that says nothing by its prompt.
func wanted(i *core.Imported, text []byte) bool {
	path := strings.TrimRight(i.Path, "/")
	switch {
	case strings.HasSuffix(path, "/chat/completions") || chatCall.Match(text):
		return false
	case strings.HasSuffix(path, "/completions"):
		return true
	case path != "" && !strings.HasSuffix(path, "/v1"):
		return false
	}
	return hasPrompt(i.Text)
}

// hasPrompt reports whether a text is a request as far as its fields tell.
func hasPrompt(text []byte) bool {
	var n core.Inspector
	n.Inspect(text)
	for _, f := range n.Fields() {
		if f.Field == "prompt" {
			return true
		}
	}
	return false
}

// span is a stretch of a text, in bytes.
type span struct{ start, end int }

// masked returns a text in which white space stands for all but the spans, which are sorted: line breaks stay, and so does
// every offset.
func masked(text []byte, keep ...span) []byte {
	out := make([]byte, len(text))
	at := 0
	hide := func(end int) {
		for ; at < end; at++ {
			out[at] = ' '
			if text[at] == '\n' || text[at] == '\r' {
				out[at] = text[at]
			}
		}
	}
	for _, s := range keep {
		if s.start >= at {
			hide(s.start)
			at = s.start + copy(out[s.start:s.end], text[s.start:s.end])
		}
	}
	hide(len(text))
	return out
}
