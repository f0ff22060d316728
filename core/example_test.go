package core_test

import (
	"errors"
	"fmt"

	"github.com/completion-playground/playground/core"
)

// From a text to a readable error.
func ExampleCheck() {
	err := core.Check([]byte(`{"model": "m", "prompt": "Hello!", "temperature": 3, "max_tokens": "16"}`)).Err()
	fmt.Println(err)
	// Output:
	// 2 errors in the request:
	//   1:51 temperature: got 3, want at most 2; fix: use 2 instead of 3
	//   1:68 max_tokens: got the text "16", want a whole number of at least 0; fix: use 16
}

// The body is what goes over the wire; the changes say how the text got there.
func ExampleBody() {
	text := []byte("{model: 'm', prompt: 'Hello!', maxTokens: 1e1, seed: 9007199254740993}")
	report := core.Check(text)
	for _, change := range report.Changes {
		fmt.Println(change.Message)
	}
	fmt.Printf("%s\n", core.Body(text))
	fmt.Println(report.Request.Seed.Value, report.Request.TopP.Set)
	// Output:
	// read as a JavaScript object literal, sent as JSON
	// a lone text is sent as a list of one
	// maxTokens is sent as max_tokens
	// 1e1 is sent as 10
	// {"model":"m","prompt":["Hello!"],"max_tokens":10,"seed":9007199254740993}
	// 9007199254740993 false
}

// Another kind of server has other rules.
func ExampleForProfile() {
	request := []byte(`{"model": "llama", "prompt": ["Hello!"], "max_tokens": 16, "suffix": "Bye!"}`)
	for _, name := range []string{"ollama", "vllm"} {
		v, err := core.ForProfile(name)
		if err != nil {
			panic(err)
		}
		for _, issue := range v.Check(request).Issues {
			fmt.Printf("%s: %s\n", v.Profile().Title, issue)
		}
	}
	// Output:
	// Ollama: 1:60: warning: suffix: Ollama refuses a suffix for models whose template has no place for it [field-note]
	// vLLM: 1:60: error: suffix: vLLM answers 400 to any suffix [refused-field]
}

// A request out of a command.
func ExampleImport() {
	command := []byte(`curl https://api.openai.com/v1/completions -H "Authorization: Bearer sk-123" \
  -d '{"model": "m", "prompt": "It'\''s late, '"$NAME"'", "max_tokens": 16}'`)
	found, ok := core.Import(command)
	fmt.Println(ok, found.Name, found.Base, found.Profile, found.Key)
	fmt.Printf("%s\n", found.Text)
	for _, note := range found.Notes {
		fmt.Printf("%d:%d: %s [%s]\n", note.Span.Start.Line, note.Span.Start.Column, note.Message, note.Code)
	}
	// Output:
	// true a curl command https://api.openai.com/v1 openai [redacted]
	// {"model": "m", "prompt": "It's late, $NAME", "max_tokens": 16}
	// 2:49: only a program that runs knows "$NAME", which stands in the body [not-literal]
}

// Your own limits and fields, on top of the schema.
func ExampleCompile() {
	v, err := core.Compile(nil, core.Options{
		Overlay: []byte(`{"properties": {"max_tokens": {"maximum": 1024}, "tenant": {"type": "string"}}, "required": ["model", "prompt", "tenant"]}`),
		Limits:  core.Limits{Bytes: 64 << 10},
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(v.Check([]byte(`{"model": "m", "prompt": ["Hello!"], "max_tokens": 4096}`)).Err())
	// Output:
	// 2 errors in the request:
	//   1:1 tenant is missing; want a text
	//   1:52 max_tokens: got 4096, want at most 1024; fix: use 1024 instead of 4096
}

// A program branches on codes.
func ExampleInvalidError() {
	var request core.CompletionRequest
	err := request.UnmarshalJSON([]byte(`{"model": "m", "prompt": ["Hello!"], "n": 3, "temperature": 2.5}`))
	var invalid *core.InvalidError
	if errors.As(err, &invalid) {
		for _, issue := range invalid.Issues {
			fmt.Println(issue.Code == core.CodeOutOfRange, issue.Path, issue.Span.Start.Line, issue.Span.Start.Column)
			fmt.Println(issue.Fix.Title)
		}
	}
	// Output:
	// true /temperature 1 61
	// use 2 instead of 2.5
}
