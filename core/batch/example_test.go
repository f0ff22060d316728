package batch_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/batch"
	"github.com/completion-playground/playground/core/client"
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
	ctx, input := context.Background(), strings.NewReader("") // a file of requests
	totals, err := batch.Run(ctx, input, batch.Files{
		Output:  "answers.jsonl",
		Errors:  "errors.jsonl",
		Journal: "answers.journal",
	}, batch.RunOptions{
		Client:            &client.Client{Endpoint: core.Endpoint{Base: "https://api.example.com", Key: core.NewSecret("…")}},
		Concurrency:       16,
		RequestsPerMinute: 3000,
	})
	if err != nil {
		fmt.Println(err) // the same call goes on from here
	}
	fmt.Println(totals.Answered, "answers")
}
