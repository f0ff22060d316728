package batch

import "github.com/completion-playground/playground/core"

// Issues of a file's lines. They stand here and not among those of package core because no text that core checks can have
// them, and core's page of codes shows an example of each. Where core has a code for the same mistake, such as
// core.CodeMissingField, that is used for the envelope too.
const (
	NotJSON       core.Code = "line-not-json"  // the line is no JSON value
	DuplicateID   core.Code = "duplicate-id"   // an earlier line has the same custom_id
	OtherMethod   core.Code = "other-method"   // the method is not POST
	OtherEndpoint core.Code = "other-endpoint" // the url is not that of text completions
)
