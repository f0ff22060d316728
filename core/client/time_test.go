package client_test

import (
	"context"
	"errors"
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
	"github.com/completion-playground/playground/core/client/faulty"
)

// script runs f, inside a synctest bubble, with a client of a server that plays the script.
func script(t *testing.T, s faulty.Script, f func(c *client.Client)) {
	for _, name := range []string{"HTTP/1.1", "h2c"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(*testing.T) {
				transport, shut := pipes(faulty.NewHandler([]faulty.Scenario{{Name: "it", Script: s}}), protocol(name))
				f(&client.Client{
					Endpoint: core.Endpoint{Base: "http://pipe.test/it"},
					HTTP:     &http.Client{Transport: transport},
				})
				transport.CloseIdleConnections()
				shut()
			})
		})
	}
}

// TestChunksArriveAtOnce sends a chunk a second, compressed or not: none may wait for the next.
func TestChunksArriveAtOnce(t *testing.T) {
	for _, zip := range []bool{false, true} {
		s := faulty.Script{Gzip: zip}
		for range 3 {
			s.Steps = append(s.Steps, faulty.Step{Delay: 1000, Data: `data: {"choices":[{"text":"x","finish_reason":"stop"}]}` + "\n\n"})
		}
		script(t, s, func(c *client.Client) {
			start := time.Now()
			var arrived []time.Duration
			for _, err := range c.Stream(context.Background(), hello) {
				assert.NoError(t, err)
				arrived = append(arrived, time.Since(start))
			}
			assert.Equal(t, []time.Duration{1 * time.Second, 2 * time.Second, 3 * time.Second}, arrived)
		})
	}
}

// TestPatience waits through an hour of comments: only the context limits the time.
func TestPatience(t *testing.T) {
	s := faulty.Script{}
	for range 240 {
		s.Steps = append(s.Steps, faulty.Step{Delay: 15_000, Data: ": ping\n\n"})
	}
	s.Steps = append(s.Steps, faulty.Step{Data: finished})
	script(t, s, func(c *client.Client) {
		start := time.Now()
		end, _, err := drain(c, helloSSE)
		assert.NoError(t, err)
		assert.Equal(t, client.Complete, end)
		assert.Equal(t, time.Hour, time.Since(start))
	})
}

func TestContextEnds(t *testing.T) {
	text := faulty.Step{Data: `data: {"choices":[{"text":"x"}]}` + "\n\n"}
	for name, s := range map[string]faulty.Script{
		"before the header": {Steps: []faulty.Step{{Then: faulty.Stall}}},
		"in the stream":     {Steps: []faulty.Step{text, {Then: faulty.Stall}}},
		"in an event":       {Steps: []faulty.Step{text, {Data: "data: {"}, {Then: faulty.Stall}}},
		"in an error body":  {Status: 500, Steps: []faulty.Step{{Data: "<html>"}, {Then: faulty.Stall}}},
		"in an answer":      {Steps: []faulty.Step{{Data: `{"choices":`}, {Then: faulty.Stall}}},
	} {
		t.Run(name, func(t *testing.T) {
			script(t, s, func(c *client.Client) {
				start := time.Now()
				ctx, cancel := context.WithTimeoutCause(context.Background(), 10*time.Second, errors.New("a cause of the caller's"))
				defer cancel()
				var a client.Accumulator
				var last error
				for _, err := range a.Follow(c.Stream(ctx, hello)) {
					last = err
				}
				assert.ErrorIs(t, last, context.DeadlineExceeded)
				var transport *client.TransportError
				assert.ErrorAs(t, last, &transport)
				assert.Equal(t, client.Stopped, a.End())
				assert.Equal(t, 10*time.Second, time.Since(start))
			})
		})
	}
}

// sender answers without a network.
type sender func(*http.Request) (*http.Response, error)

func (s sender) RoundTrip(r *http.Request) (*http.Response, error) { return s(r) }

func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // where it is midnight, 1 January 2000, UTC
		for _, c := range []struct {
			after, date string
			want        time.Duration
		}{
			{"", "", 0},
			{"7", "", 7 * time.Second},
			{" 7 ", "", 7 * time.Second},
			{"0", "", 0},
			{"-7", "", 0},
			{"9223372036854775807", "", 365 * 24 * time.Hour},
			{"99999999999999999999", "", 0}, // no number that anybody means
			{"soon", "", 0},
			{"1.5", "", 0},
			{"Sat, 01 Jan 2000 00:01:00 GMT", "", time.Minute},
			{"Fri, 31 Dec 1999 23:59:00 GMT", "", 0},
			{"Thu, 01 Jan 2026 00:02:00 GMT", "Thu, 01 Jan 2026 00:00:00 GMT", 2 * time.Minute},
			{"Thu, 01 Jan 2026 00:02:00 GMT", "today", 365 * 24 * time.Hour},
		} {
			client := client.Client{
				Endpoint: core.Endpoint{Base: "http://pipe.test"},
				HTTP: &http.Client{Transport: sender(func(*http.Request) (*http.Response, error) {
					return &http.Response{
						StatusCode: 429,
						Header:     http.Header{"Retry-After": {c.after}, "Date": {c.date}},
						Body:       io.NopCloser(strings.NewReader("")),
					}, nil
				})},
			}
			_, err := client.Complete(t.Context(), hello)
			assert.Equal(t, c.want, retryAfterOf(t, err), "%q at %q", c.after, c.date)
		}
	})
}

func retryAfterOf(t *testing.T, err error) time.Duration {
	t.Helper()
	var api *client.APIError
	require.ErrorAs(t, err, &api)
	return api.RetryAfter
}
