package loose

import (
	"fmt"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
)

// Read is scan where that succeeds and recover otherwise; it returns what recover found.
func Read(t *jsontape.Tape, src []byte, lim jsontape.Limits, names Names) []finding.Finding {
	if t.Scan(src, lim) {
		return nil
	}
	found, _ := Reread(t, src, lim, names)
	return found
}

// Reread is recover for a text that scan could not read just before.
func Reread(t *jsontape.Tape, src []byte, lim jsontape.Limits, names Names) ([]finding.Finding, Dialect) {
	if t.CrowdedAt >= 0 {
		return tooManyValues(t, t.CrowdedAt, lim), JSON
	}
	return readAny(t, src, lim, names)
}

// tooManyValues gives up a text with more values than the limit.
func tooManyValues(t *jsontape.Tape, at int, lim jsontape.Limits) []finding.Finding {
	t.Nodes = t.Nodes[:0]
	return []finding.Finding{{Code: finding.TooLarge, Severity: finding.Error, Node: -1, Start: at, End: at, Rule: "limits/values",
		Message: fmt.Sprintf("got too many values, want at most %d", lim.Values)}}
}
