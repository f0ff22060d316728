package finding

// Code names a kind of issue. The constants are made from those of package core, which say what each of them means:
// go test ./core -run Codes -update
type Code string

const (
	LooseJSON                  Code = "loose-json"
	ByteOrderMark              Code = "byte-order-mark"
	PastedRequest              Code = "pasted-request"
	EmptyDocument              Code = "empty-document"
	UnexpectedText             Code = "unexpected-text"
	StrayText                  Code = "stray-text"
	MissingComma               Code = "missing-comma"
	ExtraComma                 Code = "extra-comma"
	WrongSeparator             Code = "wrong-separator"
	MissingColon               Code = "missing-colon"
	MissingKey                 Code = "missing-key"
	MissingValue               Code = "missing-value"
	MissingBraces              Code = "missing-braces"
	UnclosedString             Code = "unclosed-string"
	UnclosedBracket            Code = "unclosed-bracket"
	MismatchedBracket          Code = "mismatched-bracket"
	UnescapedQuote             Code = "unescaped-quote"
	BadEscape                  Code = "bad-escape"
	ControlCharacter           Code = "control-character"
	BadNumber                  Code = "bad-number"
	NotANumber                 Code = "not-a-number"
	PythonLiteral              Code = "python-literal"
	SmartQuote                 Code = "smart-quote"
	UnquotedString             Code = "unquoted-string"
	InvalidUTF8                Code = "invalid-utf8"
	LoneSurrogate              Code = "lone-surrogate"
	OddSpace                   Code = "odd-space"
	UnsupportedExpression      Code = "unsupported-expression"
	TooLarge                   Code = "too-large"
	TooDeep                    Code = "too-deep"
	NumberTooLarge             Code = "number-too-large"
	TooManyIssues              Code = "too-many-issues"
	NotAnObject                Code = "not-an-object"
	UnknownField               Code = "unknown-field"
	ForeignField               Code = "foreign-field"
	SDKOption                  Code = "sdk-option"
	DuplicateKey               Code = "duplicate-key"
	BothSpellings              Code = "both-spellings"
	MissingField               Code = "missing-field"
	WrongType                  Code = "wrong-type"
	NotInteger                 Code = "not-integer"
	OutOfRange                 Code = "out-of-range"
	TooShort                   Code = "too-short"
	TooLong                    Code = "too-long"
	TooFewItems                Code = "too-few-items"
	TooManyItems               Code = "too-many-items"
	BadTokenID                 Code = "bad-token-id"
	TokenPrompt                Code = "token-prompt"
	Schema                     Code = "schema"
	RefusedField               Code = "refused-field"
	IgnoredField               Code = "ignored-field"
	FieldNote                  Code = "field-note"
	SoftLimit                  Code = "soft-limit"
	BestOfBelowN               Code = "best-of-below-n"
	BestOfWithStream           Code = "best-of-with-stream"
	StreamOptionsWithoutStream Code = "stream-options-without-stream"
	GreedyChoices              Code = "greedy-choices"
	NoTokens                   Code = "no-tokens"
	EchoWithLogprobs           Code = "echo-with-logprobs"
	EchoWithSuffix             Code = "echo-with-suffix"
	MaxTokensUnset             Code = "max-tokens-unset"
	WideSeed                   Code = "wide-seed"
	LogprobsZero               Code = "logprobs-zero"
	EmptyStop                  Code = "empty-stop"
	RepeatedStop               Code = "repeated-stop"
	EmptyPrompt                Code = "empty-prompt"
	DocsArtefact               Code = "docs-artefact"
	MinAboveMaxTokens          Code = "min-above-max-tokens"
	BeamSearchWithStream       Code = "beam-search-with-stream"
	PromptLogprobsWithStream   Code = "prompt-logprobs-with-stream"
	BothTokenLimits            Code = "both-token-limits"
	ContinuousUsage            Code = "continuous-usage-without-usage"
)

// All are all codes, in the order of the constants.
var All = [...]Code{
	LooseJSON,
	ByteOrderMark,
	PastedRequest,
	EmptyDocument,
	UnexpectedText,
	StrayText,
	MissingComma,
	ExtraComma,
	WrongSeparator,
	MissingColon,
	MissingKey,
	MissingValue,
	MissingBraces,
	UnclosedString,
	UnclosedBracket,
	MismatchedBracket,
	UnescapedQuote,
	BadEscape,
	ControlCharacter,
	BadNumber,
	NotANumber,
	PythonLiteral,
	SmartQuote,
	UnquotedString,
	InvalidUTF8,
	LoneSurrogate,
	OddSpace,
	UnsupportedExpression,
	TooLarge,
	TooDeep,
	NumberTooLarge,
	TooManyIssues,
	NotAnObject,
	UnknownField,
	ForeignField,
	SDKOption,
	DuplicateKey,
	BothSpellings,
	MissingField,
	WrongType,
	NotInteger,
	OutOfRange,
	TooShort,
	TooLong,
	TooFewItems,
	TooManyItems,
	BadTokenID,
	TokenPrompt,
	Schema,
	RefusedField,
	IgnoredField,
	FieldNote,
	SoftLimit,
	BestOfBelowN,
	BestOfWithStream,
	StreamOptionsWithoutStream,
	GreedyChoices,
	NoTokens,
	EchoWithLogprobs,
	EchoWithSuffix,
	MaxTokensUnset,
	WideSeed,
	LogprobsZero,
	EmptyStop,
	RepeatedStop,
	EmptyPrompt,
	DocsArtefact,
	MinAboveMaxTokens,
	BeamSearchWithStream,
	PromptLogprobsWithStream,
	BothTokenLimits,
	ContinuousUsage,
}
