package core

import (
	commandline "flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

var updateEdits = commandline.Bool("update-edits", false, "rewrite the results in testdata/edits")

// operate runs one operation of a case file: "set PATH VALUE", "unset PATH", "format" or "fix-all".
func operate(src []byte, op string) ([]TextEdit, error) {
	verb, rest, _ := strings.Cut(op, " ")
	path, value, _ := strings.Cut(rest, " ")
	switch v := Default(); verb {
	case "set":
		return v.Set(src, path, []byte(value))
	case "unset":
		return v.Unset(src, path)
	case "format":
		return v.Format(src)
	case "fix-all":
		return v.FixAll(src)
	}
	return nil, fmt.Errorf("no operation %q", verb)
}

// TestEditCases runs testdata/edits: in each file a series of cases "NAME: OPERATION", a text, and what becomes of it in
// a file "result", or the message in a file "error". Every case runs with LF and with CRLF.
func TestEditCases(t *testing.T) {
	files, err := filepath.Glob("testdata/edits/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		require.NoError(t, err)
		changed := false
		for i := 0; i+1 < len(archive.Files); i += 2 {
			input, want := archive.Files[i], &archive.Files[i+1]
			name, op, found := strings.Cut(input.Name, ": ")
			require.True(t, found, "%s: %s", file, input.Name)
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+name, func(t *testing.T) {
				for _, newline := range []string{"\n", "\r\n"} {
					src := []byte(strings.ReplaceAll(string(input.Data), "\n", newline))
					edits, err := operate(src, op)
					got := txtar.File{Name: "result"}
					if err != nil {
						got.Name, got.Data = "error", []byte(err.Error()+"\n")
					} else {
						got.Data, err = Apply(src, edits)
						require.NoError(t, err)
					}
					if *updateEdits && newline == "\n" {
						changed = changed || got.Name != want.Name || string(got.Data) != string(want.Data)
						*want = got
					}
					assert.Equal(t, want.Name, got.Name)
					expected := string(want.Data)
					if want.Name == "result" {
						expected = strings.ReplaceAll(expected, "\n", newline)
					}
					assert.Equal(t, expected, string(got.Data))
					requireResolved(t, src, edits)
				}
			})
		}
		if changed {
			require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o644))
		}
	}
}

// requireResolved checks order, range and UTF-16 places of edits.
func requireResolved(t *testing.T, src []byte, edits []TextEdit) {
	t.Helper()
	_, err := Apply(src, edits)
	require.NoError(t, err)
	for _, e := range edits {
		start, ok := ByteOffset(src, e.Start16)
		require.True(t, ok)
		require.Equal(t, e.Start, start)
		end, ok := ByteOffset(src, e.End16)
		require.True(t, ok)
		require.Equal(t, e.End, end)
	}
}

func edited(t *testing.T, src, op string) string {
	t.Helper()
	edits, err := operate([]byte(src), op)
	require.NoError(t, err)
	requireResolved(t, []byte(src), edits)
	out, err := Apply([]byte(src), edits)
	require.NoError(t, err)
	return string(out)
}

// TestEditsOnOneLine holds what a case file, whose texts end in a line break, cannot express.
func TestEditsOnOneLine(t *testing.T) {
	for _, c := range []struct{ src, op, want string }{
		{``, `set /model "m"`, "{\n  \"model\": \"m\"\n}"},
		{"\ufeff", `set /model "m"`, "{\n  \"model\": \"m\"\n}"},
		{`{}`, `set /model "m"`, "{\n  \"model\": \"m\"\n}"},
		{`{"model":"m"}`, `set /temperature 0.5`, `{"model":"m","temperature":0.5}`},
		{`{"model": "m"}`, `set /temperature 0.5`, `{"model": "m", "temperature": 0.5}`},
		{`{"model":"m","n":2}`, `set /temperature 0.5`, `{"model":"m","temperature":0.5,"n":2}`},
		{`{ "model": "m", "n": 2 }`, `set /temperature 0.5`, `{ "model": "m", "temperature": 0.5, "n": 2 }`},
		{`{"model":"m"}`, `set /stream_options/include_usage true`, `{"model":"m","stream_options":{"include_usage":true}}`},
		{`{"model": "m"}`, `set /logit_bias/50256 -100`, `{"model": "m", "logit_bias": {"50256": -100}}`},
		{`{"model":"m","logit_bias":{}}`, `set /logit_bias/50256 -100`, `{"model":"m","logit_bias":{"50256":-100}}`},
		{`{"stop":["a"]}`, `set /stop/- "b"`, `{"stop":["a","b"]}`},
		{`{"stop": ["a", "b"]}`, `set /stop/2 "c"`, `{"stop": ["a", "b", "c"]}`},
		{`{"stop": []}`, `set /stop/0 "c"`, `{"stop": ["c"]}`},
		{`{}`, `set /stop/- "c"`, "{\n  \"stop\": [\"c\"]\n}"},
		{`{"stop": "a"}`, `set /stop/- "b"`, `{"stop": ["a", "b"]}`},
		{`{"prompt":"a"}`, `set /prompt/1 "b"`, `{"prompt":["a","b"]}`},
		{`{"prompt":"a"}`, `set /prompt/0 "b"`, `{"prompt":"b"}`},
		{`{"seed":1}`, `set /seed 9007199254740993`, `{"seed":9007199254740993}`},
		{`{"seed":1}`, `set /seed 1`, `{"seed":1}`},
		{`{"topP":1}`, `set /top_p 0.5`, `{"topP":0.5}`},
		{`{"topP":1}`, `set /max_tokens 5`, `{"topP":1,"maxTokens":5}`},
		{`{"top_p":1}`, `set /max_tokens 5`, `{"top_p":1,"max_tokens":5}`},
		{`{"topP":1}`, `set /stream_options/include_usage false`, `{"topP":1,"streamOptions":{"includeUsage":false}}`},
		{`{"n":1,"n":2}`, `set /n 3`, `{"n":1,"n":3}`},
		{`{"stream_options":null}`, `set /stream_options/include_usage true`, `{"stream_options":{"include_usage":true}}`},
		{`{"a~/b":1}`, `set /a~0~1b 2`, `{"a~/b":2}`},
		{`{"n":1}`, `set  {"model": "m"}`, `{"model":"m"}`},

		{`{"model":"m","n":2}`, `unset /n`, `{"model":"m"}`},
		{`{"model":"m","n":2}`, `unset /model`, `{"n":2}`},
		{`{"model": "m", "n": 2, "echo": true}`, `unset /n`, `{"model": "m", "echo": true}`},
		{`{ "model": "m", "n": 2 }`, `unset /n`, `{ "model": "m" }`},
		{`{ "model": "m", "n": 2 }`, `unset /model`, `{ "n": 2 }`},
		{`{ "n": 2 }`, `unset /n`, `{}`},
		{`{"n":1,"n":2}`, `unset /n`, `{}`},
		{`{"n":1,"model":"m","n":2}`, `unset /n`, `{"model":"m"}`},
		{`{"model":"m","n":1,"n":2}`, `unset /n`, `{"model":"m"}`},
		{`{"topP":1,"n":1,"top_p":2}`, `unset /top_p`, `{"n":1}`},
		{`{"stop":["a","b","c"]}`, `unset /stop/1`, `{"stop":["a","c"]}`},
		{`{"stop":["a","b","c"]}`, `unset /stop/2`, `{"stop":["a","b"]}`},
		{`{"stop":["a"]}`, `unset /stop/0`, `{"stop":[]}`},
		{`{"stop":"a"}`, `unset /stop/0`, `{"stop":[]}`},
		{`{"stop":["a"]}`, `unset /stop/1`, `{"stop":["a"]}`},
		{`{"n":1}`, `unset /echo`, `{"n":1}`},
		{``, `unset /echo`, ``},

		{`{"b":[1,2,{"c":null}],"a":1.0}`, `format`, "{\n  \"b\": [\n    1,\n    2,\n    {\n      \"c\": null\n    }\n  ],\n  \"a\": 1.0\n}"},
		{`{}`, `format`, `{}`},
		{"\t{ }\n\n", `format`, "{}\n"},
		{`[ ]`, `format`, `[]`},
	} {
		assert.Equal(t, c.want, edited(t, c.src, c.op), "%s\n%s", c.src, c.op)
	}
}

func TestEditErrorsNameTheReason(t *testing.T) {
	for _, c := range []struct{ src, op, want string }{
		{`{}`, `set /n nope`, "the new value is no JSON"},
		{`{}`, `set /n 'x'`, "the new value is no JSON"},
		{`{}`, `set n 1`, `the path "n" does not start with a slash`},
		{`{"stop":["a"]}`, `set /stop/3 "x"`, `"stop" is a list of 1, so it has no place for "3"`},
		{`{"stop":["a"]}`, `set /stop/x "x"`, `"stop" is a list of 1, so it has no place for "x"`},
		{`{"n":1}`, `set /n/x 1`, `"n" is a number, so it has no place for "x"`},
		{`{"stop":"a"}`, `set /stop/2 "x"`, `"stop" is a text, so it has no place for "2"`},
		{`[1]`, `set /n 1`, `the text is a list of 1, so it has no place for "n"`},
		{`7`, `set /n 1`, `the text is a number, so it has no place for "n"`},
		{`{}`, `set /stop/4 "x"`, `"stop" is an empty list, so it has no place for "4"`},
		{`{}`, `unset `, "the text as a whole cannot be removed"},
	} {
		_, err := operate([]byte(c.src), c.op)
		assert.EqualError(t, err, c.want, "%s\n%s", c.src, c.op)
	}
}

func TestApplyRefusesEditsThatDoNotFit(t *testing.T) {
	for _, edits := range [][]TextEdit{
		{{Start: 0, End: 9}}, {{Start: -1, End: 0}}, {{Start: 2, End: 1}},
		{{Start: 0, End: 2}, {Start: 1, End: 3}}, {{Start: 2, End: 3}, {Start: 0, End: 1}},
	} {
		_, err := Apply([]byte("abc"), edits)
		assert.Error(t, err, "%v", edits)
	}
	out, err := Apply([]byte("abc"), []TextEdit{{Start: 0, End: 0, Text: "<"}, {Start: 0, End: 1, Text: "A"}, {Start: 3, End: 3, Text: ">"}})
	require.NoError(t, err)
	assert.Equal(t, "<Abc>", string(out))
}
