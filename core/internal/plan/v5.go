package plan

import (
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Validate is v5 behind a guard: whatever a foreign schema makes it do, Check goes on.
func Validate(s *jsonschema.Schema, v any) (err *jsonschema.ValidationError) {
	defer func() {
		if r := recover(); r != nil {
			err = &jsonschema.ValidationError{Message: fmt.Sprintf("the schema cannot be applied here: %v", r)}
		}
	}()
	switch e := s.Validate(v).(type) {
	case nil:
		return nil
	case *jsonschema.ValidationError:
		return e
	default:
		return &jsonschema.ValidationError{Message: e.Error()}
	}
}

func Valid(s *jsonschema.Schema, v any) bool { return Validate(s, v) == nil }

// leavesOf returns the errors without causes, up to mostTold.
func leavesOf(err *jsonschema.ValidationError) (list []*jsonschema.ValidationError) {
	if len(err.Causes) == 0 {
		return []*jsonschema.ValidationError{err}
	}
	for _, c := range err.Causes {
		if list = append(list, leavesOf(c)...); len(list) >= mostTold {
			return list[:mostTold]
		}
	}
	return list
}

// schemasWithin returns s and all schemas that it applies, by location.
func schemasWithin(s *jsonschema.Schema) map[string]*jsonschema.Schema {
	found := map[string]*jsonschema.Schema{}
	var visit func(*jsonschema.Schema)
	visit = func(s *jsonschema.Schema) {
		if s == nil || found[s.Location] != nil {
			return
		}
		found[s.Location] = s
		inPlace(s, visit)
		for _, sub := range []*jsonschema.Schema{s.Not, s.PropertyNames, s.UnevaluatedProperties, s.Items2020, s.Contains, s.UnevaluatedItems, s.ContentSchema} {
			visit(sub)
		}
		for _, sub := range s.Properties {
			visit(sub)
		}
		for _, sub := range s.PatternProperties {
			visit(sub)
		}
		for _, sub := range s.PrefixItems {
			visit(sub)
		}
		for _, sub := range []any{s.AdditionalProperties, s.Items, s.AdditionalItems} {
			switch sub := sub.(type) {
			case *jsonschema.Schema:
				visit(sub)
			case []*jsonschema.Schema:
				for _, item := range sub {
					visit(item)
				}
			}
		}
	}
	visit(s)
	return found
}

// RulePointer names a keyword of a compiled schema as a pointer into the document.
func RulePointer(s *jsonschema.Schema, keyword string) string {
	return fragment(s.Location) + "/" + keyword
}

// fragment drops the document's address from a location.
func fragment(location string) string {
	if i := strings.IndexByte(location, '#'); i >= 0 {
		return location[i:]
	}
	return location
}
