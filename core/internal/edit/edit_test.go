package edit

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"
	"github.com/completion-playground/playground/core/internal/plan"
	"github.com/completion-playground/playground/schema"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var limits = jsontape.Limits{}.WithDefaults()

func request(t testing.TB) *plan.Request {
	t.Helper()
	r, err := plan.Compile(schema.Request, nil)
	require.NoError(t, err)
	return r
}

func read(t testing.TB, src string) *jsontape.Tape {
	t.Helper()
	var tape jsontape.Tape
	loose.Read(&tape, []byte(src), limits, nil)
	return &tape
}

// TestCutMember cuts each member or element of a text in turn: what is left is named, in the order of the children; "-"
// stands for a child that cannot be cut.
func TestCutMember(t *testing.T) {
	for _, c := range []struct {
		name, src string
		left      []string
	}{
		{"one line, where the last takes the comma before it", `{"a":1,"b":2,"c":3}`, []string{`{"b":2,"c":3}`, `{"a":1,"c":3}`, `{"a":1,"b":2}`}},
		{"spaces stay as they were", `{ "a": 1, "b": 2 , "c": 3, }`, []string{`{ "b": 2 , "c": 3, }`, `{ "a": 1, "c": 3, }`, `{ "a": 1, "b": 2 , }`}},
		{"the only one", `{"a":1}`, []string{`{}`}},
		{"the only one, with a comma", "{\n  a: 1,\n}", []string{`{}`}},
		{"whole lines", "{\n  \"a\": 1,\n  \"b\": [1,\n    2],\n  \"c\": 3\n}", []string{"{\n  \"b\": [1,\n    2],\n  \"c\": 3\n}", "{\n  \"a\": 1,\n  \"c\": 3\n}", "{\n  \"a\": 1,\n  \"b\": [1,\n    2]\n}"}},
		{"the comment of its line goes, those of others stay", "{\n  // of a\n  a: 1, // one\n  /* of b */ b: 2,\n}", []string{"{\n  // of a\n  /* of b */ b: 2,\n}", "{\n  // of a\n  a: 1, // one\n  /* of b */ \n}"}},
		{"CRLF", "{\r\n\t\"a\": 1,\r\n\t\"b\": 2,\r\n}", []string{"{\r\n\t\"b\": 2,\r\n}", "{\r\n\t\"a\": 1,\r\n}"}},
		{"elements", `["a", "b", "c",]`, []string{`["b", "c",]`, `["a", "c",]`, `["a", "b", ]`}},
		{"a comma too many stays one", `{"a":1,,"b":2}`, []string{`{,"b":2}`, `{"a":1,}`}},
		{"no comma", `{"a":1 "b":2}`, []string{"-", `{"a":1}`}},
		{"something in between", `{"a":1 ] ,"b":2}`, []string{"-", `{"a":1 ] ,}`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tape := read(t, c.src)
			k := 0
			for i := uint32(1); i < tape.Nodes[0].Next; i = tape.Nodes[i].Next {
				require.Less(t, k, len(c.left))
				left := "-"
				if edits := CutMember(tape, 0, i); edits != nil {
					out, err := finding.Apply(tape.Src, edits)
					require.NoError(t, err)
					left = string(out)
				}
				assert.Equal(t, c.left[k], left, "child %d", k)
				k++
			}
			assert.Len(t, c.left, k)
		})
	}
}

// All children of one container but the last can be cut together, each by its own edits.
func TestCutsOfNeighboursDoNotOverlap(t *testing.T) {
	for _, src := range []string{`{"a":1, "b":2, "c":3, "d":4}`, "{\n  a: 1, // x\n  b: 2,\n\n  /* y */\n  c: 3,\n  d: 4,\n}", `[1,2 , 3,4]`} {
		tape := read(t, src)
		var found []finding.Finding
		for i := uint32(1); tape.Nodes[i].Next < tape.Nodes[0].Next; i = tape.Nodes[i].Next {
			found = append(found, finding.Finding{Fix: &finding.Fix{Edits: CutMember(tape, 0, i)}})
		}
		edits := CompatibleFixes(found, true)
		out, err := finding.Apply(tape.Src, edits)
		require.NoError(t, err)
		left := read(t, string(out))
		require.EqualValues(t, 1, left.Nodes[0].N, "%s", out)
		assert.Equal(t, string(tape.Raw(tape.LastChild(0))), string(left.Raw(1)))
	}
}

func TestCompatibleFixesLeaveRemovalsOut(t *testing.T) {
	edit := func(start, end int, text string) []finding.Edit {
		return []finding.Edit{{Start: start, End: end, Text: text}}
	}
	found := []finding.Finding{
		{Severity: finding.Warning, Fix: &finding.Fix{Edits: edit(0, 4, ""), Removes: "word"}},
		{Severity: finding.Hint, Fix: &finding.Fix{Edits: edit(2, 3, "x")}},
		{Severity: finding.Error},
		{Severity: finding.Error, Fix: &finding.Fix{Edits: edit(6, 6, ",")}},
	}
	assert.Equal(t, append(edit(2, 3, "x"), edit(6, 6, ",")...), CompatibleFixes(found, false))
	assert.Equal(t, append(edit(0, 4, ""), edit(6, 6, ",")...), CompatibleFixes(found, true))
}

// The edits between a text and its pieces are those that were made, in whatever rounds; many become one.
func TestEditsOfPieces(t *testing.T) {
	src := []byte(strings.Repeat("0123456789", 2000))
	pieces := []Piece{{End: len(src)}}
	want := src
	for round := range 3 {
		var edits []finding.Edit
		for at := round; at+3 < len(want); at += 7 + round {
			edits = append(edits, finding.Edit{Start: at, End: at + at%3, Text: strings.Repeat("x", at%4)})
		}
		pieces = EditPieces(pieces, edits)
		var err error
		want, err = finding.Apply(want, edits)
		require.NoError(t, err)
		require.Equal(t, string(want), string(Assemble(nil, src, pieces)))
		made := EditsOf(src, pieces)
		assert.LessOrEqual(t, len(made), mostEdits)
		got, err := finding.Apply(src, made)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got))
	}
	few := EditsOf(src, EditPieces([]Piece{{End: len(src)}}, []finding.Edit{{Start: 5, End: 6}, {Start: 9, End: 9, Text: "x"}}))
	assert.Equal(t, []finding.Edit{{Start: 5, End: 6}, {Start: 9, End: 9, Text: "x"}}, few)
}

// FuzzSet sets a member or an item of any text that can be read, and proves without the machinery of this package that the
// value is there and that everything before and after the edits is the same byte for byte. In strict JSON it compares all
// values too, as encoding/json reads them.
func FuzzSet(f *testing.F) {
	texts := []string{
		`{}`, `{"model":"m","prompt":["a","b"],"n":1}`, "{\n  \"model\": \"m\",\n  \"stop\": []\n}\n", `{"prompt":"x","logit_bias":{"1":2}}`,
		"{ // c\n  model: 'm', topP: 1, /* d */\n}", `{"stream_options":null}`, "let r = {\r\n\tstop: ['a',],\r\n};", `{"a":{"b":[{"c":1}]}}`, `[1,2]`, ``, "\ufeff{\"n\":1}",
	}
	paths := []string{"/model", "/prompt/0", "/prompt/-", "/stop/0", "/n", "/top_p", "/logit_bias/7", "/stream_options/include_usage", "/a/b/0/c", "/new/x", "/~1~0"}
	for i, text := range texts {
		for j, path := range paths {
			f.Add(text, path, []string{`7`, `"é\n"`, `["a",["b"]]`, `{"x":null}`, `true`}[(i+j)%5])
		}
	}
	f.Add("\"!0000\":\"\",\xe3 \"\"[0", "/", "[]")
	r := request(f)
	f.Fuzz(func(t *testing.T, src, path, value string) {
		if len(src) > 1<<12 || len(value) > 1<<10 || !json.Valid([]byte(value)) {
			return
		}
		edits, err := Set(r, limits, []byte(src), path, []byte(value))
		if err != nil {
			return
		}
		out, err := finding.Apply([]byte(src), edits)
		require.NoError(t, err)
		requireKept(t, src, string(out), edits)
		to := &editor{request: r, limits: limits, t: new(jsontape.Tape), steps: stepsOf(path)}
		require.NoError(t, to.read(out))
		require.True(t, to.finds([]byte(value)), "%s in %q, made of %q", path, out, src)
		var before, after any
		if json.Unmarshal([]byte(src), &before) == nil && path != "" {
			require.NoError(t, json.Unmarshal(out, &after), "%q", out)
			requireSameBut(t, stepsOf(path)[0], before, after)
		}
	})
}

// requireKept checks that what is not within an edit is in the new text, in its place.
func requireKept(t *testing.T, src, out string, edits []finding.Edit) {
	t.Helper()
	at, shift := 0, 0
	for _, e := range edits {
		require.Equal(t, src[at:e.Start], out[at+shift:e.Start+shift])
		require.Equal(t, e.Text, out[e.Start+shift:e.Start+shift+len(e.Text)])
		at = e.End
		shift += len(e.Text) - (e.End - e.Start)
	}
	require.Equal(t, src[at:], out[at+shift:])
}

func stepsOf(path string) (steps []string) {
	if path == "" {
		return nil
	}
	for _, step := range strings.Split(path[1:], "/") {
		steps = append(steps, jsontape.UnescapeStep(step))
	}
	return steps
}

// finds reports whether the value at the path is the one that was set, where "-" is the last element.
func (e *editor) finds(value []byte) bool {
	to := e.resolve()
	at := to.node
	switch nd := &e.t.Nodes[to.node]; {
	case len(to.rest) == 0:
	case len(to.rest) == 1 && to.rest[0] == "-" && nd.Kind == jsontape.Array && nd.N > 0:
		at = e.t.LastChild(to.node)
	case len(to.rest) == 1 && to.rest[0] == "0" && nd.Kind == jsontape.String:
	default:
		return false
	}
	return sameWords(e.t.AppendJSON(nil, at), value)
}

// sameWords compares two JSON values whose names may be spelt in camelCase or as on the wire.
func sameWords(a, b []byte) bool {
	fold := func(text []byte) string {
		var out bytes.Buffer
		if json.Compact(&out, text) != nil {
			return string(text)
		}
		return strings.ToLower(strings.ReplaceAll(out.String(), "_", ""))
	}
	return fold(a) == fold(b)
}

// requireSameBut compares all members but those that a step from the root may mean.
func requireSameBut(t *testing.T, step string, before, after any) {
	t.Helper()
	was, ok := before.(map[string]any)
	if !ok {
		return
	}
	is, ok := after.(map[string]any)
	require.True(t, ok)
	for name, value := range was {
		if name != step && name != plan.CamelCase(step) && plan.CamelCase(name) != step {
			require.Equal(t, value, is[name], name)
		}
	}
}
