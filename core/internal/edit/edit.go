package edit

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"
	"github.com/completion-playground/playground/core/internal/plan"
	"github.com/completion-playground/playground/core/internal/utf"
)

// Set returns the edits that make the value at path the given one; see Validator.Set.
func Set(r *plan.Request, lim jsontape.Limits, src []byte, path string, value []byte) ([]finding.Edit, error) {
	var val jsontape.Tape
	if !val.Scan(value, lim) {
		if val.CrowdedAt >= 0 {
			return nil, fmt.Errorf("the new value is too large: want at most %d values", lim.Values)
		}
		return nil, errors.New("the new value is no JSON")
	}
	e, err := newEditor(r, lim, src, path)
	if err != nil {
		return nil, err
	}
	if err := e.set(&val); err != nil {
		return nil, err
	}
	return e.finish(&val)
}

// Unset returns the edits that remove what path points to; see Validator.Unset.
func Unset(r *plan.Request, lim jsontape.Limits, src []byte, path string) ([]finding.Edit, error) {
	e, err := newEditor(r, lim, src, path)
	if err != nil {
		return nil, err
	}
	if err := e.unset(); err != nil {
		return nil, err
	}
	return e.finish(nil)
}

// editor makes one edit of one text.
type editor struct {
	r      *plan.Request
	limits jsontape.Limits
	src    []byte
	t      jsontape.Tape
	found  []finding.Finding // what keeps the text from being strict JSON; nil when nothing does
	path   string
	steps  []string
	edits  []finding.Edit
	intent intent
}

func newEditor(r *plan.Request, lim jsontape.Limits, src []byte, path string) (*editor, error) {
	e := &editor{r: r, limits: lim, path: path, intent: intent{replaced: jsontape.NoNode, grown: jsontape.NoNode}}
	if path != "" {
		if !utf8.ValidString(path) {
			return nil, errors.New("the path is not UTF-8")
		}
		if path[0] != '/' {
			return nil, fmt.Errorf("the path %q does not start with a slash", path)
		}
		e.steps = strings.Split(path[1:], "/")
		for i, step := range e.steps {
			e.steps[i] = jsontape.PointerUnescaper.Replace(step)
		}
	}
	return e, e.read(src)
}

func (e *editor) read(src []byte) error {
	if len(src) > e.limits.Bytes {
		return TooLarge(len(src), e.limits)
	}
	e.src = src
	if e.found = loose.Read(&e.t, src, e.limits); len(e.found) > 0 && e.found[0].Code == finding.TooLarge {
		return errors.New("the text is too large: " + e.found[0].Message)
	}
	return nil
}

func TooLarge(size int, lim jsontape.Limits) error {
	return fmt.Errorf("the text is too large: got %s, want at most %s", finding.ByteSize(size), finding.ByteSize(lim.Bytes))
}

// place is how far a path leads into the text.
type place struct {
	node uint32     // the last value on the path that stands in the text
	plan *plan.Plan // what the schema says about it; nil: nothing
	rest []string   // the steps that lead on from there to what is not in the text
}

// walk follows the path.
func (e *editor) walk() place {
	s := place{rest: e.steps, plan: e.r.Root}
	for len(s.rest) > 0 {
		var next uint32
		var ok bool
		switch e.t.Nodes[s.node].Kind {
		case jsontape.Object:
			if all := e.members(s, s.rest[0]); len(all) > 0 {
				next, ok = all[len(all)-1], true
			}
		case jsontape.Array:
			next, ok = e.t.Element(s.node, s.rest[0])
		}
		if !ok {
			break
		}
		s = place{node: next, plan: e.below(s, s.rest[0]), rest: s.rest[1:]}
	}
	return s
}

// members returns the children of an object that a step means: those of that name, in either spelling if the schema
// knows it.
func (e *editor) members(s place, name string) []uint32 {
	var all []uint32
	id := e.field(s, name)
	camel := name
	if s.node != 0 && s.plan != nil && s.plan.Property(name) != nil {
		camel = plan.CamelCase(name)
	}
	for c := s.node + 1; c < e.t.Nodes[s.node].Next; c = e.t.Nodes[c].Next {
		if id >= 0 && e.fieldOf(c) == id || id < 0 && (e.t.KeyIs(c, name) || e.t.KeyIs(c, camel)) {
			all = append(all, c)
		}
	}
	return all
}

// field returns the index of the field that a step from the root names, or -1.
func (e *editor) field(s place, name string) int32 {
	if s.node == 0 {
		if known := e.r.Table.Find([]byte(name)); known != nil {
			return known.Field
		}
	}
	return -1
}

// fieldOf returns the index of the field that a member of the root is, or -1.
func (e *editor) fieldOf(c uint32) int32 {
	if known := e.r.Table.Find(e.keyBytes(c)); known != nil {
		return known.Field
	}
	return -1
}

func (e *editor) keyBytes(c uint32) []byte {
	nd := &e.t.Nodes[c]
	if nd.KeyEnd == 0 || nd.Flags&(jsontape.KeyEscaped|jsontape.KeyLoose) != 0 {
		return []byte(e.t.Key(c))
	}
	return e.src[nd.KeyStart+1 : nd.KeyEnd-1]
}

// below returns the schema of what a step leads to.
func (e *editor) below(s place, step string) *plan.Plan {
	if id := e.field(s, step); id >= 0 {
		return e.r.Fields[id].Plan
	}
	switch {
	case s.plan == nil:
		return nil
	case e.t.Nodes[s.node].Kind == jsontape.Array:
		return s.plan.Items
	}
	if sub := s.plan.Property(step); sub != nil {
		return sub
	}
	return s.plan.Additional
}

// set plans the edits of Set.
func (e *editor) set(val *jsontape.Tape) error {
	if len(e.t.Nodes) == 0 {
		return e.create(val)
	}
	s := e.walk()
	nd := &e.t.Nodes[s.node]
	if len(s.rest) == 0 {
		e.replace(s, val)
		return nil
	}
	step := s.rest[0]
	switch nd.Kind {
	case jsontape.Object:
		inner, err := e.wrap(s.inside(e, step), val)
		if err != nil {
			return err
		}
		return e.addMember(s, step, inner)
	case jsontape.Array:
		if step != "-" && step != strconv.Itoa(int(nd.N)) {
			return e.noPlace(s, "is a list of "+strconv.Itoa(int(nd.N)))
		}
		inner, err := e.wrap(s.inside(e, step), val)
		if err != nil {
			return err
		}
		return e.addElement(s, inner)
	case jsontape.Null: // the same as absent
		inner, err := e.wrap(s, val)
		if err != nil {
			return err
		}
		e.replace(s, inner)
		return nil
	case jsontape.String: // a lone text stands for a list of one
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
				finding.Edit{Start: int(nd.Start), End: int(nd.Start), Text: "["}, finding.Edit{Start: int(nd.End), End: int(nd.End), Text: string(tail) + "]"})
			e.intent.replaced = s.node
			return nil
		}
	case jsontape.Bad:
		return e.unreadable(int(nd.Start))
	}
	return e.noPlace(s, "is "+kindWords[nd.Kind])
}

var kindWords = [...]string{
	jsontape.Null: "null", jsontape.False: "false", jsontape.True: "true", jsontape.Number: "a number", jsontape.String: "a text",
	jsontape.Array: "a list", jsontape.Object: "an object", jsontape.Bad: "unreadable",
}

// inside is the spot that a step leads to when it stands in the text no further.
func (s place) inside(e *editor, step string) place {
	return place{node: jsontape.NoNode, plan: e.below(s, step), rest: s.rest[1:]}
}

// wrap returns a value within the lists and objects that the rest of a path needs.
func (e *editor) wrap(s place, val *jsontape.Tape) (*jsontape.Tape, error) {
	if len(s.rest) == 0 {
		return val, nil
	}
	var open, shut []byte
	p := s.plan
	for _, step := range s.rest {
		if step == "-" || p != nil && p.Kinds&(plan.IsArray|plan.IsObject) == plan.IsArray {
			if step != "-" && step != "0" {
				return nil, e.noPlace(s, "is an empty list")
			}
			open, shut = append(open, '['), append(shut, ']')
			if p != nil {
				p = p.Items
			}
			continue
		}
		open, shut = append(jsontape.AppendQuoted(append(open, '{'), step), ':'), append(shut, '}')
		if p != nil {
			if sub := p.Property(step); sub != nil {
				p = sub
			} else {
				p = p.Additional
			}
		}
	}
	slices.Reverse(shut)
	var t jsontape.Tape
	if !t.Scan(slices.Concat(open, val.Src, shut), e.limits) {
		return nil, fmt.Errorf("%s lies too deep", e.name(e.steps))
	}
	return &t, nil
}

// noPlace says that the path cannot go on from the spot.
func (e *editor) noPlace(s place, is string) error {
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
		if f.Severity == finding.Error && (i == 0 || f.Start <= at || line > at) {
			line = f.Start
		}
	}
	where := "the text"
	if len(e.steps) > 0 {
		where = "the text around " + e.name(e.steps)
	}
	return fmt.Errorf("%s cannot be read; fix line %d first", where, utf.Locate(e.src, line)[0].Line)
}

// finish proves the edits in a text that is no strict JSON.
func (e *editor) finish(val *jsontape.Tape) ([]finding.Edit, error) {
	if len(e.edits) == 0 {
		return nil, nil
	}
	if e.found != nil {
		if err := e.prove(val); err != nil {
			return nil, err
		}
	}
	return e.edits, nil
}
