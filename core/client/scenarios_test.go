package client_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/client"
	"github.com/completion-playground/playground/core/client/faulty"
)

// bound is how long a test waits for what has to happen at once, before it calls it missing.
const bound = 20 * time.Second

// forms are the ways in which each scenario is cut.
var forms = []faulty.Form{faulty.Scripted, faulty.Whole, faulty.Bytes}

// protocol returns a transport that speaks nothing but HTTP/1.1, or nothing but HTTP/2 without TLS.
func protocol(name string) *http.Transport {
	t := &http.Transport{Protocols: new(http.Protocols)}
	t.Protocols.SetHTTP1(name == "HTTP/1.1")
	t.Protocols.SetUnencryptedHTTP2(name == "h2c")
	return t
}

// TestScenarios holds the client to the table of package faulty, over TCP, in each form and protocol, and prints what
// came of it. When all is over the server must be without connections.
func TestScenarios(t *testing.T) {
	plays := newPlays()
	handler := faulty.NewHandler(faulty.Scenarios())
	handler.Notify = plays.notify
	connections := newConnections()
	server, err := faulty.Start("127.0.0.1:0", handler, connections.watch)
	require.NoError(t, err)
	defer server.Close()

	var columns []string
	marks := map[string][]string{}
	for _, name := range []string{"HTTP/1.1", "h2c"} {
		transport := protocol(name)
		for _, form := range forms {
			columns = append(columns, strings.TrimSpace(name+" "+string(form)))
			for _, s := range faulty.Scenarios() {
				if form != faulty.Scripted && large(s) {
					continue // written the same in each form
				}
				got := play(t, transport, server.URL, s, form, plays)
				mark := got.String()
				for _, d := range got.differences(s.Want) {
					t.Errorf("%s, %s, form %q: %s", s.Name, name, form, d)
					mark = "WRONG"
				}
				marks[s.Name] = append(marks[s.Name], mark)
			}
		}
		// A connection whose last stream was left a moment ago may not count as idle yet.
		require.Eventually(t, func() bool {
			transport.CloseIdleConnections()
			return connections.count() == 0
		}, bound, 10*time.Millisecond, "connections are left open")
	}
	logTable(t, columns, marks)
}

func large(s faulty.Scenario) bool {
	return slices.ContainsFunc(s.Script.Steps, func(step faulty.Step) bool { return step.Repeat > 0 })
}

func logTable(t *testing.T, columns []string, marks map[string][]string) {
	var b strings.Builder
	fmt.Fprintf(&b, "%d scenarios, in each: %s\n", len(marks), strings.Join(columns, ", "))
	for _, s := range faulty.Scenarios() {
		distinct := map[string]bool{}
		for _, m := range marks[s.Name] {
			distinct[m] = true
		}
		result := strings.Join(marks[s.Name], " | ")
		if len(distinct) == 1 {
			result = marks[s.Name][0]
		}
		fmt.Fprintf(&b, "%-22s %-30s %s\n", s.Name, result, s.Row)
	}
	t.Log(b.String())
}

// TestScenariosLeaveNothing plays the table inside a synctest bubble over pipes. The bubble fails the test if one
// goroutine, of the client, of its transport or of the server, is left at the end.
func TestScenariosLeaveNothing(t *testing.T) {
	for _, name := range []string{"HTTP/1.1", "h2c"} {
		synctest.Test(t, func(t *testing.T) {
			plays := newPlays()
			handler := faulty.NewHandler(faulty.Scenarios())
			handler.Notify = plays.notify
			transport, shut := pipes(handler, protocol(name))
			for _, s := range faulty.Scenarios() {
				got := play(t, transport, "http://pipe.test", s, faulty.Scripted, plays)
				assert.Empty(t, got.differences(s.Want), "%s, %s", s.Name, name)
			}
			transport.CloseIdleConnections()
			shut()
		})
	}
}

// outcome is what came of one play.
type outcome struct {
	end        client.End
	completion *client.Completion
	err        error
}

// play runs a scenario through the client. Where the client has to leave, it does so as soon as it has what will come,
// and the server has to notice.
func play(t *testing.T, transport *http.Transport, base string, s faulty.Scenario, form faulty.Form, plays *plays) outcome {
	t.Helper()
	path := "/" + s.Name
	if form != faulty.Scripted {
		path += "/" + string(form)
	}
	c := client.Client{
		Endpoint: core.Endpoint{Base: base + path, Key: core.NewSecret("sk-test")},
		HTTP:     &http.Client{Transport: transport},
	}
	ctx, cancel := context.WithTimeout(t.Context(), bound)
	defer cancel()
	leaves := s.Want.End == string(client.Stopped)
	if leaves && s.Want.Texts == nil {
		go func() {
			plays.await(t, s.Name, faulty.Running)
			cancel()
		}()
	}
	var a client.Accumulator
	var got outcome
	for _, err := range a.Follow(c.StreamBody(ctx, s.Request)) {
		got.err = err
		if leaves && err == nil && a.Completion().Choices[0].Text == s.Want.Texts[0] {
			break
		}
	}
	got.end, got.completion = a.End(), a.Completion()
	if leaves {
		plays.await(t, s.Name, faulty.Left)
	}
	return got
}

// String is the outcome in a table's cell.
func (o outcome) String() string {
	if o.end == client.Failed {
		return fmt.Sprintf("%s (%s)", o.end, errorKind(o.err))
	}
	return string(o.end)
}

func errorKind(err error) string {
	switch err := err.(type) {
	case nil:
		return ""
	case *client.APIError:
		return fmt.Sprintf("api %d", err.Status)
	case *client.RedirectError:
		return fmt.Sprintf("redirect %d", err.Status)
	case *client.StreamError:
		return "stream"
	case *client.TransportError:
		return "transport"
	case *client.SizeError:
		return "size"
	}
	return fmt.Sprintf("%T", err)
}

// differences says in what the outcome is not the one wanted.
func (o outcome) differences(want faulty.Want) (list []string) {
	differ := func(what string, got, want any) {
		if fmt.Sprint(got) != fmt.Sprint(want) {
			list = append(list, fmt.Sprintf("%s: got %.200q, want %.200q (error: %v)", what, fmt.Sprint(got), fmt.Sprint(want), o.err))
		}
	}
	differ("end", o.end, want.End)
	var texts, finish, tokens []string
	for _, choice := range o.completion.Choices {
		texts = append(texts, choice.Text)
		finish = append(finish, string(choice.Finish))
		for _, token := range choice.Logprobs {
			tokens = append(tokens, token.Text)
		}
	}
	switch {
	case want.Length > 0:
		differ("length", len(strings.Join(texts, "")), want.Length)
	case want.Prefix:
		if got := strings.Join(texts, ""); !strings.HasPrefix(want.Texts[0], got) {
			differ("texts", got, want.Texts[0])
		}
	default:
		differ("texts", texts, want.Texts)
	}
	if !want.Prefix {
		differ("finish reasons", finish, want.Finish)
	}
	differ("tokens", tokens, want.Tokens)
	total := 0
	if o.completion.Usage != nil {
		total = o.completion.Usage.TotalTokens
	}
	wantTotal := 0
	if want.Usage != nil && want.Usage.Total != nil {
		wantTotal = *want.Usage.Total
	}
	differ("total tokens", total, wantTotal)

	kind, status, _ := strings.Cut(errorKind(o.err), " ")
	if o.end == client.Failed || want.Error != "" {
		differ("error", kind, want.Error)
	}
	if want.Status != 0 {
		differ("status", status, want.Status)
	}
	var problem client.Problem
	var retry time.Duration
	switch err := o.err.(type) {
	case *client.APIError:
		problem, retry = err.Problem, err.RetryAfter
	case *client.StreamError:
		problem = err.Problem
	}
	differ("code", problem.Code, want.Code)
	differ("retry after", retry.Seconds(), want.RetryAfter)
	if !strings.Contains(problem.Message, want.Message) {
		differ("message", problem.Message, want.Message)
	}
	return list
}

// plays hears of the plays of a handler and lets others wait for them.
type plays struct {
	mu     sync.Mutex
	latest map[string]chan faulty.PlayEnd
}

func newPlays() *plays { return &plays{latest: map[string]chan faulty.PlayEnd{}} }

func (p *plays) of(scenario string) chan faulty.PlayEnd {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.latest[scenario] == nil {
		p.latest[scenario] = make(chan faulty.PlayEnd, 100)
	}
	return p.latest[scenario]
}

func (p *plays) notify(play faulty.Play) { p.of(play.Scenario) <- play.State }

// await takes the states of a scenario up to the one wanted.
func (p *plays) await(t *testing.T, scenario string, state faulty.PlayEnd) {
	late := time.After(bound)
	for {
		select {
		case got := <-p.of(scenario):
			if got == state {
				return
			}
		case <-late:
			t.Errorf("%s: the server was not told %q within %v", scenario, state, bound)
			return
		}
	}
}

// connections counts a server's open connections.
type connections struct {
	mu   sync.Mutex
	open map[net.Conn]bool
}

func newConnections() *connections { return &connections{open: map[net.Conn]bool{}} }

func (c *connections) watch(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateNew:
		c.open[conn] = true
	case http.StateClosed, http.StateHijacked:
		delete(c.open, conn)
	}
}

func (c *connections) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.open)
}

// pipes connects a transport with a server for the handler by pipes, which synctest can see through. The function
// returned ends the server.
func pipes(h http.Handler, transport *http.Transport) (*http.Transport, func()) {
	l := pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{Handler: h, Protocols: protocols}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l) // returns when shut
	}()
	transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		near, far := net.Pipe()
		select {
		case l.conns <- far:
			return near, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return transport, func() {
		_ = server.Close()
		<-done
	}
}

type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, errors.New("listener closed")
	}
}

func (l pipeListener) Close() error {
	close(l.closed)
	return nil
}

func (l pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "unix"} }
