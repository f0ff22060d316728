package batch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/client"
)

// job is one request to send.
type job struct {
	line   int64
	sum    uint32
	id     string
	body   []byte
	tokens int64
}

// passing are the statuses of a failure that may pass.
var passing = []int{http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests,
	http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout, 529}

// fatal reports whether all other requests would get this status as well.
func fatal(status int) bool {
	return status/100 == 3 || status == http.StatusUnauthorized || status == http.StatusPaymentRequired || status == http.StatusMethodNotAllowed
}

// mostRefusals bounds how often a server may put one request off by Retry-After.
const mostRefusals = 100

// send sends a request until there is something to record, or the run ends.
func (r *runner) send(ctx context.Context, j *job) {
	for attempts, refusals := 0, 0; ; {
		if r.pace.wait(ctx, j.tokens) != nil {
			return
		}
		r.mu.Lock()
		r.totals.Sent++
		r.mu.Unlock()
		raw, err := r.exchange(ctx, j.body)
		var broken *client.TransportError
		var size *client.SizeError
		switch {
		case err != nil && ctx.Err() != nil:
			return
		case errors.As(err, &size):
			r.settled(j.entry(nil, &failure{Code: "answer-too-large", Message: err.Error()}), &r.totals.Failed)
			return
		case err != nil && !errors.As(err, &broken):
			r.stop(err) // what cannot be sent now can never be
			return
		case err == nil && fatal(raw.Status):
			r.stop(fmt.Errorf("batch: %s", refusal(raw)))
			return
		case err == nil && isCompletion(raw):
			r.settled(j.entry(raw, nil), &r.totals.Answered)
			return
		case err == nil && !slices.Contains(passing, raw.Status):
			r.settled(j.entry(raw, nil), &r.totals.Failed)
			return
		}
		if err == nil && raw.RetryAfter > 0 {
			if raw.RetryAfter > r.o.MostWait {
				r.stop(fmt.Errorf("batch: the server asks to wait %v, which is more than %v", raw.RetryAfter, r.o.MostWait))
				return
			}
			r.pace.pause(raw.RetryAfter)
			if refusals++; refusals < mostRefusals {
				continue
			}
		} else if attempts++; attempts < r.o.Attempts {
			if sleep(ctx, backoff(attempts)) != nil {
				return
			}
			continue
		}
		if err != nil {
			r.failed(j.entry(nil, &failure{Code: "no-answer", Message: err.Error()}), err)
		} else {
			r.failed(j.entry(raw, nil), errors.New(refusal(raw)))
		}
		return
	}
}

func (r *runner) exchange(ctx context.Context, body []byte) (*client.Raw, error) {
	ctx, cancel := context.WithTimeout(ctx, r.o.Timeout)
	defer cancel()
	return r.client.Exchange(ctx, body)
}

// refusal says in a line what a server answered.
func refusal(raw *client.Raw) string {
	return fmt.Sprintf("the server answered %d: %.200q", raw.Status, raw.Body)
}

// isCompletion reports whether an answer is one in one piece.
func isCompletion(raw *client.Raw) bool {
	var body struct {
		Choices []json.RawMessage `json:"choices"`
		Error   json.RawMessage   `json:"error"`
	}
	return raw.Status/100 == 2 && json.Unmarshal(raw.Body, &body) == nil && body.Choices != nil &&
		(body.Error == nil || string(body.Error) == "null")
}

// unstreamed returns the canonical body of a valid line that asks for no stream.
func unstreamed(v *core.Validator, l *Line) ([]byte, error) {
	text := l.Body()
	if req := l.Report.Request; req != nil && (req.Stream.Or(false) || req.StreamOptions.Set) {
		edits, err := v.Unset(text, "/stream_options")
		if err != nil {
			return nil, err
		}
		if text, err = core.Apply(text, edits); err != nil {
			return nil, err
		}
		if edits, err = v.Set(text, "/stream", []byte("false")); err != nil {
			return nil, err
		}
		if text, err = core.Apply(text, edits); err != nil {
			return nil, err
		}
	}
	body := v.Body(text)
	if body == nil {
		return nil, errors.New("the request is invalid without a stream")
	}
	return body, nil
}

// defaultTokens is what servers take for max_tokens where it is not set.
const defaultTokens = 16

// tokensOf reckons the tokens of a request as RunOptions.TokensPerMinute tells.
func tokensOf(r *core.CompletionRequest) int64 {
	if r == nil {
		return 0
	}
	n := int64(0)
	for _, text := range r.Prompt.Texts {
		n += int64(len(text)+3) / 4
	}
	for _, ids := range r.Prompt.Tokens {
		n += int64(len(ids))
	}
	_, choices := sizeOf(r)
	return sum(n, product(choices, max(r.MaxTokens.Or(defaultTokens), 0)))
}

// failure is why there is no response.
type failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// mostFaults is how many of a line's errors are told of.
const mostFaults = 8

// faultOf tells why a line is not sent, by its errors; nil where it has none.
func faultOf(l *Line) *failure {
	invalid, _ := l.Report.Err().(*core.InvalidError)
	if invalid == nil {
		return nil
	}
	f := &failure{Code: string(invalid.Issues[0].Code)}
	for n, i := range invalid.Issues {
		if n == mostFaults {
			f.Message += fmt.Sprintf("; and %d more", len(invalid.Issues)-n)
			break
		}
		if n > 0 {
			f.Message += "; "
		}
		f.Message += fmt.Sprintf("column %d: ", i.Span.Start.Column)
		if i.Path != "" {
			f.Message += i.Path[1:] + ": "
		}
		f.Message += i.Message
	}
	return f
}

type response struct {
	Status    int             `json:"status_code"`
	RequestID string          `json:"request_id"`
	Body      json.RawMessage `json:"body"`
}

// outputLine is a line of Output, and of Errors.
type outputLine struct {
	ID       string    `json:"id"`
	CustomID string    `json:"custom_id"`
	Response *response `json:"response"`
	Error    *failure  `json:"error"`
}

// entry makes the entry of an answer, or of a failure to get one.
func (j *job) entry(raw *client.Raw, fault *failure) entry {
	line := outputLine{ID: lineID(j.line, j.sum), CustomID: j.id, Error: fault}
	if line.CustomID == "" {
		line.CustomID = fmt.Sprintf("line-%d", j.line)
	}
	e := entry{line: j.line, sum: j.sum, file: errorsFile}
	if raw != nil {
		line.Response = &response{raw.Status, raw.RequestID, raw.Body}
		if !json.Valid(raw.Body) {
			line.Response.Body = encoded(string(raw.Body))
		}
		if isCompletion(raw) {
			e.file = outputFile
		}
	}
	e.text = append(encoded(line), '\n')
	return e
}

// encoded writes a value as JSON on one line, without the escapes that only HTML needs.
func encoded(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("batch: " + err.Error()) // the types hold nothing that JSON lacks
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
