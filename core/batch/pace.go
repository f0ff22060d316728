package batch

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// pacer says when the next request may begin. Requests pass one at a time, each as long after the one before as the limits
// want it, so that there is no minute with more.
type pacer struct {
	gate     chan struct{} // held by whoever waits for the time
	requests time.Duration // between two requests
	token    float64       // nanoseconds for each token
	next     time.Time     // guarded by gate

	mu    sync.Mutex
	until time.Time // the server wants nothing before
}

func newPacer(requestsPerMinute, tokensPerMinute int) *pacer {
	p := &pacer{gate: make(chan struct{}, 1)}
	if requestsPerMinute > 0 {
		// Rounded up, so that a minute never holds one more.
		p.requests = (time.Minute + time.Duration(requestsPerMinute) - 1) / time.Duration(requestsPerMinute)
	}
	if tokensPerMinute > 0 {
		p.token = float64(time.Minute) / float64(tokensPerMinute)
	}
	return p
}

// wait returns when a request of so many tokens may begin, or with the context's error.
func (p *pacer) wait(ctx context.Context, tokens int64) error {
	select {
	case p.gate <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-p.gate }()
	for {
		now := time.Now()
		until := p.pausedUntil()
		if p.next.After(until) {
			until = p.next
		}
		if !until.After(now) {
			// A Duration holds 292 years; a request that costs more has to be a mistake.
			p.next = now.Add(max(p.requests, time.Duration(min(p.token*float64(tokens), float64(mostSpan)))))
			return ctx.Err()
		}
		if err := sleep(ctx, until.Sub(now)); err != nil {
			return err
		}
	}
}

const mostSpan = 365 * 24 * time.Hour

func (p *pacer) pausedUntil() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.until
}

// pause holds up all requests for d from now on.
func (p *pacer) pause(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := time.Now().Add(d); until.After(p.until) {
		p.until = until
	}
}

const (
	firstBackoff = 500 * time.Millisecond
	mostBackoff  = time.Minute
)

// backoff returns the pause after the attempt of a number from 1.
func backoff(attempt int) time.Duration {
	d := min(firstBackoff<<min(attempt-1, 16), mostBackoff)
	return d/2 + rand.N(d/2+1)
}

// sleep returns nil after d, or the context's error as soon as that ends.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
