package client_test

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/client"
	"github.com/completion-playground/playground/core/client/faulty"
)

// bound is how long a test waits for what has to happen at once, before it calls it missing: far beyond what a busy
// machine needs.
const bound = 5 * time.Minute

// forms are the ways in which each scenario is cut.
var forms = []faulty.Form{faulty.Scripted, faulty.Whole, faulty.Bytes}

// protocol returns a transport that speaks nothing but HTTP/1.1, or nothing but HTTP/2 without TLS.
func protocol(name string) *http.Transport {
	t := &http.Transport{Protocols: new(http.Protocols)}
	t.Protocols.SetHTTP1(name == "HTTP/1.1")
	t.Protocols.SetUnencryptedHTTP2(name == "h2c")
	return t
}

// TestScenarios holds the client to the table of package faulty, over TCP, in each protocol and form. When all is over
// the server must be without connections.
func TestScenarios(t *testing.T) {
	plays := newPlays()
	handler := faulty.NewHandler(faulty.Scenarios())
	handler.Notify = plays.notify
	connections := newConnections()
	server, err := faulty.Start("127.0.0.1:0", handler, connections.watch)
	require.NoError(t, err)
	defer server.Close()

	transports := map[string]*http.Transport{"HTTP/1.1": protocol("HTTP/1.1"), "h2c": protocol("h2c")}
	for _, s := range usual(faulty.Scenarios()) {
		t.Run(s.Name, func(t *testing.T) {
			for name, transport := range transports {
				for _, form := range forms {
					if form != faulty.Scripted && large(s) {
						continue // written the same in each form
					}
					got := play(t, transport, server.URL, s, form, plays)
					assert.Empty(t, got.differences(s), "%s, form %q", name, form)
				}
			}
		})
	}
	// A connection whose last stream was left a moment ago may not count as idle yet.
	require.Eventually(t, func() bool {
		for _, transport := range transports {
			transport.CloseIdleConnections()
		}
		return connections.count() == 0
	}, bound, 10*time.Millisecond, "connections are left open")
}

func large(s faulty.Scenario) bool {
	return slices.ContainsFunc(s.Script.Steps, func(step faulty.Step) bool { return step.Repeat > 0 })
}

// usual leaves out the large scenarios under "go test -short".
func usual(all []faulty.Scenario) []faulty.Scenario {
	if testing.Short() {
		return slices.DeleteFunc(slices.Clone(all), large)
	}
	return all
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
			for _, s := range usual(faulty.Scenarios()) {
				got := play(t, transport, "http://pipe.test", s, faulty.Scripted, plays)
				assert.Empty(t, got.differences(s), "%s, %s", s.Name, name)
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

// errorKind is the kind of an error and its status, in the words of the table.
func errorKind(err error) (kind string, status int) {
	switch err := err.(type) {
	case *client.APIError:
		return "api", err.Status
	case *client.RedirectError:
		return "redirect", err.Status
	case *client.StreamError:
		return "stream", 0
	case *client.TransportError:
		return "transport", 0
	case *client.SizeError:
		return "size", 0
	}
	return "", 0
}

// differences says in what the outcome is not the one wanted.
func (o outcome) differences(s faulty.Scenario) (list []string) {
	want := s.Want
	differ := func(what string, got, want any) {
		if fmt.Sprint(got) != fmt.Sprint(want) {
			list = append(list, fmt.Sprintf("%s: got %.200q, want %.200q (error: %v)", what, fmt.Sprint(got), fmt.Sprint(want), o.err))
		}
	}
	differ("end", o.end, want.End)
	var texts, finish []string
	for _, choice := range o.completion.Choices {
		texts = append(texts, choice.Text)
		finish = append(finish, string(choice.Finish))
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
	o.firstChoice(want, differ)
	differ("usage", counts(o.completion.Usage), wantedCounts(want.Usage))
	for _, code := range want.Notes {
		if !slices.ContainsFunc(o.completion.Notes, func(n client.Note) bool { return n.Code == code }) {
			differ("notes", o.completion.Notes, code)
		}
	}
	o.failure(s, differ)
	return list
}

// firstChoice compares what is told of the first choice alone.
func (o outcome) firstChoice(want faulty.Want, differ func(what string, got, want any)) {
	var first client.Choice
	if len(o.completion.Choices) > 0 {
		first = o.completion.Choices[0]
	}
	var tokens []string
	var logprobs []any
	var top [][]string
	for _, token := range first.Logprobs {
		tokens = append(tokens, token.Text)
		logprob := any(nil)
		if token.Logprob.Set {
			logprob = token.Logprob.Value
		}
		if math.IsInf(token.Logprob.Value, -1) {
			logprob = "-Infinity"
		}
		logprobs = append(logprobs, logprob)
		var texts []string
		for _, c := range token.Top {
			texts = append(texts, c.Text)
		}
		top = append(top, texts)
	}
	differ("tokens", tokens, want.Tokens)
	if want.Logprobs != nil {
		differ("log probabilities", logprobs, want.Logprobs)
	}
	if want.Top != nil {
		differ("alternatives", top, want.Top)
	}
	differ("reasoning", first.Reasoning, want.Reasoning)
}

func counts(u *client.Usage) []int {
	if u == nil {
		return nil
	}
	return []int{u.PromptTokens, u.CompletionTokens, u.TotalTokens}
}

func wantedCounts(u *faulty.Usage) (list []int) {
	if u == nil {
		return nil
	}
	for _, n := range []*int{u.Prompt, u.Completion, u.Total} {
		if n == nil {
			n = new(int)
			*n = client.UnknownCount
		}
		list = append(list, *n)
	}
	return list
}

// failure compares the error and its explanation.
func (o outcome) failure(s faulty.Scenario, differ func(what string, got, want any)) {
	want := s.Want
	kind, status := errorKind(o.err)
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
	if said := problem.Message + "; " + problem.Upstream; !strings.Contains(said, want.Message) {
		differ("message", said, want.Message)
	}
	told, ok := client.Explain(o.err, s.Profile)
	differ("explained", ok, o.end != client.Complete && o.end != client.Stopped)
	if ok && (told.Title == "" || told.Detail == "" || len(told.Advice) == 0) {
		differ("explanation", told, "all of its parts")
	}
	if want.Failure != "" {
		differ("failure", told.ID, want.Failure)
	}
}
