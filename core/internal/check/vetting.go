package check

import (
	"github.com/completion-playground/playground/core/internal/finding"
)

// What is checked again to vet fixes is bounded, as a schema of one's own may cost any time for each byte: a few fixes of a
// long text, many of a short one. The others are not offered until those have been applied.
const (
	mostVettedBytes = 1 << 20
	manyVettedBytes = 1 << 17 // for all fixes beyond the first fewVetted
	fewVetted       = 8
)

// vetFixes takes back fixes under a schema of one's own that would put one mistake in the place of another. The embedded
// schema and its rules are known, so that their fixes are right by themselves; what ties the fields of another
// schema together nobody can tell beforehand, so each fix is tried.
func (w *Work) vetFixes() {
	if !w.checker.own || w.vetting || w.Syntax {
		return // behind a syntax error there may be more than could be seen before
	}
	var before map[offence]int
	var trial *Work
	tried, bytes := 0, 0
	for i := range w.Findings.All {
		f := &w.Findings.All[i]
		if f.Fix == nil || f.Rule == "syntax" {
			continue
		}
		if trial == nil {
			trial = NewWork(w.checker)
			trial.vetting = true
			before = offences(w.Findings.All)
		}
		tried, bytes = tried+1, bytes+len(w.Src)
		if bytes > mostVettedBytes || bytes > manyVettedBytes && tried > fewVetted {
			f.Fix = nil
			continue
		}
		text, err := finding.Apply(w.Src, f.Fix.Edits)
		if err != nil {
			f.Fix = nil
			continue
		}
		trial.Check(text, finding.Hint, w.Limits)
		if !better(before, offences(trial.Findings.All), offenceOf(f)) {
			f.Fix = nil
		}
	}
}

// offence is what two findings have in common that tell of the same mistake, wherever it stands.
type offence struct {
	code     finding.Code
	severity finding.Severity
	rule     string
}

func offenceOf(f *finding.Finding) offence { return offence{f.Code, f.Severity, f.Rule} }

func offences(list []finding.Finding) map[offence]int {
	count := make(map[offence]int, len(list))
	for i := range list {
		count[offenceOf(&list[i])]++
	}
	return count
}

// better reports whether a mistake is there less often than before, and no error more often.
func better(before, after map[offence]int, gone offence) bool {
	for m, n := range after {
		if m.severity == finding.Error && n > before[m] {
			return false
		}
	}
	return after[gone] < before[gone]
}
