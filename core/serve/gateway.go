package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/completion-playground/playground/schema"
)

const (
	maxRequestBytes = 16 << 20 // the core's own limit for a text
	dialTimeout     = 10 * time.Second
	answerTimeout   = 5 * time.Minute // until the first byte; an answer that does not stream takes its time
)

// forwardedHeaders is everything of a request that goes upstream. A list of what may pass forgets less than a list of
// what may not: cookies, referrers and whatever a browser adds next year stay here.
var forwardedHeaders = []string{"Accept", "Content-Type", "Content-Length"}

// ownHeadersHeader is how the page names headers of the person's own that are to go upstream as well, such as "api-key".
// Nothing else of what a browser adds is named there.
const ownHeadersHeader = "Playground-Headers"

// ownHeaders returns the headers that a request names in that way, without those that are not a person's to set.
func ownHeaders(in http.Header) http.Header {
	own := http.Header{}
	for list := range strings.SplitSeq(strings.Join(in.Values(ownHeadersHeader), ","), ",") {
		name := strings.TrimSpace(list)
		if value := in.Get(name); value != "" && len(own) < schema.Headers().Most && schema.Headers().Reason(name) == "" {
			own.Set(name, value)
		}
	}
	return own
}

// passedHeaders is everything of an answer that reaches the page, beside those whose names begin with one of
// passedPrefixes: an upstream has no business setting cookies or policies, or asking the browser for a password.
var passedHeaders = []string{
	"Cache-Control", "Content-Length", "Content-Type", "Date", "Retry-After", "Retry-After-Ms", "Server", "X-Should-Retry",
	"X-Request-Id", "Request-Id", "Cf-Ray",
}

var passedPrefixes = []string{"X-Ratelimit-", "Ratelimit", "Openai-", "X-Envoy-"}

// leaveGrace is how long an answer goes on without a byte that could be written for a program that has ended its side of the
// connection. It may still read; a browser that does so has gone.
const leaveGrace = time.Minute

// newGateway forwards /v1/* to base and adds the key, so that it never enters a browser. Answers pass through as they
// arrive, with the key masked wherever it comes back. Nothing about requests or answers is logged.
func newGateway(base *url.URL, key string) http.Handler {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext = (&net.Dialer{Timeout: dialTimeout}).DialContext
	transport.ResponseHeaderTimeout = answerTimeout
	transport.DisableCompression = true // a compressed stream comes in lumps
	transport.DisableKeepAlives = true  // net/http logs what comes on an idle connection
	return gateway(base, key, transport)
}

func gateway(base *url.URL, key string, transport http.RoundTripper) http.Handler {
	// What the person's own headers carry is as secret as the key.
	secretOf := func(r *http.Request) *mask {
		keys := []string{key}
		for _, values := range ownHeaders(r.Header) {
			keys = append(keys, values...)
		}
		return newMask(keys...)
	}
	proxy := &httputil.ReverseProxy{
		Transport:     finalAnswers{transport},
		FlushInterval: -1, // every chunk at once
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(base)
			headers := ownHeaders(r.In.Header)
			for _, name := range forwardedHeaders {
				if values := r.In.Header.Values(name); len(values) > 0 {
					headers[name] = values
				}
			}
			headers.Set("User-Agent", "completion-playground")
			if key != "" {
				headers.Set("Authorization", "Bearer "+key)
			}
			r.Out.Header = headers
			r.Out.Host = base.Host
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			upstreamError(base.Host, secretOf(r))(w, r, err)
		},
		// ReverseProxy reports broken copies here, with addresses in them. Our errors go to the client instead.
		ErrorLog: log.New(io.Discard, "", 0),
	}
	// What is sent does not name own headers any more, so the mask goes along with the request.
	proxy.ModifyResponse = func(r *http.Response) error {
		secret, _ := r.Request.Context().Value(maskKey{}).(*mask)
		return passOn(r, secret)
	}
	return sameOrigin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if allowed := []string{http.MethodGet, http.MethodHead, http.MethodPost}; !slices.Contains(allowed, r.Method) {
			w.Header().Set("Allow", strings.Join(allowed, ", "))
			APIError(w, http.StatusMethodNotAllowed, "method_not_allowed", "the gateway forwards GET, HEAD and POST")
			return
		}
		if r.ContentLength > maxRequestBytes {
			APIError(w, http.StatusRequestEntityTooLarge, "request_too_large", fmt.Sprintf("the request has %d bytes, at most %d are forwarded", r.ContentLength, maxRequestBytes))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxRequestBytes)
		out := &counted{ResponseWriter: w}
		ctx, end := untilGone(r, out)
		defer end()
		proxy.ServeHTTP(out, r.WithContext(context.WithValue(ctx, maskKey{}, secretOf(r))))
	}))
}

// maskKey finds the mask of a request in its context.
type maskKey struct{}

// passOn makes an upstream's answer fit for the page.
func passOn(r *http.Response, secret *mask) error {
	switch {
	case r.StatusCode < 200 || r.StatusCode > 599:
		return fmt.Errorf("it answered with the status %03d, which no answer has", r.StatusCode)
	case r.StatusCode >= 300 && r.StatusCode < 400 && r.StatusCode != http.StatusNotModified:
		return &redirected{to: secret.text(r.Header.Get("Location"))}
	case r.Header.Get("Content-Encoding") != "" && !strings.EqualFold(r.Header.Get("Content-Encoding"), "identity"):
		return fmt.Errorf("it answered in the encoding %q, which it was not asked for", shorten(secret.text(r.Header.Get("Content-Encoding"))))
	}
	for name, values := range r.Header {
		if !slices.Contains(passedHeaders, name) && !slices.ContainsFunc(passedPrefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			delete(r.Header, name)
			continue
		}
		for i := range values {
			values[i] = secret.text(values[i])
		}
	}
	body := &answerBody{Closer: r.Body, answer: r}
	first, err := begin(r.Body)
	if err != nil {
		return err
	}
	body.Reader = secret.reader(first)
	r.Body = body
	return nil
}

// answerBody drops the trailers of an answer, which are known only at its end.
type answerBody struct {
	io.Reader
	io.Closer
	answer *http.Response
}

func (b *answerBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil {
		b.answer.Trailer = nil
	}
	return n, err
}

// beginTime is how long an answer is held back to see whether its body can be read at all. Tests of a slow machine wait longer.
var beginTime = 200 * time.Millisecond

// begin waits a moment for the beginning of a body, and fails where that is broken. Without one so far the body is read later.
func begin(body io.Reader) (io.Reader, error) {
	b := &begun{from: body, ready: make(chan struct{})}
	go func() {
		defer close(b.ready)
		room := make([]byte, 4<<10)
		n, err := body.Read(room)
		b.first, b.err = room[:n], err
	}()
	timer := time.NewTimer(beginTime)
	defer timer.Stop()
	select {
	case <-b.ready:
		if len(b.first) == 0 && b.err != nil && b.err != io.EOF {
			return nil, b.err
		}
	case <-timer.C:
	}
	return b, nil
}

// begun is a body whose first part is read beside the one who asks for it.
type begun struct {
	from  io.Reader
	ready chan struct{} // closed when first and err are there
	first []byte
	err   error
}

func (b *begun) Read(p []byte) (int, error) {
	<-b.ready
	if len(b.first) > 0 {
		n := copy(p, b.first)
		b.first = b.first[n:]
		return n, nil
	}
	if b.err != nil {
		return 0, b.err
	}
	return b.from.Read(p)
}

// finalAnswers keeps answers before the last, of the statuses 1xx, from ReverseProxy, which would pass their headers on.
type finalAnswers struct{ http.RoundTripper }

func (f finalAnswers) RoundTrip(r *http.Request) (*http.Response, error) {
	return f.RoundTripper.RoundTrip(r.WithContext(untraced{r.Context()}))
}

// untraced is a context without values but the mask: not with those that ask to be told of such answers.
type untraced struct{ context.Context }

func (u untraced) Value(key any) any {
	if key == (maskKey{}) {
		return u.Context.Value(key)
	}
	return nil
}

// counted counts what was written of an answer.
type counted struct {
	http.ResponseWriter
	bytes atomic.Int64
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p)
	c.bytes.Add(int64(n))
	return n, err
}

// Unwrap lets an http.ResponseController reach what is wrapped.
func (c *counted) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// untilGone returns a context that ends when the client has gone. net/http takes one that has only ended its own side of the
// connection for gone; programs do that, browsers do not.
func untilGone(r *http.Request, written *counted) (context.Context, context.CancelFunc) {
	if r.Header.Get("Sec-Fetch-Site") != "" {
		return context.WithCancel(r.Context())
	}
	ctx, end := context.WithCancel(context.WithoutCancel(r.Context()))
	stop := context.AfterFunc(r.Context(), func() {
		for last := int64(-1); last != written.bytes.Load(); {
			last = written.bytes.Load()
			select {
			case <-ctx.Done():
			case <-time.After(leaveGrace):
			}
		}
		end()
	})
	return ctx, func() { stop(); end() }
}

// redirected is an upstream's wish to send the request, and with it the key, somewhere else.
type redirected struct{ to string }

func (r *redirected) Error() string { return "redirected to " + r.to }

// upstreamError puts what went wrong before the first byte of an answer into words.
func upstreamError(host string, secret *mask) func(http.ResponseWriter, *http.Request, error) {
	return func(w http.ResponseWriter, r *http.Request, err error) {
		var (
			redirect *redirected
			tooLarge *http.MaxBytesError
			timeout  net.Error
		)
		status, code, message := bodyFault(r)
		switch {
		case status != 0:
			APIError(w, status, code, message)
		case errors.As(err, &redirect):
			APIError(w, http.StatusBadGateway, "upstream_redirect", fmt.Sprintf("%s answered with a redirect to %q, which is not followed with a key; start the gateway with that address if you trust it", host, shorten(redirect.to)))
		case errors.As(err, &tooLarge):
			APIError(w, http.StatusRequestEntityTooLarge, "request_too_large", fmt.Sprintf("at most %d bytes are forwarded", maxRequestBytes))
		case r.Context().Err() != nil || errors.Is(err, context.Canceled):
			w.WriteHeader(499) // the client has gone; nobody reads this
		case errors.As(err, &timeout) && timeout.Timeout():
			APIError(w, http.StatusGatewayTimeout, "upstream_timeout", host+" did not answer in time")
		default:
			APIError(w, http.StatusBadGateway, "upstream_unreachable", fmt.Sprintf("%s cannot be reached: %s", host, reason(err, secret)))
		}
	}
}

// reason says why a connection failed, without addresses and ports of this machine.
func reason(err error, secret *mask) string {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return "its name cannot be resolved"
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return "it does not accept connections"
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || op != nil {
		return "it closed the connection without an answer"
	}
	return shorten(secret.text(err.Error()))
}

// sameOrigin refuses what a browser sends on behalf of another site. Browsers name that site in Sec-Fetch-Site, older
// ones at least in Origin; programs such as curl send neither and may pass.
func sameOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
		foreign := site != "" && site != "same-origin" && site != "none"
		foreign = foreign || len(r.Header.Values("Sec-Fetch-Site")) > 1 || len(r.Header.Values("Origin")) > 1 // which one counts?
		if origin != "" {
			u, err := url.Parse(origin)
			foreign = foreign || err != nil || u.Host != r.Host
		}
		if foreign {
			APIError(w, http.StatusForbidden, "cross_site_request", "the gateway answers its own page and local programs, not other sites")
			return
		}
		next.ServeHTTP(w, r)
	})
}
