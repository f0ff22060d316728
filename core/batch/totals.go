package batch

import (
	"math"

	"github.com/completion-playground/playground/core"
)

// Totals sums lines up. The zero Totals is ready for use; it is not safe for concurrent use.
type Totals struct {
	Lines   int64 // that are not blank
	Valid   int64 // of these, without an error
	Bytes   int64 // of the input up to the end of the last line, its line break not counted
	Prompts int64 // of all valid requests
	Choices int64 // completions that are asked for: prompts times n
	// MaxTokens is the most tokens that they may have together: the sum of choices times max_tokens. Unbounded counts the
	// valid requests that leave max_tokens to the server, whose tokens are not in the sum.
	MaxTokens, Unbounded int64
	// Issues counts the issues by their severity, Codes by their code. A code counts once for each issue, so that one line
	// may count several times.
	Issues map[core.Severity]int64
	Codes  map[core.Code]int64
}

// Add adds a line. The sums stay at the largest int64 rather than overflow.
func (t *Totals) Add(l *Line) {
	t.Lines++
	t.Bytes = l.Offset + l.Length
	valid := true
	for i := range l.Report.Issues {
		issue := &l.Report.Issues[i]
		if t.Issues == nil {
			t.Issues, t.Codes = map[core.Severity]int64{}, map[core.Code]int64{}
		}
		t.Issues[issue.Severity]++
		t.Codes[issue.Code]++
		valid = valid && issue.Severity != core.Error
	}
	if !valid {
		return
	}
	t.Valid++
	if r := l.Report.Request; r != nil {
		prompts, choices := sizeOf(r)
		t.Prompts = sum(t.Prompts, prompts)
		t.Choices = sum(t.Choices, choices)
		if most, ok := r.MaxTokens.Get(); ok {
			t.MaxTokens = sum(t.MaxTokens, product(choices, most))
		} else {
			t.Unbounded++
		}
	}
}

// sizeOf returns the prompts of a request and the completions that it asks for.
func sizeOf(r *core.CompletionRequest) (prompts, choices int64) {
	prompts = int64(max(len(r.Prompt.Texts)+len(r.Prompt.Tokens), 1))
	return prompts, product(prompts, max(r.N.Or(1), 1))
}

// sum and product are those of numbers that are not below zero.
func sum(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

func product(a, b int64) int64 {
	if b != 0 && a > math.MaxInt64/b {
		return math.MaxInt64
	}
	return a * b
}
