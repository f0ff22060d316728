package client

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// An Event is one message of an event stream.
type Event struct {
	// Name is the value of the event's last event: line, or "error" for an error: line; usually "".
	Name string
	// Data is the event's data: lines joined by LF, as sent: bytes that are no UTF-8 are left for the reader of the
	// data to judge. It is valid until the next call of Next. An event may have empty data, which gateways send to
	// keep a connection open.
	Data []byte
	// Bare says that the data stood in a line of its own, without a field name.
	Bare bool
}

const doneMark = "[DONE]"

// isDone reports whether data is the mark that OpenAI's streams end with, or one that begins with it. White space
// within it, which a mark over several data lines has, and a quotation mark in front do not count.
func isDone(data []byte) bool {
	i := 0
	for _, b := range data {
		switch {
		case b == ' ' || b == '\t' || b == '\n' || b == '\r' || i == 0 && b == '"':
			continue
		case b != doneMark[i]:
			return false
		}
		if i++; i == len(doneMark) {
			return true
		}
	}
	return false
}

// ErrTruncated is what Next returns, wrapped or not, for a stream that ends within an event.
var ErrTruncated = errors.New("the stream ends within an event")

// A Decoder reads events the way the WHATWG standard defines them (HTML, section 9.2.6, "Interpreting an event
// stream"): lines end in LF, CR or CRLF, mixed at will and split anywhere between two reads; one byte order mark in
// front is skipped; lines that start with a colon are comments; of the fields only event and data mean anything
// here. An event without a data line is not delivered, one whose data line is empty is.
//
// It departs from the standard in three places, because servers do. A line whose field name is "error" is an event of
// that name; older llama.cpp servers report failures so. A line that begins with a brace or with [DONE] is an event of
// its own; some servers write one JSON object a line. And an event that the end of the stream leaves without its blank
// line is delivered if its data is JSON or [DONE]; the standard drops it.
//
// The cost is linear in the length of the stream, however its bytes are cut into reads.
type Decoder struct {
	r     io.Reader
	limit int

	block []byte // the buffer that reads fill
	rest  []byte // the part of block that was read and not yet used
	lf    int    // index of the first LF in rest, len(rest) if there is none, -1 if nobody has looked
	err   error  // what the reader ended with

	line    []byte // a line of which only the beginning has been read
	lines   bool   // a line has been completed, so a byte order mark may no longer follow
	afterCR bool   // an LF that comes next belongs to the CR before it

	name string
	data []byte
	has  bool // the event has a data line
	bare bool // the data is a line without a field name
	// next is a line that is an event of its own and came before the event in front of it was handed out.
	next     []byte
	nextName string
	sent     bool // data was handed out by Next and is to be emptied

	recognised bool // there was a comment, or a field that the standard knows
}

const readSize = 32 << 10

// NewDecoder returns a Decoder that reads from r and fails with a *SizeError as soon as an event, or a line of any
// kind, is longer than limit bytes. A limit that is not positive means DefaultEventBytes.
func NewDecoder(r io.Reader, limit int) *Decoder {
	if limit <= 0 {
		limit = DefaultEventBytes
	}
	return &Decoder{r: r, limit: limit, lf: -1}
}

// A SizeError says that an answer was refused because a part of it is too large to hold.
type SizeError struct {
	Part  string // "event", or "answer" for one that is not streamed
	Limit int    // the most bytes it may have

	facts
}

// Error says which part it was and its limit.
func (e *SizeError) Error() string { return fmt.Sprintf("%s longer than %d bytes", e.Part, e.Limit) }

// Next returns the next event. The error is io.EOF at the end of the stream, ErrTruncated if the stream ends within
// an event, a *SizeError, or what the reader returned. It then stays the same.
func (d *Decoder) Next() (Event, error) {
	if d.sent {
		d.name, d.data, d.has, d.bare, d.sent = "", d.data[:0], false, false, false
	}
	if len(d.next) > 0 {
		d.data, d.next = d.next, d.data
		d.has, d.bare, d.name, d.nextName = true, d.nextName == "", d.nextName, ""
		return d.hand()
	}
	for {
		line, ok := d.take()
		if len(d.line)+len(line)+len(d.data) > d.limit {
			d.rest, d.lf, d.err = nil, -1, &SizeError{Part: "event", Limit: d.limit}
			d.line, d.data, d.has = nil, nil, false
			continue
		}
		switch {
		case ok:
			if d.endOfLine(line) {
				return d.hand()
			}
		case d.err != nil:
			return d.end()
		default:
			d.fill()
		}
	}
}

// take removes the next line from what has been read. Without a line end in sight it moves the bytes into d.line.
func (d *Decoder) take() ([]byte, bool) {
	if d.afterCR && len(d.rest) > 0 {
		d.afterCR = false
		if d.rest[0] == '\n' {
			d.drop(1)
		}
	}
	// The LF is looked for once and remembered, the CR only in front of it: a stream that uses nothing but CR must
	// not have every one of its lines searched to the end of the block.
	if d.lf < 0 {
		if d.lf = bytes.IndexByte(d.rest, '\n'); d.lf < 0 {
			d.lf = len(d.rest)
		}
	}
	end := d.lf
	if i := bytes.IndexByte(d.rest[:end], '\r'); i >= 0 {
		end = i
	}
	if end == len(d.rest) {
		d.line = append(d.line, d.rest...)
		d.drop(end)
		return nil, false
	}
	line := d.rest[:end]
	d.afterCR = d.rest[end] == '\r'
	d.drop(end + 1)
	return line, true
}

func (d *Decoder) drop(n int) {
	d.rest = d.rest[n:]
	d.lf -= n // negative when the LF itself is gone: look again
}

func (d *Decoder) fill() {
	if d.block == nil {
		d.block = make([]byte, readSize)
	}
	n, err := d.r.Read(d.block)
	d.rest, d.lf, d.err = d.block[:n], -1, err
}

// endOfLine interprets a line, of which tail is what d.line does not hold yet, and reports whether it ends an event.
func (d *Decoder) endOfLine(tail []byte) bool {
	line := tail
	if len(d.line) > 0 {
		d.line = append(d.line, tail...)
		line, d.line = d.line, d.line[:0]
	}
	if !d.lines {
		d.lines = true
		line = bytes.TrimPrefix(line, []byte("\ufeff"))
	}
	if len(line) == 0 {
		if d.has {
			return true
		}
		d.name = ""
		return false
	}
	if line[0] == '{' || bytes.HasPrefix(line, []byte(doneMark)) {
		return d.alone("", line)
	}
	field, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimPrefix(value, []byte(" "))
	switch string(field) {
	case "", "id", "retry":
		d.recognised = true
	case "event":
		d.name = string(value)
		d.recognised = true
	case "error":
		return len(value) > 0 && d.alone("error", value)
	case "data":
		d.recognised = true
		if d.has {
			d.data = append(d.data, '\n')
		}
		d.data = append(d.data, value...)
		d.has = true
	}
	return false
}

// alone makes an event of one line. An event in front of it that lacks its blank line is handed out first.
func (d *Decoder) alone(name string, data []byte) bool {
	if d.has {
		d.next, d.nextName = append(d.next, data...), name
		return true
	}
	d.data, d.has, d.bare = append(d.data, data...), true, name == ""
	d.name = cmp.Or(name, d.name)
	return true
}

// end handles the unfinished event that the end of the stream may leave behind.
func (d *Decoder) end() (Event, error) {
	if len(d.line) > 0 {
		d.endOfLine(nil)
	}
	if len(d.next) > 0 {
		if d.nextName == "" { // whether it is whole is for the next time
			d.line, d.next = append(d.line, d.next...), nil
		}
		return d.hand()
	}
	data := bytes.TrimSpace(d.data)
	words := d.name == "error" && len(data) > 0 && data[0] != '{' // of a server that fails may well be its last
	if d.has && (words || readable(data)) {
		return d.hand()
	}
	if len(data) > 0 && d.has && d.err == io.EOF {
		d.err = ErrTruncated
	}
	d.has = false
	return Event{}, d.err
}

// readable reports whether data is JSON, as servers write it, or [DONE], or in each of its lines one of the two.
func readable(data []byte) bool {
	whole := func(data []byte) bool {
		quoted, odd := quoteWords(data)
		return isDone(data) || json.Valid(data) || odd && json.Valid(quoted)
	}
	if whole(data) {
		return true
	}
	lines := bytes.Split(data, []byte("\n"))
	for _, line := range lines {
		if len(bytes.TrimSpace(line)) > 0 && !whole(line) {
			return false
		}
	}
	return len(lines) > 1
}

func (d *Decoder) hand() (Event, error) {
	d.sent = true
	return Event{Name: d.name, Data: d.data, Bare: d.bare}, nil
}
