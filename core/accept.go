package core

import (
	"maps"
	"math"
	"math/bits"
	"regexp/syntax"
	"slices"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// kinds is a set of JSON types; integer stands apart from number.
type kinds uint8

const (
	isNull kinds = 1 << iota
	isBool
	isInteger
	isNumber // numbers that are no integers
	isString
	isArray
	isObject
)

const anyKind = isNull | isBool | isInteger | isNumber | isString | isArray | isObject

var kindNames = map[string]kinds{
	"null": isNull, "boolean": isBool, "integer": isInteger, "number": isInteger | isNumber,
	"string": isString, "array": isArray, "object": isObject,
}

// plan is a compiled v5 schema boiled down to what a single pass can decide: what it accepts is valid. What it does not
// accept is invalid too where decides says so; v5 has the word on everything else. A fuzz target holds the two together.
type plan struct {
	schema *jsonschema.Schema
	kinds  kinds
	unsure bool // a keyword the plan does not know: accepts nothing

	decides bool // p says all about a value that is neither list nor object

	lowInt, highInt     int64   // integers within are inside all bounds
	low, high           float64 // the bounds, rounded: what rounds to neither is on the same side of them
	least, most         bound   // the bounds, exactly
	minLength, maxItems int     // maxItems < 0: none
	minItems            int
	digits              *run // pattern of the form ^[class]{m,n}$
	only                kind // kindTrue or kindFalse where that is the one value, kindBad for no such limit

	items      *plan      // nil: anything
	properties []property // by name
	table      *nameTable // spellings of the properties; nil: there are none
	camel      bool       // a property has two spellings
	required   uint64     // the bits of the required properties
	names      *plan      // nil: anything
	additional *plan      // nil: none are allowed if closed, else anything
	closed     bool
	forms      []*plan // anyOf
}

// property is a member of an object that its schema names.
type property struct {
	name string
	plan *plan
	bit  uint64 // one of its own if it is required, else 0
}

// run is a pattern that is one repeated class of ASCII characters.
type run struct {
	class    [128]bool
	min, max int // max < 0: none
}

func newPlan(s *jsonschema.Schema) *plan {
	p := &plan{
		schema: s, kinds: anyKind, minLength: s.MinLength, minItems: s.MinItems, maxItems: s.MaxItems,
		lowInt: math.MinInt64, highInt: math.MaxInt64, low: math.Inf(-1), high: math.Inf(1), only: kindBad,
	}
	if hasOtherKeywords(s) {
		p.unsure = true
		return p
	}
	if len(s.Types) > 0 {
		p.kinds = 0
		for _, t := range s.Types {
			p.kinds |= kindNames[t]
		}
	}
	p.addBounds(s)
	if len(s.Constant) == 1 {
		switch s.Constant[0] {
		case true:
			p.only = kindTrue
		case false:
			p.only = kindFalse
		default:
			p.unsure = true
		}
	}
	if s.Pattern != nil {
		if p.digits = simpleRun(s.Pattern.String()); p.digits == nil {
			p.unsure = true
		}
	}
	if s.Items2020 != nil {
		p.items = newPlan(s.Items2020)
	}
	if s.PropertyNames != nil {
		p.names = newPlan(s.PropertyNames)
	}
	switch a := s.AdditionalProperties.(type) {
	case bool:
		p.closed = !a
	case *jsonschema.Schema:
		p.additional = newPlan(a)
	}
	p.addProperties(s)
	for _, sub := range s.AnyOf {
		p.forms = append(p.forms, newPlan(sub))
	}
	p.decides = !p.unsure && p.only == kindBad && !slices.ContainsFunc(p.forms, func(f *plan) bool { return !f.decides })
	return p
}

func (p *plan) addProperties(s *jsonschema.Schema) {
	var spellings []spelling
	for i, name := range slices.Sorted(maps.Keys(s.Properties)) {
		own := property{name: name, plan: newPlan(s.Properties[name])}
		if slices.Contains(s.Required, name) {
			own.bit = 1 << (bits.OnesCount64(p.required) & 63)
			p.required |= own.bit
		}
		p.properties = append(p.properties, own)
		spellings = append(spellings, spelling{name: name, field: int32(i)})
		if c := camelCase(name); c != name && s.Properties[c] == nil {
			p.camel = true
			spellings = append(spellings, spelling{name: c, field: int32(i), camel: true})
		}
	}
	if len(spellings) > 0 {
		p.table = newNameTable(spellings)
	}
	if bits.OnesCount64(p.required) != len(s.Required) {
		p.unsure = true // they are ticked off while the properties pass by
	}
}

// spelt returns what a key stands for, nil if it is no property.
func (p *plan) spelt(key []byte) *spelling {
	if p.table == nil {
		return nil
	}
	return p.table.find(key)
}

// property returns the schema of the property of that wire name, or nil.
func (p *plan) property(name string) *plan {
	if s := p.spelt([]byte(name)); s != nil && !s.camel {
		return p.properties[s.field].plan
	}
	return nil
}

// wireName returns the property that a key means, which is the key itself in most cases.
func (p *plan) wireName(key string) string {
	if s := p.spelt([]byte(key)); s != nil {
		return p.properties[s.field].name
	}
	return key
}

// hasOtherKeywords reports whether s holds a keyword that a plan leaves to v5.
func hasOtherKeywords(s *jsonschema.Schema) bool {
	return s.Ref != nil || s.RecursiveRef != nil || s.DynamicRef != nil || s.Always != nil ||
		s.Not != nil || s.AllOf != nil || s.OneOf != nil || s.If != nil || s.Enum != nil ||
		s.PatternProperties != nil || s.Dependencies != nil || s.DependentRequired != nil || s.DependentSchemas != nil ||
		s.UnevaluatedProperties != nil || s.MinProperties > 0 || s.MaxProperties >= 0 ||
		s.UniqueItems || s.Items != nil || s.PrefixItems != nil || s.Contains != nil || s.UnevaluatedItems != nil ||
		s.MaxLength >= 0 || s.MultipleOf != nil || s.Format != "" || s.ContentEncoding != "" || s.ContentMediaType != "" ||
		len(s.Extensions) > 0
}

// simpleRun reads patterns such as ^[0-9]{1,19}$ and returns nil for all others.
func simpleRun(pattern string) *run {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil || re.Op != syntax.OpConcat || len(re.Sub) != 3 ||
		re.Sub[0].Op != syntax.OpBeginText || re.Sub[2].Op != syntax.OpEndText {
		return nil
	}
	r := &run{min: 1, max: -1}
	switch rep := re.Sub[1]; rep.Op {
	case syntax.OpPlus:
	case syntax.OpStar:
		r.min = 0
	case syntax.OpRepeat:
		r.min, r.max = rep.Min, rep.Max
	default:
		return nil
	}
	class := re.Sub[1].Sub[0]
	if class.Op != syntax.OpCharClass {
		return nil
	}
	for pair := range slices.Chunk(class.Rune, 2) {
		if pair[1] >= 128 {
			return nil
		}
		for c := pair[0]; c <= pair[1]; c++ {
			r.class[c] = true
		}
	}
	return r
}

func (r *run) match(s []byte) bool {
	if len(s) < r.min || r.max >= 0 && len(s) > r.max {
		return false
	}
	for _, c := range s {
		if c >= 128 || !r.class[c] {
			return false
		}
	}
	return true
}

// accept reports whether the value at i is surely valid. Where p decides, it is invalid otherwise.
func (p *plan) accept(t *tape, i uint32) bool {
	if p.unsure {
		return false
	}
	nd := &t.nodes[i]
	if p.only != kindBad && nd.kind != p.only && nd.kind != kindBad {
		return false
	}
	switch nd.kind {
	case kindBad:
		return true // an issue says already why it cannot be read
	case kindNull:
		if p.kinds&isNull == 0 {
			return false
		}
	case kindTrue, kindFalse:
		if p.kinds&isBool == 0 {
			return false
		}
	case kindNumber:
		if p.kinds&(isInteger|isNumber) == 0 || !p.acceptNumber(t, i) {
			return false
		}
	case kindString:
		if p.kinds&isString == 0 || !p.acceptString(t, i) {
			return false
		}
	case kindArray:
		if p.kinds&isArray == 0 || int(nd.n) < p.minItems || p.maxItems >= 0 && int(nd.n) > p.maxItems {
			return false
		}
		if p.items != nil {
			for c := i + 1; c < nd.next; c = t.nodes[c].next {
				if !p.items.acceptChild(t, c) {
					return false
				}
			}
		}
	case kindObject:
		if p.kinds&isObject == 0 || !p.acceptObject(t, i) {
			return false
		}
	}
	if len(p.forms) == 0 {
		return true
	}
	for _, form := range p.forms {
		if form.accept(t, i) {
			return true
		}
	}
	return false
}

// acceptChild is accept, sooner for numbers: of them there may be thousands.
func (p *plan) acceptChild(t *tape, i uint32) bool {
	nd := &t.nodes[i]
	if nd.kind != kindNumber || nd.flags&flagLoose != 0 || !p.decides || len(p.forms) > 0 {
		return p.accept(t, i)
	}
	raw := t.src[nd.start:nd.end]
	return p.acceptRange(readNumeral(raw), raw)
}

func (p *plan) acceptNumber(t *tape, i uint32) bool {
	raw := t.raw(i)
	if t.nodes[i].flags&flagLoose != 0 {
		raw = []byte(t.loose.of(i))
	}
	return p.acceptRange(readNumeral(raw), raw)
}

func (p *plan) acceptString(t *tape, i uint32) bool {
	if p.minLength <= 0 && p.digits == nil {
		return true
	}
	nd := &t.nodes[i]
	if nd.flags&(flagEscaped|flagLoose) != 0 {
		return p.acceptText([]byte(t.text(i)))
	}
	return p.acceptText(t.src[nd.start+1 : nd.end-1])
}

// acceptText is exact: s is valid if and only if p, as far as it knows its schema, accepts it.
func (p *plan) acceptText(s []byte) bool {
	// Every code point takes at most four bytes.
	return (p.minLength <= 0 || len(s) > 4*(p.minLength-1) || utf8.RuneCount(s) >= p.minLength) &&
		(p.digits == nil || p.digits.match(s))
}

func (p *plan) acceptObject(t *tape, i uint32) bool {
	nd := &t.nodes[i]
	var required uint64
	for c := i + 1; c < nd.next; c = t.nodes[c].next {
		child := &t.nodes[c]
		if child.flags&(flagKeyEscaped|flagKeyLoose|flagShadowed) != 0 {
			if child.flags&flagShadowed != 0 {
				continue // servers never see it
			}
			return false
		}
		key := t.src[child.keyStart+1 : child.keyEnd-1]
		if p.names != nil && (p.names.unsure || p.names.kinds&isString == 0 || !p.names.acceptText(key)) {
			return false
		}
		sub := p.additional
		if s := p.spelt(key); s != nil {
			if s.camel {
				return false // the names come first
			}
			known := &p.properties[s.field]
			sub = known.plan
			required |= known.bit
		} else if p.closed {
			return false
		}
		if sub != nil && !sub.acceptChild(t, c) {
			return false
		}
	}
	return required == p.required
}
