// Package jsontape reads strict JSON onto a tape: one flat list of values in document order, each with its place in the
// text. A tape costs one allocation that is reused, answers pointers, keys, texts and numbers without another pass, and
// never rounds a number. Package loose writes what is no strict JSON onto the same kind of tape.
package jsontape

import (
	"cmp"
	"slices"

	"github.com/completion-playground/playground/core/internal/utf"
)

// KeyBytes returns the decoded key of i without a copy where the text has it plainly.
func (t *Tape) KeyBytes(i uint32) []byte {
	nd := &t.Nodes[i]
	if nd.Flags&(KeyEscaped|KeyLoose) == 0 {
		return t.Src[nd.KeyStart+1 : nd.KeyEnd-1]
	}
	return []byte(t.Key(i))
}

// KeyIn is KeyBytes with room for a key that the text has not plainly; it stands until the next one takes the room.
func (t *Tape) KeyIn(room *[]byte, i uint32) []byte {
	if t.Nodes[i].Flags&(KeyEscaped|KeyLoose) == 0 {
		return t.KeyBytes(i)
	}
	*room = append((*room)[:0], t.Key(i)...)
	return *room
}

// Few is how many keys are compared each with each before a table is worth its while.
const Few = 8

// AllDiffer reports whether the keys of object i, few ones, differ in what can be told at a glance.
func (t *Tape) AllDiffer(i uint32) bool {
	end := t.Nodes[i].Next
	for c := i + 1; c < end; c = t.Nodes[c].Next {
		if t.Nodes[c].Flags&(KeyEscaped|KeyLoose) != 0 {
			return false
		}
		key := t.Src[t.Nodes[c].KeyStart:t.Nodes[c].KeyEnd]
		for d := i + 1; d < c; d = t.Nodes[d].Next {
			if string(t.Src[t.Nodes[d].KeyStart:t.Nodes[d].KeyEnd]) == string(key) {
				return false
			}
		}
	}
	return true
}

func (t *Tape) LastChild(i uint32) uint32 {
	last := NoNode
	for c := i + 1; c < t.Nodes[i].Next; c = t.Nodes[c].Next {
		last = c
	}
	return last
}

// LongString is the length in bytes from which on it is worth while to know that a string has no line breaks.
const LongString = 256

// LongStrings returns the strict strings from a length on.
func (t *Tape) LongStrings(long int) []utf.Stretch {
	if len(t.Src) < 4*long {
		return nil
	}
	var list []utf.Stretch
	for i := range t.Nodes {
		nd := &t.Nodes[i]
		if nd.Kind == String && int(nd.End-nd.Start) >= long && nd.Flags&Loose == 0 {
			list = append(list, utf.Stretch{Start: int(nd.Start), End: int(nd.End)})
		}
	}
	return list
}

// SiblingBefore returns the child of parent before c, 0 for the first.
func (t *Tape) SiblingBefore(parent, c uint32) uint32 {
	var previous uint32
	for i := parent + 1; i < c; i = t.Nodes[i].Next {
		previous = i
	}
	return previous
}

// NoNode marks the absence of a node where an index is expected: the root has no parent.
const NoNode = ^uint32(0)

// Reset makes the tape empty and gives it a source. What it allocated before stays for reuse.
func (t *Tape) Reset(src []byte) {
	if cap(t.Nodes) == 0 {
		t.Nodes = make([]Node, 0, 64) // more than a typical request has values
	}
	t.Src, t.Nodes, t.ASCII, t.TextBytes, t.CrowdedAt = src, t.Nodes[:0], true, 0, -1
	if len(t.Loose)+len(t.LooseKeys) > 0 {
		clear(t.Loose) // drops references to texts
		clear(t.LooseKeys)
		t.Loose, t.LooseKeys = t.Loose[:0], t.LooseKeys[:0]
	}
}

// Grow doubles what fits into list; append would copy it three times as often.
func Grow[E any](list []E) []E { return slices.Grow(list, max(cap(list), 64)) }

// Kind is the JSON type of a value on the tape.
type Kind uint8

const (
	Null Kind = iota
	False
	True
	Number
	String
	Array
	Object
	Bad // a value that could not be read; an issue says why. It satisfies every check silently.
)

// Flag marks how a value or its key was written.
type Flag uint8

const (
	Escaped    Flag = 1 << iota // a strict string with at least one backslash
	KeyEscaped                  // a strict key with at least one backslash
	Loose                       // the value is not a strict JSON token; its text stands in tape.loose
	KeyLoose                    // the key is not a strict JSON token; its text stands in tape.looseKeys
	Surrogate                   // a strict string in which an escape names half of a surrogate pair; perhaps both do
	Repeated                    // an earlier member of the same object has the same name or means the same field
	Shadowed                    // a later member of the same object has the same name, and counts instead
)

// Node is one value. Nodes stand in document order, parents before children. All offsets are bytes of the source.
//
// Strict strings and keys span their quotes: the content is src[start+1:end-1]. Loose ones (single or smart quotes,
// no quotes, unclosed) span what was typed.
type Node struct {
	Kind             Kind
	Flags            Flag
	Start, End       uint32 // the value as written
	KeyStart, KeyEnd uint32 // the key as written; both 0 for the root and in arrays
	Next             uint32 // index of the node after this subtree
	N                uint32 // number of children
}

// Tape is a scanned document: values in document order with their places. The zero tape is empty; reuse keeps capacity.
type Tape struct {
	Src       []byte
	Nodes     []Node   // nodes[0] is the root; empty when nothing could be read
	Loose     meanings // decoded texts of loose strings, canonical JSON tokens of loose numbers
	LooseKeys meanings // decoded keys
	ASCII     bool     // the source has no byte ≥ 0x80
	CrowdedAt int      // where the value stands that is one too many for the limit, -1 without one
	TextBytes int      // size of the strings that are no keys, as written; 0 after recover
	Flags     Flag     // all flags that a node has; perhaps more
}

// meanings says what loose tokens mean, in the order of their nodes.
type meanings []Meaning

type Meaning struct {
	Node uint32
	Text string
}

// Of returns the text of node i.
func (l meanings) Of(i uint32) string {
	k, ok := slices.BinarySearchFunc(l, i, func(a Meaning, b uint32) int { return cmp.Compare(a.Node, b) })
	if !ok {
		return ""
	}
	return l[k].Text
}

// Parent returns the container of node i, or noNode for the root.
func (t *Tape) Parent(i uint32) uint32 {
	up := NoNode
	for at := uint32(0); at < i; {
		up = at
		at = t.ChildOver(at, i)
	}
	return up
}

// ChildOver returns the child of container at in whose subtree node i lies.
func (t *Tape) ChildOver(at, i uint32) uint32 {
	c := at + 1
	for t.Nodes[c].Next <= i {
		c = t.Nodes[c].Next
	}
	return c
}
