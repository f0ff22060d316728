package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// findInNotebook finds requests in the cells of a Jupyter notebook (nbformat 4). A text that is none has no requests.
func findInNotebook(p piece) (found []request) {
	for _, c := range notebookCells(p) {
		if len(found) >= mostRequests {
			return append(found, passedOver(c.text, 0))
		}
		switch first, _, _ := bytes.Cut(c.text.text, []byte("\n")); {
		case c.kind == "markdown":
			found = append(found, findInMarkdown(c.text)...)
		case c.kind != "code":
		case bytes.HasPrefix(first, []byte("%%bash")), bytes.HasPrefix(first, []byte("%%sh")), bytes.HasPrefix(first, []byte("%%script")):
			found = append(found, findInShell(c.text.cut(min(len(first)+1, len(c.text.text)), len(c.text.text)))...)
		case bytes.HasPrefix(first, []byte("!")):
			found = append(found, findInShell(c.text.cut(1, len(c.text.text)))...)
		default:
			found = append(found, findInPython(c.text)...)
		}
	}
	return found
}

// cell is one of a notebook.
type cell struct {
	kind string
	text piece
}

// mostNesting bounds the memory of a text that opens brackets without end. The outputs of a notebook are some ten deep.
const mostNesting = 1_000

// notebookCells reads the cells up to where the text is no notebook any more.
func notebookCells(p piece) (cells []cell) {
	d := json.NewDecoder(bytes.NewReader(p.text))
	var open []nesting
	inCells := func() bool { return len(open) >= 2 && open[0].name == "cells" }
	for before := 0; ; before = int(d.InputOffset()) {
		token, err := d.Token()
		if err != nil {
			return cells
		}
		depth := len(open)
		switch v := token.(type) {
		case json.Delim:
			if v == '}' || v == ']' {
				open = open[:depth-1]
				break
			}
			if v == '{' && depth == 2 && inCells() {
				cells = append(cells, cell{})
			}
			if open = append(open, nesting{object: v == '{'}); len(open) > mostNesting {
				return cells
			}
			continue
		case string:
			if depth > 0 && open[depth-1].object && !open[depth-1].named {
				open[depth-1].name, open[depth-1].named = v, true
				continue
			}
			if n := len(cells) - 1; n >= 0 && depth >= 3 && inCells() {
				switch {
				case depth == 3 && open[2].name == "cell_type":
					cells[n].kind = v
				case depth <= 4 && open[2].name == "source":
					start := before + bytes.IndexByte(p.text[before:], '"')
					cells[n].text.unquote(p, start+1, int(d.InputOffset())-1)
				}
			}
		}
		if n := len(open); n > 0 {
			open[n-1].named = false // the value has ended, and a name comes next
		}
	}
}

// nesting is an object or an array that is open.
type nesting struct {
	object, named bool
	name          string // of the member that is being read
}

// unquote appends what a string of JSON between two offsets of p says.
func (c *piece) unquote(p piece, start, end int) {
	if len(c.at) > 0 {
		c.at = c.at[:len(c.at)-1]
	}
	add := func(at int, bytes ...byte) {
		for _, b := range bytes {
			c.text, c.at = append(c.text, b), append(c.at, p.offset(at))
		}
	}
	for i := start; i < end; {
		if p.text[i] != '\\' || i+1 >= end {
			add(i, p.text[i])
			i++
			continue
		}
		at := i
		i += 2
		switch e := p.text[at+1]; e {
		case 'u':
			r := rune(hex4(p.text[i:end]))
			i = min(i+4, end)
			if utf16.IsSurrogate(r) && bytes.HasPrefix(p.text[i:end], []byte(`\u`)) {
				r = utf16.DecodeRune(r, rune(hex4(p.text[i+2:end])))
				i = min(i+6, end)
			}
			add(at, utf8.AppendRune(nil, r)...)
		default:
			if n := strings.IndexByte("bfnrt", e); n >= 0 {
				e = "\b\f\n\r\t"[n]
			}
			add(at, e)
		}
	}
	c.at = append(c.at, p.offset(end))
}

func hex4(text []byte) (n int) {
	for _, c := range text[:min(4, len(text))] {
		n = n<<4 | strings.IndexByte("0123456789abcdef", c|0x20)&15
	}
	return n
}
