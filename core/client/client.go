package client

import (
	"bytes"
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
	var a Accumulator
	for _, err = range a.Follow(c.StreamBody(ctx, body)) {
		continue // Follow keeps the chunks, and an error is the last thing to come
	}
	if err != nil && !a.began {
		return nil, err
	}
	return a.Completion(), err
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
// Nothing is sent before the sequence is ranged over, and each range sends the request anew. Nothing is ever sent a
// second time by itself. An error ends the sequence and comes with a zero Chunk; no error means that the answer is
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
			yield:      func(chunk Chunk) bool { return yield(chunk, nil) },
		}
		a.asked.origin = originOf(c.Endpoint.Base)
		a.asked.keyed = c.Endpoint.Key.Reveal() != "" || len(c.Endpoint.Headers) > 0
		a.ending.expected = a.asked.choices
		if err := a.run(c, body); err != nil && err != errLeft {
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

// send returns the response, whatever its status.
func (c *Client) send(ctx context.Context, body []byte) (*http.Response, error) {
	built, err := core.Build(c.Endpoint, body)
	if err != nil {
		if _, baseFault := c.Endpoint.Addresses(); baseFault == nil {
			return nil, &unsendable{cause: err, facts: facts{id: "bad-key", words: err.Error()}}
		}
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, built.Method, built.URL, bytes.NewReader(built.Body))
	if err != nil {
		return nil, err
	}
	for name, value := range built.Headers() {
		req.Header.Set(name, value)
	}
	resp, err := c.sender().Do(req)
	if err != nil {
		return nil, &TransportError{Op: "send the request", Err: err}
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
