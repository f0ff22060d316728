package core

// ChangeKind names a step that canonicalization takes. Kinds are stable, as codes are.
type ChangeKind string

// The kinds of a Change.
const (
	ChangeRenamed     ChangeKind = "renamed"      // a name is sent in its wire form
	ChangeWrapped     ChangeKind = "wrapped"      // a lone value is sent as a list of one
	ChangeUnwrapped   ChangeKind = "unwrapped"    // a list of one is sent as its item, where the server takes nothing else
	ChangeDroppedNull ChangeKind = "dropped-null" // an optional field that is null is left out
	ChangeOmitted     ChangeKind = "omitted"      // what is meant for an editor is left out
	ChangeInteger     ChangeKind = "integer"      // a whole number is sent without fraction or exponent
	ChangeDialect     ChangeKind = "dialect"      // another notation is sent as JSON
)

// Dialect names how a text is written.
type Dialect string

// The dialects that Check reads.
const (
	DialectJSON       Dialect = "json"       // strict JSON
	DialectJSONC      Dialect = "jsonc"      // JSON with comments and trailing commas
	DialectJavaScript Dialect = "javascript" // an object literal of JavaScript or TypeScript
)

// UnknownPolicy says what a field is that neither schema nor profile knows.
type UnknownPolicy string

// The policies. The zero one leaves it to the profile, or without one to the schema: an error where additionalProperties
// is false.
const (
	UnknownByProfile UnknownPolicy = ""
	UnknownError     UnknownPolicy = "error"
	UnknownWarning   UnknownPolicy = "warning"
	UnknownHint      UnknownPolicy = "hint"
	UnknownAllow     UnknownPolicy = "allow"
)
