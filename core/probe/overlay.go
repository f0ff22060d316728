package probe

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/schema"
)

// evidence is what the overlay gives as its source.
const evidence = "asked by the probe [M]"

// rounds is how often an overlay is held against the report at most. What one row changes may bring another into view,
// such as a rule of a field that the profile took for refused.
const rounds = 3

// Profile returns the profile that the probe began with, changed by what was found: the page and the library take it
// like any other, also as JSON. What is unknown stays as the profile has it, and so does what the server does
// as the profile says. It has no hosts, and its name ends in "-probed".
func (r *Report) Profile() core.Profile {
	p := r.check.Profile()
	p.Name += "-probed"
	p.Title += ", as probed"
	p.Summary = strings.TrimSpace("What a probe of " + r.Model + " has found.")
	p.Hosts = nil
	fields := map[string]Verdict{}
	for _, row := range r.Rows {
		if row.About == "" {
			fields[row.Field] = row.Verdict
		}
	}
	check := r.check // the name makes no difference
	for range rounds {
		o := newOverlay(p, fields)
		for _, row := range r.Rows {
			if len(row.Evidence) == 0 {
				continue
			}
			i := slices.IndexFunc(r.Requests, func(e Evidence) bool { return e.ID == row.Evidence[0] })
			row.Expected, row.told = row.under(check, r.Requests[i].Body)
			o.add(row)
		}
		next := o.whole()
		changed, err := core.Compile(nil, core.Options{Profile: next})
		if err != nil {
			break // a profile of one's own may be such that nothing can be laid over it
		}
		p, check = next, changed
		if !o.changed {
			break
		}
	}
	return p
}

// agrees reports whether a profile says what was found. Of a value or a combination it cannot say why it has another
// effect than asked.
func (r Row) agrees() bool {
	odd := func(v Verdict) bool { return v == Ignored || v == Changed }
	switch {
	case r.Verdict == Unknown:
		return r.kind || !r.taken || r.Expected != Refused
	case r.Verdict == Taken:
		return r.Expected != Refused
	case r.About != "" && odd(r.Verdict):
		return odd(r.Expected) || r.told && r.Expected != Refused
	}
	return r.Verdict == r.Expected
}

// overlay is a profile in the making.
type overlay struct {
	profile    core.Profile
	schema     map[string]any // the merge patch
	properties map[string]any // its properties
	fields     map[string]Verdict
	changed    bool
}

// newOverlay begins with a profile, of which it changes nothing.
func newOverlay(p core.Profile, fields map[string]Verdict) *overlay {
	p.Fields, p.Rules = maps.Clone(p.Fields), maps.Clone(p.Rules)
	p.Limits = slices.Clone(p.Limits)
	if p.Fields == nil {
		p.Fields = map[string]core.FieldNote{}
	}
	if p.Rules == nil {
		p.Rules = map[string]string{}
	}
	o := &overlay{profile: p, properties: map[string]any{}, fields: fields}
	o.read()
	return o
}

// read takes the patch apart. New has compiled it, so it is an object or nothing.
func (o *overlay) read() {
	if json.Unmarshal(o.profile.Schema, &o.schema) != nil || o.schema == nil {
		o.schema = map[string]any{}
	}
	if p, ok := o.schema["properties"].(map[string]any); ok {
		o.properties = p
	}
}

// whole returns the profile.
func (o *overlay) whole() core.Profile {
	o.schema["properties"] = o.properties
	o.profile.Schema = encoded(o.schema)
	return o.profile
}

// add lets the profile say what a row says.
func (o *overlay) add(r Row) {
	if r.agrees() || r.Field == "model" {
		return
	}
	o.changed = true
	switch value, isBound := bounds[r.Key()]; {
	case r.Field == "" && r.Verdict == Refused:
		o.profile.Unknown = "refused"
	case r.Field == "" && r.Verdict == Ignored:
		o.profile.Unknown = "ignored"
	case r.Field == "":
	case r.Field == "prompt" && r.Rule == "":
		o.prompt(r)
	case r.About == "":
		o.field(r)
	case r.Verdict != Refused && (o.fields[r.Field] == Ignored || o.fields[r.Field] == Refused):
		// What is said of the field holds for its values.
	case isBound:
		o.bound(r, value)
	case r.Rule != "":
		o.rule(r)
	}
}

// field says what becomes of a field as such.
func (o *overlay) field(r Row) {
	note := core.FieldNote{Why: r.Reason, Evidence: evidence}
	switch r.Verdict {
	case Honoured, Taken:
		if use := o.profile.Fields[r.Field].Use; use == "refused" || use == "ignored" {
			delete(o.profile.Fields, r.Field)
		} else if r.Expected == Refused {
			o.widen(r.Field)
		}
		return
	case Refused:
		note.Use = "refused"
	case Ignored:
		note.Use = "ignored"
		if r.kind {
			note.Mild = map[string]schema.Mild{"any": {Severity: "off"}}
		}
	case Changed:
		note.Use, note.Severity = "note", "warning"
	default:
		return
	}
	o.profile.Fields[r.Field] = note
}

// widen takes away what makes the profile's field narrower than the schema's.
func (o *overlay) widen(field string) {
	member := o.member(field)
	for _, keyword := range []string{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems", "enum", "const"} {
		delete(member, keyword)
	}
	o.profile.Limits = slices.DeleteFunc(o.profile.Limits, func(l core.SoftLimit) bool { return l.Field == field && l.Severity == "error" })
}

// strict lets what is beyond a bound be an error again, where the profile knew of something milder.
func (o *overlay) strict(field, why string) {
	note, ok := o.profile.Fields[field]
	if !ok || note.Mild == nil {
		return
	}
	note.Mild = maps.Clone(note.Mild)
	delete(note.Mild, "range")
	delete(note.Mild, "within")
	if _, ok := note.Mild["any"]; ok { // which would speak for the bound too
		note.Mild["range"] = schema.Mild{Severity: "error", Why: why, Evidence: evidence}
	}
	if note.Use == "" && len(note.Mild) == 0 {
		delete(o.profile.Fields, field)
		return
	}
	o.profile.Fields[field] = note
}

// rule says what becomes of a combination.
func (o *overlay) rule(r Row) {
	if r.Expected == Refused {
		o.widen(r.Field) // if that is why; the next round looks at the rule
	}
	switch r.Verdict {
	case Refused:
		o.profile.Rules[r.Rule] = "error"
	case Ignored, Changed:
		o.profile.Rules[r.Rule] = "warning"
	case Honoured:
		o.profile.Rules[r.Rule] = "hint"
	}
}

// bound is where the values begin that a row is about.
type bound struct {
	keyword string
	at      float64
	within  string // the schema of the field that it stands in; "" for the field's own
}

// bounds are the rows about values beyond a bound, by their key.
var bounds = map[string]bound{
	"temperature 0":             {"exclusiveMinimum", 0, ""},
	"temperature above 2":       {"maximum", 2, ""},
	"top_p 0":                   {"exclusiveMinimum", 0, ""},
	"top_p above 1":             {"maximum", 1, ""},
	"frequency_penalty above 2": {"maximum", 2, ""},
	"presence_penalty above 2":  {"maximum", 2, ""},
	"logit_bias above 100":      {"maximum", 100, "additionalProperties"},
	"n 0":                       {"minimum", 1, ""},
	"logprobs 21":               {"maximum", 20, ""},
	"logprobs 6":                {"maximum", 5, ""},
	"seed beyond 32 bits":       {"maximum", 1<<32 - 1, ""},
	"seed below 0":              {"minimum", 0, ""},
	"stop five texts":           {"maxItems", 4, ""},
}

// bound sets a bound that the server keeps, or takes one away that it does not keep and tells what becomes of the values.
func (o *overlay) bound(r Row, b bound) {
	member := o.member(r.Field)
	if b.within != "" {
		inner, ok := member[b.within].(map[string]any)
		if !ok {
			inner = map[string]any{}
		}
		member[b.within], member = inner, inner
	}
	if r.Verdict == Refused {
		member[b.keyword] = b.at
		o.strict(r.Field, r.Reason)
		return
	}
	if now, ok := member[b.keyword].(float64); r.Expected == Refused && (!ok || now <= b.at) {
		member[b.keyword] = nil // as the base schema has one too
	}
	if r.Verdict == Honoured || b.within != "" {
		return
	}
	soft := core.SoftLimit{Field: r.Field, Schema: encoded(map[string]any{b.keyword: b.at}), Severity: "warning", Why: r.Reason, Evidence: evidence}
	if r.Verdict == Unknown {
		soft.Severity = "hint"
	}
	o.profile.Limits = append(o.profile.Limits, soft)
}

// member returns the patch of a field.
func (o *overlay) member(field string) map[string]any {
	m, ok := o.properties[field].(map[string]any)
	if !ok {
		m = map[string]any{}
		o.properties[field] = m
	}
	return m
}

// tokenPrompts are the forms of a prompt for servers that take token ids.
const tokenPrompts = `{"items":null,"minItems":null,"anyOf":[
	{"title":"texts","items":{"type":"string"},"minItems":1},
	{"title":"one prompt as token ids","items":{"type":"integer","minimum":0},"minItems":1},
	{"title":"prompts as token ids","items":{"type":"array","minItems":1,"items":{"type":"integer","minimum":0}},"minItems":1}]}`

// prompt says which forms of a prompt the server takes.
func (o *overlay) prompt(r Row) {
	switch {
	case r.About == "as token ids" && r.Verdict == Refused:
		delete(o.properties, "prompt")
	case r.About == "as token ids" && r.Expected == Refused:
		var forms any
		if err := json.Unmarshal([]byte(tokenPrompts), &forms); err != nil {
			panic(err) // a test compiles it
		}
		o.properties["prompt"] = forms
	case r.About != "":
	case r.Verdict != Refused && r.Expected == Refused:
		o.widen("prompt")
		o.profile.PromptAs = ""
	case r.Verdict == Refused:
		o.profile.PromptAs = "string"
	case r.Verdict == Honoured:
		o.profile.PromptAs = ""
	case r.Verdict == Ignored, r.Verdict == Changed:
		o.profile.Limits = append(o.profile.Limits, core.SoftLimit{
			Field: "prompt", Schema: json.RawMessage(`{"maxItems":1}`), Severity: "warning", Why: r.Reason, Evidence: evidence,
		})
	}
}
