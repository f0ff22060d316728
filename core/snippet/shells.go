package snippet

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/internal/jsontape"
)

// curl is core.Curl, with a long body in a file.
func (w *writer) curl() {
	r := w.r
	if len(r.Body) > Longest {
		r.Body = []byte("@" + w.apart("body", ".json", string(r.Body)))
		w.text(strings.Replace(core.Curl(r), "--data-raw ", "--data-binary ", 1))
		return
	}
	w.text(core.Curl(r))
}

// curlCmd writes a command for cmd.exe. Its quotes protect less than those of other shells: a percent sign, an exclamation
// mark, or what comes after a quote within quotes may still mean something. So the body is ASCII, in which only the quotes
// around names and texts are quotes; all else that means something there is an escape of JSON.
func (w *writer) curlCmd() {
	const next = " ^\n  "
	w.b.WriteString("curl ")
	if w.r.Stream {
		w.b.WriteString("-N ")
	}
	w.b.WriteString(`"` + strings.ReplaceAll(w.r.URL, "%", "%%") + `"`)
	for _, s := range w.secrets {
		w.b.WriteString(next + `-H "` + s.Name + ": " + s.Prefix + "%" + s.Variable + `%"`)
	}
	for _, h := range w.plainHeaders() {
		w.b.WriteString(next + `-H "` + h[0] + ": " + h[1] + `"`)
	}
	// A line of cmd.exe has 8,191 characters at most.
	body := strings.ReplaceAll(asciiJSON(w.r.Body, `"\%!^&|<>`+"`'"), `"`, `\"`)
	if len(body) > 7000 {
		body = "@" + w.apart("body", ".json", string(w.r.Body))
	}
	w.line(next, `--data-binary "`, body, `"`)
	if strings.Contains(w.r.URL, "%") {
		w.notes = append(w.notes, "Percent signs are doubled, as files with commands want them; at the prompt they are single.")
	}
}

// powershell pipes the body to curl where it streams, since PowerShell's own commands wait for the whole answer.
func (w *writer) powershell() {
	body := asciiJSON(w.r.Body, "")
	source := "'" + strings.ReplaceAll(body, "'", "''") + "'"
	if len(body) > Longest {
		source = "[IO.File]::ReadAllText((Join-Path $PWD '" + w.apart("body", ".json", body) + "'))"
	}
	w.line("$body = ", source)
	address := "'" + strings.ReplaceAll(w.r.URL, "'", "''") + "'"
	if w.r.Stream {
		w.b.WriteString("$body | curl.exe -N " + address)
		for _, s := range w.secrets {
			w.b.WriteString(" `\n  -H \"" + s.Name + ": " + s.Prefix + "$env:" + s.Variable + `"`)
		}
		for _, h := range w.plainHeaders() {
			w.b.WriteString(" `\n  -H '" + h[0] + ": " + h[1] + "'")
		}
		w.line(" `\n  --data-binary '@-'")
		return
	}
	w.b.WriteString("$answer = Invoke-RestMethod -Method Post -Uri " + address)
	if len(w.secrets) > 0 {
		w.b.WriteString(" `\n  -Headers @{")
		for i, s := range w.secrets {
			if i > 0 {
				w.b.WriteString("; ")
			}
			w.b.WriteString("'" + s.Name + `' = "` + s.Prefix + "$env:" + s.Variable + `"`)
		}
		w.b.WriteString("}")
	}
	w.line(" `\n  -ContentType 'application/json' `\n  -Body $body")
	w.line("$answer.choices | ForEach-Object { $_.text }")
}

// http writes the request as files with the extension .http have it, whose variables stand in double braces.
func (w *writer) http() {
	w.line("POST ", w.r.URL, " HTTP/1.1")
	for _, s := range w.secrets {
		w.line(s.Name, ": ", s.Prefix, "{{", s.Variable, "}}")
	}
	for _, h := range w.plainHeaders() {
		w.line(h[0], ": ", h[1])
	}
	w.line()
	if len(w.r.Body) > Longest {
		w.line("< ./", w.apart("body", ".json", string(w.r.Body)))
		return
	}
	// Two braces within the body would be a variable.
	w.line(singleBraces(string(w.r.Body)))
}

// singleBraces escapes the second of two braces inside of strings. Between values two braces are the ends of objects.
func singleBraces(body string) string {
	var b strings.Builder
	inside := false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case inside && c == '\\':
			b.WriteString(body[i : i+2])
			i++
			continue
		case c == '"':
			inside = !inside
		case inside && (c == '{' || c == '}') && body[i-1] == c:
			fmt.Fprintf(&b, `\u%04x`, c)
			continue
		}
		b.WriteByte(body[i])
	}
	return b.String()
}

// asciiJSON returns strict JSON with all beyond printable ASCII, and the characters of also, as \uXXXX within strings. A
// quote or a backslash of also is meant as part of a text, not as the sign around it.
func asciiJSON(body []byte, also string) string {
	var b strings.Builder
	inside := false
	for i := 0; i < len(body); {
		c := body[i]
		switch {
		case c == '"':
			inside = !inside
			b.WriteByte(c)
			i++
		case !inside:
			b.WriteByte(c)
			i++
		case c == '\\' && body[i+1] == 'u':
			b.Write(body[i : i+6])
			i += 6
		case c == '\\':
			if also == "" {
				b.Write(body[i : i+2])
			} else {
				fmt.Fprintf(&b, `\u%04x`, jsontape.SimpleEscape(body[i+1]))
			}
			i += 2
		default:
			r, size := utf8.DecodeRune(body[i:])
			switch {
			case r >= 0x10000:
				high, low := utf16.EncodeRune(r)
				fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
			case r > '~' || strings.ContainsRune(also, r):
				fmt.Fprintf(&b, `\u%04x`, r)
			default:
				b.WriteByte(c)
			}
			i += size
		}
	}
	return b.String()
}
