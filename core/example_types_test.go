package core_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"math"
	"os"

	"github.com/completion-playground/playground/core"
)

// A request that a program has made is checked as a text is; what JSON cannot say is an error too.
func ExampleCheckRequest() {
	request := core.CompletionRequest{
		Model:       "m",
		Prompt:      core.Prompt{Texts: []string{"Hello!"}},
		MaxTokens:   core.Some[int64](16),
		Temperature: core.Some(3.0),
	}
	fmt.Println(core.CheckRequest(request).Err())
	request.Temperature = core.Some(math.NaN())
	fmt.Println(core.CheckRequest(request).Err())
	// Output:
	// 1 error in the request: 1:64 temperature: got 3, want at most 2; fix: use 2 instead of 3
	// 1 error in the request: 1:1 temperature: got NaN, want a finite number
}

// Reading and judging are apart: what is wrong is there to be looked at, and to be changed.
func ExampleDecode() {
	request, report := core.Decode([]byte(`{"model": "m", "prompt": "Hello!", "max_tokens": 16, "temperature": 3}`))
	fmt.Println(report.Valid(), request.Temperature.Value)
	request.Temperature = core.Some(min(request.Temperature.Value, 2))
	fmt.Println(core.CheckRequest(request).Valid())
	// Output:
	// false 3
	// true
}

// The body and what is to say about it, in one pass.
func ExampleCanonicalize() {
	body, report := core.Canonicalize([]byte(`{model: 'm', prompt: 'Hello!', maxTokens: 16}`))
	fmt.Printf("%s\n", body)
	for _, change := range report.Changes {
		fmt.Println(change.Kind)
	}
	// Output:
	// {"model":"m","prompt":["Hello!"],"max_tokens":16}
	// dialect
	// wrapped
	// renamed
}

// A report is JSON that is read back as it was.
func ExampleReport() {
	report := core.Check([]byte(`{"model": "m", "prompt": ["Hello!"], "max_tokens": "16"}`))
	text, err := json.Marshal(report)
	if err != nil {
		log.Fatal(err)
	}
	var again core.Report
	if err := json.Unmarshal(text, &again); err != nil {
		log.Fatal(err)
	}
	for _, issue := range again.Issues {
		fmt.Printf("%+v\n", issue)
	}
	// Output:
	// 1:52: error: max_tokens: got the text "16", want a whole number of at least 0 [wrong-type]
	//     fix: use 16
}

// The parts of a request are JSON on their own, and can be left out where they are not set.
func ExampleOpt() {
	settings := struct {
		Temperature core.Opt[float64]  `json:"temperature,omitzero"`
		TopP        core.Opt[float64]  `json:"top_p,omitzero"`
		Bias        core.LogitBias     `json:"logit_bias,omitzero"`
		Prompt      core.Prompt        `json:"prompt"`
		Options     core.StreamOptions `json:"stream_options,omitzero"`
		Stop        core.Opt[[]string] `json:"stop"`
	}{Temperature: core.Some(0.0), Bias: core.LogitBias{{Token: 50256, Bias: -100}}, Prompt: core.Prompt{Texts: []string{"Hello!"}}}
	text, err := json.Marshal(settings)
	fmt.Println(string(text), err)
	err = json.Unmarshal([]byte(`{"prompt": "Good day!", "stop": ["\n"]}`), &settings)
	fmt.Println(settings.Prompt.Texts, settings.Stop.Value, err)
	// Output:
	// {"temperature":0,"logit_bias":{"50256":-100},"prompt":["Hello!"],"stop":null} <nil>
	// [Good day!] [
	// ] <nil>
}

// Whoever offers a choice can list the codes.
func ExampleCodes() {
	codes := core.Codes()
	fmt.Println(len(codes) > 50, codes[0])
	// Output: true loose-json
}

// The errors of edits are of a few kinds.
func ExampleValidator_Unset() {
	_, err := core.Default().Set([]byte(`{"n": `), "/n/0", []byte("1"))
	fmt.Println(err, errors.Is(err, core.ErrUnreadable))
	_, err = core.Default().Unset([]byte(`{"n": 1}`), "n")
	fmt.Println(err, errors.Is(err, core.ErrPath))
	// Output:
	// the text around "n/0" cannot be read; fix line 1 first true
	// the path "n" does not start with a slash true
}

// A log says where and what kind, and nothing of what the text says.
func ExampleReport_LogValue() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	request, report := core.Decode([]byte(`{"model": "m", "prompt": "a secret", "n": 0}`))
	logger.Info("refused", "request", request, "report", report, "endpoint", core.Endpoint{Base: "http://localhost:8000", Key: core.NewSecret("sk-1")})
	// Output:
	// level=INFO msg=refused request.model=m request.prompts=1 request.fields=[n] request.extra=0 report.errors=1 report.warnings=0 report.hints=1 report.codes="[max-tokens-unset out-of-range]" endpoint.base=http://localhost:8000 endpoint.key=true endpoint.headers=[]
}
