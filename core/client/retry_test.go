package client_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/client"
)

// replies is a transport that answers each request with the next of a list: an error, or a function that makes an answer.
type replies struct {
	list []any
	sent int
}

func (r *replies) RoundTrip(req *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(req.Body)
	if !strings.Contains(string(body), `"prompt"`) {
		return nil, errors.New("the body is not there")
	}
	next := r.list[min(r.sent, len(r.list)-1)]
	r.sent++
	if err, ok := next.(error); ok {
		return nil, err
	}
	return next.(func() *http.Response)(), nil
}

func answering(status int, body string, header ...string) func() *http.Response {
	return func() *http.Response {
		resp := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
		for i := 0; i < len(header); i += 2 {
			resp.Header.Set(header[i], header[i+1])
		}
		return resp
	}
}

// broken is a body that breaks after some bytes.
func broken(body string) func() *http.Response {
	return func() *http.Response {
		r := io.MultiReader(strings.NewReader(body), &failing{})
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(r)}
	}
}

type failing struct{}

func (*failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestRetry holds the client to what may be sent again, how often, and after what wait.
func TestRetry(t *testing.T) {
	connection := errors.New("connection refused")
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name    string
		retry   client.Retry
		replies []any
		sent    int
		waits   []time.Duration // -1 for one of the client's own
		fails   bool
	}{
		{"off by default", client.Retry{}, []any{connection, answering(200, finished, "Content-Type", "text/event-stream")}, 1, nil, true},
		{"one attempt", client.Retry{Attempts: 1}, []any{answering(503, ""), answering(200, finished, "Content-Type", "text/event-stream")}, 1, nil, true},
		{"a connection", client.Retry{Attempts: 3}, []any{connection, connection, answering(200, finished, "Content-Type", "text/event-stream")}, 3, []time.Duration{-1, -1}, false},
		{"too often", client.Retry{Attempts: 3}, []any{connection}, 3, []time.Duration{-1, -1}, true},
		{"a status", client.Retry{Attempts: 9}, []any{answering(429, ""), answering(502, "<html>"), answering(503, ""), answering(504, ""), answering(200, finished, "Content-Type", "text/event-stream")}, 5, []time.Duration{-1, -1, -1, -1}, false},
		{"another status", client.Retry{Attempts: 9}, []any{answering(500, ""), answering(200, finished, "Content-Type", "text/event-stream")}, 1, nil, true},
		{"a status of one's own", client.Retry{Attempts: 9, Statuses: []int{500}}, []any{answering(500, ""), answering(429, "")}, 2, []time.Duration{-1}, true},
		{"no status", client.Retry{Attempts: 9, Statuses: []int{}}, []any{answering(503, "")}, 1, nil, true},
		{"seconds to wait", client.Retry{Attempts: 2}, []any{answering(503, "", "Retry-After", "7"), answering(200, finished, "Content-Type", "text/event-stream")}, 2, []time.Duration{7 * time.Second}, false},
		{"a date to wait for", client.Retry{Attempts: 2, Now: func() time.Time { return now }}, []any{answering(429, "", "Retry-After", now.Add(9*time.Second).Format(http.TimeFormat)), answering(200, finished, "Content-Type", "text/event-stream")}, 2, []time.Duration{9 * time.Second}, false},
		{"longer than is waited", client.Retry{Attempts: 2}, []any{answering(503, "", "Retry-After", "31"), answering(200, finished, "Content-Type", "text/event-stream")}, 1, nil, true},
		{"waits of one's own", client.Retry{Attempts: 2, MostPause: time.Minute}, []any{answering(503, "", "Retry-After", "31"), answering(200, finished, "Content-Type", "text/event-stream")}, 2, []time.Duration{31 * time.Second}, false},
		{"a quota", client.Retry{Attempts: 9}, []any{answering(429, `{"error":{"message":"no","code":"insufficient_quota"}}`)}, 1, nil, true},
		{"a certificate", client.Retry{Attempts: 9}, []any{error(&tls.CertificateVerificationError{Err: errors.New("expired")})}, 1, nil, true},
		{"a timeout", client.Retry{Attempts: 9}, []any{context.DeadlineExceeded}, 1, nil, true},
		{"a redirect", client.Retry{Attempts: 9, Statuses: []int{307}}, []any{answering(307, "", "Location", "/")}, 1, nil, true},
		{"an answer that began", client.Retry{Attempts: 9}, []any{broken(`data: {"choices":[{"text":"x"}]}` + "\n\n"), answering(200, finished, "Content-Type", "text/event-stream")}, 1, nil, true},
		{"an answer that broke before its first byte", client.Retry{Attempts: 9}, []any{broken(""), answering(200, finished, "Content-Type", "text/event-stream")}, 1, nil, true},
		{"a failure within a success", client.Retry{Attempts: 9, Statuses: []int{200}}, []any{answering(200, `{"error":{"message":"busy"}}`)}, 1, nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := &replies{list: c.replies}
			var waits []time.Duration
			c.retry.Sleep = func(_ context.Context, d time.Duration) error {
				waits = append(waits, d)
				return nil
			}
			sender := client.Client{Endpoint: core.Endpoint{Base: "http://a.test"}, HTTP: &http.Client{Transport: server}, Retry: c.retry}
			got, err := client.Collect(sender.Stream(t.Context(), hello))
			assert.Equal(t, c.fails, err != nil, "%v", err)
			if !c.fails && assert.NotNil(t, got) {
				assert.Equal(t, "Hi", got.Choices[0].Text)
				assert.Empty(t, strings.Trim(fmt.Sprint(got.Notes), "[]"), "of an attempt that failed nothing is left")
			}
			assert.Equal(t, c.sent, server.sent)
			require.Len(t, waits, len(c.waits))
			for i, want := range c.waits {
				own := client.DefaultPause << i
				if want < 0 {
					assert.LessOrEqual(t, waits[i], own)
					assert.GreaterOrEqual(t, waits[i], own/2)
				} else {
					assert.Equal(t, want, waits[i])
				}
			}
		})
	}
}

// Waits double up to their bound.
func TestRetryWaitsAreBounded(t *testing.T) {
	server := &replies{list: []any{answering(503, "")}}
	var longest time.Duration
	sender := client.Client{Endpoint: core.Endpoint{Base: "http://a.test"}, HTTP: &http.Client{Transport: server}, Retry: client.Retry{
		Attempts: 100, Pause: time.Second, MostPause: time.Minute,
		Sleep: func(_ context.Context, d time.Duration) error {
			longest = max(longest, d)
			return nil
		},
	}}
	_, err := sender.Complete(t.Context(), hello)
	var refused *client.APIError
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, 100, server.sent)
	assert.LessOrEqual(t, longest, time.Minute)
	assert.Greater(t, longest, 30*time.Second-1)
}

// silent is a server that never answers.
type silent struct{ asked int }

func (s *silent) RoundTrip(req *http.Request) (*http.Response, error) {
	s.asked++
	<-req.Context().Done()
	return nil, req.Context().Err()
}

// A timeout of the caller's own http.Client bounds the whole, and is not begun anew.
func TestTimeoutsAreNotTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &silent{}
		sender := client.Client{
			Endpoint: core.Endpoint{Base: "http://a.test"}, HTTP: &http.Client{Transport: server, Timeout: time.Minute}, Retry: client.Retry{Attempts: 5},
		}
		_, err := sender.Complete(t.Context(), hello)
		var broken *client.TransportError
		require.ErrorAs(t, err, &broken)
		assert.Equal(t, 1, server.asked)
	})
}

// Without a clock of the caller's, the wait is one of real time.
func TestRetryWaitsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &replies{list: []any{answering(503, "", "Retry-After", "7"), answering(200, finished)}}
		sender := client.Client{Endpoint: core.Endpoint{Base: "http://a.test"}, HTTP: &http.Client{Transport: server}, Retry: client.Retry{Attempts: 2}}
		start := time.Now()
		_, err := sender.Complete(t.Context(), hello)
		require.NoError(t, err)
		assert.Equal(t, 7*time.Second, time.Since(start))
	})
}

// A context that ends while another attempt is waited for ends the wait.
func TestContextEndsTheWait(t *testing.T) {
	server := &replies{list: []any{answering(503, "", "Retry-After", "20")}}
	ctx, cancel := context.WithCancel(t.Context())
	ends := 0
	sender := client.Client{Endpoint: core.Endpoint{Base: "http://a.test"}, HTTP: &http.Client{Transport: server}, Retry: client.Retry{Attempts: 3}, Hooks: client.Hooks{
		Retry: func(context.Context, client.RetryInfo) { cancel() },
		End: func(_ context.Context, e client.EndInfo) {
			ends++
			assert.Equal(t, client.Stopped, e.End)
			assert.Equal(t, 1, e.Attempts)
		},
	}}
	_, err := sender.Complete(ctx, hello)
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, 1, server.sent)
	assert.Equal(t, 1, ends)
}

// TestHooks writes down what is told, in order, and finds no secret in it although the server echoes them everywhere.
func TestHooks(t *testing.T) {
	const key, own, prompt = "sk-very-secret-1", "own-secret-value-2", "a secret prompt"
	echo := key + " " + own
	first := `{"choices":[{"index":0,"text":"a secret"}]}`
	last := `{"choices":[{"index":0,"text":" answer","finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}`
	stream := "data: " + first + "\n\nevent: ping\ndata: {}\n\ndata: " + last + "\n\ndata: [DONE]\n\n"
	server := &replies{list: []any{
		errors.New("cannot reach with " + key),
		answering(503, `{"error":{"message":"busy with `+echo+`"}}`, "X-Request-Id", echo, "Content-Type", "application/json; "+echo),
		answering(200, stream, "Content-Type", "text/event-stream", "X-Request-Id", "req-7"),
	}}
	var told []string
	note := func(format string, args ...any) { told = append(told, fmt.Sprintf(format, args...)) }
	type marked struct{}
	seen := func(ctx context.Context) { assert.Equal(t, "caller", ctx.Value(marked{})) }
	c := client.Client{
		Endpoint: core.Endpoint{Base: "http://a.test/v1?api-version=1", Key: core.NewSecret(key), Headers: []core.Header{{Name: "x-own", Value: core.NewSecret(own)}}},
		HTTP:     &http.Client{Transport: server},
		Retry:    client.Retry{Attempts: 3, Sleep: func(context.Context, time.Duration) error { return nil }},
		Hooks: client.Hooks{
			Request: func(ctx context.Context, e client.RequestInfo) {
				seen(ctx)
				note("request %d %s %s %d %v", e.Attempt, e.Method, e.URL, e.Bytes, e.Stream)
			},
			Headers: func(ctx context.Context, e client.HeadersInfo) {
				seen(ctx)
				note("headers %d %d %s %s", e.Attempt, e.Status, e.Type, e.RequestID)
			},
			FirstByte: func(ctx context.Context, e client.FirstByteInfo) {
				seen(ctx)
				note("first byte %d %v", e.Attempt, e.Bytes > 0)
			},
			Event: func(ctx context.Context, e client.EventInfo) {
				seen(ctx)
				note("event %d %q %d", e.Number, e.Name, e.Bytes)
			},
			Retry: func(ctx context.Context, e client.RetryInfo) {
				seen(ctx)
				note("retry %d %v %v", e.Attempt, e.Err, e.Pause > 0)
			},
			End: func(ctx context.Context, e client.EndInfo) {
				seen(ctx)
				note("end %d %s %v %d %d %v", e.Attempts, e.End, e.Err, e.Events, e.Chunks, e.Usage != nil && e.Usage.TotalTokens == 3)
			},
		},
	}
	req := core.CompletionRequest{Model: "m", Prompt: core.Prompt{Texts: []string{prompt}}}
	body, err := req.MarshalJSON()
	require.NoError(t, err)
	got, err := client.Collect(c.Stream(context.WithValue(t.Context(), marked{}, "caller"), req))
	require.NoError(t, err)
	assert.Equal(t, "a secret answer", got.Choices[0].Text)
	sent := fmt.Sprintf("POST http://a.test/v1/completions?api-version=1 %d true", len(body)+len(`,"stream":true`))
	assert.Equal(t, []string{
		"request 1 " + sent,
		`retry 1 cannot send the request: Post "http://a.test/v1/completions?api-version=1": cannot reach with [redacted] true`,
		"request 2 " + sent,
		"headers 2 503 application/json; [redacted] [redacted] [redacted] [redacted]",
		"retry 2 server answered 503 Service Unavailable: busy with [redacted] [redacted] true",
		"request 3 " + sent,
		"headers 3 200 text/event-stream req-7",
		"first byte 3 true",
		fmt.Sprintf(`event 1 "" %d`, len(first)),
		`event 2 "ping" 2`,
		fmt.Sprintf(`event 3 "" %d`, len(last)),
		`event 4 "" 6`,
		"end 3 complete <nil> 4 3 true",
	}, told)
	for _, line := range told {
		for _, secret := range []string{key, own, "secret prompt", "secret answer"} {
			assert.NotContains(t, line, secret)
		}
	}
}

// The end is told however it comes.
func TestHooksTellEveryEnd(t *testing.T) {
	var ends []client.EndInfo
	c := client.Client{
		Endpoint: core.Endpoint{Base: "http://a.test"}, HTTP: &http.Client{Transport: &replies{list: []any{answering(200, finished, "Content-Type", "text/event-stream")}}},
		Hooks: client.Hooks{End: func(_ context.Context, e client.EndInfo) { ends = append(ends, e) }},
	}
	for range c.Stream(t.Context(), hello) {
		break
	}
	require.Len(t, ends, 1)
	assert.Equal(t, client.EndInfo{Attempts: 1, End: client.Stopped, Events: 1, Chunks: 1}, ends[0])

	assert.Panics(t, func() {
		for range c.Stream(t.Context(), hello) {
			panic("left")
		}
	})
	require.Len(t, ends, 2)
	assert.Equal(t, client.Stopped, ends[1].End)

	c.Endpoint.Base = "nonsense://"
	_, err := c.Complete(t.Context(), hello)
	require.Error(t, err)
	require.Len(t, ends, 3)
	assert.Equal(t, client.EndInfo{End: client.Failed, Err: err}, ends[2])
}

// NewRequest has what Build made, and a body for each attempt.
func TestNewRequest(t *testing.T) {
	built, err := core.Build(core.Endpoint{Base: "http://a.test", Key: core.NewSecret("k"), Headers: []core.Header{{Name: "x-own", Value: core.NewSecret("v")}}}, []byte(`{"stream":true}`))
	require.NoError(t, err)
	req, err := client.NewRequest(t.Context(), built)
	require.NoError(t, err)
	assert.Equal(t, "POST http://a.test/v1/completions", req.Method+" "+req.URL.String())
	assert.Equal(t, http.Header{"Authorization": {"Bearer k"}, "X-Own": {"v"}, "Content-Type": {"application/json"}, "Accept": {"text/event-stream"}}, req.Header)
	assert.Equal(t, int64(15), req.ContentLength)
	for range 2 {
		body, err := req.GetBody()
		require.NoError(t, err)
		text, err := io.ReadAll(body)
		require.NoError(t, err)
		assert.Equal(t, `{"stream":true}`, string(text))
	}
	_, err = client.NewRequest(t.Context(), core.HTTPRequest{Method: "bad method"})
	assert.Error(t, err)
}
