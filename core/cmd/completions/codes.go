package main

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"github.com/completion-playground/playground/core"
)

func setupCodes(*flag.FlagSet) runner {
	return func(_ context.Context, c *console, args []string) int {
		var b strings.Builder
		if len(args) == 0 {
			for _, t := range core.CodeTexts() {
				fmt.Fprintf(&b, "%-31s %s\n", t.Code, t.Meaning)
			}
		}
		for n, code := range args {
			t, ok := codeText(code)
			if !ok {
				return c.misused("codes", "there is no code %q; \"completions codes\" lists them", code)
			}
			if n > 0 {
				b.WriteString("\n")
			}
			fmt.Fprintf(&b, "%s\n\n%s\n\n%s", t.Code, t.Meaning, indented(t.Example))
		}
		return c.print(b.String())
	}
}

// codeText returns what is said of a code, in whatever case and with the brackets of a report or without.
func codeText(code string) (core.CodeText, bool) {
	code = strings.ToLower(strings.Trim(code, "[]"))
	for _, t := range core.CodeTexts() {
		if string(t.Code) == code {
			return t, true
		}
	}
	return core.CodeText{}, false
}

// meaningOf returns the meaning of a code without its full stop.
func meaningOf(code string) string {
	t, _ := codeText(code)
	return strings.TrimSuffix(t.Meaning, ".")
}

// indented returns Markdown with the indentation of code in place of fences.
func indented(markdown string) string {
	var b strings.Builder
	fenced := false
	for line := range strings.Lines(markdown) {
		switch {
		case strings.HasPrefix(line, "```"):
			fenced = !fenced
		case fenced:
			b.WriteString("    " + line)
		default:
			b.WriteString(line)
		}
	}
	return b.String()
}
