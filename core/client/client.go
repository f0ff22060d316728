package client

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"net/http"

	"github.com/completion-playground/playground/core"
)

// The limits of a Client that sets none, which are those of schema/answers.json.
const (
	DefaultEventBytes = 32 << 20
	DefaultErrorBytes = 256 << 10
)

// A Client sends completion requests to one endpoint. Its fields must not change once it is in use; it is then safe
// for concurrent use.
type Client struct {
	// Endpoint is where the requests go. Its key and the values of its headers are in no error that
	// the Client returns.
	Endpoint core.Endpoint
	// HTTP does the sending; nil means http.DefaultTransport. The Client uses its transport and its timeout, which
	// bounds the whole answer and not just its beginning, but not its cookies, and it follows no redirect.
	HTTP *http.Client
	// EventBytes is the most that one event, or an answer that is not streamed, may have; 0 means DefaultEventBytes.
	EventBytes int
	// ErrorBytes is how much of the body of an error is read; 0 means DefaultErrorBytes.
	ErrorBytes int
	// Retry says when a request is sent again; the zero one never does.
	Retry Retry
	// Hooks are told what happens.
	Hooks Hooks
}

// Complete sends a request for an answer in one piece and returns it. Stream and StreamOptions of the request do not
// count. A server that streams all the same is understood.
//
// With a *StreamError, an ErrEndedEarly or an error in reading, the Completion is what came until then. It is nil if
// the answer never began.
func (c *Client) Complete(ctx context.Context, req core.CompletionRequest) (*Completion, error) {
	req.Stream = core.Opt[bool]{}
	req.StreamOptions = core.Opt[core.StreamOptions]{}
	body, err := json.Marshal(req)
	if err != nil {
		return nil, err
	}
	return Collect(c.StreamBody(ctx, body))
}

// Stream sends a request for a streamed answer, whatever its Stream says, and yields the chunks as they arrive. See
// StreamBody.
func (c *Client) Stream(ctx context.Context, req core.CompletionRequest) iter.Seq2[Chunk, error] {
	req.Stream = core.Some(true)
	body, err := json.Marshal(req)
	if err != nil {
		return func(yield func(Chunk, error) bool) { yield(Chunk{}, err) }
	}
	return c.StreamBody(ctx, body)
}

// StreamBody sends a request body as it is, such as that of core.Body or a text that is wrong on purpose, and yields
// the chunks of the answer as they arrive. An answer in one piece is yielded as one chunk, whether it was asked for or
// not.
//
// Nothing is sent before the sequence is ranged over, and each range sends the request anew. Nothing is sent a
// second time by itself unless Client.Retry says so. An error ends the sequence and comes with a zero Chunk; no error means that the answer is
// complete. Breaking out of the loop ends the connection, which tells the server to stop, and so does the context.
//
// The error is an *APIError or a *RedirectError if there is no completion in the answer, a *TransportError if the
// connection or the context ended, a *StreamError if the server failed on the way, a *SizeError beyond EventBytes,
// and ErrEndedEarly or ErrEmpty by the rule in the package documentation. A base or a key that cannot be sent gives
// the error of core.Build.
func (c *Client) StreamBody(ctx context.Context, body []byte) iter.Seq2[Chunk, error] {
	return func(yield func(Chunk, error) bool) {
		a := answer{
			ctx:        ctx,
			eventBytes: positive(c.EventBytes, DefaultEventBytes),
			errorBytes: positive(c.ErrorBytes, DefaultErrorBytes),
			redact:     newRedactor(c.Endpoint),
			asked:      askedFor(body),
			hooks:      &c.Hooks,
		}
		told := EndInfo{End: Stopped}
		a.yield = func(chunk Chunk) bool {
			told.Chunks++
			told.Usage = cmp.Or(chunk.Usage, told.Usage)
			return yield(chunk, nil)
		}
		defer func() {
			told.Attempts, told.Events = a.attempts, a.events
			tell(&a, c.Hooks.End, told)
		}()
		a.asked.origin = originOf(c.Endpoint.Base)
		a.asked.keyed = c.Endpoint.Key.Reveal() != "" || len(c.Endpoint.Headers) > 0
		a.ending.expected = a.asked.choices
		err := a.run(c, body)
		if err == errLeft {
			return
		}
		told.End, told.Err = EndOf(err), err
		if err != nil {
			yield(Chunk{}, err)
		}
	}
}

func positive(n, def int) int {
	if n <= 0 {
		return def
	}
	return n
}

// NewRequest returns what core.Build made as a request of package net/http, whose body can be read again and again. Its
// headers have the key in clear.
func NewRequest(ctx context.Context, built core.HTTPRequest) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, built.Method, built.URL, bytes.NewReader(built.Body))
	if err != nil {
		return nil, err
	}
	for name, value := range built.Headers() {
		req.Header.Set(name, value)
	}
	return req, nil
}

// build returns the request that sends a body.
func (c *Client) build(body []byte) (core.HTTPRequest, error) {
	built, err := core.Build(c.Endpoint, body)
	if err != nil {
		if _, baseFault := c.Endpoint.Addresses(); baseFault == nil {
			return built, &unsendable{cause: err, facts: facts{id: "bad-key", words: err.Error()}}
		}
	}
	return built, err
}

// send returns the response, whatever its status.
func (c *Client) send(ctx context.Context, built core.HTTPRequest) (*http.Response, error) {
	req, err := NewRequest(ctx, built)
	if err != nil {
		return nil, err
	}
	resp, err := c.sender().Do(req)
	if err != nil {
		return nil, &TransportError{Op: opSend, Err: err}
	}
	return resp, nil
}

// sender is the client that sends, without cookies, following nothing.
func (c *Client) sender() *http.Client {
	var sender http.Client
	if c.HTTP != nil {
		sender = *c.HTTP
	}
	sender.Jar = nil
	sender.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &sender
}

// asked is what a request asks for.
type asked struct {
	choices int // its prompts times n
	stream  bool
	origin  string // of the endpoint
	keyed   bool   // something goes along that may be a key
}

// askedFor reads a request. What it cannot read counts as one choice, and as not asked for.
func askedFor(body []byte) asked {
	o, _ := parseObject(body) // a body may be wrong on purpose
	prompts := 1
	// A list that holds a number is one prompt, made of tokens.
	if items := list(o["prompt"]); len(items) > 0 {
		prompts = len(items)
		for _, item := range items {
			if item[0] != '"' && item[0] != '[' {
				prompts = 1
			}
		}
	}
	n, _ := wholeNumber(o["n"])
	return asked{choices: prompts * int(min(max(n, 1), 1<<20)), stream: string(o["stream"]) == "true"}
}
