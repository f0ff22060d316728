package serve

import (
	"encoding/json"
	"net/http"
)

// APIError answers in the shape that OpenAI's clients read: {"error": {message, type, param, code}}.
func APIError(w http.ResponseWriter, status int, code, message string) {
	kind := "invalid_request_error"
	if status >= 500 {
		kind = "server_error"
	}
	body, _ := json.Marshal(map[string]any{"error": map[string]any{ // strings and nil always marshal
		"message": message, "type": kind, "param": nil, "code": code,
	}})
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client has gone; there is nobody to tell
}
