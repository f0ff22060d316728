package plan

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Violation is a keyword of the schema that a value violates.
type Violation struct {
	Keyword  string             // "" where it is not known; a schema that is just false has the keyword "false"
	Schema   *jsonschema.Schema // in which the keyword stands; nil where that is not known
	Rule     string             // where it stands
	Message  string             // in v5's words, if v5 was asked
	Instance string             // where the value stands, in v5's spelling of a pointer, see Steps
	Path     []string           // the keywords that led there from the schema that was applied, see Steps
	OfName   bool               // the value is the name of the member that Instance points to
	Or       []Violation        // what else would do instead, of other branches of a union
}

// mostTold bounds what is made of one error of v5, which may have a cause for each value of the text.
const mostTold = 100

// Violations returns what an error of v5 says, types first and otherwise in an order that does not depend on v5's maps.
// Of the branches of a union it takes those that were most probably meant, and puts together what they say of one value.
// Of a whole request it also tells which members are at fault, if it can.
func (r *Request) Violations(err *jsonschema.ValidationError, whole bool) []Violation {
	list := r.collect(err)
	var told []Violation
	for _, v := range list {
		if !v.followsFrom(list) {
			told = append(told, v)
		}
	}
	if whole && !slices.ContainsFunc(told, func(v Violation) bool { return v.Instance != "" }) {
		told = append(told, r.withMember(err)...)
	}
	sort.Slice(told, func(i, k int) bool {
		a, b := &told[i], &told[k]
		return cmp.Or(a.rank()-b.rank(), slices.Compare(a.Path, b.Path), strings.Compare(a.Instance, b.Instance)) < 0
	})
	return told
}

// followsFrom reports whether v only says that a value was not evaluated, by branches that failed themselves.
func (v *Violation) followsFrom(list []Violation) bool {
	at := v.unevaluated()
	return at >= 0 && slices.ContainsFunc(list, func(w Violation) bool {
		return len(w.Path) > at && slices.Equal(w.Path[:at], v.Path[:at]) && slices.Contains(branching, w.Path[at]) && w.Keyword != "dependencies"
	})
}

// unevaluated returns where v's path goes through what no branch has evaluated, -1 where it does not.
func (v *Violation) unevaluated() int {
	return slices.IndexFunc(v.Path, func(step string) bool { return strings.HasPrefix(step, "unevaluated") })
}

// branching are the keywords of schemas that are applied to the same value.
var branching = []string{"$ref", "$dynamicRef", "$recursiveRef", "allOf", "anyOf", "oneOf", "then", "else", "dependentSchemas", "dependencies"}

// withMember returns the violations within the whole of the first branch of a union that has any.
func (r *Request) withMember(err *jsonschema.ValidationError) []Violation {
	for _, c := range inOrder(err.Causes) {
		var within []Violation
		for _, v := range r.collect(c) {
			if v.Instance != "" && v.unevaluated() < 0 {
				within = append(within, v)
			}
		}
		if within == nil {
			within = r.withMember(c)
		}
		if len(within) > 0 {
			return within
		}
	}
	return nil
}

func (v *Violation) rank() int {
	if v.Keyword == "type" {
		return 0
	}
	return 1
}

func (r *Request) collect(err *jsonschema.ValidationError) (list []Violation) {
	switch {
	case len(err.Causes) == 0 || strings.HasPrefix(err.Message, "valid must be"): // contains: each item is a cause
		return []Violation{r.violation(err)}
	case err.Message == "anyOf failed" || err.Message == "oneOf failed":
		return r.meantBranches(err)
	}
	for _, c := range inOrder(err.Causes) {
		if list = append(list, r.collect(c)...); len(list) >= mostTold {
			break
		}
	}
	return list
}

// inOrder sorts causes, so that which of them are told does not depend on v5's maps.
func inOrder(causes []*jsonschema.ValidationError) []*jsonschema.ValidationError {
	causes = slices.Clone(causes)
	sort.Slice(causes, func(i, k int) bool {
		a, b := causes[i], causes[k]
		// What is wrong with a value itself comes before what is wrong within.
		return cmp.Or(len(a.InstanceLocation)-len(b.InstanceLocation),
			strings.Compare(a.KeywordLocation, b.KeywordLocation), strings.Compare(a.InstanceLocation, b.InstanceLocation)) < 0
	})
	return causes
}

// violation reads an error without causes.
func (r *Request) violation(e *jsonschema.ValidationError) Violation {
	v := Violation{Rule: cmp.Or(fragment(e.AbsoluteKeywordLocation), "#"), Message: e.Message, Instance: e.InstanceLocation,
		Path: Steps(e.KeywordLocation)}
	for i := 0; i < len(v.Path); i++ {
		switch v.Path[i] {
		case "properties", "patternProperties", "dependentSchemas", "dependencies":
			i++ // a name follows
		case "propertyNames":
			v.OfName = true
		}
	}
	schemas := r.schemas()
	at := e.AbsoluteKeywordLocation
	if s := schemas[at]; s != nil && s.Always != nil {
		v.Keyword, v.Schema = "false", s
		return v
	}
	for range 3 { // dependentRequired/name/0
		slash := strings.LastIndexByte(at, '/')
		if slash < 0 {
			break
		}
		at, v.Keyword = at[:slash], at[slash+1:]
		if v.Schema = schemas[at]; v.Schema != nil {
			return v
		}
	}
	v.Keyword = ""
	return v
}

// meantBranches returns the violations of the branches of a union that come nearest to the value: those with all that is
// wrong further down before those with something wrong with the value itself, then those that are for another kind of
// object (a const or enum within does not fit), and those for another type last; those with the fewest first. Others are
// told besides where they are about the same values.
func (r *Request) meantBranches(union *jsonschema.ValidationError) (list []Violation) {
	const (
		wrongWithin = iota
		wrongItself
		otherKind
		otherType
	)
	type branch struct {
		told []Violation
		rank int
	}
	var branches []branch
	for _, c := range union.Causes {
		b := branch{told: r.collect(c)}
		for _, v := range b.told {
			here := len(v.Instance) <= len(union.InstanceLocation)
			switch {
			case here && v.Keyword == "type":
				b.rank = otherType
			case here:
				b.rank = max(b.rank, wrongItself)
			case v.Keyword == "const" || v.Keyword == "enum":
				b.rank = max(b.rank, otherKind)
			}
		}
		branches = append(branches, b)
	}
	order := func(a, b branch) int { return cmp.Or(a.rank-b.rank, len(a.told)-len(b.told)) }
	best := slices.MinFunc(branches, order)
	var from []int // the branch of each in list
	for k, b := range branches {
		near := order(b, best) == 0 || best.rank == wrongItself && b.rank == otherType
		if !near && slices.ContainsFunc(b.told, func(v Violation) bool { return !tells(best.told, v) }) {
			continue
		}
		for _, v := range b.told {
			same := 0
			for same < len(list) && (from[same] == k || !tells(list[same:same+1], v)) {
				same++
			}
			switch {
			case same == len(list):
				list, from = append(list, v), append(from, k)
			case v.rank() < list[same].rank():
				others := append([]Violation{list[same]}, list[same].Or...)
				list[same] = v
				list[same].Or = append(v.Or, others...)
			default:
				list[same].Or = append(append(list[same].Or, v), v.Or...)
			}
		}
	}
	return list
}

// tells reports whether one of list is about the same value as v.
func tells(list []Violation, v Violation) bool {
	return slices.ContainsFunc(list, func(w Violation) bool { return w.Instance == v.Instance && w.OfName == v.OfName })
}
