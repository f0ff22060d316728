package check

import (
	"fmt"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
	"github.com/completion-playground/playground/schema"
)

// Checker checks texts against one schema and one profile. It does not change after NewChecker.
type Checker struct {
	*plan.Request
	Limits                      jsontape.Limits
	Profile                     schema.Profile
	prompt, logprobs, logitBias int32            // their indexes, -1 where the schema has none of that name
	spelt                       []plan.Candidate // wire names to suggest
	soft                        []softLimit
	rules                       []activeRule
	noted                       []int32          // fields with a note
	needed                      []need           // required fields
	unknown                     finding.Severity // of a field that nobody knows; 0 where all are welcome
	unknownWithin               finding.Severity // of a name that a closed object within a field does not have
	own                         bool             // the schema is not the embedded one alone, or ties its fields together
}

// need is a required field, with those that may be there instead.
type need struct {
	field   int32
	instead []int32
}

// softLimit is one of the profile's narrower limits.
type softLimit struct {
	field    int32
	bit      uint64
	plan     *plan.Plan
	severity finding.Severity
	unless   int32 // the field that lifts it where it is true; -1 for none
	why      string
}

// NewChecker compiles a schema and a profile. unknown overrides the profile's word on unknown fields, unless it is empty.
func NewChecker(schemaJSON, overlay []byte, profile schema.Profile, unknown string, limits jsontape.Limits) (*Checker, error) {
	own := schemaJSON != nil || len(overlay) > 0
	if schemaJSON == nil {
		schemaJSON = schema.Request
	}
	if err := limits.Check(); err != nil {
		return nil, err
	}
	if err := profile.Check(); err != nil {
		return nil, err
	}
	if err := KnownRules(&profile); err != nil {
		return nil, err
	}
	r, err := plan.Compile(schemaJSON, profile.Fields, profile.Schema, overlay)
	if err != nil {
		return nil, err
	}
	if profile.AnyCase {
		r.Table.FoldCase()
	}
	v := &Checker{Request: r, Limits: limits.WithDefaults(), Profile: profile, own: own || r.Tied || r.Scoped}
	var names []string
	for i := range v.Fields {
		f := &v.Fields[i]
		names = append(names, f.Name)
		if f.Note.Use != "" {
			v.noted = append(v.noted, int32(i))
		}
		if f.Required {
			v.needed = append(v.needed, need{field: int32(i)})
		}
	}
	for name, note := range profile.Fields {
		for k := range v.needed {
			if n := &v.needed[k]; v.Fields[n.field].Name == note.InsteadOf && v.Index(name) >= 0 {
				n.instead = append(n.instead, v.Index(name))
			}
		}
	}
	v.spelt = plan.Candidates(names...)
	v.prompt, v.logprobs, v.logitBias = v.Index("prompt"), v.Index("logprobs"), v.Index("logit_bias")
	if err := v.addUnknown(unknown); err != nil {
		return nil, err
	}
	if err := v.addSoftLimits(); err != nil {
		return nil, err
	}
	v.addRules()
	return v, nil
}

func (v *Checker) addUnknown(option string) error {
	if v.unknownWithin = finding.Error; v.Profile.Unknown == "ignored" {
		v.unknownWithin = finding.Warning
	}
	switch option {
	case "":
		switch {
		case v.Profile.Unknown == "ignored":
			v.unknown = finding.Warning
		case v.Profile.Unknown == "refused" || v.Schema.AdditionalProperties == false:
			v.unknown = finding.Error
		}
	case "allow":
		v.unknown = 0
	default:
		s, ok := finding.ParseSeverity(option)
		if !ok {
			return fmt.Errorf("unknown fields are %q, want error, warning, hint or allow", option)
		}
		v.unknown, v.unknownWithin = s, s
	}
	return nil
}

func (v *Checker) addSoftLimits() error {
	for _, l := range v.Profile.Limits {
		i := v.Index(l.Field)
		if i < 0 {
			return fmt.Errorf("profile %q: limit on %q, which is no field", v.Profile.Name, l.Field)
		}
		unless := int32(-1)
		if l.Unless != "" {
			if unless = v.Index(l.Unless); unless < 0 {
				return fmt.Errorf("profile %q: limit on %q unless %q, which is no field", v.Profile.Name, l.Field, l.Unless)
			}
		}
		compiled, err := plan.CompileSchema(l.Schema)
		if err != nil {
			return fmt.Errorf("profile %q: limit on %q: %w", v.Profile.Name, l.Field, err)
		}
		severity, _ := finding.ParseSeverity(l.Severity)
		v.soft = append(v.soft, softLimit{field: i, bit: v.Bit(i), plan: plan.NewPlan(compiled), severity: severity, unless: unless, why: l.Why})
	}
	return nil
}
