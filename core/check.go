package core

import (
	"slices"

	"github.com/completion-playground/playground/core/internal/check"
	"github.com/completion-playground/playground/core/internal/finding"
)

// Check reads a completion request and says everything there is to say about it, under the default schema and profile.
// It takes any bytes: mistakes are issues of the report, never an error or a panic.
//
// The text may be JSON, JSON with comments and trailing commas, or a JavaScript or TypeScript object literal with the
// statement around it. Of a command or a record that holds a request, see Import, it says so in one issue. The report
// holds no reference to src.
func Check(src []byte) Report { return Default().Check(src) }

// Check is the package's Check under v's schema, profile and limits.
//
//	text ─scan─▶ tape ─canonicalize─▶ fields ─accept?─▶ request
//	                                     └──── no ────▶ explain (jsonschema v5) ─▶ issues
//	                                     rules ──────────────────────────────────▶ issues
func (v *Validator) Check(src []byte) Report {
	v = v.ready()
	s := v.begin(src, finding.Hint)
	defer v.end(s)
	r := s.report()
	if !s.work.Findings.Failed {
		r.Request = s.request(v)
	}
	return r
}

// Valid reports whether Check would find no error, without saying why. On valid strict JSON in wire
// form it allocates nothing.
func (v *Validator) Valid(src []byte) bool {
	v = v.ready()
	s := v.begin(src, finding.Error)
	defer v.end(s)
	return !s.work.Findings.Failed
}

// Body returns the canonical wire JSON of a text under the default schema and profile: one line, snake_case, fields in
// schema order, values as they were typed. It is nil while Check finds an error.
func Body(src []byte) []byte { return Default().Body(src) }

// Body is the package's Body under v's schema, profile and limits.
func (v *Validator) Body(src []byte) []byte {
	v = v.ready()
	s := v.begin(src, finding.Error)
	defer v.end(s)
	if s.work.Findings.Failed {
		return nil
	}
	return s.work.Body()
}

// DraftBody returns the canonical wire JSON of a text whose values may be wrong, as Body returns it of one without errors, so
// that a server can be asked for its own word on them. It is nil of a text that cannot be read without guessing: one with
// a syntax error, beyond the limits, or in another language (see Import).
func DraftBody(src []byte) []byte { return Default().DraftBody(src) }

// DraftBody is the package's DraftBody under v's schema, profile and limits.
func (v *Validator) DraftBody(src []byte) []byte {
	v = v.ready()
	s := v.begin(src, finding.Error)
	defer v.end(s)
	return s.work.DraftBody()
}

// session is one check with what the face makes of it. Its buffers are reused.
type session struct {
	work   *check.Work
	filler filler
}

// begin runs the pipeline; what is milder than least need not be found.
func (v *Validator) begin(src []byte, least finding.Severity) *session {
	s := v.sessions.Get().(*session)
	s.work.Check(src, least, &v.check.Limits)
	return s
}

// end gives the buffers back.
func (v *Validator) end(s *session) {
	if s.work.Release() {
		v.sessions.Put(s)
	}
}

// report moves findings and changes into a report, in order and with their places.
func (s *session) report() (r Report) {
	w := s.work
	if len(w.Findings.All) == 0 && len(w.Changes) == 0 {
		return r
	}
	w.Findings.Settle(&w.Tape)
	slices.SortStableFunc(w.Changes, func(a, b check.Change) int { return a.Start - b.Start })
	p := placesOf(w)
	if len(w.Findings.All) > 0 {
		r.Issues = make([]Issue, len(w.Findings.All))
		for i := range w.Findings.All {
			r.Issues[i] = p.issue(w, &w.Findings.All[i])
		}
	}
	if len(w.Changes) > 0 {
		r.Changes = make([]Change, len(w.Changes))
		for i := range w.Changes {
			r.Changes[i] = p.change(w, &w.Changes[i])
		}
	}
	return r
}
