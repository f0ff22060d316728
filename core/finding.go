package core

// byteEdit is a TextEdit before its UTF-16 places are known.
type byteEdit struct {
	start, end int
	text       string
}

// remedy is a Fix in bytes.
type remedy struct {
	title string
	edits []byteEdit
}

// finding is an Issue while the pipeline runs: in bytes and tape indexes. Positions and pointers cost a walk, so they
// are made once, for those findings that survive sorting and the limit.
type finding struct {
	code          Code
	severity      Severity
	node          int32 // the tape index it is about, -1 for the document
	start, end    int
	rule, message string
	fix           *remedy
}
