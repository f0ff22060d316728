// Package schema holds the JSON Schema of a completion request, its examples and the server profiles, embedded, and the
// facts by which answers are read and failures explained.
//
// It is the one owner of field names, types, ranges, defaults, documentation, of what a form needs to draw a field, and
// of the words for what servers do. Everything else in the module, and the page, reads those facts from here.
package schema

import "embed"

// Request is the JSON Schema (draft 2020-12) of the wire request: snake_case names, exactly what a server reads.
//
// Annotations beyond the standard's: "x-groups" (root) lists the groups of fields in display order; on a property,
// "x-group" names its group, "x-order" its place in the canonical order, "x-step" the step of a number control and
// "x-control" the kind of control.
//
//go:embed completion-request.json
var Request []byte

// Profiles holds one file per server profile, profiles/NAME.json.
//
//go:embed profiles/*.json
var Profiles embed.FS

// Foreign lists names that people bring into a request from elsewhere: fields of other endpoints and options of client
// libraries. README.md describes its members.
//
//go:embed foreign.json
var Foreign []byte

// Examples holds example requests, examples/*.json, each valid under the default profile.
//
//go:embed examples/*.json
var Examples embed.FS

// DemoModelsJSON is the body of GET /v1/models of the demo model: its names, and a sentence on what each is good for.
//
//go:embed demo-models.json
var DemoModelsJSON []byte
