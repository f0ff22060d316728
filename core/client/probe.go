package client

import (
	"context"
	"errors"
	"time"

	"github.com/completion-playground/playground/core"
	shape "github.com/completion-playground/playground/core/answer"
	"github.com/completion-playground/playground/core/probe"
)

// ProbeOptions says what to probe, and how patiently.
type ProbeOptions struct {
	// Validator has the profile of what is thought of the server so far; nil stands for core.Default().
	Validator *core.Validator
	// Model is the model to ask; "" sends none, for servers that have only one.
	Model string
	probe.Options
}

// ProbeProgress is how far a probe is.
type ProbeProgress struct {
	// Asked is the number of requests that were answered, Most how many there are at most.
	Asked, Most int
	// Last is the id of the request whose answer came last, "" before the first.
	Last string
	// Waiting is how long the server's rate limit is waited for from now on; 0 if it is not.
	Waiting time.Duration
}

// Probe finds out what the server does with the fields of a request, by asking it: see package core/probe. It sends some
// seventy small requests, at most two at once; probe.Session.Budget tells the bounds. progress, which may be nil, is called
// after each answer and before each wait, never by two goroutines at once.
//
// A rate limit, status 429 or a Retry-After, is waited for and does not count as an answer. The probe ends early where the
// server refuses the key or the model, or says no to the simplest request; the report's End and Account tell, and there is
// no error. When the context ends, the report has what was found until then, and comes with the context's error. There
// is no other error. The key is in no report, even if the server echoes it.
func (c *Client) Probe(ctx context.Context, o ProbeOptions, progress func(ProbeProgress)) (*probe.Report, error) {
	s := probe.New(o.Validator, o.Model, o.Options)
	own := *c
	own.Retry = Retry{} // the session counts the waits
	own.EventBytes = min(positive(c.EventBytes, probe.MostBytes), probe.MostBytes)
	p := prober{client: &own, session: s, results: make(chan asking, probe.AtOnce), wait: probe.MostWait, progress: progress}
	if p.progress == nil {
		p.progress = func(ProbeProgress) {}
	}
	err := p.run(ctx)
	return s.Report(), err
}

// prober drives one session.
type prober struct {
	client   *Client
	session  *probe.Session
	results  chan asking
	open     int
	asked    int
	waits    int           // in turn, without an answer between them
	wait     time.Duration // that is left for rate limits
	progress func(ProbeProgress)
}

// asking is a request with what came of it.
type asking struct {
	probe.Request
	answer shape.Answer
	err    error
}

// run asks until the session is done or the context ends, whose error it returns. It leaves no goroutine behind.
func (p *prober) run(ctx context.Context) error {
	var pause <-chan time.Time
	for {
		if err := ctx.Err(); err != nil {
			p.session.Stop()
			for ; p.open > 0; p.open-- {
				<-p.results // the context ends them
			}
			return err
		}
		if pause == nil {
			for _, r := range p.session.Next() {
				p.open++
				go p.ask(ctx, r)
			}
		}
		if p.open == 0 && pause == nil {
			return nil
		}
		select {
		case r := <-p.results:
			p.open--
			if d := p.take(ctx, r); d > 0 {
				pause = time.After(d)
			}
		case <-pause:
			pause = nil
		case <-ctx.Done():
		}
	}
}

func (p *prober) ask(ctx context.Context, r probe.Request) {
	ctx, cancel := context.WithTimeout(ctx, probe.MostTime)
	defer cancel()
	var a Accumulator
	var err error
	for _, err = range a.Follow(p.client.StreamBody(ctx, r.Body)) {
		continue
	}
	answer := a.Completion().Answer(r.Stream, err)
	newRedactor(p.client.Endpoint).answer(&answer)
	p.results <- asking{r, answer, err}
}

// take hands an answer to the session, unless it is none: then it returns how long to wait before anything else is sent.
func (p *prober) take(ctx context.Context, r asking) time.Duration {
	if ctx.Err() != nil {
		p.session.Lost(r.ID) // it may have been cut
		return 0
	}
	if d := p.limited(r.err); d > 0 && d <= p.wait {
		p.wait -= d
		p.waits++
		p.session.Lost(r.ID)
		p.tell("", d)
		return d
	}
	p.waits = 0
	if err := p.session.Answered(r.ID, r.answer); err != nil {
		panic(err) // it was handed out, and answered once
	}
	p.asked++
	p.tell(r.ID, 0)
	return 0
}

func (p *prober) tell(last string, waiting time.Duration) {
	p.progress(ProbeProgress{Asked: p.asked, Most: p.session.Budget().Requests, Last: last, Waiting: waiting})
}

// limited returns how long to wait for a rate limit, 0 where there is none.
func (p *prober) limited(err error) time.Duration {
	var refused *APIError
	if !errors.As(err, &refused) {
		return 0
	}
	return probe.Pause(refused.Status, refused.RetryAfter, p.waits)
}

// answer takes the key out of all texts of an answer, which a server may have put there.
func (r redactor) answer(a *shape.Answer) {
	for _, s := range []*string{&a.Model, &a.Fingerprint, &a.Error} {
		*s = r.text(*s)
	}
	for i := range a.Choices {
		c := &a.Choices[i]
		c.Text, c.Reasoning, c.Finish = r.text(c.Text), r.text(c.Reasoning), r.text(c.Finish)
		for k := range c.Tokens {
			t := &c.Tokens[k]
			t.Text = r.text(t.Text)
			for n := range t.Top {
				t.Top[n].Text = r.text(t.Top[n].Text)
			}
		}
	}
}
