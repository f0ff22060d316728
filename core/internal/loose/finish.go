package loose

import (
	"cmp"
	"slices"

	"github.com/completion-playground/playground/core/internal/finding"
)

// finish adds the findings about the text as a whole, sorts all, and takes away fixes that would collide.
func (r *reader) finish() []finding.Finding {
	if len(r.odd) > 0 {
		r.found = append(r.found, finding.Finding{Code: finding.OddSpace, Severity: finding.Error, Node: -1, Start: r.odd[0].Start, End: r.odd[0].End, Rule: "syntax",
			Message: finding.Plural(len(r.odd), "run", "runs") + " of white space that JSON does not know, such as no-break spaces", Fix: &finding.Fix{Title: "write plain spaces", Edits: r.odd}})
	}
	slices.SortStableFunc(r.found, func(a, b finding.Finding) int { return cmp.Compare(a.Start, b.Start) })
	if r.dialect != JSON {
		r.found = append(r.found, r.looseHint())
	}
	r.separateFixes()
	r.lonePrefix()
	for n := range r.found {
		if f := &r.found[n]; f.Fix != nil {
			end := f.Fix.Edits[len(f.Fix.Edits)-1].End
			switch f.Code {
			case finding.UnclosedString, finding.UnclosedBracket, finding.MismatchedBracket, finding.UnescapedQuote, finding.MissingComma, finding.MissingColon, finding.MissingValue:
				if end > r.unsure {
					f.Fix = nil
				}
			}
			if end > r.doubtful {
				f.Fix = nil
			}
		}
	}
	r.invalidUTF8()
	slices.SortStableFunc(r.found, func(a, b finding.Finding) int { return cmp.Compare(a.Start, b.Start) })
	return r.found
}

// separateFixes drops the fix of the later of two findings whose edits touch the same bytes or insert at one place.
func (r *reader) separateFixes() {
	type owned struct {
		finding.Edit
		owner int
	}
	size := 0
	for n := range r.found {
		if fix := r.found[n].Fix; fix != nil {
			size += len(fix.Edits)
		}
	}
	all := make([]owned, 0, size)
	for n := range r.found {
		if fix := r.found[n].Fix; fix != nil {
			for _, e := range fix.Edits {
				all = append(all, owned{e, n})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b owned) int { return finding.ByPlace(a.Edit, b.Edit) })
	last := owned{finding.Edit{Start: -1, End: -1, Text: ""}, -1}
	for _, e := range all {
		if r.found[e.owner].Fix == nil {
			continue
		}
		if collides := e.Start < last.End || e.Start == last.Start && e.End == last.End; collides && e.owner != last.owner {
			r.found[max(e.owner, last.owner)].Fix = nil
			if last.owner < e.owner {
				continue
			}
		}
		last = e
	}
}

// lonePrefix lets the prefix of a string go unasked only in what is Python beyond it: u"ser" may be "user".
func (r *reader) lonePrefix() {
	at := -1
	for n := range r.found {
		if r.found[n].Code != finding.PythonLiteral {
			continue
		} else if at >= 0 {
			return
		}
		at = n
	}
	if at < 0 || r.found[at].Fix == nil {
		return
	}
	fix := r.found[at].Fix
	if e := fix.Edits[0]; e.Text == "" && r.counts[looseQuotes] == 0 {
		fix.Removes = string(r.src[e.Start:e.End])
		fix.Title = removal(e.End-e.Start, r.src[e.Start:e.End])
	}
}
