package check

import (
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/schema"
)

// noteSeverity is what a note's use means for the request.
func noteSeverity(n schema.FieldNote) finding.Severity {
	if s, ok := finding.ParseSeverity(n.Severity); ok {
		return s
	}
	switch n.Use {
	case "refused":
		return finding.Error
	case "ignored":
		return finding.Warning
	}
	return finding.Hint
}
