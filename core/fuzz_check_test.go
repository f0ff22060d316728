package core

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

// FuzzCheck holds Check and Inspect to what a caller may rely on for any bytes: places in range and in order, pointers
// that lead somewhere, a body exactly where there is no error, and a body that checks to itself.
func FuzzCheck(f *testing.F) {
	files, err := filepath.Glob("testdata/cases/*.txtar")
	require.NoError(f, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		for _, section := range txtar.Parse(text).Files {
			if section.Name == "input" {
				f.Add(section.Data)
			}
		}
	}
	v := Default()
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 1<<16 {
			return
		}
		before := slices.Clone(src)
		report := v.Check(src)
		requireSoundReport(t, src, &report)
		inspector := v.NewInspector()
		in := inspector.Inspect(src)
		fields := inspector.Fields()
		require.Equal(t, report.Issues, in.Issues)
		require.Equal(t, report.Changes, in.Changes)
		for i := range fields {
			requireSoundSpan(t, src, fields[i].Span)
		}
		require.Equal(t, before, src, "the text was changed")
		require.Equal(t, report.Valid(), v.Valid(src))
		body := v.Body(src)
		require.Equal(t, report.Valid(), body != nil)
		requireSoundDraft(t, v, &report, v.DraftBody(src))
		requireReadBack(t, escaped(report))
		requireDecodes(t, v, src, report)
		if body == nil {
			return
		}
		require.Equal(t, string(body), string(v.DraftBody(src)))
		again := v.Check(body)
		require.NoError(t, again.Err(), "%q", body)
		require.Equal(t, string(body), string(v.Body(body)))
		require.Equal(t, report.Request, again.Request)
		require.Empty(t, again.Changes, "%q", body)
	})
}

// requireSoundDraft holds what is sent of a text with errors to be JSON that says of each field what the text said: it is
// refused for the same reasons in the same fields.
func requireSoundDraft(t *testing.T, v *Validator, report *Report, draft []byte) {
	t.Helper()
	if draft == nil {
		require.False(t, report.Valid())
		return
	}
	require.True(t, json.Valid(draft), "%q", draft)
	require.Equal(t, string(draft), string(v.DraftBody(draft)))
	again := v.Check(draft)
	require.Equal(t, refusals(report), refusals(&again), "%q", draft)
}

// refusals are the errors of a report by code and field, without those that the canonical form settles. A place cannot be
// compared: members are in another order there.
func refusals(r *Report) (all []string) {
	for i := range r.Issues {
		if issue := &r.Issues[i]; issue.Severity == Error && issue.Code != CodeDuplicateKey && issue.Code != CodeBothSpellings {
			all = append(all, string(issue.Code)+" "+issue.Field)
		}
	}
	slices.Sort(all)
	return all
}

func requireSoundReport(t *testing.T, src []byte, r *Report) {
	t.Helper()
	require.Equal(t, r.Valid(), r.Request != nil)
	read := pointers(src)
	for i := range r.Issues {
		issue := &r.Issues[i]
		requireSoundSpan(t, src, issue.Span)
		require.Contains(t, read, issue.Path, "%+v", issue)
		require.NotEmpty(t, issue.Code)
		require.NotEmpty(t, issue.Message)
		require.NotEmpty(t, issue.Rule)
		require.Contains(t, []Severity{Hint, Warning, Error}, issue.Severity)
		if i > 0 {
			require.LessOrEqual(t, r.Issues[i-1].Span.Start.Byte, issue.Span.Start.Byte)
		}
		if issue.Fix != nil {
			require.NotEmpty(t, issue.Fix.Edits)
			for _, e := range issue.Fix.Edits {
				requireSoundPlace(t, src, e.Start, e.Start16)
				requireSoundPlace(t, src, e.End, e.End16)
			}
			_, err := Apply(src, issue.Fix.Edits)
			require.NoError(t, err)
		}
	}
	for i := range r.Changes {
		change := &r.Changes[i]
		requireSoundSpan(t, src, change.Span)
		require.Contains(t, read, change.Path, "%+v", change)
		if i > 0 {
			require.LessOrEqual(t, r.Changes[i-1].Span.Start.Byte, change.Span.Start.Byte)
		}
	}
}

// pointers returns the pointer of every value that can be read in a text, made from the root down rather than, as a
// report does, from one node up.
func pointers(src []byte) map[string]bool {
	var t jsontape.Tape
	loose.Read(&t, src, jsontape.Limits{}.WithDefaults(), Default().ready().check.Request)
	found := map[string]bool{"": true}
	var walk func(i uint32, path string)
	walk = func(i uint32, path string) {
		found[path] = true
		index := 0
		for c := i + 1; c < t.Nodes[i].Next; c = t.Nodes[c].Next {
			if t.Nodes[i].Kind == jsontape.Array {
				walk(c, path+"/"+strconv.Itoa(index))
			} else {
				walk(c, path+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(t.Key(c)))
			}
			index++
		}
	}
	if len(t.Nodes) > 0 {
		walk(0, "")
	}
	return found
}

func requireSoundSpan(t *testing.T, src []byte, s Span) {
	t.Helper()
	requireSoundPlace(t, src, s.Start.Byte, s.Start.UTF16)
	requireSoundPlace(t, src, s.End.Byte, s.End.UTF16)
	require.LessOrEqual(t, s.Start.Byte, s.End.Byte)
	line, column := 1, 1
	for i, r := range string(src[:s.Start.Byte]) {
		switch {
		case r == '\n' || r == '\r' && (i+1 >= len(src) || src[i+1] != '\n'):
			line, column = line+1, 1
		default:
			column++
		}
	}
	require.Equal(t, [2]int{line, column}, [2]int{s.Start.Line, s.Start.Column})
}

// requireSoundPlace compares a place with a conversion of everything before it.
func requireSoundPlace(t *testing.T, src []byte, at, at16 int) {
	t.Helper()
	require.GreaterOrEqual(t, at, 0)
	require.LessOrEqual(t, at, len(src))
	require.Equal(t, len(utf16.Encode([]rune(string(src[:at])))), at16)
}
