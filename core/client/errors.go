package client

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/completion-playground/playground/schema"
)

var (
	// ErrEndedEarly says that the answer ended properly as far as the connection goes, but before the server had said
	// of every choice why it finishes, and without [DONE]. What came is a part of the answer. Relays end so when the
	// server behind them fails.
	ErrEndedEarly = errors.New("the answer ended early")
	// ErrEmpty says that the server answered with success and delivered nothing.
	ErrEmpty = errors.New("the answer is empty")
)

// A Problem is a failure as a server describes it. All fields but Message and Raw may be empty.
type Problem struct {
	Code    string // a word or a number, whichever the server uses
	Type    string
	Param   string // the request's member that is to blame
	Message string // for people, without control characters; never empty
	// Upstream is what a router says that the provider behind it said, "" if there is none.
	Upstream string
	Raw      string // the body or the event, cut at Client.ErrorBytes
}

func (p Problem) String() string {
	s := p.Message
	if p.Upstream != "" {
		s += "; the provider behind it says: " + p.Upstream
	}
	var more []string
	if p.Param != "" {
		more = append(more, "param "+strconv.Quote(p.Param))
	}
	if p.Code != "" {
		more = append(more, "code "+strconv.Quote(p.Code))
	}
	if more != nil {
		s += " (" + strings.Join(more, ", ") + ")"
	}
	return s
}

// An APIError is an answer that is no completion: a status other than success, or success with an error object or a
// web page in the body.
type APIError struct {
	Status int // 200 where a server wraps a failure into success
	Problem
	// RetryAfter is how long the server asks to wait before the next try, 0 if it does not say.
	RetryAfter time.Duration

	facts
}

// Error gives the status and the server's message.
func (e *APIError) Error() string {
	return fmt.Sprintf("server answered %s: %s", statusLine(e.Status), e.Problem)
}

func statusLine(status int) string {
	return strings.TrimSpace(strconv.Itoa(status) + " " + http.StatusText(status))
}

// A StreamError is a failure that the server reports, or that shows, after the answer has begun: an error event, a
// choice that was given up, data that is no JSON. What came before it counts.
type StreamError struct {
	Problem

	facts
}

// Error gives the server's message.
func (e *StreamError) Error() string { return "answer failed: " + e.Problem.String() }

// A RedirectError says that the server sends the request elsewhere. It is not followed, because the key and the prompt
// would go to a place that nobody has agreed to.
type RedirectError struct {
	Status   int
	Location string // as the server wrote it, perhaps relative

	facts
}

// Error names the place.
func (e *RedirectError) Error() string {
	return fmt.Sprintf("server answered %s to %q; redirects are not followed", statusLine(e.Status), e.Location)
}

// A TransportError says that the server could not be reached or that the connection broke. It unwraps to the cause:
// errors.Is with context.Canceled or context.DeadlineExceeded tells a caller that gave up from a network that did.
type TransportError struct {
	Op  string // "send the request" or "read the answer"
	Err error

	facts
}

// opSend is the Op of a connection that broke before anything came.
const opSend = "send the request"

// Error gives the operation and the cause.
func (e *TransportError) Error() string { return "cannot " + e.Op + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *TransportError) Unwrap() error { return e.Err }

// problem finds the failure in a JSON object, whichever of these shapes it has: an error object; an error text; the
// object itself being the error, as in older vLLM and in SGLang; a detail as FastAPI writes it. Without one of these
// it returns false.
func (o object) problem() (Problem, bool) {
	if inner, ok := parseObject(o["error"]); ok {
		p := inner.fields()
		if p.Message == "" && p.Upstream == "" {
			p.Message = cmp.Or(strings.TrimPrefix(strings.TrimSuffix(p.Type+", "+p.Code, ", "), ", "), string(o["error"]))
		}
		p.Message = cmp.Or(p.Message, p.Upstream)
		return p, true
	}
	if text := plainText(o["error"]); text != "" {
		return Problem{Type: plainText(o["error_type"]), Message: text}, true
	}
	if isText(o["message"]) || !isNothing(o["detail"]) {
		p := o.fields()
		return p, p.Message != ""
	}
	return Problem{}, false
}

func (o object) fields() Problem {
	p := Problem{
		Code:     cmp.Or(plainText(o["code"]), plainText(o["http_status_code"])),
		Type:     cmp.Or(plainText(o["type"]), plainText(o["error_type"])),
		Param:    plainText(o["param"]),
		Message:  cmp.Or(plainText(o["message"]), detail(o["detail"])),
		Upstream: upstream(o["metadata"]),
	}
	return p
}

// hasError reports whether there is an error, as an object or as a text.
func (o object) hasError() bool {
	_, inner := parseObject(o["error"])
	return inner || hasText(o["error"])
}

// upstream reads what OpenRouter says about the provider, whose answer stands in metadata as an object, once more as
// JSON text, or in words.
func upstream(raw json.RawMessage) string {
	metadata, _ := parseObject(raw)
	words := plainText(metadata["raw"])
	inner, ok := parseObject([]byte(words))
	if !ok {
		return words
	}
	if p, ok := inner.problem(); ok {
		return p.Message
	}
	return words
}

// plainText returns a string's text, another value's JSON, and "" for null, for false and for nothing.
func plainText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil || string(raw) == "false" {
		return s
	}
	return string(raw)
}

// detail reads the member of that name: FastAPI's, a text or a list of places and messages, and KoboldCpp's, one entry
// of such a list.
func detail(raw json.RawMessage) string {
	type entry struct {
		Loc     []json.RawMessage `json:"loc"`
		Message string            `json:"msg"`
	}
	var entries []entry
	if json.Unmarshal(raw, &entries) != nil {
		var one entry
		if json.Unmarshal(raw, &one) != nil || one.Message == "" {
			return plainText(raw)
		}
		entries = []entry{one}
	}
	var lines []string
	for _, entry := range entries {
		var loc []string
		for _, part := range entry.Loc {
			loc = append(loc, plainText(part))
		}
		lines = append(lines, strings.TrimPrefix(strings.Join(loc, ".")+": "+entry.Message, ": "))
	}
	return strings.Join(lines, "; ")
}

// bodyProblem describes a body that is no completion. text is what may be shown of it.
func bodyProblem(status int, body []byte, text string) Problem {
	if o, ok := parseObject(body); ok {
		if p, ok := o.problem(); ok {
			return p
		}
	}
	switch {
	case isPage(text):
		if title := pageTitle(text); title != "" {
			return Problem{Message: "got a web page titled " + strconv.Quote(title) + ", want JSON"}
		}
		return Problem{Message: "got a web page, want JSON"}
	case printable(text) != "":
		return Problem{Message: text}
	case status/100 == 2:
		return Problem{Message: "the body is empty"}
	}
	return Problem{Message: "the server says no more than that"}
}

func isPage(text string) bool { return strings.HasPrefix(strings.TrimLeft(text, "\ufeff \t\r\n"), "<") }

// pageTitle returns the title of a web page, "" if it has none.
func pageTitle(page string) string {
	m := titleElement.FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return strings.TrimSpace(html.UnescapeString(m[1]))
}

var titleElement = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title`)

// printable makes one readable line of a server's text: white space and control characters become single spaces, and
// what is longer than anybody reads is cut.
func printable(s string) string {
	var b strings.Builder
	most, gap := schema.Answers().Limits.MessageUnits, false
	for _, r := range s {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(r)
		if b.Len() > utf8.UTFMax*most {
			break
		}
	}
	return cut(b.String(), most)
}

// cut returns a text, or where it is longer than most UTF-16 units, its beginning with an ellipsis.
func cut(s string, most int) string {
	units := 0
	for i, r := range s {
		if units += utf16.RuneLen(r); units > most {
			return s[:i] + "…"
		}
	}
	return s
}

// retryAfter reads a Retry-After header: seconds, or a date, which is compared with the server's own clock where it
// tells the time, and else with now.
func retryAfter(h http.Header, clock func() time.Time) time.Duration {
	const most = 365 * 24 * time.Hour // beyond it the number is a mistake, and a Duration would overflow
	value := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseInt(value, 10, 64); err == nil {
		return time.Duration(min(max(seconds, 0), int64(most/time.Second))) * time.Second
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		now = clock()
	}
	return min(max(until.Sub(now), 0), most)
}
