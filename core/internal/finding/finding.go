// Package finding holds what is found in a text while the pipeline runs: findings in bytes and tape indexes, their edits
// and fixes, the list that orders and bounds them, and the words that all of them share.
package finding

// Edit is a TextEdit before its UTF-16 places are known.
type Edit struct {
	Start, End int
	Text       string
}

// Fix is a Fix in bytes.
type Fix struct {
	Title string
	Edits []Edit
	// Removes is what a person wrote and applying it takes away, in order; "" where only punctuation, space or what the
	// title names goes: only such fixes are applied without being asked for.
	Removes string
}

// Finding is an Issue while the pipeline runs: in bytes and tape indexes. Positions and pointers cost a walk, so they
// are made once, for those findings that survive sorting and the limit.
type Finding struct {
	Code          Code
	Severity      Severity
	Node          int32 // the tape index it is about, -1 for the document
	Start, End    int
	Rule, Message string
	Fix           *Fix
}
