package faulty_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core/client/faulty"
	"github.com/completion-playground/playground/schema"
)

func TestTable(t *testing.T) {
	seen := map[string]bool{}
	ends := map[string]int{}
	for _, s := range faulty.Scenarios() {
		assert.Regexp(t, regexp.MustCompile(`^[a-z0-9-]+$`), s.Name)
		assert.False(t, seen[s.Name], "two scenarios named %s", s.Name)
		seen[s.Name] = true
		ends[s.Want.End]++
		assert.NotEmpty(t, s.About, s.Name)
		assert.NotEmpty(t, s.Row, s.Name)
		assert.True(t, json.Valid(s.Request), s.Name)
		for _, code := range s.Want.Notes {
			assert.NotEmpty(t, schema.Answers().Notes[code], "%s: %s", s.Name, code)
		}
		assert.Equal(t, s.Want.End == "failed", s.Want.Error != "", s.Name)
		assert.Contains(t, []string{"", "api", "stream", "redirect", "transport", "size"}, s.Want.Error, s.Name)
		for _, finish := range s.Want.Finish {
			if finish != "" && finish != "other" {
				assert.Contains(t, schema.Answers().FinishReasons, finish, s.Name)
			}
		}
		if s.Browser != nil {
			assert.NotEqual(t, s.Want, *s.Browser, s.Name)
		}
	}
	for _, outcome := range schema.Answers().Outcomes {
		assert.NotZero(t, ends[outcome.Name], outcome.Name)
		delete(ends, outcome.Name)
	}
	assert.Empty(t, ends, "an end that is none")
}

// TestTableIsData sends the table to a client and back.
func TestTableIsData(t *testing.T) {
	server := httptest.NewServer(faulty.NewHandler(faulty.Scenarios()))
	defer server.Close()
	resp, err := http.Get(server.URL + "/scenarios")
	require.NoError(t, err)
	defer resp.Body.Close()
	assert.Equal(t, "*", resp.Header.Get("Access-Control-Allow-Origin"))
	var got []faulty.Scenario
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&got))
	assert.Equal(t, faulty.Scenarios(), got)
}

func TestStartRefusesOtherMachines(t *testing.T) {
	for _, addr := range []string{":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:0", "no address"} {
		_, err := faulty.Start(addr, http.NotFoundHandler(), nil)
		assert.Error(t, err, addr)
	}
}

func TestCloseEndsEverything(t *testing.T) {
	h := faulty.NewHandler(faulty.Scenarios())
	started := make(chan faulty.Play, 2)
	h.Notify = func(p faulty.Play) { started <- p }
	server, err := faulty.Start("127.0.0.1:0", h, nil)
	require.NoError(t, err)
	failed := make(chan error)
	go func() {
		resp, err := http.Post(server.URL+"/stall-before-header/v1/completions", "application/json", nil)
		if err == nil {
			resp.Body.Close()
		}
		failed <- err
	}()
	assert.Equal(t, faulty.Running, (<-started).State)
	require.NoError(t, server.Close())
	assert.Error(t, <-failed)
	assert.Equal(t, faulty.Left, (<-started).State)
	_, err = net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
	assert.Error(t, err)
}

func TestForms(t *testing.T) {
	table := []faulty.Scenario{{Name: "it", Script: faulty.Script{Steps: []faulty.Step{
		{Data: "ab"}, {Data: "cd"}, {Delay: 1, Data: "ef"}, {Raw: []byte{0xff}, Repeat: 2}, {Data: "ghi", Split: 2},
	}}}}
	for form, want := range map[string][]string{
		"":       {"ab", "cd", "ef", "\xff", "\xff", "gh", "i"},
		"/whole": {"abcd", "ef\xff\xff", "gh", "i"},
		"/bytes": {"a", "b", "c", "d", "e", "f", "\xff", "\xff", "gh", "i"},
	} {
		w := &writes{ResponseRecorder: httptest.NewRecorder()}
		faulty.NewHandler(table).ServeHTTP(w, httptest.NewRequest("POST", "/it"+form+"/v1/completions", nil))
		assert.Equal(t, want, w.list, form)
		assert.Equal(t, "text/event-stream", w.Header().Get("Content-Type"))
	}
}

// writes records each write.
type writes struct {
	*httptest.ResponseRecorder
	list []string
}

func (w *writes) Write(b []byte) (int, error) {
	w.list = append(w.list, string(b))
	return w.ResponseRecorder.Write(b)
}

func TestCORS(t *testing.T) {
	table := []faulty.Scenario{
		{Name: "open"},
		{Name: "off", Script: faulty.Script{CORS: faulty.CORSOff}},
		{Name: "preflight", Script: faulty.Script{CORS: faulty.CORSPreflight}},
	}
	const header = "Access-Control-Allow-Origin"
	for name, want := range map[string][2]string{"open": {"*", "*"}, "off": {"", ""}, "preflight": {"*", ""}} {
		for i, method := range []string{"OPTIONS", "POST"} {
			w := httptest.NewRecorder()
			faulty.NewHandler(table).ServeHTTP(w, httptest.NewRequest(method, "/"+name+"/v1/completions", nil))
			assert.Equal(t, want[i], w.Header().Get(header), "%s %s", method, name)
			if method == "OPTIONS" && want[i] != "" {
				assert.Equal(t, "authorization, content-type, accept", w.Header().Get("Access-Control-Allow-Headers"))
			}
		}
	}
}

func TestUnknownPaths(t *testing.T) {
	h := faulty.NewHandler(faulty.Scenarios())
	for _, path := range []string{"/nobody/v1/completions", "/plain/upside-down/v1/completions", "/v1/completions", "/"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("POST", path, nil))
		assert.Equal(t, http.StatusNotFound, w.Code, path)
	}
	assert.Empty(t, h.Plays())
}

func TestPlays(t *testing.T) {
	h := faulty.NewHandler([]faulty.Scenario{{Name: "it"}, {Name: "stall", Script: faulty.Script{Steps: []faulty.Step{{Then: faulty.Stall}}}}})
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/it/bytes/v1/completions", nil))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/stall/v1/completions", nil).WithContext(gone))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/plays", nil))
	assert.JSONEq(t, `[{"number":1,"scenario":"it","form":"bytes","proto":"HTTP/1.1","state":"played"},
		{"number":2,"scenario":"stall","form":"","proto":"HTTP/1.1","state":"left"}]`, w.Body.String())
	for range 1000 {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/it/v1/completions", nil))
	}
	plays := h.Plays()
	assert.Len(t, plays, 1000)
	assert.Equal(t, 3, plays[0].Number, "the oldest are forgotten")
}

// TestLengths looks at the bytes on the connection: a declared length is sent as declared, true or not.
func TestLengths(t *testing.T) {
	table := []faulty.Scenario{
		{Name: "long", Script: faulty.Script{Length: 100, Steps: []faulty.Step{{Data: "abcdef"}}}},
		{Name: "short", Script: faulty.Script{Length: 4, Steps: []faulty.Step{{Data: "abc"}, {Data: "def"}}}},
	}
	server, err := faulty.Start("127.0.0.1:0", faulty.NewHandler(table), nil)
	require.NoError(t, err)
	defer server.Close()
	for name, want := range map[string][2]string{"long": {"Content-Length: 100", "abcdef"}, "short": {"Content-Length: 4", "abcd"}} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
		require.NoError(t, err)
		_, err = io.WriteString(conn, "POST /"+name+"/v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
		require.NoError(t, err)
		raw, err := io.ReadAll(conn)
		require.NoError(t, err)
		head, body, _ := strings.Cut(string(raw), "\r\n\r\n")
		assert.Contains(t, head, want[0])
		assert.Equal(t, want[1], body)
	}
}
