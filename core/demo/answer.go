package demo

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/completion-playground/playground/core"
)

const (
	statusOK         = 200
	statusBadRequest = 400
	statusNotFound   = 404
	statusTooLarge   = 413

	contentJSON   = "application/json"
	contentStream = "text/event-stream; charset=utf-8"
)

// mostDelay bounds how long an answer in one piece is held back to seem generated.
const mostDelay = 2 * time.Second

// Options gives an answer what a program without clock and randomness cannot have. The zero Options works.
type Options struct {
	Created int64  // Unix seconds, returned as created
	Entropy uint64 // decides what a request without a seed draws, and the answer's id; should differ from call to call
}

// Answer is the response to one request. It is not safe for concurrent use. Dropping it half played is fine.
type Answer struct {
	Status int
	Header [][2]string // names and values, Content-Type first

	queue []Step
	more  func() []Step // the next steps; none: the end
}

// Step is one piece of the response body.
type Step struct {
	Delay time.Duration // to wait before anything else
	Data  []byte        // to write and flush then; may be empty
	Cut   bool          // break the connection after Data, without ending the body properly; there is no further step
}

// Next returns the next step, and false after the last. The work is done here: a stream takes one token per choice at
// a time, an answer in one piece takes all of it in the first call.
func (a *Answer) Next() (Step, bool) {
	if len(a.queue) == 0 && a.more != nil {
		a.queue = a.more()
	}
	if len(a.queue) == 0 {
		a.more = nil
		return Step{}, false
	}
	step := a.queue[0]
	a.queue = a.queue[1:]
	return step, true
}

// Complete answers the body of POST /v1/completions. Every body has an answer; what is wrong with it becomes a status
// and an error object as OpenAI's API has them. The work for one body is bounded.
func Complete(body []byte, o Options) *Answer {
	if len(body) > maxBody {
		return fail(newProblem(statusTooLarge, "invalid_request_error", "", "body_too_large", fmt.Sprintf(
			"got a body of %d bytes, want at most %d", len(body), maxBody)))
	}
	// core.Check also reads what people type and paste; a server takes only what goes over the wire.
	if !json.Valid(body) {
		return fail(badRequest("", "invalid_json", "the body is not valid JSON"))
	}
	report := rulesFor(body).Check(body)
	if p := refused(&report); p != nil {
		return fail(p)
	}
	for _, c := range report.Changes {
		if c.Kind == "renamed" { // the SDK's spelling, which most servers silently ignore
			return fail(badRequest(c.Field, "unknown_parameter", "unrecognized request argument ("+c.Message+")"))
		}
	}
	request := report.Request
	b := behaviourOf(request.Model)
	if b == nil {
		return fail(newProblem(statusNotFound, "invalid_request_error", "model", "model_not_found",
			fmt.Sprintf("the model %.80q does not exist; demo models are listed at /v1/models", request.Model)))
	}
	if b.refuse != nil {
		return &Answer{Status: b.refuse.status, Header: b.refuse.header, queue: []Step{{Data: b.refuse.body}}}
	}
	b.quirk.bend(request)
	var own ownFields
	if b.quirk == hasOwnFields {
		var err error
		if own, err = Default().readOwn(body, request); err != nil {
			return fail(badRequest("", "invalid_value", err.Error()))
		}
	}
	j, p := newJob(Default(), request, o.Entropy)
	if p != nil {
		return fail(p)
	}
	j.sampler.own = own
	j.uncounted = b.quirk == noUsage
	head := completion{
		ID:                answerID(body, o),
		Object:            "text_completion",
		Created:           o.Created,
		Model:             b.id,
		SystemFingerprint: fmt.Sprintf("fp_%010x", j.model.fingerprint>>24),
	}
	if j.stream {
		return streamed(j, b, head)
	}
	return whole(j, b, head)
}

// rulesFor returns the rules of the model that a body names, as far as that can be told before they are applied.
func rulesFor(body []byte) *core.Validator {
	var named struct{ Model string }
	_ = json.Unmarshal(body, &named) // what is no text is refused under the common rules
	if b := behaviourOf(named.Model); b != nil {
		return b.quirk.rules()
	}
	return honest.rules()
}

func answerID(body []byte, o Options) string {
	h := fnv.New64a()
	h.Write(body)
	fmt.Fprint(h, o.Created, o.Entropy)
	return fmt.Sprintf("cmpl-%016x", h.Sum64())
}

func fail(p *problem) *Answer {
	return &Answer{Status: p.status, Header: [][2]string{{"Content-Type", contentJSON}}, queue: []Step{{Data: p.json()}}}
}

// midway is the error that demo-error-midstream runs into.
var midway = newProblem(500, "server_error", "", "demo_failure", "the model stopped working (demo-error-midstream always does)")

// whole answers in one piece.
func whole(j *job, b *behaviour, head completion) *Answer {
	if b.fault == faultError {
		return fail(midway)
	}
	a := &Answer{Status: statusOK, Header: [][2]string{{"Content-Type", contentJSON}}}
	a.more = func() []Step {
		a.more = nil
		if b.fault == faultEmptyBody {
			return []Step{{Delay: b.first}}
		}
		candidates, drawn := j.complete()
		head.Choices = make([]choice, len(candidates))
		longest := 0
		for i, c := range candidates {
			head.Choices[i] = choice{Text: string(c.out.text), Index: i, FinishReason: &c.reason}
			if j.wantLogs {
				head.Choices[i].Logprobs = c.stats(0, len(c.out.tokens))
			}
			longest = max(longest, c.drawn)
		}
		head.Usage = j.usageOf(drawn)
		step := Step{Delay: b.first + min(time.Duration(longest)*b.each, mostDelay), Data: marshal(head)}
		if b.fault == faultCut || b.fault == faultReset {
			step.Data = step.Data[:len(step.Data)/2]
			step.Cut = b.fault == faultReset
		}
		return []Step{step}
	}
	return a
}

// usageOf returns the count of tokens, nil where the model counts none.
func (j *job) usageOf(drawn int) *usage {
	if j.uncounted {
		return nil
	}
	return &usage{j.promptTokens, drawn, j.promptTokens + drawn}
}
