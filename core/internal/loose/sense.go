package loose

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/utf"
)

// Kinds is a set of kinds of values. Those from ItemTexts on are what the items of a list may be.
type Kinds uint16

const (
	Texts Kinds = 1 << iota
	Numbers
	Booleans
	Lists
	Objects
	Anything // what a member may hold of which only the name is known
	ItemTexts
	ItemNumbers
	ItemBooleans
	ItemLists
	ItemObjects
)

// items returns what the items of a list may be, as a set of values.
func (k Kinds) items() Kinds { return k / ItemTexts }

// Names tells one reading of a broken text from another by what is known of the members of the outermost object.
type Names interface {
	// Takes returns what a member of that name may hold, and 0 for a name that is not known.
	Takes(name []byte) Kinds
}

// What a reading costs: the less sense it makes, the more. A slip, one character that is wrong, missing or too many, is the
// unit; only the order of the sums counts.
const (
	costSlip     = 40
	costOdd      = 3  // another language's way of writing
	costComment  = 15 // between tokens, where a text without its quotes may look like one
	costStrange  = 12 // a text that looks like a piece of structure
	costControl  = 15 // a line break within a text
	costWrong    = 20 // a mistake that is no matter of structure, or a value that its field does not take
	costBare     = 25 // a text without quotes
	costSkip     = 60 // a value or a name that was never written
	costNoValue  = 50 // a value that was not written yet
	costTrailing = 50 // text after the value
	costFailed   = 70 // a mistake that nothing mends
	margin       = 10 // by how much the best reading has to be better than the next one
)

// keySense returns what it costs to take text for the name of a member of top, and what the member may hold.
func (w *walk) keySense(top *level, text []byte) (cost int, takes Kinds) {
	if w.names != nil {
		takes = w.names.Takes(text)
	}
	switch known := takes != 0; {
	case top.up == nil:
		if known {
			return 0, takes
		}
		if w.names != nil {
			cost = costStrange
		}
	case top.up.up != nil || !top.up.object:
		takes = 0
	case known && top.known:
		takes, cost = 0, costStrange+costOdd
	case known:
		takes, cost = 0, costOdd
	}
	if len(text) == 0 {
		return cost + costBare, takes
	}
	if last := text[len(text)-1]; last == '-' || last == '.' {
		cost += costStrange
	}
	for _, c := range text {
		switch {
		case c < ' ' || bytes.IndexByte([]byte(`,:[]{}"\`), c) >= 0:
			return cost + costSkip, takes
		case c == ' ' && cost < costWrong:
			cost += costStrange
		}
	}
	return cost, takes
}

// textSense returns what it costs to take text for a value where takes is expected, a lone one or an item of a list.
func textSense(text []byte, takes Kinds, lone bool) (cost int) {
	if bytes.IndexByte(text, '\n') >= 0 {
		cost = costControl
	}
	trimmed := bytes.TrimSpace(text)
	if len(trimmed) == 0 {
		return cost
	}
	cost += min(misplacedQuotes(trimmed), 2) * costStrange
	if oddQuotes(trimmed) || oddBackslash(trimmed) {
		cost += costStrange
	}
	first, last := trimmed[0], trimmed[len(trimmed)-1]
	if first == '[' && last == ']' && (takes&Lists != 0 || bytes.IndexFunc(trimmed, unicode.IsLetter) < 0) {
		cost += costStrange
	}
	if last == ',' && len(trimmed) > 1 {
		cost += costStrange
	} else if last == ':' {
		before, _ := utf8.DecodeLastRune(trimmed[:len(trimmed)-1])
		if !isWordRune(before) && bytes.IndexByte([]byte(`"')]}*>`), byte(before)) < 0 || lone && bytes.IndexByte(trimmed, ' ') < 0 {
			cost += costStrange
		}
	}
	switch {
	case first == ',' || first == ':' || first == ']' || first == '}':
		cost += costStrange
	case (first == '[' || first == '{') && last != first+2:
		cost += costStrange
	case last == '[' || last == '{':
		cost += costStrange
	case (last == ']' || last == '}') && bytes.Count(trimmed, []byte{last}) > bytes.Count(trimmed, []byte{last - 2}):
		cost += costStrange
	}
	return cost
}

// oddQuotes reports whether a text has a quote that has no partner, other than one that opens at its end what is to be
// written.
func oddQuotes(text []byte) bool {
	n := bytes.Count(text, []byte{'"'})
	if n%2 == 0 || len(text)-n-bytes.Count(text, []byte{'\\'}) < 2 && bytes.IndexFunc(text, isWordRune) < 0 {
		return false
	}
	before := bytes.TrimRight(text, `"\`)
	if len(before) == len(text) || len(before) == 0 {
		return true
	}
	last := before[len(before)-1]
	return bytes.IndexByte([]byte(" :(["), last) < 0 || n == 1 && last == ':'
}

// misplacedQuotes counts the quotes within a text that stand where none of their kind does: one that opens within a word or
// before a space, one that closes behind a space or before a word.
func misplacedQuotes(text []byte) (n int) {
	opens := true
	for i, c := range text {
		if c != '"' {
			continue
		}
		before := bytes.TrimRight(text[:i], `\`)
		word := opens && len(before) > 0 && wordByte(before[len(before)-1]) && before[len(before)-1]-'0' > 9 || !opens && i+1 < len(text) && wordByte(text[i+1])
		space := opens && i+1 < len(text) && (text[i+1] == ' ' || i+2 < len(text) && text[i+1] == '\\' && bytes.IndexByte([]byte("nrt"), text[i+2]) >= 0) || !opens && len(before) > 0 && before[len(before)-1] == ' '
		if word || space {
			n++
		}
		opens = !opens
	}
	return n
}

// oddBackslash reports whether a text has a backslash that is no part of an escape, one at its end and none before, or one before a
// single one of its quotes.
func oddBackslash(text []byte) bool {
	if n := bytes.IndexByte(text, '\\'); n < 0 {
		return false
	} else if n > 0 && n == len(text)-2 && text[n+1] == '\\' {
		return true
	}
	if bytes.Count(text, []byte(`\\"`)) == 1 && bytes.Count(text, []byte{'"'}) > 1 {
		return true
	}
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' {
			_, n, kind := jsEscape(text[i:min(len(text), i+12)])
			if kind != escapeStrict || text[i+1] == 'b' || text[i+1] == 'f' || (text[i+1] == 't' || text[i+1] == 'r') && i > 0 && wordByte(text[i-1]) && (i+2 == len(text) || text[i+2] == '"' || text[i+2] == '\\') {
				return true
			}
			i += n - 1
		}
	}
	return false
}

// suits returns what it costs to have a value of a kind where others may be expected.
func suits(takes, kind Kinds) int {
	if takes == 0 || takes&(Anything|kind) != 0 {
		return 0
	}
	return costWrong
}

// plainPunctuation returns the ASCII sign that a full-width one stands for, and 0 for any other character.
func plainPunctuation(ch rune) byte {
	switch ch {
	case '：', '，', '；', '｛', '｝', '［', '］':
		return byte(ch - 0xFEE0)
	case '、':
		return ','
	case '【':
		return '['
	case '】':
		return ']'
	}
	return 0
}

// punctuation returns the sign at i and its length; a full-width one as the one that is meant.
func (w *walk) punctuation(i int) (c byte, size int) {
	if c = w.src[i]; c < utf8.RuneSelf {
		return c, 1
	}
	ch, size := utf8.DecodeRune(w.src[i:])
	if plain := plainPunctuation(ch); plain != 0 {
		return plain, size
	}
	return c, 1
}

// swallowed counts the known names within src[from:to] that look as if they were members.
func (w *walk) swallowed(from, to int) (n int) {
	if w.names == nil {
		return 0
	}
	for i := from; i < to; i++ {
		if w.src[i] != '"' {
			continue
		}
		end := i + 1
		for end < to && wordByte(w.src[end]) {
			end++
		}
		if end >= to || w.src[end] != '"' {
			continue
		}
		if colon := utf.SkipBlank(w.src, end+1, to); colon < to && w.src[colon] == ':' && w.names.Takes(w.src[i+1:end]) != 0 {
			n++
			i = end
		}
	}
	return n
}
