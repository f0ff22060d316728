package answer

import (
	"cmp"
	"encoding/hex"
	"strings"
	"sync"
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

// Begins reports whether a whole text begins with a prompt, as an echo does. White space does not count, nor up to 64 bytes
// before, such as a mark for the beginning. ok is false where that cannot be told.
func Begins(text, prompt string) (begun, ok bool) {
	v := begins(text, prompt, true)
	return v == yes, v != unsure
}

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

// FinishKind returns the kind of a server's word for a finish reason, in whatever case: a name of finishReasons in
// schema/answers.json, "other" for a word that is not known, and "" for none.
func FinishKind(raw string) string {
	if raw == "" {
		return ""
	}
	return cmp.Or(finishKinds()[strings.ToLower(raw)], "other")
}

var finishKinds = sync.OnceValue(func() map[string]string {
	kinds := map[string]string{}
	for kind, words := range schema.Answers().FinishReasons {
		for _, word := range words {
			kinds[word] = kind
		}
	}
	return kinds
})

// EscapedBytes returns the bytes of a token that is no whole character, as OpenAI spells it: bytes:\xe2\x80. It is nil for
// any other.
func EscapedBytes(token string) []byte {
	digits, ok := strings.CutPrefix(token, "bytes:")
	if !ok || len(digits) == 0 || len(digits)%4 != 0 {
		return nil
	}
	bytes := make([]byte, 0, len(digits)/4)
	for ; digits != ""; digits = digits[4:] {
		if digits[:2] != `\x` {
			return nil
		}
		var err error
		if bytes, err = hex.AppendDecode(bytes, []byte(digits[2:4])); err != nil {
			return nil
		}
	}
	return bytes
}

// spelled returns the text of a token that its bytes make.
func spelled(t Token) string {
	if bytes := EscapedBytes(t.Text); bytes != nil {
		return string(bytes)
	}
	return t.Text
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
