package guard_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/guard"
)

// got is what the handler behind the guard got.
type got struct {
	calls  int
	body   string
	header http.Header
	length int64
	report core.Report
	known  bool
}

func (g *got) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.calls++
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(err)
		}
		g.body = string(body)
	}
	g.header, g.length = r.Header, r.ContentLength
	g.report, g.known = guard.FromContext(r.Context())
	w.WriteHeader(http.StatusNoContent)
}

// refusal is an answer of the guard.
type refusal struct {
	Error struct {
		Message string  `json:"message"`
		Type    string  `json:"type"`
		Param   *string `json:"param"`
		Code    string  `json:"code"`
	} `json:"error"`
	Issues  []core.Issue `json:"issues"`
	Omitted int          `json:"omitted"`
}

// ask sends a request through a guard.
func ask(g guard.Guard, method, target string, body io.Reader, header ...string) (*httptest.ResponseRecorder, *got) {
	r := httptest.NewRequest(method, target, body)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		r.Header.Del(header[i])
		if header[i+1] != "" {
			r.Header.Set(header[i], header[i+1])
		}
	}
	w, next := httptest.NewRecorder(), &got{}
	g.Handler(next).ServeHTTP(w, r)
	return w, next
}

func refused(t *testing.T, w *httptest.ResponseRecorder, next *got, status int) (r refusal) {
	t.Helper()
	assert.Zero(t, next.calls)
	require.Equal(t, status, w.Code, w.Body.String())
	assert.Equal(t, "application/json", w.Header().Get("Content-Type"))
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &r), w.Body.String())
	assert.Equal(t, "invalid_request_error", r.Error.Type)
	assert.NotEmpty(t, r.Error.Message)
	assert.NotEmpty(t, r.Error.Code)
	assert.NotNil(t, r.Issues, "never null")
	return r
}

const fine = `{"model":"m","prompt":["x"],"max_tokens":5}`

func zipped(t testing.TB, text string) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := io.WriteString(w, text)
	require.NoError(t, errors.Join(err, w.Close()))
	return &b
}

// What is right passes as its canonical body; all that described the old bytes is gone, all else as it was.
func TestPassesTheCanonicalBodyOn(t *testing.T) {
	loose := "{model: 'm', prompt: 'x', maxTokens: 5, max_tokens: 7.0, /* a comment */}"
	w, next := ask(guard.Guard{}, "POST", "/v1/completions?a=b", strings.NewReader(loose),
		"Authorization", "Bearer sk-1", "X-Request-Id", "r-1", "Content-Md5", "abc", "Digest", "abc", "Trailer", "X-Sum")
	require.Equal(t, http.StatusBadRequest, w.Code, "two spellings of one name are an error")
	assert.Zero(t, next.calls)

	loose = strings.Replace(loose, "maxTokens: 5, ", "", 1)
	w, next = ask(guard.Guard{}, "POST", "/v1/completions?a=b", strings.NewReader(loose),
		"Authorization", "Bearer sk-1", "X-Request-Id", "r-1", "Content-Md5", "abc", "Digest", "abc", "Trailer", "X-Sum")
	require.Equal(t, http.StatusNoContent, w.Code, w.Body)
	want := `{"model":"m","prompt":["x"],"max_tokens":7}`
	assert.Equal(t, want, next.body)
	assert.Equal(t, int64(len(want)), next.length)
	assert.Equal(t, http.Header{
		"Authorization": {"Bearer sk-1"}, "X-Request-Id": {"r-1"}, "Content-Type": {"application/json"}, "Content-Length": {strconv.Itoa(len(want))},
	}, next.header)
	require.True(t, next.known)
	assert.Equal(t, int64(7), next.report.Request.MaxTokens.Value)
	assert.Empty(t, w.Header(), "the answer is the next handler's alone")
}

func TestRefusesWithTheIssues(t *testing.T) {
	var told core.Report
	g := guard.Guard{Refused: func(r *http.Request, report core.Report) {
		assert.Equal(t, "r-1", r.Header.Get("X-Request-Id"))
		told = report
	}}
	text := `{"model":"m","prompt":["x"],"temprature":1,"max_tokens":"5","n":0}`
	w, next := ask(g, "POST", "/v1/completions", strings.NewReader(text), "X-Request-Id", "r-1")
	r := refused(t, w, next, http.StatusBadRequest)
	assert.Equal(t, core.Check([]byte(text)), told)
	assert.Equal(t, told.Err().Error(), r.Error.Message)
	assert.Equal(t, "max_tokens", *r.Error.Param)
	assert.Equal(t, "wrong-type", r.Error.Code)
	assert.ElementsMatch(t, told.Issues, r.Issues)
	for i := range r.Issues[1:] {
		assert.GreaterOrEqual(t, r.Issues[i].Severity, r.Issues[i+1].Severity)
	}
	assert.Equal(t, "5", r.Issues[0].Fix.Edits[0].Text)
	assert.Zero(t, r.Omitted)

	for _, text := range []string{``, `[]`, `"x"`, `{`, "\x00\xff", `{"prompt":["x"]}`, `null`} {
		w, next := ask(guard.Guard{}, "POST", "/v1/completions", strings.NewReader(text))
		r := refused(t, w, next, http.StatusBadRequest)
		assert.NotEmpty(t, r.Issues, text)
	}
}

// Only POST to the paths given is checked, however the path is written.
func TestPathsAndMethods(t *testing.T) {
	for _, target := range []string{"/v1/completions", "/v1/completions/", "//v1//completions", "/v1/./completions", "/v1/x/../completions", "/v1%2Fcompletions", "/V1/Completions", "/v1/completions?x=/v1/other"} {
		w, next := ask(guard.Guard{}, "POST", target, strings.NewReader(`{}`))
		refused(t, w, next, http.StatusBadRequest)
	}
	for _, target := range []string{"/", "/v1/chat/completions", "/v1/completions/x", "/v1/models"} {
		w, next := ask(guard.Guard{}, "POST", target, strings.NewReader(`anything`), "Content-Type", "text/plain")
		assert.Equal(t, http.StatusNoContent, w.Code, target)
		assert.Equal(t, "anything", next.body)
		assert.False(t, next.known)
	}
	own := guard.Guard{Paths: []string{"/openai/completions/"}}
	w, next := ask(own, "POST", "/openai/completions", strings.NewReader(`{}`))
	refused(t, w, next, http.StatusBadRequest)
	_, next = ask(own, "POST", "/v1/completions", strings.NewReader(`{}`))
	assert.Equal(t, 1, next.calls)
	_, next = ask(guard.Guard{Paths: []string{}}, "POST", "/v1/completions", strings.NewReader(`{}`))
	assert.Equal(t, 1, next.calls)
	for _, method := range []string{"GET", "HEAD", "OPTIONS"} {
		_, next := ask(guard.Guard{}, method, "/v1/completions", nil)
		assert.Equal(t, 1, next.calls, method)
	}
	for _, method := range []string{"PUT", "PATCH", "DELETE", "post"} {
		w, next := ask(guard.Guard{}, method, "/v1/completions", strings.NewReader(fine))
		refused(t, w, next, http.StatusMethodNotAllowed)
		assert.Equal(t, "GET, HEAD, OPTIONS, POST", w.Header().Get("Allow"))
	}
}

func TestTypesAndCodings(t *testing.T) {
	for _, kind := range []string{"application/json", "Application/JSON; charset=UTF-8", `application/json;charset="utf-8"`} {
		w, next := ask(guard.Guard{}, "POST", "/v1/completions", strings.NewReader(fine), "Content-Type", kind)
		assert.Equal(t, http.StatusNoContent, w.Code, "%s %s", kind, w.Body)
		assert.Equal(t, []string{"application/json"}, next.header["Content-Type"])
	}
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", "application/jsonx", ";", "application/json, text/plain"} {
		w, next := ask(guard.Guard{}, "POST", "/v1/completions", strings.NewReader(fine), "Content-Type", kind)
		refused(t, w, next, http.StatusUnsupportedMediaType)
	}
	for _, coding := range []string{"gzip", "GZIP", "x-gzip", "identity, gzip"} {
		w, next := ask(guard.Guard{}, "POST", "/v1/completions", zipped(t, fine), "Content-Encoding", coding)
		assert.Equal(t, http.StatusNoContent, w.Code, "%s %s", coding, w.Body)
		assert.Equal(t, fine, next.body)
		assert.NotContains(t, next.header, "Content-Encoding")
	}
	for _, coding := range []string{"br", "zstd", "deflate", "gzip, gzip", "gzip,br", "x"} {
		w, next := ask(guard.Guard{}, "POST", "/v1/completions", zipped(t, fine), "Content-Encoding", coding)
		refused(t, w, next, http.StatusUnsupportedMediaType)
		assert.Equal(t, "gzip", w.Header().Get("Accept-Encoding"))
	}
	cut := zipped(t, fine).Bytes()
	for name, body := range map[string][]byte{"none": []byte(fine), "cut": cut[:len(cut)-9], "changed": append(bytes.Clone(cut[:len(cut)-8]), make([]byte, 8)...), "followed": append(bytes.Clone(cut), "junk"...), "empty": nil} {
		w, next := ask(guard.Guard{}, "POST", "/v1/completions", bytes.NewReader(body), "Content-Encoding", "gzip")
		r := refused(t, w, next, http.StatusBadRequest)
		assert.NotContains(t, r.Error.Message, "junk", name)
	}
}

// endless is a body that goes on, and counts what is taken of it.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.read += len(p)
	return len(p), nil
}

func small(t testing.TB) guard.Guard {
	t.Helper()
	v, err := core.Compile(nil, core.Options{Limits: core.Limits{Bytes: 10_000, Values: 50}})
	require.NoError(t, err)
	return guard.Guard{Validator: v}
}

// No body is read beyond the limit, whatever it says of its length, and none is decompressed beyond it.
func TestBodiesAreBounded(t *testing.T) {
	g := small(t)
	body := &endless{}
	w, next := ask(g, "POST", "/v1/completions", body) // of unknown length
	assert.Equal(t, "too-large", refused(t, w, next, http.StatusRequestEntityTooLarge).Error.Code)
	assert.Less(t, body.read, 40_000)

	padded := fine + strings.Repeat(" ", 10_000-len(fine))
	w, _ = ask(g, "POST", "/v1/completions", strings.NewReader(padded))
	assert.Equal(t, http.StatusNoContent, w.Code, w.Body)
	w, next = ask(g, "POST", "/v1/completions", strings.NewReader(padded+" "))
	refused(t, w, next, http.StatusRequestEntityTooLarge)
	w, next = ask(g, "POST", "/v1/completions", io.MultiReader(strings.NewReader(padded+" ")))
	refused(t, w, next, http.StatusRequestEntityTooLarge)

	w, _ = ask(g, "POST", "/v1/completions", zipped(t, padded), "Content-Encoding", "gzip")
	assert.Equal(t, http.StatusNoContent, w.Code, w.Body)
	bomb := zipped(t, strings.Repeat(" ", 5<<20))
	require.Less(t, bomb.Len(), 10_000)
	w, next = ask(g, "POST", "/v1/completions", bomb, "Content-Encoding", "gzip")
	refused(t, w, next, http.StatusRequestEntityTooLarge)

	w, next = ask(g, "POST", "/v1/completions", strings.NewReader(`{"a":[`+strings.Repeat("1,", 60)+`1]}`))
	refused(t, w, next, http.StatusRequestEntityTooLarge)
}

// However much is wrong, the answer stays small, and has what is worst.
func TestRefusalsAreBounded(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	for name, text := range map[string]string{
		"unknown names":   `{"n":0,` + strings.Repeat(`"`+strings.Repeat("k", 200)+`":1,`, 5000) + `"b":1}`,
		"many mistakes":   `{"stop":[` + strings.Repeat(`1,`, 5000) + `1]}`,
		"a long fix":      `{"model":"m","prompt":'` + long + `","n":0}`,
		"a long command":  `curl http://a/v1/completions -d '{"model":"m","prompt":"` + long + `"}'`,
		"a deep document": strings.Repeat(`{"a":`, 5000),
		"a long key":      `{"` + long + `":{"` + long + `":1}}`,
	} {
		w, next := ask(guard.Guard{}, "POST", "/v1/completions", strings.NewReader(text))
		r := refused(t, w, next, http.StatusBadRequest)
		assert.Less(t, w.Body.Len(), 100<<10, name)
		assert.NotEmpty(t, r.Issues, name)
		assert.Equal(t, core.Error, r.Issues[0].Severity, name)
		assert.Equal(t, len(core.Check([]byte(text)).Issues), len(r.Issues)+r.Omitted, name)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestBodiesThatBreak(t *testing.T) {
	w, next := ask(guard.Guard{}, "POST", "/v1/completions", failing{errors.New("it says sk-secret")})
	assert.NotContains(t, refused(t, w, next, http.StatusBadRequest).Error.Message, "secret")
	w, next = ask(guard.Guard{}, "POST", "/v1/completions", failing{fmt.Errorf("read: %w", os.ErrDeadlineExceeded)})
	refused(t, w, next, http.StatusRequestTimeout)
	r := httptest.NewRequest("POST", "/v1/completions", nil)
	r.Header.Set("Content-Type", "application/json")
	r.Body = nil
	w, next = httptest.NewRecorder(), &got{}
	(&guard.Guard{}).Handler(next).ServeHTTP(w, r)
	refused(t, w, next, http.StatusBadRequest)
}

// One guard serves many at once, and each gets the report on its own request.
func TestConcurrentRequests(t *testing.T) {
	g := guard.Guard{}
	handler := g.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		report, _ := guard.FromContext(r.Context())
		_, _ = io.WriteString(w, report.Request.Model)
	}))
	var all sync.WaitGroup
	for n := range 20 {
		all.Go(func() {
			for k := range 5 {
				model := fmt.Sprintf("m%d-%d", n, k)
				r := httptest.NewRequest("POST", "/v1/completions", strings.NewReader(`{"model":"`+model+`","prompt":"x"}`))
				r.Header.Set("Content-Type", "application/json")
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				assert.Equal(t, model, w.Body.String())
			}
		})
	}
	all.Wait()
}

// In front of a relay, over connections: chunked bodies arrive with a length, and nothing is logged.
func TestInFrontOfARelay(t *testing.T) {
	var logged bytes.Buffer
	log.SetOutput(&logged)
	defer log.SetOutput(os.Stderr)
	next := &got{}
	server := httptest.NewServer(next)
	defer server.Close()
	to, err := url.Parse(server.URL)
	require.NoError(t, err)
	front := httptest.NewServer((&guard.Guard{}).Handler(httputil.NewSingleHostReverseProxy(to)))
	defer front.Close()
	send := func(body io.Reader) *http.Response {
		req, err := http.NewRequestWithContext(t.Context(), "POST", front.URL+"/v1/completions", body)
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer sk-secret")
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		return resp
	}
	resp := send(io.MultiReader(strings.NewReader("{prompt: 'x',"), strings.NewReader("model: 'm', max_tokens: 5}")))
	defer resp.Body.Close()
	assert.Equal(t, http.StatusNoContent, resp.StatusCode)
	assert.Equal(t, fine, next.body)
	assert.Equal(t, int64(len(fine)), next.length)
	assert.Equal(t, "Bearer sk-secret", next.header.Get("Authorization"))

	resp = send(io.MultiReader(strings.NewReader(`{"model":"m"}`)))
	defer resp.Body.Close()
	assert.Equal(t, http.StatusBadRequest, resp.StatusCode)
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "sk-secret")
	assert.Equal(t, 1, next.calls)
	assert.Empty(t, logged.String())
}
