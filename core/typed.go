package core

import "github.com/completion-playground/playground/core/internal/check"

// typedField ties one field of CompletionRequest to its wire name.
type typedField struct {
	name  string
	isSet func(*CompletionRequest) bool
	// read fills the field in from a text. It reports false for a value that the field has no room for, which only a
	// foreign schema allows.
	read func(*filler, *check.State) bool
	// write appends the member, if there is something to write.
	write func(*objectWriter, *CompletionRequest)
}

// typedFields are all of them, in the schema's order; a test holds them to it.
var typedFields = [...]typedField{
	{
		name:  "model",
		isSet: func(r *CompletionRequest) bool { return r.Model != "" },
		read: func(f *filler, s *check.State) (ok bool) {
			f.r.Model, ok = f.text(s)
			return ok
		},
		write: func(w *objectWriter, r *CompletionRequest) {
			if r.Model != "" {
				w.name("model")
				w.text(r.Model)
			}
		},
	},
	{
		name:  "prompt",
		isSet: func(r *CompletionRequest) bool { return r.Prompt.isSet() },
		read: func(f *filler, s *check.State) (ok bool) {
			f.r.Prompt, ok = f.prompt(s)
			return ok
		},
		write: func(w *objectWriter, r *CompletionRequest) {
			if r.Prompt.isSet() || !r.replaces("prompt") { // it is required, so an empty one is written too
				w.name("prompt")
				w.prompt(r.Prompt)
			}
		},
	},
	optional("suffix", func(r *CompletionRequest) *Opt[string] { return &r.Suffix }, (*filler).text, (*objectWriter).text),
	optional("echo", func(r *CompletionRequest) *Opt[bool] { return &r.Echo }, (*filler).bool, (*objectWriter).bool),
	optional("max_tokens", func(r *CompletionRequest) *Opt[int64] { return &r.MaxTokens }, (*filler).int, (*objectWriter).int),
	optional("stop", func(r *CompletionRequest) *Opt[[]string] { return &r.Stop }, (*filler).texts, (*objectWriter).texts),
	optional("temperature", func(r *CompletionRequest) *Opt[float64] { return &r.Temperature }, (*filler).float, (*objectWriter).float),
	optional("top_p", func(r *CompletionRequest) *Opt[float64] { return &r.TopP }, (*filler).float, (*objectWriter).float),
	optional("frequency_penalty", func(r *CompletionRequest) *Opt[float64] { return &r.FrequencyPenalty }, (*filler).float, (*objectWriter).float),
	optional("presence_penalty", func(r *CompletionRequest) *Opt[float64] { return &r.PresencePenalty }, (*filler).float, (*objectWriter).float),
	optional("logit_bias", func(r *CompletionRequest) *Opt[LogitBias] { return &r.LogitBias }, (*filler).bias, (*objectWriter).bias),
	optional("seed", func(r *CompletionRequest) *Opt[int64] { return &r.Seed }, (*filler).int, (*objectWriter).int),
	optional("n", func(r *CompletionRequest) *Opt[int64] { return &r.N }, (*filler).int, (*objectWriter).int),
	optional("best_of", func(r *CompletionRequest) *Opt[int64] { return &r.BestOf }, (*filler).int, (*objectWriter).int),
	optional("logprobs", func(r *CompletionRequest) *Opt[int64] { return &r.Logprobs }, (*filler).int, (*objectWriter).int),
	optional("stream", func(r *CompletionRequest) *Opt[bool] { return &r.Stream }, (*filler).bool, (*objectWriter).bool),
	optional("stream_options", func(r *CompletionRequest) *Opt[StreamOptions] { return &r.StreamOptions }, (*filler).streamOptions, (*objectWriter).streamOptions),
	optional("user", func(r *CompletionRequest) *Opt[string] { return &r.User }, (*filler).text, (*objectWriter).text),
}

// optional is a field that may be absent.
func optional[T any](name string, at func(*CompletionRequest) *Opt[T], read func(*filler, *check.State) (T, bool), write func(*objectWriter, T)) typedField {
	return typedField{
		name:  name,
		isSet: func(r *CompletionRequest) bool { return at(r).Set },
		read: func(f *filler, s *check.State) bool {
			o := at(f.r)
			o.Value, o.Set = read(f, s)
			return o.Set
		},
		write: func(w *objectWriter, r *CompletionRequest) {
			if v, ok := at(r).Get(); ok {
				w.name(name)
				write(w, v)
			}
		},
	}
}
