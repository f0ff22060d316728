package main

import (
	"bytes"
	"slices"

	"github.com/completion-playground/playground/core/internal/utf"
)

// host is a text that requests stand in: a file, or a line of one.
type host struct {
	text   []byte
	line   int   // the number of its first line in the file, from 1
	starts []int // of its lines, as far as they were asked for
}

// piece is a part of a host as a text of its own, with the place of each of its bytes: what a notebook quotes, or what
// stands behind the indentation of a Markdown list, is in one piece here and in several there.
type piece struct {
	text []byte
	base int   // where the text starts in the host
	at   []int // the place of each byte and of the end, nil where all of them follow upon base
}

// offset returns the place in the host of a byte of the piece, or of its end.
func (p piece) offset(i int) int {
	if p.at != nil {
		return p.at[i]
	}
	return p.base + i
}

// cut returns a part of the piece.
func (p piece) cut(start, end int) piece {
	part := piece{text: p.text[start:end], base: p.base + start}
	if p.at != nil {
		part.at = p.at[start : end+1]
	}
	return part
}

// same reports whether the bytes [start, end) of the piece are those of the host, in one stretch.
func (p piece) same(host []byte, start, end int) bool {
	from, to := p.offset(start), p.offset(end)
	return to-from == end-start && to <= len(host) && bytes.Equal(host[from:to], p.text[start:end])
}

// place is a line and a column in code points, both from 1.
type place struct{ line, column int }

// places returns where offsets of a host are, in the file. It reads what is between them, not all of the text.
func (h *host) places(offsets ...int) []place {
	for n := range offsets {
		offsets[n] = min(offsets[n], len(h.text)) // a line that is too long has no text
	}
	if h.starts == nil {
		h.starts = []int{0}
		for at := utf.LineLen(h.text); at < len(h.text); at += utf.LineLen(h.text[at:]) {
			at += utf.BreakLen(h.text[at:])
			h.starts = append(h.starts, at)
		}
	}
	line, _ := slices.BinarySearch(h.starts, slices.Min(offsets)+1)
	from := h.starts[line-1]
	relative := make([]int, len(offsets))
	for n, offset := range offsets {
		relative[n] = offset - from
	}
	found := make([]place, len(offsets))
	for n, p := range utf.Locate(h.text[from:slices.Max(offsets)], relative...) {
		found[n] = place{p.Line + h.line + line - 2, p.Column}
	}
	return found
}
