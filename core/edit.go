package core

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Set returns the edits that make the value at path the given one, which is strict JSON.
//
// The path is an RFC 6901 pointer in wire names; a member is found however the text spells it. What exists is replaced
// in place. What does not is added together with the parents it needs: a field behind the one that precedes it in the
// schema's order, any other member and an element ("-" or the next index) at the end. New text follows the
// indentation, line breaks, quotes, spelling and commas around it; everything else stays byte for byte. Tokens of value,
// numbers among them, are written as given. Of several members with one name the last is changed, the one that counts.
// Where a lone text stands for a list of one, adding an item makes it a list.
//
// The error says for people why it cannot be done: a value that is no JSON or beyond the limits, a path through a value of the wrong type,
// or text around the place that cannot be read.
func (v *Validator) Set(src []byte, path string, value []byte) ([]TextEdit, error) {
	var val tape
	if !val.scan(value, v.limits) {
		if val.crowdedAt >= 0 {
			return nil, fmt.Errorf("the new value is too large: want at most %d values", v.limits.Values)
		}
		return nil, errors.New("the new value is no JSON")
	}
	e, err := v.edit(src, path)
	if err != nil {
		return nil, err
	}
	if err := e.set(&val); err != nil {
		return nil, err
	}
	return e.finish(&val)
}

// Unset returns the edits that remove what path, as in Set, points to: every member of that name, each with its comma,
// its line where it has one of its own, and the comment at the end of that line. There are no edits where there is no
// such value.
func (v *Validator) Unset(src []byte, path string) ([]TextEdit, error) {
	e, err := v.edit(src, path)
	if err != nil {
		return nil, err
	}
	if err := e.unset(); err != nil {
		return nil, err
	}
	return e.finish(nil)
}

// Apply returns src with the edits made. It fails when they are not sorted, overlap or reach beyond the text; those
// that come from one call of this package for the same text never do.
func Apply(src []byte, edits []TextEdit) ([]byte, error) {
	size, done := len(src), 0
	for _, e := range edits {
		if e.Start < done || e.End < e.Start || e.End > len(src) {
			return nil, fmt.Errorf("edit of bytes %d to %d: got a text of %d bytes, edited up to byte %d", e.Start, e.End, len(src), done)
		}
		size += len(e.Text) - (e.End - e.Start)
		done = e.End
	}
	out := make([]byte, 0, size)
	done = 0
	for _, e := range edits {
		out = append(append(out, src[done:e.Start]...), e.Text...)
		done = e.End
	}
	return append(out, src[done:]...), nil
}

// editor makes one edit of one text.
type editor struct {
	v     *Validator
	src   []byte
	t     tape
	found []finding // what keeps the text from being strict JSON; nil when nothing does
	path  string
	steps []string
	edits []byteEdit
	aim   aim
}

func (v *Validator) edit(src []byte, path string) (*editor, error) {
	e := &editor{v: v, path: path, aim: aim{replaced: noNode, grown: noNode}}
	if path != "" {
		if !utf8.ValidString(path) {
			return nil, errors.New("the path is not UTF-8")
		}
		if path[0] != '/' {
			return nil, fmt.Errorf("the path %q does not start with a slash", path)
		}
		e.steps = strings.Split(path[1:], "/")
		for i, step := range e.steps {
			e.steps[i] = pointerUnescaper.Replace(step)
		}
	}
	return e, e.read(src)
}

func (e *editor) read(src []byte) error {
	if len(src) > e.v.limits.Bytes {
		return errTooLarge(len(src), e.v.limits)
	}
	e.src = src
	if e.found = e.t.read(src, e.v.limits); len(e.found) > 0 && e.found[0].code == CodeTooLarge {
		return errors.New("the text is too large: " + e.found[0].message)
	}
	return nil
}

func errTooLarge(size int, lim Limits) error {
	return fmt.Errorf("the text is too large: got %s, want at most %s", byteSize(size), byteSize(lim.Bytes))
}

// read is scan where that succeeds and recover otherwise; it returns what recover found.
func (t *tape) read(src []byte, lim Limits) []finding {
	if t.scan(src, lim) {
		return nil
	}
	found, _ := t.reread(src, lim)
	return found
}

// spot is how far a path leads into the text.
type spot struct {
	node uint32   // the last value on the path that stands in the text
	plan *plan    // what the schema says about it; nil: nothing
	rest []string // the steps that lead on from there to what is not in the text
}

// walk follows the path.
func (e *editor) walk() spot {
	s := spot{rest: e.steps, plan: e.v.root}
	for len(s.rest) > 0 {
		var next uint32
		var ok bool
		switch e.t.nodes[s.node].kind {
		case kindObject:
			if all := e.members(s, s.rest[0]); len(all) > 0 {
				next, ok = all[len(all)-1], true
			}
		case kindArray:
			next, ok = e.t.element(s.node, s.rest[0])
		}
		if !ok {
			break
		}
		s = spot{node: next, plan: e.below(s, s.rest[0]), rest: s.rest[1:]}
	}
	return s
}

// members returns the children of an object that a step means: those of that name, in either spelling if the schema
// knows it.
func (e *editor) members(s spot, name string) []uint32 {
	var all []uint32
	id := e.field(s, name)
	camel := name
	if s.node != 0 && s.plan != nil && s.plan.property(name) != nil {
		camel = camelCase(name)
	}
	for c := s.node + 1; c < e.t.nodes[s.node].next; c = e.t.nodes[c].next {
		if id >= 0 && e.fieldOf(c) == id || id < 0 && (e.t.keyIs(c, name) || e.t.keyIs(c, camel)) {
			all = append(all, c)
		}
	}
	return all
}

// field returns the index of the field that a step from the root names, or -1.
func (e *editor) field(s spot, name string) int32 {
	if s.node == 0 {
		if known := e.v.table.find([]byte(name)); known != nil {
			return known.field
		}
	}
	return -1
}

// fieldOf returns the index of the field that a member of the root is, or -1.
func (e *editor) fieldOf(c uint32) int32 {
	if known := e.v.table.find(e.keyBytes(c)); known != nil {
		return known.field
	}
	return -1
}

func (e *editor) keyBytes(c uint32) []byte {
	nd := &e.t.nodes[c]
	if nd.keyEnd == 0 || nd.flags&(flagKeyEscaped|flagKeyLoose) != 0 {
		return []byte(e.t.key(c))
	}
	return e.src[nd.keyStart+1 : nd.keyEnd-1]
}

// below returns the schema of what a step leads to.
func (e *editor) below(s spot, step string) *plan {
	if id := e.field(s, step); id >= 0 {
		return e.v.fields[id].plan
	}
	switch {
	case s.plan == nil:
		return nil
	case e.t.nodes[s.node].kind == kindArray:
		return s.plan.items
	}
	if sub := s.plan.property(step); sub != nil {
		return sub
	}
	return s.plan.additional
}

// set plans the edits of Set.
func (e *editor) set(val *tape) error {
	if len(e.t.nodes) == 0 {
		return e.create(val)
	}
	s := e.walk()
	nd := &e.t.nodes[s.node]
	if len(s.rest) == 0 {
		e.replace(s, val)
		return nil
	}
	step := s.rest[0]
	switch nd.kind {
	case kindObject:
		inner, err := e.wrap(s.inside(e, step), val)
		if err != nil {
			return err
		}
		return e.addMember(s, step, inner)
	case kindArray:
		if step != "-" && step != strconv.Itoa(int(nd.n)) {
			return e.noPlace(s, "is a list of "+strconv.Itoa(int(nd.n)))
		}
		inner, err := e.wrap(s.inside(e, step), val)
		if err != nil {
			return err
		}
		return e.addElement(s, inner)
	case kindNull: // the same as absent
		inner, err := e.wrap(s, val)
		if err != nil {
			return err
		}
		e.replace(s, inner)
		return nil
	case kindString: // a lone text stands for a list of one
		if s.node == 0 || len(s.rest) > 1 {
			break
		}
		switch step {
		case "0":
			e.replace(s, val)
			return nil
		case "1", "-":
			y := e.styleAt(s.node)
			tail := y.append([]byte(y.comma), val, 0, layout{})
			e.edits = append(e.edits,
				byteEdit{int(nd.start), int(nd.start), "["}, byteEdit{int(nd.end), int(nd.end), string(tail) + "]"})
			e.aim.replaced = s.node
			return nil
		}
	case kindBad:
		return e.unreadable(int(nd.start))
	}
	return e.noPlace(s, "is "+kindWords[nd.kind])
}

var kindWords = [...]string{
	kindNull: "null", kindFalse: "false", kindTrue: "true", kindNumber: "a number", kindString: "a text",
	kindArray: "a list", kindObject: "an object", kindBad: "unreadable",
}

// inside is the spot that a step leads to when it stands in the text no further.
func (s spot) inside(e *editor, step string) spot {
	return spot{node: noNode, plan: e.below(s, step), rest: s.rest[1:]}
}

// wrap returns a value within the lists and objects that the rest of a path needs.
func (e *editor) wrap(s spot, val *tape) (*tape, error) {
	if len(s.rest) == 0 {
		return val, nil
	}
	var open, shut []byte
	p := s.plan
	for _, step := range s.rest {
		if step == "-" || p != nil && p.kinds&(isArray|isObject) == isArray {
			if step != "-" && step != "0" {
				return nil, e.noPlace(s, "is an empty list")
			}
			open, shut = append(open, '['), append(shut, ']')
			if p != nil {
				p = p.items
			}
			continue
		}
		open, shut = append(appendQuoted(append(open, '{'), step), ':'), append(shut, '}')
		if p != nil {
			if sub := p.property(step); sub != nil {
				p = sub
			} else {
				p = p.additional
			}
		}
	}
	slices.Reverse(shut)
	var t tape
	if !t.scan(slices.Concat(open, val.src, shut), e.v.limits) {
		return nil, fmt.Errorf("%s lies too deep", e.name(e.steps))
	}
	return &t, nil
}

// noPlace says that the path cannot go on from the spot.
func (e *editor) noPlace(s spot, is string) error {
	return fmt.Errorf("%s %s, so it has no place for %q", e.name(e.steps[:len(e.steps)-len(s.rest)]), is, s.rest[0])
}

// name returns steps as people read a path.
func (e *editor) name(steps []string) string {
	if len(steps) == 0 {
		return "the text"
	}
	return strconv.Quote(strings.Join(steps, "/"))
}

// unreadable says that the text at a byte does not let itself be edited, and which line to mend first: that of the
// last mistake up to there, else that of the first one.
func (e *editor) unreadable(at int) error {
	line := at
	for i, f := range e.found {
		if f.severity == Error && (i == 0 || f.start <= at || line > at) {
			line = f.start
		}
	}
	where := "the text"
	if len(e.steps) > 0 {
		where = "the text around " + e.name(e.steps)
	}
	return fmt.Errorf("%s cannot be read; fix line %d first", where, locate(e.src, line)[0].Line)
}

// finish proves the edits in a text that is no strict JSON, and resolves their places.
func (e *editor) finish(val *tape) ([]TextEdit, error) {
	if len(e.edits) == 0 {
		return nil, nil
	}
	if e.found != nil {
		if err := e.prove(val); err != nil {
			return nil, err
		}
	}
	return textEdits(e.src, e.edits), nil
}

// textEdits resolves sorted edits.
func textEdits(src []byte, edits []byteEdit) []TextEdit {
	l := newLocator(src)
	list := make([]TextEdit, len(edits))
	for i, e := range edits {
		list[i] = TextEdit{Start: e.start, End: e.end, Text: e.text}
		list[i].Start16 = l.position(e.start).UTF16
		list[i].End16 = l.position(e.end).UTF16
	}
	return list
}
