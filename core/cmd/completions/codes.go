package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/batch"
)

// fileCodes are the codes of what is wrong around a request in a file, or not known of it, with their meanings.
var fileCodes = map[string]string{
	"not-literal":               "Only a program that runs knows the value.",
	"other-file":                "The value stands in another file.",
	notChecked:                  "The text holds too many requests; those from here on were not checked.",
	"unreadable":                "From here on the text of the command or program cannot be read.",
	string(batch.NotJSON):       "A line of JSON Lines is no JSON.",
	string(batch.DuplicateID):   "An earlier line of a batch file has the same custom_id.",
	string(batch.OtherMethod):   "The method of a line of a batch file is not POST.",
	string(batch.OtherEndpoint): "The url of a line of a batch file is not that of text completions.",
}

func setupCodes(*flag.FlagSet) runner {
	return func(_ context.Context, c *console, args []string) int {
		var b strings.Builder
		if len(args) == 0 {
			for _, t := range core.CodeTexts() {
				fmt.Fprintf(&b, "%-31s %s\n", t.Code, t.Meaning)
			}
			for _, code := range slices.Sorted(maps.Keys(fileCodes)) {
				fmt.Fprintf(&b, "%-31s %s\n", code, fileCodes[code])
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
			fmt.Fprintf(&b, "%s\n\n%s\n", t.Code, t.Meaning)
			if t.Example != "" {
				fmt.Fprintf(&b, "\n%s", indented(t.Example))
			}
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
	meaning, ok := fileCodes[code]
	return core.CodeText{Code: core.Code(code), Meaning: meaning}, ok
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
