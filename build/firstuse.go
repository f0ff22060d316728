package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"github.com/completion-playground/playground/schema"
)

// useStep is something that a person's page asks of the core: a text to have from now on, or a call of an exported function with
// a text or numbers as arguments.
type useStep struct {
	Text    *string `json:"text,omitempty"`
	Call    string  `json:"call,omitempty"`
	Args    *string `json:"args,omitempty"`
	Numbers []int   `json:"numbers,omitempty"`
}

// codeExample matches what codes.md shows for a code: its name, and the text that has it.
var codeExample = regexp.MustCompile("(?s)\n### ([a-z0-9-]+)\n(?:[^`]|`[^`])*?```text\n(.*?)\n```")

// laterCodes are those whose texts are another program's, which may wait for the second half of the core.
var laterCodes = map[string]bool{"pasted-request": true}

// firstUse returns what the core has to be able to do at once: to check the examples, and one text for each kind of mistake,
// as they are loaded and as they are typed, and to mend and change them in the form. All of it is done under the profiles that
// a page begins with.
func (p *project) firstUse() ([]useStep, error) {
	texts, err := p.firstTexts()
	if err != nil {
		return nil, err
	}
	models, err := os.ReadFile(p.path("schema", "demo-models.json"))
	if err != nil {
		return nil, err
	}
	// What the page asks of the model that it begins with.
	answered, err := json.Marshal(map[string]any{"base": "https://demo.invalid", "all": false, "answers": []any{map[string]any{
		"path": "models", "status": 200, "headers": map[string]string{"content-type": "application/json"}, "body": string(models),
	}}})
	if err != nil {
		return nil, err
	}
	var steps []useStep
	call := func(name string, numbers ...int) { steps = append(steps, useStep{Call: name, Numbers: numbers}) }
	with := func(name, args string) { steps = append(steps, useStep{Call: name, Args: &args}) }
	edit := func(op, path, value string) {
		text, _ := json.Marshal(map[string]string{"op": op, "path": path, "value": value})
		with("edit", string(text))
	}
	call("result_address")
	for _, profile := range []string{"demo", schema.DefaultProfile} {
		with("profile", profile)
		for _, text := range texts {
			steps = append(steps, useStep{Text: &text})
			call("check", -1)
			call("members")
			edit("fix-all", "", "")
			edit("format", "", "")
			call("body", 0)
			call("body", 1)
		}
		text := texts[0]
		steps = append(steps, useStep{Text: &text})
		call("check", -1)
		for _, member := range [][2]string{
			{"/model", `"m"`}, {"/prompt", `["a","b"]`}, {"/max_tokens", "5"}, {"/temperature", "0.5"}, {"/stream", "true"},
			{"/stop", `["."]`}, {"/logit_bias", `{"5":1}`},
		} {
			edit("set", member[0], member[1])
			edit("unset", member[0], "")
		}
		for _, base := range []string{"https://api.example.com/v1", "http://127.0.0.1:8000", "nothing", "https://user:pass@example.com/?q=1"} {
			with("base", base)
		}
		with("versions", profile)
		with("detect", `{"base":"https://demo.invalid","all":false,"answers":[]}`)
		with("detect", string(answered))
		with("build", `{"base":"https://api.example.com/v1","hasKey":true,"headers":["X-Team"],"force":true}`)
		with("snippet", `{"base":"https://api.example.com/v1","hasKey":true,"headers":["X-Team"],"force":true,"language":"curl"}`)
		for at := range 20 {
			steps = append(steps, useStep{Call: "splice", Args: new(string), Numbers: []int{20 - at, 21 - at}})
			call("check", -1)
			call("members")
		}
	}
	call("settle")
	return steps, nil
}

func (p *project) firstTexts() ([]string, error) {
	var texts []string
	files, err := fs.Glob(os.DirFS(p.path("schema", "examples")), "*.json")
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		text, err := os.ReadFile(p.path("schema", "examples", name))
		if err != nil {
			return nil, err
		}
		texts = append(texts, string(text))
	}
	codes, err := os.ReadFile(p.path("core", "codes.md"))
	if err != nil {
		return nil, err
	}
	found := codeExample.FindAllStringSubmatch(string(codes), -1)
	if len(found) < 40 {
		return nil, fmt.Errorf("codes.md has %d examples", len(found))
	}
	for _, example := range found {
		if !laterCodes[example[1]] {
			texts = append(texts, strings.ReplaceAll(example[2], `\ufeff`, "\ufeff"))
		}
	}
	return texts, nil
}
