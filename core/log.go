//go:build !js

package core

import "log/slog"

// The build for browsers does without this file: log/slog would be a part of the download. Where it is used there all the
// same, its handlers ask for MarshalText and MarshalJSON, or format the value, and show no secret either.

// LogValue returns what String returns.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// LogValue returns method, URL and the length of the body: a prompt is nothing for a log.
func (r HTTPRequest) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("method", r.Method),
		slog.String("url", r.URL),
		slog.Int("bytes", len(r.Body)),
	)
}
