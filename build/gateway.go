package main

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
	"time"
)

const (
	maxRequestBytes = 16 << 20 // the core's own limit for a text
	dialTimeout     = 10 * time.Second
	answerTimeout   = 5 * time.Minute // until the first byte; an answer that does not stream takes its time
)

// forwardedHeaders is everything of a request that goes upstream. A list of what may pass forgets less than a list of
// what may not: cookies, referrers and whatever a browser adds next year stay here.
var forwardedHeaders = []string{"Accept", "Content-Type", "Content-Length"}

// withheldHeaders of an answer do not reach the page: the upstream has no business setting cookies or policies for it.
var withheldHeaders = []string{
	"Set-Cookie", "Strict-Transport-Security", "Alt-Svc", "Nel", "Report-To", "Reporting-Endpoints", "Clear-Site-Data",
	"Content-Security-Policy", "Content-Security-Policy-Report-Only", "Permissions-Policy", "Referrer-Policy",
	"Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Cross-Origin-Embedder-Policy", "X-Content-Type-Options",
	"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Headers",
	"Access-Control-Allow-Methods", "Access-Control-Expose-Headers", "Access-Control-Max-Age",
}

// newGateway forwards /v1/* to base and adds the key, so that it never enters a browser. Answers pass through as they
// arrive. Nothing about requests or answers is logged.
func newGateway(base *url.URL, key string) http.Handler {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext = (&net.Dialer{Timeout: dialTimeout}).DialContext
	transport.ResponseHeaderTimeout = answerTimeout
	transport.DisableCompression = true // a compressed stream comes in lumps
	return gateway(base, key, transport)
}

func gateway(base *url.URL, key string, transport http.RoundTripper) http.Handler {
	proxy := &httputil.ReverseProxy{
		Transport:     transport,
		FlushInterval: -1, // every chunk at once
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(base)
			headers := http.Header{}
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
		ModifyResponse: func(r *http.Response) error {
			if r.StatusCode >= 300 && r.StatusCode < 400 && r.StatusCode != http.StatusNotModified {
				return &redirected{to: r.Header.Get("Location")}
			}
			for _, name := range withheldHeaders {
				r.Header.Del(name)
			}
			return nil
		},
		ErrorHandler: upstreamError(base.Host),
		// ReverseProxy reports broken copies here, with addresses in them. Our errors go to the client instead.
		ErrorLog: log.New(io.Discard, "", 0),
	}
	return sameOrigin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if allowed := []string{http.MethodGet, http.MethodHead, http.MethodPost}; !slices.Contains(allowed, r.Method) {
			w.Header().Set("Allow", strings.Join(allowed, ", "))
			apiError(w, http.StatusMethodNotAllowed, "method_not_allowed", "the gateway forwards GET, HEAD and POST")
			return
		}
		if r.ContentLength > maxRequestBytes {
			apiError(w, http.StatusRequestEntityTooLarge, "request_too_large", fmt.Sprintf("the request has %d bytes, at most %d are forwarded", r.ContentLength, maxRequestBytes))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxRequestBytes)
		proxy.ServeHTTP(w, r)
	}))
}

// redirected is an upstream's wish to send the request, and with it the key, somewhere else.
type redirected struct{ to string }

func (r *redirected) Error() string { return "redirected to " + r.to }

// upstreamError puts what went wrong before the first byte of an answer into words.
func upstreamError(host string) func(http.ResponseWriter, *http.Request, error) {
	return func(w http.ResponseWriter, r *http.Request, err error) {
		var (
			redirect *redirected
			tooLarge *http.MaxBytesError
			timeout  net.Error
		)
		switch {
		case errors.As(err, &redirect):
			apiError(w, http.StatusBadGateway, "upstream_redirect", fmt.Sprintf("%s answered with a redirect to %q, which is not followed with a key; start the gateway with that address if you trust it", host, shorten(redirect.to)))
		case errors.As(err, &tooLarge):
			apiError(w, http.StatusRequestEntityTooLarge, "request_too_large", fmt.Sprintf("at most %d bytes are forwarded", maxRequestBytes))
		case r.Context().Err() != nil || errors.Is(err, context.Canceled):
			w.WriteHeader(499) // the client has gone; nobody reads this
		case errors.As(err, &timeout) && timeout.Timeout():
			apiError(w, http.StatusGatewayTimeout, "upstream_timeout", host+" did not answer in time")
		default:
			apiError(w, http.StatusBadGateway, "upstream_unreachable", fmt.Sprintf("%s cannot be reached: %s", host, reason(err)))
		}
	}
}

// reason says why a connection failed, without addresses and ports of this machine.
func reason(err error) string {
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
	return shorten(err.Error())
}

// sameOrigin refuses what a browser sends on behalf of another site. Browsers name that site in Sec-Fetch-Site, older
// ones at least in Origin; programs such as curl send neither and may pass.
func sameOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
		foreign := site != "" && site != "same-origin" && site != "none"
		if origin != "" {
			u, err := url.Parse(origin)
			foreign = foreign || err != nil || u.Host != r.Host
		}
		if foreign {
			apiError(w, http.StatusForbidden, "cross_site_request", "the gateway answers its own page and local programs, not other sites")
			return
		}
		next.ServeHTTP(w, r)
	})
}
