package plan

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/schema"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Request is a compiled JSON Schema of a request, with what the pipeline asks about each of its fields.
type Request struct {
	Text    []byte             // of the schema, with all patches
	Whole   *jsonschema.Schema // has the last word where Tied
	Schema  *jsonschema.Schema // says what the fields are: Whole, or what that does nothing but refer to
	Root    *Plan
	Tied    bool    // Whole says more than what each field takes, which are required, and whether there may be others
	Scoped  bool    // what a schema says depends on the ones around it ($dynamicRef), so that only Whole can be asked
	Fields  []Field // in canonical order: the schema's by x-order, then those that a patch adds, by name
	Table   *nameTable
	Others  Others
	lastBit int // see Bit

	schemas func() map[string]*jsonschema.Schema // by location
}

// Compile compiles the schema of a request with patches (RFC 7396) applied to it one after the other; empty ones
// change nothing. notes are a profile's, by field.
func Compile(schemaJSON []byte, notes map[string]schema.FieldNote, patches ...[]byte) (*Request, error) {
	base, err := readObject(schemaJSON)
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	merged := any(base)
	for _, patch := range patches {
		if len(patch) == 0 {
			continue
		}
		p, err := readObject(patch)
		if err != nil {
			return nil, fmt.Errorf("schema overlay: %w", err)
		}
		merged = mergePatch(merged, p)
	}
	text, err := json.Marshal(merged)
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	compiled, err := CompileSchema(text)
	if err != nil {
		return nil, err
	}
	r := &Request{Text: text, Whole: compiled, Schema: referred(compiled)}
	if !takesObjects(r.Whole) || !takesObjects(r.Schema) {
		return nil, fmt.Errorf("schema: it takes no object, and a request is one")
	}
	r.Root = NewPlan(r.Schema)
	r.Tied = r.Root.ties()
	r.Scoped = bytes.Contains(text, []byte(`"$dynamicRef"`)) || bytes.Contains(text, []byte(`"$recursiveRef"`))
	r.schemas = sync.OnceValue(func() map[string]*jsonschema.Schema { return schemasWithin(compiled) })
	base, _ = readObject(schemaJSON) // once more, for merging may have changed it
	r.addFields(memberAt(merged, r.Schema.Location), propertyNames(memberAt(base, r.Schema.Location)), notes)
	r.Others = othersOf(r.Schema)
	return r, nil
}

// referred follows a schema that says nothing but where another one stands, as generators of schemas like to begin.
func referred(s *jsonschema.Schema) *jsonschema.Schema {
	for s.Ref != nil && s.DynamicAnchor == "" && !s.RecursiveAnchor {
		alone := *s
		alone.Ref = nil
		if p := NewPlan(&alone); p.Unsure || p.ties() || len(s.Properties)+len(s.Required) > 0 || p.Closed {
			break
		}
		s = s.Ref
	}
	return s
}

// takesObjects reports whether there may be an object that s takes, as far as one can see.
func takesObjects(s *jsonschema.Schema) bool { return mayTakeObjects(s, 32) }

// mayTakeObjects is takesObjects with a bound on how deep it looks, since schemas refer to themselves.
func mayTakeObjects(s *jsonschema.Schema, depth int) bool {
	if depth == 0 {
		return true
	}
	object := func(v any) bool { _, ok := v.(map[string]any); return ok }
	may := func(s *jsonschema.Schema) bool { return mayTakeObjects(s, depth-1) }
	never := func(s *jsonschema.Schema) bool { return s != nil && s.Always != nil && !*s.Always }
	switch {
	case never(s), len(s.Types) > 0 && !slices.Contains(s.Types, "object"):
		return false
	case len(s.Constant) > 0 && !object(s.Constant[0]), len(s.Enum) > 0 && !slices.ContainsFunc(s.Enum, object):
		return false
	case s.MaxProperties >= 0 && max(s.MinProperties, len(s.Required)) > s.MaxProperties:
		return false
	case slices.ContainsFunc(s.Required, func(name string) bool { return never(s.Properties[name]) }):
		return false
	case s.Not != nil && s.Not.Always != nil && *s.Not.Always:
		return false
	case s.Ref != nil && !may(s.Ref):
		return false
	}
	return !slices.ContainsFunc(s.AllOf, func(s *jsonschema.Schema) bool { return !may(s) }) &&
		(len(s.AnyOf) == 0 || slices.ContainsFunc(s.AnyOf, may)) && (len(s.OneOf) == 0 || slices.ContainsFunc(s.OneOf, may))
}

func propertyNames(schema map[string]any) map[string]bool {
	names := map[string]bool{}
	if props, ok := schema["properties"].(map[string]any); ok {
		for name := range props {
			names[name] = true
		}
	}
	return names
}

// Index returns the place of a field in fields, -1 where the schema has none of that name.
func (r *Request) Index(name string) int32 {
	return int32(slices.IndexFunc(r.Fields, func(f Field) bool { return f.Name == name }))
}

// FieldOf returns the index of the field that member c of the request in t is, in either spelling, -1 if it is none.
func (r *Request) FieldOf(t *jsontape.Tape, c uint32) int32 {
	if known := r.Table.Find(t.KeyBytes(c)); known != nil {
		return known.Field
	}
	return -1
}

// Field is one property of the request with what the pipeline asks about it at every check, worked out beforehand.
type Field struct {
	Name, Camel string
	Plan        *Plan
	extra       bool // a profile's, outside the schema
	Required    bool
	Nullable    bool             // null is a value of its own, and not another word for leaving it out
	Integer     bool             // takes whole numbers only
	Integers    bool             // takes a list that may hold whole numbers only
	Wraps       bool             // takes a list, and a lone item is meant as one
	List        bool             // takes a list
	Default     string           // JSON of the default, "" without one
	Note        schema.FieldNote // the profile's
	Bit         uint64           // one of its own, if a rule asks whether the field is there
}

// addFields works out what the pipeline asks about each property. known are the names of the base schema: what a profile or an
// overlay adds to them stands behind all that have a place.
func (r *Request) addFields(schema map[string]any, known map[string]bool, notes map[string]schema.FieldNote) {
	props, _ := schema["properties"].(map[string]any)
	order := func(name string) float64 {
		p, _ := props[name].(map[string]any)
		n, _ := p["x-order"].(json.Number)
		f, err := n.Float64()
		if err != nil || !known[name] {
			return 1e9 // behind all that have a place
		}
		return f
	}
	names := slices.SortedFunc(maps.Keys(r.Schema.Properties), func(a, b string) int {
		return cmp.Or(cmp.Compare(order(a), order(b)), strings.Compare(a, b))
	})
	var spellings []Spelling
	taken := maps.Clone(known)
	for i, name := range names {
		p := r.Root.Property(name)
		if p == nil { // the root has keywords beyond a plan
			p = newPlan(r.Schema.Properties[name], 1)
		}
		f := Field{
			Name: name, Camel: CamelCase(name), Plan: p,
			extra:    !known[name],
			Required: slices.Contains(r.Schema.Required, name),
			Nullable: Valid(p.Schema, nil),
			Integer:  p.TakesIntegers(),
			Integers: p.listsIntegers(),
			List:     p.Kinds&IsArray != 0 && p.Kinds&IsString == 0 && !p.Unsure,
			Note:     notes[name],
		}
		f.Wraps = f.List && takesTexts(p)
		if raw, ok := props[name].(map[string]any); ok {
			if raw["x-group"] == "server" { // a server takes a lone item for its own lists only where its schema says so
				f.Wraps = false
			}
			if def, ok := raw["default"]; ok {
				text, _ := json.Marshal(def) // it came from JSON
				f.Default = string(text)
			}
		}
		r.Fields = append(r.Fields, f)
		spellings = append(spellings, Spelling{name: name, Field: int32(i)})
		if f.Camel != name && !taken[f.Camel] && r.Schema.Properties[f.Camel] == nil {
			taken[f.Camel] = true
			spellings = append(spellings, Spelling{name: f.Camel, Field: int32(i), Camel: true})
		}
	}
	r.Table = newNameTable(spellings)
}

// TakesIntegers reports whether p takes whole numbers and no others.
func (p *Plan) TakesIntegers() bool { return p.Kinds&IsNumber == 0 && p.Kinds&IsInteger != 0 }

// listsIntegers reports whether p takes a list of whole numbers and no others, or a list of such lists.
func (p *Plan) listsIntegers() bool {
	return p.Items != nil && (p.Items.TakesIntegers() || p.Items.listsIntegers()) || slices.ContainsFunc(p.Forms, (*Plan).listsIntegers)
}

// takesTexts reports whether p is a list of texts, or has such a form.
func takesTexts(p *Plan) bool {
	if p.Items != nil {
		return p.Items.Kinds&IsString != 0
	}
	return slices.ContainsFunc(p.Forms, takesTexts)
}

// Bit gives a field a bit of its own, while there are any, and returns it: what has none, 0, must be looked at.
func (r *Request) Bit(id int32) uint64 {
	f := &r.Fields[id]
	if f.Bit == 0 && r.lastBit < 63 {
		r.lastBit++
		f.Bit = 1 << r.lastBit
	}
	return f.Bit
}
