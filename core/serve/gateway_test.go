package serve

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const canary = "sk-canary-0123456789"

// startGateway puts a gateway with a key in front of an upstream.
func startGateway(t *testing.T, upstream http.HandlerFunc) (gatewayURL, upstreamURL string) {
	t.Helper()
	up := httptest.NewServer(upstream)
	t.Cleanup(up.Close)
	base, err := parseUpstream(up.URL + "/v1")
	require.NoError(t, err)
	gw := httptest.NewServer(Handler("127.0.0.1:0", testSite(t, nil), newGateway(base, canary)))
	t.Cleanup(gw.Close)
	return gw.URL, up.URL
}

func TestGatewayForwardsAndAddsTheKey(t *testing.T) {
	var got *http.Request
	var body []byte
	gw, up := startGateway(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.Header().Set("Set-Cookie", "track=1")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusTooManyRequests)
		fmt.Fprint(w, `{"error":{}}`)
	})
	request, err := http.NewRequest(http.MethodPost, gw+"/v1/completions?x=1", strings.NewReader(`{"a":1}`))
	require.NoError(t, err)
	for name, value := range map[string]string{
		"Content-Type": "application/json", "Accept": "text/event-stream", "Cookie": "session=secret",
		"Authorization": "Bearer of-the-page", "Referer": "http://127.0.0.1/private", "X-Forwarded-For": "10.0.0.1", "X-Own": "1",
	} {
		request.Header.Set(name, value)
	}
	r, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer r.Body.Close()

	assert.Equal(t, "/v1/completions?x=1", got.URL.String())
	assert.Equal(t, strings.TrimPrefix(up, "http://"), got.Host)
	assert.Equal(t, `{"a":1}`, string(body))
	assert.Equal(t, "Bearer "+canary, got.Header.Get("Authorization"))
	assert.Equal(t, "application/json", got.Header.Get("Content-Type"))
	assert.Equal(t, "text/event-stream", got.Header.Get("Accept"))
	for _, name := range []string{"Cookie", "Referer", "X-Own", "X-Forwarded-For", "Origin", "Accept-Encoding"} {
		assert.Empty(t, got.Header.Values(name), name)
	}
	assert.Equal(t, http.StatusTooManyRequests, r.StatusCode)
	assert.Equal(t, "7", r.Header.Get("Retry-After"))
	assert.Equal(t, `{"error":{}}`, text(t, r))
	assert.Empty(t, r.Header.Get("Set-Cookie"))
	assert.Empty(t, r.Header.Get("Access-Control-Allow-Origin"))
	assert.Equal(t, []string{ContentSecurityPolicy}, r.Header.Values("Content-Security-Policy"))
}

func TestGatewayWithoutKeySendsNone(t *testing.T) {
	var got http.Header
	up := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Header }))
	defer up.Close()
	base, err := parseUpstream(up.URL)
	require.NoError(t, err)
	send(t, newGateway(base, ""), http.MethodPost, "/v1/completions", strings.NewReader("{}"), "Authorization", "Bearer of-the-page")
	assert.NotContains(t, got, "Authorization")
}

// The second chunk is made only after the client has seen the first.
func TestGatewayDoesNotBuffer(t *testing.T) {
	seen := make(chan struct{})
	gw, _ := startGateway(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "data: 1\n")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-seen:
			fmt.Fprint(w, "data: 2\n")
		case <-r.Context().Done():
		}
	})
	r, err := http.Post(gw+"/v1/completions", "application/json", strings.NewReader("{}"))
	require.NoError(t, err)
	defer r.Body.Close()
	lines := bufio.NewReader(r.Body)
	line, err := lines.ReadString('\n')
	require.NoError(t, err)
	assert.Equal(t, "data: 1\n", line)
	close(seen)
	line, err = lines.ReadString('\n')
	require.NoError(t, err)
	assert.Equal(t, "data: 2\n", line)
}

func TestClientThatLeavesCancelsTheUpstream(t *testing.T) {
	cancelled := make(chan struct{})
	gw, _ := startGateway(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		fmt.Fprint(w, "data: 1\n")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		close(cancelled)
	})
	ctx, cancel := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, gw+"/v1/completions", strings.NewReader("{}"))
	require.NoError(t, err)
	request.Header.Set("Sec-Fetch-Site", "same-origin") // as browsers do
	r, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	cancel()
	r.Body.Close()
	select {
	case <-cancelled:
	case <-time.After(hang):
		t.Fatal("the upstream still works")
	}
}

// A program may end its side of the connection when it has said what it wants, and read on: for a minute without a byte.
func TestHalfClosedClientIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cancelled := make(chan time.Time, 1)
		base := &url.URL{Scheme: "http", Host: "upstream.test"}
		handler := Handler("127.0.0.1:0", testSite(t, nil), gateway(base, canary, upstream(func(r *http.Request, answer io.Writer) {
			fmt.Fprint(answer, "data: 1\n")
			select {
			case <-r.Context().Done():
			case <-time.After(leaveGrace / 2): // in which the gateway notices
				fmt.Fprint(answer, "data: 2\n")
				<-r.Context().Done()
			}
			cancelled <- time.Now()
		})))
		start := time.Now()
		said := "POST /v1/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
		conn := servePipe(t, handler, func(c net.Conn) net.Conn { return halfClosed{c, strings.NewReader(said)} })
		all, err := io.ReadAll(conn)
		require.NoError(t, err)
		assert.Contains(t, string(all), "data: 1\n")
		assert.Contains(t, string(all), "data: 2\n")
		assert.Equal(t, 2*leaveGrace, (<-cancelled).Sub(start), "the second minute is the first without a byte")
	})
}

// upstream is a transport whose answers stand in their function, which ends with the request.
type upstream func(r *http.Request, answer io.Writer)

func (u upstream) RoundTrip(r *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, r.Body)
	body, answer := io.Pipe()
	go func() {
		u(r, answer)
		answer.CloseWithError(r.Context().Err())
	}()
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: body, Request: r}, nil
}

// talk sends raw bytes to a server and returns all that comes back.
func talk(t *testing.T, server, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(server, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, request)
	require.NoError(t, err)
	all, err := io.ReadAll(conn)
	require.NoError(t, err)
	return string(all)
}

// rawUpstream answers each connection, once it has read a request's head, with the bytes given.
func rawUpstream(t *testing.T, answer string) *url.URL {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				request, err := http.ReadRequest(bufio.NewReader(conn))
				if err != nil {
					return
				}
				_, _ = io.Copy(io.Discard, request.Body)
				_, _ = io.WriteString(conn, answer)
			}()
		}
	}()
	base, err := url.Parse("http://" + l.Addr().String())
	require.NoError(t, err)
	return base
}

// Whatever an upstream does with the key, nothing of it reaches a client or the log.
func TestTheKeyNeverComesBack(t *testing.T) {
	var logged lockedBuffer
	log.SetOutput(&logged)
	defer log.SetOutput(os.Stderr)
	for name, answer := range map[string]string{
		"body":                 "HTTP/1.1 401 Unauthorized\r\nContent-Length: 45\r\n\r\n{\"error\":\"the key " + canary + " is wrong\"}",
		"chunks":               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nsk-canary\r\nb\r\n-0123456789\r\n0\r\n\r\n",
		"piece":                "HTTP/1.1 401 Unauthorized\r\nContent-Length: 20\r\n\r\nnot: " + canary[:15],
		"headers":              "HTTP/1.1 400 Bad\r\nX-Request-Id: " + canary + "\r\nX-Echo: Bearer " + canary + "\r\nSet-Cookie: k=" + canary + "\r\nWWW-Authenticate: Bearer " + canary + "\r\nContent-Length: 0\r\n\r\n",
		"name of a header":     "HTTP/1.1 400 Bad\r\n" + canary + ": 1\r\nContent-Length: 0\r\n\r\n",
		"early hints":          "HTTP/1.1 103 Early Hints\r\nLink: <" + canary + ">\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
		"trailers":             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Key\r\n\r\n2\r\nok\r\n0\r\nX-Key: " + canary + "\r\n\r\n",
		"trailers unannounced": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Key: " + canary + "\r\n\r\n",
		"redirect":             "HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/?key=" + canary + "\r\nContent-Length: 0\r\n\r\n",
		"status line":          "HTTP/1.1 400 " + canary + "\r\nContent-Length: 0\r\n\r\n",
		"no HTTP":              canary + " " + canary + "\r\n\r\n",
		"no status":            "HTTP/1.1 " + canary + " x\r\n\r\n",
		"encoding":             "HTTP/1.1 200 OK\r\nContent-Encoding: " + canary + "\r\nContent-Length: 2\r\n\r\nok",
		"a broken header":      "HTTP/1.1 200 OK\r\n" + canary + "\r\n\r\n",
		"a broken chunk":       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + canary + "\r\n",
		"more than was asked":  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" + "HTTP/1.1 200 " + canary + "\r\n\r\n" + canary,
		"upgrade":              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: " + canary + "\r\nConnection: Upgrade\r\n\r\n" + canary,
	} {
		base := rawUpstream(t, answer)
		gw := httptest.NewServer(Handler("127.0.0.1:0", testSite(t, nil), newGateway(base, canary)))
		for _, method := range []string{"GET", "HEAD", "POST"} {
			got := talk(t, gw.URL, method+" /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
			assert.Contains(t, got, "HTTP/1.1 ", name)
			assert.NotContains(t, got, canary, name)
			assert.NotContains(t, got, canary[:12], name)
			assert.NotContains(t, got, canary[len(canary)-12:], name)
			assert.Equal(t, 1, strings.Count(got, "Content-Security-Policy:"), "%s: %s", name, got)
		}
		gw.Close()
	}
	assert.Empty(t, logged.String())
}

// lockedBuffer takes what several goroutines write.
type lockedBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func TestBrokenAnswersAreBadGateways(t *testing.T) {
	before := beginTime
	beginTime = hang
	defer func() { beginTime = before }()
	for name, answer := range map[string]string{
		"a status that none is":        "HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n",
		"another":                      "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n",
		"a first chunk without length": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
		"a first chunk that is cut":    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
		"a body that is cut at once":   "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
		"an encoding nobody asked for": "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok",
		"a protocol nobody asked for":  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
	} {
		r := send(t, gateway(rawUpstream(t, answer), canary, &http.Transport{DisableCompression: true}), http.MethodPost, "/v1/completions", strings.NewReader("{}"))
		assert.Equal(t, http.StatusBadGateway, r.StatusCode, name)
		assert.Contains(t, text(t, r), "upstream_unreachable", name)
	}
	r := send(t, gateway(rawUpstream(t, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), canary, &http.Transport{}), http.MethodPost, "/v1/completions", strings.NewReader("{}"))
	assert.Equal(t, http.StatusOK, r.StatusCode, "an empty answer is one")
}

func TestRequestsThatCannotBeRead(t *testing.T) {
	gw, _ := startGateway(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
	for name, c := range map[string]struct{ request, want string }{
		"a bad chunk":    {"POST /v1/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nxyz\r\n", "HTTP/1.1 400 "},
		"encoded dots":   {"GET /v1/%2e%2e/secret HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", "HTTP/1.1 400 "},
		"encoded slash":  {"GET /v1/models%2F..%2fx HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", "HTTP/1.1 400 "},
		"a backslash":    {"GET /v1/models%5c..%5cx HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", "HTTP/1.1 400 "},
		"a step up":      {"GET /v1/../x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", "HTTP/1.1 400 "},
		"two origins":    {"GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\nOrigin: http://evil.example\r\nConnection: close\r\n\r\n", "HTTP/1.1 403 "},
		"a name and dot": {"GET /v1/models/gpt-4.1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 "},
	} {
		assert.Contains(t, talk(t, gw, c.request), c.want, name)
	}
}

// A body that comes too slowly ends its connection, and one that keeps the pace does not.
func TestBodiesHaveAPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answered := make(chan string, 1)
		server := pace{grace: 2 * time.Second, bytes: 1 << 20}.wrap(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, err := io.Copy(io.Discard, r.Body)
			if err != nil {
				status, code, _ := bodyFault(r)
				answered <- fmt.Sprint(status, " ", code)
				return
			}
			<-r.Context().Done() // no deadline is left over that would end an answer
			answered <- "read"
		}))
		as := func(c net.Conn) net.Conn { return c }
		start := time.Now()
		slow := servePipe(t, server, as)
		fmt.Fprint(slow, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n1")
		go func() { _, _ = io.Copy(io.Discard, slow) }()
		assert.Equal(t, "408 request_timeout", <-answered)
		assert.Equal(t, 2*time.Second, time.Since(start).Round(time.Millisecond))

		quick := servePipe(t, server, as)
		fmt.Fprint(quick, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n123")
		go func() { _, _ = io.Copy(io.Discard, quick) }()
		select {
		case got := <-answered:
			t.Fatalf("the answer ended by itself: %s", got)
		case <-time.After(time.Hour): // far beyond the grace
		}
		quick.Close()
		assert.Equal(t, "read", <-answered)
	})
}

func TestUpstreamThatBreaksOffBreaksTheAnswer(t *testing.T) {
	gw, _ := startGateway(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "data: 1\n")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	r, err := http.Post(gw+"/v1/completions", "application/json", strings.NewReader("{}"))
	require.NoError(t, err)
	defer r.Body.Close()
	got, err := io.ReadAll(r.Body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF, "an answer that was cut must not look complete")
	assert.Equal(t, "data: 1\n", string(got))
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	followed := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed = true }))
	defer elsewhere.Close()
	gw, _ := startGateway(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL+"/v1/completions", http.StatusTemporaryRedirect)
	})
	r, err := http.Post(gw+"/v1/completions", "application/json", strings.NewReader("{}"))
	require.NoError(t, err)
	defer r.Body.Close()
	assert.Equal(t, http.StatusBadGateway, r.StatusCode)
	assert.Equal(t, "upstream_redirect", apiCode(t, r))
	assert.False(t, followed)
}

func TestOtherSitesMayNotUseTheGateway(t *testing.T) {
	calls := 0
	gw, _ := startGateway(t, func(http.ResponseWriter, *http.Request) { calls++ })
	own := gw
	for _, c := range []struct {
		name string
		want int
		head []string
	}{
		{"a program", http.StatusOK, nil},
		{"its own page", http.StatusOK, []string{"Sec-Fetch-Site", "same-origin", "Origin", own}},
		{"its own page in an old browser", http.StatusOK, []string{"Origin", own}},
		{"the address bar", http.StatusOK, []string{"Sec-Fetch-Site", "none"}},
		{"another site", http.StatusForbidden, []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}},
		{"another port", http.StatusForbidden, []string{"Sec-Fetch-Site", "same-site", "Origin", "http://127.0.0.1:1"}},
		{"another site in an old browser", http.StatusForbidden, []string{"Origin", "https://evil.example"}},
		{"a sandboxed frame", http.StatusForbidden, []string{"Origin", "null"}},
		{"an image on another site", http.StatusForbidden, []string{"Sec-Fetch-Site", "cross-site"}},
		{"a rebound name", http.StatusForbidden, []string{"Host", "rebound.example", "Origin", "http://rebound.example"}},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			before := calls
			request, err := http.NewRequest(method, gw+"/v1/completions", nil)
			require.NoError(t, err)
			for i := 0; i < len(c.head); i += 2 {
				if c.head[i] == "Host" {
					request.Host = c.head[i+1]
				} else {
					request.Header.Set(c.head[i], c.head[i+1])
				}
			}
			r, err := http.DefaultClient.Do(request)
			require.NoError(t, err)
			r.Body.Close()
			assert.Equal(t, c.want, r.StatusCode, c.name)
			assert.Empty(t, r.Header.Get("Access-Control-Allow-Origin"), c.name)
			assert.Equal(t, c.want == http.StatusOK, calls > before, c.name)
		}
	}
}

func TestGatewayLimits(t *testing.T) {
	gw, _ := startGateway(t, func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			panic(http.ErrAbortHandler)
		}
	})
	long := strings.Repeat(" ", maxRequestBytes+1)
	for _, body := range []io.Reader{strings.NewReader(long), io.MultiReader(strings.NewReader(long))} { // with and without a length
		r, err := http.Post(gw+"/v1/completions", "application/json", body)
		require.NoError(t, err)
		assert.Equal(t, http.StatusRequestEntityTooLarge, r.StatusCode)
		assert.Equal(t, "request_too_large", apiCode(t, r))
		r.Body.Close()
	}
	request, err := http.NewRequest(http.MethodDelete, gw+"/v1/files/1", nil)
	require.NoError(t, err)
	r, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer r.Body.Close()
	assert.Equal(t, http.StatusMethodNotAllowed, r.StatusCode)
	assert.Equal(t, "method_not_allowed", apiCode(t, r))
}

func TestUpstreamTrouble(t *testing.T) {
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	gone.Close()
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	defer silent.Close()
	rude := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer rude.Close()
	for _, c := range []struct {
		name, address string
		status        int
		code, message string
	}{
		{"nobody listens", "http://" + gone.Addr().String(), 502, "upstream_unreachable", "does not accept connections"},
		{"no such name", "http://upstream.invalid", 502, "upstream_unreachable", "name cannot be resolved"},
		{"hangs up", rude.URL, 502, "upstream_unreachable", "closed the connection without an answer"},
		{"silence", silent.URL, 504, "upstream_timeout", "did not answer in time"},
	} {
		base, err := url.Parse(c.address)
		require.NoError(t, err)
		transport := &http.Transport{}
		if c.status == http.StatusGatewayTimeout { // the others may take their time
			transport.ResponseHeaderTimeout = 200 * time.Millisecond
		}
		r := send(t, gateway(base, canary, transport), http.MethodPost, "/v1/completions", strings.NewReader("{}"))
		assert.Equal(t, c.status, r.StatusCode, c.name)
		body := text(t, r)
		assert.Contains(t, body, c.code, c.name)
		assert.Contains(t, body, c.message, c.name)
		assert.NotContains(t, body, canary)
	}
}

// failing is a transport whose errors carry what must not come out.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

func TestNothingIsLogged(t *testing.T) {
	var logged strings.Builder
	log.SetOutput(&logged)
	defer log.SetOutput(os.Stderr)
	base, err := url.Parse("http://api.example")
	require.NoError(t, err)
	send(t, gateway(base, canary, failing{errors.New("trouble")}), http.MethodPost, "/v1/completions", strings.NewReader("the prompt"))
	gw, _ := startGateway(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, "short")
	})
	r, err := http.Post(gw+"/v1/completions", "application/json", strings.NewReader("the prompt"))
	require.NoError(t, err)
	_, _ = io.Copy(io.Discard, r.Body)
	r.Body.Close()
	assert.Empty(t, logged.String())
}

func TestUpstreamAddress(t *testing.T) {
	for raw, want := range map[string]string{
		"https://api.example.com/v1":       "https://api.example.com",
		"https://api.example.com/v1/":      "https://api.example.com",
		"https://api.example.com":          "https://api.example.com",
		"http://10.0.0.1:8000/openai/v1":   "http://10.0.0.1:8000/openai",
		"https://gateway.example/a/b":      "https://gateway.example/a/b",
		"api.example.com/v1":               "",
		"ftp://api.example.com":            "",
		"https://user:pass@api.example":    "",
		"https://api.example.com/v1?key=1": "",
		"":                                 "",
	} {
		u, err := parseUpstream(raw)
		if want == "" {
			require.Error(t, err, raw)
			continue
		}
		require.NoError(t, err, raw)
		assert.Equal(t, want, u.String())
	}
}

func TestGatewayIsForThisMachineUnlessToldOtherwise(t *testing.T) {
	for addr, want := range map[string]bool{
		"127.0.0.1:80": true, "[::1]:80": true, "localhost:80": true,
		"0.0.0.0:80": false, ":80": false, "192.168.1.5:80": false, "example.com:80": false, "nonsense": false,
	} {
		assert.Equal(t, want, loopback(addr), addr)
	}
	err := Run(t.Context(), io.Discard, Options{Addr: "0.0.0.0:0", Upstream: "https://api.example.com"})
	require.ErrorContains(t, err, "-expose")
}
