package core

import (
	"cmp"
	"slices"
)

// kind is the JSON type of a value on the tape.
type kind uint8

const (
	kindNull kind = iota
	kindFalse
	kindTrue
	kindNumber
	kindString
	kindArray
	kindObject
	kindBad // a value that could not be read; an issue says why. It satisfies every check silently.
)

// flag marks how a value or its key was written.
type flag uint8

const (
	flagEscaped    flag = 1 << iota // a strict string with at least one backslash
	flagKeyEscaped                  // a strict key with at least one backslash
	flagLoose                       // the value is not a strict JSON token; its text stands in tape.loose
	flagKeyLoose                    // the key is not a strict JSON token; its text stands in tape.looseKeys
	flagSurrogate                   // a strict string in which an escape names half of a surrogate pair; perhaps both do
	flagRepeated                    // an earlier member of the same object has the same name or means the same field
	flagShadowed                    // a later member of the same object has the same name, and counts instead
)

// node is one value. Nodes stand in document order, parents before children. All offsets are bytes of the source.
//
// Strict strings and keys span their quotes: the content is src[start+1:end-1]. Loose ones (single or smart quotes,
// no quotes, unclosed) span what was typed.
type node struct {
	kind             kind
	flags            flag
	start, end       uint32 // the value as written
	keyStart, keyEnd uint32 // the key as written; both 0 for the root and in arrays
	next             uint32 // index of the node after this subtree
	n                uint32 // number of children
}

// tape is a scanned document: values in document order with their places. The zero tape is empty; reuse keeps capacity.
type tape struct {
	src       []byte
	nodes     []node   // nodes[0] is the root; empty when nothing could be read
	loose     meanings // decoded texts of loose strings, canonical JSON tokens of loose numbers
	looseKeys meanings // decoded keys
	ascii     bool     // the source has no byte ≥ 0x80
	crowdedAt int      // where the value stands that is one too many for the limit, -1 without one
	texts     int      // size of the strings that are no keys, as written; 0 after recover
	odd       flag     // all flags that a node has; perhaps more
}

// meanings says what loose tokens mean, in the order of their nodes.
type meanings []meaning

type meaning struct {
	node uint32
	text string
}

// of returns the text of node i.
func (l meanings) of(i uint32) string {
	k, ok := slices.BinarySearchFunc(l, i, func(a meaning, b uint32) int { return cmp.Compare(a.node, b) })
	if !ok {
		return ""
	}
	return l[k].text
}
