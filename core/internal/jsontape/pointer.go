package jsontape

import (
	"math"
	"strconv"
	"strings"
)

// UnescapeStep returns the name that a step of an RFC 6901 pointer means.
func UnescapeStep(step string) string { return stepUnescaper.Replace(step) }

// Pointer returns the RFC 6901 pointer of node i, in the names as typed; "" for the root.
func (t *Tape) Pointer(i uint32) string { return t.pointerWithin(i, math.MaxInt) }

// maxPath bounds the paths of a report, so that a thousand issues below a key of a megabyte are no gigabyte.
const maxPath = 4 << 10

// Path returns the pointer of node i, or of its nearest ancestor whose pointer has at most maxPath bytes.
func (t *Tape) Path(i uint32) string { return t.pointerWithin(i, maxPath) }

func (t *Tape) pointerWithin(i uint32, most int) string {
	var p []byte
	for at := uint32(0); at < i; {
		c := at + 1
		index := 0
		for ; t.Nodes[c].Next <= i; c = t.Nodes[c].Next {
			index++
		}
		parent := len(p)
		p = append(p, '/')
		if t.Nodes[at].Kind == Array {
			p = strconv.AppendInt(p, int64(index), 10)
		} else if int(t.Nodes[c].KeyEnd-t.Nodes[c].KeyStart) <= most {
			p = append(p, pointerEscaper.Replace(t.Key(c))...)
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
	pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")
	stepUnescaper  = strings.NewReplacer("~1", "/", "~0", "~")
)

// At resolves an RFC 6901 pointer. Of several members with one name the last counts, as it does for servers.
func (t *Tape) At(pointer string) (uint32, bool) {
	if len(t.Nodes) == 0 || pointer != "" && pointer[0] != '/' {
		return 0, false
	}
	at := uint32(0)
	for pointer != "" {
		step, rest, more := strings.Cut(pointer[1:], "/")
		if pointer = ""; more {
			pointer = "/" + rest
		}
		var ok bool
		switch t.Nodes[at].Kind {
		case Object:
			at, ok = t.Member(at, UnescapeStep(step))
		case Array:
			at, ok = t.Element(at, step)
		}
		if !ok {
			return 0, false
		}
	}
	return at, true
}

// Member returns the last child of object i that is called name.
func (t *Tape) Member(i uint32, name string) (found uint32, ok bool) {
	for c := i + 1; c < t.Nodes[i].Next; c = t.Nodes[c].Next {
		if t.KeyIs(c, name) {
			found, ok = c, true
		}
	}
	return found, ok
}

// Element returns the child of array i whose index, as RFC 6901 writes it, is step.
func (t *Tape) Element(i uint32, step string) (uint32, bool) {
	index, err := strconv.ParseUint(step, 10, 32)
	if err != nil || step != strconv.FormatUint(index, 10) || uint32(index) >= t.Nodes[i].N {
		return 0, false
	}
	c := i + 1
	for ; index > 0; index-- {
		c = t.Nodes[c].Next
	}
	return c, true
}
