package core

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed codes.md
var codesPage string

// CodeText is what codes.md, beside this package, says of a code.
type CodeText struct {
	Code Code
	// Meaning is the first sentence, with its full stop.
	Meaning string
	// Example is the rest as Markdown: a text, what is found in it, and mostly the text after the fix.
	Example string
}

// CodeTexts returns the texts on all codes in the order of the page. The caller owns the list.
func CodeTexts() []CodeText {
	codeTexts.once.Do(func() { codeTexts.list = readCodeTexts(codesPage) })
	return slices.Clone(codeTexts.list)
}

// codeTexts is filled at the first call, not by a function in its declaration: that would link the page into every program.
var codeTexts struct {
	once sync.Once
	list []CodeText
}

func readCodeTexts(page string) (list []CodeText) {
	fenced, heading := false, false
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		text, section := strings.CutPrefix(line, "### ")
		switch {
		case !fenced && section:
			list, heading = append(list, CodeText{Code: Code(strings.TrimSpace(text))}), true
		case !fenced && strings.HasPrefix(line, "## "):
			heading = false
		case heading:
			list[len(list)-1].Example += line
		}
	}
	for i := range list {
		meaning, example, _ := strings.Cut(strings.TrimSpace(list[i].Example), "\n\n")
		list[i].Meaning, list[i].Example = meaning, example+"\n"
	}
	return list
}
