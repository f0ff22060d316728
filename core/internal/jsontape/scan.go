package jsontape

import (
	"strings"

	"github.com/completion-playground/playground/core/internal/utf"
)

// Scan reads src as strict JSON (RFC 8259, valid UTF-8 only) and reports whether all of it could be read within lim,
// whose defaults must be filled in. Lone surrogates written as escapes are strict: the RFC allows them. After false the
// tape holds nothing of use; recover reads the same text and says what is wrong with it.
//
// One pass, one loop: an open container keeps the index of its parent in next until it is closed, so no stack is needed
// and depth costs neither memory nor recursion.
func (t *Tape) Scan(src []byte, lim Limits) bool {
	t.Reset(src)
	var (
		nodes    = t.Nodes
		parent   = NoNode
		depth    = 0
		high     uint64   // bits of all string bytes; its top bits tell ASCII from the rest
		odd      Flag     // all flags
		texts    int      // bytes in strings
		key      keyToken // waits for its value
		i        = SkipSpace(src, 0)
		inObject bool
	)
	for {
		// A value starts at i.
		if i >= len(src) {
			return false
		}
		if len(nodes) == cap(nodes) {
			nodes = Grow(nodes)
			t.Nodes = nodes[:0] // kept if the text cannot be read
		}
		if len(nodes) >= lim.Values {
			if strings.IndexByte(`"{[-0123456789tfn`, src[i]) >= 0 {
				t.CrowdedAt = i // and it is not just a comma too many
			}
			return false
		}
		at := uint32(len(nodes))
		nodes = nodes[:at+1]
		v := &nodes[at] // filled in place: a copy would have to wait for what was just written
		v.Flags, v.KeyStart, v.KeyEnd, v.Start, v.Next, v.N = key.flags, key.start, key.end, uint32(i), at+1, 0
		c := src[i]
		switch {
		case c == '"':
			end, escapes, seen := ScanString(src, i)
			if end < 0 {
				return false
			}
			high |= seen
			v.Flags |= escapes
			texts += end - i
			v.Kind, i = String, end
		case c == '{' || c == '[':
			if depth++; depth > lim.Depth {
				return false
			}
			inObject = c == '{'
			v.Kind, v.Next, v.End = Array, parent, 0
			if inObject {
				v.Kind = Object
			}
			odd |= v.Flags
			parent = at
			i = SkipSpace(src, i+1)
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
			if i = ScanNumber(src, i, &lim); i < 0 {
				return false
			}
			v.Kind = Number
		case c == 't' && utf.HasPrefix(src[i:], "true"):
			v.Kind, i = True, i+4
		case c == 'f' && utf.HasPrefix(src[i:], "false"):
			v.Kind, i = False, i+5
		case c == 'n' && utf.HasPrefix(src[i:], "null"):
			v.Kind, i = Null, i+4
		default:
			return false
		}
		if c != '{' && c != '[' {
			v.End = uint32(i)
			odd |= v.Flags
			if parent == NoNode {
				t.Nodes, t.ASCII, t.Flags, t.TextBytes = nodes, high&utf.HighBits == 0, odd, texts
				return SkipSpace(src, i) == len(src)
			}
			nodes[parent].N++
		}

		// A value has ended before i, or an empty container is about to: close what closes here.
		for {
			i = SkipSpace(src, i)
			if i >= len(src) {
				return false
			}
			c = src[i]
			i++
			if c == ',' && nodes[parent].N > 0 {
				break
			}
			open := &nodes[parent]
			if c != '}' && c != ']' || (c == '}') != inObject {
				return false
			}
			up := open.Next
			open.End, open.Next = uint32(i), uint32(len(nodes))
			parent = up
			depth--
			if parent == NoNode {
				t.Nodes, t.ASCII, t.Flags, t.TextBytes = nodes, high&utf.HighBits == 0, odd, texts
				return SkipSpace(src, i) == len(src)
			}
			inObject = nodes[parent].Kind == Object
			nodes[parent].N++
		}
		i = SkipSpace(src, i)
		if key = (keyToken{}); inObject {
			if key, i = scanKey(src, i); i < 0 {
				return false
			}
			high |= key.high
		}
	}
}

// SkipSpace returns the index of the first byte at or after i that is not JSON white space.
func SkipSpace(src []byte, i int) int {
	for i < len(src) && src[i] <= ' ' && (src[i] == ' ' || src[i] == '\n' || src[i] == '\r' || src[i] == '\t') {
		i++
	}
	return i
}

// keyToken is a key as written, its quotes included; the zero keyToken is none.
type keyToken struct {
	start, end uint32
	flags      Flag
	high       uint64 // as of scanString
}

// scanKey reads a key, its colon and the space around it. It returns where the value starts, or -1.
func scanKey(src []byte, i int) (keyToken, int) {
	if i >= len(src) || src[i] != '"' {
		return keyToken{}, -1
	}
	end, escapes, high := ScanString(src, i)
	if end < 0 {
		return keyToken{}, -1
	}
	k := keyToken{start: uint32(i), end: uint32(end), high: high}
	if escapes != 0 {
		k.flags = KeyEscaped
	}
	if i = SkipSpace(src, end); i >= len(src) || src[i] != ':' {
		return keyToken{}, -1
	}
	return k, SkipSpace(src, i+1)
}
