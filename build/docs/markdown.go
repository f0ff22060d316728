package docs

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"unicode"
)

var (
	link       = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	inlineCode = regexp.MustCompile("`+[^`]*`+")
	heading    = regexp.MustCompile(`^#{1,6} +(.*?)(?: +\{#([^}]+)\})?$`)
)

// eachLine changes the lines outside fenced code.
func eachLine(text string, change func(line string) string) string {
	var out strings.Builder
	fenced := false
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced = !fenced
		} else if !fenced {
			body, end := strings.CutSuffix(line, "\n")
			if line = change(body); end {
				line += "\n"
			}
		}
		out.WriteString(line)
	}
	return out.String()
}

// eachLink changes the targets of links and pictures, outside code.
func eachLink(text string, change func(target string) string) string {
	return eachLine(text, func(line string) string {
		code := inlineCode.FindAllStringIndex(line, -1)
		var out strings.Builder
		last := 0
		for _, m := range link.FindAllStringSubmatchIndex(line, -1) {
			inside := false
			for _, c := range code {
				inside = inside || c[0] < m[0] && m[1] <= c[1]
			}
			if !inside {
				out.WriteString(line[last:m[2]] + change(line[m[2]:m[3]]))
				last = m[3]
			}
		}
		return out.String() + line[last:]
	})
}

// Anchors returns the ids of the headings of a Markdown text.
func Anchors(text string) map[string]bool {
	found := map[string]bool{}
	eachLine(text, func(line string) string {
		if m := heading.FindStringSubmatch(line); m != nil {
			id := m[2]
			if id == "" {
				id = Slug(m[1])
			}
			found[id] = true
		}
		return line
	})
	return found
}

var linked = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)

// Slug is the id that GitHub gives a heading, which VitePress is told to give too: lower case, spaces as hyphens, letters,
// digits, hyphens and underscores alone.
func Slug(title string) string {
	title = linked.ReplaceAllString(title, "$1")
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(title))
}

// prose makes a text into Markdown that says it, also inside a table.
func prose(text string) string {
	text = html.EscapeString(text)
	return strings.NewReplacer("|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`,
		"{{", "&#123;&#123;", "&#34;", `"`, "&#39;", "'", "\n", " ").Replace(text)
}

// code makes a text into Markdown that shows it as code, also inside a table.
func code(text string) string {
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	pad := ""
	if fence != "`" || text == "" || strings.Trim(text, " ") != text {
		pad = " "
	}
	text = strings.NewReplacer("|", `\|`, "\n", "⏎", "\t", "⇥", "\r", "␍").Replace(text)
	return fence + pad + text + pad + fence
}

// table writes rows as a Markdown table, or nothing where there are none.
func table(head []string, rows [][]string) string {
	if len(rows) == 0 {
		return ""
	}
	var out strings.Builder
	fmt.Fprintf(&out, "| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat(" --- |", len(head)))
	for _, row := range rows {
		fmt.Fprintf(&out, "| %s |\n", strings.Join(row, " | "))
	}
	return out.String() + "\n"
}

// sentence begins with a capital and ends with a full stop.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	first := []rune(text)
	first[0] = unicode.ToUpper(first[0])
	return strings.TrimSuffix(string(first), ".") + "."
}
