package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Violation is a keyword of the schema that a value violates.
type Violation struct {
	Keyword string
	Rule    string // where it stands
	Message string // in v5's words, if v5 was asked
}

func ViolationOf(e *jsonschema.ValidationError) Violation {
	return Violation{
		Keyword: e.KeywordLocation[strings.LastIndexByte(e.KeywordLocation, '/')+1:],
		Rule:    fragment(e.AbsoluteKeywordLocation),
		Message: e.Message,
	}
}

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

// LeavesOf returns the errors without causes, types first and otherwise in an order that does not depend on v5's maps.
func LeavesOf(err *jsonschema.ValidationError) []*jsonschema.ValidationError {
	const most = 100
	var list []*jsonschema.ValidationError
	var walk func(e *jsonschema.ValidationError)
	walk = func(e *jsonschema.ValidationError) {
		if len(list) >= most {
			return
		}
		if len(e.Causes) == 0 {
			list = append(list, e)
		}
		for _, c := range e.Causes {
			walk(c)
		}
	}
	walk(err)
	rank := func(e *jsonschema.ValidationError) int {
		if strings.HasSuffix(e.KeywordLocation, "/type") {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b *jsonschema.ValidationError) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(a.KeywordLocation, b.KeywordLocation),
			strings.Compare(a.InstanceLocation, b.InstanceLocation))
	})
	return list
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

func PatternOf(s *jsonschema.Schema) string {
	if s.Pattern == nil {
		return "the schema"
	}
	return s.Pattern.String()
}
