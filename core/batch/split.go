package batch

import (
	"bytes"
	"io"
)

// splitter cuts an input into lines.
type splitter struct {
	r    io.Reader
	most int // bytes of a line

	buf    []byte
	at     int   // what is before it in buf has been taken
	end    int   // what is behind it is not there yet
	number int64 // of the last line begun
	offset int64 // of buf[at]
	err    error // from r
	idle   int   // reads in a row that gave neither bytes nor an error
}

const (
	readBytes = 64 << 10
	mostIdle  = 100 // as package bufio has it
)

// next fills a chunk with whole lines: those that one call of Read brings, so that a slow input is not waited for longer
// than has to be, but at least one of them unless the input ends.
func (s *splitter) next(c *chunk) {
	c.text, c.lines, c.last, c.err = c.text[:0], c.lines[:0], false, nil
	for {
		for s.at < s.end {
			if len(c.lines) == chunkLines || len(c.text) >= chunkBytes {
				return
			}
			s.line(c)
		}
		if s.err != nil {
			c.last = true
			if s.err != io.EOF {
				c.err = s.err
			}
			return
		}
		if len(c.lines) > 0 {
			return
		}
		s.fill()
	}
}

// fill reads once, into an empty buffer.
func (s *splitter) fill() {
	if s.buf == nil {
		s.buf = make([]byte, readBytes)
	}
	s.at = 0
	s.end, s.err = s.r.Read(s.buf)
	if s.idle++; s.end > 0 || s.err != nil {
		s.idle = 0
	}
	if s.idle == mostIdle {
		s.err = io.ErrNoProgress
	}
}

// line takes one line, unless it is blank. It reads on where the line goes on behind the buffer. What an input holds behind
// its last line break is a line where the input ends properly; where it breaks off there, it says nothing.
func (s *splitter) line(c *chunk) {
	s.number++
	l := Line{Number: s.number, Offset: s.offset}
	from, whole, last := len(c.text), false, byte(0)
	for {
		part := s.buf[s.at:s.end]
		if n := bytes.IndexByte(part, '\n'); n >= 0 {
			part, whole = part[:n], true
		}
		if len(part) > 0 {
			last = part[len(part)-1]
		}
		s.take(len(part))
		l.Length += int64(len(part))
		if l.Length <= int64(s.most)+1 { // the one byte more may be the CR of the line break
			c.text = append(c.text, part...)
		} else if c.text = c.text[:from]; cap(c.text) > keptBytes {
			c.text = bytes.Clone(c.text)
		}
		if whole {
			s.take(1)
			break
		}
		for s.at == s.end && s.err == nil {
			s.fill()
		}
		if s.at == s.end {
			break
		}
	}
	if whole && last == '\r' {
		l.Length--
		c.text = c.text[:max(from, len(c.text)-1)]
	}
	switch {
	case !whole && s.err != io.EOF:
	case l.Length > int64(s.most):
		c.text = c.text[:from]
		c.lines = append(c.lines, checked{Line: l, from: from, to: from})
		return
	case !blank(c.text[from:], l.Offset == 0):
		c.lines = append(c.lines, checked{Line: l, from: from, to: len(c.text)})
		return
	}
	c.text = c.text[:from]
}

func (s *splitter) take(n int) {
	s.at += n
	s.offset += int64(n)
}

const byteOrderMark = "\ufeff"

// blank reports whether there is nothing in a line but white space and, at the start of an input, a byte order mark.
func blank(text []byte, first bool) bool {
	if first {
		text = bytes.TrimPrefix(text, []byte(byteOrderMark))
	}
	for _, b := range text {
		if b != ' ' && b != '\t' && b != '\r' {
			return false
		}
	}
	return true
}
