package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/completion-playground/playground/core"
)

// jsonReport writes a line of JSON for each finding, in the shape of finding.
type jsonReport struct{ out *errWriter }

func (j *jsonReport) file(string) {}

func (j *jsonReport) request(r checked) {
	for _, f := range r.found {
		writeLine(j.out, f)
	}
}

func (j *jsonReport) end() error { return j.out.err }

// writeLine writes a value as JSON and a line break. Whatever has a shape here can be written.
func writeLine(out *errWriter, value any) {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil && out.err == nil {
		out.err = err
	}
}

// githubReport writes workflow commands, which GitHub shows beside the lines of a pull request.
type githubReport struct{ out *errWriter }

var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	githubLevels   = map[core.Severity]string{core.Error: "error", core.Warning: "warning", core.Hint: "notice"}
)

func (g *githubReport) file(string) {}

func (g *githubReport) request(r checked) {
	for _, f := range r.found {
		message := visible(strings.TrimPrefix(f.text, f.Severity.String()+": "))
		if f.Fix != nil {
			message += "\nfix: " + visible(f.Fix.Title)
		}
		end := fmt.Sprintf(",endLine=%d", f.EndLine)
		if f.EndLine == f.Line { // GitHub refuses columns where there are several lines
			end += fmt.Sprintf(",endColumn=%d", f.EndColumn)
		}
		fmt.Fprintf(g.out, "::%s file=%s,line=%d%s,col=%d,title=%s::%s\n", githubLevels[f.Severity], githubProperty.Replace(f.File), f.Line, end, f.Column,
			githubProperty.Replace(f.Code), githubData.Replace(message))
	}
}

func (g *githubReport) end() error { return g.out.err }

// junitReport writes JUnit's XML: a suite for each file, with a case for each request that has a finding, and one for all
// others. Errors and warnings are failures.
type junitReport struct {
	out   *errWriter
	suite *junitSuite
	clean int
}

type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	File    string        `xml:"file,attr"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitFailure `xml:"failure"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func (j *junitReport) file(name string) {
	j.flush()
	j.suite, j.clean = &junitSuite{Name: visible(name)}, 0
}

func (j *junitReport) request(r checked) {
	if len(r.found) == 0 {
		j.clean++
		return
	}
	c := junitCase{Name: fmt.Sprintf("request at %d:%d", r.at.line, r.at.column), Class: visible(r.file), File: visible(r.file), Line: r.at.line}
	var text strings.Builder
	worst := r.found[0]
	for _, f := range r.found {
		fmt.Fprintf(&text, "%s:%d:%d: %s\n", visible(f.File), f.Line, f.Column, visible(f.text))
		if f.Severity > worst.Severity {
			worst = f
		}
	}
	if worst.Severity > core.Hint {
		c.Failure = &junitFailure{worst.Code, visible(worst.Message), text.String()}
		j.suite.Failures++
	} else {
		c.Out = text.String()
	}
	j.suite.Cases = append(j.suite.Cases, c)
}

// flush writes the suite of the file that has ended.
func (j *junitReport) flush() {
	switch {
	case j.suite == nil:
		fmt.Fprint(j.out, xml.Header+"<testsuites name=\"completions\">\n")
		return
	case j.clean > 0:
		j.suite.Cases = append(j.suite.Cases, junitCase{Name: counted(j.clean, "request") + " without findings", Class: j.suite.Name, File: j.suite.Name})
	}
	j.suite.Tests = len(j.suite.Cases)
	text, err := xml.MarshalIndent(j.suite, "  ", "  ")
	if err != nil && j.out.err == nil {
		j.out.err = err
	}
	fmt.Fprintf(j.out, "%s\n", text)
}

func (j *junitReport) end() error {
	j.flush()
	fmt.Fprint(j.out, "</testsuites>\n")
	return j.out.err
}
