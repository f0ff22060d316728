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

// useStep is something that a page asks of the core: a text to have from now on, or a call of an exported function with a
// text or numbers as arguments.
type useStep struct {
	Text    *string `json:"text,omitempty"`
	Call    string  `json:"call,omitempty"`
	Args    *string `json:"args,omitempty"`
	Numbers []int   `json:"numbers,omitempty"`
}

// use is a list of steps that grows.
type use []useStep

// firstUse returns what the core has to be able to do at once: to check the examples, and a text for each kind of mistake, as
// they are loaded and as they are typed, and to mend and change them in the form. All of it is done under the profiles that a
// page begins with.
func (p *project) firstUse() (use, error) {
	texts, err := p.firstTexts()
	if err != nil {
		return nil, err
	}
	models, err := os.ReadFile(p.path("schema", "demo-models.json"))
	if err != nil {
		return nil, err
	}
	var u use
	u.call("result_address")
	u.call("settle") // stacks begin small after a collection
	for _, profile := range []string{"demo", schema.DefaultProfile} {
		u.with("profile", profile)
		u.with("versions", profile)
		for _, text := range texts {
			u.mend(text)
		}
		u.edits(texts[0], `{"model":"m","prompt":["x"],"max_tokens":5}`, "{}", "{\n  // none yet\n}")
		u.address(string(models))
		u.typing(texts[0], "{ model: 'm', prompt: [\"Ünïcode 🙂\\n\"], temprature: 3, // c\n stop: [\".\"")
	}
	// An element may begin with the rules of any server.
	for _, profile := range schema.BuiltinProfiles() {
		u.json("probe", "model", "", "options", map[string]int{"seed": 0}, "answers", []any{}, "stopped", false, "whole", false, "profile", profile.Name)
		u.with("profile", profile.Name)
		u.mend(texts[0])
		u.mend(`{"model":"m","prompt":["x"],"max_tokens":5,"top_k":-2,"min_p":2,"grammar":1}`)
		u.mend(mixed[0])
	}
	u.call("settle")
	return u, nil
}

func (u *use) call(name string, numbers ...int) {
	*u = append(*u, useStep{Call: name, Numbers: numbers})
}

func (u *use) with(name, args string, numbers ...int) {
	*u = append(*u, useStep{Call: name, Args: &args, Numbers: numbers})
}

func (u *use) text(text string) { *u = append(*u, useStep{Text: &text}) }

func (u *use) check() {
	u.call("check", -1)
	u.call("members")
}

func (u *use) edit(op, path, value string) { u.json("edit", "op", op, "path", path, "value", value) }

// json calls a function with an object of these names and values.
func (u *use) json(name string, members ...any) {
	object := map[string]any{}
	for i := 0; i+1 < len(members); i += 2 {
		object[members[i].(string)] = members[i+1]
	}
	text, err := json.Marshal(object)
	if err != nil {
		panic(err) // all of them are texts, numbers and lists here
	}
	u.with(name, string(text))
}

// mend checks a text and asks for what the buttons beside it do.
func (u *use) mend(text string) {
	u.text(text)
	u.check()
	u.edit("fix-all", "", "")
	u.edit("format", "", "")
	u.call("body", 0)
	u.call("body", 1)
}

// edits gives each field of each text values of all types, as the form may, and takes them away.
func (u *use) edits(texts ...string) {
	for _, text := range texts {
		u.text(text)
		u.check()
		for _, field := range core.FieldNames() {
			for _, value := range []string{`"x"`, `["a","b"]`, "5", "0.5", "true", `{"5":1}`, "null"} {
				u.edit("set", "/"+field, value)
			}
			u.edit("unset", "/"+field, "")
			u.edit("unset", "/"+field+"/0", "")
			u.edit("set", "/"+field+"/0", `"x"`)
		}
	}
}

// address asks what typed bases stand for, where the request goes, and what the server is that the page begins with, which
// answers with its models.
func (u *use) address(models string) {
	for _, base := range []string{
		"https://api.example.com/v1", "http://127.0.0.1:8000/", "localhost:8000", "api.example.com/v1/completions", "nothing", "",
		"https://user:pass@example.com/?q=1",
	} {
		u.with("base", base)
	}
	to := []any{"base", "https://api.example.com/v1", "hasKey", true, "headers", []string{"X-Team"}, "force", true}
	u.json("build", to...)
	u.json("snippet", append(to, "language", "curl")...)
	const demo = "https://demo.invalid"
	u.json("detect", "base", demo, "all", false, "answers", []any{})
	u.json("detect", "base", demo, "all", false, "answers", []any{map[string]any{
		"path": "models", "status": 200, "headers": map[string]string{"content-type": "application/json"}, "body": models,
	}})
}

// typing writes texts letter by letter, and then changes them and deletes them from their end.
func (u *use) typing(texts ...string) {
	replace := func(from, to int, by string) {
		u.with("splice", by, from, to)
		u.check()
	}
	for _, text := range texts {
		u.text("")
		at := 0
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

// codeExample matches what codes.md shows for a code: its name, and the text that has it.
var codeExample = regexp.MustCompile("(?s)\n### ([a-z0-9-]+)\n(?:[^`]|`[^`])*?```text\n(.*?)\n```")

// laterCodes are those whose texts are another program's, which may wait for the second half of the core.
var laterCodes = map[string]bool{"pasted-request": true}

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
