package paste

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/completion-playground/playground/core/internal/effort"
	"github.com/stretchr/testify/require"
)

// programReaders are all that read programs and encoded texts, in turn and not only where another one has not claimed the text.
func programReaders() map[string]func(src []byte) (Draft, bool) {
	m := map[string]func(src []byte) (Draft, bool){}
	for n, l := range programs {
		m[strconv.Itoa(n)+" "+string(l.kind)] = func(src []byte) (Draft, bool) {
			d := Draft{Kind: l.kind, Name: l.name}
			if !l.looks(src) {
				return d, false
			}
			ok := l.read(src, &d)
			return d, ok
		}
	}
	for _, t := range []*tongue{&python, &javascript, &php, &ruby, &golang, &java, &kotlin, &swift, &csharp, &dart, &rust} {
		m["as "+string(t.kind)] = func(src []byte) (d Draft, ok bool) {
			w := walked(t, src)
			return d, w.whole(&d) || w.part(&d)
		}
	}
	m["as literal"] = func(src []byte) (d Draft, ok bool) { return d, readLiterals(src, &d) }
	return m
}

// hostilePrograms are texts that grow with the number of their items; "@" stands for the item's index.
var hostilePrograms = []struct{ name, start, item, end string }{
	{"calls", `client.completions.create(model="m", prompt="x", a=`, "f(", ""},
	{"calls in turn", "", `client.completions.create(model="m", prompt="x")` + "\n", ""},
	{"brackets", "client.completions.create(a=", "[", ""},
	{"closed brackets", "client.completions.create({a: ", "[{}],", "})"},
	{"results of results", "f", "()", ""},
	{"members", "x", ".aaaaaaaa", "(1)"},
	{"elements", "x", `["a"]`, ""},
	{"braces", `payload = "`, `{"a":`, ""},
	{"braces in words", "log ", "{a ", "}"},
	{"closed braces in words", "log ", `{"a":{`, strings.Repeat("}", 100)},
	{"apostrophes", "create(1) prompt: ", "it's \\' ", ""},
	{"escaped quotes", "create(1) ", `'\'`, ""},
	{"quotes in turn", "create(1) prompt ", `'"`, ""},
	{"long quotes", "create(1) prompt ", `"""'''`, ""},
	{"ticks", "fetch(1) prompt ", "`${", ""},
	{"f-strings", "create(prompt=", `f"{x}"`, ")"},
	{"nested f-strings", "create(prompt=", `f"{`, ")"},
	{"slashes", "fetch(1) ", "/[", ""},
	{"added texts", "create(prompt=", `"aaaa"+`, `"")`},
	{"a text that grows", "p = 'a'\n", "p += 'aaaaaaa'\n", "client.completions.create(model='m', prompt=p)"},
	{"a text in a text", "p = 'aaaaaaaaaaaaaaaa'\n", "p = f'{p}{p}'\n", "client.completions.create(model='m', prompt=p)"},
	{"a list in a list", "p = ['aaaaaaaa']\n", "p = [p, p]\n", "client.completions.create(model='m', prompt=p)"},
	{"an object in an object", "const p0 = {a: 1};\n", "const p@ = {...p0, ...p0, b@: p0};\n", "fetch('u', {body: JSON.stringify({prompt: 'x', p1, p2})})"},
	{"an object in itself", "p = {'prompt': 'x'}\n", "p['p'] = p\n", "requests.post('u', json=p)"},
	{"objects in each other", "p = {'a': 1}\nq = {'b': 1}\n", "p.update(q)\nq.update(p)\n", "Client(**p)"},
	{"objects twice in each other", "p0 = {'api_base': x}\n", "p@ = {**p0, **p0}\np0 = {**p@, **p@}\n", "Client(**p0)"},
	{"an object of C# in itself", "var p = new Dictionary<string, object>();\n", "p.Add(\"a@\", p);\n", "c.PostAsJsonAsync(\"u\", p);"},
	{"spreads", "p = {'prompt': 'x', 'a': 1}\nrequests.post('u', json={", "**p, ", "})"},
	{"updates", "p = {'prompt': 'x'}\n", "p.update(p)\np['k@'] = 1\n", "requests.post('u', json=p)"},
	{"members added", "p = {'prompt': 'x'}\n", "p['k@'] = 1\n", "requests.post('u', json=p)"},
	{"blocks", "fetch(1)\n", "{ const a@ = 1; ", ""},
	{"indents", "create(1)\n", "if a:\n" + strings.Repeat(" ", 8) + "b = 1\n", ""},
	{"arrows", "fetch(", "a => ", "1)"},
	{"arrows with bodies", "fetch(", "() => {", ""},
	{"ternaries", "fetch(", "a ? ", "1)"},
	{"signs", "fetch(", "- ! ", "1)"},
	{"types", "fetch", "<a", "(1)"},
	{"words of a type", "fetch(a as ", "b<", ")"},
	{"get and set", "fetch({", "get ", "a: 1})"},
	{"comments", "create(model='m', prompt='x',\n", "# a\n", ")"},
	{"comments of JavaScript", "fetch('u', {body: JSON.stringify({prompt: 'x',\n", "/* a */ // b\n", "})})"},
	{"backslashes", `{\"prompt\": \"`, `\\\"`, `\"}`},
	{"quotes of quotes", `"{`, `\\\"`, `}"`},
	{"entities", "{&quot;prompt&quot;:&quot;", "&amp;&#1;&", "&quot;}"},
	{"percent signs", "%7B%22prompt%22%3A%22", "%20%2", "%22%7D"},
	{"fields", "prompt=", "x&a@=1", ""},
	{"one field", "prompt=", "x&stop=a", ""},
	{"fences", "", "```\nclient.completions.create(1)\n```\n", ""},
	{"fences of other lengths", "", "~~~~\n```\n", ""},
	{"lines", "", "{\"id\":1}\n", ""},
	{"lines of requests", "", "{\"prompt\":1}\n", ""},
	{"events", "", "data: {\n", ""},
	{"dashes", "prompt:\n", "- ", "a"},
	{"indented maps", "prompt:\n", " a:\n", ""},
	{"keys", "prompt: x\n", "k@: v\n", ""},
	{"folded lines", "prompt: >\n", "  a\n\n   b\n", ""},
	{"lines of a scalar", "prompt: a\n", "  b\n", ""},
	{"brackets of YAML", "prompt: ", "[", ""},
	{"quoted lines", "prompt: \"a", "\n  b", ""},
	{"anchors", "prompt: x\n", "k@: &a\n", ""},
	{"pieces", `String s = "{\"prompt\":\"" `, `+ a + "b" `, `+ "\"}";`},
	{"here documents", "<?php prompt ", "<<<A\n", ""},
	{"hashes", `fn main() { prompt `, `r#"`, ""},
	{"variables in texts", `<?php $a = "aaaaaaaa"; $p = ['prompt' => "`, "$a", `"]; f(json_encode($p));`},
	{"members of another endpoint", `{"inputs":"x","parameters":{`, `"k@":1,`, `"k":1}}`},
	{"messages", `{"messages":[`, `{"content":"a"},`, `{"content":"b"}]}`},
}

func grown(start, item, end string, times int) []byte {
	b := []byte(start)
	before, after, numbered := strings.Cut(item, "@")
	for n := range times {
		b = append(b, before...)
		if numbered {
			b = append(strconv.AppendInt(b, int64(n), 10), after...)
		}
	}
	return append(b, end...)
}

// Whatever stands in a text: four times as much of it costs about four times as much, and what is made of it stays in
// bounds.
func TestHostilePrograms(t *testing.T) {
	const mostBytes = 64 << 20
	items := effort.Size(2000)
	for _, h := range hostilePrograms {
		t.Run(h.name, func(t *testing.T) {
			small, large := grown(h.start, h.item, h.end, items), grown(h.start, h.item, h.end, 4*items)
			for name, read := range programReaders() {
				d, _ := read(small)
				d.seal()
				requireSoundDraft(t, small, &d)
				if testing.Short() {
					require.LessOrEqual(t, effort.Measure(func() { read(small) }).Bytes, uint64(mostBytes), name)
					continue
				}
				cost := effort.RequireLinear(t, name, func() { read(small) }, func() { read(large) })
				require.LessOrEqual(t, cost.Bytes, uint64(mostBytes), name)
			}
		})
	}
}

func TestDeepTextsAreRefused(t *testing.T) {
	deep := strings.Repeat("[", mostDepth+1) + strings.Repeat("]", mostDepth+1)
	for _, src := range []string{
		"client.completions.create(model='m', prompt=" + deep + ")",
		"await client.completions.create({ model: 'm', prompt: " + deep + " })",
	} {
		d, ok := Read([]byte(src))
		require.True(t, ok, src[:20])
		require.True(t, slices.ContainsFunc(d.Notes, func(n Note) bool { return n.Code == Unreadable }))
		require.Contains(t, string(d.Body), `"model": "m"`)
	}
}
