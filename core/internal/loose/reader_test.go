package loose

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/effort"
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/jsontape/tapetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// generous lets every test document through that is not about limits.
var generous = jsontape.Limits{Depth: 1000, Digits: 4000, Exponent: 4000}.WithDefaults()

func strictJSON(src []byte) bool { return utf8.Valid(src) && json.Valid(src) }

// repaired applies all fixes of the findings.
func repaired(t *testing.T, src []byte, found []finding.Finding) []byte {
	t.Helper()
	var edits []finding.Edit
	for _, f := range found {
		if f.Fix != nil {
			edits = append(edits, f.Fix.Edits...)
		}
	}
	slices.SortStableFunc(edits, finding.ByPlace)
	var out []byte
	at := 0
	for n, e := range edits {
		require.LessOrEqual(t, at, e.Start, "edits overlap")
		require.LessOrEqual(t, e.Start, e.End)
		require.LessOrEqual(t, e.End, len(src))
		require.False(t, n > 0 && e.Start == e.End && edits[n-1].Start == e.Start && edits[n-1].End == e.End, "two insertions at one place")
		out = append(append(out, src[at:e.Start]...), e.Text...)
		at = e.End
	}
	return append(out, src[at:]...)
}

func codesOf(found []finding.Finding) string {
	var codes []string
	for _, f := range found {
		codes = append(codes, string(f.Code))
	}
	return strings.Join(codes, " ")
}

// Each text has exactly these issues, in order, and applying all fixes in one go gives exactly that text. Where the
// result is "", there is no fix for all of it. The hint loose-json is left out of the list.
var recoveries = []struct{ name, src, codes, fixed string }{
	{"missing comma", `{"a":1 "b":2}`, "missing-comma", `{"a":1, "b":2}`},
	{"missing comma across lines", "{\"a\":1\n\"b\":[1 2\n3]}", "missing-comma missing-comma missing-comma", "{\"a\":1,\n\"b\":[1, 2,\n3]}"},
	{"doubled comma", `{"a":1,,"b":2}`, "extra-comma", `{"a":1,"b":2}`},
	{"many commas are one issue", `[1,,, ,2]`, "extra-comma", `[1, 2]`},
	{"leading comma", `{,"a":1}`, "extra-comma", `{"a":1}`},
	{"missing colon", `{"a" 1}`, "missing-colon", `{"a": 1}`},
	{"equals sign", `{"a"=1,"b"=>2,"c":=3}`, "wrong-separator wrong-separator wrong-separator", `{"a":1,"b":2,"c":3}`},
	{"semicolon", `{"a":1;"b":2}`, "wrong-separator", `{"a":1,"b":2}`},
	{"missing value", `{"a":,"b":1,"c":}`, "missing-value missing-value", `{"a": null,"b":1,"c": null}`},
	{"missing value before a key", "{\"a\":\n \"b\": 1}", "missing-value", "{\"a\": null,\n \"b\": 1}"},
	{"key alone", `{"a", "b": 1}`, "missing-value", `{"a": null, "b": 1}`},
	{"closing quote of a value before a key", `{"a": "m, "b": "x"}`, "unclosed-string", `{"a": "m", "b": "x"}`},
	{"closing quote of an element", `["a, "b"]`, "unclosed-string", `["a", "b"]`},
	{"closing quote of a key", `{"a: "m", "n": 1}`, "unclosed-string", `{"a": "m", "n": 1}`},
	{"closing quote at a line end", "{\"a\": \"m,\n \"b\": [\"a\"]}", "unclosed-string", "{\"a\": \"m\",\n \"b\": [\"a\"]}"},
	{"closing quote before brackets", "{\"a\": \"m\n}", "unclosed-string", "{\"a\": \"m\"\n}"},
	{"closing quote before all brackets", `{"a": ["m]}`, "unclosed-string", `{"a": ["m"]}`},
	{"closing quote of a key alone", "{\"a\": 1,\n \"b\n}", "unclosed-string", "{\"a\": 1,\n \"b\": null\n}"},
	{"opening quote of a key", `{a": 1}`, "unclosed-string", `{"a": 1}`},
	{"opening quote of a value", `{"a": m"}`, "unclosed-string", `{"a": "m"}`},
	{"line breaks in a string", "{\"a\": \"x\ny\r\nz\",\n \"b\": 1}", "control-character", "{\"a\": \"x\\ny\\nz\",\n \"b\": 1}"},
	{"labelled lines in a string", "{\"a\": \"Q: x\nA: y\"}", "control-character", "{\"a\": \"Q: x\\nA: y\"}"},
	{"tab and NUL in a string", "[\"a\tb\x00\"]", "control-character", `["a\tb\u0000"]`},
	{"regular expression", `["\d+\."]`, "bad-escape", `["\\d+\\."]`},
	{"half an escape", `["\u12", "\x4"]`, "bad-escape bad-escape", `["\\u12", "\\x4"]`},
	{"inner quotes", `{"a": "say "hi" now"}`, "unescaped-quote", `{"a": "say \"hi\" now"}`},
	{"doubled quotes", `{""a"": ""b""}`, "unescaped-quote unescaped-quote", `{"a": "b"}`},
	{"wrong closing bracket", `[1,2}`, "mismatched-bracket", `[1,2]`},
	{"missing inner bracket", `{"a":[1,2}`, "unclosed-bracket", `{"a":[1,2]}`},
	{"wrong inner bracket", `{"a":[1,2},"b":3}`, "mismatched-bracket", `{"a":[1,2],"b":3}`},
	{"list never closed before a key", `{"a":["x","y","b":true}`, "unclosed-bracket", `{"a":["x","y"],"b":true}`},
	{"one bracket too many, or too few", `{"a":[1]],"b":2}`, "mismatched-bracket", ""},
	{"brace too many in the middle", `{"a":{"b":1}},"c":2}`, "mismatched-bracket", `{"a":{"b":1},"c":2}`},
	{"brackets too many at the end", `{"a":1}}]`, "mismatched-bracket mismatched-bracket", `{"a":1}`},
	{"Python", `{"a": True, "b": None, "c": False}`, "python-literal python-literal python-literal", `{"a": true, "b": null, "c": false}`},
	{"Python strings", "{u\"a\": r'\\d', \"b\": \"\"\"x\ny\"\"\"}", "python-literal python-literal python-literal", `{"a": "\\d", "b": "x\ny"}`},
	{"smart quotes", `{“a”: “it’s”, «b»: ‘c’}`, "smart-quote smart-quote smart-quote smart-quote", `{"a": "it’s", "b": "c"}`},
	{"smart quotes in smart quotes", `{“a”: “it’s “fine””, “b”: “x “y”, z”}`, "smart-quote smart-quote smart-quote smart-quote", `{"a": "it’s “fine”", "b": "x “y”, z"}`},
	{"one smart quote too few", `{“a”: “say “hi”, “b”: 1}`, "smart-quote smart-quote smart-quote", `{"a": "say “hi", "b": 1}`},
	{"half smart quotes", `{"a”: “b"}`, "smart-quote smart-quote", `{"a": "b"}`},
	{"byte order mark", "\uFEFF{}", "byte-order-mark", "{}"},
	{"no-break spaces", "{\u00a0\"a\":\u00a0\u30001}", "odd-space", `{ "a": 1}`},
	{"text around", `Here you go: {"a":1} hope it helps`, "stray-text stray-text", `{"a":1} `},
	{"text and a fence", "Sure!\n```json\n{\"a\":1}\n```\nBye", "stray-text stray-text", "```json\n{\"a\":1}\n```\n"},
	{"two values", "{\"a\":1}\n{\"a\":2}", "stray-text", "{\"a\":1}\n"},
	{"two values with a comma", `{"a":1}, {"b":2}`, "stray-text", `{"a":1}`},
	{"unquoted value", `{"a": llama, "b": [x y, z/w]}`, "unquoted-string unquoted-string unquoted-string", `{"a": "llama", "b": ["x y", "z/w"]}`},
	{"unquoted model name", `{"a": meta-llama/Llama-3.3-70B, "b": 1}`, "unquoted-string", `{"a": "meta-llama/Llama-3.3-70B", "b": 1}`},
	{"half a literal", `{"a": tru}`, "unquoted-string", `{"a": true}`},
	{"leading zeros", `[007, -01.5, 00]`, "bad-number bad-number bad-number", `[7, -1.5, 0]`},
	{"decimal comma", `{"a": 0,7, "b": 1,000}`, "bad-number bad-number", `{"a": 0.7, "b": 1000}`},
	{"version as number", `{"a": 1.2.3}`, "bad-number", `{"a": "1.2.3"}`},
	{"missing braces", `"a": 1, "b": [2]`, "missing-braces", `{"a": 1, "b": [2]}`},
	{"colons", `{"a":::1}`, "unexpected-text", `{"a":1}`},
	{"stray characters", `{"a": 1 \ , ^ "b": 2}`, "unexpected-text unexpected-text", `{"a": 1  ,  "b": 2}`},
	{"invalid UTF-8", "{\"a\": \"x\xff\xe2\x82y\"}", "invalid-utf8", `{"a": "x` + "\uFFFD\uFFFD\uFFFD" + `y"}`},
	{"UTF-16 with a mark", "\xff\xfe{\x00}\x00", "invalid-utf8", `{}`},
	{"UTF-16 without a mark", "\x00{\x00\"\x00a\x00\"\x00:\x001\x00}", "invalid-utf8", `{"a":1}`},
	{"several at once", `{“a”: True "b": [1,,2], c: 'x', "d": 007`, "unclosed-bracket smart-quote python-literal missing-comma extra-comma bad-number", ""},

	{"typing: key", `{"model": "m", "temp`, "unclosed-string", `{"model": "m", "temp": null}`},
	{"typing: key without a comma", `{"model": "m" "temp`, "missing-comma unclosed-string", `{"model": "m", "temp": null}`},
	{"typing: bare key", `{"model": "m", te`, "unclosed-bracket", `{"model": "m", "te": null}`},
	{"typing: whole key", `{"model": "m", "temp"`, "unclosed-bracket", `{"model": "m", "temp": null}`},
	{"typing: colon", `{"model": "m", "temp":`, "unclosed-bracket", `{"model": "m", "temp": null}`},
	{"typing: string", `{"model":"m","prompt":["a`, "unclosed-string", `{"model":"m","prompt":["a"]}`},
	{"typing: escape", `{"prompt":"a\`, "unclosed-string", `{"prompt":"a"}`},
	{"typing: long escape", `{"prompt":"a\u00`, "unclosed-string", `{"prompt":"a"}`},
	{"typing: literal", "{\"stream\": tr\n", "unclosed-bracket", "{\"stream\": true}\n"},
	{"typing: sign", `{"n": -`, "unclosed-bracket", `{"n": -0}`},
	{"typing: exponent", `{"n": 1e`, "unclosed-bracket", `{"n": 1e0}`},
	{"typing: comma", "{\"n\": [1,\n", "unclosed-bracket", "{\"n\": [1]}\n"},
	{"typing: brackets", `[[{"a":[`, "unclosed-bracket", `[[{"a":[]}]]`},
	{"typing: opening brace", `{`, "unclosed-bracket", `{}`},
	{"typing: opening quote", `{"`, "unclosed-string", `{"": null}`},
	{"typing: smart quote", `{"a": “b`, "smart-quote unclosed-string", `{"a": "b"}`},
	{"typing: string alone", `"abc`, "unclosed-string", `"abc"`},

	{"nothing", "", "empty-document", ""},
	{"white space", " \n\t", "empty-document", ""},
	{"only comments", "// to do\n", "empty-document", ""},
	{"no value", "hello there", "unexpected-text", ""},
	{"not a number", `[NaN, -Infinity]`, "not-a-number not-a-number", ""},
	{"template", "{\"a\": `x${y}`}", "unsupported-expression", ""},
	{"placeholders of templates", `{"a": ${x}, "b": [{{ y }}], "c": <% z %>, "d": %s, "e": $F, "g": <your text>, ${h}, "i": 1}`, strings.TrimSpace(strings.Repeat("unsupported-expression ", 7)), ""},
	{"braces that are no placeholder", `{"a": {"b": {}}, $c: 1}`, "", `{"a": {"b": {}}, $c: 1}`},
	{"texts in parentheses", `{"a": ("x" "y"), "b": 1}`, "unsupported-expression", ""},
	{"code", `{"a": process.env.X, "b": f(1,2), "c": "x" + "y", ...rest, "d": 1}`, "unsupported-expression unsupported-expression unsupported-expression unsupported-expression", ""},
	{"member without a key", `{"a": 1, {"b": 2}}`, "missing-key", ""},
	{"large exponent", `[1e401]`, "number-too-large", ""},
	{"large hexadecimal number", `[0x` + strings.Repeat("f", 2000) + `]`, "number-too-large", ""},
}

func TestRecoverNamesEveryMistakeAndMendsItInOneGo(t *testing.T) {
	for _, c := range recoveries {
		t.Run(c.name, func(t *testing.T) {
			var tp jsontape.Tape
			found, _ := readAny(&tp, []byte(c.src), jsontape.Limits{}.WithDefaults(), nil)
			tapetest.Require(t, &tp)
			found = slices.DeleteFunc(found, func(f finding.Finding) bool { return f.Code == finding.LooseJSON })
			assert.Equal(t, c.codes, codesOf(found))
			for _, f := range found {
				assert.NotEmpty(t, f.Message)
				if c.fixed != "" {
					assert.NotNil(t, f.Fix, f.Message)
				}
			}
			if c.fixed == "" {
				return
			}
			fixed := repaired(t, []byte(c.src), found)
			require.Equal(t, c.fixed, string(fixed))
			left, _ := readAny(new(jsontape.Tape), fixed, jsontape.Limits{}.WithDefaults(), nil)
			for _, f := range left {
				assert.Equal(t, finding.LooseJSON, f.Code, f.Message)
			}
		})
	}
}

// Read without complaint: one hint, whose fix gives the strict text.
var looseTexts = []struct {
	name, src, strict string
	dialect           Dialect
}{
	{"trailing commas", `{"a":[1,2,],}`, `{"a":[1,2]}`, JSONC},
	{"keys", `{a: 1, $b_2: 2, 3: 3, 'd': 4}`, `{"a": 1, "$b_2": 2, "3": 3, "d": 4}`, JavaScript},
	{"quotes", "['a\"b', `c\nd`, 'it\\'s']", `["a\"b", "c\nd", "it's"]`, JavaScript},
	{"escapes", `["\x41\u{1F600}\'\0\v\` + "\n" + `!"]`, `["A😀'\u0000\u000b!"]`, JavaScript},
	{"numbers", `[.5, 5., +1, 0xFF, 0o17, 0b101, 1_000, 123n, -0x10, -.5e3, 5.e2]`, `[0.5, 5, 1, 255, 15, 5, 1000, 123, -16, -0.5e3, 5e2]`, JavaScript},
	{"undefined", `{"a": undefined}`, `{"a": null}`, JavaScript},
	{"types", `let x: T = {a: [1] as const, "b": "x" as string} satisfies Foo<Bar>;`, `{"a": [1] , "b": "x" }`, JavaScript},
	{"export", `export default {"a":1};`, `{"a":1}`, JavaScript},
	{"call", "const r = await client.completions.create({ model: 'm', n: 1, });\n", "{ \"model\": \"m\", \"n\": 1 }\n", JavaScript},
	{"call with options", `JSON.stringify({"a":1}, null, 2)`, `{"a":1}`, JavaScript},
	{"parentheses", `(({"a":1}))`, `{"a":1}`, JavaScript},
	{"fence", "```json\n{\"a\":1}\n```\n", "{\"a\":1}\n", JavaScript},
	{"program", "import A from \"a\";\nconst c = new A({key: \"x\"});\nconst r = c.completions.create({m: 1});", `{"m": 1}`, JavaScript},
	{"assignment", `payload = {"a": 1}`, `{"a": 1}`, JavaScript},
}

func TestRecoverReadsLooseTextsWithoutComplaint(t *testing.T) {
	for _, c := range looseTexts {
		t.Run(c.name, func(t *testing.T) {
			var tp jsontape.Tape
			found, d := readAny(&tp, []byte(c.src), generous, nil)
			tapetest.Require(t, &tp)
			require.Equal(t, string(finding.LooseJSON), codesOf(found), "%v", found)
			assert.Equal(t, c.dialect, d)
			assert.Equal(t, finding.Hint, found[0].Severity)
			require.NotNil(t, found[0].Fix)
			fixed := repaired(t, []byte(c.src), found)
			assert.Equal(t, c.strict, string(fixed))
			var strict jsontape.Tape
			require.True(t, strict.Scan(fixed, generous))
			assert.Equal(t, strict.Value(0), tp.Value(0))
		})
	}
}

// A comment is read, and no fix takes it away.
func TestRecoverKeepsComments(t *testing.T) {
	var tp jsontape.Tape
	found, d := readAny(&tp, []byte("// a\n{'a': /* b */ 1,} # c"), generous, nil)
	tapetest.Require(t, &tp)
	require.Equal(t, string(finding.LooseJSON), codesOf(found))
	assert.Equal(t, JavaScript, d)
	assert.Nil(t, found[0].Fix)
	assert.Contains(t, found[0].Message, "3 comments")
}

const documentedExample = `import { CompletionRequest } from "atoma-sdk/models/components";

let value: CompletionRequest = {
 frequencyPenalty: 0,
 logitBias: {
 "1234567890": 0.5,
 "1234567891": -0.5,
 },
 model: "meta-llama/Llama-3.3-70B-Instruct",
 prompt: [
 "Hello!",
 ],
 stop: [
 "json([\"stop\", \"halt\"])",
 ],
 stream: false,
 suffix: "json(\"\n\")",
 topP: 1,
};
`

func TestRecoverReadsTheDocumentedExample(t *testing.T) {
	var tp jsontape.Tape
	found, d := readAny(&tp, []byte(documentedExample), generous, nil)
	require.Equal(t, string(finding.LooseJSON), codesOf(found))
	assert.Equal(t, "javascript", d.String())
	assert.Equal(t, "read as a JavaScript object literal: 4 trailing commas, 8 unquoted keys, 2 pieces of code around the value", found[0].Message)
	at, ok := tp.At("/suffix")
	require.True(t, ok)
	assert.Equal(t, "json(\"\n\")", tp.Text(at))
	assert.True(t, new(jsontape.Tape).Scan(repaired(t, []byte(documentedExample), found), generous))
}

func TestRecoverKeepsWhatComesBeforeAndAfterAMistake(t *testing.T) {
	var tp jsontape.Tape
	_, _ = readAny(&tp, []byte(`{"model": "m", "prompt": ["a", bad thing, "c"] "n": 2, "temperature": 0.5, "us`), generous, nil)
	assert.Equal(t, `{"model":"m","prompt":["a","bad thing","c"],"n":2,"temperature":0.5}`, string(tp.AppendJSON(nil, 0)))
	_, _ = readAny(&tp, []byte(`{"model": "m", "n": 12.34.56, "user": , "stop": "a`), generous, nil)
	for _, p := range []string{"/n", "/user", "/stop"} {
		at, ok := tp.At(p)
		require.True(t, ok, p)
		assert.Equal(t, jsontape.Bad, tp.Nodes[at].Kind, p)
	}
}

func TestRecoverFindsNothingInStrictText(t *testing.T) {
	for _, src := range []string{tapetest.TypicalRequest, `[]`, `{"a":"\ud800"}`, " [1, {\"é\": \"日本\u2028\"}]\n", `"x"`, `-1.5e3`, `null`} {
		var strict, tp jsontape.Tape
		require.True(t, strict.Scan([]byte(src), generous))
		found, d := readAny(&tp, []byte(src), generous, nil)
		assert.Empty(t, found, src)
		assert.Equal(t, JSON, d)
		assert.Equal(t, strict.Nodes, tp.Nodes, src)
		assert.Equal(t, strict.ASCII, tp.ASCII, src)
	}
}

func TestRecoverStopsAtTheIssueLimit(t *testing.T) {
	lim := jsontape.Limits{Issues: 10}.WithDefaults()
	var tp jsontape.Tape
	found, _ := readAny(&tp, []byte("["+strings.Repeat("True,", 1000)+"1]"), lim, nil)
	assert.Len(t, found, 11)
	tapetest.Require(t, &tp)
}

func TestRecoveringGrowsWithHostileText(t *testing.T) {
	mb := effort.Size(1 << 18) // less than it says: what is quadratic takes long all the same
	for name, text := range map[string]func(n int) string{
		"deep":              func(n int) string { return strings.Repeat("[", n*100_000) },
		"deep pairs":        func(n int) string { return strings.Repeat(`{"a":`, n*100_000) },
		"brackets":          func(n int) string { return strings.Repeat("[", n*4*mb) },
		"quotes":            func(n int) string { return strings.Repeat(`"`, n*4*mb) },
		"quotes in a list":  func(n int) string { return "[" + strings.Repeat(`"`, n*mb) },
		"commas":            func(n int) string { return strings.Repeat(",", n*4*mb) },
		"commas in a list":  func(n int) string { return "[" + strings.Repeat(",", n*mb) },
		"spaced commas":     func(n int) string { return "[" + strings.Repeat(", ", n*mb/2) },
		"backslashes":       func(n int) string { return `["` + strings.Repeat(`\`, n*mb) },
		"bad escapes":       func(n int) string { return `["` + strings.Repeat(`\d`, n*mb/2) + `"]` },
		"line breaks":       func(n int) string { return `["` + strings.Repeat("\n", n*mb) + `"]` },
		"lines of text":     func(n int) string { return `["` + strings.Repeat("a b\n", n*mb/4) + `"]` },
		"lines of keys":     func(n int) string { return `["` + strings.Repeat("a: b\n", n*mb/5) + `"]` },
		"slashes":           func(n int) string { return "[" + strings.Repeat("/", n*mb) },
		"open comments":     func(n int) string { return "[" + strings.Repeat("/*", n*mb/2) },
		"words":             func(n int) string { return "[" + strings.Repeat("a ", n*mb/2) },
		"words and quotes":  func(n int) string { return "[" + strings.Repeat(`"a"b `, n*mb/5) },
		"smart quotes":      func(n int) string { return "[" + strings.Repeat("“a", n*mb/4) },
		"quoted words":      func(n int) string { return `{"` + strings.Repeat(`a"b”c`, n*mb/8) },
		"parentheses":       func(n int) string { return strings.Repeat("(", n*mb) },
		"closers":           func(n int) string { return "[" + strings.Repeat("}", n*mb) },
		"closers inside":    func(n int) string { return `{"a":1` + strings.Repeat("}\n,", n*mb/3) },
		"NULs":              func(n int) string { return strings.Repeat("\x00", n*mb) },
		"invalid bytes":     func(n int) string { return strings.Repeat("\xff", n*mb) },
		"invalid in string": func(n int) string { return `["` + strings.Repeat("\xffa", n*mb/2) + `"]` },
		"no-break spaces":   func(n int) string { return "[" + strings.Repeat("\u00a01,", n*mb/4) + "1]" },
		"colons":            func(n int) string { return "{" + strings.Repeat(":", n*mb) },
		"equal keys":        func(n int) string { return "{" + strings.Repeat(`"a":1,`, n*10_000) + "}" },
		"long key":          func(n int) string { return `{"` + strings.Repeat("k", n*mb) + `":1,}` },
		"digits":            func(n int) string { return "[" + strings.Repeat("1", n*mb) + "]" },
		"hex digits":        func(n int) string { return "[0x" + strings.Repeat("f", n*mb) + "]" },
		"zeros":             func(n int) string { return "[" + strings.Repeat("0", n*mb) + "]" },
		"single quotes":     func(n int) string { return "[" + strings.Repeat("'a\n", n*mb/3) },
		"triple quotes":     func(n int) string { return "[" + strings.Repeat(`"""`, n*mb/3) },
		"unquoted keys":     func(n int) string { return "{" + strings.Repeat("a:1,", n*mb/4) + "}" },
		"imports":           func(n int) string { return strings.Repeat("import {", n*mb/8) },
		"calls":             func(n int) string { return strings.Repeat("a.create(", n*mb/9) },
		"open keys":         func(n int) string { return "{" + strings.Repeat(`"a: ,\`, n*mb/6) },
		"open keys, lines":  func(n int) string { return "{" + strings.Repeat(`"a: ,\`, n*mb/6) + "\n\"\"" },
		"spaced closers":    func(n int) string { return "({" + strings.Repeat(") ", n*mb/2) + "x" },
		"doubled quotes":    func(n int) string { return "[" + strings.Repeat(`""a`, n*mb/3) },
		"CR comments":       func(n int) string { return "[" + strings.Repeat("//\r", n*mb/3) },
		"fences":            func(n int) string { return strings.Repeat("```\n", n*mb/4) + "{}" },
	} {
		t.Run(name, func(t *testing.T) {
			read := func(src []byte) func() {
				return func() {
					var tp jsontape.Tape
					_ = tp.Scan(src, jsontape.Limits{}.WithDefaults())
					_, _ = readAny(&tp, src, jsontape.Limits{}.WithDefaults(), nil)
				}
			}
			if small := read([]byte(text(1))); testing.Short() {
				small()
			} else {
				effort.RequireLinear(t, name, small, read([]byte(text(4))))
			}
		})
	}
}

// Fixes that are taken one after the other, those that cut included, come to an end: none undoes what another did.
func TestMendingComesToAnEnd(t *testing.T) {
	for _, src := range []string{
		"{\"…\": \"A\"\n0: \n0!, \",\":0}",
		"[.0 0,+0(000000000000000000000000000000000000000)",
		`{"a" b": "c"\n0: 1!, ",":0}`,
	} {
		text := []byte(src)
		seen := map[string]bool{}
		for !seen[string(text)] {
			seen[string(text)] = true
			found, _ := readAny(new(jsontape.Tape), text, generous, nil)
			next := repaired(t, text, found)
			if bytes.Equal(next, text) {
				break
			}
			require.False(t, seen[string(next)], "%q comes again", next)
			text = next
			require.Less(t, len(seen), 10, "no end of mending: %q", text)
		}
	}
}

// A call with texts of its own beside the value is more than a wrapper: what takes it off says what goes.
func TestWrappersThatHoldWords(t *testing.T) {
	for src, removes := range map[string]string{
		`f({"a":1})`:                                    "",
		`JSON.stringify({"a":1}, null, 2)`:              "",
		"import x from 'y';\nexport default {\"a\":1};": "",
		`post([], encode("a b"))`:                       "encode a b",
		`say("some words", {"a":1})`:                    "say some words",
	} {
		found, _ := readAny(new(jsontape.Tape), []byte(src), generous, nil)
		require.Len(t, found, 1, src)
		require.NotNil(t, found[0].Fix, src)
		assert.Equal(t, removes, found[0].Fix.Removes, src)
	}
}

func FuzzRecover(f *testing.F) {
	for _, c := range recoveries {
		if len(c.src) < 1000 {
			f.Add([]byte(c.src))
		}
	}
	for _, c := range looseTexts {
		f.Add([]byte(c.src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 4096 {
			return
		}
		lim := jsontape.Limits{Depth: 20, Issues: 200}.WithDefaults()
		var tp jsontape.Tape
		found, d := readAny(&tp, src, lim, nil)
		tapetest.Require(t, &tp)
		if len(tp.Nodes) > 0 {
			require.True(t, strictJSON(tp.AppendJSON(nil, 0)))
		}
		for n, f := range found {
			require.NotEmpty(t, f.Code)
			require.True(t, f.Severity >= finding.Hint && f.Severity <= finding.Error)
			require.True(t, 0 <= f.Start && f.Start <= f.End && f.End <= len(src), "%v", f)
			require.True(t, f.Node >= -1 && int(f.Node) < len(tp.Nodes), "%v", f)
			require.True(t, utf8.ValidString(f.Message), "%v", f)
			require.True(t, n == 0 || found[n-1].Start <= f.Start)
		}
		var strict jsontape.Tape
		if strict.Scan(src, lim) {
			require.Empty(t, found)
			require.Equal(t, JSON, d)
			require.Equal(t, strict.Nodes, tp.Nodes)
			return
		}
		require.NotEmpty(t, found)
		// Mending comes to an end, and what is mended then stays so.
		text := src
		for round := 0; ; round++ {
			next := repaired(t, text, found)
			if bytes.Equal(next, text) {
				break
			}
			require.Less(t, round, 30, "no end of mending: %q", next)
			text = next
			found, _ = readAny(new(jsontape.Tape), text, lim, nil)
		}
		for _, f := range found {
			require.Nil(t, f.Fix, "%q: %v", text, f)
		}
	})
}
