package guard

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/completion-playground/playground/core"
)

// The bounds of a refusal.
const (
	mostIssues = 100
	mostBytes  = 64 << 10 // of issues as JSON
	mostFix    = 2 << 10  // of the texts of a fix
)

// problem is OpenAI's error object.
type problem struct {
	Message string
	Param   string // "" for none
	Code    string
}

// MarshalJSON writes null for what is not there, as OpenAI does.
func (p problem) MarshalJSON() ([]byte, error) {
	orNull := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	return json.Marshal(struct {
		Message string  `json:"message"`
		Type    string  `json:"type"`
		Param   *string `json:"param"`
		Code    *string `json:"code"`
	}{p.Message, "invalid_request_error", orNull(p.Param), orNull(p.Code)})
}

// refuseReport answers with the issues of a report with errors, of which err tells.
func refuseReport(w http.ResponseWriter, report core.Report, err error) {
	issues := slices.Clone(report.Issues)
	slices.SortStableFunc(issues, func(a, b core.Issue) int { return int(b.Severity) - int(a.Severity) })
	first, status := issues[0], http.StatusBadRequest
	if slices.ContainsFunc(issues, func(i core.Issue) bool { return i.Code == core.CodeTooLarge }) {
		status = http.StatusRequestEntityTooLarge
	}
	refuse(w, status, problem{Message: err.Error(), Param: first.Field, Code: string(first.Code)}, issues)
}

// refuse writes an answer. The client may have gone; then nobody is left to tell.
func refuse(w http.ResponseWriter, status int, p problem, issues []core.Issue) {
	list, left := bounded(issues)
	text, err := json.Marshal(struct {
		Error   problem           `json:"error"`
		Issues  []json.RawMessage `json:"issues"`
		Omitted int               `json:"omitted"`
	}{p, list, left})
	if err != nil {
		panic(err) // texts and numbers can be marshalled
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n'))
}

// bounded returns the first issues as JSON, and how many were left out.
func bounded(issues []core.Issue) (list []json.RawMessage, left int) {
	list = []json.RawMessage{}
	size := 0
	for n, i := range issues {
		if i.Fix != nil && textBytes(i.Fix) > mostFix {
			i.Fix = nil
		}
		text, err := json.Marshal(i)
		if err != nil {
			panic(err) // texts and numbers can be marshalled
		}
		if size += len(text); n == mostIssues || size > mostBytes {
			return list, len(issues) - n
		}
		list = append(list, text)
	}
	return list, 0
}

func textBytes(f *core.Fix) int {
	n := len(f.Removes)
	for _, e := range f.Edits {
		n += len(e.Text) + 64 // its places
	}
	return n
}
