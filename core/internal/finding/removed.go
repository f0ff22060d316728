package finding

import (
	"strings"
	"unicode/utf8"
)

// MostRemoved is how many characters Removed shows.
const MostRemoved = 120

// Removed shows the words that a fix takes away: white space as single spaces, and the middle of a long text left out.
func Removed(words string) string { return shorten(words, MostRemoved) }

// Removing titles a fix that takes words away: "removes 47 characters: …".
func Removing(words string) string {
	return "removes " + Plural(utf8.RuneCountInString(words), "character", "characters") + ": " + shorten(words, MostQuoted)
}

func shorten(words string, most int) string {
	const reach = 4 * utf8.UTFMax * MostRemoved // of a text of megabytes, both ends are enough
	whole := len(words) <= 2*reach
	head, tail := words, words
	if !whole {
		head, tail = words[:reach], words[len(words)-reach:]
	}
	first, last := printable(head), printable(tail)
	if whole && len(first) <= most {
		return string(first)
	}
	return string(first[:min(len(first), most*2/3)]) + "…" + string(last[max(0, len(last)-most/3):])
}

// printable returns a text without line breaks and what else would spoil a line.
func printable(s string) []rune {
	runes := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(s, "\ufffd")), " "))
	for i, r := range runes {
		if r < ' ' || r == 0x7f {
			runes[i] = '\ufffd'
		}
	}
	return runes
}
