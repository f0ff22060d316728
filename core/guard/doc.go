// Package guard is a handler of package net/http that lets through to a completion server only what the server would take:
// a request with an error is answered before it costs a token, with all that is wrong with it.
//
//	g := guard.Guard{Validator: v}
//	http.ListenAndServe("127.0.0.1:8080", g.Handler(httputil.NewSingleHostReverseProxy(server)))
//
// The next handler gets the canonical body, see core.Body, with its own Content-Length: what was checked is what is read,
// whatever repeated names, spellings or comments the text had. Method, address and all headers that do not describe the old
// bytes are as they came, X-Request-Id and Authorization among them. [FromContext] hands it the report with the typed request.
//
// # Refusals
//
// A refusal has the shape of OpenAI's errors, with the issues beside it:
//
//	{"error": {"message": …, "type": "invalid_request_error", "param": …, "code": …}, "issues": […], "omitted": 0}
//
// The issues are those of the report, as package core writes them, errors first. A refusal is bounded whatever it is about:
// omitted says how many issues were left out, and a fix that would be long is left out of its issue.
//
// The status is 400 for a request with an error, 413 for one beyond the limits of the validator, 415 for another
// type than application/json or a coding other than gzip, 405 for a method that is neither POST nor harmless, and 408 where
// the server's own time for reading ran out.
//
// # Bounds
//
// No more than core.Limits.Bytes are read, of a chunked body and one of unknown length too, and no more than that is
// decompressed. The package writes no log.
package guard
