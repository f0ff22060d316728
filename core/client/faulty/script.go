package faulty

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// A Script is an answer, told step by step. It is data: it can be written and read as JSON.
type Script struct {
	Status int `json:"status,omitempty"` // 0 means 200
	// Header is sent as it stands. Without a Content-Type it is text/event-stream.
	Header map[string]string `json:"header,omitempty"`
	CORS   CORS              `json:"cors,omitempty"`
	// Length is a Content-Length to declare, true or not; 0 declares none. The body is cut there, since net/http
	// sends no more than was declared; with less the connection breaks.
	Length int    `json:"length,omitempty"`
	Gzip   bool   `json:"gzip,omitempty"` // compress the body, each write a block of its own
	Steps  []Step `json:"steps,omitempty"`
}

// A Step waits, writes, and then perhaps does something bad.
type Step struct {
	Delay  int    `json:"delay,omitempty"`  // milliseconds to wait first
	Data   string `json:"data,omitempty"`   // what to write; a step without any sends the header
	Raw    []byte `json:"raw,omitempty"`    // written instead of Data, for bytes that are no text
	Repeat int    `json:"repeat,omitempty"` // times to write it; 0 means once
	// Split is the number of bytes in one write; 0 writes it all at once. It overrules the form of the play, so that
	// a large answer does not get written byte by byte.
	Split int    `json:"split,omitempty"`
	Then  Action `json:"then,omitempty"`
}

// An Action is what a step does after writing.
type Action string

// The actions. All of them end the script.
const (
	Stall    Action = "stall"    // keep the connection open and silent until the client leaves
	Truncate Action = "truncate" // close the connection without the end that the protocol wants
	Reset    Action = "reset"    // the same, with a TCP reset; under HTTP/2 both reset the stream
)

// CORS says what a browser is told about requests from other origins.
type CORS string

// The ways to answer a browser.
const (
	CORSOpen      CORS = ""               // any origin may ask and read
	CORSOff       CORS = "off"            // not a word about it, the preflight included
	CORSPreflight CORS = "preflight-only" // may ask, but not read: authentication in front of the CORS layer does this
)

// A Form is a way of cutting a script into writes.
type Form string

// The forms.
const (
	Scripted Form = ""      // a write for each step
	Whole    Form = "whole" // one write for everything between two delays
	Bytes    Form = "bytes" // a write for each byte
)

const wholeLimit = 1 << 20 // more than this is not held back for a single write

// player writes a script to a connection.
type player struct {
	http    *http.ResponseController
	w       io.Writer
	zip     *gzip.Writer
	form    Form
	left    int // bytes that the declared length still allows, -1 for any
	pending bytes.Buffer
}

// play plays the script. The error is why it did not reach its end, which is that the client has left.
func (s Script) play(w http.ResponseWriter, r *http.Request, form Form) error {
	p := player{http: http.NewResponseController(w), w: w, form: form, left: -1}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	for name, value := range s.Header {
		h.Set(name, value)
	}
	if s.Length > 0 {
		h.Set("Content-Length", strconv.Itoa(s.Length))
		p.left = s.Length
	}
	if s.Gzip {
		h.Set("Content-Encoding", "gzip")
		p.zip = gzip.NewWriter(w)
		p.w = p.zip
	}
	if s.Status != 0 {
		w.WriteHeader(s.Status)
	}
	for _, step := range s.Steps {
		if err := p.step(r.Context(), step); err != nil {
			return err
		}
	}
	if err := p.flush(); err != nil {
		return err
	}
	if p.zip != nil {
		return p.zip.Close()
	}
	return nil
}

func (p *player) step(ctx context.Context, s Step) error {
	if s.Delay > 0 {
		if err := p.flush(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(s.Delay) * time.Millisecond):
		}
	}
	data := s.Raw
	if data == nil {
		data = []byte(s.Data)
	}
	if len(data) == 0 && s.Then == "" {
		return p.http.Flush()
	}
	for range max(s.Repeat, 1) {
		if err := p.write(data, s); err != nil {
			return err
		}
	}
	if s.Then == "" {
		return nil
	}
	return p.act(ctx, s.Then)
}

// write cuts data into writes the way the step or the form wants it.
func (p *player) write(data []byte, s Step) error {
	size := s.Split
	switch {
	case size > 0:
	case p.form == Bytes && s.Repeat == 0:
		size = 1
	case p.form == Whole:
		p.pending.Write(data)
		if p.pending.Len() < wholeLimit {
			return nil
		}
		return p.flush()
	default:
		size = max(len(data), 1)
	}
	if err := p.flush(); err != nil {
		return err
	}
	for len(data) > 0 {
		n := min(size, len(data))
		if err := p.send(data[:n]); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

// flush sends what the form Whole has held back.
func (p *player) flush() error {
	if p.pending.Len() == 0 {
		return nil
	}
	defer p.pending.Reset()
	return p.send(p.pending.Bytes())
}

func (p *player) send(data []byte) error {
	if p.left >= 0 {
		data = data[:min(len(data), p.left)]
		p.left -= len(data)
	}
	if len(data) == 0 {
		return nil
	}
	if _, err := p.w.Write(data); err != nil {
		return err
	}
	if p.zip != nil {
		if err := p.zip.Flush(); err != nil {
			return err
		}
	}
	return p.http.Flush()
}

func (p *player) act(ctx context.Context, action Action) error {
	if err := p.flush(); err != nil {
		return err
	}
	switch action {
	case Stall:
		<-ctx.Done()
		return ctx.Err()
	case Reset:
		// Only HTTP/1.1 lets go of its connection.
		if conn, _, err := p.http.Hijack(); err == nil {
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0) // a close then resets
			}
			_ = conn.Close()
			return nil
		}
	}
	panic(http.ErrAbortHandler)
}
