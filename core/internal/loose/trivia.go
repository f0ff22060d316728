package loose

import (
	"bytes"

	"github.com/completion-playground/playground/core/internal/utf"
)

// Trivia is a piece of what stands between two tokens of a document.
type Trivia uint8

const (
	TriviaEnd   Trivia = iota // nothing is left
	TriviaSpace               // white space without line breaks
	TriviaBreak               // one line break
	TriviaLine                // a comment up to, but without, the line break
	TriviaBlock               // a comment with an end of its own
	TriviaComma
	TriviaColon
	TriviaOther // anything else: text that belongs to no value
)

// TriviaAt returns the piece at src[i:end] and where it ends.
func TriviaAt(src []byte, i, end int) (Trivia, int) {
	if i >= end {
		return TriviaEnd, end
	}
	switch src[i] {
	case '\n', '\r':
		return TriviaBreak, i + utf.BreakLen(src[i:end])
	case ',':
		return TriviaComma, i + 1
	case ':':
		return TriviaColon, i + 1
	case '#':
		return TriviaLine, i + utf.LineLen(src[i:end])
	case '/':
		switch rest := src[i:end]; {
		case bytes.HasPrefix(rest, []byte("//")):
			return TriviaLine, i + utf.LineLen(src[i:end])
		case bytes.HasPrefix(rest, []byte("/*")):
			if n := bytes.Index(rest[2:], []byte("*/")); n >= 0 {
				return TriviaBlock, i + n + 4
			}
		}
		return TriviaOther, end
	}
	if after := utf.SkipBlank(src, i, end); after > i {
		return TriviaSpace, after
	}
	return TriviaOther, end
}
