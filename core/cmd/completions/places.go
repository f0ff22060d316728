package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/completion-playground/playground/core"
)

// findings places issues of a request in its file. What another language leaves open is no mistake.
func findings(h *host, r *request, issues []core.Issue) (found []finding) {
	var offsets []int
	for _, i := range issues {
		if r.foreign && r.open(i) {
			continue
		}
		start, end := r.place(i)
		offsets = append(offsets, start, end)
		_, text, _ := strings.Cut(i.String(), ": ")
		found = append(found, finding{Severity: i.Severity, Code: string(i.Code), Path: i.Path, Field: i.Field, Message: i.Message, text: text, Fix: i.Fix})
	}
	for _, n := range r.notes {
		level := core.Hint
		switch n.code {
		case "unreadable":
			level = core.Warning
		case notChecked:
			level = core.Error
		}
		offsets = append(offsets, n.start, n.end)
		found = append(found, finding{Severity: level, Code: n.code, Message: n.message, text: fmt.Sprintf("%s: %s [%s]", level, n.message, n.code)})
	}
	if len(found) > 0 {
		places := h.places(offsets...)
		for n := range found {
			start, end := places[2*n], places[2*n+1]
			found[n].Line, found[n].Column, found[n].EndLine, found[n].EndColumn = start.line, start.column, end.line, end.column
		}
	}
	return found
}

// open reports whether an issue is about a value that only a program that runs knows.
func (r *request) open(i core.Issue) bool {
	for _, n := range r.notes {
		if n.code != "not-literal" {
			continue
		}
		field, _, named := strings.Cut(n.message, ": ")
		switch i.Code {
		case core.CodeUnsupportedExpression:
			return true
		case core.CodeMissingField: // the issue is the document's, and only its words name the field
			if !named || strings.HasPrefix(i.Message, field+" is missing") {
				return true
			}
		case core.CodeMaxTokensUnset:
			if !named || field == "max_tokens" {
				return true
			}
		}
	}
	return r.foreign && i.Code == core.CodeLooseJSON
}

// place returns the place of an issue in the host: that of its bytes where they stand there, else of the one place where
// the name of its field stands in the request, else the beginning of the request.
func (r *request) place(i core.Issue) (start, end int) {
	if r.at >= 0 {
		return r.in.offset(r.at + i.Span.Start.Byte), r.in.offset(r.at + i.Span.End.Byte)
	}
	if n := onlyWord(r.in.text, i.Field); n >= 0 {
		return r.in.offset(n), r.in.offset(n + len(i.Field))
	}
	return r.in.offset(0), r.in.offset(0)
}

// onlyWord returns where a word stands in a text if it stands there once, else -1.
func onlyWord(text []byte, word string) int {
	at := -1
	for n := 0; word != ""; {
		i := bytes.Index(text[n:], []byte(word))
		if i < 0 {
			break
		}
		i += n
		n = i + len(word)
		if i > 0 && letter(text[i-1]) || n < len(text) && letter(text[n]) {
			continue
		}
		if at >= 0 {
			return -1
		}
		at = i
	}
	return at
}

func letter(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
