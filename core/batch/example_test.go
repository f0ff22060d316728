package batch_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/batch"
	"github.com/completion-playground/playground/core/client"
	"github.com/completion-playground/playground/core/demo"
)

func ExampleCheck() {
	file := strings.NewReader(`{"custom_id":"a","method":"POST","url":"/v1/completions","body":{"model":"m","prompt":"Hello!","max_tokens":5}}
{"custom_id":"b","method":"POST","url":"/v1/completions","body":{"model":"m","prompt":"Hello!","max_tokens":-5}}
{"custom_id":"a","method":"POST","url":"/v1/completions","body":{"model":"m","prompt":["One","Two"],"n":2,"max_tokens":10}}
{"custom_id":"c","method":"POST","url":"/v1/completions","body":{"model":"m"
`)
	var totals batch.Totals
	for line, err := range batch.Check(context.Background(), file, batch.Options{}) {
		if err != nil {
			fmt.Println(err) // the file cannot be read on
			return
		}
		for _, issue := range line.Report.Issues {
			fmt.Printf("%d:%d: %s: %s [%s]\n", line.Number, issue.Span.Start.Column, issue.Severity, issue.Message, issue.Code)
		}
		totals.Add(&line)
	}
	fmt.Printf("%d of %d lines are valid, for at most %d tokens\n", totals.Valid, totals.Lines, totals.MaxTokens)
	// Output:
	// 2:109: error: got -5, want at least 0 [out-of-range]
	// 3:14: error: line 1 has this custom_id already [duplicate-id]
	// 4:76: error: the line is no JSON: unexpected end of JSON input [line-not-json]
	// 1 of 4 lines are valid, for at most 5 tokens
}

func ExampleRun() {
	server := exampleServer() // of the demo's model
	defer server.Close()
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	files := batch.Files{
		Output:  filepath.Join(dir, "answers.jsonl"),
		Errors:  filepath.Join(dir, "errors.jsonl"),
		Journal: filepath.Join(dir, "answers.journal"),
	}
	options := batch.RunOptions{
		Client:            &client.Client{Endpoint: core.Endpoint{Base: server.URL, Key: core.NewSecret("sk-example")}},
		Concurrency:       4,
		RequestsPerMinute: 60_000,
	}
	input := `{"custom_id":"a","method":"POST","url":"/v1/completions","body":{"model":"demo-small","prompt":"Hello!","max_tokens":5}}
{"custom_id":"b","method":"POST","url":"/v1/completions","body":{"model":"demo-small","prompt":"Hello!","max_tokens":-5}}
`
	for range 2 { // the second time there is nothing left to send
		totals, err := batch.Run(context.Background(), strings.NewReader(input), files, options)
		if err != nil {
			fmt.Println(err) // the same call goes on from here
		}
		fmt.Println(totals.Answered, "answers,", totals.Invalid, "invalid,", totals.Before, "done before")
	}
	failures, err := os.ReadFile(files.Errors)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Print(string(failures))
	// Output:
	// 1 answers, 1 invalid, 0 done before
	// 0 answers, 0 invalid, 2 done before
	// {"id":"batch_req_2_7d39a6dd","custom_id":"b","response":null,"error":{"code":"out-of-range","message":"column 118: body/max_tokens: got -5, want at least 0"}}
}

func exampleServer() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the client has gone
		}
		answer := demo.Complete(body, demo.Options{})
		w.WriteHeader(answer.Status)
		for step, ok := answer.Next(); ok; step, ok = answer.Next() {
			_, _ = w.Write(step.Data) // the client may have gone
		}
	}))
}
