package serve

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"time"
)

// pace is how slowly a body may come before its connection is given up: somebody who sends a byte a second keeps it busy
// for ever.
type pace struct {
	grace time.Duration // before the first byte is due, and beyond the least pace
	bytes int           // a second
}

var bodyPace = pace{grace: 10 * time.Second, bytes: 16 << 10}

// wrap gives the bodies of requests a deadline that moves on with what has come. At a body's end package net/http lifts it,
// so that an answer can take its time.
func (p pace) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != nil && r.Body != http.NoBody {
			b := &pacedBody{ReadCloser: r.Body, pace: p, control: http.NewResponseController(w), began: time.Now()}
			r = r.WithContext(context.WithValue(r.Context(), bodyKey{}, b))
			r.Body = b
		}
		next.ServeHTTP(w, r)
	})
}

type pacedBody struct {
	io.ReadCloser
	pace    pace
	control *http.ResponseController
	began   time.Time
	read    int
	failed  error // what ended the reading too early
}

func (b *pacedBody) Read(p []byte) (int, error) {
	due := b.pace.grace + time.Duration(b.read)*time.Second/time.Duration(b.pace.bytes)
	_ = b.control.SetReadDeadline(b.began.Add(due)) // without one the connection still ends with its client
	n, err := b.ReadCloser.Read(p)
	b.read += n
	if err != nil && err != io.EOF {
		b.failed = err
	}
	return n, err
}

// bodyFault tells why the body of a request could not be read, where the sender is to blame; status 0 where it could be or
// is merely too long.
func bodyFault(r *http.Request) (status int, code, message string) {
	b, ok := r.Context().Value(bodyKey{}).(*pacedBody)
	var tooLarge *http.MaxBytesError
	switch {
	case !ok || b.failed == nil || errors.As(b.failed, &tooLarge):
		return 0, "", ""
	case errors.Is(b.failed, os.ErrDeadlineExceeded):
		return http.StatusRequestTimeout, "request_timeout", "the body of the request came too slowly"
	}
	return http.StatusBadRequest, "bad_request_body", "the body of the request cannot be read: " + shorten(b.failed.Error())
}

type bodyKey struct{}
