package main

import (
	"bytes"
	"strings"
)

// ignoreMark stands in a comment on the line before a block of Markdown whose mistakes are on purpose.
const ignoreMark = "completions: ignore"

// findInMarkdown finds requests in the fenced blocks of a Markdown text (CommonMark, 4.5). A block of JSON counts where it
// has a prompt.
func findInMarkdown(p piece) (found []request) {
	for _, b := range fences(p.text) {
		if b.ignored {
			continue
		}
		if len(found) >= mostRequests {
			return append(found, passedOver(p, b.start))
		}
		code := b.code(p)
		switch f := languages[b.language]; b.language {
		case "json", "jsonc", "json5":
			if hasPrompt(code.text) || recordsCompletion(code) {
				found = append(found, findWhole(code)...)
			}
		case "jsonl", "ndjson":
			for _, r := range f(code) {
				if hasPrompt(r.body) {
					found = append(found, r)
				}
			}
		case "md", "markdown", "mdx":
		default:
			if f == nil {
				f = findImported
			}
			found = append(found, f(code)...)
		}
	}
	return found
}

// recordsCompletion reports whether a text records a request of completions in JSON.
func recordsCompletion(p piece) bool {
	_, ok := imported(p, false)
	return ok
}

// block is a fenced block.
type block struct {
	span            // of its lines
	indent   string // what stands before the fence
	language string // in lower case
	ignored  bool
}

// fences returns the blocks of a text.
func fences(text []byte) (blocks []block) {
	var mark string
	open, ignore := false, false
	for start := 0; start < len(text); {
		end := start + bytes.IndexByte(text[start:], '\n') + 1
		if end == start {
			end = len(text)
		}
		line := strings.TrimRight(string(text[start:end]), "\r\n")
		bare := strings.TrimLeft(line, " \t>")
		n := len(bare) - len(strings.TrimLeft(bare, "`"))
		if n == 0 {
			n = len(bare) - len(strings.TrimLeft(bare, "~"))
		}
		switch info := strings.TrimSpace(bare[n:]); {
		case !open && n >= 3 && !strings.Contains(info, "`"):
			open, mark = true, bare[:n]
			word, _, _ := strings.Cut(strings.Trim(info, "{}."), " ")
			blocks = append(blocks, block{span{end, len(text)}, line[:len(line)-len(bare)], strings.ToLower(word), ignore})
		case open && n >= len(mark) && bare[0] == mark[0] && info == "":
			open = false
			blocks[len(blocks)-1].end = start
		}
		if strings.TrimSpace(line) != "" {
			ignore = strings.Contains(line, ignoreMark)
		}
		start = end
	}
	return blocks
}

// code returns what stands in a block, without the indentation that its lines share with the fence.
func (b block) code(p piece) piece {
	if b.indent == "" {
		return p.cut(b.start, b.end)
	}
	var code piece
	for start := b.start; start < b.end; {
		end := start + bytes.IndexByte(p.text[start:b.end], '\n') + 1
		if end == start {
			end = b.end
		}
		for n := 0; n < len(b.indent) && start < end && strings.IndexByte(" \t>", p.text[start]) >= 0; n++ {
			start++
		}
		for ; start < end; start++ {
			code.text = append(code.text, p.text[start])
			code.at = append(code.at, p.offset(start))
		}
	}
	code.at = append(code.at, p.offset(b.end))
	return code
}
