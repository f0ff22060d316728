package docs

import (
	"fmt"
	"strings"
)

// Digest returns llms.txt, a list of all pages with a sentence each, and llms-full.txt, their text, for programs that read
// rather than look. See https://llmstxt.org.
func Digest(pages []Page, summary string) (list, full string) {
	var short, long strings.Builder
	fmt.Fprintf(&short, "# Completion Playground\n\n> %s\n\nEach page is there as Markdown; llms-full.txt has all of them.\n", summary)
	for _, group := range Groups {
		fmt.Fprintf(&short, "\n## %s\n\n", group)
		for _, p := range pages {
			if p.Group == group {
				fmt.Fprintf(&short, "- [%s](%s): %s\n", p.Title, p.Path, sentence(p.About))
			}
		}
	}
	for _, p := range pages {
		if p.Group != "" {
			fmt.Fprintf(&long, "%s\n", Plain(p.Text))
		}
	}
	return short.String(), long.String()
}

// Plain takes off what only the generator of the site reads: the front matter, and elements with their request.
func Plain(text string) string {
	if _, rest, found := strings.Cut(strings.TrimPrefix(text, "---\n"), "\n---\n"); found && strings.HasPrefix(text, "---\n") {
		text = strings.TrimLeft(rest, "\n")
	}
	var out strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "<completion-playground v-pre ") {
			out.WriteString(line)
		}
	}
	return out.String()
}
