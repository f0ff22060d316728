package loose

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/utf"
)

// want is what a place in a text waits for.
type want uint8

const (
	wantValue   want = iota // after a colon
	wantItem                // in a list: a value or its end
	wantKey                 // in an object: a name or its end
	wantColon               // after a name
	wantComma               // after a value: a comma or the end
	wantNothing             // after the outermost value
)

// level is an open container. It does not change, so that places can share it.
type level struct {
	up     *level // nil for the outermost
	object bool
	known  bool  // it is the value of a member whose name is known
	items  Kinds // what may stand in a list, 0 for anything
	depth  int
	start  place  // where its bracket is
	indent int    // how far its first line is indented
	outer  inside // what is known of the container around it
	split  *place // before the first member whose name belongs to the object around it
	comma  place  // the last one
}

// inside is what the first things in a container let expect of the others.
type inside struct {
	indent int   // of its lines, one more than it is; 0 as long as that is not known
	kind   Kinds // of the items of a list
}

// place is how far a text has been walked, and what that reading has cost so far.
type place struct {
	i        int // in the walk's own text
	want     want
	comma    bool // a comma stands before
	text     bool // what stands before is a text
	trailing bool // something stands behind the outermost value
	takes    Kinds
	top      *level
	cost     int
	tokens   int
	values   int    // of the tokens: brackets, names, and values
	hash     uint64 // of what was read
	words    uint64 // the same of the last text alone
	wide     *wide
	inside   inside
	indent   int  // how far the line is indented
	first    bool // the token is the first one of its line
}

// wide is a full-width sign where a plain one belongs.
type wide struct {
	before     *wide
	start, end int // in the source
	plain      byte
}

// outcome is why a walk ended.
type outcome uint8

const (
	walking outcome = iota
	failed          // what stands at the place fits nowhere
	over            // the text is over, or as far as one looks, and nothing is wrong with it
	within          // the text is over within a quoted text
	done            // the outermost value is closed
	refused         // beyond a limit
)

// walk reads a text token by token and makes nothing of it: it knows what a text costs as a reading, and where it fails.
type walk struct {
	reader  // for its eyes alone
	names   Names
	crooked bool // a line is indented otherwise than its container lets expect
	bare    bool // names without quotes are the custom of this text
	main    bool // the reading of all of the text, which notes where containers may have ended
	off     int  // the place in the source of what stands at 0, from from on
	before  int  // the same up to from
	from    int
	steps   *int // bytes that may still be read by all walks of a text
}

// inSource returns the place in the source of place i.
func (w *walk) inSource(i int) int {
	if i < w.from {
		return i + w.before
	}
	return i + w.off
}

// read notes that a token was read.
func (p *place) read(kind byte, text []byte) {
	h := uint64(0xcbf29ce484222325)
	for _, c := range text {
		h = (h ^ uint64(c)) * 0x100000001b3
	}
	p.words = h
	p.mix(kind)
	p.values++
}

func (p *place) mix(kind byte) {
	h := (p.hash ^ p.words ^ uint64(kind)<<56) * 0x9e3779b97f4a7c15
	p.hash = h ^ h>>29
}

// quoted returns where the quoted text at i ends, -1 if it does not. A quote thrice is Python's, if there are three more.
func (w *walk) quoted(i int) int {
	delim := w.src[i]
	if delim >= utf8.RuneSelf { // typographic, which ends on its line
		if start, end := w.smartClose(i); start >= 0 {
			return end
		}
		return -1
	}
	if delim != '`' && i+2 < len(w.src) && w.src[i+1] == delim && w.src[i+2] == delim {
		if n := bytes.Index(w.src[i+3:min(len(w.src), i+1<<14)], []byte{delim, delim, delim}); n >= 0 {
			if end := i + 6 + n; w.endsValue(end) {
				return end
			}
		}
	}
	for i++; i < len(w.src); i++ {
		switch c := w.src[i]; c {
		case '\\':
			i++
		case delim:
			return i + 1
		}
	}
	return -1
}

// content returns the text between the quotes of src[from:to].
func (w *walk) content(from, to int) []byte {
	_, n := utf8.DecodeRune(w.src[from:])
	_, m := utf8.DecodeLastRune(w.src[from:to])
	return w.src[from+n : max(from+n, to-m)]
}

// step reads one token.
func (w *walk) step(p *place) outcome {
	i, comments := w.gap(p.i)
	p.cost += costComment * comments
	*w.steps -= i - p.i
	p.first = false
	if n := bytes.LastIndexByte(w.src[p.i:i], '\n'); n >= 0 && comments == 0 {
		p.indent, p.first = i-p.i-n-1, true
	}
	if i >= len(w.src) {
		if p.want == wantNothing {
			return done
		}
		return over
	}
	at := i
	c, size := w.punctuation(i)
	if size > 1 {
		p.wide = &wide{p.wide, w.inSource(i), w.inSource(i) + size, c}
		p.cost += costOdd
	}
	old := p.i
	p.i = i
	state := failed
	switch p.want {
	case wantComma:
		state = w.afterValue(p, c, size, i == old)
	case wantColon:
		state = w.colon(p, c, size)
	case wantKey:
		state = w.key(p, c, size)
	case wantValue, wantItem:
		state = w.item(p, c, size)
	case wantNothing:
		state = w.trailer(p, c)
	}
	*w.steps -= p.i - at
	p.tokens++
	if state == failed && size > 1 {
		p.wide = p.wide.before
	}
	return state
}

func (w *walk) afterValue(p *place, c byte, size int, adjacent bool) outcome {
	switch {
	case c == ',' || c == ';':
		if c == ';' {
			p.cost += costWrong
		}
		if w.main {
			p.top.comma = *p
		}
		p.i += size
		p.want, p.comma = wantItem, true
		if p.top.object {
			p.want = wantKey
		}
		return walking
	case c == '}' || c == ']':
		return w.close(p, c, size)
	case c == ')' && w.parens > 0 && w.onlyClosersFrom(p.i):
		return over
	case !adjacent:
		if word := string(w.src[p.i:w.wordEnd(p.i)]); word == "as" || word == "satisfies" {
			p.i = w.typeEnd(p.i)
			return walking
		}
	}
	return failed
}

// close leaves the innermost container, if c is its bracket.
func (w *walk) close(p *place, c byte, size int) outcome {
	if p.top.object != (c == '}') {
		return failed
	}
	if p.comma && p.want != wantComma {
		p.cost += costOdd
	}
	if p.first && p.indent != p.top.indent {
		w.layout(p)
	}
	if lone := &p.top.start; p.text && p.values == lone.values+2 && lone.expected()&(Texts|Lists) == Texts|Lists {
		p.hash = lone.hash // a list of one text is that text
		p.mix('s')
	} else {
		if c == ']' && !p.text && p.values == lone.values+2 && p.top.items == 0 {
			p.cost += costStrange // a list of one number, or the like
		}
		p.read(c, nil)
	}
	p.i += size
	p.inside = p.top.outer
	p.top, p.want = p.top.up, wantComma
	p.comma, p.text = false, false
	if p.top == nil {
		p.want = wantNothing
	}
	return walking
}

func (w *walk) colon(p *place, c byte, size int) outcome {
	switch {
	case c == ':':
		if utf.HasPrefix(w.src[p.i:], ":=") {
			size, p.cost = 2, p.cost+costWrong
		}
	case c == '=' || utf.HasPrefix(w.src[p.i:], "->"):
		if p.cost += costWrong; p.i+1 < len(w.src) && (w.src[p.i+1] == '>' || w.src[p.i+1] == '=') {
			size = 2
		}
	default:
		return failed
	}
	p.i += size
	p.want, p.comma = wantValue, false
	return walking
}

// key reads the name of a member.
func (w *walk) key(p *place, c byte, size int) outcome {
	switch {
	case c == '}':
		return w.close(p, c, size)
	case c == ',':
		return w.extraComma(p, size)
	case utf.HasPrefix(w.src[p.i:], "..."), c != '"' && w.placeholderEnd(p.i) > p.i && !w.keyAhead(p.i):
		if end := w.placeholderEnd(p.i); end > p.i {
			p.i = end
		} else {
			p.i = w.expression(p.i)
		}
		p.cost += costBare
		p.want = wantComma
		return walking
	case w.quoteStarts(p.i):
		end := w.quoted(p.i)
		if end < 0 {
			p.i = len(w.src)
			return within
		}
		w.take(p, p.i, end)
		return walking
	case wordByte(c) || c >= utf8.RuneSelf || c == '\\':
		end := w.bareKeyEnd(p.i)
		if end == p.i {
			return failed
		}
		if end < len(w.src) && (w.src[end] == '"' || w.src[end] == '\'') && stringPrefix(string(w.src[p.i:end])) {
			if stop := w.quoted(end); stop > 0 && (w.names == nil || w.names.Takes(slices.Concat(w.src[p.i:end], w.content(end, stop))) == 0) {
				p.cost += costOdd
				w.take(p, end, stop)
				return walking
			}
		}
		if !w.bare {
			p.cost += costWrong
		}
		w.name(p, w.src[p.i:end], end)
		return walking
	}
	return failed
}

// take reads the quoted text src[from:to] as what the place waits for.
func (w *walk) take(p *place, from, to int) {
	text := w.content(from, to)
	if w.src[from] != '"' {
		p.cost += costOdd
	}
	if p.want == wantKey {
		w.name(p, text, to)
		return
	}
	if w.src[from] != '`' {
		p.cost += textSense(text, p.expected(), p.want == wantValue)
		if p.expected() == 0 && (w.isNumber(text) || string(text) == "true" || string(text) == "false" || string(text) == "null") {
			p.cost += costStrange
		}
	}
	w.value(p, Texts, 's', text, to)
	p.text = true
}

// layout notes that a line is indented otherwise than its container lets expect.
func (w *walk) layout(p *place) {
	p.cost += costStrange
	if w.main && !w.crooked {
		w.crooked = true
	}
}

// name notes that the name of a member was read.
func (w *walk) name(p *place, text []byte, end int) {
	if p.first {
		if p.inside.indent == 0 {
			p.inside.indent = p.indent + 1
		} else if p.inside.indent != p.indent+1 {
			w.layout(p)
		}
	}
	cost, takes := w.keySense(p.top, text)
	if w.main && takes == 0 && p.top.up != nil && p.top.up.up == nil && p.top.split == nil && p.comma && w.names != nil && w.names.Takes(text) != 0 {
		split := p.top.comma
		p.top.split, p.top.up.split = &split, &split // the bracket at hand may be that of the object around
	}
	p.read('k', text)
	p.cost += cost
	p.takes = takes
	p.i = end
	p.want, p.text = wantColon, false
}

func (w *walk) extraComma(p *place, size int) outcome {
	p.cost += costWrong
	p.i += size
	p.comma = true
	return walking
}

// trailer tells whether what follows the outermost value belongs to the code around it.
func (w *walk) trailer(p *place, c byte) outcome {
	rest := w.src[p.i:]
	word := string(rest[:w.wordEnd(p.i)-p.i])
	code := w.parens > 0 || w.counts[looseWrapping] > 0 && strings.IndexByte(";)'", c) >= 0 || utf.HasPrefix(rest, "```") || word == "as" || word == "satisfies"
	if !code && !((c == ';' || c == ')') && w.onlyClosersFrom(p.i)) {
		p.trailing = true
		if p.cost += costTrailing; c == '"' || c == ',' && w.keyAhead(w.skipTrivia(p.i+1)) {
			p.cost += costSlip // rather the object was closed too early
		}
	}
	return done
}
