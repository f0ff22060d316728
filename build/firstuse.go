package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"unicode/utf16"

	"github.com/completion-playground/playground/core"
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
	call("settle") // stacks begin small after a collection
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
		for _, text := range []string{texts[0], `{"model":"m","prompt":["x"],"max_tokens":5}`, "{}", "{\n  // none yet\n}"} {
			steps = append(steps, useStep{Text: &text})
			call("check", -1)
			for _, value := range []string{`"x"`, `["a","b"]`, "5", "0.5", "true", `{"5":1}`, "null"} {
				for _, field := range core.FieldNames() {
					edit("set", "/"+field, value)
				}
			}
			for _, field := range core.FieldNames() {
				edit("unset", "/"+field, "")
				edit("unset", "/"+field+"/0", "")
				edit("set", "/"+field+"/0", `"x"`)
			}
		}
		for _, base := range []string{"https://api.example.com/v1", "http://127.0.0.1:8000/", "localhost:8000", "api.example.com/v1/completions", "nothing", "", "https://user:pass@example.com/?q=1"} {
			with("base", base)
		}
		with("versions", profile)
		with("detect", `{"base":"https://demo.invalid","all":false,"answers":[]}`)
		with("detect", string(answered))
		with("build", `{"base":"https://api.example.com/v1","hasKey":true,"headers":["X-Team"],"force":true}`)
		with("snippet", `{"base":"https://api.example.com/v1","hasKey":true,"headers":["X-Team"],"force":true,"language":"curl"}`)
		for _, text := range []string{texts[0], "{ model: 'm', prompt: [\"Ünïcode 🙂\\n\"], temprature: 3, // c\n stop: [\".\"", `prompt=x&n=2`} {
			steps = append(steps, useStep{Text: new(string)})
			at := 0
			replace := func(from, to int, by string) {
				steps = append(steps, useStep{Call: "splice", Args: &by, Numbers: []int{from, to}})
				call("check", -1)
				call("members")
			}
			for _, typed := range text {
				replace(at, at, string(typed))
				at += utf16.RuneLen(typed)
			}
			for ; at > 0; at -= 3 {
				replace(max(0, at-5), at, "\"xy\n")
				replace(at/2, at/2, `, "n": 1`)
				replace(0, min(2, at), "")
			}
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
	return append(texts, mixed...), nil
}

// mixed are texts with what the examples have not: names as other languages spell them, token ids, numbers in other forms,
// and one that is deep, and one that is long.
var mixed = []string{
	`{"model":"m","prompt":[[1,2],[3]],"maxTokens":5,"topP":1,"temprature":3}`,
	`{"model":"m","prompt":"x","max_tokens":1e1,"stop":[1,2],"logit_bias":{"50256":-101,"x":1},"seed":99999999999999999999}`,
	`{"model":"m","prompt":["x"],"n":2,"best_of":1,"stream":true,"suffix":null,"user":"é🙂"}`,
	`{"model":"m","prompt":` + strings.Repeat("[", 140) + strings.Repeat("]", 140) + `}`,
	`{"model":"m","prompt":["` + strings.Repeat(`a long text, \n and on`, 5000) + `"],"max_tokens":5}`,
	`{"model":"m","prompt":["` + strings.Repeat(`x", "`, 5000) + `"],}`,
}
