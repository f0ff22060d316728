package plan

import (
	"slices"
	"sort"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Others is what the schema of a request says of members that are no fields.
type Others struct {
	patterns   []patternPlan       // by pattern
	additional *Plan               // of what matches no pattern; nil without one
	known      map[string]bool     // names that the schema or a branch of it (allOf, then, …) has
	branches   []func(string) bool // patterns of such names
	Required   []string            // those of the required names that are no properties
}

type patternPlan struct {
	pattern string
	matches func(string) bool
	plan    *Plan
}

func othersOf(s *jsonschema.Schema) Others {
	o := Others{known: map[string]bool{}}
	for pattern, sub := range s.PatternProperties {
		o.patterns = append(o.patterns, patternPlan{pattern.String(), pattern.MatchString, newPlan(sub, deep)})
	}
	sort.Slice(o.patterns, func(i, k int) bool { return o.patterns[i].pattern < o.patterns[k].pattern })
	if a, ok := s.AdditionalProperties.(*jsonschema.Schema); ok {
		o.additional = newPlan(a, deep)
	}
	for _, name := range s.Required {
		if s.Properties[name] == nil {
			o.Required = append(o.Required, name)
		}
	}
	if s.AdditionalProperties == false {
		return o
	}
	seen := map[*jsonschema.Schema]bool{}
	var visit func(s *jsonschema.Schema)
	visit = func(s *jsonschema.Schema) {
		if s == nil || seen[s] {
			return
		}
		seen[s] = true
		namesIn(s, func(name string) { o.known[name] = true })
		for pattern := range s.PatternProperties {
			o.branches = append(o.branches, pattern.MatchString)
		}
		inPlace(s, visit)
	}
	visit(s)
	return o
}

// namesIn calls add for each name of a member that s itself has.
func namesIn(s *jsonschema.Schema, add func(string)) {
	all := func(names []string) {
		for _, name := range names {
			add(name)
		}
	}
	all(s.Required)
	for name := range s.Properties {
		add(name)
	}
	for name := range s.DependentSchemas {
		add(name)
	}
	for name, names := range s.DependentRequired {
		add(name)
		all(names)
	}
	for name, names := range s.Dependencies {
		add(name)
		if names, ok := names.([]string); ok {
			all(names)
		}
	}
}

// inPlace visits the schemas that s applies to the same value as itself.
func inPlace(s *jsonschema.Schema, visit func(*jsonschema.Schema)) {
	for _, sub := range []*jsonschema.Schema{s.Ref, s.RecursiveRef, s.DynamicRef, s.If, s.Then, s.Else} {
		visit(sub)
	}
	for _, list := range [][]*jsonschema.Schema{s.AllOf, s.AnyOf, s.OneOf} {
		for _, sub := range list {
			visit(sub)
		}
	}
	for _, sub := range s.DependentSchemas {
		visit(sub)
	}
	for _, sub := range s.Dependencies {
		if sub, ok := sub.(*jsonschema.Schema); ok {
			visit(sub)
		}
	}
}

// Has reports whether the schema knows the name by itself or by a pattern.
func (o *Others) Has(name string) bool {
	_, known := o.Of(name)
	return known
}

// Of returns the plans that hold for a member of that name, and whether the schema knows the name by itself or a
// pattern. It is open to all other names where a plan holds for them.
func (o *Others) Of(name string) (plans []*Plan, known bool) {
	for _, p := range o.patterns {
		if p.matches(name) {
			plans, known = append(plans, p.plan), true
		}
	}
	if !known && o.additional != nil {
		plans = append(plans, o.additional)
	}
	return plans, known || o.known[name] || slices.ContainsFunc(o.branches, func(matches func(string) bool) bool { return matches(name) })
}
