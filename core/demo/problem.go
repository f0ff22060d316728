package demo

import (
	"fmt"
	"strings"

	"github.com/completion-playground/playground/core"
)

// problem is an error in OpenAI's shape. Param and Code are null where they do not apply.
type problem struct {
	status  int
	Message string  `json:"message"`
	Type    string  `json:"type"`
	Param   *string `json:"param"`
	Code    *string `json:"code"`
}

func newProblem(status int, kind, param, code, message string) *problem {
	optional := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	return &problem{status, message, kind, optional(param), optional(code)}
}

func badRequest(param, code, message string) *problem {
	return newProblem(statusBadRequest, "invalid_request_error", param, code, message)
}

func tooLong(param string) *problem {
	return badRequest(param, "context_length_exceeded", fmt.Sprintf(
		"%s: prompt, suffix and completion together can have at most %d tokens", param, contextSize))
}

// json returns the error as a response body.
func (p *problem) json() []byte {
	return marshal(struct {
		Error *problem `json:"error"`
	}{p})
}

// listed is the number of mistakes that one error message tells.
const listed = 3

// refused puts the errors of a report into one problem, or returns nil when there is none.
func refused(r *core.Report) *problem {
	var first *core.Issue
	var messages []string
	more := 0
	for i := range r.Issues {
		issue := &r.Issues[i]
		if issue.Severity != core.Error {
			continue
		}
		if first == nil {
			first = issue
		}
		if len(messages) == listed {
			more++
			continue
		}
		if issue.Path != "" {
			messages = append(messages, strings.TrimPrefix(issue.Path, "/")+": "+issue.Message)
		} else {
			messages = append(messages, issue.Message)
		}
	}
	if first == nil {
		return nil
	}
	text := strings.Join(messages, "; ")
	if more > 0 {
		text = fmt.Sprintf("%s; and %d more", text, more)
	}
	return badRequest(first.Field, string(first.Code), text)
}
