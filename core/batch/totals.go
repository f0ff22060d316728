package batch

import "github.com/completion-playground/playground/core"

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
func (t *Totals) Add(l *Line) {}
