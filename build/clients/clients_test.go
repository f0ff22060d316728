package clients

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/client"
)

// peer is a client that people use.
type peer struct {
	name string
	// run has it carry out the cases and returns the answers in their order. base returns the address for a case.
	run func(t *testing.T, list []testCase, base func(testCase) string) []answer
	// blind names the parts of an answer that it has no place for.
	blind []string
	// cannot says of cases why it cannot be asked for them.
	cannot map[string]string
}

func peers(t *testing.T) []peer {
	list := []peer{
		{name: "openai-go", run: inProcess(runOfficial)},
		{name: "go-openai", run: inProcess(runCommunity)},
		{name: "openai", run: driven("openai", "node", setting(t, "PLAYGROUND_NODE_DRIVER"))},
		{name: "langchain", run: driven("langchain", "node", setting(t, "PLAYGROUND_NODE_DRIVER")),
			blind: []string{"model"}},
		{name: "ai", run: driven("ai", "node", setting(t, "PLAYGROUND_NODE_DRIVER")),
			blind: []string{"tokens", "logprobs", "top"},
			cannot: map[string]string{
				"two prompts": "takes one prompt", "stream two prompts": "takes one prompt",
				"score": "wants a token at least", "stream score": "wants a token at least",
			}},
	}
	if python := os.Getenv("PLAYGROUND_PYTHON"); python != "" {
		list = append(list, peer{name: "openai-python", run: driven("openai-python", python, "drive.py")})
	}
	return list
}

// setting returns a variable of the environment that the step sets.
func setting(t *testing.T, name string) string {
	value := os.Getenv(name)
	require.NotEmpty(t, value, `%s is not set; run this with "make test STEP=clients"`, name)
	return value
}

func inProcess(run func(context.Context, string, testCase) answer) func(*testing.T, []testCase, func(testCase) string) []answer {
	return func(t *testing.T, list []testCase, base func(testCase) string) (answers []answer) {
		for _, c := range list {
			answers = append(answers, run(t.Context(), base(c), c))
		}
		return answers
	}
}

// driven runs a script that reads the cases as JSON and writes the answers.
func driven(name, program, script string) func(*testing.T, []testCase, func(testCase) string) []answer {
	return func(t *testing.T, list []testCase, base func(testCase) string) (answers []answer) {
		var orders []map[string]any
		for _, c := range list {
			orders = append(orders, map[string]any{"client": name, "base": base(c), "body": c.body})
		}
		var out, complaints bytes.Buffer
		cmd := exec.CommandContext(t.Context(), program, script)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(text(orders)), &out, &complaints
		require.NoError(t, cmd.Run(), "%s", &complaints)
		require.NoError(t, json.Unmarshal(out.Bytes(), &answers), "%s", &out)
		return answers
	}
}

// relay passes requests on to the demo server and keeps their bodies by path.
type relay struct {
	*httptest.Server
	mu   sync.Mutex
	sent map[string][]byte
}

func startRelay(t *testing.T, upstream string) *relay {
	to, err := url.Parse(upstream)
	require.NoError(t, err)
	r := &relay{sent: map[string][]byte{}}
	forward := &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(to)
			p.Out.URL.Path = "/v1/" + path.Base(p.In.URL.Path)
		},
		ErrorLog: log.New(io.Discard, "", 0), // one case is a connection that breaks
	}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, in *http.Request) {
		body, err := io.ReadAll(in.Body)
		if err != nil {
			return
		}
		r.mu.Lock()
		r.sent[path.Dir(in.URL.Path)] = body
		r.mu.Unlock()
		in.Body = io.NopCloser(bytes.NewReader(body))
		forward.ServeHTTP(w, in)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *relay) body(path string) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sent[path]
}

func TestClients(t *testing.T) {
	demo := setting(t, "PLAYGROUND_URL")
	relay := startRelay(t, demo)
	ours := client.Client{Endpoint: core.Endpoint{Base: demo + "/v1"}}
	for _, p := range peers(t) {
		t.Run(p.name, func(t *testing.T) {
			list := slices.DeleteFunc(cases(), func(c testCase) bool { return p.cannot[c.name] != "" })
			place := func(c testCase) string { return "/" + p.name + "/" + strings.ReplaceAll(c.name, " ", "-") + "/v1" }
			answers := p.run(t, list, func(c testCase) string { return relay.URL + place(c) })
			require.Len(t, answers, len(list))
			for i, c := range list {
				sent := relay.body(place(c))
				if !assert.NotNil(t, sent, "%s: nothing was sent", c.name) {
					continue
				}
				var sum client.Accumulator
				var failed error
				for _, err := range sum.Follow(ours.StreamBody(t.Context(), sent)) {
					failed = err
				}
				want := reference(sum.Completion(), failed)
				found := append(changed(t, c.json(), sent), p.compare(want, answers[i])...)
				assert.Equal(t, expected(p.name, c.name), names(found), "%s\nsent %s\n%s", c.name, sent, strings.Join(found, "\n"))
			}
			t.Logf("%-13s %d of %d cases, with %d known differences", p.name, len(list), len(cases()), count(p.name))
		})
	}
}

// compare tells in which parts an answer is not the one that is wanted: a name, a colon, and both values.
func (p peer) compare(want, got answer) (found []string) {
	left, right := want.parts(), got.parts()
	all := map[string]bool{}
	for name := range left {
		all[name] = true
	}
	for name := range right {
		all[name] = true
	}
	for name := range all {
		if slices.Contains(p.blind, bare(name)) {
			left[name] = "" // and if it has it after all, that is a difference
		}
		if left[name] != right[name] {
			found = append(found, fmt.Sprintf("%s: want %s, got %s", name, left[name], right[name]))
		}
	}
	slices.Sort(found)
	return found
}

// bare takes the number of the choice off a part's name.
func bare(name string) string { return strings.TrimLeft(name, "0123456789 ") }

// names returns the names of differences, each once, in order.
func names(found []string) []string {
	list := []string{}
	for _, f := range found {
		name, _, _ := strings.Cut(f, ":")
		list = append(list, bare(name))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// changed names the members of a request that were sent otherwise than asked. Some mean the same as none.
func changed(t *testing.T, asked, sent []byte) (found []string) {
	plain := func(body []byte) map[string]string {
		var members map[string]any
		require.NoError(t, json.Unmarshal(body, &members))
		values := map[string]string{}
		for name, value := range members {
			if one, ok := value.([]any); ok && len(one) == 1 && name == "prompt" {
				value = one[0]
			}
			values[name] = text(value)
		}
		for name, value := range map[string]string{"n": "1", "stream": "false"} {
			if values[name] == value {
				delete(values, name)
			}
		}
		return values
	}
	left, right := plain(asked), plain(sent)
	for name, value := range left {
		if right[name] != value {
			found = append(found, fmt.Sprintf("sent %s: want %s, got %s", name, value, right[name]))
		}
	}
	for name, value := range right {
		if _, ok := left[name]; !ok {
			found = append(found, fmt.Sprintf("sent %s: not asked, got %s", name, value))
		}
	}
	return found
}

// difference is one that is known of a client.
type difference struct {
	client string
	cases  []string // nil for all
	parts  []string
	why    string
}

// expected returns the parts in which a client is known to differ.
func expected(client, name string) []string {
	parts := []string{}
	for _, d := range known {
		if d.client == client && (d.cases == nil || slices.Contains(d.cases, name)) {
			parts = append(parts, d.parts...)
		}
	}
	slices.Sort(parts)
	return slices.Compact(parts)
}

func count(client string) (n int) {
	for _, d := range known {
		if d.client == client {
			n++
		}
	}
	return n
}
