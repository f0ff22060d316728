package core

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// told lists the errors of a report as "path code message".
func told(r Report) (list []string) {
	for _, i := range r.Issues {
		if i.Severity == Error {
			list = append(list, strings.TrimSpace(i.Path+" "+string(i.Code)+" "+i.Message))
		}
	}
	return list
}

// What ties the members of a request together counts as much as what each of them takes, and is told where it is missed.
func TestOwnSchemaOfTheWhole(t *testing.T) {
	for _, c := range []struct {
		schema, text string
		want         []string
	}{
		{`{"anyOf":[{"required":["seed"]},{"required":["user"]}]}`, `{"user":"u"}`, nil},
		{`{"anyOf":[{"required":["seed"]},{"required":["user"]}]}`, `{"n":1}`,
			[]string{"missing-field got an object; missing properties: 'seed', or missing properties: 'user'"}},
		{`{"oneOf":[{"required":["a"]},{"required":["b"]}]}`, `{"a":1,"b":1}`, []string{"schema got an object; valid against schemas at indexes 0 and 1"}},
		{`{"not":{"required":["a"]}}`, `{"a":1}`, []string{"schema got an object; the schema excludes it: not failed with a"}},
		{`{"allOf":[{"properties":{"a":{"maximum":3}}},{"required":["b"]}]}`, `{"a":4}`, []string{"missing-field missing properties: 'b'", "/a out-of-range got 4, want at most 3"}},
		{`{"anyOf":[{"properties":{"a":{"type":"integer"}}},{"properties":{"a":{"enum":["auto"]}}}]}`, `{"a":"x"}`,
			[]string{`/a wrong-type got the text "x", want a whole number or "auto"`}},
		{`{"patternProperties":{"^x-":{"type":"integer"}},"additionalProperties":false}`, `{"x-a":1}`, nil},
		{`{"patternProperties":{"^x-":{"type":"integer"}},"additionalProperties":false}`, `{"x-a":[],"y":1}`,
			[]string{"/x-a wrong-type got an empty list, want a whole number", `/y unknown-field nothing is called "y" here`}},
		{`{"properties":{"a":{}},"additionalProperties":{"type":"string"}}`, `{"a":1,"b":"x"}`, nil},
		{`{"properties":{"a":{}},"additionalProperties":{"type":"string"}}`, `{"a":1,"b":null}`, []string{"/b wrong-type got null, want a text"}},
		{`{"propertyNames":{"maxLength":3}}`, `{"abcd":1}`, []string{`/abcd schema got the key "abcd"; length must be <= 3, but got 4`}},
		{`{"minProperties":2}`, `{"a":1}`, []string{"schema got an object; minimum 2 properties allowed, but found 1 properties"}},
		{`{"dependentRequired":{"a":["b"]}}`, `{"a":1}`, []string{"missing-field property 'b' is required, if 'a' property exists"}},
		{`{"dependentSchemas":{"a":{"properties":{"b":{"const":2}}}}}`, `{"a":1,"b":1}`, []string{"/b schema got 1, want 2"}},
		{`{"if":{"properties":{"a":{"const":1}}},"then":{"properties":{"b":false}},"else":{"required":["b"]}}`, `{"a":1,"b":1}`, []string{`/b schema got "b"; not allowed`}},
		{`{"if":{"properties":{"a":{"const":1}}},"then":{"properties":{"b":false}},"else":{"required":["b"]}}`, `{"a":2}`, []string{"missing-field missing properties: 'b'"}},
		{`{"allOf":[{"properties":{"a":{}}}],"unevaluatedProperties":false}`, `{"a":1}`, nil},
		{`{"allOf":[{"properties":{"a":{}}}],"unevaluatedProperties":false}`, `{"a":1,"b":2}`, []string{`/b unknown-field got "b"; not allowed`}},
		{`{"required":["a"]}`, `{"b":1}`, []string{"missing-field a is missing"}},
		{`{"$ref":"#/$defs/r","$defs":{"r":{"type":"object","properties":{"top_p":{"type":"number"}},"required":["model"],"additionalProperties":false}}}`, `{"topP":"x"}`,
			[]string{"missing-field model is missing", `/topP wrong-type got the text "x", want a number`}},
		{`{"properties":{"a":{"type":"object","properties":{"b":{}},"additionalProperties":false}}}`, `{"a":{"c":1}}`, []string{`/a/c unknown-field got "c", want one of b`}},
		{`{"properties":{"é/~ %":{"prefixItems":[{"const":null}],"items":false}}}`, `{"é/~ %":[1,2]}`,
			[]string{"/é~1~0 %/0 schema got 1, want null", "/é~1~0 %/1 schema got 2; not allowed"}},
		{`{"oneOf":[{"properties":{"kind":{"const":"a"},"x":{"type":"integer"}}},{"properties":{"kind":{"const":"b"},"x":{"type":"string"}}}]}`, `{"kind":"b","x":1}`,
			[]string{"/x wrong-type got 1, want a text"}},
		{`{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"day":{"format":"date"},"t":{"items":[{"type":"string"}],"additionalItems":false}}}`, `{"day":"x","t":["a","b"]}`,
			[]string{`/day schema got the text "x"; 'x' is not valid 'date'`, "/t schema got a list of 2; only 1 items are allowed, but found 2 items"}},
		{`{"$id":"https://example.com/tree","$dynamicAnchor":"node","properties":{"v":{"type":"integer"},"kids":{"items":{"$dynamicRef":"#node"}}}}`, `{"v":1,"kids":[{"v":2},{"v":"x"}]}`,
			[]string{`/kids/1/v wrong-type got the text "x", want a whole number`}},
		{`{"$schema":"https://json-schema.org/draft/2019-09/schema","$recursiveAnchor":true,"properties":{"v":{"type":"integer"},"kid":{"$recursiveRef":"#"}}}`, `{"kid":{"kid":{"v":null}}}`,
			[]string{"/kid/kid/v wrong-type got null, want a whole number"}},
		{`{"$schema":"http://json-schema.org/draft-04/schema#","id":"https://example.com/r","properties":{"n":{"minimum":1,"exclusiveMinimum":true}},"required":["n"]}`, `{"n":1}`,
			[]string{"/n out-of-range got 1, want more than 1"}},
		{`{"$schema":"http://json-schema.org/draft-06/schema#","properties":{"n":{"$ref":"#/definitions/n","maximum":0}},"definitions":{"n":{"examples":[1],"exclusiveMinimum":3}}}`, `{"n":3}`,
			[]string{"/n out-of-range got 3, want more than 3"}},
		{`{"$defs":{"x":{"$anchor":"here","maxLength":1}},"properties":{"s":{"$ref":"#here"},"t":{"$ref":"#/$defs/x"}}}`, `{"s":"ab","t":"c"}`,
			[]string{`/s too-long got the text "ab"; length must be <= 1, but got 2`}},
		{`{"minProperties":1,"properties":{"":{"type":"integer"},"%41":{"type":"integer"}}}`, `{"":"x","%41":"y","A":0}`,
			[]string{`/ wrong-type got the text "x", want a whole number`, `/%41 wrong-type got the text "y", want a whole number`}},
		{`{"properties":{"yes":true,"no":false}}`, `{"yes":[null],"no":0}`, []string{`/no schema got "no"; not allowed`}},
		{`{"properties":{"x":{"contains":{"type":"integer"}}}}`, `{"x":["a"]}`, []string{"/x schema got a list of one; valid must be >= 1, but got 0"}},
		{`{"properties":{"big":{"maximum":9007199254740993},"tenth":{"multipleOf":0.1}}}`, `{"big":9007199254740993,"tenth":0.3}`, nil},
		{`{"properties":{"big":{"maximum":9007199254740993},"tenth":{"multipleOf":0.1}}}`, `{"big":9007199254740994,"tenth":0.35}`,
			[]string{"/big out-of-range got 9007199254740994, want at most 9007199254740993", "/tenth schema got 0.35; 0.35 not multipleOf 0.1"}},
		{`{"properties":{"tree":{"$ref":"#/$defs/n"}},"$defs":{"n":{"properties":{"v":{"enum":[1,2]},"kids":{"items":{"$ref":"#/$defs/n"}}}}}}`, `{"tree":{"kids":[{"v":1},{"kids":[{"v":3}]}]}}`,
			[]string{"/tree/kids/1/kids/0/v schema got 3, want one of 1, 2"}},
	} {
		v, err := Compile([]byte(c.schema), Options{})
		require.NoError(t, err, c.schema)
		r := v.Check([]byte(c.text))
		assert.Equal(t, c.want, told(r), "%s %s", c.schema, c.text)
		assert.Equal(t, c.want == nil, v.Valid([]byte(c.text)), "%s %s", c.schema, c.text)
		for _, i := range r.Issues {
			assert.Less(t, i.Span.End.Byte-i.Span.Start.Byte, len(c.text), "%s marks the whole text", i)
			assert.Contains(t, i.Rule, "#/")
		}
	}
}

// An overlay may tie together what the embedded schema knows; what is known of the fields is told as before.
func TestOverlayOfTheWhole(t *testing.T) {
	for _, c := range []struct {
		profile, overlay, members string
		want                      []string
	}{
		{"", `{"anyOf":[{"required":["seed"]},{"required":["user"]}]}`, ``, []string{"missing-field got an object; missing properties: 'seed', or missing properties: 'user'"}},
		{"", `{"anyOf":[{"required":["seed"]},{"required":["user"]}]}`, `,"seed":1`, nil},
		{"", `{"patternProperties":{"^x_":{"type":"integer"}}}`, `,"x_a":5`, nil},
		{"vllm", `{"patternProperties":{"^x_":{"type":"integer"}}}`, `,"x_a":"a"`, []string{`/x_a wrong-type got the text "a", want a whole number`}},
		{"", `{"minProperties":3,"properties":{"user":{"enum":["ann","bob"]}}}`, `,"user":"eve"`, []string{`/user schema got the text "eve", want one of "ann", "bob"`}},
		{"", `{"if":{"properties":{"n":{"const":2}}},"then":{"required":["user"]},"properties":{"user":{"enum":["ann","bob"]}}}`, `,"n":2,"user":"eve"`,
			[]string{`/user schema got the text "eve", want one of "ann", "bob"`}},
		{"openai", `{"not":{"required":["echo","suffix"]}}`, `,"echo":false,"suffix":"s"`, []string{"schema got an object; the schema excludes it: not failed with echo, suffix"}},
		{"ollama", `{"dependentRequired":{"seed":["temperature"]}}`, `,"temperature":null,"seed":1`, []string{"missing-field property 'temperature' is required, if 'seed' property exists"}},
	} {
		o := Options{Overlay: []byte(c.overlay)}
		if c.profile != "" {
			o.Profile = profileNamed(t, c.profile)
		}
		v, err := Compile(nil, o)
		require.NoError(t, err, c.overlay)
		text := []byte(`{"model":"m","prompt":["x"],"max_tokens":5` + c.members + `}`)
		assert.Equal(t, c.want, told(v.Check(text)), "%s %s", c.overlay, text)
		assert.Equal(t, c.want == nil, v.Body(text) != nil)
	}
}

// A schema that cannot be meant is told when it is compiled, with the place where it goes wrong.
func TestCompileTellsWhatIsWrong(t *testing.T) {
	for schema, want := range map[string]string{
		``:                 "got an empty text, want an object",
		`[1]`:              "got [1], want an object",
		`false`:            "got false, want an object",
		`{} {}`:            "got more than one value",
		`{}]`:              "got more than one value",
		`{"type":"array"}`: "takes no object",
		`{"const":5}`:      "takes no object",
		`{"$ref":"#/$defs/a","$defs":{"a":{"enum":["x",[]]}}}`:                                          "takes no object",
		"{\"title\":\"a\xff\"}":                                                                         "the byte 0xff at offset 11",
		`{"properties":{"a":{"maximum":1,"maximum":2}}}`:                                                `"maximum" stands twice in "#/properties/a"`,
		`{"properties":{"a":{"pattern":"^(?!x)"}}}`:                                                     "#/properties/a/pattern: '^(?!x)' is not valid 'regex'; patterns are those of Go",
		`{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"a":{"pattern":"(a)\\1"}}}`: "patterns are those of Go",
		`{"properties":{"a":{"minimum":"1"}}}`:                                                          "#/properties/a/minimum: expected number, but got string",
		`{"properties":{"a":{"minimum":1e99999999}}}`:                                                   "an exponent beyond 4000",
		`{"$ref":"https://example.com/x.json"}`:                                                         "refers to https://example.com/x.json; only references within it",
		`{"properties":{"a":{"$ref":"other.json#/x"}}}`:                                                 "refers to other.json; only references within it",
		`{"$schema":"https://example.com/own-dialect"}`:                                                 "refers to https://example.com/own-dialect",
		`{"$ref":"#/$defs/none"}`:                                                                       "#/$defs/none not found",
		`{"$ref":"#"}`:                                                                                  "infinite loop",
	} {
		_, err := Compile([]byte(schema), Options{})
		assert.ErrorContains(t, err, want, schema)
	}
	for overlay, want := range map[string]string{`{"title":1,"title":2}`: "stands twice", `[]`: "want an object", `{"type":"string"}`: "takes no object"} {
		_, err := Compile(nil, Options{Overlay: []byte(overlay)})
		assert.ErrorContains(t, err, want, overlay)
	}
	for _, l := range []Limits{{Bytes: -1}, {Depth: -5}, {Values: -1}, {Digits: -1}, {Exponent: -1}, {Issues: -1}} {
		_, err := Compile(nil, Options{Limits: l})
		assert.ErrorContains(t, err, "want at least 1, or 0 for the default", "%+v", l)
	}
	v, err := Compile([]byte("\ufeff{\"properties\":{\"a\":{\"const\":1}}}\n"), Options{})
	require.NoError(t, err, "a byte order mark")
	assert.False(t, v.Valid([]byte(`{"a":2}`)))
}

// What canonicalization leaves out is not missed, and what the schema has a word for stays.
func TestCanonicalizationUnderOwnSchemas(t *testing.T) {
	for _, c := range []struct{ schema, text, want string }{
		{`{"properties":{"a":{},"b":{"type":"string"},"c":{"type":["null","string"]}}}`, `{"a":null,"b":null,"c":null}`, `{"a":null,"c":null}`},
		{`{"properties":{"a":{"enum":[1,null]}}}`, `{"a":null}`, `{"a":null}`},
		{`{"properties":{"a":{"type":"array","items":{"type":"string"}}},"dependentRequired":{"b":["a"]}}`, `{"a":[],"b":1}`, `{"a":[],"b":1}`},
		{`{"properties":{"a_b":{"type":"object","properties":{"c_d":{"type":"object","properties":{"e_f":{"type":"integer"}}}}}}}`, `{"aB":{"cD":{"eF":"kept"}}}`, `{"a_b":{"c_d":{"eF":"kept"}}}`},
		{`{"properties":{"a_b":{"required":["c"]}},"minProperties":1}`, `{"aB":{"c":1}}`, `{"a_b":{"c":1}}`},
		{`{"properties":{"o":{"type":"object","properties":{"x_y":{}},"additionalProperties":false}},"minProperties":1}`, `{"o":{"xY":1}}`, `{"o":{"x_y":1}}`},
		{`{"properties":{"n":{"type":"integer","multipleOf":2}}}`, `{"n":4.0}`, `{"n":4}`},
		{`{"properties":{"$schema":{"type":"string"}}}`, `{"$schema":"s"}`, `{"$schema":"s"}`},
		{`{"patternProperties":{"^\\$":{"type":"string"}}}`, `{"$schema":"s"}`, `{"$schema":"s"}`},
		{`{"allOf":[{"required":["$schema"]}]}`, `{"$schema":"s"}`, `{"$schema":"s"}`},
		{`{"additionalProperties":false}`, `{"$schema":"s"}`, `{}`},
		{`{"propertyNames":{"pattern":"^[a-z]$"}}`, `{"$schema":"s","a":1}`, `{"a":1}`},
	} {
		v, err := Compile([]byte(c.schema), Options{})
		require.NoError(t, err)
		r := v.Check([]byte(c.text))
		assert.Empty(t, told(r), "%s %s", c.schema, c.text)
		assert.Equal(t, c.want, string(v.Body([]byte(c.text))), c.schema)
		typed, err := json.Marshal(r.Request.Extra)
		require.NoError(t, err)
		assert.Equal(t, strings.Contains(c.want, "$schema"), strings.Contains(string(typed), "$schema"), "%s", typed)
	}
}

// Editors find the schema of a file by its $schema; servers need not hear of it.
func TestSchemaMemberIsForEditors(t *testing.T) {
	for _, p := range Profiles() {
		v, err := ForProfile(p.Name)
		require.NoError(t, err)
		plain := []byte(`{"model":"m","prompt":["x"],"max_tokens":5}`)
		for _, text := range []string{
			`{"$schema":"https://example.com/request.json","model":"m","prompt":["x"],"max_tokens":5}`,
			`{"model":"m","prompt":["x"],"max_tokens":5,"\u0024schema":{"a":[1]}}`,
		} {
			r := v.Check([]byte(text))
			assert.Equal(t, len(v.Check(plain).Issues), len(r.Issues), "%s: %v", p.Name, r.Issues)
			require.NoError(t, r.Err())
			assert.Empty(t, r.Request.Extra)
			assert.Equal(t, string(v.Body(plain)), string(v.Body([]byte(text))))
			var told []string
			for _, c := range r.Changes {
				if c.Path == "/$schema" {
					told = append(told, string(c.Kind))
				}
			}
			assert.Equal(t, []string{"omitted"}, told)
		}
	}
}

// A fix under a schema of one's own is only offered where it does not put one mistake in the place of another.
func TestFixesUnderOwnSchemas(t *testing.T) {
	const schema = `{"properties":{"a":{"type":"integer"},"b":{"type":"string"},"count":{"type":"integer"}},
		"if":{"properties":{"a":{"const":5}},"required":["a"]},"then":{"required":["b"]},"maxProperties":2,"additionalProperties":false}`
	v, err := Compile([]byte(schema), Options{})
	require.NoError(t, err)
	for text, want := range map[string]string{
		`{"a":"6"}`:             `{"a":6}`,
		`{"a":"5","b":"x"}`:     `{"a":5,"b":"x"}`,
		`{"a":"5"}`:             `{"a":"5"}`, // 5 would ask for b
		`{"coutn":5}`:           `{"count":5}`,
		`{"coutn":"5"}`:         `{"count":5}`, // the name alone would leave it as wrong
		`{"a":[7],"coutn":"x"}`: `{"a":7,"coutn":"x"}`,
	} {
		edits, err := v.FixAll([]byte(text))
		require.NoError(t, err)
		got, err := Apply([]byte(text), edits)
		require.NoError(t, err)
		assert.Equal(t, want, string(got))
	}
}

// An enum of any length and a schema behind many references cost their time once, at Compile.
func TestLargeOwnSchemas(t *testing.T) {
	var values, defs []string
	for i := range 20_000 {
		values = append(values, fmt.Sprintf(`"value-%d"`, i))
	}
	for i := range 40 {
		defs = append(defs, fmt.Sprintf(`"d%d":{"properties":{"a":{"$ref":"#/$defs/d%d"},"b":{"$ref":"#/$defs/d%d"}}}`, i, i+1, i+1))
	}
	v, err := Compile([]byte(`{"properties":{"e":{"enum":[`+strings.Join(values, ",")+`]},"d":{"$ref":"#/$defs/d0"}},"$defs":{`+strings.Join(defs, ",")+`,"d40":{"type":"integer"}}}`), Options{})
	require.NoError(t, err)
	assert.True(t, v.Valid([]byte(`{"e":"value-19999"}`)))
	r := v.Check([]byte(`{"e":"value","d":{"a":{"b":{"a":5}}}}`))
	require.Len(t, r.Issues, 1)
	assert.Less(t, len(r.Issues[0].Message), 300)
	deep := strings.Repeat(`{"a":`, 40) + `"x"` + strings.Repeat("}", 40)
	r = v.Check([]byte(`{"d":` + deep + `}`))
	require.Len(t, r.Issues, 1)
	assert.Equal(t, "/d"+strings.Repeat("/a", 40), r.Issues[0].Path)
}

// A text that is being typed has one mistake, which is not to be ready yet, also under a schema of one's own.
func TestTypingUnderOwnSchemas(t *testing.T) {
	for schema, text := range map[string]string{
		`{"properties":{"kind":{"enum":["first","second"]},"n":{"multipleOf":5}},"required":["kind","n"],"minProperties":2}`:                                 `{"kind": "second", "n": 15}`,
		`{"properties":{"o":{"oneOf":[{"required":["a"]},{"required":["b"]}]},"l":{"minItems":2,"contains":{"const":"x"}}},"dependentRequired":{"o":["l"]}}`: `{"o": {"b": [1]}, "l": ["a", "x"]}`,
		`{"patternProperties":{"^x":{"type":"object","required":["y"],"minProperties":2}},"unevaluatedProperties":false}`:                                    `{"xs": {"y": 1, "z": 2}}`,
	} {
		v, err := Compile([]byte(schema), Options{})
		require.NoError(t, err)
		require.NoError(t, v.Check([]byte(text)).Err())
		for end := range text {
			for _, i := range v.Check([]byte(text[:end])).Issues {
				assert.False(t, i.Severity == Error && i.Rule != "syntax", "%s in %q", i, text[:end])
			}
		}
	}
}

// A record of an exchange is told as such where it is no request, and only there.
func TestRecordsUnderOwnSchemas(t *testing.T) {
	const text = `{"custom_id":"a","method":"POST","url":"/v1/completions","body":{"model":"m","prompt":["x"]}}`
	v, err := Compile([]byte(`{"required":["custom_id","body"]}`), Options{})
	require.NoError(t, err)
	assert.Empty(t, told(v.Check([]byte(text))))
	assert.True(t, v.Valid([]byte(text)))
	v, err = Compile(nil, Options{Overlay: []byte(`{"minProperties":2}`)})
	require.NoError(t, err)
	issues := v.Check([]byte(text)).Issues
	require.Len(t, issues, 1)
	assert.Equal(t, CodePastedRequest, issues[0].Code)
	assert.False(t, v.Valid([]byte(text)))
}
