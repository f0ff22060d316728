package check

import (
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
)

// trial is where a fix is tried out before it is offered, so that none makes a request worse. The fix of a field is tried on
// the fields alone, as they are and as the fix leaves them. A long value is stood for by a short one of its kind, so that a
// trial costs little whatever the text.
type trial struct {
	inner  bool  // this is a trial itself: no fix is made
	work   *Work // nil until the first trial
	text   []byte
	errors map[mistake]int // of the fields as they are; nil until the first trial of a text
}

// mistake is an error by its code and the member that it is about; without a member, by its message.
type mistake struct {
	code   finding.Code
	member string
}

// attempt is what a fix does to one member of the request.
type attempt struct {
	at    uint32 // the member; 0: a new one
	name  string // what it is called afterwards, "" where it is gone
	value []byte // its value afterwards; nil: as it is
	mends mistake
}

// helps reports whether a fix leaves the request without the mistake that it mends, and without one that was not there.
func (fs *Fields) helps(a attempt) bool {
	y := &fs.trial
	if y.errors == nil {
		y.errors = fs.tried(attempt{at: jsontape.NoNode})
	}
	after := fs.tried(a)
	if after[a.mends] > 0 {
		return false
	}
	for m, n := range after {
		if n > y.errors[m] {
			return false
		}
	}
	return true
}

// try checks another text. What it returns is good until the next trial.
func (fs *Fields) try(text []byte) *Work {
	y := &fs.trial
	if y.work == nil {
		y.work = NewWork(fs.checker)
		y.work.trial.inner = true
	}
	y.work.Check(text, finding.Hint, fs.Limits)
	return y.work
}

// tried returns the errors of the fields after an attempt, and milder findings as 0 unless the attempt is to mend them.
func (fs *Fields) tried(a attempt) map[mistake]int {
	y := &fs.trial
	b := append(y.text[:0], '{')
	add := func(name string, value []byte, c uint32) {
		b = append(jsontape.AppendQuoted(appendComma(b), name), ':')
		if value != nil {
			b = append(b, value...)
		} else {
			b = fs.appendShort(b, c)
		}
	}
	for id := range fs.States[:fs.Top] {
		if c := fs.States[id].At; c != 0 && c != a.at && fs.Nodes[c].Kind != jsontape.Bad {
			add(fs.checker.Fields[id].Name, nil, c)
		}
	}
	if a.at != jsontape.NoNode && a.name != "" {
		add(a.name, a.value, a.at)
	}
	y.text = append(b, '}')
	w := fs.try(y.text)
	found := map[mistake]int{}
	for _, f := range w.Findings.All {
		m := mistake{f.Code, f.Message}
		if f.Node > 0 {
			m.member = w.Key(w.ChildOver(0, uint32(f.Node)))
		}
		if f.Severity == finding.Error || m == a.mends {
			found[m]++
		}
	}
	return found
}

// appendShort appends the value at i, or a shorter one of its kind where it is long.
func (fs *Fields) appendShort(b []byte, i uint32) []byte {
	const long = 256
	nd := &fs.Nodes[i]
	switch {
	case nd.End-nd.Start <= long && nd.Next-i <= long:
		return fs.AppendJSON(b, i)
	case nd.Kind == jsontape.String:
		return append(b, `"…"`...)
	case nd.Kind == jsontape.Object:
		return append(b, "{}"...)
	case nd.Kind == jsontape.Array && nd.N > 0:
		return append(fs.appendShort(append(b, '['), i+1), ']')
	}
	return fs.AppendJSON(b, i)
}
