package core

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/schema"
)

// Opt is a value that may be absent. The zero Opt is absent, which is not the same as holding a zero: a temperature
// of 0 is sent, an absent one leaves the choice to the server.
type Opt[T any] struct {
	Value T    // meaningful only when Set
	Set   bool // false: the member is left out of the request
}

// Some returns a present v.
func Some[T any](v T) Opt[T] { return Opt[T]{Value: v, Set: true} }

// Get returns the value and whether there is one; without one the value is T's zero.
func (o Opt[T]) Get() (T, bool) {
	if !o.Set {
		var zero T
		return zero, false
	}
	return o.Value, true
}

// Or returns the value, or def when there is none.
func (o Opt[T]) Or(def T) T {
	if o.Set {
		return o.Value
	}
	return def
}

// CompletionRequest is the body of POST /v1/completions. Ranges and defaults are not repeated here: package schema
// holds them, and Check compares a request with them. Model and Prompt are required, everything else is an Opt.
//
// Marshalling writes snake_case names in the schema's order on one line and does not validate; unmarshalling does.
type CompletionRequest struct {
	// Model is the id of the model, as the server's model list spells it.
	Model string `json:"model"`
	// Prompt is what the model continues.
	Prompt Prompt `json:"prompt"`
	// Suffix is the text after the gap that the completion fills.
	Suffix Opt[string] `json:"suffix"`
	// Echo puts the prompt in front of each completion of the answer.
	Echo Opt[bool] `json:"echo"`
	// MaxTokens bounds the length of each completion, in tokens.
	MaxTokens Opt[int64] `json:"max_tokens"`
	// Stop lists the texts before whose first appearance a completion ends.
	Stop Opt[[]string] `json:"stop"`
	// Temperature divides the logits before sampling; 0 takes the likeliest token each time.
	Temperature Opt[float64] `json:"temperature"`
	// TopP is the share of probability, 1 being all, that the tokens to draw from have to reach together.
	TopP Opt[float64] `json:"top_p"`
	// FrequencyPenalty is taken off a token's logit once for each earlier appearance.
	FrequencyPenalty Opt[float64] `json:"frequency_penalty"`
	// PresencePenalty is taken off a token's logit if it appeared at all.
	PresencePenalty Opt[float64] `json:"presence_penalty"`
	// LogitBias is added to the logits of single tokens.
	LogitBias Opt[LogitBias] `json:"logit_bias"`
	// Seed asks for repeatable sampling. All 64 bits reach the wire.
	Seed Opt[int64] `json:"seed"`
	// N is the number of choices returned per prompt.
	N Opt[int64] `json:"n"`
	// BestOf is the number of candidates per prompt that the server picks the N choices from.
	BestOf Opt[int64] `json:"best_of"`
	// Logprobs is the number of alternatives reported beside each chosen token. 0 reports the chosen tokens alone;
	// absent reports nothing.
	Logprobs Opt[int64] `json:"logprobs"`
	// Stream asks for server-sent events while the completion is being made.
	Stream Opt[bool] `json:"stream"`
	// StreamOptions says what the stream carries besides text.
	StreamOptions Opt[StreamOptions] `json:"stream_options"`
	// User is an opaque name of the person on whose behalf the request is made.
	User Opt[string] `json:"user"`

	// Extra holds what else the chosen server takes, in the order it is sent: members outside the schema, and those fields
	// to which a schema of your own gives a type that the typed field has no room for.
	Extra []Member `json:"-"`
}

// Prompt is one or more inputs. Exactly one of the two fields is used.
type Prompt struct {
	// Texts are prompts as text. A lone string stands here as a list of one, and is marshalled as such; Body writes
	// a string where the profile's server takes nothing else.
	Texts []string
	// Tokens are prompts as token ids of the model's tokenizer, for servers that take them.
	Tokens [][]int64
}

// LogitBias is a list of biases in the order of the request. Of several for one token the last counts; only that one is
// marshalled.
type LogitBias []TokenBias

// TokenBias is the bias of one token.
type TokenBias struct {
	Token uint64 // id in the model's tokenizer; the schema's 19 digits need the unsigned range
	Bias  float64
}

// Get returns the bias of a token and whether it has one.
func (b LogitBias) Get(token uint64) (float64, bool) {
	for i := len(b) - 1; i >= 0; i-- {
		if b[i].Token == token {
			return b[i].Bias, true
		}
	}
	return 0, false
}

// StreamOptions says what a stream carries besides text.
type StreamOptions struct {
	// IncludeUsage ends the stream with a chunk that counts the request's tokens.
	IncludeUsage Opt[bool] `json:"include_usage"`
}

// Member is one name with its value as strict JSON.
type Member struct {
	Name  string
	Value json.RawMessage
}

// MarshalJSON returns the request as one line of wire JSON: the model unless it is empty, the prompt unless
// it is the zero Prompt, what else is set, then Extra. It fails on a number that JSON cannot express, on a prompt that holds both texts and tokens, and on an
// extra member that is no JSON or that repeats a field. It does not check ranges.
func (r CompletionRequest) MarshalJSON() ([]byte, error) {
	w := r.write()
	if err := w.err(); err != nil {
		return nil, err
	}
	return w.b, nil
}

// write writes a request, as far as JSON can say it.
func (r CompletionRequest) write() objectWriter {
	w := objectWriter{b: make([]byte, 0, 256)}
	w.b = append(w.b, '{')
	for k := range typedFields {
		t := &typedFields[k]
		if t.isSet(&r) {
			w.name(t.name)
			w.value(t.at(&r))
		}
	}
	w.extra(&r)
	w.b = append(w.b, '}')
	return w
}

// UnmarshalJSON reads and validates a request under the default schema and profile; on failure the error is an
// *InvalidError and the receiver keeps its value. A prompt of token ids and a missing model, which only other servers
// take, are no failure. Called directly rather than through encoding/json, it reads every dialect that Check reads. A null
// is refused like any other text that is no request.
func (r *CompletionRequest) UnmarshalJSON(src []byte) error {
	report := Check(src)
	if report.onlyElsewhere() {
		for _, p := range schema.BuiltinProfiles() {
			v, err := ForProfile(p.Name)
			if err == nil && v.Valid(src) {
				report = v.Check(src)
				break
			}
		}
	}
	if err := report.Err(); err != nil {
		return err
	}
	*r = *report.Request
	return nil
}

// onlyElsewhere reports whether all errors are about what the type has room for and other servers take.
func (r Report) onlyElsewhere() bool {
	invalid, _ := r.Err().(*InvalidError)
	return invalid != nil && !slices.ContainsFunc(invalid.Issues, func(i Issue) bool {
		return i.Code != CodeTokenPrompt && !(i.Code == CodeMissingField && strings.HasPrefix(i.Message, "model "))
	})
}

// readRequest reads an object as a request, whatever its values.
func readRequest(object []byte) *CompletionRequest {
	v := anyRequest()
	s := v.begin(object, finding.Error)
	defer v.end(s)
	if len(s.work.Nodes) == 0 || s.work.Nodes[0].Kind != jsontape.Object {
		return nil
	}
	return s.request(v)
}

// anyRequest has the fields of CompletionRequest and no opinion on their values.
var anyRequest = sync.OnceValue(func() *Validator {
	b := []byte(`{"type":"object","properties":{`)
	for i, f := range typedFields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `"`+f.name+`":{}`...)
	}
	v, err := Compile(append(b, "}}"...), Options{Unknown: "allow"})
	if err != nil {
		panic(err) // it is the same at every start
	}
	return v
})
