package core

// Code names a kind of issue. Codes are stable: a program may branch on them.
type Code string

// Issues of the document as a whole.
const (
	CodeTooLarge       Code = "too-large"        // the text is longer than Limits.Bytes
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
	CodeBothSpellings Code = "both-spellings" // topP and top_p in one object
	CodeMissingField  Code = "missing-field"  // a required field is absent or null
)

// Issues of values against the schema.
const (
	CodeWrongType    Code = "wrong-type"     // another JSON type is wanted
	CodeNotInteger   Code = "not-integer"    // a fraction where a whole number is wanted
	CodeOutOfRange   Code = "out-of-range"   // a number beyond its limits
	CodeTooShort     Code = "too-short"      // a text shorter than wanted; in this schema, empty
	CodeTooLong      Code = "too-long"       // a text longer than wanted
	CodeTooFewItems  Code = "too-few-items"  // a list with less than it needs
	CodeTooManyItems Code = "too-many-items" // a list with more than it may have
	CodeBadTokenID   Code = "bad-token-id"   // a key of logit_bias that is no token id
	CodeTokenPrompt  Code = "token-prompt"   // token ids as prompt where only texts are taken
	CodeSchema       Code = "schema"         // any other keyword of a foreign schema
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
	CodeBestOfBelowN               Code = "best-of-below-n"
	CodeBestOfWithStream           Code = "best-of-with-stream"
	CodeStreamOptionsWithoutStream Code = "stream-options-without-stream"
	CodeGreedyChoices              Code = "greedy-choices"
	CodeNoTokens                   Code = "no-tokens"
	CodeEchoWithLogprobs           Code = "echo-with-logprobs"
	CodeEchoWithSuffix             Code = "echo-with-suffix"
	CodeMaxTokensUnset             Code = "max-tokens-unset"
	CodeWideSeed                   Code = "wide-seed"
	CodeLogprobsZero               Code = "logprobs-zero"
	CodeEmptyStop                  Code = "empty-stop"
	CodeEmptyPrompt                Code = "empty-prompt"
	CodeDocsArtefact               Code = "docs-artefact"
	CodeMinAboveMaxTokens          Code = "min-above-max-tokens"
	CodeBeamSearchWithStream       Code = "beam-search-with-stream"
	CodePromptLogprobsWithStream   Code = "prompt-logprobs-with-stream"
	CodeBothTokenLimits            Code = "both-token-limits"
	CodeContinuousUsage            Code = "continuous-usage-without-usage"
)
