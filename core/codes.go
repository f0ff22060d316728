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
