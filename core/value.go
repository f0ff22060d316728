package core

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// raw returns the value as written.
func (t *tape) raw(i uint32) []byte { return t.src[t.nodes[i].start:t.nodes[i].end] }

// text returns the string that node i stands for, "" if it is no string. Lone surrogates become U+FFFD.
func (t *tape) text(i uint32) string {
	v := &t.nodes[i]
	switch {
	case v.kind != kindString:
		return ""
	case v.flags&flagLoose != 0:
		return t.loose.of(i)
	case v.flags&flagEscaped != 0:
		return unescape(t.src[v.start+1 : v.end-1])
	}
	return string(t.src[v.start+1 : v.end-1])
}

// key returns the name under which node i stands in its object, "" for elements and the root.
func (t *tape) key(i uint32) string {
	v := &t.nodes[i]
	switch {
	case v.keyEnd == 0:
		return ""
	case v.flags&flagKeyLoose != 0:
		return t.looseKeys.of(i)
	case v.flags&flagKeyEscaped != 0:
		return unescape(t.src[v.keyStart+1 : v.keyEnd-1])
	}
	return string(t.src[v.keyStart+1 : v.keyEnd-1])
}

// number returns the JSON token of a number: as written where that is strict, otherwise its decimal equivalent. It is
// "" for everything else.
func (t *tape) number(i uint32) string {
	v := &t.nodes[i]
	switch {
	case v.kind != kindNumber:
		return ""
	case v.flags&flagLoose != 0:
		return t.loose.of(i)
	}
	return string(t.src[v.start:v.end])
}

// keyIs is key(i) == name without the copy.
func (t *tape) keyIs(i uint32, name string) bool {
	v := &t.nodes[i]
	if v.flags&(flagKeyLoose|flagKeyEscaped) != 0 || v.keyEnd == 0 {
		return v.keyEnd != 0 && t.key(i) == name
	}
	return string(t.src[v.keyStart+1:v.keyEnd-1]) == name
}

// parent returns the container of node i, or noNode for the root.
func (t *tape) parent(i uint32) uint32 {
	up := noNode
	for at := uint32(0); at < i; {
		up = at
		at = t.childOver(at, i)
	}
	return up
}

// childOver returns the child of container at in whose subtree node i lies.
func (t *tape) childOver(at, i uint32) uint32 {
	c := at + 1
	for t.nodes[c].next <= i {
		c = t.nodes[c].next
	}
	return c
}

// pointer returns the RFC 6901 pointer of node i, in the names as typed; "" for the root.
func (t *tape) pointer(i uint32) string { return t.pointerWithin(i, math.MaxInt) }

// maxPath bounds the paths of a report, so that a thousand issues below a key of a megabyte are no gigabyte.
const maxPath = 4 << 10

// path returns the pointer of node i, or of its nearest ancestor whose pointer has at most maxPath bytes.
func (t *tape) path(i uint32) string { return t.pointerWithin(i, maxPath) }

func (t *tape) pointerWithin(i uint32, most int) string {
	var p []byte
	for at := uint32(0); at < i; {
		c := at + 1
		index := 0
		for ; t.nodes[c].next <= i; c = t.nodes[c].next {
			index++
		}
		parent := len(p)
		p = append(p, '/')
		if t.nodes[at].kind == kindArray {
			p = strconv.AppendInt(p, int64(index), 10)
		} else if int(t.nodes[c].keyEnd-t.nodes[c].keyStart) <= most {
			p = append(p, pointerEscaper.Replace(t.key(c))...)
		} else {
			return string(p[:parent])
		}
		if len(p) > most {
			return string(p[:parent])
		}
		at = c
	}
	return string(p)
}

var (
	pointerEscaper   = strings.NewReplacer("~", "~0", "/", "~1")
	pointerUnescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

// at resolves an RFC 6901 pointer. Of several members with one name the last counts, as it does for servers.
func (t *tape) at(pointer string) (uint32, bool) {
	if len(t.nodes) == 0 || pointer != "" && pointer[0] != '/' {
		return 0, false
	}
	at := uint32(0)
	for pointer != "" {
		step, rest, more := strings.Cut(pointer[1:], "/")
		if pointer = ""; more {
			pointer = "/" + rest
		}
		var ok bool
		switch t.nodes[at].kind {
		case kindObject:
			at, ok = t.member(at, pointerUnescaper.Replace(step))
		case kindArray:
			at, ok = t.element(at, step)
		}
		if !ok {
			return 0, false
		}
	}
	return at, true
}

// member returns the last child of object i that is called name.
func (t *tape) member(i uint32, name string) (found uint32, ok bool) {
	for c := i + 1; c < t.nodes[i].next; c = t.nodes[c].next {
		if t.keyIs(c, name) {
			found, ok = c, true
		}
	}
	return found, ok
}

// element returns the child of array i whose index, as RFC 6901 writes it, is step.
func (t *tape) element(i uint32, step string) (uint32, bool) {
	index, err := strconv.ParseUint(step, 10, 32)
	if err != nil || step != strconv.FormatUint(index, 10) || uint32(index) >= t.nodes[i].n {
		return 0, false
	}
	c := i + 1
	for ; index > 0; index-- {
		c = t.nodes[c].next
	}
	return c, true
}

// any returns node i as jsonschema takes it: nil, bool, json.Number, string, []any or map[string]any. What could not be
// read is nil; the last of several members with one name counts.
func (t *tape) any(i uint32) any {
	v := &t.nodes[i]
	switch v.kind {
	case kindFalse:
		return false
	case kindTrue:
		return true
	case kindNumber:
		return json.Number(t.number(i))
	case kindString:
		return t.text(i)
	case kindArray:
		a := make([]any, 0, v.n)
		for c := i + 1; c < v.next; c = t.nodes[c].next {
			a = append(a, t.any(c))
		}
		return a
	case kindObject:
		m := make(map[string]any, v.n)
		for c := i + 1; c < v.next; c = t.nodes[c].next {
			m[t.key(c)] = t.any(c)
		}
		return m
	}
	return nil
}

// appendJSON appends node i as strict JSON without white space. Strict tokens are copied as they stand, escapes and
// digits included; members keep their order, without those that a later one of the same name was found to replace. What
// could not be read is null.
func (t *tape) appendJSON(dst []byte, i uint32) []byte {
	v := &t.nodes[i]
	switch v.kind {
	case kindFalse:
		return append(dst, "false"...)
	case kindTrue:
		return append(dst, "true"...)
	case kindNumber:
		if v.flags&flagLoose != 0 {
			return append(dst, t.loose.of(i)...)
		}
		return append(dst, t.src[v.start:v.end]...)
	case kindString:
		if v.flags&flagLoose != 0 {
			return appendQuoted(dst, t.loose.of(i))
		}
		return append(dst, t.src[v.start:v.end]...)
	case kindArray, kindObject:
		dst = append(dst, "[{"[v.kind-kindArray])
		first := len(dst)
		for c := i + 1; c < v.next; c = t.nodes[c].next {
			if t.nodes[c].flags&flagShadowed != 0 {
				continue
			}
			if len(dst) > first {
				dst = append(dst, ',')
			}
			if v.kind == kindObject {
				dst = append(t.appendKey(dst, c), ':')
			}
			dst = t.appendJSON(dst, c)
		}
		return append(dst, "]}"[v.kind-kindArray])
	}
	return append(dst, "null"...)
}

// appendKey appends the key of node i as a strict JSON string.
func (t *tape) appendKey(dst []byte, i uint32) []byte {
	v := &t.nodes[i]
	if v.flags&flagKeyLoose != 0 {
		return appendQuoted(dst, t.looseKeys.of(i))
	}
	return append(dst, t.src[v.keyStart:v.keyEnd]...)
}

// appendQuoted appends s as a strict JSON string. Invalid UTF-8 becomes U+FFFD; all that may stand unescaped does.
func appendQuoted(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	plain := 0 // s[plain:i] needs no escape and is yet to be copied
	for i := 0; i < len(s); {
		c := s[i]
		size := 1
		if c >= utf8.RuneSelf {
			var r rune
			if r, size = utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		} else if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, s[plain:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			if c < ' ' {
				dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			} else {
				dst = append(dst, "\uFFFD"...)
			}
		}
		i += size
		plain = i
	}
	return append(append(dst, s[plain:]...), '"')
}

// unescape decodes the content of a strict JSON string. Surrogate escapes pair up; a lone one becomes U+FFFD.
func unescape(s []byte) string {
	var b strings.Builder
	b.Grow(len(s))
	unescapeTo(&b, s)
	return b.String()
}

func unescapeTo(b *strings.Builder, s []byte) {
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			n := bytes.IndexByte(s[i:], '\\')
			if n < 0 {
				n = len(s) - i
			}
			b.Write(s[i : i+n])
			i += n
			continue
		}
		if s[i+1] != 'u' {
			b.WriteByte(simpleEscape(s[i+1]))
			i += 2
			continue
		}
		r, size := surrogateAware(s, i)
		b.WriteRune(r)
		i += size
	}
}

// simpleEscape returns what a backslash and c stand for in JSON; quotes, slashes and others stand for themselves.
func simpleEscape(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// surrogateAware decodes the well-formed \uXXXX at s[i], together with a second one where both form a pair, and returns
// how many bytes that took.
func surrogateAware(s []byte, i int) (rune, int) {
	r, _ := hexRune(s, i+2, 4)
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if i+7 < len(s) && s[i+6] == '\\' && s[i+7] == 'u' {
		if low, ok := hexRune(s, i+8, 4); ok {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return pair, 12
			}
		}
	}
	return utf8.RuneError, 6
}

// integerToken writes a JSON number token whose value is an integer with plain digits alone: 1.0, 1e2 and 10e-1 become
// 1, 100 and 1, and -0 becomes 0. It reports false for other values and for integers of more than maxDigits+maxExponent
// digits, which the limits keep out anyway. Exact for any length: the digits are moved, never converted.
func integerToken(lit string) (string, bool) {
	sign, rest := "", lit
	if strings.HasPrefix(rest, "-") {
		sign, rest = "-", rest[1:]
	}
	mantissa, exponent := rest, 0
	if e := strings.IndexAny(rest, "eE"); e >= 0 {
		mantissa = rest[:e]
		n, err := strconv.Atoi(rest[e+1:])
		if err != nil {
			return "", false
		}
		exponent = n
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if exponent == 0 && fraction == "" && whole != "0" {
		return lit[:len(sign)+len(whole)], true
	}
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return "0", true
	}
	exponent -= len(fraction)
	significant := strings.TrimRight(digits, "0")
	exponent += len(digits) - len(significant)
	if exponent < 0 || exponent > maxDigits+maxExponent-len(significant) {
		return "", false
	}
	return sign + significant + strings.Repeat("0", exponent), true
}
