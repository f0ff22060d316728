package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const guideStart = `# The command

` + "`completions`" + ` does at a terminal and in CI what the page does: it checks requests wherever they stand, converts and sends them.

` + "```sh" + `
go install github.com/completion-playground/playground/core/cmd/completions@latest
` + "```" + `

It exits with 0 where all is well, 1 where issues were found, 2 where the command line is wrong, and 3 where something could
not be read, written or sent. ` + "`completions help COMMAND`" + ` says what stands here, and a test runs each example.
`

// commands.md, a page of the documentation, is what the help texts say. Run with -update to rewrite it.
func TestGuideSaysWhatHelpSays(t *testing.T) {
	var out bytes.Buffer
	out.WriteString(guideStart)
	for _, m := range commands {
		if m.name == "help" {
			continue
		}
		summary, text := m.text()
		fmt.Fprintf(&out, "\n## %s\n\n%s.\n\n```text\n%s\n```\n", m.name, upper(summary), m.synopsis())
		writeFlags(&out, m)
		writeText(&out, text)
	}
	if *update {
		require.NoError(t, os.WriteFile("commands.md", out.Bytes(), 0o644))
	}
	kept, err := os.ReadFile("commands.md")
	require.NoError(t, err)
	assert.Equal(t, out.String(), string(kept))
}

// address matches what a generator of pages would make a link of.
var address = regexp.MustCompile(`https?://[^\s;,)]*[^\s;,):.]`)

// prose is a text without signs of Markdown, its addresses as code.
func prose(text string) string {
	return address.ReplaceAllString(strings.NewReplacer("<", "&lt;", "*", `\*`).Replace(text), "`$0`")
}

func upper(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

func writeFlags(out *bytes.Buffer, m command) {
	first := true
	m.flags().VisitAll(func(f *flag.Flag) {
		if first {
			out.WriteString("\n| Flag | Says |\n| --- | --- |\n")
		}
		first = false
		value, usage := usageOf(f)
		fmt.Fprintf(out, "| `%s` | %s |\n", strings.ReplaceAll(strings.TrimSpace("-"+f.Name+" "+value), "|", `\|`), strings.ReplaceAll(prose(usage+preset(f)), "|", `\|`))
	})
}

// writeText writes a help text as Markdown: paragraphs as they are, what is indented further, and examples, as blocks.
func writeText(out *bytes.Buffer, text string) {
	told, examples, _ := strings.Cut(strings.TrimRight(text, "\n"), "EXAMPLES\n")
	for part := range strings.SplitSeq(strings.TrimSpace(dedent(told)), "\n\n") {
		if strings.HasPrefix(part, "    ") {
			fmt.Fprintf(out, "\n```text\n%s\n```\n", dedent(part))
		} else {
			fmt.Fprintf(out, "\n%s\n", prose(part))
		}
	}
	if examples == "" {
		return
	}
	for part := range strings.SplitSeq(strings.TrimPrefix(dedent(examples), "$ "), "\n\n$ ") {
		fmt.Fprintf(out, "\n```console\n$ %s\n```\n", part)
	}
}

func dedent(text string) string {
	return strings.TrimPrefix(strings.ReplaceAll("\n"+text, "\n    ", "\n"), "\n")
}
