package check

import (
	"github.com/completion-playground/playground/core/internal/finding"
)

// vettedBytes bounds the text that is checked again to vet fixes: a schema of one's own may cost any time for each byte.
const vettedBytes = 1 << 20

// vetFixes takes back fixes under a schema of one's own that would put one mistake in the place of another. The embedded
// schema and its rules are known, so that their fixes are right by themselves; what ties the fields of another
// schema together nobody can tell beforehand, so each fix is tried.
func (w *Work) vetFixes() {
	if !w.checker.own || w.vetting || w.Syntax {
		return // behind a syntax error there may be more than could be seen before
	}
	var before map[mistake]int
	var trial *Work
	left := vettedBytes
	for i := range w.Findings.All {
		f := &w.Findings.All[i]
		if f.Fix == nil || f.Rule == "syntax" {
			continue
		}
		if trial == nil {
			trial = NewWork(w.checker)
			trial.vetting = true
			before = mistakes(w.Findings.All)
		}
		text, err := finding.Apply(w.Src, f.Fix.Edits)
		if left -= len(text) + 1; err != nil || left < 0 {
			f.Fix = nil
			continue
		}
		trial.Check(text, finding.Hint, w.Limits)
		if !better(before, mistakes(trial.Findings.All), mistakeOf(f)) {
			f.Fix = nil
		}
	}
}

// mistake is what two findings have in common that tell of the same mistake, wherever it stands.
type mistake struct {
	code     finding.Code
	severity finding.Severity
	rule     string
}

func mistakeOf(f *finding.Finding) mistake { return mistake{f.Code, f.Severity, f.Rule} }

func mistakes(list []finding.Finding) map[mistake]int {
	count := make(map[mistake]int, len(list))
	for i := range list {
		count[mistakeOf(&list[i])]++
	}
	return count
}

// better reports whether a mistake is there less often than before, and no error more often.
func better(before, after map[mistake]int, gone mistake) bool {
	for m, n := range after {
		if m.severity == finding.Error && n > before[m] {
			return false
		}
	}
	return after[gone] < before[gone]
}
