package client

import (
	"context"
	"crypto/tls"
	"errors"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"
)

// The waits of a Retry that sets none.
const (
	DefaultPause     = 500 * time.Millisecond
	DefaultMostPause = 30 * time.Second
)

// Retry says when a Client sends a request again. The zero Retry never does.
//
// A request is sent again only while nothing of an answer has come: where the connection could not be made or broke before
// the headers, and for a status that says so. The server may have begun to work on a request whose connection broke, and
// may charge for it. What does not get better by waiting is not tried again: a certificate that is not trusted, a
// context or a timeout of Client.HTTP that ended, a quota that is used up.
type Retry struct {
	// Attempts is how often a request is sent at most, the first time included; 0 and 1 mean once.
	Attempts int
	// Statuses are the statuses that are tried again; nil means 429, 502, 503 and 504.
	Statuses []int
	// Pause is how long to wait before the second attempt where the server does not say; it doubles with each further one,
	// and up to a half of it is left out at random. 0 means DefaultPause.
	Pause time.Duration
	// MostPause bounds each wait. A server that asks for a longer one, in Retry-After, is not asked again. 0 means
	// DefaultMostPause.
	MostPause time.Duration
	// Now tells the time that a date in Retry-After is compared with where the server does not tell its own; nil means
	// time.Now.
	Now func() time.Time
	// Sleep waits and returns nil, or the error of a context that ended before; nil means a timer.
	Sleep func(context.Context, time.Duration) error
}

// pause returns how long to wait after an attempt that failed, and false where it was the last.
func (r *Retry) pause(attempt int, err error) (time.Duration, bool) {
	if attempt >= r.Attempts {
		return 0, false
	}
	most := r.MostPause
	if most <= 0 {
		most = DefaultMostPause
	}
	var refused *APIError
	var broken *TransportError
	switch {
	case errors.As(err, &refused):
		if !r.again(refused) || refused.RetryAfter > most {
			return 0, false
		}
		if refused.RetryAfter > 0 {
			return refused.RetryAfter, true
		}
	case errors.As(err, &broken):
		var certificate *tls.CertificateVerificationError
		if broken.Op != opSend || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &certificate) {
			return 0, false
		}
	default:
		return 0, false
	}
	d := r.Pause
	if d <= 0 {
		d = DefaultPause
	}
	for n := 1; n < attempt && d < most; n++ {
		d *= 2
	}
	d = min(d, most)
	return d - time.Duration(rand.Int64N(int64(d)/2+1)), true
}

// again reports whether a refusal may be another answer later.
func (r *Retry) again(e *APIError) bool {
	statuses := r.Statuses
	if statuses == nil {
		statuses = []int{http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}
	}
	return e.Status/100 != 2 && slices.Contains(statuses, e.Status) && e.Code != "insufficient_quota"
}

func (r *Retry) now() time.Time {
	if r.Now != nil {
		return r.Now()
	}
	return time.Now()
}

// wait waits.
func (r *Retry) wait(ctx context.Context, d time.Duration) error {
	if r.Sleep != nil {
		return r.Sleep(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
