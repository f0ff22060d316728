package client

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// errBroken says that the caller has broken out of the loop; it is not for anybody to see.
var errBroken = errors.New("loop broken")

// answer reads one answer.
type answer struct {
	ctx        context.Context
	eventBytes int
	errorBytes int
	redact     redactor
	ending     ending
	yield      func(Chunk) bool
}

// run sends the body and reads the answer to its end.
func (a *answer) run(c *Client, body []byte) error {
	resp, err := c.send(a.ctx, body)
	if err != nil {
		return a.broken(err)
	}
	defer resp.Body.Close()
	if location := resp.Header.Get("Location"); resp.StatusCode/100 == 3 && location != "" {
		return &RedirectError{Status: resp.StatusCode, Location: a.redact.text(location)}
	}
	if resp.StatusCode/100 != 2 {
		return a.refused(resp, resp.Body)
	}
	r := bufio.NewReader(resp.Body)
	// What the body starts with says what it is. The declared type does not: proxies change it, and some servers
	// answer in JSON what was asked as a stream, and the other way round.
	switch first, err := firstByte(r); {
	case first == '<':
		return a.refused(resp, r)
	case first == '{', first == '[':
		return a.whole(resp, r)
	case err != nil && err != io.EOF:
		return a.unread(err)
	}
	return a.events(r)
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

// refused reads the body of an answer that is no completion. Half a body still says more than that it broke off.
func (a *answer) refused(resp *http.Response, body io.Reader) error {
	raw, err := io.ReadAll(io.LimitReader(body, int64(a.errorBytes+a.redact.slack())))
	if err != nil && a.ctx.Err() != nil {
		return a.unread(err)
	}
	text := a.redact.raw(raw, a.errorBytes)
	p := a.redact.problem(bodyProblem(resp.StatusCode, raw, text))
	p.Raw = text
	return &APIError{Status: resp.StatusCode, Problem: p, RetryAfter: retryAfter(resp.Header)}
}

// whole reads an answer that is one JSON value.
func (a *answer) whole(resp *http.Response, r io.Reader) error {
	raw, err := io.ReadAll(io.LimitReader(r, int64(a.eventBytes)+1))
	if err != nil {
		return a.unread(err)
	}
	if len(raw) > a.eventBytes {
		return &SizeError{Part: "answer", Limit: a.eventBytes}
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	o, ok := parseObject(raw)
	if !ok {
		return a.failed(Problem{Message: "got a body that is no JSON object, want a completion"}, raw)
	}
	if _, completion := o["choices"]; !completion || !isNothing(o["error"]) {
		if _, ok := o.problem(); ok {
			return a.refused(resp, bytes.NewReader(raw))
		}
	}
	chunk := o.chunk()
	a.ending.add(chunk)
	if len(chunk.Choices) == 0 {
		return ErrEmpty
	}
	if !a.yield(chunk) {
		return errBroken
	}
	return a.over(true)
}

// isNothing reports whether a member is missing or null, as error is in answers that are fine.
func isNothing(raw []byte) bool { return len(raw) == 0 || isNull(raw) }

// events reads an event stream up to [DONE], a failure, or its end.
func (a *answer) events(r io.Reader) error {
	decoder := NewDecoder(r, a.eventBytes)
	for {
		event, err := decoder.Next()
		if err == io.EOF {
			return a.over(false)
		}
		if err == ErrTruncated {
			if err := a.over(false); !errors.Is(err, ErrEndedEarly) {
				return err
			}
			return fmt.Errorf("%w, within an event", ErrEndedEarly)
		}
		if err != nil {
			return a.unread(err)
		}
		data := bytes.TrimSpace(event.Data)
		switch {
		case len(data) == 0:
		case event.done():
			return a.over(true)
		default:
			if err := a.event(event.Name, data); err != nil {
				return err
			}
		}
	}
}

func (a *answer) event(name string, data []byte) error {
	o, ok := parseObject(data)
	if !ok {
		switch name {
		case "error":
			return a.failed(Problem{Message: plainText(data)}, data)
		case "", "message":
			return a.failed(Problem{Message: "got an event that is no JSON object, want a part of a completion"}, data)
		}
		return nil // gateways have events of their own, such as ping
	}
	problem, failed := o.problem()
	if _, hasChoices := o["choices"]; name != "error" && isNothing(o["error"]) {
		// A message alone is a failure only where a server says so; a chunk may well have one.
		failed = failed && !hasChoices && plainText(o["object"]) == "error"
	}
	if name == "error" && !failed {
		problem, failed = Problem{Message: string(data)}, true
	}
	chunk := o.chunk()
	a.ending.add(chunk)
	// The event that tells of a failure may carry the last text as well, as OpenRouter's does.
	if (!failed || len(chunk.Choices) > 0) && !a.yield(chunk) {
		return errBroken
	}
	if failed {
		return a.failed(problem, data)
	}
	return nil
}

func (a *answer) over(done bool) error {
	err := a.ending.end(done)
	var failure *StreamError
	if errors.As(err, &failure) {
		failure.Problem = a.redact.problem(failure.Problem)
	}
	return err
}

func (a *answer) failed(p Problem, raw []byte) error {
	p = a.redact.problem(p)
	p.Raw = a.redact.raw(raw, a.errorBytes)
	return &StreamError{p}
}

// unread says why the answer could not be read on.
func (a *answer) unread(err error) error {
	var size *SizeError
	if errors.As(err, &size) {
		return err
	}
	return a.broken(&TransportError{Op: "read the answer", Err: err})
}

// broken puts the context's end in place of whatever error it led to, and keeps the key out of all others.
func (a *answer) broken(err error) error {
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
