package core

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"
	"github.com/completion-playground/playground/core/internal/utf"

	"github.com/stretchr/testify/require"
)

// fuzzTexts are texts of all dialects, sound and not, that edits start from.
var fuzzTexts = []string{
	``, `{}`, `{"model":"m","prompt":["a","b"],"n":1,"n":2}`,
	"{\n  // who\n  model: 'm', // small\n  prompt: 'x',\n  topP: 1,\n};\n",
	"let v: CompletionRequest = {\r\n  maxTokens: 5,\r\n  logitBias: {\"1\": 2,},\r\n};",
	"{\"model\": \"m\"\n \"prompt\": [\"a\" \"b\"], \"stop\": [], \"top_p\": , /* x */",
	`{"stream_options":null,"logit_bias":{ /* none */ }}`, "[1, [2, 3],\n 4]", "\ufeff{ 'n' : 1 , }",
	`model: "m", prompt: "p"`, "{\"n\": True, \"stop\": \u201ca\u201d}", `{"a":{"b":[{"c":1}]}}`,
}

// FuzzEdit holds Set and Unset to their promise for any text, path and value: no panic, edits in order and range, the
// value at the path as given, everything else as it was.
func FuzzEdit(f *testing.F) {
	paths := []string{"/model", "/n", "/top_p", "/prompt/0", "/prompt/-", "/stop/1", "/logit_bias/1", "/stream_options/include_usage", "/a/b/0/c", "", "/", "/~1"}
	for i, text := range fuzzTexts {
		for j, path := range paths {
			f.Add([]byte(text), path, []byte([]string{`1`, `"x"`, `["a","b"]`, `{"include_usage":true}`}[(i+j)%4]))
		}
	}
	v := Default()
	f.Fuzz(func(t *testing.T, src []byte, path string, value []byte) {
		if len(src) > 1<<14 {
			return
		}
		before := bytes.Clone(src)
		edits, err := v.Set(src, path, value)
		require.Equal(t, before, src)
		if !json.Valid(value) {
			require.Error(t, err)
		}
		if err == nil {
			requireResolved(t, src, edits)
			requireOthersUnchanged(t, v, src, path, edits)
		}
		edits, err = v.Unset(src, path)
		if err == nil {
			requireResolved(t, src, edits)
			requireOthersUnchanged(t, v, src, path, edits)
			out, err := Apply(src, edits)
			require.NoError(t, err)
			again, err := v.Unset(out, path)
			if nodes := read(src).Nodes; len(nodes) > 0 && nodes[0].Kind == jsontape.Object && strings.Count(path, "/") == 1 {
				require.NoError(t, err)
				require.Empty(t, again, "%q", out)
			}
		}
		if edits, err = v.FixAll(src); err == nil {
			requireResolved(t, src, edits)
		}
	})
}

// requireOthersUnchanged compares the members of the root that the path does not lead into, byte for byte and without
// the machinery that proves edits.
func requireOthersUnchanged(t *testing.T, v *Validator, src []byte, path string, edits []TextEdit) {
	t.Helper()
	before := read(src)
	if path == "" || len(before.Nodes) == 0 || before.Nodes[0].Kind != jsontape.Object {
		return
	}
	step, _, _ := strings.Cut(path[1:], "/")
	step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
	target := v.check.Table.Find([]byte(step))
	others := func(tp *jsontape.Tape) (list []string) {
		for c := uint32(1); c < tp.Nodes[0].Next; c = tp.Nodes[c].Next {
			key := tp.Key(c)
			s := v.check.Table.Find([]byte(key))
			if target == nil && key == step || target != nil && s != nil && s.Field == target.Field {
				continue
			}
			list = append(list, key, string(tp.Raw(c)))
		}
		return list
	}
	out, err := Apply(src, edits)
	require.NoError(t, err)
	after := read(out)
	require.Equal(t, others(before), others(after), "%q\n%q", src, out)
	lim := jsontape.Limits{}.WithDefaults()
	if new(jsontape.Tape).Scan(src, lim) {
		require.True(t, new(jsontape.Tape).Scan(out, lim), "%q is no longer strict: %q", src, out)
	}
}

// read reads any text.
func read(src []byte) *jsontape.Tape {
	var t jsontape.Tape
	loose.Read(&t, src, jsontape.Limits{}.WithDefaults(), Default().ready().check.Request)
	return &t
}

// FuzzFormat holds Format to changing white space only, and to be done after the first time in a text that need not be
// guessed: any other can read otherwise then.
func FuzzFormat(f *testing.F) {
	for _, text := range fuzzTexts {
		f.Add([]byte(text))
	}
	f.Add([]byte("{\"stream_options\"\x9a\x9a\x9a\x9a\x9a\x9a\x9a\x9a:#00000000000000000000000\":000000}}"))
	f.Add([]byte("{\"a\" // x\n:\n/* y */ [ 1 // z\n, 2 ] }"))
	v := Default()
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 1<<14 {
			return
		}
		edits, err := v.Format(src)
		if err != nil {
			return
		}
		requireResolved(t, src, edits)
		out, err := Apply(src, edits)
		require.NoError(t, err)
		require.Equal(t, withoutSpace(src), withoutSpace(out))
		if report := v.Check(out); slices.ContainsFunc(report.Issues, func(i Issue) bool { return i.Rule == "syntax" && i.Severity == Error }) {
			return
		}
		again, err := v.Format(out)
		require.NoError(t, err)
		require.Empty(t, again, "%q", out)
	})
}

func withoutSpace(src []byte) string {
	var b []byte
	for i := 0; i < len(src); {
		if n := utf.SpaceLen(src, i); n > 0 {
			i += n
			continue
		}
		b = append(b, src[i])
		i++
	}
	return string(b)
}
