package check

import (
	"slices"

	"github.com/completion-playground/playground/core/internal/edit"
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"
)

// What is checked again to vet fixes is bounded, as a schema of one's own may cost any time for each byte: a few fixes of a
// long text, many of a short one. The others are not offered until those have been applied. Those of the structure, which
// are tried once, are offered untried for a text beyond mostVettedBytes.
const (
	mostVettedBytes = 1 << 20
	manyVettedBytes = 1 << 17 // for all fixes beyond the first fewVetted
	fewVetted       = 8
)

// vetFixes takes back fixes that do not help.
func (w *Work) vetFixes() {
	switch {
	case w.trial.inner:
	case w.Syntax:
		w.vetStructure()
	case w.checker.own:
		w.vetEach()
	}
}

// vetStructure takes back the fixes of a text that cannot be read as it stands, if it cannot be read better with all of
// them: what is wrong is something else then. A fix that leaves the text as it is goes too, as the value that it mends
// stands in the text that was guessed.
func (w *Work) vetStructure() {
	for i := range w.Findings.All {
		if f := &w.Findings.All[i]; f.Fix != nil && (!w.changes(f.Fix.Edits) || w.strangeWord(f)) {
			f.Fix = nil
		}
	}
	if w.Findings.Full() || len(w.Src) > mostVettedBytes {
		return // how many there are is not known, or dear to know
	}
	before := w.Unread()
	for _, removals := range []bool{false, true} {
		some := false
		var structural []finding.Finding
		for i := range w.Findings.All {
			if f := &w.Findings.All[i]; f.Fix != nil && f.Rule == "syntax" && (removals || f.Fix.Removes == "") {
				structural = append(structural, *f)
				some = some || removals == (f.Fix.Removes != "")
			}
		}
		if !some {
			continue
		}
		text, err := finding.Apply(w.Src, edit.CompatibleFixes(structural, removals))
		if err == nil && w.try(text).Unread() < before {
			continue
		}
		for i := range w.Findings.All {
			if f := &w.Findings.All[i]; f.Fix != nil && f.Rule == "syntax" && removals == (f.Fix.Removes != "") {
				f.Fix = nil
			}
		}
	}
}

// strangeWord reports whether a fix makes true or false of the first letters, where the field takes neither.
func (w *Work) strangeWord(f *finding.Finding) bool {
	if f.Code != finding.UnquotedString || f.Node <= 0 || int(f.Node) >= len(w.Nodes) {
		return false
	}
	if word := f.Fix.Edits[0].Text; word != "true" && word != "false" {
		return false
	}
	if w.Nodes[0].Kind != jsontape.Object || w.ChildOver(0, uint32(f.Node)) != uint32(f.Node) {
		return false
	}
	takes := w.checker.Takes([]byte(w.Key(uint32(f.Node))))
	return takes != 0 && takes&(loose.Booleans|loose.Anything) == 0
}

// changes reports whether edits make another text.
func (w *Work) changes(edits []finding.Edit) bool {
	return slices.ContainsFunc(edits, func(e finding.Edit) bool { return string(w.Src[e.Start:e.End]) != e.Text })
}

// Unread tells how far the text is from being JSON, by its errors first.
func (w *Work) Unread() (n int) {
	for i := range w.Findings.All {
		if f := &w.Findings.All[i]; f.Rule != "syntax" {
			continue
		} else if f.Severity == finding.Error {
			n += 1 << 20
		} else {
			n++
		}
	}
	return n
}

// vetEach takes back fixes under a schema of one's own that would put one mistake in the place of another. The embedded
// schema and its rules are known, so that their fixes are right by themselves; what ties the fields of another
// schema together nobody can tell beforehand, so each fix is tried.
func (w *Work) vetEach() {
	var before map[offence]int
	tried, bytes := 0, 0
	for i := range w.Findings.All {
		f := &w.Findings.All[i]
		if f.Fix == nil || f.Rule == "syntax" {
			continue
		}
		if before == nil {
			before = offences(w.Findings.All)
		}
		tried, bytes = tried+1, bytes+len(w.Src)
		if bytes > mostVettedBytes || bytes > manyVettedBytes && tried > fewVetted {
			f.Fix = nil
			continue
		}
		text, err := finding.Apply(w.Src, f.Fix.Edits)
		if err != nil || !better(before, offences(w.try(text).Findings.All), offenceOf(f)) {
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
