package check

import (
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
)

// State is what a text says about one field.
type State struct {
	At    uint32           // the tape index of the value that counts; 0 where there is none
	form  form             // how the value gets into the body
	meant bool             // a member under a wrong name is taken for it
	camel bool             // the name is in the SDK's spelling
	fine  bool             // the schema has nothing against the value
	n     jsontape.Numeral // the value, if it is a number that could be read in passing
}

// Fields is what a text says about each field of the schema, and what it holds besides.
type Fields struct {
	Reading
	States  []State  // per field
	Top     int      // the fields from here on are not in the text
	Unknown []uint32 // members that are no field, in document order
	Changes []Change // from the text to the body, in no order

	checker   *Checker
	fixless   bool // no fix is made: only the verdict is wanted
	trial     trial
	present   uint64  // the bits of the fields that are in the text and sent, see plan.Field
	undecided []int32 // fields whose value is not surely valid
}

func (fs *Fields) reset() {
	clear(fs.States[:fs.Top])
	clear(fs.Changes) // drops references to messages
	fs.Unknown, fs.Changes, fs.undecided = fs.Unknown[:0], fs.Changes[:0], fs.undecided[:0]
	fs.Top, fs.present, fs.trial.errors = 0, 0, nil
}

// form is how a field's value gets from the text into the body.
type form uint8

const (
	formAbsent    form = iota // not in the text
	formAsTyped               // as it stands
	formDropped               // left out: null, or an empty list
	formWrapped               // a lone item, sent as a list of one
	formUnwrapped             // a list of one, sent as the item
	formInteger               // a whole number with a fraction or exponent, sent as plain digits
	formIntegers              // a list with whole numbers like that
	formRenamed               // an object with SDK spellings within, sent with wire names
	formOmitted               // left out: it says the default, and the server refuses the mere presence
)

// Change is a Change in bytes and indexes.
type Change struct {
	Kind       string
	Field      int32 // -1: none
	Node       int32
	Start, End int
	Message    string
}

func (fs *Fields) changed(kind string, id int32, i uint32, message string) {
	nd := &fs.Nodes[i]
	fs.Changes = append(fs.Changes, Change{Kind: kind, Field: id, Node: int32(i),
		Start: int(nd.Start), End: int(nd.End), Message: message})
}

// Node returns the value of a field that reaches the body, 0 where there is none.
func (fs *Fields) Node(id int32) uint32 {
	if id < 0 {
		return 0
	}
	if g := &fs.States[id]; g.form != formAbsent && g.form != formDropped && g.form != formOmitted {
		return g.At
	}
	return 0
}

// number returns the value of a field that holds a number and is not wrong by itself.
func (fs *Fields) number(id int32) (float64, bool) {
	i := fs.Node(id)
	if i == 0 {
		return 0, false
	}
	g := &fs.States[id]
	if fs.Nodes[i].Kind != jsontape.Number {
		return 0, false
	}
	if p := fs.checker.Fields[id].Plan; !g.fine && (p.Decides || !plan.Valid(p.Schema, fs.Value(i))) {
		return 0, false
	}
	return fs.Float(g)
}

func (fs *Fields) isTrue(id int32) bool {
	i := fs.Node(id)
	return i != 0 && fs.Nodes[i].Kind == jsontape.True
}

// accepts is p.accept of a field's value, which need not be read again if it is a number.
func (fs *Fields) accepts(p *plan.Plan, g *State) bool {
	if p.Decides && g.n.Kind != jsontape.Unread {
		return p.AcceptNumeral(g.n, fs.Raw(g.At))
	}
	return p.Accept(&fs.Tape, g.At)
}

// saysDefault reports whether a field says what leaving it out means.
func (fs *Fields) saysDefault(f *plan.Field, i uint32) bool {
	if f.Default == "" {
		return false
	}
	switch nd := &fs.Nodes[i]; {
	case nd.Kind == jsontape.Number && (f.Default[0] == '-' || f.Default[0]-'0' < 10):
		return jsontape.ReadDecimal([]byte(fs.Number(i))).Compare(jsontape.ReadDecimal([]byte(f.Default))) == 0
	case nd.Kind == jsontape.Object && nd.N == 0:
		return f.Default == "{}"
	}
	return string(fs.Raw(i)) == f.Default
}

// Int returns the whole number that a field holds.
func (fs *Fields) Int(s *State) (int64, bool) {
	if s.n.Kind == jsontape.Integer {
		return s.n.Int, true
	}
	return fs.Integer(s.At)
}

// Float returns the number that a field holds.
func (fs *Fields) Float(s *State) (float64, bool) {
	if s.n.Kind != jsontape.Unread {
		return s.n.Float, true
	}
	return fs.Double(s.At)
}

// Name returns the wire name of a field, "" for -1.
func (fs *Fields) Name(id int32) string {
	if id < 0 {
		return ""
	}
	return fs.checker.Fields[id].Name
}

// FieldOf returns the wire name of the top-level field that node i belongs to, or "".
func (fs *Fields) FieldOf(i uint32) string {
	if fs.Nodes[0].Kind != jsontape.Object {
		return ""
	}
	return fs.Name(fs.checker.FieldOf(&fs.Tape, fs.ChildOver(0, i)))
}
