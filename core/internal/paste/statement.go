package paste

import (
	"strings"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/utf"
)

// leading are words that may stand before a statement or a condition.
var leading = nameSet("export default declare if else elif while try finally with static public private do switch case async class")

// statements reads to the end of the text or, within a body in brackets, to its closing bracket.
func (p *program) statements(body bool) {
	level := 0
	line := true // nothing of the line was read
	for !p.stopped && p.i < len(p.src) {
		begin := p.i
		if line {
			p.skipPrompt()
			begin = p.i
		}
		p.space()
		c := p.peek()
		if p.i >= len(p.src) {
			return
		}
		if n := utf.BreakLen(p.src[p.i:]); n > 0 {
			p.i += n
			line = true
			continue
		}
		if line && p.indents {
			p.indent(p.i - begin)
		}
		line = false
		switch {
		case c == '}':
			p.i++
			if level == 0 && body {
				return
			}
			level--
			p.leave()
		case c == '{' && !p.indents:
			p.i++
			level++
			p.enter(0)
		case strings.IndexByte(")];:,@", c) >= 0:
			p.i++
		default:
			p.statement()
			if p.i == begin {
				_, n := utf8.DecodeRune(p.src[p.i:])
				p.i += n
			}
		}
	}
}

// skipPrompt skips what a console writes before a line of Python.
func (p *program) skipPrompt() {
	if p.indents && (p.ahead(">>> ") || p.console && p.ahead("... ")) {
		p.console = true
		p.i += len(">>> ")
	}
}

// indent ends and begins blocks for a line that begins in a column.
func (p *program) indent(column int) {
	for len(p.blocks) > 1 && p.blocks[len(p.blocks)-1].indent > column {
		p.leave()
	}
	if column > p.blocks[len(p.blocks)-1].indent {
		p.enter(column)
	}
}

// body reads the block of a function whose opening bracket is at i.
func (p *program) body() {
	if p.depth >= mostDepth {
		p.stop(p.i, p.i+1, "brackets stand in each other more deeply than a request can use")
		return
	}
	depth, blocks, remarks := p.depth, len(p.blocks), p.taken()
	p.i++
	p.depth++
	p.enter(0)
	p.statements(true)
	for len(p.blocks) > blocks {
		p.leave()
	}
	p.depth, p.remarks = depth, remarks
}

func (p *program) statement() {
	start := p.i
	n := p.word(p.i)
	w := string(p.src[p.i : p.i+n])
	declared := w == "const" || w == "let" || w == "var" || w == "val" && p.typed || w == "local" && p.dashes
	switch {
	case w == "def":
		p.i += n
		p.space()
		p.i += p.word(p.i)
		if p.space(); p.peek() == '(' {
			p.parameters()
		}
		return
	case w == "for" && p.indents:
		p.i += n
		for !p.stopped && p.peek() != '\n' {
			p.space()
			n = p.word(p.i)
			w = string(p.src[p.i : p.i+n])
			if p.i += n; w == "in" || n == 0 && strings.IndexByte(",()*", p.peek()) < 0 {
				return
			} else if n == 0 {
				p.i++
			}
			delete(p.names, w)
		}
		return
	case declared, w == "del", w == "delete":
		p.i += n
		p.space()
	case leading[w]:
		p.i += n
		return
	}
	if p.typed && !declared {
		p.declared = false
		p.declaration()
		declared = p.declared
	}
	after := p.i
	t, ok := p.target()
	if ok && p.peek() == ',' && p.results(&t) {
		return
	}
	if ok && (w == "del" || w == "delete") {
		p.assign(t, &value{form: aMissing, start: start, end: p.i})
		return
	}
	if ok && p.peek() == ':' && !p.ahead(":=") && (declared || p.indents) && len(t.path) == 1 {
		p.i++
		if p.indents {
			p.expression()
		} else {
			p.typeName()
		}
		p.space()
	}
	switch {
	case !ok:
	case p.peek() == '=' && !p.ahead("==") && !p.ahead("=>"), p.ahead(":="):
		declared = declared || p.typed && p.ahead(":=")
		if p.i++; p.peek() == '=' {
			p.i++
		}
		v := p.expression()
		p.declared = declared
		p.assign(t, v)
		return
	case p.ahead("+="):
		p.i += 2
		p.add(t, p.expression())
		return
	case len(t.path) == 1 && (p.ahead("||=") || p.ahead("??=") || p.ahead("*=") || p.ahead("%=")):
		delete(p.names, t.path[0])
	}
	p.stoppedAt(after)
	if v := p.expression(); p.composite != nil && v.form == anObject && p.made == nil && plausible(v) { // a literal alone
		p.made, p.used = v, true
	}
	if declared && p.peek() == '=' { // what was taken apart
		p.i++
		p.expression()
	}
}

// stoppedAt goes back to the beginning of a statement that is no assignment.
func (p *program) stoppedAt(i int) {
	if !p.stopped {
		p.i = i
	}
}
