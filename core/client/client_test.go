package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/client"
	"github.com/completion-playground/playground/core/client/faulty"
)

var hello = core.CompletionRequest{Model: "m", Prompt: core.Prompt{Texts: []string{"Hello"}}}

const (
	finished = `data: {"choices":[{"index":0,"text":"Hi","finish_reason":"stop"}]}` + "\n\n"
	helloSSE = `{"model":"m","prompt":["Hello"],"stream":true}`
)

// serve starts a server that answers every request with the function, and returns a client for it.
func serve(t *testing.T, answer http.HandlerFunc) *client.Client {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return &client.Client{Endpoint: core.Endpoint{Base: server.URL, Key: core.NewSecret("sk-test")}}
}

// says answers with a body.
func says(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
}

// drain ranges over a sequence to its end.
func drain(c *client.Client, body string) (client.End, *client.Completion, error) {
	var a client.Accumulator
	var last error
	for _, err := range a.Follow(c.StreamBody(context.Background(), []byte(body))) {
		last = err
	}
	return a.End(), a.Completion(), last
}

func TestSendsNothingElse(t *testing.T) {
	var got *http.Request
	var body string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		b, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		body = string(b)
		http.SetCookie(w, &http.Cookie{Name: "theirs", Value: "1"})
		_, _ = io.WriteString(w, finished)
	})
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	c.HTTP = &http.Client{Jar: jar}
	address, err := url.Parse(c.Endpoint.Base)
	require.NoError(t, err)
	jar.SetCookies(address, []*http.Cookie{{Name: "mine", Value: "1"}})

	_, _, err = drain(c, helloSSE)
	require.NoError(t, err)
	assert.Equal(t, "POST", got.Method)
	assert.Equal(t, "/v1/completions", got.RequestURI)
	assert.Equal(t, helloSSE, body)
	assert.Equal(t, http.Header{
		"Authorization":   {"Bearer sk-test"},
		"Content-Type":    {"application/json"},
		"Accept":          {"text/event-stream"},
		"Accept-Encoding": {"gzip"}, // these three are net/http's
		"Content-Length":  {fmt.Sprint(len(helloSSE))},
		"User-Agent":      {"Go-http-client/1.1"},
	}, got.Header)
	assert.Len(t, jar.Cookies(address), 1, "cookies are not kept either")

	c.Endpoint.Key = core.Secret{}
	_, _, err = drain(c, helloSSE)
	require.NoError(t, err)
	assert.NotContains(t, got.Header, "Authorization")
}

func TestSendsOncePerRange(t *testing.T) {
	requests := 0
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		requests++
		w.WriteHeader(503)
	})
	seq := c.Stream(t.Context(), hello)
	assert.Equal(t, 0, requests, "nothing is sent before the range")
	for range 2 {
		for _, err := range seq {
			require.Error(t, err)
		}
	}
	assert.Equal(t, 2, requests, "one for each range, and no retry")
}

func TestSequenceEndsAfterError(t *testing.T) {
	c := serve(t, says(`data: {"choices":[{"text":"Hi"}]}`+"\n\n"+`data: {"error":"no"}`+"\n\n"+finished))
	var texts []string
	var errs []error
	for chunk, err := range c.StreamBody(t.Context(), []byte(helloSSE)) {
		if err != nil {
			assert.Equal(t, client.Chunk{}, chunk)
			errs = append(errs, err)
			continue
		}
		texts = append(texts, chunk.Choices[0].Text)
	}
	assert.Equal(t, []string{"Hi"}, texts)
	require.Len(t, errs, 1)
	assert.EqualError(t, errs[0], "answer failed: no")
}

func TestComplete(t *testing.T) {
	var body string
	answer := ""
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		body = string(b)
		_, _ = io.WriteString(w, answer)
	})
	req := hello
	req.Stream = core.Some(true)
	req.StreamOptions = core.Some(core.StreamOptions{IncludeUsage: core.Some(true)})

	answer = `{"id":"1","object":"text_completion","created":7,"model":"m","choices":[{"index":1,"text":"B","finish_reason":"length"},` +
		`{"index":0,"text":"A","finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}`
	got, err := c.Complete(t.Context(), req)
	require.NoError(t, err)
	assert.JSONEq(t, `{"model":"m","prompt":["Hello"]}`, body)
	assert.Equal(t, &client.Completion{
		ID: "1", Object: "text_completion", Created: 7, Model: "m",
		Choices: []client.Choice{
			{Index: 0, Text: "A", Finish: client.FinishStop, RawFinish: "stop"},
			{Index: 1, Text: "B", Finish: client.FinishLength, RawFinish: "length"},
		},
		Usage: &client.Usage{PromptTokens: 1, CompletionTokens: 2, TotalTokens: 3},
	}, got)
	assert.Equal(t, core.Some(true), req.Stream, "the caller's request stays as it is")

	answer = finished + "data: [DONE]\n\n"
	got, err = c.Complete(t.Context(), req)
	require.NoError(t, err, "a stream is understood")
	assert.Equal(t, "Hi", got.Choices[0].Text)

	answer = `data: {"choices":[{"text":"Hi"}]}` + "\n\n"
	got, err = c.Complete(t.Context(), req)
	require.ErrorIs(t, err, client.ErrEndedEarly)
	assert.Equal(t, "Hi", got.Choices[0].Text, "what came is not lost")

	answer = `{"error":"no"}`
	got, err = c.Complete(t.Context(), req)
	assert.EqualError(t, err, "server answered 200 OK: no")
	assert.Nil(t, got)

	req.Temperature = core.Some(nan())
	_, err = c.Complete(t.Context(), req)
	assert.ErrorContains(t, err, "finite")
	for _, err = range c.Stream(t.Context(), req) {
		assert.ErrorContains(t, err, "finite")
	}
}

func nan() float64 {
	zero := 0.0
	return zero / zero
}

func TestExpectedChoices(t *testing.T) {
	c := serve(t, says(finished)) // one finished choice, no [DONE]
	for body, want := range map[string]client.End{
		`{"prompt":"a"}`:                  client.Complete,
		`{"prompt":["a"]}`:                client.Complete,
		`{"prompt":["a"],"n":1}`:          client.Complete,
		`{"prompt":["a"],"n":2}`:          client.EndedEarly,
		`{"prompt":["a","b"]}`:            client.EndedEarly,
		`{"prompt":[1,2,3]}`:              client.Complete, // one prompt of three tokens
		`{"prompt":[1,"a"]}`:              client.Complete, // llama.cpp mixes them
		`{"prompt":[[1,2],[3]]}`:          client.EndedEarly,
		`{"prompt":[],"n":-3}`:            client.Complete,
		`{"prompt":7,"n":"many"}`:         client.Complete,
		`no request at all, sent anyhow"`: client.Complete,
	} {
		end, _, err := drain(c, body)
		assert.Equal(t, want, end, "%s: %v", body, err)
	}
}

func TestLimits(t *testing.T) {
	long := strings.Repeat("x", 1000)
	c := serve(t, says(`{"choices":[{"text":"`+long+`"}]}`))
	c.EventBytes = 500
	_, _, err := drain(c, helloSSE)
	assert.EqualError(t, err, "answer longer than 500 bytes")

	c = serve(t, says(finished+`data: {"choices":[{"text":"`+long+`"}]}`+"\n\n"))
	c.EventBytes = 500
	end, got, err := drain(c, helloSSE)
	var size *client.SizeError
	require.ErrorAs(t, err, &size)
	assert.Equal(t, "event", size.Part)
	assert.Equal(t, 500, size.Limit)
	assert.Equal(t, client.Failed, end)
	assert.Equal(t, "Hi", got.Choices[0].Text)

	c = serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(500)
		_, _ = io.WriteString(w, long)
	})
	c.ErrorBytes = 10
	_, _, err = drain(c, helloSSE)
	var api *client.APIError
	require.ErrorAs(t, err, &api)
	assert.Equal(t, strings.Repeat("x", 10), api.Raw)
}

// TestRedirectIsNotFollowed uses an http.Client that would follow.
func TestRedirectIsNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		followed := false
		c := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/elsewhere" {
				followed = true
			}
			http.Redirect(w, r, "/elsewhere", status)
		})
		c.HTTP = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
		_, _, err := drain(c, helloSSE)
		var redirect *client.RedirectError
		require.ErrorAs(t, err, &redirect)
		assert.Equal(t, status, redirect.Status)
		assert.Equal(t, "/elsewhere", redirect.Location)
		assert.ErrorContains(t, err, "redirects are not followed")
		assert.False(t, followed)
	}
}

func TestBadEndpoint(t *testing.T) {
	c := client.Client{Endpoint: core.Endpoint{Base: "ftp://example.com", Key: core.NewSecret(canary)}}
	end, _, err := drain(&c, helloSSE)
	assert.ErrorContains(t, err, "base URL")
	assert.Equal(t, client.Failed, end)
	assertNoKey(t, err)
	c.Endpoint = core.Endpoint{Base: "http://127.0.0.1", Key: core.NewSecret(canary + "\n")}
	_, _, err = drain(&c, helloSSE)
	assert.ErrorContains(t, err, "key")
	assertNoKey(t, err)
}

func TestUnreachable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	c := client.Client{Endpoint: core.Endpoint{Base: "http://" + address}}
	end, _, err := drain(&c, helloSSE)
	var transport *client.TransportError
	require.ErrorAs(t, err, &transport)
	assert.Equal(t, "send the request", transport.Op)
	assert.Equal(t, client.Failed, end)
	var op *net.OpError
	assert.ErrorAs(t, err, &op, "the cause stays reachable")
}

const canary = "sk-Canary/+&<7f3a>0123456789"

// assertNoKey looks for the key in everything that an error can be made to show.
func assertNoKey(t *testing.T, err error) {
	t.Helper()
	require.Error(t, err)
	encoded, jsonErr := json.Marshal(err)
	require.NoError(t, jsonErr)
	shown := []string{string(encoded)}
	var walk func(error)
	walk = func(err error) {
		if err == nil {
			return
		}
		shown = append(shown, err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err), fmt.Sprintf("%q", err))
		walk(errors.Unwrap(err))
	}
	walk(err)
	for _, s := range shown {
		for _, part := range []string{"Canary", "7f3a", "0123456"} {
			assert.NotContains(t, s, part)
		}
	}
}

// TestKeyIsInNoError echoes the key in every place that ends up in an error.
func TestKeyIsInNoError(t *testing.T) {
	escaped, err := json.Marshal(canary)
	require.NoError(t, err)
	inJSON := strings.Trim(string(escaped), `"`)
	slashes := strings.ReplaceAll(inJSON, "/", `\/`)
	status := func(code int, mediaType, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", mediaType)
			w.WriteHeader(code)
			_, _ = io.WriteString(w, body)
		}
	}
	for name, answer := range map[string]http.HandlerFunc{
		"message":     status(401, "application/json", `{"error":{"message":"incorrect API key: `+inJSON+`","code":"`+inJSON+`","param":"`+slashes+`","type":"`+inJSON+`"}}`),
		"flat":        status(401, "application/json", `{"object":"error","message":"`+slashes+`"}`),
		"detail":      status(401, "application/json", `{"detail":[{"loc":["`+inJSON+`"],"msg":"`+inJSON+`"}]}`),
		"plain text":  status(500, "text/plain", "your header: Bearer "+canary),
		"page":        status(502, "text/html", "<title>"+strings.NewReplacer("&", "&amp;", "<", "&#60;", ">", "&#x3E;").Replace(canary)+"</title>"),
		"other JSON":  status(400, "application/json", `["`+inJSON+`"]`),
		"before cut":  status(500, "text/plain", strings.Repeat(" ", 256<<10-10)+canary),
		"behind it":   status(500, "text/plain", strings.Repeat(" ", 256<<10)+canary),
		"shrunk":      status(500, "text/plain", strings.Repeat(" ", 15)+strings.Repeat(canary+" ", 20_000)), // the limit comes 15 bytes into a key
		"long":        status(500, "text/plain", strings.Repeat("x", 990)+canary),
		"in 200":      says(`{"error":"` + inJSON + `"}`),
		"page in 200": says("<title>" + canary + "</title>"),
		"event":       says(finished + `data: {"error":{"message":"` + inJSON + `"}}` + "\n\n"),
		"error event": says("event: error\ndata: " + canary + "\n\n"),
		"no JSON":     says("data: {" + canary + "\n\n"),
		"no event":    says(canary),
		"upstream":    says(`{"error":{"message":"no","metadata":{"raw":"` + inJSON + `"}}}`),
		"other type":  status(200, "text/"+canary, `{"object":"list"}`),
		"aborted":     says(`data: {"choices":[{"finish_reason":"abort"}],"id":"` + inJSON + `"}` + "\n\n"),
		"finish":      says(`data: {"choices":[{"text":"a"}],"error":{"x":"` + inJSON + `"}}` + "\n\n"),
		"location": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/?key="+url.QueryEscape(canary)+"&again="+canary)
			w.WriteHeader(302)
		},
		"status line":   wire("HTTP/1.1 " + canary + " OK\r\n\r\n"),
		"header line":   wire("HTTP/1.1 200 OK\r\nno colon " + canary + "\r\n\r\n"),
		"header length": wire("HTTP/1.1 200 OK\r\nContent-Length: " + canary + "\r\n\r\n"),
		"chunk length":  wire("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + canary + "\r\n"),
	} {
		for place, endpoint := range map[string]core.Endpoint{
			"key":    {Key: core.NewSecret(canary)},
			"header": {Headers: []core.Header{{Name: "api-key", Value: core.NewSecret(canary)}, {Name: "x-short", Value: core.NewSecret("1")}}},
		} {
			t.Run(name+", "+place, func(t *testing.T) {
				c := serve(t, answer)
				endpoint.Base = c.Endpoint.Base
				c.Endpoint = endpoint
				end, _, err := drain(c, helloSSE)
				assert.Equal(t, client.Failed, end)
				assertNoKey(t, err)
				told, ok := client.Explain(err, "vllm")
				assert.True(t, ok)
				assertNoKey(t, errors.New(fmt.Sprint(told)))
			})
		}
	}
}

func TestOwnHeadersAreSent(t *testing.T) {
	var got http.Header
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		_, _ = io.WriteString(w, finished)
	})
	c.Endpoint.Key = core.Secret{}
	c.Endpoint.Headers = []core.Header{{Name: "api-key", Value: core.NewSecret(canary)}}
	_, _, err := drain(c, helloSSE)
	require.NoError(t, err)
	assert.Equal(t, canary, got.Get("Api-Key"))
	assert.Empty(t, got.Get("Authorization"))
}

func TestKeyIsInNoNote(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/"+canary)
		_, _ = io.WriteString(w, finished)
	})
	c.Endpoint.Key = core.NewSecret(canary)
	_, got, err := drain(c, helloSSE)
	require.NoError(t, err)
	assert.Equal(t, []string{"label-odd"}, codes(got.Notes))
	assertNoKey(t, errors.New(fmt.Sprint(got.Notes)))
}

// wire answers with bytes that need not be HTTP.
func wire(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(conn, answer)
		_ = conn.Close()
	}
}

func TestErrorsInWords(t *testing.T) {
	for want, err := range map[string]error{
		`server answered 400 Bad Request: too many (param "stop", code "array_above_max_length")`: &client.APIError{
			Status: 400, Problem: client.Problem{Message: "too many", Param: "stop", Code: "array_above_max_length", Type: "invalid"}},
		`server answered 529: overloaded`:         &client.APIError{Status: 529, Problem: client.Problem{Message: "overloaded"}},
		`answer failed: engine died (code "500")`: &client.StreamError{Problem: client.Problem{Message: "engine died", Code: "500"}},
		`cannot read the answer: unexpected EOF`:  &client.TransportError{Op: "read the answer", Err: io.ErrUnexpectedEOF},
		`answer longer than 5 bytes`:              &client.SizeError{Part: "answer", Limit: 5},
	} {
		assert.EqualError(t, err, want)
	}
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(500)
		_, _ = io.WriteString(w, "a\x1b[31m\r\n\tb\u202ec"+strings.Repeat("é", 2000))
	})
	_, _, err := drain(c, helloSSE)
	assert.EqualError(t, err, "server answered 500 Internal Server Error: a [31m b c"+strings.Repeat("é", 1000-len("a [31m b c"))+"…")
}

// TestConcurrentUse shares one Client; the race detector does the looking.
func TestConcurrentUse(t *testing.T) {
	server, err := faulty.Start("127.0.0.1:0", faulty.NewHandler(faulty.Scenarios()), nil)
	require.NoError(t, err)
	defer server.Close()
	c := client.Client{Endpoint: core.Endpoint{Base: server.URL + "/interleaved", Key: core.NewSecret("sk")}}
	body := `{"prompt":["One","Two"],"n":2,"stream":true}`
	ends := make(chan client.End)
	for range 8 {
		go func() {
			end, _, _ := drain(&c, body)
			ends <- end
		}()
	}
	var got []client.End
	for range 8 {
		got = append(got, <-ends)
	}
	assert.Equal(t, slices.Repeat([]client.End{client.Complete}, 8), got)
}
