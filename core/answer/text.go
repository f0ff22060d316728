package answer

import (
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/completion-playground/playground/schema"
)

// verdict says whether something holds, as far as it can be told.
type verdict int

const (
	unsure verdict = iota
	yes
	no
)

// aside is how many bytes may stand before an echoed prompt, such as the mark for a beginning.
const aside = 64

// begins tells whether a text begins with a prompt. White space does not count, which tokenizers add and drop. It is
// unsure of a prompt without anything to see, and of a text that may still grow.
func begins(text, prompt string, whole bool) verdict {
	prompt = visible(prompt)
	if prompt == "" || strings.ContainsRune(prompt, unicode.ReplacementChar) {
		return unsure
	}
	// A prefix is all that is needed, and a text may be far longer than its prompt.
	text = visible(text)
	head := text[:min(len(text), len(prompt)+aside)]
	switch {
	case strings.Contains(head, prompt):
		return yes
	case !whole && (strings.HasPrefix(prompt, text) || len(text) < aside):
		return unsure
	}
	return no
}

// visible returns a text without its white space.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}

// finish returns the kind of a finish reason, "other" for a word that is not known and "" for none.
func finish(raw string) string {
	if raw == "" {
		return ""
	}
	for kind, words := range schema.Answers().FinishReasons {
		if slices.Contains(words, strings.ToLower(raw)) {
			return kind
		}
	}
	return "other"
}

var escapedToken = regexp.MustCompile(`^bytes:(?:\\x[0-9A-Fa-f]{2})+$`)

// spelled returns the bytes of a token: OpenAI spells one that is no whole character bytes:\xe2\x80.
func spelled(t Token) string {
	if !escapedToken.MatchString(t.Text) {
		return t.Text
	}
	bytes, _ := hex.DecodeString(strings.ReplaceAll(strings.TrimPrefix(t.Text, "bytes:"), `\x`, ""))
	return string(bytes)
}

// cover returns how many of the first tokens make up a text, and how many bytes of it the first of them are. A mark for
// the beginning may stand before, and a space that the text does not have. ok is false where the tokens are not the
// text, or spelled in a way of their own.
func cover(tokens []Token, text string) (count, first int, ok bool) {
	at := 0
	for i, t := range tokens {
		if at == len(text) {
			return i, first, true
		}
		piece := spelled(t)
		switch {
		case strings.HasPrefix(text[at:], piece):
		case i == 0 && strings.HasPrefix(text, strings.TrimPrefix(piece, " ")):
			piece = strings.TrimPrefix(piece, " ")
		case i == 0:
			piece = ""
		default:
			return 0, 0, false
		}
		at += len(piece)
		if i == 0 {
			first = at
		}
	}
	return len(tokens), first, at == len(text)
}
