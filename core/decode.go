package core

import (
	"strings"

	"github.com/completion-playground/playground/core/internal/finding"
)

// Canonicalize is Body and Check in one pass: the canonical wire JSON, nil where an issue of the report is an error.
func Canonicalize(src []byte) ([]byte, Report) { return Default().Canonicalize(src) }

// Canonicalize is the package's Canonicalize under v's schema, profile and limits.
func (v *Validator) Canonicalize(src []byte) ([]byte, Report) {
	v = v.ready()
	s := v.begin(src, finding.Hint)
	defer v.end(s)
	r := s.report()
	if s.work.Findings.Failed {
		return nil, r
	}
	r.Request = s.request(v)
	return s.work.Body(), r
}

// Decode reads a text as a request apart from whether its values are right: a temperature of 3 is in the request, and an
// error in the report, which is that of Check. Values that the typed fields have no room for are in Extra. As JSON the
// request says what DraftBody says. It is the zero request of a text that cannot be read without guessing; where the report
// is valid, it shares its lists with the report's own.
func Decode(src []byte) (CompletionRequest, Report) { return Default().Decode(src) }

// Decode is the package's Decode under v's schema, profile and limits.
func (v *Validator) Decode(src []byte) (CompletionRequest, Report) {
	v = v.ready()
	s := v.begin(src, finding.Hint)
	defer v.end(s)
	r := s.report()
	if !s.work.Readable() {
		return CompletionRequest{}, r
	}
	request := s.request(v)
	if !s.work.Findings.Failed {
		r.Request = request
	}
	return *request, r
}

// CheckRequest checks a request that a program has made. The report is that of Check for the text that MarshalJSON returns:
// its places are places in there, and its Request is what was read back. Where MarshalJSON fails there is no such text;
// the report then has an error for each value that JSON cannot say, at the start, and nothing else.
func CheckRequest(r CompletionRequest) Report { return Default().CheckRequest(r) }

// CheckRequest is the package's CheckRequest under v's schema, profile and limits.
func (v *Validator) CheckRequest(r CompletionRequest) Report {
	w := r.write()
	if len(w.faults) == 0 {
		return v.Check(w.b)
	}
	start := Position{Line: 1, Column: 1}
	var report Report
	for _, f := range w.faults {
		i := Issue{Code: f.code, Severity: Error, Rule: "marshal", Message: f.message, Span: Span{Start: start, End: start}}
		if fieldNamed(f.member) != nil {
			i.Field = f.member
		}
		if len(f.member) <= mostNamed {
			i.Path = "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(f.member)
		}
		report.Issues = append(report.Issues, i)
	}
	return report
}

// mostNamed is the length in bytes up to which a member that cannot be marshalled is named by its path, which may be twice
// as long.
const mostNamed = 2 << 10
