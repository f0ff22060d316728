package core_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"

	"github.com/completion-playground/playground/core"
)

func ExampleValidator_Set() {
	src := []byte(`{
  // the model on trial
  model: 'small',
  topP: 1,
}`)
	edits, err := core.Default().Set(src, "/max_tokens", []byte("64"))
	if err != nil {
		log.Fatal(err)
	}
	out, err := core.Apply(src, edits)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(out))
	// Output:
	// {
	//   // the model on trial
	//   model: 'small',
	//   maxTokens: 64,
	//   topP: 1,
	// }
}

func ExampleValidator_Format() {
	src := []byte(`{"model":"small","stop":["\n"],"seed":9007199254740993}`)
	edits, err := core.Default().Format(src)
	if err != nil {
		log.Fatal(err)
	}
	out, err := core.Apply(src, edits)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(out))
	// Output:
	// {
	//   "model": "small",
	//   "stop": ["\n"],
	//   "seed": 9007199254740993
	// }
}

func ExampleCompletionRequest() {
	body, err := json.Marshal(core.CompletionRequest{
		Model:       "small",
		Prompt:      core.Prompt{Texts: []string{"Once upon a time"}},
		Temperature: core.Some(0.0), // sent, unlike an absent one
	})
	fmt.Println(string(body), err)

	var r core.CompletionRequest
	err = json.Unmarshal([]byte(`{"model": "small", "prompt": ["Hello!"], "n": 0}`), &r)
	var invalid *core.InvalidError
	if errors.As(err, &invalid) {
		fmt.Println(invalid.Issues[0].Code, invalid.Issues[0].Path)
	}
	// Output:
	// {"model":"small","prompt":["Once upon a time"],"temperature":0} <nil>
	// out-of-range /n
}

func ExampleBuild() {
	r, err := core.Build(
		core.Endpoint{Base: "https://api.example.com/v1", Key: core.NewSecret("sk-123")},
		[]byte(`{"model":"small","prompt":["Hello!"],"stream":true}`),
	)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r)
	// Output:
	// POST https://api.example.com/v1/completions
	// Authorization: Bearer [redacted]
	// Content-Type: application/json
	// Accept: text/event-stream
	//
	// {"model":"small","prompt":["Hello!"],"stream":true}
}

func ExampleCurl() {
	r, err := core.Build(
		core.Endpoint{Base: "http://127.0.0.1:8000", Key: core.NewSecret("sk-123")},
		[]byte(`{"model":"small","prompt":["It's me"]}`),
	)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(core.Curl(r))
	// Output:
	// curl 'http://127.0.0.1:8000/v1/completions' \
	//   -H "Authorization: Bearer $API_KEY" \
	//   -H 'Content-Type: application/json' \
	//   -H 'Accept: application/json' \
	//   --data-binary '{"model":"small","prompt":["It'\''s me"]}'
}
