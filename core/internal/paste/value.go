package paste

import (
	"slices"
	"strings"
)

// form tells what is known of the value of an expression.
type form uint8

const (
	opaque   form = iota // only a program that runs knows it; text is the name of the variable or call, if it is one
	aText                // a text
	aToken               // a number, true, false or null, as JSON has it
	aMissing             // JavaScript's undefined: members that hold it are not written
	aList                // of items
	anObject             // of items with keys
	asJSON               // the text that the only item makes as JSON
	aCall                // of what text names, with items as arguments
	asTyped              // JSON as it was typed, in text
)

// value is an expression as far as it can be known without running it.
type value struct {
	form       form
	apart      bool // a method of what got its value in another block, which may or may not have run
	start, end int
	text       string
	items      []item
	below      []remark // comments behind the last item
	holes      []span   // expressions inside of a text, which stand in it as typed
	base       *value   // the call whose result is asked for more
}

type span struct{ start, end int }

// item is a member, an argument or an element.
type item struct {
	key   string
	keyed bool
	of    *value   // what a key that is no literal is made of, nil for others
	all   bool     // stands for all items of value
	start int      // of the key, or of the value
	end   int      // 0 for that of the value
	above []remark // comments before it
	value *value
}

// stop is where an item ends.
//
//go:noinline
func (it *item) stop() int {
	if it.end > 0 {
		return it.end
	}
	return max(it.start, it.value.end)
}

// remark is a comment, with the marks that it has in JSON.
type remark struct {
	text  string
	aside bool // it stands behind what comes before it, on the same line
	start int
}

// known reports whether the value is that of a literal, perhaps with holes.
//
//go:noinline
func (v *value) known() bool {
	return v != nil && v.form != opaque && v.form != aCall && v.form != aMissing
}

// get returns the value of the last member that has a name, nil for none.
//
//go:noinline
func (v *value) get(name string) *value {
	if v == nil || v.form != anObject && v.form != aCall {
		return nil
	}
	for i := len(v.items) - 1; i >= max(0, len(v.items)-mostOptions); i-- {
		if it := &v.items[i]; it.keyed && it.key == name {
			return it.value
		}
	}
	return nil
}

// latest returns the member of an object that has a name, also where another object was spread into it. Where that cannot
// be told at little cost it returns one that only the program knows.
func (v *value) latest(name string) *value {
	if v == nil || v.form != anObject {
		return nil
	}
	steps := 1 << 10
	for i := len(v.items) - 1; i >= 0; i-- {
		it := &v.items[i]
		if it.keyed && it.key == name {
			return it.value
		}
		if it.of != nil || it.all && it.value.form != anObject {
			return &value{}
		}
		if !it.all {
			continue
		}
		for n := len(it.value.items) - 1; n >= 0; n-- {
			inner := &it.value.items[n]
			if steps--; steps < 0 || inner.all || inner.of != nil {
				return &value{}
			}
			if inner.keyed && inner.key == name {
				return inner.value
			}
		}
	}
	return nil
}

// at returns the n-th argument without a name, nil for none.
//
//go:noinline
func (v *value) at(n int) *value {
	for i := range v.items {
		if it := &v.items[i]; !it.keyed && !it.all {
			if n == 0 {
				return it.value
			}
			n--
		}
	}
	return nil
}

// plain returns a text all of which is known.
//
//go:noinline
func (v *value) plain() (string, bool) {
	if v == nil || v.form != aText || len(v.holes) > 0 {
		return "", false
	}
	return v.text, true
}

const (
	mostDepth   = 128     // of containers in each other, as core.Limits has it
	mostOptions = 200     // among which one is looked for: an object with more holds data
	mostSaid    = 100     // beyond, a text has more to be said about it than anybody reads
	mostSpent   = 1 << 16 // bytes that variables may stand for in any text
)

// writing turns values into the text of a request, and says what cannot be.
type writing struct {
	writer
	d     *Draft
	noted map[int]bool // starts of places that were told of
	room  int          // bytes and items that may yet be written: variables can stand for each other many times over
}

func newWriting(d *Draft, src []byte) *writing {
	return &writing{d: d, noted: map[int]bool{}, room: 8*len(src) + mostSpent}
}

//go:noinline
func (w *writing) note(code Code, start, end int, message string) {
	if !w.noted[start] && len(w.d.Notes) < mostSaid {
		w.noted[start] = true
		w.d.Notes = append(w.d.Notes, Note{code, start, end, message})
	}
}

// unknown says of an expression that it has no value here.
func (w *writing) unknown(name string, v *value) {
	if name != "" {
		name += ": "
	}
	switch {
	case v.form == aCall:
		name += "the result of " + callName(v.text)
	case v.text != "":
		name += "the value of " + v.text
	default:
		name += "the value of an expression"
	}
	w.d.Lost = true
	w.note(NotLiteral, v.start, v.end, name+" is known only to the program")
}

func callName(path string) string {
	if path == "" {
		return "a call"
	}
	return path + "(…)"
}

// members returns the members of an object with those that others were spread into it, the last of a name in the place
// of the first. What has no name is told and left out.
func (w *writing) members(v *value, depth int) []item {
	out := make([]item, 0, len(v.items))
	var places map[string]int
	merged := v.text == mergeKey // what other objects gave stands below what the object says, as is meant
	borrowed := map[string]bool{}
	var add func(v *value, depth int, spread bool)
	add = func(v *value, depth int, spread bool) {
		for _, it := range v.items {
			if w.room--; w.room < 0 {
				return
			}
			switch {
			case it.all && it.value.form == anObject && depth < mostDepth:
				add(it.value, depth+1, true)
			case it.all && it.value.form == aMissing:
			case it.all:
				w.unknown("", it.value)
			case it.of != nil:
				w.d.Lost = true
				w.note(NotLiteral, it.start, it.stop(), "a name that only the program knows")
			case !it.keyed:
				w.note(NotLiteral, it.value.start, it.value.end, "a value without a name")
			default:
				if places == nil {
					places = make(map[string]int, len(v.items))
				}
				if at, again := places[it.key]; again {
					if old := out[at].value; !spread && !borrowed[it.key] && old != it.value && old.start > v.start {
						w.d.Lost = true
						w.note(Left, out[at].start, out[at].stop(), it.key+" is said again further on, which counts")
					}
					out[at].value, out[at].start, out[at].end = it.value, it.start, it.end
					out[at].above = append(slices.Clip(out[at].above), it.above...)
					continue
				}
				if spread && merged {
					borrowed[it.key] = true
				}
				places[it.key] = len(out)
				out = append(out, it)
			}
		}
	}
	add(v, depth, false)
	return out
}

// value writes a value. It reports false, and writes nothing, if there is none.
func (w *writing) value(name string, v *value, depth int) bool {
	if w.room -= 1 + len(v.text); w.room < 0 || depth > mostDepth+2 {
		w.room = -1
		w.token("null")
		return true
	}
	for _, h := range v.holes {
		w.hole(name, h)
	}
	switch v.form {
	case aText:
		w.text(v.text)
	case aToken, asTyped:
		w.token(v.text)
	case asJSON:
		inner := newWriting(w.d, nil)
		inner.noted, inner.room = w.noted, w.room
		if !inner.value(name, v.items[0].value, depth+1) {
			return false
		}
		w.room = inner.room
		w.text(string(inner.out))
	case aList:
		w.open('[')
		if short(v) {
			w.onOneLine()
		}
		for _, it := range v.items {
			w.remarks(it.above)
			if it.all && it.value.form == aList {
				for _, inner := range it.value.items {
					w.element(name, inner, depth)
				}
				continue
			}
			w.element(name, it, depth)
		}
		w.remarks(v.below)
		w.close(']')
	case anObject:
		w.object(w.members(v, depth), v.below, depth)
	case aMissing:
		return false
	default:
		w.unknown(name, v)
		return false
	}
	return true
}

func (w *writing) hole(name string, h span) {
	if name != "" {
		name = " in " + name
	}
	w.note(NotLiteral, h.start, h.end, "the expression"+name+" stands in the text as a mark, for only the program knows it")
}

// short reports whether a list is better read on one line: it holds but numbers and words.
func short(v *value) bool {
	for _, it := range v.items {
		if len(it.above) > 0 || it.value.form != aToken && it.value.form != aText || len(it.value.text) > 40 {
			return false
		}
	}
	return len(v.below) == 0
}

// element writes one, and null for one that only the program knows: those behind it keep their places.
func (w *writing) element(name string, it item, depth int) {
	if w.room < 0 {
		return
	}
	if it.all {
		w.unknown(name, it.value)
		w.token("null")
	} else if !w.value(name, it.value, depth+1) {
		w.token("null")
	}
}

func (w *writing) object(members []item, below []remark, depth int) {
	w.open('{')
	for _, it := range members {
		if w.room < 0 {
			break
		}
		w.remarks(it.above)
		if v := it.value; v.form == opaque || v.form == aCall || v.form == aMissing || v.form == asJSON && !v.items[0].value.known() {
			if v.form == asJSON {
				v = v.items[0].value
			}
			if v.form != aMissing {
				w.unknown(it.key, v)
			}
			continue
		}
		w.key(it.key)
		w.value(it.key, it.value, depth+1)
	}
	w.remarks(below)
	w.close('}')
}

// remarks writes comments, but for those in which a key may stand.
func (w *writing) remarks(list []remark) {
	for _, c := range list {
		lower := strings.ToLower(c.text)
		if slices.ContainsFunc(secretMarks, func(mark string) bool { return strings.Contains(lower, mark) }) {
			w.note(Left, c.start, c.start+1, "a comment in which a key may stand")
			continue
		}
		if w.room -= len(c.text); w.room >= 0 {
			w.comment(c.text, c.aside)
		}
	}
}

// secretMarks stand in comments with a key that is no longer in use, or not yet.
var secretMarks = []string{"api_key", "apikey", "api-key", "bearer", "authorization", "sk-", "token="}

// json is what a call returns that makes JSON of a value.
//
//go:noinline
func (v *value) json(of *value) *value {
	return &value{form: asJSON, items: []item{{value: of}}, start: v.start, end: v.end}
}
