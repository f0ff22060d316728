package edit

import "fmt"

// Kind is what an error of this package is, whatever its words say.
type Kind string

// Error returns a few words; those of an error that is of the kind say more.
func (k Kind) Error() string { return string(k) }

// The kinds, which package core hands out.
const (
	ErrNotJSON    Kind = "the value is no JSON"
	ErrPath       Kind = "the path leads nowhere"
	ErrTooLarge   Kind = "the text is too large"
	ErrUnreadable Kind = "the text cannot be read"
)

// fault is an error of a kind in words of its own.
type fault struct {
	kind  Kind
	words string
}

// Error returns the words.
func (f *fault) Error() string { return f.words }

// Unwrap returns the kind.
func (f *fault) Unwrap() error { return f.kind }

func (k Kind) because(format string, args ...any) error {
	return &fault{k, fmt.Sprintf(format, args...)}
}
