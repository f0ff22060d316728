// Package core checks requests of the legacy text-completion endpoint, POST /v1/completions, before they are sent: it
// says everything that is wrong with one, where, and what to do about it, and makes the exact bytes to send.
//
//	text := []byte(`{"model": "m", "prompt": "Hello!", "temperature": 3}`)
//	report := core.Check(text)
//	if err := report.Err(); err != nil {
//		fmt.Println(err) // 1 error in the request: 1:51 temperature: got 3, want at most 2; fix: use 2 instead of 3
//	}
//	body := core.Body(text) // nil while there is an error
//
// # Terms
//
// The text is what a person typed or a program made: any bytes. Check reads strict JSON, JSON with comments and trailing
// commas, and an object literal of JavaScript or TypeScript with the statement around it.
//
// A field is one of the request's 18 properties. Its wire name is in snake_case (top_p), as servers read it; the SDK
// spelling in camelCase (topP) is accepted for the same field. Names, ranges, defaults and documentation of all fields
// stand in one JSON Schema, package schema.
//
// A profile is what one kind of server adds to the schema: what it refuses, silently ignores, or takes besides.
// Profiles are data, see [Profile]; [DefaultProfile] is that of the API the request type comes from.
//
// An [Issue] is one mistake, with a stable [Code], a [Severity], a path, a span in every unit in use, and often a [Fix].
// The severity follows what the server does: an error is refused, a warning is ignored or changed, a hint is worth
// knowing. The page codes.md, beside this package, shows an example of each code.
//
// Canonicalization turns the text into the body: wire names in the schema's order on one line, whole numbers without
// fraction or exponent, absent and null optional fields left out, of members that repeat a name only the last, a lone
// text for a list wrapped into one, and a $schema, which is meant for editors, left out. Each step is a [Change] of the report, save for repeated names, which are issues. The
// digits of other numbers, and a seed of 64 bits, are kept as typed. [Body] makes the body.
//
// # Who decides
//
// jsonschema v5 compiles the schema and is the authority on it. A single pass over the text, which reads its limits from
// the compiled schema, decides types, ranges, lengths, simple patterns and lists by itself, exactly as v5 would; tests and
// a fuzz target hold the two together. Whatever else a schema demands is v5's: containers are taken apart until it gets
// the smallest values in question, and where a schema of your own ties fields together, the whole. Rules between fields are code, each with its source. Check never panics and returns
// no error: bad input is what it is for.
//
// # Edits
//
// [Validator.Set], [Validator.Unset], [Validator.FixAll] and [Validator.Format] return minimal edits that leave the rest
// of the text alone byte for byte, comments included; [Apply] makes them.
//
// # Import
//
// [Import] reads a text that holds a request in another language: a command for sh, cmd.exe or PowerShell, HTTP as text, a
// record of Postman, a HAR file, and others, each by its own rules. It gives the request as a text, the address, and a key
// apart. [Check] of such a text is one issue, whose fix is that request.
//
// # Programs
//
// A [CompletionRequest] that a program has made is checked by [CheckRequest]. [Decode] reads a text as one apart from whether
// its values are right, and [Canonicalize] gives the body with the report. Requests and their parts, reports and issues are JSON
// both ways. For package log/slog they are values that show no word of a text.
//
// # Sending
//
// [Build] gives method, URL, headers and body for an [Endpoint]. Its key is a [Secret], which no printing, logging or
// encoding shows. Package core/client sends what Build made and reads the answer; package core/guard refuses requests in front
// of a server.
//
// # Compatibility
//
// Within a major version codes, wire names and the kinds of changes stay; messages may become better, and new codes,
// fields and profiles may appear. The package depends on jsonschema v5 and the standard library alone, and neither
// opens files nor connections.
package core
