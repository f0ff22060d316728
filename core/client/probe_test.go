package client_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/client"
	"github.com/completion-playground/playground/core/demo"
	"github.com/completion-playground/playground/core/probe"
)

// demoTransport answers as the demo does, in process.
type demoTransport struct {
	before        func(number int64, r *http.Request) *http.Response // may answer in its place
	sent          atomic.Int64
	at, atOnce    atomic.Int64
	mu            sync.Mutex
	authorization []string
}

func (d *demoTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	now := d.at.Add(1)
	defer d.at.Add(-1)
	for most := d.atOnce.Load(); now > most && !d.atOnce.CompareAndSwap(most, now); most = d.atOnce.Load() {
	}
	number := d.sent.Add(1)
	d.mu.Lock()
	d.authorization = append(d.authorization, r.Header.Get("Authorization"))
	d.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if d.before != nil {
		if resp := d.before(number, r); resp != nil {
			return resp, nil
		}
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	a := demo.Complete(body, demo.Options{Entropy: uint64(number) * 0x9e3779b97f4a7c15})
	var text []byte
	for step, ok := a.Next(); ok; step, ok = a.Next() {
		text = append(text, step.Data...)
	}
	return reply(r, a.Status, string(text), a.Header...), nil
}

func reply(r *http.Request, status int, text string, header ...[2]string) *http.Response {
	h := http.Header{}
	for _, pair := range header {
		h.Set(pair[0], pair[1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(bytes.NewReader([]byte(text))), Request: r}
}

// probing runs a probe of the demo in a bubble, where time passes by itself.
func probing(t *testing.T, d *demoTransport, f func(ctx context.Context, c *client.Client, o client.ProbeOptions)) {
	t.Helper()
	v, err := core.ForProfile("demo")
	require.NoError(t, err)
	o := client.ProbeOptions{Validator: v, Model: "demo-ignores-stop"}
	synctest.Test(t, func(t *testing.T) {
		f(t.Context(), &client.Client{
			Endpoint: core.Endpoint{Base: "http://probe.invalid/v1", Key: core.NewSecret(canary)}, HTTP: &http.Client{Transport: d},
		}, o)
	})
}

func verdicts(r *probe.Report) map[string]probe.Verdict {
	m := map[string]probe.Verdict{}
	for _, row := range r.Rows {
		m[row.Key()] = row.Verdict
	}
	return m
}

func TestProbe(t *testing.T) {
	third := make(chan struct{})
	d := &demoTransport{before: func(number int64, _ *http.Request) *http.Response {
		switch number {
		case 2:
			<-third // the two are on their way together, or neither comes back
		case 3:
			close(third)
		}
		return nil
	}}
	probing(t, d, func(ctx context.Context, c *client.Client, o client.ProbeOptions) {
		var told []client.ProbeProgress
		r, err := c.Probe(ctx, o, func(p client.ProbeProgress) { told = append(told, p) })
		require.NoError(t, err)
		assert.True(t, r.Done, r.Account)
		assert.Equal(t, int(d.sent.Load()), r.Asked)
		assert.LessOrEqual(t, r.Asked, r.Budget.Requests)
		assert.Equal(t, int64(probe.AtOnce), d.atOnce.Load(), "at once")
		require.Len(t, told, r.Asked)
		assert.Equal(t, r.Asked, told[len(told)-1].Asked)
		assert.Equal(t, probe.Ignored, verdicts(r)["stop"])
		assert.Equal(t, probe.Honoured, verdicts(r)["seed"])
		assert.Equal(t, "ignored", r.Profile().Fields["stop"].Use)
		assert.Equal(t, slices.Repeat([]string{"Bearer " + canary}, r.Asked), d.authorization)
	})
}

// A server may put the key anywhere.
func TestProbeKeepsTheKeyOut(t *testing.T) {
	d := &demoTransport{before: func(number int64, r *http.Request) *http.Response {
		if number%2 == 0 {
			return reply(r, 400, fmt.Sprintf(`{"error":{"message":"you sent %s"}}`, r.Header.Get("Authorization")))
		}
		return reply(r, 200, fmt.Sprintf(`{"model":%[1]q,"system_fingerprint":%[1]q,"choices":[{"text":%[1]q,"finish_reason":"stop","logprobs":{"tokens":[%[1]q],"token_logprobs":[-1],"top_logprobs":[{%[1]q:-1}]}}]}`, canary))
	}}
	probing(t, d, func(ctx context.Context, c *client.Client, o client.ProbeOptions) {
		r, err := c.Probe(ctx, o, nil)
		require.NoError(t, err)
		require.True(t, r.Done, r.Account)
		text, err := json.Marshal(r)
		require.NoError(t, err)
		assert.NotContains(t, string(text), canary)
		assert.Contains(t, string(text), "[redacted]", "it was there")
		profile, err := json.Marshal(r.Profile())
		require.NoError(t, err)
		assert.NotContains(t, string(profile), canary)
	})
}

// Rate limits cost time and no verdict.
func TestProbeWaitsForRateLimits(t *testing.T) {
	d := &demoTransport{before: func(number int64, r *http.Request) *http.Response {
		switch number {
		case 1:
			return reply(r, 429, `{}`)
		case 20, 21:
			return reply(r, 429, `{}`, [2]string{"Retry-After", "7"})
		case 40:
			return reply(r, 503, ``, [2]string{"Retry-After", "5"})
		}
		return nil
	}}
	probing(t, d, func(ctx context.Context, c *client.Client, o client.ProbeOptions) {
		began := time.Now()
		var waits []time.Duration
		r, err := c.Probe(ctx, o, func(p client.ProbeProgress) {
			if p.Waiting > 0 {
				waits = append(waits, p.Waiting)
			}
		})
		require.NoError(t, err)
		assert.True(t, r.Done, r.Account)
		assert.Equal(t, []time.Duration{time.Second, 7 * time.Second, 7 * time.Second, 5 * time.Second}, waits)
		assert.GreaterOrEqual(t, time.Since(began), 13*time.Second, "the two that came together are waited for together")
		assert.Equal(t, int(d.sent.Load())-4, r.Asked)
		for key, verdict := range verdicts(r) {
			assert.NotEqual(t, probe.Unknown, verdict, key)
		}
	})
}

func TestProbeGivesUpOnRateLimits(t *testing.T) {
	for _, after := range []string{"", "50", "86400"} {
		d := &demoTransport{before: func(_ int64, r *http.Request) *http.Response {
			return reply(r, 429, `{"error":{"message":"slow down"}}`, [2]string{"Retry-After", after})
		}}
		probing(t, d, func(ctx context.Context, c *client.Client, o client.ProbeOptions) {
			began := time.Now()
			r, err := c.Probe(ctx, o, nil)
			require.NoError(t, err)
			assert.Equal(t, probe.TooMany, r.End)
			assert.Contains(t, r.Account, "slow down")
			assert.LessOrEqual(t, time.Since(began), 3*time.Minute)
			assert.LessOrEqual(t, d.sent.Load(), int64(10))
		})
	}
}

// A stop at any time leaves a report of what was found until then.
func TestProbeStops(t *testing.T) {
	for _, after := range []int{1, 2, 10, 60} {
		d := &demoTransport{}
		probing(t, d, func(ctx context.Context, c *client.Client, o client.ProbeOptions) {
			ctx, stop := context.WithCancel(ctx)
			defer stop()
			r, err := c.Probe(ctx, o, func(p client.ProbeProgress) {
				if p.Asked == after {
					stop()
				}
			})
			require.ErrorIs(t, err, context.Canceled)
			assert.Equal(t, probe.Stopped, r.End)
			assert.False(t, r.Done)
			assert.Equal(t, after, r.Asked)
			assert.Len(t, r.Requests, after)
			assert.LessOrEqual(t, d.sent.Load(), int64(after+probe.AtOnce))
		})
	}
	d := &demoTransport{}
	probing(t, d, func(ctx context.Context, c *client.Client, o client.ProbeOptions) {
		ctx, stop := context.WithCancel(ctx)
		stop()
		r, err := c.Probe(ctx, o, nil)
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, probe.Stopped, r.End)
		assert.Zero(t, d.sent.Load())
	})
}

// A limit that is waited for does not keep a stop waiting.
func TestProbeStopsWhileItWaits(t *testing.T) {
	d := &demoTransport{before: func(_ int64, r *http.Request) *http.Response {
		return reply(r, 429, `{}`, [2]string{"Retry-After", "100"})
	}}
	probing(t, d, func(ctx context.Context, c *client.Client, o client.ProbeOptions) {
		ctx, stop := context.WithCancel(ctx)
		began := time.Now()
		_, err := c.Probe(ctx, o, func(client.ProbeProgress) { stop() })
		require.ErrorIs(t, err, context.Canceled)
		assert.Less(t, time.Since(began), 10*time.Second, "of the bubble's time")
	})
}

func TestProbeEnds(t *testing.T) {
	for _, c := range []struct {
		status int
		text   string
		end    probe.End
		says   string
	}{
		{401, `{"error":{"message":"bad key"}}`, probe.KeyRefused, "bad key"},
		{404, `{"error":{"message":"no such model"}}`, probe.NoModel, "no such model"},
		{400, `{"error":{"message":"this is a chat model"}}`, probe.NoControl, "this is a chat model"},
		{200, `{"error":{"message":"no model is loaded"}}`, probe.NoControl, "no model is loaded"},
		{502, `<html><title>Bad Gateway</title></html>`, probe.NoControl, "502"},
		{200, ``, probe.NoControl, "no whole completion"},
	} {
		d := &demoTransport{before: func(_ int64, r *http.Request) *http.Response { return reply(r, c.status, c.text) }}
		probing(t, d, func(ctx context.Context, cl *client.Client, o client.ProbeOptions) {
			r, err := cl.Probe(ctx, o, nil)
			require.NoError(t, err)
			assert.Equal(t, c.end, r.End, c.text)
			assert.Contains(t, r.Account, c.says)
			assert.False(t, r.Done)
			assert.Equal(t, int64(1), d.sent.Load(), "nothing else is worth asking")
		})
	}
}

// A server that hangs costs its own answers; one that keeps hanging ends the probe.
func TestProbeOfASilentServer(t *testing.T) {
	d := &demoTransport{before: func(number int64, r *http.Request) *http.Response {
		if number == 5 || number >= 10 {
			<-r.Context().Done()
		}
		return nil
	}}
	probing(t, d, func(ctx context.Context, c *client.Client, o client.ProbeOptions) {
		r, err := c.Probe(ctx, o, nil)
		require.NoError(t, err)
		assert.Equal(t, probe.Silent, r.End)
		assert.Less(t, r.Asked, 20)
		assert.True(t, strings.HasPrefix(r.Account, "it ended after"), r.Account)
	})
}
