package jsontape

import (
	"unicode/utf8"
)

// AppendJSON appends node i as strict JSON without white space. Strict tokens are copied as they stand, escapes and
// digits included; members keep their order, without those that a later one of the same name was found to replace. What
// could not be read is null.
func (t *Tape) AppendJSON(dst []byte, i uint32) []byte {
	v := &t.Nodes[i]
	switch v.Kind {
	case False:
		return append(dst, "false"...)
	case True:
		return append(dst, "true"...)
	case Number:
		if v.Flags&Loose != 0 {
			return append(dst, t.Loose.Of(i)...)
		}
		return append(dst, t.Src[v.Start:v.End]...)
	case String:
		if v.Flags&Loose != 0 {
			return AppendQuoted(dst, t.Loose.Of(i))
		}
		return append(dst, t.Src[v.Start:v.End]...)
	case Array, Object:
		dst = append(dst, "[{"[v.Kind-Array])
		first := len(dst)
		for c := i + 1; c < v.Next; c = t.Nodes[c].Next {
			if t.Nodes[c].Flags&Shadowed != 0 {
				continue
			}
			if len(dst) > first {
				dst = append(dst, ',')
			}
			if v.Kind == Object {
				dst = append(t.AppendKey(dst, c), ':')
			}
			dst = t.AppendJSON(dst, c)
		}
		return append(dst, "]}"[v.Kind-Array])
	}
	return append(dst, "null"...)
}

// AppendKey appends the key of node i as a strict JSON string.
func (t *Tape) AppendKey(dst []byte, i uint32) []byte {
	v := &t.Nodes[i]
	if v.Flags&KeyLoose != 0 {
		return AppendQuoted(dst, t.LooseKeys.Of(i))
	}
	return append(dst, t.Src[v.KeyStart:v.KeyEnd]...)
}

// AppendQuoted appends s as a strict JSON string. Invalid UTF-8 becomes U+FFFD; all that may stand unescaped does.
func AppendQuoted(dst []byte, s string) []byte {
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
