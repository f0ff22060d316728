// Package paste reads what people paste in place of a request: a command, a call in a program, a recorded exchange. Each
// text is read by the rules of its own language; nothing is repaired, and nothing is evaluated. Its time is linear in the
// text.
package paste

// Kind names what a text is; it is part of the exported API.
type Kind string

// Draft is a request as it stood in another language.
type Draft struct {
	Kind    Kind
	Name    string   // Kind for people, with its article: "a curl command"
	Body    []byte   // the text of the request, as typed where the language quotes JSON; nil where none could be read
	URL     string   // the address asked as it stands there, "" where none does; without user, password and key
	Method  string   // "" where the text says none
	Headers []Header // those of interest, without secrets
	Key     string   // the API key; it stands nowhere else in a Draft
	Notes   []Note   // by place
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
var languages = programs

// Read tells what a text is, and what request stands in it. It reports false for texts that no language claims: JSON in
// particular, whatever is wrong with it.
func Read(src []byte) (Draft, bool) {
	for _, l := range languages {
		if l.looks(src) {
			d := Draft{Kind: l.kind, Name: l.name}
			if l.read(src, &d) {
				return d, true
			}
		}
	}
	return Draft{}, false
}
