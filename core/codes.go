package core

import "github.com/completion-playground/playground/core/internal/finding"

// Code names a kind of issue. Codes are stable: a program may branch on them.
type Code string

// Codes returns all codes in the order of codes.md. The caller owns the list.
func Codes() []Code {
	codes := make([]Code, len(finding.All))
	for i, c := range finding.All {
		codes[i] = Code(c)
	}
	return codes
}

// Issues of the document as a whole.
const (
	CodeTooLarge       Code = "too-large"        // the text is beyond Limits.Bytes or Limits.Values
	CodeTooDeep        Code = "too-deep"         // nesting beyond Limits.Depth
	CodeNumberTooLarge Code = "number-too-large" // a number beyond Limits.Digits or Limits.Exponent
	CodeTooManyIssues  Code = "too-many-issues"  // the report was cut at Limits.Issues
	CodeNotAnObject    Code = "not-an-object"    // the text holds a value, but no object
)

// Issues of names.
const (
	CodeUnknownField  Code = "unknown-field"  // neither the schema nor the profile knows the name
	CodeForeignField  Code = "foreign-field"  // the name belongs to another endpoint, such as chat's messages
	CodeSDKOption     Code = "sdk-option"     // an option of a client library that stands in the body
	CodeDuplicateKey  Code = "duplicate-key"  // the same key again in one object; the last one counts
	CodeBothSpellings Code = "both-spellings" // two spellings of one field, such as topP and top_p
	CodeMissingField  Code = "missing-field"  // a required field is absent
)

// Issues of values against the schema.
const (
	CodeWrongType    Code = "wrong-type"     // another JSON type is wanted
	CodeNotInteger   Code = "not-integer"    // a fraction where a whole number is wanted
	CodeOutOfRange   Code = "out-of-range"   // a number beyond its limits
	CodeTooShort     Code = "too-short"      // a text shorter than wanted; in this schema, empty
	CodeTooLong      Code = "too-long"       // a text longer than a schema of your own wants
	CodeTooFewItems  Code = "too-few-items"  // a list with less than it needs
	CodeTooManyItems Code = "too-many-items" // a list with more than it may have
	CodeBadTokenID   Code = "bad-token-id"   // a key of logit_bias that is no token id
	CodeTokenPrompt  Code = "token-prompt"   // token ids as prompt where only texts are taken
	CodeSchema       Code = "schema"         // any other keyword of a schema of your own
)

// Issues of what a server does with a field.
const (
	CodeRefusedField Code = "refused-field" // the profile's server fails on the field
	CodeIgnoredField Code = "ignored-field" // the profile's server takes the field and does nothing
	CodeFieldNote    Code = "field-note"    // the field works, with a twist
	CodeSoftLimit    Code = "soft-limit"    // within the schema's range, outside what the profile's server keeps
)

// Issues between fields, and of values that surprise.
const (
	CodeBestOfBelowN               Code = "best-of-below-n"                // fewer candidates than choices: best_of is smaller than n
	CodeBestOfWithStream           Code = "best-of-with-stream"            // several candidates, best_of above 1, together with stream: true
	CodeStreamOptionsWithoutStream Code = "stream-options-without-stream"  // options for a stream, stream_options, although nothing is streamed
	CodeGreedyChoices              Code = "greedy-choices"                 // several choices at temperature 0, which are all the same
	CodeNoTokens                   Code = "no-tokens"                      // an empty answer is asked for: max_tokens is 0, and echo is off
	CodeEchoWithLogprobs           Code = "echo-with-logprobs"             // both echo and logprobs where the server does not take them together
	CodeEchoWithSuffix             Code = "echo-with-suffix"               // both echo and suffix, whose combination nobody documents
	CodeMaxTokensUnset             Code = "max-tokens-unset"               // the length is left to the server, and servers differ widely
	CodeWideSeed                   Code = "wide-seed"                      // a seed that not all servers keep: negative, or beyond 31 bits
	CodeLogprobsZero               Code = "logprobs-zero"                  // zero alternatives, logprobs: 0, which does not turn log probabilities off
	CodeEmptyStop                  Code = "empty-stop"                     // an empty text among the stop texts
	CodeRepeatedStop               Code = "repeated-stop"                  // a stop text that stands in the list twice
	CodeEmptyPrompt                Code = "empty-prompt"                   // an empty prompt
	CodeDocsArtefact               Code = "docs-artefact"                  // a text such as json(["stop"]) that a documentation generator left behind
	CodeMinAboveMaxTokens          Code = "min-above-max-tokens"           // a least length above the most: min_tokens is larger than max_tokens
	CodeBeamSearchWithStream       Code = "beam-search-with-stream"        // beam search together with stream: true
	CodePromptLogprobsWithStream   Code = "prompt-logprobs-with-stream"    // log probabilities of the prompt, prompt_logprobs, together with stream: true
	CodeBothTokenLimits            Code = "both-token-limits"              // both max_tokens and max_completion_tokens where only one may be given
	CodeContinuousUsage            Code = "continuous-usage-without-usage" // usage in every chunk, continuous_usage_stats, without include_usage
)
