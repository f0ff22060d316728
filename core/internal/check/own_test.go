package check

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/completion-playground/playground/core/internal/effort"
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
	"github.com/completion-playground/playground/schema"
	"github.com/santhosh-tekuri/jsonschema/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A schema of one's own decides as v5 decides: what v5 takes is valid, what is valid v5 takes as it is sent, and what v5
// refuses is told at a place that v5 names.
func TestOwnSchemasDecideAsV5(t *testing.T) {
	t.Parallel()
	for _, draft := range []string{"", "http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft/2019-09/schema"} {
		t.Run(draft, func(t *testing.T) {
			t.Parallel()
			g := schemaMaker{rand.New(rand.NewPCG(7, uint64(len(draft)))), draft}
			schemas, accepted, refused := effort.Rounds(150), 0, 0
			for range schemas {
				doc := g.request()
				text, err := json.Marshal(doc)
				require.NoError(t, err)
				v, err := NewChecker(text, nil, schema.Profile{}, "", jsontape.Limits{})
				if err != nil {
					require.ErrorContains(t, err, "takes no object", "%s", text)
					continue
				}
				for range 20 {
					src := g.instance(doc)
					if compareOwn(t, v, src) {
						accepted++
					} else {
						refused++
					}
				}
			}
			assert.Greater(t, accepted, schemas)
			assert.Greater(t, refused, schemas)
		})
	}
}

// snake spells a name in camelCase as on the wire.
func snake(name string) string {
	var b strings.Builder
	for _, c := range name {
		if 'A' <= c && c <= 'Z' {
			b.WriteByte('_')
			c += 'a' - 'A'
		}
		b.WriteRune(c)
	}
	return b.String()
}

// So does an overlay on the embedded schema, whatever it ties together.
func TestOverlaysDecideAsV5(t *testing.T) {
	t.Parallel()
	g := schemaMaker{Rand: rand.New(rand.NewPCG(8, 9))}
	overlays, accepted, refused := effort.Rounds(75), 0, 0
	for range overlays {
		doc := g.request()
		delete(doc, "type")
		if doc["additionalProperties"] == nil && g.IntN(2) == 0 {
			doc["additionalProperties"] = nil // the patch removes it
		}
		text, err := json.Marshal(doc)
		require.NoError(t, err)
		v, err := NewChecker(nil, text, schema.Profile{}, "", jsontape.Limits{})
		if err != nil {
			require.ErrorContains(t, err, "takes no object", "%s", text)
			continue
		}
		for range 20 {
			src := g.instance(doc)
			if g.IntN(4) > 0 {
				src = append([]byte(`{"model":"m","prompt":["x"]`), append([]byte(","), src[1:]...)...)
				if string(src[len(src)-2:]) == ",}" {
					src = append(src[:len(src)-2], '}')
				}
			}
			if compareOwn(t, v, src) {
				accepted++
			} else {
				refused++
			}
		}
	}
	assert.Greater(t, accepted, overlays/3)
	assert.Greater(t, refused, overlays)
}

// compareOwn holds the verdict on a text, and the places of what is wrong, to those of v5, and returns the verdict.
func compareOwn(t *testing.T, v *Checker, src []byte) bool {
	t.Helper()
	w := NewWork(v)
	w.Check(src, finding.Hint, &v.Limits)
	about := lazily(func() string { return fmt.Sprintf("%s\nunder %s\nfound %+v", src, v.Text, w.Findings.All) })
	valid := !w.Findings.Failed
	requireGoodFixes(t, v, w, about)

	quick := NewWork(v)
	quick.Check(src, finding.Error, &v.Limits)
	require.Equal(t, valid, !quick.Findings.Failed, "%s", about)

	asTyped := decoded(t, src).(object)
	if v.Index(editorsKey) < 0 && !v.Others.Has(editorsKey) {
		delete(asTyped, editorsKey)
	}
	if plan.Validate(v.Whole, asTyped) == nil {
		require.True(t, valid, "%s", about)
	}
	if valid {
		require.Nil(t, plan.Validate(v.Whole, decoded(t, w.Body())), "%s", about)
		return true
	}
	err := plan.Validate(v.Whole, w.explain.instance())
	require.NotNil(t, err, "%s", about)
	deepest := false
	places := map[string]bool{}
	for _, leaf := range leaves(err) {
		steps := plan.Steps(leaf.InstanceLocation)
		for k := range len(steps) + 1 {
			places["/"+strings.Join(steps[:k], "/")] = true
		}
		// What was not evaluated may only follow from a branch that failed.
		deepest = deepest || len(steps) > 0 && !strings.Contains(leaf.KeywordLocation, "/unevaluated")
	}
	atMember := false
	for _, f := range w.Findings.All {
		if f.Severity != finding.Error {
			continue
		}
		require.True(t, strings.HasPrefix(f.Rule, "#"), "%s", about)
		require.NotRegexp(t, `[;,] *$|something else|want *$|%!`, f.Message, "%s", about)
		require.GreaterOrEqual(t, f.Node, int32(0))
		if f.Node > 0 {
			atMember = true
			at := plan.Steps(w.Pointer(uint32(f.Node)))
			if f.Code == finding.UnknownField {
				at = at[:len(at)-1] // v5 names the object
			}
			for k := range at { // v5 sees the names of the wire
				if wire := snake(at[k]); !places["/"+strings.Join(at[:k+1], "/")] && places["/"+strings.Join(append(slices.Clone(at[:k]), wire), "/")] {
					at[k] = wire
				}
			}
			require.True(t, places["/"+strings.Join(at, "/")], "%s: %s", lazily(func() string { return w.Pointer(uint32(f.Node)) }), about)
		}
	}
	if deepest {
		require.True(t, atMember, "%s", about)
	}
	return false
}

// requireGoodFixes tries each fix by itself: fewer errors than before, or as many where it was none, and one member changed
// or renamed.
func requireGoodFixes(t *testing.T, v *Checker, w *Work, about lazily) {
	t.Helper()
	errors := func(w *Work) (n int) {
		for _, f := range w.Findings.All {
			if f.Severity == finding.Error {
				n++
			}
		}
		return n
	}
	for _, f := range w.Findings.All {
		if f.Fix == nil {
			continue
		}
		fixed, err := finding.Apply(w.Src, f.Fix.Edits)
		require.NoError(t, err)
		again := NewWork(v)
		again.Check(fixed, finding.Hint, &v.Limits)
		most := errors(w)
		if f.Severity == finding.Error {
			most--
		}
		require.LessOrEqual(t, errors(again), most, "%s makes %s\n%s\n%+v", f.Fix.Title, fixed, about, again.Findings.All)
		before, after := decoded(t, w.Src).(object), decoded(t, fixed).(object)
		changed := 0
		for name, value := range before {
			if other, there := after[name]; !there || !assert.ObjectsAreEqual(value, other) {
				changed++
			}
		}
		require.LessOrEqual(t, changed, 1, "%s makes %s of %s", f.Fix.Title, fixed, w.Src)
		require.InDelta(t, len(before), len(after), 1)
	}
}

// lazily is a text that is made when it is shown.
type lazily func() string

func (l lazily) String() string { return l() }

func leaves(e *jsonschema.ValidationError) (list []*jsonschema.ValidationError) {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	for _, c := range e.Causes {
		list = append(list, leaves(c)...)
	}
	return list
}

func decoded(t *testing.T, text []byte) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	var v any
	require.NoError(t, d.Decode(&v), "%s", text)
	return v
}

// schemaMaker makes schemas of requests and instances that nearly fit them.
type schemaMaker struct {
	*rand.Rand
	draft string
}

type object = map[string]any

// names are those of members: fields of the typed request among them, and such as pointers have to escape.
var names = []string{"a", "b", "model", "prompt", "stop", "n", "max_tokens", "z1", "x y", "é/~%", "$schema"}

// misspelled are names that resemble those.
var misspelled = []string{"modle", "promt", "max_token", "stpo", "b-c"}

func oneOf[E any](g *schemaMaker, list ...E) E { return list[g.IntN(len(list))] }

func (g *schemaMaker) name() string { return names[g.IntN(len(names)-g.IntN(2))] }

// request makes the schema of a request, in a few cases behind a reference.
func (g *schemaMaker) request() object {
	s := g.objectSchema(2)
	if g.IntN(2) == 0 {
		s["type"] = "object"
	}
	for range g.IntN(3) {
		g.combine(s, 2)
	}
	defs := object{"s": g.schema(1), "o": g.objectSchema(1)}
	doc := s
	switch g.IntN(8) {
	case 0:
		defs["r"] = s
		doc = object{"$ref": "#/$defs/r"}
	case 1:
		if g.IntN(2) == 0 {
			defs["r"] = s
			doc = g.objectSchema(1)
			doc["$ref"] = "#/$defs/r"
		}
	}
	doc["$defs"] = defs
	if g.draft != "" {
		doc["$schema"] = g.draft
	}
	return doc
}

func (g *schemaMaker) objectSchema(depth int) object {
	s := object{}
	if g.IntN(5) > 0 {
		properties := object{}
		for range 1 + g.IntN(4) {
			properties[g.name()] = g.schema(depth - 1)
		}
		s["properties"] = properties
	}
	for range g.IntN(3) {
		switch g.IntN(14) {
		case 0:
			s["patternProperties"] = object{oneOf(g, "^z", "^[ab]$", "o", "é"): g.schema(depth - 1)}
		case 1, 2:
			s["additionalProperties"] = oneOf[any](g, false, true, g.schema(depth-1))
		case 3:
			s["required"] = g.someNames()
		case 4:
			s["minProperties"] = g.IntN(4)
		case 5:
			s["maxProperties"] = g.IntN(4)
		case 6:
			s["propertyNames"] = oneOf[any](g, object{"minLength": 2}, object{"pattern": "^[a-z_]+$"}, object{"enum": []any{"a", "b", "model", "z1"}},
				object{"anyOf": []any{object{"maxLength": 1}, object{"pattern": "^.{5,}$"}}}, object{"type": "integer"}, object{"const": "a"})
		case 7:
			s["dependentRequired"] = object{g.name(): g.someNames()}
		case 8:
			s["dependentSchemas"] = object{g.name(): g.schemaOf(depth - 1)}
		case 9:
			s["dependencies"] = object{g.name(): oneOf[any](g, g.someNames(), g.schemaOf(depth-1))}
		case 10, 11:
			s["unevaluatedProperties"] = oneOf[any](g, false, g.schema(depth-1))
		case 12:
			s["required"] = []any{g.name()}
		}
	}
	return s
}

func (g *schemaMaker) someNames() []any {
	var list []any
	for range 1 + g.IntN(2) {
		if name := g.name(); !slices.Contains(list, any(name)) {
			list = append(list, name)
		}
	}
	return list
}

// schemaOf makes a schema of objects, or a schema of anything.
func (g *schemaMaker) schemaOf(depth int) any {
	if g.IntN(3) > 0 {
		return g.objectSchema(max(depth, 1))
	}
	return g.schema(depth)
}

func (g *schemaMaker) combine(s object, depth int) {
	some := func() []any {
		list := []any{g.schemaOf(depth - 1)}
		for range g.IntN(3) {
			list = append(list, g.schemaOf(depth-1))
		}
		return list
	}
	switch g.IntN(7) {
	case 0:
		s["anyOf"] = some()
	case 1:
		s["oneOf"] = some()
	case 2:
		s["allOf"] = some()
	case 3:
		s["not"] = g.schemaOf(depth - 1)
	case 4, 5:
		s["if"] = g.schemaOf(depth - 1)
		if g.IntN(4) > 0 {
			s["then"] = g.schemaOf(depth - 1)
		}
		if g.IntN(2) > 0 {
			s["else"] = g.schemaOf(depth - 1)
		}
	case 6:
		s["$ref"] = oneOf(g, "#/$defs/s", "#/$defs/o")
		if depth < 2 {
			delete(s, "$ref") // a reference within what is referred to may never end
		}
	}
}

func (g *schemaMaker) schema(depth int) any {
	if depth <= 0 || g.IntN(3) > 0 {
		return g.scalar()
	}
	var s object
	switch g.IntN(5) {
	case 0:
		s = g.objectSchema(depth)
	case 1, 2:
		s = object{"items": g.schema(depth - 1)}
		for range g.IntN(3) {
			switch g.IntN(7) {
			case 0:
				s["minItems"] = g.IntN(3)
			case 1:
				s["maxItems"] = g.IntN(4)
			case 2:
				s["uniqueItems"] = true
			case 3:
				s["contains"] = g.schema(depth - 1)
				if g.IntN(2) == 0 {
					s["maxContains"] = 1
				}
			case 4:
				if g.draft == "" {
					s["prefixItems"] = []any{g.schema(depth - 1), g.schema(depth - 1)}
				} else {
					s["items"] = []any{g.schema(depth - 1), g.schema(depth - 1)}
					s["additionalItems"] = oneOf[any](g, false, g.schema(depth-1))
				}
			case 5:
				delete(s, "items")
				s["unevaluatedItems"] = false
			case 6:
				s["type"] = "array"
			}
		}
	default:
		s = object{}
	}
	for range g.IntN(2) {
		g.combine(s, depth)
	}
	return s
}

func (g *schemaMaker) scalar() any {
	return oneOf[any](g, true, object{}, object{"type": "string"}, object{"type": "integer"}, object{"type": "number"}, object{"type": "boolean"},
		object{"type": "array", "items": object{"type": "string"}}, object{"type": []any{"string", "null"}}, object{"type": "object"},
		object{"enum": []any{"a", "b", 1, nil}}, object{"enum": []any{"x"}}, object{"const": 1}, object{"const": "a"}, object{"const": true}, object{"const": nil},
		object{"const": []any{}}, object{"minimum": 1}, object{"type": "integer", "minimum": 0, "maximum": 5}, object{"exclusiveMaximum": 9007199254740993},
		object{"multipleOf": json.Number("0.1")}, object{"type": "integer", "multipleOf": 2}, object{"minLength": 2}, object{"maxLength": 2}, object{"pattern": "^[a-c]+$"},
		object{"pattern": "^[0-9]{1,3}$", "type": "string"}, object{"format": "date"}, object{"format": "email", "type": "string"}, object{"contentEncoding": "base64"},
		object{"type": "array", "items": object{"type": "integer"}, "minItems": 2}, object{"type": "array", "items": object{"enum": []any{"a", 1}}, "uniqueItems": true},
		object{"anyOf": []any{object{"type": "string"}, object{"type": "integer"}}}, object{"anyOf": []any{object{"type": "array", "items": object{"type": "string"}}, object{"type": "array", "items": object{"type": "integer"}}}},
		object{"type": "object", "properties": object{"a": object{"type": "integer"}, "b_c": object{"type": "string"}}, "additionalProperties": false},
		object{"type": "object", "properties": object{"a": object{"type": "integer"}}, "additionalProperties": object{"type": "boolean"}, "required": []any{"a"}},
		object{"not": object{"type": "string"}}, false)
}

// instance makes the text of a request that nearly fits a schema, in a few cases one that has nothing to do with it.
func (g *schemaMaker) instance(doc object) []byte {
	m := object{}
	g.fit(m, doc, doc, 3)
	for range g.IntN(3) {
		m[g.name()] = g.value(2)
	}
	if g.IntN(4) == 0 {
		m[oneOf(g, misspelled...)] = g.value(1)
	}
	if g.IntN(3) == 0 {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			if delete(m, name); g.IntN(2) == 0 {
				break
			}
		}
	}
	text, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return text
}

// fit adds members that a schema names to an object.
func (g *schemaMaker) fit(m, doc object, s any, depth int) {
	o, _ := s.(object)
	if o == nil || depth == 0 {
		return
	}
	properties, _ := o["properties"].(object)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if g.IntN(4) > 0 {
			m[name] = g.fitting(doc, properties[name], depth-1)
		}
	}
	required, _ := o["required"].([]any)
	for _, name := range required {
		if _, there := m[name.(string)]; !there && g.IntN(4) > 0 {
			m[name.(string)] = g.value(1)
		}
	}
	for _, keyword := range []string{"anyOf", "oneOf", "allOf"} {
		if list, _ := o[keyword].([]any); len(list) > 0 {
			g.fit(m, doc, list[g.IntN(len(list))], depth-1)
		}
	}
	for _, keyword := range []string{"if", "then", "else"} {
		if g.IntN(2) == 0 {
			g.fit(m, doc, o[keyword], depth-1)
		}
	}
	if ref, ok := o["$ref"].(string); ok {
		g.fit(m, doc, doc["$defs"].(object)[ref[len("#/$defs/"):]], depth-1)
	}
}

// fitting makes a value that fits a schema more often than not.
func (g *schemaMaker) fitting(doc object, s any, depth int) any {
	o, _ := s.(object)
	if o == nil || g.IntN(6) == 0 {
		return g.value(2)
	}
	if list, ok := o["enum"].([]any); ok {
		return list[g.IntN(len(list))]
	}
	if c, ok := o["const"]; ok {
		return c
	}
	for _, keyword := range []string{"anyOf", "oneOf", "allOf"} {
		if list, _ := o[keyword].([]any); len(list) > 0 && g.IntN(2) == 0 {
			return g.fitting(doc, list[g.IntN(len(list))], depth)
		}
	}
	if ref, ok := o["$ref"].(string); ok && depth > 0 {
		return g.fitting(doc, doc["$defs"].(object)[ref[len("#/$defs/"):]], depth-1)
	}
	if o["properties"] != nil || o["type"] == "object" {
		m := object{}
		g.fit(m, doc, o, depth)
		return m
	}
	if items, ok := o["items"]; ok || o["type"] == "array" {
		list := []any{}
		for range g.IntN(4) {
			list = append(list, g.fitting(doc, items, depth-1))
		}
		return list
	}
	switch o["type"] {
	case "string":
		return oneOf[any](g, "a", "abc", "", "12", "2024-02-30")
	case "integer":
		return oneOf[any](g, 0, 2, 5, 6, json.Number("2.0"))
	}
	return g.value(1)
}

func (g *schemaMaker) value(depth int) any {
	switch k := g.IntN(14); {
	case k == 0 && depth > 0:
		list := []any{}
		for range g.IntN(4) {
			list = append(list, g.value(depth-1))
		}
		return list
	case k == 1 && depth > 0:
		m := object{}
		for range g.IntN(3) {
			m[g.name()] = g.value(depth - 1)
		}
		return m
	}
	return oneOf[any](g, "a", "b", "x", "2", "true", "1.5", []any{2}, []any{"a"}, object{"b-c": "x"}, object{"A": 1}, "", "abc", "12", "é", "2024-01-31", nil, true, false, 0, 1, 2, 3, -1, json.Number("1.0"), json.Number("0.3"), json.Number("1.5"),
		json.Number("9007199254740992"), json.Number("9007199254740993"), json.Number("1e2"), []any{}, []any{"a"}, []any{"a", "a"}, []any{1, 2}, []any{1, "a"}, object{}, object{"a": 1}, object{"b_c": "x"}, object{"bC": "x"})
}
