package batch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/completion-playground/playground/core/client"
)

// Files names the files of a run. They are made where they are not there. Output and Errors may be one file; the journal is
// another one.
type Files struct {
	// Output gets a line for each answer.
	Output string
	// Errors gets a line for each request that was not sent, or that has no answer; "" puts them into Output.
	Errors string
	// Journal says which lines of the input are done.
	Journal string
}

// RunOptions adjusts Run. Client is needed, all else may be left out.
type RunOptions struct {
	Options
	// Client sends the requests. Its Endpoint's key is in none of the files and in no error.
	Client *client.Client
	// Concurrency is how many requests may be under way at the same time; 0 means 8.
	Concurrency int
	// RequestsPerMinute is the most requests that are begun in any minute, second tries among them; 0 is no limit.
	RequestsPerMinute int
	// TokensPerMinute bounds the tokens that are asked for in any minute, give or take one request, as servers reckon them
	// before they know better: a fourth of the prompt's bytes, or its token ids, and max_tokens for each choice, 16 where
	// max_tokens is not set. 0 is no limit.
	TokensPerMinute int
	// Attempts is how often a request is sent at most before it has failed; 0 means 6. What a server refuses with
	// Retry-After is not counted.
	Attempts int
	// Timeout is the longest time for one attempt; 0 means ten minutes. It may be shorter by that of Client.HTTP.
	Timeout time.Duration
	// GiveUp is how many requests in a row may fail with all their attempts before the run stops; 0 means 10.
	GiveUp int
	// MostWait is the longest Retry-After that is waited for; 0 means an hour. The run stops at a longer one.
	MostWait time.Duration
	// SyncEvery is after how many lines the files are written through to the disk, which a crash of the machine calls for; 0
	// means 64. That of the process alone loses nothing in any case.
	SyncEvery int
	// Progress, if not nil, is told after each line that is done, one call at a time.
	Progress func(RunTotals)
}

func (o RunOptions) withDefaults() RunOptions {
	set := func(n *int, def int) {
		if *n <= 0 {
			*n = def
		}
	}
	o.Options = o.Options.withDefaults()
	set(&o.Concurrency, 8)
	set(&o.Attempts, 6)
	set(&o.GiveUp, 10)
	set(&o.SyncEvery, 64)
	if o.Timeout <= 0 {
		o.Timeout = 10 * time.Minute
	}
	if o.MostWait <= 0 {
		o.MostWait = time.Hour
	}
	return o
}

// RunTotals counts what a run has done.
type RunTotals struct {
	Lines    int64 // that are not blank, read so far
	Before   int64 // of these, done by an earlier run
	Invalid  int64 // not sent, because they have an error
	Answered int64 // with an answer in Output
	Failed   int64 // sent without success
	Sent     int64 // requests, second tries among them
	Offset   int64 // of the input, behind the last line read
}

// Run sends the valid requests of a file and writes the answers as they come, in the format of OpenAI's batch output:
//
//	{"id": "batch_req_17_89abcdef", "custom_id": "a", "response": {"status_code": 200, "request_id": "…", "body": {…}}, "error": null}
//
// A request that has an error, and one that no answer came to, has a response of null and an error with code and message. A
// line without a custom_id has line-17 in its place. The id names the line of the input and a checksum of it; a body that is
// no JSON is written as a text.
//
// What is sent is the canonical body. One that asks for a stream is sent with "stream": false and without stream_options.
//
// # Again after a failure
//
// A connection that breaks and the statuses 408, 409, 425, 429, 500, 502, 503, 504 and 529 may pass. The request is sent
// again after a pause that doubles from half a second up to a minute and is shortened at random by up to a half. A
// Retry-After holds up all requests. Other refusals are final. Run stops at a redirect and at 401, 402 and 405, which no
// other request would fare better with, and after GiveUp requests in a row that failed with all their attempts, which are
// left for the next run.
//
// # After an end
//
// A run that has ended in any way, kill -9 included, is continued by the same call: what the journal tells of is not sent
// again. An answer is first written to Output, then to the journal, each in one piece. What the journal lacks is read from
// the end of Output, and half a line there is cut off. So no answer is lost, and nothing is sent again that has one in Output.
// Whether one that was under way had reached the server cannot be known: at most Concurrency are sent again. Lines may be
// added to the end of the input; where one that is done has changed, Run fails and sends none behind it. If the machine
// crashes, the last SyncEvery answers may be lost with it, and are asked for again; so are those that somebody has taken out
// of Output from its end.
//
// Only one Run at a time may have the files; on Unix another one that names any of them is refused. A file that holds
// anything else is refused, too, and stays as it is. What they hold is as private as the requests, and
// they are made readable for their owner alone. Memory does not grow with the input but for four bytes a line, and see
// Options.MaxIDs.
//
// The error tells why not all of the input was done: the context's, or that of the input, the files or the server.
func Run(ctx context.Context, input io.Reader, files Files, o RunOptions) (RunTotals, error) {
	if o.Client == nil {
		return RunTotals{}, errors.New("batch: a run needs a client")
	}
	o = o.withDefaults()
	l, err := openLedger(files, o.SyncEvery)
	if err != nil {
		return RunTotals{}, err
	}
	r := &runner{o: o, ledger: l, pace: newPacer(o.RequestsPerMinute, o.TokensPerMinute), client: *o.Client}
	if common, ok := http.DefaultTransport.(*http.Transport); ok && r.client.HTTP == nil {
		own := common.Clone()
		own.MaxIdleConnsPerHost = o.Concurrency
		defer own.CloseIdleConnections()
		r.client.HTTP = &http.Client{Transport: own}
	}
	err = r.run(ctx, input)
	return r.totals, errors.Join(err, l.close())
}

// runner is one run.
type runner struct {
	o      RunOptions
	client client.Client
	ledger *ledger
	pace   *pacer
	stop   context.CancelCauseFunc

	mu      sync.Mutex // guards what follows, and the ledger
	totals  RunTotals
	heard   bool    // the server has answered or refused something for good
	pending []entry // failed with all their attempts since then
}

func (r *runner) run(ctx context.Context, input io.Reader) error {
	ctx, r.stop = context.WithCancelCause(ctx)
	defer r.stop(nil)
	jobs := make(chan *job)
	var senders sync.WaitGroup
	for range r.o.Concurrency {
		senders.Go(func() {
			for j := range jobs {
				r.send(ctx, j)
			}
		})
	}
	err := r.feed(ctx, input, jobs)
	close(jobs)
	senders.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	if err != nil {
		return err
	}
	return r.settle()
}

// feed reads the input, and hands out what is to be sent. The context ends its wait for somebody who takes it.
func (r *runner) feed(ctx context.Context, input io.Reader, jobs chan<- *job) error {
	for l, err := range Check(ctx, input, r.o.Options) {
		if err != nil {
			return err
		}
		sum := checksum(&l)
		r.mu.Lock()
		r.totals.Lines++
		r.totals.Offset = l.Offset + l.Length
		done := r.ledger.done.get(l.Number)
		if done != 0 {
			r.totals.Before++
		}
		r.mu.Unlock()
		if done != 0 {
			if done != sum {
				return fmt.Errorf("batch: line %d is another one than the journal tells of; the input has changed", l.Number)
			}
			continue
		}
		j := &job{line: l.Number, sum: sum, id: l.ID}
		fault := faultOf(&l)
		if fault == nil {
			if j.body, err = unstreamed(r.o.Validator, &l); err != nil {
				fault = &failure{Code: "not-sent", Message: err.Error()}
			}
		}
		if fault != nil {
			r.record(j.entry(nil, fault), &r.totals.Invalid)
			continue
		}
		j.tokens = tokensOf(l.Report.Request)
		select {
		case jobs <- j:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// record writes an entry, and stops the run where that cannot be done. count is what it counts as.
func (r *runner) record(e entry, count *int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.recordLocked(e, count)
}

func (r *runner) recordLocked(e entry, count *int64) {
	if err := r.ledger.record(e); err != nil {
		r.stop(err)
		return
	}
	*count++
	if r.o.Progress != nil {
		r.o.Progress(r.totals)
	}
}

// settled notes that the server works, so that what has failed before has failed for good, and records an entry.
func (r *runner) settled(e entry, count *int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.heard = true
	r.flush()
	r.recordLocked(e, count)
}

func (r *runner) flush() {
	for _, e := range r.pending {
		r.recordLocked(e, &r.totals.Failed)
	}
	r.pending = nil
}

// failed keeps what has failed with all its attempts until something shows whether that was the server's fault or its own.
func (r *runner) failed(e entry, why error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pending = append(r.pending, e)
	if len(r.pending) >= r.o.GiveUp {
		r.stop(fmt.Errorf("batch: %d requests in a row failed with all their attempts, the last one: %w", len(r.pending), why))
	}
}

// settle records what is left over at the end of the input. Where the server has not been heard of at all, that is left for
// the next run.
func (r *runner) settle() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.pending); n > 0 && !r.heard {
		return fmt.Errorf("batch: no request got an answer: %s", r.pending[n-1].why())
	}
	r.flush()
	return nil
}
