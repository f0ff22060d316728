package baseurl

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// readLabel returns a label of a domain name in the ASCII form in which it is looked up.
//
// Browsers map names by Unicode's UTS 46, whose tables are large. Here only characters are mapped for which that is no
// more than the change to lower case, and which stand alone: they compose with nothing beside them and have no direction
// of their own. Names with others have to be given in their ASCII form, "xn--…".
func readLabel(label string) (string, error) {
	if label == "" {
		return "", errors.New("base URL has a host with an empty part, want no dots beside each other")
	}
	if utf8.RuneCountInString(label) > maxLabel {
		return "", errLabel
	}
	ascii := true
	var mapped []rune
	for _, r := range label {
		if r >= utf8.RuneSelf {
			ascii = false
			lower := unicode.ToLower(r)
			if !simple(lower) || lower != r && r > 0x45f {
				return "", errors.New("base URL has a host with a letter that only its ASCII form (xn--…) can be told by, want that")
			}
			r = lower
		} else if !isAlphanumeric(byte(r)) && r != '-' && r != '_' {
			return "", errHost
		} else if 'A' <= r && r <= 'Z' {
			r |= 0x20
		}
		mapped = append(mapped, r)
	}
	out := string(mapped)
	encoded, marked := strings.CutPrefix(out, acePrefix)
	switch {
	case !ascii && marked:
		return "", errHost
	case !ascii:
		out = acePrefix + encodePunycode(mapped)
	case marked && !validACE(encoded):
		return "", errors.New("base URL has a host with an invalid ASCII form (xn--…)")
	}
	if len(out) > maxLabel {
		return "", errLabel
	}
	return out, nil
}

// maxLabel is the most bytes of a label (RFC 1035, section 2.3.4).
const maxLabel = 63

var errLabel = errors.New("base URL has a host with a part of more than 63 characters")

// acePrefix marks a label that is Punycode (RFC 5890, section 2.3.2.5).
const acePrefix = "xn--"

// simple reports whether a character outside ASCII, in lower case, is one of those that readLabel encodes.
func simple(r rune) bool {
	switch r {
	case 0xf7, 0x133, 0x140, 0x149, 0x17f: // a sign, and letters that stand for others
		return false
	}
	return 0xdf <= r && r <= 0x17e || // Latin
		0x3ac <= r && r <= 0x3ce || // Greek
		0x430 <= r && r <= 0x45f || // Cyrillic
		0x3041 <= r && r <= 0x3096 || // Hiragana
		0x30a1 <= r && r <= 0x30fa || r == 0x30fc || // Katakana
		0x4e00 <= r && r <= 0x9fa5 || // Chinese characters
		0xac00 <= r && r <= 0xd7a3 // Hangul
}

// validACE reports whether the rest of a label behind its prefix is the Punycode of letters that are not only ASCII.
// Whether those make a name that UTS 46 takes is for the browser to say.
func validACE(encoded string) bool {
	decoded, ok := decodePunycode(encoded)
	if !ok || encodePunycode(decoded) != encoded {
		return false
	}
	international := false
	for i, r := range decoded {
		switch {
		case r < utf8.RuneSelf:
			if !isAlphanumeric(byte(r)) && r != '-' && r != '_' {
				return false
			}
		case !strconv.IsPrint(r) || unicode.ToLower(r) != r || i == 0 && unicode.Is(unicode.M, r):
			return false
		default:
			international = true
		}
	}
	return international
}
