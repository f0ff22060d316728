package client

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/schema"
)

// errLeft says that the caller has broken out of the loop; it is not for anybody to see.
var errLeft = errors.New("loop left")

// answer reads one answer.
type answer struct {
	chunkReader
	ctx        context.Context
	eventBytes int
	errorBytes int
	redact     redactor
	asked      asked
	ending     ending
	yield      func(Chunk) bool

	status     int
	label      string // the declared type
	began      bool   // a chunk with more than notes was handed out
	events     int    // that came in a stream, [DONE] among them
	bare       int    // of these, lines without a field name
	completion bool   // a list of choices has come
	native     bool   // it is Ollama's own format
	framed     func() bool
	head       head
	hooks      *Hooks
	attempts   int // that were made
	now        func() time.Time
}

// run sends the body as often as it has to, reads the answer to its end, and hands out what is left over then.
func (a *answer) run(c *Client, body []byte) error {
	built, err := c.build(body)
	a.now = c.Retry.now
	for again := err == nil; again; {
		if err = a.attempt(c, built); err == errLeft {
			return err
		}
		var pause time.Duration
		if pause, again = c.Retry.pause(a.attempts, err); again {
			tell(a, a.hooks.Retry, RetryInfo{Attempt: a.attempts, Err: a.explained(err), Pause: pause})
			if ended := c.Retry.wait(a.ctx, pause); ended != nil {
				err, again = a.clean(&TransportError{Op: opSend, Err: ended}), false
			}
		}
	}
	if last := a.last(); (last.Notes != nil || last.Choices != nil) && !a.yield(last) {
		return errLeft
	}
	return a.explained(err)
}

// attempt sends the request and reads what comes. Of an attempt that fails before an answer has begun nothing is left.
func (a *answer) attempt(c *Client, built core.HTTPRequest) error {
	ctx, cancel := context.WithCancel(a.ctx)
	defer cancel()
	a.attempts++
	a.status, a.label = 0, ""
	tell(a, a.hooks.Request, RequestInfo{
		Attempt: a.attempts, Method: built.Method, URL: a.redact.text(built.URL), Bytes: len(built.Body), Stream: built.Stream,
	})
	resp, err := c.send(ctx, built)
	if err != nil {
		return a.clean(err)
	}
	defer resp.Body.Close()
	return a.read(resp, cancel)
}

func (a *answer) read(resp *http.Response, cancel func()) error {
	a.status = resp.StatusCode
	// Without the key first: in lower case it would not be recognised any more.
	a.label = strings.ToLower(strings.TrimSpace(a.redact.text(resp.Header.Get("Content-Type"))))
	tell(a, a.hooks.Headers, HeadersInfo{
		Attempt: a.attempts, Status: a.status, Type: a.label, RequestID: cut(a.redact.text(resp.Header.Get("X-Request-Id")), 200),
	})
	if location := resp.Header.Get("Location"); resp.StatusCode/100 == 3 && location != "" {
		return &RedirectError{Status: resp.StatusCode, Location: a.redact.text(location)}
	}
	if resp.StatusCode/100 != 2 {
		return a.refused(resp, resp.Body)
	}
	a.head = head{from: resp.Body, most: a.errorBytes + a.redact.slack(), first: func(n int) {
		tell(a, a.hooks.FirstByte, FirstByteInfo{Attempt: a.attempts, Bytes: n})
	}}
	r := bufio.NewReader(&a.head)
	// What the body starts with says what it is. The declared type does not: proxies change it, and some servers
	// answer in JSON what was asked as a stream, and the other way round.
	switch first, err := firstByte(r); {
	case first == '<':
		return a.page(r)
	case first == '{', first == '[':
		return a.json(r, cancel)
	case err != nil && err != io.EOF:
		return a.unread(err)
	}
	return a.stream(r, cancel)
}

// firstByte looks at the first byte that is no white space, without taking it and without waiting for more than that.
// It is 0 if the first bytes are nothing else.
func firstByte(r *bufio.Reader) (byte, error) {
	const most = 512
	for n := 1; n <= most; n++ {
		head, err := r.Peek(n)
		if err != nil {
			return 0, err
		}
		switch b := head[n-1]; b {
		case ' ', '\t', '\r', '\n', 0xef, 0xbb, 0xbf: // the last three make a byte order mark
		default:
			return b, nil
		}
	}
	return 0, nil
}

// head is a reader that keeps the beginning of what is read.
type head struct {
	from  io.Reader
	most  int
	kept  []byte
	first func(n int) // is told how many bytes came first
}

// Read reads on.
func (h *head) Read(p []byte) (int, error) {
	n, err := h.from.Read(p)
	if n > 0 && h.first != nil {
		h.first(n)
		h.first = nil
	}
	h.kept = append(h.kept, p[:min(n, max(h.most-len(h.kept), 0))]...)
	return n, err
}

// refused reads the body of a refusal. Half a body still says more than that it broke off.
func (a *answer) refused(resp *http.Response, body io.Reader) error {
	raw, err := io.ReadAll(io.LimitReader(body, int64(a.errorBytes+a.redact.slack())))
	if err != nil && a.ctx.Err() != nil {
		return a.unread(err)
	}
	e := a.apiError(raw)
	e.RetryAfter = retryAfter(resp.Header, a.now)
	return e
}

// page reads a web page that came as a success.
func (a *answer) page(r io.Reader) error {
	raw, err := io.ReadAll(io.LimitReader(r, int64(a.errorBytes+a.redact.slack())))
	if err != nil && a.ctx.Err() != nil {
		return a.unread(err)
	}
	e := a.apiError(raw)
	e.id = "html"
	return e
}

// apiError describes a body that is no completion.
func (a *answer) apiError(raw []byte) *APIError {
	text := a.redact.raw(raw, a.errorBytes)
	p := a.redact.problem(bodyProblem(a.status, raw, text))
	p.Raw = text
	return &APIError{Status: a.status, Problem: p}
}

// odd is an answer of another kind, as its beginning shows. Without a message the beginning is the message.
func (a *answer) odd(id, message string) error {
	e := a.apiError(a.head.kept)
	e.id = id
	if message != "" {
		e.Message = message
	}
	return e
}

// json reads an answer that begins like JSON: one value, or one a line.
func (a *answer) json(r *bufio.Reader, cancel func()) error {
	raw, err := a.firstLine(r)
	line, _, cr := bytes.Cut(raw, []byte("\r"))
	if _, _, ok := parseLenient(line); ok && (err == nil || cr) || isDone(line) {
		// More may follow or not. A lone object is read the same way, only its end counts for more.
		return a.stream(io.MultiReader(bytes.NewReader(raw), &after{r, err}), cancel)
	}
	if err == nil {
		var rest []byte
		rest, err = io.ReadAll(io.LimitReader(r, int64(a.eventBytes-len(raw))+1))
		raw = append(raw, rest...)
	}
	if len(raw) > a.eventBytes {
		return &SizeError{Part: "answer", Limit: a.eventBytes}
	}
	if err == io.EOF {
		err = nil
	}
	if err != nil {
		err = a.unread(err)
	}
	return a.whole(raw, err)
}

// firstLine reads up to the first LF behind something that is more than white space, without the white space and the
// byte order mark in front. It stops beyond the limit of an event.
func (a *answer) firstLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for len(line) <= a.eventBytes {
		part, err := r.ReadSlice('\n')
		if len(line) == 0 {
			part = bytes.TrimLeft(part, " \t\r\n\ufeff")
		}
		line = append(line, part...)
		if err == bufio.ErrBufferFull || err == nil && len(line) == 0 {
			continue
		}
		return line, err
	}
	return line, nil
}

// after is a reader that goes on reading, or that has ended with an error already.
type after struct {
	from io.Reader
	err  error
}

// Read reads on.
func (a *after) Read(p []byte) (int, error) {
	if a.err != nil {
		return 0, a.err
	}
	return a.from.Read(p)
}

// whole reads an answer that is one JSON value. broken is why it could not be read on, nil if it ended properly; a
// value that is all there counts in any case.
func (a *answer) whole(raw []byte, broken error) error {
	o, odd, ok := parseLenient(raw)
	switch {
	case !ok && broken != nil:
		return broken
	case !ok && unclosed(raw):
		return &TransportError{Op: "read the answer", Err: errCutWhole, facts: facts{id: "cut-whole"}}
	case !ok:
		return a.odd("unreadable", "")
	case odd:
		a.add("no-json-numbers")
	}
	a.events++
	tell(a, a.hooks.Event, EventInfo{Number: a.events, Bytes: len(raw)})
	if err := a.value(o, "", raw, true); err != nil {
		return err
	}
	return a.over(onePiece, broken)
}

var errCutWhole = errors.New("the answer came in one piece, and its end is missing")

// stream reads events up to a failure or the end. [DONE] is the end, but for an error that is on its way already.
func (a *answer) stream(r io.Reader, cancel func()) error {
	decoder := NewDecoder(r, a.eventBytes)
	a.framed = func() bool { return decoder.recognised }
	for {
		event, err := decoder.Next()
		switch {
		case err == io.EOF && a.bare == 1 && a.events == 1:
			return a.over(onePiece, nil)
		case err == io.EOF:
			return a.over(ended, nil)
		case err == ErrTruncated:
			return a.over(torn, nil)
		case err != nil:
			err = a.unread(err)
			if _, sized := err.(*SizeError); sized || a.ctx.Err() != nil {
				return err
			}
			if a.bare == 1 && a.events == 1 {
				return a.over(onePiece, err)
			}
			return a.over(broken, err)
		}
		done, err := a.event(event)
		if err != nil {
			return err
		}
		if done {
			return a.afterDone(decoder, cancel)
		}
	}
}

// afterDone looks for an error that a server sends after [DONE], and does not wait long for one.
func (a *answer) afterDone(decoder *Decoder, cancel func()) error {
	late := time.AfterFunc(time.Duration(schema.Answers().Limits.AfterDoneMS)*time.Millisecond, cancel)
	defer late.Stop()
	for {
		event, err := decoder.Next()
		if err != nil {
			return a.over(marked, nil)
		}
		if data := bytes.TrimSpace(event.Data); event.Name == "error" && len(data) > 0 {
			return a.errorEvent(data)
		}
	}
}

// event reads one event and reports whether it is the mark of the end.
func (a *answer) event(e Event) (done bool, err error) {
	data := bytes.TrimSpace(e.Data)
	if len(data) == 0 {
		return false, nil // gateways send it as a sign of life
	}
	a.events++
	tell(a, a.hooks.Event, EventInfo{Number: a.events, Name: printable(a.redact.text(e.Name)), Bytes: len(data)})
	if e.Bare {
		a.bare++
	}
	if isDone(data) {
		if string(data) != doneMark {
			a.add("done-odd")
		}
		return true, nil
	}
	if e.Name == "error" {
		return false, a.errorEvent(data)
	}
	o, odd, ok := parseLenient(data)
	if odd && ok {
		a.add("no-json-numbers")
	}
	switch {
	case ok:
		return false, a.value(o, e.Name, data, a.bare == 1 && a.events == 1)
	case bytes.ContainsRune(data, '\n') && readable(data):
		return a.lines(e.Name, data)
	case (e.Name == "" || e.Name == "message") && data[0] == '{':
		err := a.failed(Problem{Message: "got an event that is no JSON object, want a part of a completion"}, data)
		err.id = "damaged"
		return false, err
	}
	a.add("event-skipped")
	return false, nil
}

// lines reads an event that is several, because the blank lines between them are missing.
func (a *answer) lines(name string, data []byte) (done bool, err error) {
	a.add("events-joined")
	for line := range bytes.SplitSeq(data, []byte("\n")) {
		if done, err := a.event(Event{Name: name, Data: line}); done || err != nil {
			return done, err
		}
	}
	return false, nil
}

// errorEvent is an event that says by its name that the answer failed.
func (a *answer) errorEvent(data []byte) error {
	problem := Problem{Message: plainText(data)}
	if o, _, ok := parseLenient(data); ok {
		if p, ok := o.problem(); ok {
			problem = p
		}
	}
	return a.failed(problem, data)
}

// value reads an object that came in an event of a name, or that may be the whole answer.
func (a *answer) value(o object, name string, data []byte, whole bool) error {
	completion := isList(o["choices"])
	a.completion = a.completion || completion
	if done, ok := o["done"]; ok && isNothing(o["choices"]) && (string(done) == "true" || string(done) == "false") && !o.hasError() {
		a.native = true
		return nil
	}
	problem, failed := o.problem()
	if !o.hasError() {
		// A message without an error is a failure only where a chunk should be.
		failed = failed && isNothing(o["choices"]) && (name == "" || name == "message")
	}
	chunk := a.chunk(o)
	a.ending.add(chunk)
	// The event that tells of a failure may carry the last text as well, as OpenRouter's does.
	if !failed || len(chunk.Choices) > 0 {
		chunk.Notes = a.take()
		if !a.yield(chunk) {
			return errLeft
		}
		a.began = true
	}
	switch {
	case failed && whole && !a.began:
		e := a.apiError(data)
		e.Problem = a.redact.problem(problem)
		e.Raw = a.redact.raw(data, a.errorBytes)
		e.id = "error-in-answer"
		return e
	case failed:
		return a.failed(problem, data)
	}
	return nil
}

// unframed reports whether what came has no line of an event stream, and is more than white space.
func (a *answer) unframed() bool {
	if a.bare > 0 {
		return !a.completion
	}
	return a.framed != nil && !a.framed() && len(bytes.TrimSpace(a.head.kept)) > 0
}

func isEventStream(label string) bool { return strings.HasPrefix(label, "text/event-stream") }

func (a *answer) failed(p Problem, raw []byte) *StreamError {
	p = a.redact.problem(p)
	p.Raw = a.redact.raw(raw, a.errorBytes)
	return &StreamError{Problem: p, facts: facts{id: "error-in-answer"}}
}

// unread says why the answer could not be read on.
func (a *answer) unread(err error) error {
	var size *SizeError
	if errors.As(err, &size) {
		return err
	}
	return a.clean(&TransportError{Op: "read the answer", Err: err})
}

// clean puts the context's end in place of whatever error it led to, and keeps the key out of all others.
func (a *answer) clean(err error) error {
	var transport *TransportError
	if !errors.As(err, &transport) {
		return err
	}
	if a.ctx.Err() != nil {
		transport.Err = a.ctx.Err()
	} else {
		transport.Err = a.redact.cause(transport.Err)
	}
	return transport
}
