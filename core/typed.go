package core

import (
	"strconv"

	"github.com/completion-playground/playground/core/internal/check"
	"github.com/completion-playground/playground/core/internal/jsontape"
)

// typedField ties a field of CompletionRequest to its wire name.
type typedField struct {
	name string
	// at returns where the value stands. It is read by filler.read and written by objectWriter.value, one case for each type
	// of a field.
	at func(*CompletionRequest) place
}

// place is where the value of a field stands: one of the pointers below set. It is no interface, because the linker keeps all
// methods of what is put into one, and WebAssembly needs none of them.
type place struct {
	set     *bool // whether there is a value; nil for a required field
	text    *string
	flag    *bool
	integer *int64
	number  *float64
	texts   *[]string
	prompt  *Prompt
	bias    *LogitBias
	options *StreamOptions
}

// typedFields are all of them, in the schema's order; a test holds them to it.
var typedFields = [...]typedField{
	{"model", func(r *CompletionRequest) place { return place{text: &r.Model} }},
	{"prompt", func(r *CompletionRequest) place { return place{prompt: &r.Prompt} }},
	{"suffix", func(r *CompletionRequest) place { return place{set: &r.Suffix.Set, text: &r.Suffix.Value} }},
	{"echo", func(r *CompletionRequest) place { return place{set: &r.Echo.Set, flag: &r.Echo.Value} }},
	{"max_tokens", func(r *CompletionRequest) place { return place{set: &r.MaxTokens.Set, integer: &r.MaxTokens.Value} }},
	{"stop", func(r *CompletionRequest) place { return place{set: &r.Stop.Set, texts: &r.Stop.Value} }},
	{"temperature", func(r *CompletionRequest) place { return place{set: &r.Temperature.Set, number: &r.Temperature.Value} }},
	{"top_p", func(r *CompletionRequest) place { return place{set: &r.TopP.Set, number: &r.TopP.Value} }},
	{"frequency_penalty", func(r *CompletionRequest) place {
		return place{set: &r.FrequencyPenalty.Set, number: &r.FrequencyPenalty.Value}
	}},
	{"presence_penalty", func(r *CompletionRequest) place {
		return place{set: &r.PresencePenalty.Set, number: &r.PresencePenalty.Value}
	}},
	{"logit_bias", func(r *CompletionRequest) place { return place{set: &r.LogitBias.Set, bias: &r.LogitBias.Value} }},
	{"seed", func(r *CompletionRequest) place { return place{set: &r.Seed.Set, integer: &r.Seed.Value} }},
	{"n", func(r *CompletionRequest) place { return place{set: &r.N.Set, integer: &r.N.Value} }},
	{"best_of", func(r *CompletionRequest) place { return place{set: &r.BestOf.Set, integer: &r.BestOf.Value} }},
	{"logprobs", func(r *CompletionRequest) place { return place{set: &r.Logprobs.Set, integer: &r.Logprobs.Value} }},
	{"stream", func(r *CompletionRequest) place { return place{set: &r.Stream.Set, flag: &r.Stream.Value} }},
	{"stream_options", func(r *CompletionRequest) place {
		return place{set: &r.StreamOptions.Set, options: &r.StreamOptions.Value}
	}},
	{"user", func(r *CompletionRequest) place { return place{set: &r.User.Set, text: &r.User.Value} }},
}

// fieldNamed returns the field of CompletionRequest with a wire name, nil where there is none. It is a loop, because what
// generic code works on counts for the linker as put into an interface: see place.
func fieldNamed(name string) *typedField {
	for k := range typedFields {
		if typedFields[k].name == name {
			return &typedFields[k]
		}
	}
	return nil
}

// isSet reports whether r has a value for the field.
func (t *typedField) isSet(r *CompletionRequest) bool {
	switch p := t.at(r); {
	case p.set != nil:
		return *p.set
	case p.text != nil:
		return *p.text != ""
	default:
		return !p.prompt.IsZero()
	}
}

// read fills a field of r in from a text. It reports false for a value that the field has no room for, which only a foreign
// schema allows.
func (f *filler) read(r *CompletionRequest, t *typedField, s *check.State) (ok bool) {
	p := t.at(r)
	switch {
	case p.text != nil:
		*p.text, ok = f.text(s)
		ok = ok && (p.set != nil || *p.text != "") // "" stands for an absent one there
	case p.flag != nil:
		*p.flag, ok = f.bool(s)
	case p.integer != nil:
		*p.integer, ok = f.Int(s)
	case p.number != nil:
		*p.number, ok = f.Float(s)
	case p.texts != nil:
		*p.texts, ok = f.texts(s)
	case p.prompt != nil:
		*p.prompt, ok = f.prompt(s)
	case p.bias != nil:
		*p.bias, ok = f.bias(s)
	case p.options != nil:
		*p.options, ok = f.streamOptions(s)
	}
	if p.set != nil {
		*p.set = ok
	}
	return ok
}

// value appends what stands at a place.
func (w *objectWriter) value(p place) {
	switch {
	case p.text != nil:
		w.b = jsontape.AppendQuoted(w.b, *p.text)
	case p.flag != nil:
		w.b = strconv.AppendBool(w.b, *p.flag)
	case p.integer != nil:
		w.b = strconv.AppendInt(w.b, *p.integer, 10)
	case p.number != nil:
		w.float(*p.number)
	case p.texts != nil:
		w.b = appendTexts(w.b, *p.texts)
	case p.prompt != nil:
		w.prompt(*p.prompt)
	case p.bias != nil:
		w.bias(*p.bias)
	case p.options != nil:
		w.streamOptions(*p.options)
	}
}

// FieldNames returns the wire names of the request's fields in the schema's order. The caller owns the list.
func FieldNames() []string {
	names := make([]string, len(typedFields))
	for i := range typedFields {
		names[i] = typedFields[i].name
	}
	return names
}
