package core

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
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

// MarshalJSON returns the request as one line of wire JSON: the model unless it is empty, the prompt, what else is
// set, then Extra. It fails on a number that JSON cannot express, on a prompt that holds both texts and tokens, and on an
// extra member that is no JSON or that repeats a field. It does not check ranges.
func (r CompletionRequest) MarshalJSON() ([]byte, error) {
	w := objectWriter{b: make([]byte, 0, 256)}
	w.b = append(w.b, '{')
	if r.Model != "" {
		w.string("model", Some(r.Model))
	}
	if r.sets("prompt") || !r.replaces("prompt") {
		w.prompt(r.Prompt)
	}
	w.string("suffix", r.Suffix)
	w.bool("echo", r.Echo)
	w.int("max_tokens", r.MaxTokens)
	if stop, ok := r.Stop.Get(); ok {
		w.name("stop")
		w.b = appendTexts(w.b, stop)
	}
	w.float("temperature", r.Temperature)
	w.float("top_p", r.TopP)
	w.float("frequency_penalty", r.FrequencyPenalty)
	w.float("presence_penalty", r.PresencePenalty)
	w.bias(r.LogitBias)
	w.int("seed", r.Seed)
	w.int("n", r.N)
	w.int("best_of", r.BestOf)
	w.int("logprobs", r.Logprobs)
	w.bool("stream", r.Stream)
	if o, ok := r.StreamOptions.Get(); ok {
		w.name("stream_options")
		w.b = append(w.b, '{')
		w.bool("include_usage", o.IncludeUsage)
		w.b = append(w.b, '}')
	}
	w.string("user", r.User)
	w.extra(&r)
	w.b = append(w.b, '}')
	if w.err != nil {
		return nil, w.err
	}
	return w.b, nil
}

// UnmarshalJSON reads and validates a request under the default schema and profile; on failure the error is an
// *InvalidError and the receiver keeps its value. Called directly rather than through encoding/json, it reads every
// dialect that Check reads. A null is refused like any other text that is no request.
func (r *CompletionRequest) UnmarshalJSON(src []byte) error {
	report := Check(src)
	if err := report.Err(); err != nil {
		return err
	}
	*r = *report.Request
	return nil
}

// objectWriter appends the members of an object and keeps the first error.
type objectWriter struct {
	b   []byte
	err error
}

func (w *objectWriter) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf("marshal completion request: "+format, args...)
	}
}

func (w *objectWriter) name(name string) {
	if w.b[len(w.b)-1] != '{' {
		w.b = append(w.b, ',')
	}
	w.b = append(jsontape.AppendQuoted(w.b, name), ':')
}

func (w *objectWriter) string(name string, o Opt[string]) {
	if s, ok := o.Get(); ok {
		w.name(name)
		w.b = jsontape.AppendQuoted(w.b, s)
	}
}

func (w *objectWriter) bool(name string, o Opt[bool]) {
	if v, ok := o.Get(); ok {
		w.name(name)
		w.b = strconv.AppendBool(w.b, v)
	}
}

func (w *objectWriter) int(name string, o Opt[int64]) {
	if v, ok := o.Get(); ok {
		w.name(name)
		w.b = strconv.AppendInt(w.b, v, 10)
	}
}

func (w *objectWriter) float(name string, o Opt[float64]) {
	v, ok := o.Get()
	if !ok {
		return
	}
	w.name(name)
	w.number(name, v)
}

func (w *objectWriter) number(name string, v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		w.fail("%s: got %v, want a finite number", name, v)
		return
	}
	// Exponents only where plain digits would be longer than a reader likes, the same bounds as in ECMAScript.
	format := byte('f')
	if a := math.Abs(v); a != 0 && (a < 1e-6 || a >= 1e21) {
		format = 'e'
	}
	w.b = strconv.AppendFloat(w.b, v, format, -1, 64)
}

func (w *objectWriter) prompt(p Prompt) {
	w.name("prompt")
	if p.Tokens == nil {
		w.b = appendTexts(w.b, p.Texts)
		return
	}
	if p.Texts != nil {
		w.fail("prompt: got texts and tokens, want one of them")
	}
	w.b = append(w.b, '[')
	for i, ids := range p.Tokens {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.b = append(w.b, '[')
		for j, id := range ids {
			if j > 0 {
				w.b = append(w.b, ',')
			}
			w.b = strconv.AppendInt(w.b, id, 10)
		}
		w.b = append(w.b, ']')
	}
	w.b = append(w.b, ']')
}

func (w *objectWriter) bias(o Opt[LogitBias]) {
	list, ok := o.Get()
	if !ok {
		return
	}
	last := make(map[uint64]int, len(list))
	for i, t := range list {
		last[t.Token] = i
	}
	w.name("logit_bias")
	w.b = append(w.b, '{')
	for i, t := range list {
		if last[t.Token] != i {
			continue // a name may stand only once
		}
		if w.b[len(w.b)-1] != '{' {
			w.b = append(w.b, ',')
		}
		w.b = append(w.b, '"')
		w.b = strconv.AppendUint(w.b, t.Token, 10)
		w.b = append(w.b, '"', ':')
		w.number("logit_bias", t.Bias)
	}
	w.b = append(w.b, '}')
}

func (w *objectWriter) extra(r *CompletionRequest) {
	for _, m := range r.Extra {
		if r.sets(m.Name) {
			w.fail("extra member %q is a field that is set already", m.Name)
			return
		}
		w.name(m.Name)
		buf := bytes.NewBuffer(w.b)
		if err := json.Compact(buf, m.Value); err != nil {
			w.fail("extra member %q: %w", m.Name, err)
			return
		}
		w.b = buf.Bytes()
	}
}

// sets reports whether name is that of a field with a value.
func (r *CompletionRequest) sets(name string) bool {
	v := reflect.ValueOf(r).Elem()
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.Tag.Get("json") == name && f.Name != "Extra" {
			return !v.Field(i).IsZero()
		}
	}
	return false
}

// replaces reports whether Extra holds the member of that name.
func (r *CompletionRequest) replaces(name string) bool {
	return slices.ContainsFunc(r.Extra, func(m Member) bool { return m.Name == name })
}

func appendTexts(b []byte, texts []string) []byte {
	b = append(b, '[')
	for i, s := range texts {
		if i > 0 {
			b = append(b, ',')
		}
		b = jsontape.AppendQuoted(b, s)
	}
	return append(b, ']')
}

// InvalidError says that a text is no valid request.
type InvalidError struct {
	// Issues are the report's issues of severity Error, by position. There is at least one.
	Issues []Issue
}

// Err returns nil for a valid report and an *InvalidError otherwise.
func (r Report) Err() error {
	var issues []Issue
	for _, i := range r.Issues {
		if i.Severity == Error {
			issues = append(issues, i)
		}
	}
	if issues == nil {
		return nil
	}
	return &InvalidError{Issues: issues}
}

// Error lists the first issues, one a line: "2 errors in the request:" and "3:17 temperature: got 3, want at most 2".
// A single one stands on the same line.
func (e *InvalidError) Error() string {
	const most = 8
	if len(e.Issues) == 1 {
		return "1 error in the request: " + e.Issues[0].place()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d errors in the request:", len(e.Issues))
	for n, i := range e.Issues {
		if n == most {
			fmt.Fprintf(&b, "\n  and %d more", len(e.Issues)-most)
			break
		}
		b.WriteString("\n  ")
		b.WriteString(i.place())
	}
	return b.String()
}

// String returns the issue as compilers write theirs, "3:17: error: temperature: got 3, want at most 2 [out-of-range]".
// The line and column are those of its start; an issue of the whole document names no member.
func (i Issue) String() string {
	p := i.Span.Start
	s := fmt.Sprintf("%d:%d: %s: ", p.Line, p.Column, i.Severity)
	if m := i.member(); m != "" {
		s += m + ": "
	}
	return s + i.Message + " [" + string(i.Code) + "]"
}

func (i Issue) place() string {
	s := fmt.Sprintf("%d:%d ", i.Span.Start.Line, i.Span.Start.Column)
	if m := i.member(); m != "" {
		s += m + ": "
	}
	return s + i.Message
}

// member is the path for people: no leading slash, and cut to a readable length, and quoted where
// a key would break the line.
func (i Issue) member() string {
	m, whole := finding.CutTo(strings.TrimPrefix(i.Path, "/"), 2*finding.MostQuoted)
	if !whole {
		m += "…"
	}
	if strings.ContainsFunc(m, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return strconv.Quote(m)
	}
	return m
}
