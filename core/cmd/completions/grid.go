package main

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/client"
)

const (
	narrowest   = 24 // columns of a cell
	mostColumns = 4  // cells beside each other
	usualWidth  = 80 // of a terminal that does not tell
)

// waiting shows on a terminal how much of several choices has come.
func (s *sender) waiting() {
	if !isTerminal(s.c.err) {
		return
	}
	var lengths []string
	for _, choice := range s.answer.Completion().Choices[:min(8, len(s.answer.Completion().Choices))] {
		lengths = append(lengths, strconv.Itoa(utf8.RuneCountInString(choice.Text)))
	}
	fmt.Fprintf(s.c.err, "\r\x1b[Kcharacters: %s", strings.Join(lengths, " "))
}

func (s *sender) clear() {
	if isTerminal(s.c.err) {
		fmt.Fprint(s.c.err, "\r\x1b[K")
	}
}

// grid returns choices side by side, as wide as COLUMNS says, for a terminal; for anything else one below the other.
func (s *sender) grid(choices []client.Choice) string {
	if !isTerminal(s.c.out) {
		var b strings.Builder
		for _, choice := range choices {
			fmt.Fprintf(&b, "--- choice %d %s\n%s\n", choice.Index, visible(choice.RawFinish), choice.Text)
		}
		return b.String()
	}
	width, err := strconv.Atoi(s.c.env("COLUMNS"))
	if err != nil || width < narrowest {
		width = usualWidth
	}
	return gridOf(choices, min(width, 400), s.c.colours(s.c.out))
}

// gridOf lays choices out in rows of cells.
func gridOf(choices []client.Choice, width int, colours bool) string {
	columns := max(1, min(len(choices), mostColumns, (width+3)/(narrowest+3)))
	each := (width - 3*(columns-1)) / columns
	var b strings.Builder
	for at := 0; at < len(choices); at += columns {
		row := choices[at:min(at+columns, len(choices))]
		cells := make([][]string, len(row))
		height := 0
		for n, choice := range row {
			head := strings.TrimSpace(fmt.Sprintf("%d %s", choice.Index, visible(choice.RawFinish)))
			cells[n] = append([]string{cut(head, each)}, wrapped(escaped(choice.Text, "\n"), each)...)
			height = max(height, len(cells[n]))
		}
		for line := range height {
			for n := range cells {
				text := ""
				if line < len(cells[n]) {
					text = cells[n][line]
				}
				gap := strings.Repeat(" ", each-utf8.RuneCountInString(text))
				if line == 0 {
					text = paint(colours, cyan, text)
				}
				if n < len(cells)-1 {
					text += gap + " | "
				}
				b.WriteString(text)
			}
			b.WriteString("\n")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func cut(text string, width int) string {
	if runes := []rune(text); len(runes) > width {
		return string(runes[:width])
	}
	return text
}

// wrapped breaks a text into lines of at most so many characters, at spaces where there are some.
func wrapped(text string, width int) (lines []string) {
	for paragraph := range strings.SplitSeq(text, "\n") {
		runes := []rune(paragraph)
		for len(runes) > width {
			at := width
			for at > 0 && runes[at] != ' ' {
				at--
			}
			if at == 0 {
				at = width
			}
			lines = append(lines, strings.TrimRight(string(runes[:at]), " "))
			runes = runes[at:]
			if runes[0] == ' ' {
				runes = runes[1:]
			}
		}
		lines = append(lines, string(runes))
	}
	return lines
}
