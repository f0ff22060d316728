package core

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/completion-playground/playground/schema"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Validator checks texts against one schema and one profile. It is safe for concurrent use.
type Validator struct {
	limits  Limits
	profile Profile
	text    []byte // of the schema
	schema  *jsonschema.Schema
	root    *plan
	fields  []field // in canonical order: the schema's by x-order, then the profile's own by name
	id      fieldIDs
	table   *nameTable
	spelt   []candidate // wire names to suggest
	soft    []softLimit
	rules   []activeRule
	lastBit int      // see bits
	noted   []int32  // fields with a note
	needed  []int32  // required fields
	untyped []int32  // fields that CompletionRequest lacks
	unknown Severity // of a field that nobody knows; 0 where all are welcome
	works   sync.Pool
}

// field is one property of the request with what the pipeline asks about it at every check, worked out beforehand.
type field struct {
	name, camel string
	plan        *plan
	extra       bool // a profile's, outside the schema
	required    bool
	nullable    bool
	integer     bool      // takes whole numbers only
	wraps       bool      // takes a list, and a lone item is meant as one
	list        bool      // takes a list
	def         string    // JSON of the default, "" without one
	note        FieldNote // the profile's
	bit         uint64    // one of its own, if a rule asks whether the field is there
}

// fieldIDs are the indexes of the fields that rules look at, -1 where the schema has none of that name.
type fieldIDs struct {
	model, prompt, suffix, echo, maxTokens, stop, temperature, topP, frequencyPenalty, presencePenalty int32
	logitBias, seed, n, bestOf, logprobs, stream, streamOptions, user                                  int32
	minTokens, beamSearch, promptLogprobs, maxCompletionTokens, nPredict                               int32 // of some servers
}

type softLimit struct {
	field    int32
	bit      uint64
	plan     *plan
	severity Severity
	why      string
}

// Options adjusts Compile. The zero value checks against the schema alone, without the habits of any server.
type Options struct {
	// Profile says how the server behaves; one of Profiles, or your own. Its zero value has no opinion.
	Profile Profile
	// Overlay is a JSON merge patch (RFC 7396) on the schema, applied after the profile's: your own limits and fields.
	Overlay []byte
	// Unknown is the severity of a field that schema and profile lack: "error", "warning", "hint" or "allow".
	// Empty leaves it to the profile, or to an error without one.
	Unknown string
	// Limits bounds the texts; zero fields take their defaults.
	Limits Limits
}

// Compile makes a Validator for a JSON Schema (draft 2020-12) of an object; nil means the embedded schema of a completion
// request. Only properties with the names of CompletionRequest reach its fields, all others its Extra. References to
// other documents are refused.
//
// The error tells of a schema that does not compile or of options that contradict each other, never of a checked text.
func Compile(schemaJSON []byte, o Options) (*Validator, error) {
	if schemaJSON == nil {
		schemaJSON = schema.Request
	}
	if err := o.Profile.check(); err != nil {
		return nil, err
	}
	base, err := decodeObject(schemaJSON)
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	known := propertyNames(base)
	merged := any(base)
	for _, patch := range [][]byte{o.Profile.Schema, o.Overlay} {
		if len(patch) == 0 {
			continue
		}
		p, err := decodeObject(patch)
		if err != nil {
			return nil, fmt.Errorf("schema overlay: %w", err)
		}
		merged = mergePatch(merged, p)
	}
	text, err := json.Marshal(merged)
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	compiled, err := compileSchema(text)
	if err != nil {
		return nil, err
	}
	v := &Validator{text: text, limits: o.Limits.withDefaults(), profile: o.Profile, schema: compiled, root: newPlan(compiled)}
	v.addFields(merged.(map[string]any), known)
	if err := v.addUnknown(o.Unknown); err != nil {
		return nil, err
	}
	if err := v.addSoftLimits(); err != nil {
		return nil, err
	}
	v.addRules()
	v.works.New = func() any { return &work{v: v} }
	return v, nil
}

// Default returns the Validator of Check: the embedded schema and DefaultProfile.
func Default() *Validator { return defaultValidator() }

var defaultValidator = sync.OnceValue(func() *Validator {
	v, err := ForProfile(DefaultProfile)
	if err != nil {
		panic(err) // the embedded files are at fault; a test compiles them all
	}
	return v
})

var profileCache sync.Map // name → func() (*Validator, error), compiled at first use

// ForProfile returns the Validator for the embedded schema and a built-in profile. It fails only for an unknown name.
func ForProfile(name string) (*Validator, error) {
	make, ok := profileCache.Load(name)
	if !ok {
		all := builtinProfiles()
		i := slices.IndexFunc(all, func(p Profile) bool { return p.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("no profile %q", name)
		}
		make, _ = profileCache.LoadOrStore(name, sync.OnceValues(func() (*Validator, error) {
			return Compile(nil, Options{Profile: all[i]})
		}))
	}
	return make.(func() (*Validator, error))()
}

// Profile returns the profile that v was compiled with. Its maps and slices are shared with v and must not be changed.
func (v *Validator) Profile() Profile { return v.profile }

// Schema returns the JSON Schema that v checks a request against: the one that it was compiled from, with the patches of
// profile and overlay. What a profile says beyond it (notes, soft limits, rules between fields) is not in it. The caller
// owns the text.
func (v *Validator) Schema() []byte { return slices.Clone(v.text) }

func decodeObject(text []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var o map[string]any
	if err := d.Decode(&o); err != nil {
		return nil, err
	}
	if o == nil {
		return nil, fmt.Errorf("got null, want an object")
	}
	if d.More() {
		return nil, fmt.Errorf("got more than one value")
	}
	return o, nil
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

func compileSchema(text []byte) (s *jsonschema.Schema, err error) {
	defer func() {
		if r := recover(); r != nil { // v5 panics on some regular expressions and numbers
			s, err = nil, fmt.Errorf("schema: %v", r)
		}
	}()
	const url = "urn:completion-playground:request"
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.LoadURL = noLoading
	// The document keeps its own $id out of the way of references to itself.
	if err := c.AddResource(url, bytes.NewReader(text)); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	return c.Compile(url)
}

func (v *Validator) addFields(schema map[string]any, known map[string]bool) {
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
	names := slices.SortedFunc(maps.Keys(v.schema.Properties), func(a, b string) int {
		return cmp.Or(cmp.Compare(order(a), order(b)), strings.Compare(a, b))
	})
	var spellings []spelling
	taken := maps.Clone(known)
	for i, name := range names {
		p := v.root.property(name)
		if p == nil { // the root has keywords beyond a plan
			p = newPlan(v.schema.Properties[name])
		}
		f := field{
			name: name, camel: camelCase(name), plan: p,
			extra:    !known[name],
			required: slices.Contains(v.schema.Required, name),
			nullable: p.kinds&isNull != 0 && p.kinds != anyKind,
			integer:  p.kinds&isNumber == 0 && p.kinds&isInteger != 0,
			list:     p.kinds&isArray != 0 && p.kinds&isString == 0,
			note:     v.profile.Fields[name],
		}
		f.wraps = f.list && takesTexts(p)
		if f.note.Use != "" {
			v.noted = append(v.noted, int32(i))
		}
		if f.required {
			v.needed = append(v.needed, int32(i))
		}
		if raw, ok := props[name].(map[string]any); ok {
			if def, ok := raw["default"]; ok {
				text, _ := json.Marshal(def) // it came from JSON
				f.def = string(text)
			}
		}
		v.fields = append(v.fields, f)
		spellings = append(spellings, spelling{name: name, field: int32(i)})
		if f.camel != name && !taken[f.camel] {
			taken[f.camel] = true
			spellings = append(spellings, spelling{name: f.camel, field: int32(i), camel: true})
		}
	}
	v.table = newNameTable(spellings)
	v.spelt = candidates(names...)
	id := func(name string) int32 { return int32(slices.Index(names, name)) }
	v.id = fieldIDs{
		model: id("model"), prompt: id("prompt"), suffix: id("suffix"), echo: id("echo"), maxTokens: id("max_tokens"),
		stop: id("stop"), temperature: id("temperature"), topP: id("top_p"), frequencyPenalty: id("frequency_penalty"),
		presencePenalty: id("presence_penalty"), user: id("user"), n: id("n"), bestOf: id("best_of"), logprobs: id("logprobs"),
		seed: id("seed"), stream: id("stream"), streamOptions: id("stream_options"), logitBias: id("logit_bias"),
		minTokens: id("min_tokens"), beamSearch: id("use_beam_search"), promptLogprobs: id("prompt_logprobs"),
		maxCompletionTokens: id("max_completion_tokens"), nPredict: id("n_predict"),
	}
	k := &v.id
	typed := []int32{k.model, k.prompt, k.suffix, k.echo, k.maxTokens, k.stop, k.temperature, k.topP, k.frequencyPenalty,
		k.presencePenalty, k.logitBias, k.seed, k.n, k.bestOf, k.logprobs, k.stream, k.streamOptions, k.user}
	for i := range v.fields {
		if !slices.Contains(typed, int32(i)) {
			v.untyped = append(v.untyped, int32(i))
		}
	}
}

// takesTexts reports whether p is a list of texts, or has such a form.
func takesTexts(p *plan) bool {
	if p.items != nil {
		return p.items.kinds&isString != 0
	}
	return slices.ContainsFunc(p.forms, takesTexts)
}

func (v *Validator) addUnknown(option string) error {
	switch option {
	case "":
		switch {
		case v.profile.Unknown == "ignored":
			v.unknown = Warning
		case v.profile.Unknown == "refused" || v.schema.AdditionalProperties == false:
			v.unknown = Error
		}
	case "allow":
		v.unknown = 0
	default:
		s, ok := parseSeverity(option)
		if !ok {
			return fmt.Errorf("unknown fields are %q, want error, warning, hint or allow", option)
		}
		v.unknown = s
	}
	return nil
}

func (v *Validator) addSoftLimits() error {
	for _, l := range v.profile.Limits {
		i := slices.IndexFunc(v.fields, func(f field) bool { return f.name == l.Field })
		if i < 0 {
			return fmt.Errorf("profile %q: limit on %q, which is no field", v.profile.Name, l.Field)
		}
		compiled, err := compileSchema(l.Schema)
		if err != nil {
			return fmt.Errorf("profile %q: limit on %q: %w", v.profile.Name, l.Field, err)
		}
		severity, _ := parseSeverity(l.Severity)
		bit, _ := v.bits([]string{l.Field})
		v.soft = append(v.soft, softLimit{field: int32(i), bit: bit, plan: newPlan(compiled), severity: severity, why: l.Why})
	}
	return nil
}

func noLoading(url string) (io.ReadCloser, error) {
	return nil, fmt.Errorf("the schema refers to %s; only references within it are followed", url)
}
