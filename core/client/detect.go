package client

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/detect"
	"github.com/completion-playground/playground/schema"
)

// Detect asks the endpoint what it is, with at most six GET requests that carry the key as any other does, and returns
// what it says of itself. With all, a server that its list of models does not give away is asked more. Nothing that
// fails is an error, since a server without these paths can complete all the same: the Found is then empty. The error
// is that of a base, a key or a header that cannot be sent, or of a context that ended.
func (c *Client) Detect(ctx context.Context, all bool) (detect.Found, error) {
	to, err := c.Endpoint.Addresses()
	if err != nil {
		return detect.Found{}, err
	}
	built, err := core.Build(c.Endpoint, nil)
	if err != nil {
		return detect.Found{}, err
	}
	limit, cancel := context.WithTimeout(ctx, time.Duration(schema.Servers().Limits.DeadlineMS)*time.Millisecond)
	defer cancel()
	var answers []detect.Answer
	for next := detect.Next(nil, all); len(next) > 0; next = detect.Next(answers, all) {
		got := make([]detect.Answer, len(next))
		var asking sync.WaitGroup
		for i, path := range next {
			asking.Go(func() { got[i] = c.get(limit, built, path, detect.URL(to, path)) })
		}
		asking.Wait()
		answers = append(answers, got...)
	}
	return detect.Recognise(answers), ctx.Err()
}

// get asks for one path. What fails has the status 0.
func (c *Client) get(ctx context.Context, built core.HTTPRequest, path, url string) detect.Answer {
	a := detect.Answer{Path: path}
	if url == "" {
		return a
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return a
	}
	for name, value := range built.Headers() {
		if name != "Content-Type" {
			req.Header.Set(name, value)
		}
	}
	resp, err := c.sender().Do(req)
	if err != nil {
		return a
	}
	defer resp.Body.Close()
	most := schema.Servers().Limits.Bytes
	if path == detect.ModelsPath {
		most = schema.Servers().Limits.ListBytes
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, int64(most)+1))
	if err != nil || len(body) > most {
		return a
	}
	redact := newRedactor(c.Endpoint).long()
	a.Status, a.Body, a.Headers = resp.StatusCode, []byte(redact.text(string(body))), map[string]string{}
	for name, values := range resp.Header {
		a.Headers[strings.ToLower(name)] = redact.text(values[0])
	}
	return a
}
