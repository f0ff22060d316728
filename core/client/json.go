package client

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// object is a JSON object whose members are taken out one by one; what is left is extra.
type object map[string]json.RawMessage

// parseObject returns false for everything that is not a JSON object.
func parseObject(raw []byte) (object, bool) {
	var o object
	if json.Unmarshal(raw, &o) != nil || o == nil {
		return nil, false
	}
	return o, true
}

// parseLenient reads an object as servers write it: bytes that are no UTF-8 become U+FFFD, and NaN and Infinity, which
// JSON does not have and some servers write all the same, become texts. odd says that there were such words.
func parseLenient(raw []byte) (o object, odd, ok bool) {
	raw = wellFormed(raw)
	if o, ok = parseObject(raw); ok {
		return o, false, true
	}
	quoted, odd := quoteWords(raw)
	if !odd {
		return nil, false, false
	}
	o, ok = parseObject(quoted)
	return o, odd, ok
}

// takeMember removes a member and returns its value. A member that is null or missing gives false; one of another
// type too, but stays where it is, so that nothing a server says is lost.
func takeMember[T any](o object, name string) (v T, ok bool) {
	raw, there := o[name]
	if !there {
		return v, false
	}
	if isNull(raw) {
		delete(o, name)
		return v, false
	}
	if json.Unmarshal(raw, &v) != nil {
		var zero T
		return zero, false
	}
	delete(o, name)
	return v, true
}

func isNull(raw json.RawMessage) bool { return string(bytes.TrimSpace(raw)) == "null" }

// isNothing reports whether a member is missing or null, as error is in answers that are fine.
func isNothing(raw []byte) bool { return len(raw) == 0 || isNull(raw) }

func isList(raw json.RawMessage) bool { return bytes.HasPrefix(bytes.TrimSpace(raw), []byte("[")) }

// list returns the items of a list, nil for anything else.
func list(raw json.RawMessage) []json.RawMessage {
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return nil
	}
	return items
}

// rest returns what has not been taken, nil instead of an empty map.
func (o object) rest() map[string]json.RawMessage {
	if len(o) == 0 {
		return nil
	}
	return o
}

// number reads a JSON number, or a text that spells one, NaN or an infinity. A number that is too large for a float64
// is an infinity.
func number(raw json.RawMessage) (float64, bool) {
	word := string(bytes.TrimSpace(raw))
	var text string
	if json.Unmarshal(raw, &text) == nil {
		word = strings.TrimSpace(text)
	}
	switch strings.ToLower(word) {
	case "nan", "-nan":
		return math.NaN(), true
	case "inf", "infinity":
		return math.Inf(1), true
	case "-inf", "-infinity":
		return math.Inf(-1), true
	}
	if word == "" || word[0] != '-' && (word[0] < '0' || word[0] > '9') || !json.Valid([]byte(word)) {
		return 0, false
	}
	v, _ := strconv.ParseFloat(word, 64) // its only error here is the range, and then it is an infinity
	return v, true
}

// wholeNumber reads a number of things: a JSON number without a fraction, from 0 to the largest that is exact in all
// languages, 2⁵³ − 1.
func wholeNumber(raw json.RawMessage) (int64, bool) {
	if len(raw) == 0 || raw[0] == '"' {
		return 0, false
	}
	v, ok := number(raw)
	if !ok || v != math.Trunc(v) || v < 0 || v > 1<<53-1 {
		return 0, false
	}
	return int64(v), true
}

// quoteWords writes the words NaN, Inf and Infinity as JSON strings where they stand for numbers, and reports whether
// there were any.
func quoteWords(raw []byte) ([]byte, bool) {
	var out []byte
	from := 0
	for i := 0; i < len(raw); {
		switch {
		case raw[i] == '"':
			i, _ = afterString(raw, i)
		case !isWordByte(raw[i]):
			i++
		default:
			end := i
			for end < len(raw) && isWordByte(raw[end]) {
				end++
			}
			switch strings.TrimPrefix(strings.ToLower(string(raw[i:min(end, i+len("-infinity")+1)])), "-") {
			case "nan", "inf", "infinity":
				out = append(append(append(append(out, raw[from:i]...), '"'), raw[i:end]...), '"')
				from = end
			}
			i = end
		}
	}
	if out == nil {
		return raw, false
	}
	return append(out, raw[from:]...), true
}

func isWordByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '+' || b == '-' || b == '.' || b == '_'
}

// afterString returns the place after the string that starts at i, and whether the string ends.
func afterString(raw []byte, i int) (int, bool) {
	for i++; i < len(raw); i++ {
		switch raw[i] {
		case '\\':
			i++
		case '"':
			return i + 1, true
		}
	}
	return len(raw), false
}

// unclosed reports whether a JSON text ends within a string, a list or an object, as one that was cut does.
func unclosed(raw []byte) bool {
	depth := 0
	for i := 0; i < len(raw); {
		switch raw[i] {
		case '"':
			next, ended := afterString(raw, i)
			if !ended {
				return true
			}
			i = next
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		i++
	}
	return depth > 0
}

// escaped reports whether an odd number of backslashes stands before s[i].
func escaped(s []byte, i int) bool {
	n := 0
	for i > n && s[i-n-1] == '\\' {
		n++
	}
	return n%2 == 1
}

// wellFormed returns text with U+FFFD in place of what is no UTF-8, one for each maximal part of a character, as the
// WHATWG Encoding standard decodes. Package encoding/json has one for each byte, which browsers do not show.
func wellFormed(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	var out []byte
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if r == utf8.RuneError && n == 1 {
			n = brokenLength(text)
		}
		out = utf8.AppendRune(out, r)
		text = text[n:]
	}
	return out
}

// brokenLength returns the number of bytes at the start of text that could begin a character and do not end one.
func brokenLength(text []byte) int {
	low, high, most := byte(0x80), byte(0xbf), 1
	switch b := text[0]; {
	case b >= 0xc2 && b <= 0xdf:
		most = 2
	case b >= 0xe0 && b <= 0xef:
		most = 3
	case b >= 0xf0 && b <= 0xf4:
		most = 4
	}
	switch text[0] { // the second byte of these is narrower, or the character would be too long or no character
	case 0xe0:
		low = 0xa0
	case 0xed:
		high = 0x9f
	case 0xf0:
		low = 0x90
	case 0xf4:
		high = 0x8f
	}
	n := 1
	for n < min(most, len(text)) && text[n] >= low && text[n] <= high {
		low, high = 0x80, 0xbf
		n++
	}
	return n
}
