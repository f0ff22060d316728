package main

import (
	"slices"
	"strconv"

	"github.com/completion-playground/playground/core"
)

// The check's result is written by hand into a buffer that is kept: a check runs at every keystroke, and encoding/json
// would take longer than the check itself. The shapes are those of web/src/model/verdict.ts.

func appendInspection(b []byte, r *core.Inspection) []byte {
	b = append(b, `{"ok":`...)
	b = strconv.AppendBool(b, !slices.ContainsFunc(r.Issues, isError))
	b = append(b, `,"issues":[`...)
	for i := range r.Issues {
		b = appendComma(b, i)
		b = appendIssue(b, &r.Issues[i])
	}
	b = append(b, `],"changes":[`...)
	for i := range r.Changes {
		b = appendComma(b, i)
		b = appendChange(b, &r.Changes[i])
	}
	b = append(b, `],"dialect":`...)
	b = appendString(b, string(r.Dialect))
	return append(b, '}')
}

func isError(i core.Issue) bool { return i.Severity == core.Error }

func appendIssue(b []byte, i *core.Issue) []byte {
	b = append(b, `{"code":`...)
	b = appendString(b, string(i.Code))
	b = append(b, `,"severity":`...)
	b = appendString(b, i.Severity.String())
	b = append(b, `,"path":`...)
	b = appendString(b, i.Path)
	b = append(b, `,"field":`...)
	b = appendString(b, i.Field)
	b = append(b, `,"rule":`...)
	b = appendString(b, i.Rule)
	b = append(b, `,"message":`...)
	b = appendString(b, i.Message)
	b = appendSpan(b, i.Span)
	if i.Fix != nil {
		b = append(b, `,"fix":{"title":`...)
		b = appendString(b, i.Fix.Title)
		b = append(b, `,"edits":`...)
		b = appendEdits(b, i.Fix.Edits)
		if !i.Fix.Safe() {
			b = append(b, `,"removes":`...)
			b = appendString(b, i.Fix.Removes)
		}
		b = append(b, '}')
	}
	return append(b, '}')
}

func appendChange(b []byte, c *core.Change) []byte {
	b = append(b, `{"kind":`...)
	b = appendString(b, string(c.Kind))
	b = append(b, `,"path":`...)
	b = appendString(b, c.Path)
	b = append(b, `,"field":`...)
	b = appendString(b, c.Field)
	b = append(b, `,"message":`...)
	b = appendString(b, c.Message)
	b = appendSpan(b, c.Span)
	return append(b, '}')
}

func appendMember(b []byte, m *core.Present) []byte {
	b = append(b, `{"field":`...)
	b = appendString(b, m.Field)
	if m.JSON != nil {
		b = append(b, `,"json":`...)
		b = appendString(b, m.JSON)
	}
	b = appendSpan(b, m.Span)
	return append(b, '}')
}

func appendImported(b []byte, r *core.Imported) []byte {
	b = append(b, `{"text":`...)
	if r.Text == nil {
		b = append(b, "null"...)
	} else {
		b = appendString(b, r.Text)
	}
	for _, member := range [...][2]string{
		{"kind", r.Kind}, {"name", r.Name}, {"url", r.URL}, {"base", r.Base}, {"host", r.Host}, {"path", r.Path}, {"method", r.Method},
		{"profile", r.Profile}, {"key", r.Key.Reveal()}, {"keyHeader", r.KeyHeader},
	} {
		b = append(b, `,"`...)
		b = append(b, member[0]...)
		b = append(b, `":`...)
		b = appendString(b, member[1])
	}
	b = append(b, `,"headers":[`...)
	for i, h := range r.Headers {
		b = append(appendComma(b, i), `{"name":`...)
		b = appendString(b, h.Name)
		b = append(b, `,"value":`...)
		b = appendString(b, h.Value)
		b = append(b, '}')
	}
	b = append(b, `],"notes":[`...)
	for i, n := range r.Notes {
		b = append(appendComma(b, i), `{"code":`...)
		b = appendString(b, n.Code)
		b = append(b, `,"message":`...)
		b = appendString(b, n.Message)
		b = append(appendSpan(b, n.Span), '}')
	}
	return append(b, `]}`...)
}

// appendSpan appends a further member "span".
func appendSpan(b []byte, s core.Span) []byte {
	b = append(b, `,"span":{"start":`...)
	b = appendPosition(b, s.Start)
	b = append(b, `,"end":`...)
	b = appendPosition(b, s.End)
	return append(b, '}')
}

func appendPosition(b []byte, p core.Position) []byte {
	b = append(b, `{"byte":`...)
	b = strconv.AppendInt(b, int64(p.Byte), 10)
	b = append(b, `,"utf16":`...)
	b = strconv.AppendInt(b, int64(p.UTF16), 10)
	b = append(b, `,"line":`...)
	b = strconv.AppendInt(b, int64(p.Line), 10)
	b = append(b, `,"column":`...)
	b = strconv.AppendInt(b, int64(p.Column), 10)
	return append(b, '}')
}

func appendEdits(b []byte, edits []core.TextEdit) []byte {
	b = append(b, '[')
	for i, e := range edits {
		b = appendComma(b, i)
		b = append(b, `{"start":`...)
		b = strconv.AppendInt(b, int64(e.Start), 10)
		b = append(b, `,"end":`...)
		b = strconv.AppendInt(b, int64(e.End), 10)
		b = append(b, `,"start16":`...)
		b = strconv.AppendInt(b, int64(e.Start16), 10)
		b = append(b, `,"end16":`...)
		b = strconv.AppendInt(b, int64(e.End16), 10)
		b = append(b, `,"text":`...)
		b = appendString(b, e.Text)
		b = append(b, '}')
	}
	return append(b, ']')
}

func appendComma(b []byte, i int) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	return b
}

// appendString appends s as a JSON string. Bytes from 0x80 on pass as they are: the reader, a TextDecoder, turns what
// is no UTF-8 into U+FFFD.
func appendString[S string | []byte](b []byte, s S) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}
