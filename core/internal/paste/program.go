package paste

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/utf"
)

// tongue is what two programming languages differ in where requests are concerned.
type tongue struct {
	kind      Kind
	name      string            // Kind for people
	hash      bool              // # begins a comment that ends with its line; // and /* do without
	dashes    bool              // -- begins a comment that ends with its line
	indents   bool              // a line ends an expression that no bracket holds together, and blocks are told by indents
	arguments bool              // they can have names
	dots      bool              // . adds texts, and -> asks for members
	rockets   bool              // => stands between a key and its value
	words     map[string]string // names that are values
	prefix    map[string]bool   // words before an operand that may be read over
	infix     map[string]bool   // words between operands
	equals    bool              // = stands between a name and its value
	typed     bool              // a type can stand before a variable that is declared
	texts     func(p *program) *value
	composite func(p *program) *value           // reads a value that names its type, nil if there is none
	result    func(p *program, c *value) *value // what a call returns, nil if only a program that runs knows
	number    func(p *program) *value
	called    func(p *program, v *value)              // a call was read
	set       func(p *program, path string, v *value) // something that is no plain variable got a value
}

// program reads the source of a program: the literals in it, what variables stand for where that is clear, and calls.
// Nothing is run. It reads each byte a bounded number of times.
type program struct {
	*tongue
	src      []byte
	i        int
	d        *Draft
	depth    int  // of brackets
	stopped  bool // what follows cannot be read
	remarks  []remark
	names    map[string]bound
	blocks   []scope
	alive    []bool         // by block: it is among blocks
	slashes  int            // before this place no regular expression ends
	unpaired map[string]int // up to where a quote does not begin a text, by what would end it
	spent    int            // bytes of texts made out of others
	asked    int            // members that were looked at: objects can stand in each other many times over, and in themselves
	console  bool           // lines begin with the prompts of a console
	awkward  bool           // values stand beside each other as they cannot in this language
	declared bool           // the statement declares a variable
	strange  bool           // an object was told of whose names in JSON stand elsewhere
	used     bool           // a variable was found to stand for something
	request  *value         // what is sent, or the arguments of a client library's call
	rules    *calling       // how these arguments are to be read, nil for what is sent
	made     *value         // an object that may be a request, and that nothing sends
	maker    *value         // the call that makes the client
	options  []item         // how it was asked
	prompt   *value         // what the client was asked then
	beside   []item         // members that it sets apart from its request
}

// bound is what a variable stands for.
type bound struct {
	value *value
	block int
}

// scope is a part of a program that may or may not run.
type scope struct{ id, indent int }

//go:noinline
func newProgram(t *tongue, src []byte, d *Draft) *program {
	return &program{tongue: t, src: src, d: d, names: map[string]bound{}, blocks: []scope{{}}, alive: []bool{true}, unpaired: map[string]int{}}
}

// asks reports whether one more member may be looked at.
//
//go:noinline
func (p *program) asks() bool {
	p.asked++
	return p.asked <= mostWords+len(p.src)
}

// stop ends the reading at a place from which the language does not allow to read on.
func (p *program) stop(start, end int, message string) {
	if !p.stopped {
		p.stopped = true
		p.d.Notes = append(p.d.Notes, Note{Unreadable, start, min(end, len(p.src)), message})
	}
	p.i = len(p.src)
}

//go:noinline
func (p *program) peek() byte {
	if p.i < len(p.src) {
		return p.src[p.i]
	}
	return 0
}

//go:noinline
func (p *program) ahead(s string) bool { return p.i <= len(p.src) && utf.HasPrefix(p.src[p.i:], s) }

// space skips white space and comments, which it keeps.
func (p *program) space() {
	aside := true
	for p.i < len(p.src) {
		c := p.src[p.i]
		switch {
		case c == '\n' || c == '\r':
			if p.indents && p.depth == 0 {
				return
			}
			aside = false
			p.i++
			if p.console && p.ahead("... ") {
				p.i += 4
			}
		case c == '#' && p.hash, c == '/' && !p.hash && p.ahead("//"), c == '-' && p.dashes && p.ahead("--"):
			end := p.i + utf.LineLen(p.src[p.i:])
			mark := 2
			if c == '#' {
				mark = 1
			}
			p.remark("//"+string(p.src[p.i+mark:end]), aside)
			p.i = end
		case c == '/' && !p.hash && p.ahead("/*"):
			n := bytes.Index(p.src[p.i+2:], []byte("*/"))
			if n < 0 {
				p.stop(p.i, p.i+2, "this comment is not closed")
				return
			}
			p.remark(string(p.src[p.i:p.i+n+4]), aside)
			p.i += n + 4
		case c == '\\' && p.indents && p.i+1 < len(p.src) && utf.BreakLen(p.src[p.i+1:]) > 0:
			p.i += 1 + utf.BreakLen(p.src[p.i+1:])
		default:
			n := utf.SpaceLen(p.src, p.i)
			if n == 0 {
				return
			}
			p.i += n
		}
	}
}

func (p *program) remark(text string, aside bool) {
	if p.depth > 0 {
		p.remarks = append(p.remarks, remark{strings.TrimRight(text, " \t"), aside, p.i})
	}
}

// taken returns the comments that were read since the last time.
//
//go:noinline
func (p *program) taken() []remark {
	list := p.remarks
	p.remarks = nil
	return list
}

// word returns the length of the name at i.
func (p *program) word(i int) int {
	start := i
	for i < len(p.src) {
		c := p.src[i]
		if c >= utf8.RuneSelf {
			if utf.SpaceLen(p.src, i) > 0 {
				break
			}
			_, n := utf8.DecodeRune(p.src[i:])
			i += n
			continue
		}
		if !(c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == '$' || c >= '0' && c <= '9' && i > start) {
			break
		}
		i++
	}
	return i - start
}
