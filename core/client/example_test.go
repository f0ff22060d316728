package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"strings"
	"time"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/client"
	"github.com/completion-playground/playground/core/client/faulty"
)

// exampleServer starts a server of which each path answers in its own way.
func exampleServer() *faulty.Server {
	server, err := faulty.Start("127.0.0.1:0", faulty.NewHandler(faulty.Scenarios()), nil)
	if err != nil {
		log.Fatal(err)
	}
	return server
}

func ExampleClient_Stream() {
	server := exampleServer()
	defer server.Close()

	c := client.Client{Endpoint: core.Endpoint{Base: server.URL + "/plain", Key: core.NewSecret("sk-example")}}
	req := core.CompletionRequest{
		Model:  "meta-llama/Llama-3.3-70B-Instruct",
		Prompt: core.Prompt{Texts: []string{"Say hello"}},
	}
	for chunk, err := range c.Stream(context.Background(), req) {
		if err != nil {
			log.Fatal(err)
		}
		for _, choice := range chunk.Choices {
			fmt.Printf("%q %q\n", choice.Text, choice.Finish)
		}
	}
	// Output:
	// "Hel" ""
	// "lo" "stop"
}

func ExampleClient_Complete() {
	server := exampleServer()
	defer server.Close()

	c := client.Client{Endpoint: core.Endpoint{Base: server.URL + "/json"}}
	answer, err := c.Complete(context.Background(), core.CompletionRequest{
		Model:     "meta-llama/Llama-3.3-70B-Instruct",
		Prompt:    core.Prompt{Texts: []string{"Say hello"}},
		MaxTokens: core.Some[int64](16),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Choices[0].Text, answer.Choices[0].Finish, answer.Usage.TotalTokens)
	// Output: Hello stop 5
}

// A body that core.Check has made, or any other, can be sent as it is.
func ExampleClient_StreamBody() {
	server := exampleServer()
	defer server.Close()

	c := client.Client{Endpoint: core.Endpoint{Base: server.URL + "/bad-request"}}
	for _, err := range c.StreamBody(context.Background(), []byte(`{"model":"m","prompt":["Hi"],"stop":["a","b","c","d","e"]}`)) {
		var refused *client.APIError
		if errors.As(err, &refused) {
			fmt.Println(refused.Status, refused.Param, refused.Code)
		}
		fmt.Println(err)
	}
	// Output:
	// 400 stop array_above_max_length
	// server answered 400 Bad Request: '$.stop' is invalid (param "stop", code "array_above_max_length")
}

// The Accumulator tells how an answer ended and keeps what came.
func ExampleAccumulator_Follow() {
	server := exampleServer()
	defer server.Close()

	req := core.CompletionRequest{Model: "m", Prompt: core.Prompt{Texts: []string{"Say hello"}}}
	for _, path := range []string{"/plain", "/relay-cut", "/nothing", "/error-then-done", "/stall"} {
		c := client.Client{Endpoint: core.Endpoint{Base: server.URL + path}}
		var a client.Accumulator
		for range a.Follow(c.Stream(context.Background(), req)) {
			if path == "/stall" {
				break
			}
		}
		text := ""
		if answer := a.Completion(); len(answer.Choices) > 0 {
			text = answer.Choices[0].Text
		}
		fmt.Printf("%s: %q\n", a.End(), text)
	}
	// Output:
	// complete: "Hello"
	// ended-early: "Hel"
	// empty: ""
	// failed: "Hel"
	// stopped: "Hel"
}

// Explain says what an error means for a kind of server, here Atoma.
func ExampleExplain() {
	server := exampleServer()
	defer server.Close()

	c := client.Client{Endpoint: core.Endpoint{Base: server.URL + "/atoma-balance", Key: core.NewSecret("sk-example")}}
	req := core.CompletionRequest{Model: "m", Prompt: core.Prompt{Texts: []string{"Say hello"}}}
	_, err := c.Complete(context.Background(), req)
	if told, ok := client.Explain(err, "atoma"); ok {
		fmt.Println(told.Title)
		fmt.Println(told.Detail)
		fmt.Println(told.Advice[1])
	}
	// Output:
	// Not enough credit
	// HTTP 402. The balance of the account does not cover the most this request could cost. The server says: “not enough credit”.
	// Add credit to the account.
}

// Notes tell what is odd about an answer that is complete all the same.
func ExampleCompletion_notes() {
	server := exampleServer()
	defer server.Close()

	c := client.Client{Endpoint: core.Endpoint{Base: server.URL + "/logprob-nan"}}
	req := core.CompletionRequest{Model: "m", Prompt: core.Prompt{Texts: []string{"Say hello"}}, Stream: core.Some(true)}
	var a client.Accumulator
	for _, err := range a.Follow(c.Stream(context.Background(), req)) {
		if err != nil {
			log.Fatal(err)
		}
	}
	answer := a.Completion()
	for _, token := range answer.Choices[0].Logprobs {
		fmt.Println(token.Text, token.Logprob.Set, token.Logprob.Value)
	}
	for _, note := range answer.Notes {
		fmt.Println(note)
	}
	// Output:
	// a false 0
	// b true -Inf
	// c false 0
	// d true -0.5
	// The server wrote NaN or Infinity, which JSON does not have; the rest was read all the same.
	// The server sent a log probability that is no number; it was left out.
}

func ExampleDecoder() {
	d := client.NewDecoder(strings.NewReader(": a comment\n\ndata: one\ndata: two\n\nevent: ping\ndata:\n\n"), 0)
	for {
		event, err := d.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%q %q\n", event.Name, event.Data)
	}
	// Output:
	// "" "one\ntwo"
	// "ping" ""
}

// A stream gives the same answer as one that comes whole.
func ExampleCollect() {
	server := exampleServer()
	defer server.Close()

	req := core.CompletionRequest{Model: "m", Prompt: core.Prompt{Texts: []string{"Say hello"}}}
	for _, path := range []string{"/plain", "/json"} {
		c := client.Client{Endpoint: core.Endpoint{Base: server.URL + path}}
		answer, err := client.Collect(c.Stream(context.Background(), req))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(answer.Choices[0].Text, answer.Choices[0].Finish)
	}
	// Output:
	// Hello stop
	// Hello stop
}

// A request is sent again only when asked, and only where nothing has come. Hooks tell of it.
func ExampleRetry() {
	server := exampleServer()
	defer server.Close()

	c := client.Client{
		Endpoint: core.Endpoint{Base: server.URL + "/retry-after"},
		Retry: client.Retry{
			Attempts: 3,
			Sleep:    func(context.Context, time.Duration) error { return nil }, // a test need not wait
		},
		Hooks: client.Hooks{
			Headers: func(_ context.Context, h client.HeadersInfo) { fmt.Println("attempt", h.Attempt, "answered", h.Status) },
			Retry:   func(_ context.Context, r client.RetryInfo) { fmt.Println("wait for", r.Pause) },
			End:     func(_ context.Context, e client.EndInfo) { fmt.Println(e.End, "after", e.Attempts) },
		},
	}
	req := core.CompletionRequest{Model: "m", Prompt: core.Prompt{Texts: []string{"Say hello"}}}
	_, err := c.Complete(context.Background(), req)
	fmt.Println(err)
	// Output:
	// attempt 1 answered 429
	// wait for 7s
	// attempt 2 answered 429
	// wait for 7s
	// attempt 3 answered 429
	// failed after 3
	// server answered 429 Too Many Requests: Rate limit reached (code "rate_limit_exceeded")
}

// Whatever speaks net/http can send what core.Build made.
func ExampleNewRequest() {
	built, err := core.Build(core.Endpoint{Base: "https://api.example.com"}, []byte(`{"model":"m","prompt":["Hello!"],"max_tokens":16}`))
	if err != nil {
		log.Fatal(err)
	}
	req, err := client.NewRequest(context.Background(), built)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(req.Method, req.URL, req.ContentLength)
	// Output: POST https://api.example.com/v1/completions 49
}
