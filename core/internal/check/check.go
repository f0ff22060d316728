// Package check is the pipeline from a text to its findings: the reading, then the fields, then what is wrong with them.
//
//	src ─▶ Reading ─▶ Fields ─▶ findings
//	       scan,      canonical- explain (the schema),
//	       loose      ize        rules (what a schema cannot say)
//
// Each step is a struct of its own that is handed what the steps before it made. They stand together in a [Work], whose
// buffers are reused, so that a check of a valid request allocates nothing. Everything is in bytes and indexes of the
// tape; package core makes places and pointers of them.
package check

import (
	"fmt"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"
)

// Work is one check after another under one Checker.
type Work struct {
	Fields
	Findings finding.List

	canonicalize canonicalizer
	explain      explainer
	rules        ruling
}

// NewWork returns a Work for c. It must not be copied.
func NewWork(c *Checker) *Work {
	w := &Work{}
	w.Fields = Fields{checker: c, States: make([]State, len(c.Fields))}
	w.canonicalize = canonicalizer{Fields: &w.Fields, out: &w.Findings}
	w.explain = explainer{Fields: &w.Fields, out: &w.Findings}
	w.rules = ruling{Fields: &w.Fields, out: &w.Findings}
	return w
}

// Check forgets the text before and runs the pipeline on src, which the Work refers to until the next call. What is milder
// than least need not be found.
func (w *Work) Check(src []byte, least finding.Severity, limits *jsontape.Limits) {
	w.find(src, least, limits)
	if least == finding.Hint {
		w.vetFixes()
	}
}

func (w *Work) find(src []byte, least finding.Severity, limits *jsontape.Limits) {
	w.Findings.Reset(limits.Issues, least)
	w.Fields.reset()
	w.fixless = w.trial.inner || least == finding.Error
	w.read(src, limits, w.checker.Request, &w.Findings)
	if len(w.Nodes) == 0 {
		return
	}
	if w.Dialect != loose.JSON && !w.Syntax {
		w.changed("dialect", -1, 0, "read as "+w.Dialect.Describe()+", sent as JSON")
	}
	if root := &w.Nodes[0]; root.Kind != jsontape.Object {
		if root.Kind != jsontape.Bad && !w.Syntax {
			w.Findings.Add(finding.Finding{Code: finding.NotAnObject, Severity: finding.Error, Node: 0, Start: int(root.Start), End: int(root.End),
				Rule: "#/type", Message: fmt.Sprintf("got %s, want an object with model and prompt", w.describe(0))})
		}
		return
	}
	w.dropInventedNulls()
	surrogates(&w.Reading, &w.Findings)
	w.canonicalize.run()
	record := w.Top == 0 && len(w.Unknown) > 0 && w.Dialect == loose.JSON
	if record && !w.checker.own && w.exchanged(src) {
		return
	}
	if !w.Findings.Decided() {
		w.explain.run()
	}
	if record && w.checker.own && w.Findings.Failed && w.exchanged(src) { // a schema of one's own may take it as it is
		return
	}
	if !w.Findings.Decided() {
		w.rules.run()
	}
}

// Release lets go of the text, and reports whether the buffers are small enough to be kept for another one.
func (w *Work) Release() bool {
	const keep = 1 << 16
	w.Src = nil
	if t := w.trial.work; t != nil && !t.Release() {
		w.trial.work = nil
	}
	return cap(w.Nodes) <= keep && cap(w.Findings.All) <= keep
}
