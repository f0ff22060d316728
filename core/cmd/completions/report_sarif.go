package main

import (
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core"
)

// sarifReport writes a log of SARIF 2.1.0 (OASIS), which code scanning reads. Results are written as they come; the rules,
// which are the codes that were met, stand behind them.
type sarifReport struct {
	out   *errWriter
	begun bool
	rules []string
}

type (
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		Level     string          `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
	sarifRule struct {
		ID      string       `json:"id"`
		Short   sarifMessage `json:"shortDescription"`
		HelpURI string       `json:"helpUri,omitempty"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version"`
		URI     string      `json:"informationUri"`
		Rules   []sarifRule `json:"rules"`
	}
)

// home is the address of the project, and codesPage that of the page on codes.
const (
	home      = "https://github.com/completion-playground/playground"
	codesPage = home + "/blob/main/core/codes.md"
)

var sarifLevels = map[core.Severity]string{core.Error: "error", core.Warning: "warning", core.Hint: "note"}

func (s *sarifReport) file(string) { s.begin() }

func (s *sarifReport) begin() {
	if !s.begun {
		fmt.Fprint(s.out, `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"columnKind":"unicodeCodePoints","results":[`)
		s.begun = true
	}
}

func (s *sarifReport) request(r checked) {
	for _, f := range r.found {
		if len(s.rules) > 0 {
			fmt.Fprint(s.out, ",")
		}
		if !slices.Contains(s.rules, f.Code) {
			s.rules = append(s.rules, f.Code)
		}
		message := visible(strings.TrimPrefix(f.text, f.Severity.String()+": "))
		if f.Fix != nil {
			message += "\nFix: " + visible(f.Fix.Title)
		}
		writeLine(s.out, sarifResult{f.Code, sarifLevels[f.Severity], sarifMessage{message}, []sarifLocation{{sarifPhysical{
			sarifArtifact{fileURI(f.File)}, sarifRegion{f.Line, f.Column, f.EndLine, f.EndColumn}}}}})
	}
}

func (s *sarifReport) end() error {
	s.begin()
	fmt.Fprint(s.out, `],"tool":`)
	slices.Sort(s.rules)
	rules := []sarifRule{}
	for _, code := range s.rules {
		rule := sarifRule{ID: code, Short: sarifMessage{meaningOf(code)}}
		if fileCodes[code] == "" {
			rule.HelpURI = codesPage + "#" + code
		}
		rules = append(rules, rule)
	}
	writeLine(s.out, sarifTool{sarifDriver{"completions", version(), home, rules}})
	fmt.Fprint(s.out, "}]}\n")
	return s.out.err
}

// fileURI returns the name of a file as a reference relative to where the program runs, or as a URI of an absolute one.
func fileURI(name string) string {
	u := url.URL{Path: filepath.ToSlash(name)}
	if filepath.IsAbs(name) {
		u.Scheme = "file"
		if !strings.HasPrefix(u.Path, "/") {
			u.Path = "/" + u.Path
		}
	}
	return u.String()
}
