package client

import (
	"bytes"
	"context"
	"io"
	"slices"
	"time"
)

// A Raw is an answer as the server sent it, for programs that keep answers rather than read them.
type Raw struct {
	Status int
	// RequestID is what the server calls the request, in the header x-request-id; "" if it does not say.
	RequestID string
	// RetryAfter is how long the server asks to wait before the next try, 0 if it does not say.
	RetryAfter time.Duration
	// Body is the whole body, at most EventBytes, or with a status other than success its first ErrorBytes. In place of the
	// key and of the values of the endpoint's headers it has "[redacted]". In a success those of less than 16 bytes stay: a key
	// such as "none" or "ollama" may stand in any text.
	Body []byte
}

// realKey is the least length in bytes of what is a secret in any text. Those that services hand out are longer.
const realKey = 16

// Exchange sends a request body as it is and returns what the server answers, whatever its status. The body should not ask
// for a stream. It is sent once.
//
// The error is a *TransportError if the connection or the context ended before all of the answer had come, a *SizeError
// beyond EventBytes, or that of core.Build for a base or a key that cannot be sent.
func (c *Client) Exchange(ctx context.Context, body []byte) (*Raw, error) {
	a := answer{ctx: ctx, redact: newRedactor(c.Endpoint)}
	built, err := c.build(body)
	if err != nil {
		return nil, a.clean(err)
	}
	resp, err := c.send(ctx, built)
	if err != nil {
		return nil, a.clean(err)
	}
	defer resp.Body.Close()
	r := &Raw{Status: resp.StatusCode, RequestID: printable(a.redact.text(resp.Header.Get("X-Request-Id"))), RetryAfter: retryAfter(resp.Header, c.Retry.now)}
	success := r.Status/100 == 2
	most := positive(c.EventBytes, DefaultEventBytes)
	if !success {
		most = positive(c.ErrorBytes, DefaultErrorBytes) + a.redact.slack()
	}
	raw, err := io.ReadAll(io.LimitReader(resp.Body, int64(most)+1))
	switch {
	case err != nil && (success || ctx.Err() != nil):
		return nil, a.unread(err)
	case success && len(raw) > most:
		return nil, &SizeError{Part: "answer", Limit: most}
	case success:
		keys := redactor{slices.DeleteFunc(slices.Clone(a.redact.secrets), func(secret string) bool { return len(secret) < realKey })}
		r.Body = []byte(keys.text(string(bytes.TrimSpace(raw))))
	default: // half of a refusal still says more than that it broke off
		r.Body = []byte(a.redact.raw(raw, positive(c.ErrorBytes, DefaultErrorBytes)))
	}
	return r, nil
}
