//go:build !js

package core

import (
	"log/slog"
	"slices"
)

// The build for browsers does without this file: log/slog would be a part of the download. Where it is used there all the
// same, its handlers ask for MarshalText and MarshalJSON, or format the value, and show no secret either.
//
// What is logged of texts and requests says where, which and how many, and none of what stands there: a prompt is nothing
// for a log.

// LogValue returns what String returns.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// LogValue returns the base and the names of the own headers, and whether there is a key. A base that cannot be sent is
// left out, since it may hold a password.
func (e Endpoint) LogValue() slog.Value {
	to, _ := e.Addresses()
	var names []string
	for _, h := range e.Headers {
		names = append(names, h.Name)
	}
	return slog.GroupValue(slog.String("base", to.Base), slog.Bool("key", e.Key != Secret{}), slog.Any("headers", names))
}

// LogValue returns method, URL and the length of the body.
func (r HTTPRequest) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("method", r.Method),
		slog.String("url", r.URL),
		slog.Int("bytes", len(r.Body)),
	)
}

// LogValue returns the model, the number of prompts and the names of the other fields that are set.
func (r CompletionRequest) LogValue() slog.Value {
	var fields []string
	for k := range typedFields {
		if t := &typedFields[k]; t.name != "model" && t.name != "prompt" && t.isSet(&r) {
			fields = append(fields, t.name)
		}
	}
	return slog.GroupValue(
		slog.String("model", r.Model),
		slog.Int("prompts", len(r.Prompt.Texts)+len(r.Prompt.Tokens)),
		slog.Any("fields", fields),
		slog.Int("extra", len(r.Extra)),
	)
}

// LogValue returns code, severity, field, line and column. Messages and paths repeat words of the text.
func (i Issue) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("code", string(i.Code)),
		slog.String("severity", i.Severity.String()),
		slog.String("field", i.Field),
		slog.Int("line", i.Span.Start.Line),
		slog.Int("column", i.Span.Start.Column),
	)
}

// LogValue returns how many issues there are of each severity, and their codes, once each.
func (r Report) LogValue() slog.Value {
	var count [Error + 1]int
	var codes []string
	for _, i := range r.Issues {
		if i.Severity <= Error {
			count[i.Severity]++
		}
		if code := string(i.Code); !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return slog.GroupValue(
		slog.Int("errors", count[Error]),
		slog.Int("warnings", count[Warning]),
		slog.Int("hints", count[Hint]),
		slog.Any("codes", codes),
	)
}

// LogValue returns what that of a report with the same issues does.
func (e *InvalidError) LogValue() slog.Value { return Report{Issues: e.Issues}.LogValue() }

// LogValue returns kind, host and profile, the length of the request, and whether a key was found.
func (r Imported) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("kind", r.Kind),
		slog.String("host", r.Host),
		slog.String("profile", r.Profile),
		slog.Int("bytes", len(r.Text)),
		slog.Bool("key", r.Key != Secret{}),
	)
}
