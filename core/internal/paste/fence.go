package paste

import (
	"bytes"

	"github.com/completion-playground/playground/core/internal/utf"
)

func looksFenced(src []byte) bool {
	return bytes.Contains(src, []byte("```")) || bytes.Contains(src, []byte("~~~"))
}

// codeBlock is one of code in Markdown.
type codeBlock struct {
	span
	before []byte // what stands on the line before the fence: white space, marks of quotes
}

// code returns what stands in the block, without what its lines have in common with that of the fence, and whether that
// is the text as it stands there.
func (b *codeBlock) code(src []byte) (text []byte, same bool) {
	text = src[b.start:b.end]
	if len(b.before) == 0 {
		return text, true
	}
	out := make([]byte, 0, len(text))
	for line := range bytes.Lines(text) {
		for _, c := range b.before {
			if len(line) > 0 && (line[0] == c || line[0] == ' ' && c == '\t') {
				line = line[1:]
			}
		}
		out = append(out, line...)
	}
	return out, len(out) == len(text)
}

// fences returns the blocks of a text, and whether anything else stands in it.
func fences(src []byte) (blocks []codeBlock, prose bool) {
	mark := byte(0)
	width := 0
	for i := 0; i < len(src); {
		line := src[i : i+utf.LineLen(src[i:])]
		next := i + len(line)
		next += utf.BreakLen(src[next:])
		t := bytes.TrimLeft(line, " \t>")
		n := 0
		for n < len(t) && (t[n] == '`' || t[n] == '~') && t[n] == t[0] {
			n++
		}
		switch {
		case width == 0 && n >= 3 && (t[0] == '~' || bytes.IndexByte(t[n:], '`') < 0):
			mark, width = t[0], n
			blocks = append(blocks, codeBlock{span{next, len(src)}, line[:len(line)-len(t)]})
		case width > 0 && n >= width && t[0] == mark && len(bytes.TrimSpace(t[n:])) == 0:
			width = 0
			blocks[len(blocks)-1].end = i
		case width == 0 && len(bytes.TrimSpace(line)) > 0:
			prose = true
		}
		i = next
	}
	return blocks, prose
}

// readFenced reads the first block that holds a request. JSON alone in a block is left to the reader of JSON.
func readFenced(src []byte, d *Draft) bool {
	blocks, prose := fences(src)
	found := -1
	for n, b := range blocks {
		code, same := b.code(src)
		part := bytes.TrimSpace(code)
		if found >= 0 {
			if len(part) > 0 {
				d.Notes = append(d.Notes, Note{Left, b.start, b.end, "a further block"})
			}
			continue
		}
		if same && d.inner(src, b.start, b.end) || !same && d.moved(code, b.span) {
			if found = n; !prose && len(blocks) == 1 && part[0] == '{' && !bytes.HasPrefix(part, []byte(`{\`)) {
				return false
			}
		} else if looksLikeRequest(part) && (prose || len(blocks) > 1) {
			found = n
			d.Body = part
		}
		if found >= 0 {
			for _, before := range blocks[:n] {
				d.Notes = append(d.Notes, Note{Left, before.start, before.end, "another block"})
			}
		}
	}
	if len(d.Notes) > mostSaid {
		d.Notes = d.Notes[:mostSaid]
	}
	return found >= 0
}
