package main

import (
	"context"
	"embed"
	"flag"
	"fmt"
	"io"
	"strings"
)

// helpTexts holds help/NAME.txt for each command: a line that says what it does, an empty line, and a text with examples.
// A test runs each example, a line that starts with four spaces and "$ completions", and compares what it prints with the
// lines below.
//
//go:embed help
var helpTexts embed.FS

// text returns the command's summary, without a full stop, and what else is told of it.
func (m command) text() (summary, text string) {
	page, err := helpTexts.ReadFile("help/" + m.name + ".txt")
	if err != nil {
		return "", ""
	}
	summary, text, _ = strings.Cut(string(page), "\n\n")
	return summary, text
}

// synopsis returns how the command is called.
func (m command) synopsis() string {
	return strings.TrimSpace("completions " + m.name + " [flags] " + m.args)
}

// flags returns the command's flags.
func (m command) flags() *flag.FlagSet {
	f := flag.NewFlagSet(m.name, flag.ContinueOnError)
	m.setup(f)
	return f
}

// help returns the command's page.
func (m command) help() string {
	var b strings.Builder
	summary, text := m.text()
	fmt.Fprintf(&b, "NAME\n    completions %s - %s\n\nSYNOPSIS\n    %s\n", m.name, summary, m.synopsis())
	first := true
	m.flags().VisitAll(func(g *flag.Flag) {
		if first {
			b.WriteString("\nFLAGS\n")
		}
		first = false
		value, usage := usageOf(g)
		fmt.Fprintf(&b, "    %s\n        %s%s\n", strings.TrimSpace("-"+g.Name+" "+value), usage, preset(g))
	})
	fmt.Fprintf(&b, "\nDESCRIPTION\n%s", text)
	return b.String()
}

// usageOf returns the name of a flag's value and what the flag does, which does not list the values once more.
func usageOf(g *flag.Flag) (value, usage string) {
	value, usage = flag.UnquoteUsage(g)
	if strings.Contains(value, "|") {
		usage = strings.Replace(usage, ": "+value, "", 1)
	}
	return value, usage
}

// preset says what a flag is when it is not given, where that is worth saying.
func preset(g *flag.Flag) string {
	switch g.DefValue {
	case "", "false", "0":
		return ""
	}
	return " (default " + g.DefValue + ")"
}

// overview lists the commands.
func overview() string {
	var b strings.Builder
	b.WriteString("Completions checks, converts and sends requests of POST /v1/completions.\n\nUsage:\n\n    completions COMMAND [flags] [arguments]\n\nCommands:\n\n")
	for _, m := range commands {
		summary, _ := m.text()
		fmt.Fprintf(&b, "    %-11s %s\n", m.name, summary)
	}
	b.WriteString(`
"completions help COMMAND" tells more. Exit codes: 0 all is well, 1 issues were found, 2 the command line is wrong,
3 something could not be read, written or sent.
`)
	return b.String()
}

func setupHelp(*flag.FlagSet) runner {
	return func(_ context.Context, c *console, args []string) int {
		if len(args) == 0 {
			return c.print(overview())
		}
		for _, m := range commands {
			if m.name == args[0] && len(args) == 1 {
				return c.print(m.help())
			}
		}
		return c.misused("help", "there is no command %q", strings.Join(args, " "))
	}
}

// print writes a text to the standard output: to a terminal with escapes for what that would obey.
func (c *console) print(text string) int {
	if isTerminal(c.out) {
		text = escaped(text, "\n\t")
	}
	if _, err := io.WriteString(c.out, text); err != nil {
		return c.fail("cannot write: %v", err)
	}
	return exitOK
}
