package serve

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func testSite(t *testing.T, transform func(string) string) Site {
	t.Helper()
	s, err := NewSite(map[string][]byte{
		"index.html":               []byte("<!doctype html><completion-playground></completion-playground>"),
		"index.html.br":            []byte("BR"),
		"main-ABCDEFGH.js":         []byte(strings.Repeat("script;", 20)),
		"main-ABCDEFGH.js.br":      []byte("br"),
		"main-ABCDEFGH.js.gz":      []byte("gz"),
		"main-ABCDEFGH.js.map":     []byte("{}"),
		"main-ABCDEFGH.js.map.br":  []byte("larger than the file"),
		"core-QRSTUV23.wasm":       []byte("wasm"),
		"page-A2345672.css":        []byte("css"),
		"icon-ABCDEFGH.svg":        []byte("<svg/>"),
		"LICENSE-third-party.json": []byte("[]"),
	}, transform)
	require.NoError(t, err)
	return s
}

func get(t *testing.T, h http.Handler, path string, headers ...string) *http.Response {
	t.Helper()
	return send(t, h, http.MethodGet, path, nil, headers...)
}

func send(t *testing.T, h http.Handler, method, path string, body io.Reader, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, "http://127.0.0.1:7420"+path, body)
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		} else {
			r.Header.Add(headers[i], headers[i+1])
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return string(body)
}

// apiCode reads an answer in OpenAI's error shape.
func apiCode(t *testing.T, r *http.Response) string {
	t.Helper()
	assert.Equal(t, "application/json", r.Header.Get("Content-Type"))
	var shape struct {
		Error struct{ Message, Type, Code string }
	}
	require.NoError(t, json.NewDecoder(r.Body).Decode(&shape))
	assert.NotEmpty(t, shape.Error.Message)
	assert.NotEmpty(t, shape.Error.Type)
	return shape.Error.Code
}

func TestTypesAndCaching(t *testing.T) {
	s := testSite(t, nil)
	for path, want := range map[string][2]string{
		"/":                         {"text/html; charset=utf-8", "no-cache"},
		"/index.html":               {"text/html; charset=utf-8", "no-cache"},
		"/main-ABCDEFGH.js":         {"text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		"/main-ABCDEFGH.js.map":     {"application/json", "public, max-age=31536000, immutable"},
		"/core-QRSTUV23.wasm":       {"application/wasm", "public, max-age=31536000, immutable"},
		"/page-A2345672.css":        {"text/css; charset=utf-8", "public, max-age=31536000, immutable"},
		"/icon-ABCDEFGH.svg":        {"image/svg+xml", "public, max-age=31536000, immutable"},
		"/LICENSE-third-party.json": {"application/json", "no-cache"},
	} {
		r := get(t, s, path)
		assert.Equal(t, http.StatusOK, r.StatusCode, path)
		assert.Equal(t, want, [2]string{r.Header.Get("Content-Type"), r.Header.Get("Cache-Control")}, path)
	}
	for _, path := range []string{"/nothing.js", "/main-ABCDEFGH.js.br", "/../serve.go", "/web/dist"} {
		assert.Equal(t, http.StatusNotFound, get(t, s, path).StatusCode, path)
	}
}

func TestCompressionIsNegotiated(t *testing.T) {
	s := testSite(t, nil)
	for accept, want := range map[string]string{
		"":                          "",
		"gzip, deflate, br, zstd":   "br",
		"gzip":                      "gzip",
		"br;q=0.5, gzip;q=0.9":      "gzip",
		"br;q=0, gzip;q=0":          "",
		"br; q=1.0, gzip":           "br",
		"*":                         "br",
		"*;q=0.5, br;q=0":           "gzip",
		"identity, br;q=0.5":        "",
		"GZIP":                      "gzip",
		"br;q=nonsense, gzip;q=0.1": "gzip",
		"zstd":                      "",
	} {
		r := get(t, s, "/main-ABCDEFGH.js", "Accept-Encoding", accept)
		assert.Equal(t, want, r.Header.Get("Content-Encoding"), accept)
		assert.Equal(t, "Accept-Encoding", r.Header.Get("Vary"))
		body := map[string]string{"": strings.Repeat("script;", 20), "br": "br", "gzip": "gz"}[want]
		assert.Equal(t, body, text(t, r), accept)
	}
	r := get(t, s, "/main-ABCDEFGH.js.map", "Accept-Encoding", "br")
	assert.Empty(t, r.Header.Get("Content-Encoding"), "a copy that is no smaller is not used")
}

func TestConditionalRequests(t *testing.T) {
	s := testSite(t, nil)
	plain := get(t, s, "/main-ABCDEFGH.js").Header.Get("ETag")
	packed := get(t, s, "/main-ABCDEFGH.js", "Accept-Encoding", "br").Header.Get("ETag")
	assert.NotEqual(t, plain, packed, "different bytes, different tags")
	for _, match := range []string{plain, "W/" + plain, `"x", ` + plain, "*"} {
		r := get(t, s, "/main-ABCDEFGH.js", "If-None-Match", match)
		assert.Equal(t, http.StatusNotModified, r.StatusCode, match)
		assert.Equal(t, plain, r.Header.Get("ETag"))
		assert.Empty(t, text(t, r))
	}
	assert.Equal(t, http.StatusOK, get(t, s, "/main-ABCDEFGH.js", "If-None-Match", packed).StatusCode)
}

func TestHeadAndOtherMethods(t *testing.T) {
	s := testSite(t, nil)
	r := send(t, s, http.MethodHead, "/", nil)
	assert.Equal(t, http.StatusOK, r.StatusCode)
	assert.NotEmpty(t, r.Header.Get("Content-Length"))
	assert.Empty(t, text(t, r))
	r = send(t, s, http.MethodPost, "/", nil)
	assert.Equal(t, http.StatusMethodNotAllowed, r.StatusCode)
	assert.Equal(t, "GET, HEAD", r.Header.Get("Allow"))
}

func TestMissingPageIsExplained(t *testing.T) {
	_, err := NewSite(map[string][]byte{}, nil)
	require.ErrorContains(t, err, "make build")

	h := Handler("127.0.0.1:0", http.HandlerFunc(noPage), Demo())
	r := get(t, h, "/")
	assert.Equal(t, http.StatusOK, r.StatusCode)
	assert.Equal(t, "text/plain; charset=utf-8", r.Header.Get("Content-Type"))
	assert.Equal(t, NoPage, text(t, r))
	assert.Equal(t, http.StatusNotFound, get(t, h, "/index.html").StatusCode)
	assert.Equal(t, http.StatusOK, get(t, h, "/v1/models").StatusCode)
}

// Run says where it serves and what, and ends with its context.
func TestRunSaysWhatItServes(t *testing.T) {
	for want, files := range map[string]map[string][]byte{
		"serving the API, without the page, at http://127.0.0.1:": nil,
		"serving the playground at http://127.0.0.1:":             {"index.html": []byte("<p>page</p>"), "index.html.br": []byte("packed")},
	} {
		ctx, stop := context.WithCancel(t.Context())
		from, to := io.Pipe()
		done := make(chan error, 1)
		go func() { done <- Run(ctx, to, Options{Addr: "127.0.0.1:0", Files: files}) }()
		line, err := bufio.NewReader(from).ReadString('\n')
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(line, want), line)
		base := strings.TrimSpace(line[strings.Index(line, "http"):])
		r, err := http.Get(base)
		require.NoError(t, err)
		shown := text(t, r)
		request, err := http.NewRequest(http.MethodGet, base, nil)
		require.NoError(t, err)
		request.Header.Set("Accept-Encoding", "br")
		r, err = http.DefaultClient.Do(request)
		require.NoError(t, err)
		assert.Equal(t, files != nil, text(t, r) == "packed", "a page that is not changed goes out as it was compressed")
		assert.Equal(t, files != nil, strings.Contains(shown, "<p>page</p>"), shown)
		stop()
		require.NoError(t, <-done)
	}
}

func TestGatewayIsMarkedOnThePage(t *testing.T) {
	s := testSite(t, func(html string) string { return markGateway(html, `evil"><script>.example`) })
	r := get(t, s, "/", "Accept-Encoding", "br")
	assert.Empty(t, r.Header.Get("Content-Encoding"), "the precompressed copy holds the unmarked page")
	body := text(t, r)
	assert.Contains(t, body, `<completion-playground gateway="evil&#34;&gt;&lt;script&gt;.example">`)
	assert.NotContains(t, body, "<script>")
}

func TestEveryAnswerCarriesTheSafeHeaders(t *testing.T) {
	h := Handler("127.0.0.1:7420", testSite(t, nil), Demo())
	for _, path := range []string{"/", "/core-QRSTUV23.wasm", "/nothing", "/v1/models", "/v1/nothing"} {
		r := get(t, h, path)
		for name, want := range map[string]string{
			"Content-Security-Policy":      ContentSecurityPolicy,
			"X-Content-Type-Options":       "nosniff",
			"Referrer-Policy":              "no-referrer",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
		} {
			assert.Equal(t, want, r.Header.Get(name), path)
		}
		assert.Contains(t, r.Header.Get("Permissions-Policy"), "camera=()")
	}
}

func TestPolicyIsStrict(t *testing.T) {
	directives := map[string]string{}
	for directive := range strings.SplitSeq(ContentSecurityPolicy, "; ") {
		name, value, _ := strings.Cut(directive, " ")
		assert.NotContains(t, directives, name, "a second directive of one name is ignored by browsers")
		directives[name] = value
	}
	assert.NotContains(t, ContentSecurityPolicy, "unsafe-inline")
	assert.NotContains(t, strings.ReplaceAll(ContentSecurityPolicy, "'wasm-unsafe-eval'", ""), "unsafe-eval")
	assert.NotContains(t, ContentSecurityPolicy, "data:")
	assert.Equal(t, "'none'", directives["default-src"])
	assert.Equal(t, "'self' 'wasm-unsafe-eval'", directives["script-src"])
	assert.Equal(t, "'none'", directives["frame-ancestors"])
	assert.Equal(t, "'none'", directives["base-uri"])
	assert.Equal(t, "'script'", directives["require-trusted-types-for"])
}

func TestHostsOfOtherSitesAreRefused(t *testing.T) {
	h := Handler("playground.internal:7420", testSite(t, nil), Demo())
	for host, want := range map[string]int{
		"127.0.0.1:7420":           http.StatusOK,
		"[::1]:7420":               http.StatusOK,
		"[::1]":                    http.StatusOK,
		"localhost":                http.StatusOK,
		"LOCALHOST:1":              http.StatusOK,
		"192.168.1.5:7420":         http.StatusOK,
		"playground.internal:7420": http.StatusOK,
		"rebound.example:7420":     http.StatusForbidden,
		"127.0.0.1.example":        http.StatusForbidden,
		"localhost.example":        http.StatusForbidden,
		"":                         http.StatusForbidden,
	} {
		for _, path := range []string{"/", "/v1/models"} {
			assert.Equal(t, want, get(t, h, path, "Host", host).StatusCode, host+path)
		}
	}
}

func TestTakenPortIsOneClearLine(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	_, err = Listen(t.Context(), taken.Addr().String())
	require.EqualError(t, err, taken.Addr().String()+" is in use by another program; choose another with -addr, or for make with ADDR=127.0.0.1:7421")
	_, err = Listen(t.Context(), "nonsense")
	require.ErrorContains(t, err, "cannot listen on nonsense")
}

func TestServeEndsWithItsContext(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Until(ctx, l, testSite(t, nil)) }()
	r, err := http.Get("http://" + l.Addr().String())
	require.NoError(t, err)
	r.Body.Close()
	stop()
	require.NoError(t, <-done)
}

// startDemo serves the demo over a real connection.
func startDemo(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(Handler("127.0.0.1:0", testSite(t, nil), Demo()))
	t.Cleanup(server.Close)
	return server.URL
}

// The first event is here while the model still has seconds to go: nothing on the way gathers the answer.
func TestDemoStreamsAsItWrites(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	body := strings.NewReader(`{"model":"demo-slow","prompt":["Once"],"max_tokens":2000,"stream":true}`)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, startDemo(t)+"/v1/completions", body)
	require.NoError(t, err)
	r, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer r.Body.Close()
	require.Equal(t, http.StatusOK, r.StatusCode)
	assert.True(t, strings.HasPrefix(r.Header.Get("Content-Type"), "text/event-stream"))
	assert.Equal(t, "*", r.Header.Get("Access-Control-Allow-Origin"))
	line, err := bufio.NewReader(r.Body).ReadString('\n')
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(line, "data: {"), line)
	// Were the answer gathered first, it would be whole by now, and cancelling would not break it.
	cancel()
	_, err = io.ReadAll(r.Body)
	assert.ErrorIs(t, err, context.Canceled)
}

func TestDemoBreaksTheConnectionOnPurpose(t *testing.T) {
	body := strings.NewReader(`{"model":"demo-reset","prompt":["Once"],"stream":true}`)
	r, err := http.Post(startDemo(t)+"/v1/completions", "application/json", body)
	require.NoError(t, err)
	defer r.Body.Close()
	got, err := io.ReadAll(r.Body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.NotEmpty(t, got, "what came before the break has arrived")
}

// hang bounds the wait for what has to happen at once, far beyond what a busy machine needs.
const hang = 5 * time.Minute

// listener tells when the server stops working for a client that left.
func TestDemoStopsWhenNobodyListens(t *testing.T) {
	done := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(done)
		serveCompletion(w, r)
	}))
	defer server.Close()
	body := strings.NewReader(`{"model":"demo-slow","prompt":["Once"],"max_tokens":2000,"stream":true}`)
	r, err := http.Post(server.URL, "application/json", body)
	require.NoError(t, err)
	r.Body.Close()
	select {
	case <-done:
	case <-time.After(hang):
		t.Fatal("the model still writes")
	}
}

func TestDemoRoutes(t *testing.T) {
	h := Demo()
	r := get(t, h, "/v1/models")
	assert.Equal(t, http.StatusOK, r.StatusCode)
	assert.Contains(t, text(t, r), `"object":"list"`)

	r = get(t, h, "/v1/models/demo-fast")
	assert.Equal(t, http.StatusOK, r.StatusCode)
	assert.Contains(t, text(t, r), `"id":"demo-fast","object":"model"`)
	r = get(t, h, "/v1/models/gpt-4.1")
	assert.Equal(t, http.StatusNotFound, r.StatusCode)
	assert.Equal(t, "model_not_found", apiCode(t, r))

	r = send(t, h, http.MethodPost, "/v1/completions", strings.NewReader(`{"model":"demo-fast","prompt":"Hello","max_tokens":2}`))
	assert.Equal(t, http.StatusOK, r.StatusCode)
	assert.Equal(t, "no-store", r.Header.Get("Cache-Control"))
	assert.Contains(t, text(t, r), `"object":"text_completion"`)

	r = send(t, h, http.MethodPost, "/v1/completions", strings.NewReader(`{`))
	assert.Equal(t, http.StatusBadRequest, r.StatusCode)
	assert.Contains(t, text(t, r), `"error"`)

	r = get(t, h, "/v1/completions")
	assert.Equal(t, http.StatusMethodNotAllowed, r.StatusCode)
	assert.Equal(t, "POST", r.Header.Get("Allow"))
	assert.Equal(t, "method_not_allowed", apiCode(t, r))

	r = send(t, h, http.MethodDelete, "/v1/models", nil)
	assert.Equal(t, "GET, HEAD", r.Header.Get("Allow"))
	assert.Equal(t, "method_not_allowed", apiCode(t, r))

	r = get(t, h, "/v1/chat/completions")
	assert.Equal(t, http.StatusNotFound, r.StatusCode)
	assert.Equal(t, "unknown_url", apiCode(t, r))

	r = send(t, h, http.MethodPost, "/v1/completions", strings.NewReader(strings.Repeat(" ", maxRequestBytes+1)))
	assert.Equal(t, http.StatusRequestEntityTooLarge, r.StatusCode)
	assert.Equal(t, "request_too_large", apiCode(t, r))
}

func TestDemoAnswersPreflights(t *testing.T) {
	r := send(t, Demo(), http.MethodOptions, "/v1/completions", nil,
		"Origin", "https://elsewhere.example", "Access-Control-Request-Method", "POST",
		"Access-Control-Request-Headers", "authorization,content-type,x-stainless-os")
	assert.Equal(t, http.StatusNoContent, r.StatusCode)
	assert.Equal(t, "*", r.Header.Get("Access-Control-Allow-Origin"))
	assert.Equal(t, "authorization,content-type,x-stainless-os", r.Header.Get("Access-Control-Allow-Headers"))
	assert.Contains(t, r.Header.Get("Access-Control-Allow-Methods"), "POST")
	assert.Empty(t, r.Header.Get("Access-Control-Allow-Credentials"))
}

func TestDefaultAddressIsNoServersOwn(t *testing.T) {
	_, port, err := net.SplitHostPort(DefaultAddr)
	require.NoError(t, err)
	places, err := filepath.Glob("../../schema/profiles/*.json")
	require.NoError(t, err)
	taken := map[string]bool{}
	for _, place := range append(places, "../../web/src/net/endpoints.ts") {
		text, err := os.ReadFile(place)
		require.NoError(t, err)
		for _, found := range regexp.MustCompile(`(?:localhost|"):(\d+)"`).FindAllSubmatch(text, -1) {
			taken[string(found[1])] = true
		}
	}
	assert.True(t, taken["11434"] && taken["8000"], "the ports that are known were found")
	assert.False(t, taken[port], "port %s is another server's", port)
	makefile, err := os.ReadFile("../../Makefile")
	require.NoError(t, err)
	assert.Contains(t, string(makefile), "ADDR ?= "+DefaultAddr+"\n")
}
