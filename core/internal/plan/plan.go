// Package plan compiles a JSON Schema for one pass over a tape: types, ranges, lengths, simple patterns and lists, decided
// exactly as jsonschema v5 would, and v5 itself for every other keyword. It also holds what a request's schema says of its
// fields, and how names are spelt.
package plan

import (
	"maps"
	"math"
	"math/bits"
	"slices"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

// kinds is a set of JSON types; integer stands apart from number.
type kinds uint8

const (
	isNull kinds = 1 << iota
	IsBool
	IsInteger
	IsNumber // numbers that are no integers
	IsString
	IsArray
	IsObject
)

const anyKind = isNull | IsBool | IsInteger | IsNumber | IsString | IsArray | IsObject

var kindNames = map[string]kinds{
	"null": isNull, "boolean": IsBool, "integer": IsInteger, "number": IsInteger | IsNumber,
	"string": IsString, "array": IsArray, "object": IsObject,
}

// Plan is a compiled v5 schema boiled down to what a single pass can decide: what it accepts is valid. What it does not
// accept is invalid too where decides says so; v5 has the word on everything else. A fuzz target holds the two together.
type Plan struct {
	Schema *jsonschema.Schema
	Kinds  kinds
	Unsure bool // a keyword the plan does not know: accepts nothing

	Decides bool // p says all about a value that is neither list nor object
	Exact   bool // p says all about any value, save for SDK spellings

	lowInt, highInt     int64   // integers within are inside all bounds
	low, high           float64 // the bounds, rounded: what rounds to neither is on the same side of them
	Least, Most         bound   // the bounds, exactly
	MinLength, MaxItems int     // maxItems < 0: none
	MinItems            int
	digits              *charRun      // pattern of the form ^[class]{m,n}$
	only                jsontape.Kind // kindTrue or kindFalse where that is the one value, kindBad for no such limit

	Items      *Plan      // nil: anything
	Properties []property // by name
	table      *nameTable // spellings of the properties; nil: there are none
	Camel      bool       // a property has two spellings
	required   uint64     // the bits of the required properties
	Names      *Plan      // nil: anything
	Additional *Plan      // nil: none are allowed if closed, else anything
	Closed     bool
	Forms      []*Plan // anyOf
}

// property is a member of an object that its schema names.
type property struct {
	Name string
	plan *Plan
	bit  uint64 // one of its own if it is required, else 0
}

func NewPlan(s *jsonschema.Schema) *Plan { return newPlan(s, 0) }

// newPlan makes the plan of a schema that stands so many levels below that of the request. Only at the first two are
// there SDK spellings: Body writes no others, so elsewhere a name means itself.
func newPlan(s *jsonschema.Schema, level int) *Plan {
	p := &Plan{
		Schema: s, Kinds: anyKind, MinLength: s.MinLength, MinItems: s.MinItems, MaxItems: s.MaxItems,
		lowInt: math.MinInt64, highInt: math.MaxInt64, low: math.Inf(-1), high: math.Inf(1), only: jsontape.Bad,
	}
	if len(s.Types) > 0 {
		p.Kinds = 0
		for _, t := range s.Types {
			p.Kinds |= kindNames[t]
		}
	}
	if hasOtherKeywords(s) {
		p.Unsure = true
		return p
	}
	p.addBounds(s)
	if len(s.Constant) == 1 {
		switch s.Constant[0] {
		case true:
			p.only = jsontape.True
		case false:
			p.only = jsontape.False
		default:
			p.Unsure = true
		}
	}
	if s.Pattern != nil {
		if p.digits = simpleRun(s.Pattern.String()); p.digits == nil {
			p.Unsure = true
		}
	}
	if s.Items2020 != nil {
		p.Items = newPlan(s.Items2020, deep)
	} else if items, ok := s.Items.(*jsonschema.Schema); ok { // as drafts before 2020-12 have it
		p.Items = newPlan(items, deep)
	}
	if s.PropertyNames != nil {
		p.Names = newPlan(s.PropertyNames, deep)
	}
	switch a := s.AdditionalProperties.(type) {
	case bool:
		p.Closed = !a
	case *jsonschema.Schema:
		p.Additional = newPlan(a, deep)
	}
	p.addProperties(s, level)
	for _, sub := range s.AnyOf {
		p.Forms = append(p.Forms, newPlan(sub, deep))
	}
	inexact := func(sub *Plan) bool { return sub != nil && !sub.Exact }
	p.Exact = !p.Unsure && !inexact(p.Items) && !inexact(p.Names) && !inexact(p.Additional) && !slices.ContainsFunc(p.Forms, inexact) &&
		!slices.ContainsFunc(p.Properties, func(own property) bool { return inexact(own.plan) })
	p.Decides = !p.Unsure && p.only == jsontape.Bad && !slices.ContainsFunc(p.Forms, func(f *Plan) bool { return !f.Decides })
	return p
}

// deep is a level below all that have SDK spellings.
const deep = 2

func (p *Plan) addProperties(s *jsonschema.Schema, level int) {
	var spellings []Spelling
	for i, name := range slices.Sorted(maps.Keys(s.Properties)) {
		own := property{Name: name, plan: newPlan(s.Properties[name], level+1)}
		if slices.Contains(s.Required, name) {
			own.bit = 1 << (bits.OnesCount64(p.required) & 63)
			p.required |= own.bit
		}
		p.Properties = append(p.Properties, own)
		spellings = append(spellings, Spelling{name: name, Field: int32(i)})
		if c := CamelCase(name); level < deep && c != name && s.Properties[c] == nil {
			p.Camel = true
			spellings = append(spellings, Spelling{name: c, Field: int32(i), Camel: true})
		}
	}
	if len(spellings) > 0 {
		p.table = newNameTable(spellings)
	}
	if bits.OnesCount64(p.required) != len(s.Required) {
		p.Unsure = true // they are ticked off while the properties pass by
	}
}

// ties reports whether p, the schema of a request, says more than what each property takes, which are required, and whether
// there may be others.
func (p *Plan) ties() bool {
	return p.Unsure || p.Names != nil || p.Additional != nil || len(p.Forms) > 0 || p.only != jsontape.Bad
}

// spelt returns what a key stands for, nil if it is no property.
func (p *Plan) spelt(key []byte) *Spelling {
	if p.table == nil {
		return nil
	}
	return p.table.Find(key)
}

// Property returns the schema of the property of that wire name, or nil.
func (p *Plan) Property(name string) *Plan {
	if s := p.spelt([]byte(name)); s != nil && !s.Camel {
		return p.Properties[s.Field].plan
	}
	return nil
}

// WireName returns the property that a key means, which is the key itself in most cases.
func (p *Plan) WireName(key string) string {
	if s := p.spelt([]byte(key)); s != nil {
		return p.Properties[s.Field].Name
	}
	return key
}

// hasOtherKeywords reports whether s holds a keyword that a plan leaves to v5.
func hasOtherKeywords(s *jsonschema.Schema) bool {
	_, tuple := s.Items.([]*jsonschema.Schema)
	return s.Ref != nil || s.RecursiveRef != nil || s.DynamicRef != nil || s.Always != nil ||
		s.Not != nil || s.AllOf != nil || s.OneOf != nil || s.If != nil || s.Enum != nil ||
		s.PatternProperties != nil || s.Dependencies != nil || s.DependentRequired != nil || s.DependentSchemas != nil ||
		s.UnevaluatedProperties != nil || s.MinProperties > 0 || s.MaxProperties != -1 ||
		s.UniqueItems || tuple || s.PrefixItems != nil || s.Contains != nil || s.UnevaluatedItems != nil ||
		s.MaxLength != -1 || s.MaxItems < -1 || s.MultipleOf != nil || s.Format != "" || s.ContentEncoding != "" || s.ContentMediaType != "" ||
		len(s.Extensions) > 0
}
