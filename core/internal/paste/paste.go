// Package paste reads what people paste in place of a request: a command, a call in a program, a recorded exchange. Each
// text is read by the rules of its own language; nothing is repaired, and nothing is evaluated. Its time is linear in the
// text.
//
// Functions with many callers are kept from being inlined, because a page downloads what comes of it.
package paste

import (
	"bytes"
	"slices"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/utf"
)

// Kind names what a text is; it is part of the exported API.
type Kind string

// Draft is a request as it stood in another language.
type Draft struct {
	Kind    Kind
	Name    string   // Kind for people, with its article: "a curl command"
	Body    []byte   // the text of the request, as typed where the language quotes JSON; nil where none could be read
	URL     string   // the address asked as it stands there, "" where none does; without user, password and key
	Partial bool     // the URL has parts that only a program that runs knows
	Method  string   // "" where the text says none
	Headers []Header // those of interest, without secrets
	Key     string   // the API key; it stands nowhere else in a Draft
	// KeyHeader is the header of its own that the key stood in, as it is written: "api-key"; "" for all other places.
	KeyHeader string
	Notes     []Note // by place
	Lost      bool   // a value of the request is not in Body, since only a program knows it; a note says which

	weak   bool     // the key gives way to any that is plainly one
	hidden []string // what else grants access, and the key
}

// Header is a header of a request.
type Header struct{ Name, Value string }

// Note says what was not understood, or not taken over, and where it stands.
type Note struct {
	Code       Code
	Start, End int // bytes of the text that was pasted
	Message    string
}

// Code says what kind of note it is; it is part of the exported API.
type Code string

const (
	Unreadable Code = "unreadable"  // a place from which the language does not allow to read on
	NotLiteral Code = "not-literal" // an expression, a variable, a call: only a program that runs knows its value
	OtherFile  Code = "other-file"  // the value stands in a file
	Left       Code = "left"        // understood, and no part of a request
)

// language is one way of writing a request.
type language struct {
	kind Kind
	name string
	// looks tells at a glance whether a text may be of this language. It reads the text at most once.
	looks func(src []byte) bool
	// read reads it and fills all but Kind and Name. It reports false for a text of another language.
	read func(src []byte, d *Draft) bool
}

// languages go from the most to the least particular: the first that reads a text wins.
var languages = slices.Concat(commands, programs)

// commands and records of exchanges.
var commands = []language{
	{"batch", "a line of a batch file", startsObject, recorded(isBatch)},
	{"har", "a HAR file", startsObject, recorded(isHAR)},
	{"postman", "a Postman request", startsObject, recorded(isPostman)},
	{"insomnia", "an Insomnia request", startsObject, recorded(isInsomnia)},
	{"insomnia", "an Insomnia request", looksInsomnia, readInsomnia},
	{"exchange", "a recorded request", startsObject, recorded(isRequest)},
	{"bruno", "a Bruno request", looksBruno, readBruno},
	{"http", "an HTTP request", looksHTTP, readHTTP},
	{"cmd", "a curl command of cmd.exe", looksCmd, readCmd},
	{"powershell", "a PowerShell command", looksPowerShell, readPowerShell},
	{"curl", "a curl command", looksShell("curl"), readShell("curl")},
	{"wget", "a wget command", looksShell("wget"), readShell("wget")},
	{"httpie", "an HTTPie command", looksShell("http", "https", "xh", "xhs"), readShell("http", "https", "xh", "xhs")},
}

// BeginsAsJSON reports whether a text starts as JSON or as a literal of JavaScript, and so is read as one whatever is wrong
// with it. After a brace neither can have a backslash or an ampersand: that is JSON within another text.
func BeginsAsJSON(src []byte) bool {
	i := jsontape.SkipSpace(src, 0)
	if i == len(src) {
		return true
	}
	if src[i] != '{' && src[i] != '[' || startsTable(src) || labelled(src[i:]) {
		return false
	}
	i = jsontape.SkipSpace(src, i+1)
	return i == len(src) || src[i] != '\\' && src[i] != '&'
}

// ReadRecord is Read for a text that begins as JSON: of the languages, only those of records in JSON may claim one.
func ReadRecord(src []byte) (Draft, bool) {
	return readPlain(src, func(kind Kind) bool {
		switch kind {
		case "batch", "har", "postman", "insomnia", "exchange", "jsonl", "json":
			return true
		}
		return false
	})
}

// Read tells what a text is, and what request stands in it. It reports false for texts that no language claims: JSON in
// particular, whatever is wrong with it.
func Read(src []byte) (Draft, bool) {
	start, end := framed(src)
	if len(bytes.TrimSpace(src[:start])) > len("```powershell") || start == end {
		if d, ok := readPlain(src, anyKind); ok || start == end {
			return d, ok
		}
	}
	d, ok := readPlain(src[start:end], anyKind)
	for i := range d.Notes {
		d.Notes[i].Start += start
		d.Notes[i].End += start
	}
	return d, ok
}

func anyKind(Kind) bool { return true }

func readPlain(src []byte, wanted func(Kind) bool) (Draft, bool) {
	for _, l := range languages {
		if wanted(l.kind) && l.looks(src) {
			d := Draft{Kind: l.kind, Name: l.name}
			if l.read(src, &d) {
				d.seal()
				return d, true
			}
		}
	}
	return Draft{}, false
}

// framed returns what stands between backquotes or behind a byte order mark where that is all of the text, and otherwise
// what fenced returns.
func framed(src []byte) (start, end int) {
	if utf.HasPrefix(src, "\uFEFF") {
		return len("\uFEFF"), len(src)
	}
	text := bytes.TrimSpace(src)
	if n := len(text); n > 2 && text[0] == '`' && text[n-1] == '`' && bytes.Count(text, []byte("`")) == 2 {
		start = bytes.IndexByte(src, '`') + 1
		return start, start + n - 2
	}
	return fenced(src)
}

// fenced returns where the first fenced block of a Markdown text stands, without its fences; nowhere where the text has
// none, or begins as JSON.
func fenced(src []byte) (start, end int) {
	if i := jsontape.SkipSpace(src, 0); i == len(src) || src[i] == '{' || src[i] == '[' {
		return 0, 0
	}
	for i := 0; i < len(src); {
		next := lineEnd(src, i)
		if fence := fenceOf(src[i:next]); fence != "" {
			for end = next; end < len(src) && fenceOf(src[end:lineEnd(src, end)]) != fence; {
				end = lineEnd(src, end)
			}
			return next, end
		}
		i = next
	}
	return 0, 0
}

// lineEnd returns where the line after that of i starts.
//
//go:noinline
func lineEnd(src []byte, i int) int {
	if n := bytes.IndexByte(src[i:], '\n'); n >= 0 {
		return i + n + 1
	}
	return len(src)
}

func fenceOf(line []byte) string {
	line = bytes.TrimLeft(line, " \t>")
	for _, fence := range []string{"```", "~~~"} {
		if utf.HasPrefix(line, fence) {
			return fence
		}
	}
	return ""
}

// startsObject reports whether a text begins as an object.
func startsObject(src []byte) bool {
	i := jsontape.SkipSpace(src, 0)
	return i < len(src) && src[i] == '{'
}
