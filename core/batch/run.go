package batch

import (
	"context"
	"io"
	"time"

	"github.com/completion-playground/playground/core/client"
)

// Files names the files of a run. They are made where they are not there.
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
	// Attempts is how often a request is sent at most before it has failed; 0 means 6.
	Attempts int
	// GiveUp is how many requests in a row may fail with all their attempts before the run stops; 0 means 10.
	GiveUp int
	// Progress, if not nil, is told after each line that is done, one call at a time.
	Progress func(RunTotals)
	// Clock is the time to go by; nil means the system's.
	Clock Clock
}

// Clock tells the time and waits. It must be safe for concurrent use.
type Clock interface {
	Now() time.Time
	// Sleep returns nil after d, or the context's error as soon as that ends.
	Sleep(ctx context.Context, d time.Duration) error
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

// Run sends the valid requests of a file and writes the answers, in the format of OpenAI's batch output, as they come.
func Run(ctx context.Context, input io.Reader, files Files, o RunOptions) (RunTotals, error) {
	return RunTotals{}, nil
}
