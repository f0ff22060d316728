package core

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

// noNode marks the absence of a node where an index is expected: the root has no parent.
const noNode = ^uint32(0)

// reset makes the tape empty and gives it a source. What it allocated before stays for reuse.
func (t *tape) reset(src []byte) {
	if cap(t.nodes) == 0 {
		t.nodes = make([]node, 0, 64) // more than a typical request has values
	}
	t.src, t.nodes, t.ascii, t.texts, t.crowdedAt = src, t.nodes[:0], true, 0, -1
	if len(t.loose)+len(t.looseKeys) > 0 {
		clear(t.loose) // drops references to texts
		clear(t.looseKeys)
		t.loose, t.looseKeys = t.loose[:0], t.looseKeys[:0]
	}
}

// scan reads src as strict JSON (RFC 8259, valid UTF-8 only) and reports whether all of it could be read within lim,
// whose defaults must be filled in. Lone surrogates written as escapes are strict: the RFC allows them. After false the
// tape holds nothing of use; recover reads the same text and says what is wrong with it.
//
// One pass, one loop: an open container keeps the index of its parent in next until it is closed, so no stack is needed
// and depth costs neither memory nor recursion.
func (t *tape) scan(src []byte, lim Limits) bool {
	t.reset(src)
	var (
		nodes    = t.nodes
		parent   = noNode
		depth    = 0
		high     uint64   // bits of all string bytes; its top bits tell ASCII from the rest
		odd      flag     // all flags
		texts    int      // bytes in strings
		key      keyToken // waits for its value
		i        = skipSpace(src, 0)
		inObject bool
	)
	for {
		// A value starts at i.
		if i >= len(src) {
			return false
		}
		if len(nodes) == cap(nodes) {
			nodes = roomier(nodes)
			t.nodes = nodes[:0] // kept if the text cannot be read
		}
		if len(nodes) >= lim.Values {
			if strings.IndexByte(`"{[-0123456789tfn`, src[i]) >= 0 {
				t.crowdedAt = i // and it is not just a comma too many
			}
			return false
		}
		at := uint32(len(nodes))
		nodes = nodes[:at+1]
		v := &nodes[at] // filled in place: a copy would have to wait for what was just written
		v.flags, v.keyStart, v.keyEnd, v.start, v.next, v.n = key.flags, key.start, key.end, uint32(i), at+1, 0
		c := src[i]
		switch {
		case c == '"':
			end, escapes, seen := scanString(src, i)
			if end < 0 {
				return false
			}
			high |= seen
			v.flags |= escapes
			texts += end - i
			v.kind, i = kindString, end
		case c == '{' || c == '[':
			if depth++; depth > lim.Depth {
				return false
			}
			inObject = c == '{'
			v.kind, v.next, v.end = kindArray, parent, 0
			if inObject {
				v.kind = kindObject
			}
			odd |= v.flags
			parent = at
			i = skipSpace(src, i+1)
			if i < len(src) && src[i] == c+2 { // the closing bracket stands two places after the opening one in ASCII
				break
			}
			if key = (keyToken{}); inObject {
				if key, i = scanKey(src, i); i < 0 {
					return false
				}
				high |= key.high
			}
			continue
		case c-'0' < 10 || c == '-':
			if i = scanNumber(src, i, &lim); i < 0 {
				return false
			}
			v.kind = kindNumber
		case c == 't' && hasPrefix(src[i:], "true"):
			v.kind, i = kindTrue, i+4
		case c == 'f' && hasPrefix(src[i:], "false"):
			v.kind, i = kindFalse, i+5
		case c == 'n' && hasPrefix(src[i:], "null"):
			v.kind, i = kindNull, i+4
		default:
			return false
		}
		if c != '{' && c != '[' {
			v.end = uint32(i)
			odd |= v.flags
			if parent == noNode {
				t.nodes, t.ascii, t.odd, t.texts = nodes, high&highBits == 0, odd, texts
				return skipSpace(src, i) == len(src)
			}
			nodes[parent].n++
		}

		// A value has ended before i, or an empty container is about to: close what closes here.
		for {
			i = skipSpace(src, i)
			if i >= len(src) {
				return false
			}
			c = src[i]
			i++
			if c == ',' && nodes[parent].n > 0 {
				break
			}
			open := &nodes[parent]
			if c != '}' && c != ']' || (c == '}') != inObject {
				return false
			}
			up := open.next
			open.end, open.next = uint32(i), uint32(len(nodes))
			parent = up
			depth--
			if parent == noNode {
				t.nodes, t.ascii, t.odd, t.texts = nodes, high&highBits == 0, odd, texts
				return skipSpace(src, i) == len(src)
			}
			inObject = nodes[parent].kind == kindObject
			nodes[parent].n++
		}
		i = skipSpace(src, i)
		if key = (keyToken{}); inObject {
			if key, i = scanKey(src, i); i < 0 {
				return false
			}
			high |= key.high
		}
	}
}

// roomier doubles what fits into list; append would copy it three times as often.
func roomier[E any](list []E) []E { return slices.Grow(list, max(cap(list), 64)) }

// skipSpace returns the index of the first byte at or after i that is not JSON white space.
func skipSpace(src []byte, i int) int {
	for i < len(src) && src[i] <= ' ' && (src[i] == ' ' || src[i] == '\n' || src[i] == '\r' || src[i] == '\t') {
		i++
	}
	return i
}

func hasPrefix(src []byte, word string) bool {
	return len(src) >= len(word) && string(src[:len(word)]) == word
}

// keyToken is a key as written, its quotes included; the zero keyToken is none.
type keyToken struct {
	start, end uint32
	flags      flag
	high       uint64 // as of scanString
}

// scanKey reads a key, its colon and the space around it. It returns where the value starts, or -1.
func scanKey(src []byte, i int) (keyToken, int) {
	if i >= len(src) || src[i] != '"' {
		return keyToken{}, -1
	}
	end, escapes, high := scanString(src, i)
	if end < 0 {
		return keyToken{}, -1
	}
	k := keyToken{start: uint32(i), end: uint32(end), high: high}
	if escapes != 0 {
		k.flags = flagKeyEscaped
	}
	if i = skipSpace(src, end); i >= len(src) || src[i] != ':' {
		return keyToken{}, -1
	}
	return k, skipSpace(src, i+1)
}

// A word of eight bytes, treated as eight lanes.
const (
	lanes    = 0x0101010101010101
	highBits = lanes * 0x80
)

// special sets the high bit of lanes that hold a control character, a quote or a backslash. The lowest lane it sets is
// exact; borrows can make higher ones wrong. Flipping bit 1 maps '"' to 0x20 and leaves the control characters below
// it, so one comparison finds both.
func special(x uint64) uint64 {
	return (((x ^ lanes*0x02) - lanes*0x21) | ((x ^ lanes*'\\') - lanes)) &^ x & highBits
}

// pack gathers the high bits of the lanes, in their order, in the lowest byte.
func pack(m uint64) uint64 { return m >> 7 * 0x0102040810204080 >> 56 }

// suspicious sets the high bit of lanes that hold what special finds or what is not ASCII; borrows can set more. It is
// special without what tells these apart.
func suspicious(x uint64) uint64 {
	return ((x ^ lanes*0x02) - lanes*0x21) | ((x ^ lanes*'\\') - lanes) | x
}

// scanString reads the string whose opening quote is src[i]. It returns the index after the closing quote, or -1,
// flagEscaped and flagSurrogate where they apply, and bits whose highBits are zero if the string is ASCII; those of what
// follows it in the source may be among them.
func scanString(src []byte, i int) (end int, escapes flag, high uint64) {
	start := i
	i++
	// Eight bytes at a time find the end of what is short.
	for n := 0; n < 3 && i+8 <= len(src); n++ {
		x := binary.LittleEndian.Uint64(src[i:])
		high |= x // what follows the string may be among it, which does no harm
		if m := special(x); m != 0 {
			i += bits.TrailingZeros64(m) >> 3
			goto found
		}
		i += 8
	}
run:
	// 32 at a time cross what is long.
	for i+32 <= len(src) {
		w := src[i : i+32 : i+32]
		a, b := binary.LittleEndian.Uint64(w), binary.LittleEndian.Uint64(w[8:])
		c, d := binary.LittleEndian.Uint64(w[16:]), binary.LittleEndian.Uint64(w[24:])
		if (suspicious(a)|suspicious(b)|suspicious(c)|suspicious(d))&highBits != 0 {
			high |= a | b | c | d
			a, b, c, d = special(a), special(b), special(c), special(d)
			if a|b|c|d != 0 {
				i += bits.TrailingZeros64(pack(a) | pack(b)<<8 | pack(c)<<16 | pack(d)<<24)
				goto found
			}
		}
		i += 32
	}
	for i < len(src) && src[i] >= ' ' && src[i] != '"' && src[i] != '\\' {
		high |= uint64(src[i])
		i++
	}
	if i >= len(src) {
		return -1, 0, 0
	}
found:
	switch src[i] {
	case '"':
		if high&highBits != 0 && !validUTF8(src[start+1:i]) {
			return -1, 0, 0
		}
		return i + 1, escapes, high
	case '\\':
		n := escapeLen(src, i)
		if n < 0 {
			return -1, 0, 0
		}
		if escapes |= flagEscaped; n == 6 && namesSurrogate(src[i:]) {
			escapes |= flagSurrogate
		}
		i += n
		goto run
	}
	return -1, 0, 0
}

// validUTF8 is utf8.Valid for text in which what is not ASCII stands between stretches of it, or is mostly of two or
// three bytes a rune.
func validUTF8(s []byte) bool {
	for i := 0; i < len(s); {
		i += plainRun(s[i:], false)
		for i < len(s) && s[i] >= utf8.RuneSelf {
			if i+4 <= len(s) {
				// One load tells most of three bytes: the first is 1110xxxx, the others are 10xxxxxx.
				if x := binary.LittleEndian.Uint32(s[i:]); x&0xC0C0F0 == 0x8080E0 && x&0x200F != 0 && x&0x200F != 0x200D {
					i += 3
					continue
				}
			}
			size, _ := runeAt(s, i)
			if size == 1 {
				return false
			}
			i += size
		}
	}
	return true
}

// escapeLen returns the length of the strict JSON escape at src[i], a backslash, or -1.
func escapeLen(src []byte, i int) int {
	if i+1 >= len(src) {
		return -1
	}
	switch src[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if _, ok := hexRune(src, i+2, 4); ok {
			return 6
		}
	}
	return -1
}

// namesSurrogate reports whether the strict escape \uXXXX at the start of s names half of a surrogate pair.
func namesSurrogate(s []byte) bool { return s[2]|0x20 == 'd' && s[3] >= '8' }

// hexRune reads exactly n hexadecimal digits at src[i].
func hexRune(src []byte, i, n int) (r rune, ok bool) {
	if i+n > len(src) {
		return 0, false
	}
	for _, c := range src[i : i+n] {
		d := hexDigit(c)
		if d < 0 {
			return 0, false
		}
		r = r<<4 | d
	}
	return r, true
}

func hexDigit(c byte) rune {
	switch {
	case c-'0' < 10:
		return rune(c - '0')
	case c|0x20-'a' < 6:
		return rune(c|0x20-'a') + 10
	}
	return -1
}

// scanNumber returns the index after the number at src[i], or -1 if it is no JSON number or beyond lim.
func scanNumber(src []byte, i int, lim *Limits) int {
	if src[i] == '-' {
		i++
	}
	first := i
	i = skipDigits(src, i)
	digits := i - first
	if digits == 0 || digits > 1 && src[first] == '0' {
		return -1
	}
	if i < len(src) && src[i] == '.' {
		first = i + 1
		i = skipDigits(src, first)
		if i == first {
			return -1
		}
		digits += i - first
	}
	if i < len(src) && src[i]|0x20 == 'e' {
		i++
		if i < len(src) && (src[i] == '+' || src[i] == '-') {
			i++
		}
		first = i
		i = skipDigits(src, i)
		if i == first || !exponentWithin(src[first:i], lim.Exponent) {
			return -1
		}
	}
	if digits > lim.Digits {
		return -1
	}
	return i
}

func skipDigits(src []byte, i int) int {
	for i < len(src) && src[i]-'0' < 10 {
		i++
	}
	return i
}

// exponentWithin reports whether the decimal digits are at most limit, which is at most mostExponent.
const mostExponent = 1 << 30

func exponentWithin[T string | []byte](digits T, limit int) bool {
	e := 0
	for i := range len(digits) {
		if e = min(e*10+int(digits[i]-'0'), mostExponent); e > limit {
			return false
		}
	}
	return true
}
