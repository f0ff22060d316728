package core

import (
	"strconv"

	"github.com/completion-playground/playground/core/internal/check"
	"github.com/completion-playground/playground/core/internal/jsontape"
)

// typedField ties a field of CompletionRequest to its wire name.
type typedField struct {
	name string
	// at returns where the value stands, and where it is noted whether there is one, nil for a required field. It is read by
	// filler.read and written by objectWriter.value, one case for each type of a field.
	at func(*CompletionRequest) (value any, set *bool)
}

// typedFields are all of them, in the schema's order; a test holds them to it.
var typedFields = [...]typedField{
	{"model", func(r *CompletionRequest) (any, *bool) { return &r.Model, nil }},
	{"prompt", func(r *CompletionRequest) (any, *bool) { return &r.Prompt, nil }},
	{"suffix", func(r *CompletionRequest) (any, *bool) { return &r.Suffix.Value, &r.Suffix.Set }},
	{"echo", func(r *CompletionRequest) (any, *bool) { return &r.Echo.Value, &r.Echo.Set }},
	{"max_tokens", func(r *CompletionRequest) (any, *bool) { return &r.MaxTokens.Value, &r.MaxTokens.Set }},
	{"stop", func(r *CompletionRequest) (any, *bool) { return &r.Stop.Value, &r.Stop.Set }},
	{"temperature", func(r *CompletionRequest) (any, *bool) { return &r.Temperature.Value, &r.Temperature.Set }},
	{"top_p", func(r *CompletionRequest) (any, *bool) { return &r.TopP.Value, &r.TopP.Set }},
	{"frequency_penalty", func(r *CompletionRequest) (any, *bool) { return &r.FrequencyPenalty.Value, &r.FrequencyPenalty.Set }},
	{"presence_penalty", func(r *CompletionRequest) (any, *bool) { return &r.PresencePenalty.Value, &r.PresencePenalty.Set }},
	{"logit_bias", func(r *CompletionRequest) (any, *bool) { return &r.LogitBias.Value, &r.LogitBias.Set }},
	{"seed", func(r *CompletionRequest) (any, *bool) { return &r.Seed.Value, &r.Seed.Set }},
	{"n", func(r *CompletionRequest) (any, *bool) { return &r.N.Value, &r.N.Set }},
	{"best_of", func(r *CompletionRequest) (any, *bool) { return &r.BestOf.Value, &r.BestOf.Set }},
	{"logprobs", func(r *CompletionRequest) (any, *bool) { return &r.Logprobs.Value, &r.Logprobs.Set }},
	{"stream", func(r *CompletionRequest) (any, *bool) { return &r.Stream.Value, &r.Stream.Set }},
	{"stream_options", func(r *CompletionRequest) (any, *bool) { return &r.StreamOptions.Value, &r.StreamOptions.Set }},
	{"user", func(r *CompletionRequest) (any, *bool) { return &r.User.Value, &r.User.Set }},
}

// isSet reports whether r has a value for the field.
func (t *typedField) isSet(r *CompletionRequest) bool {
	value, set := t.at(r)
	if set != nil {
		return *set
	}
	switch v := value.(type) {
	case *string:
		return *v != ""
	case *Prompt:
		return v.Texts != nil || v.Tokens != nil
	}
	return true
}

// read fills a field in from a text. It reports false for a value that the field has no room for, which only a foreign
// schema allows.
func (f *filler) read(t *typedField, s *check.State) (ok bool) {
	value, set := t.at(f.r)
	switch v := value.(type) {
	case *string:
		*v, ok = f.text(s)
		ok = ok && (set != nil || *v != "") // "" stands for an absent one there
	case *bool:
		*v, ok = f.bool(s)
	case *int64:
		*v, ok = f.Int(s)
	case *float64:
		*v, ok = f.Float(s)
	case *[]string:
		*v, ok = f.texts(s)
	case *Prompt:
		*v, ok = f.prompt(s)
	case *LogitBias:
		*v, ok = f.bias(s)
	case *StreamOptions:
		*v, ok = f.streamOptions(s)
	}
	if set != nil {
		*set = ok
	}
	return ok
}

// value appends what stands at a pointer that a typedField returns.
func (w *objectWriter) value(value any) {
	switch v := value.(type) {
	case *string:
		w.b = jsontape.AppendQuoted(w.b, *v)
	case *bool:
		w.b = strconv.AppendBool(w.b, *v)
	case *int64:
		w.b = strconv.AppendInt(w.b, *v, 10)
	case *float64:
		w.float(*v)
	case *[]string:
		w.b = appendTexts(w.b, *v)
	case *Prompt:
		w.prompt(*v)
	case *LogitBias:
		w.bias(*v)
	case *StreamOptions:
		w.streamOptions(*v)
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
