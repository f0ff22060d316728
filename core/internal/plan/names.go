package plan

import (
	"strings"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// SnakeCase turns maxCompletionTokens into max_completion_tokens.
func SnakeCase(name string) string {
	const most = 64
	if name = name[:min(len(name), most)]; strings.IndexFunc(name, func(ch rune) bool { return 'A' <= ch && ch <= 'Z' }) < 0 {
		return name // as most are, of which there may be very many
	}
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		if c >= 'A' && c <= 'Z' {
			if i > 0 {
				b.WriteByte('_')
			}
			c += 'a' - 'A'
		}
		b.WriteByte(c)
	}
	return b.String()
}

// Spelling is what a name in the text stands for.
type Spelling struct {
	name  string // as accepted: "top_p" or "topP"
	mark  jsontape.Mark
	Field int32 // index into Validator.fields or plan.properties
	Camel bool
}

// nameTable maps every accepted spelling to its field or property: a lookup among the few dozen names of a schema is a
// multiplication and as a rule one comparison of marks.
type nameTable struct {
	slots []Spelling // those of length 0 are empty
	shift uint8
	empty *Spelling // that of the name "", if a schema has such a property
	fold  bool      // names count in any case
}

// FoldCase makes names count whatever the case of their letters A to Z. One that is not written as it should be is like a
// name in camelCase.
func (t *nameTable) FoldCase() { t.fold = true }

// Find returns nil for a name that is none.
func (t *nameTable) Find(name []byte) *Spelling {
	s := t.find(name)
	if s != nil || !t.fold {
		return s
	}
	const longest = 64 // longer than any field's name; the text may hold very long ones
	if len(name) > longest {
		return nil
	}
	if s = t.find(lowerCase(name)); s == nil {
		return nil
	}
	other := *s
	other.Camel = true
	return &other
}

func lowerCase(name []byte) []byte {
	lower := make([]byte, len(name))
	for i, c := range name {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower[i] = c
	}
	return lower
}

func newNameTable(list []Spelling) *nameTable {
	t := &nameTable{shift: 64 - 7}
	for 1<<(64-t.shift) < 4*len(list) {
		t.shift--
	}
	t.slots = make([]Spelling, 1<<(64-t.shift))
	for _, s := range list {
		if s.name == "" {
			t.empty = &s
			continue
		}
		s.mark = jsontape.MarkOf([]byte(s.name))
		h := t.hash(s.mark)
		for t.slots[h].mark.N != 0 {
			h = t.after(h)
		}
		t.slots[h] = s
	}
	return t
}

// hash returns the first place to look at. Collisions only cost a further comparison.
func (t *nameTable) hash(m jsontape.Mark) uint64 {
	return (m.First + m.Last>>3 + uint64(m.N)) * 0x9e3779b97f4a7c15 >> t.shift
}

func (t *nameTable) after(h uint64) uint64 { return (h + 1) & uint64(len(t.slots)-1) }

func (t *nameTable) find(name []byte) *Spelling {
	m := jsontape.MarkOf(name)
	if m.N == 0 {
		return t.empty
	}
	for h := t.hash(m); ; h = t.after(h) {
		switch s := &t.slots[h]; {
		case s.mark == m && (m.N <= 16 || s.name == string(name)):
			return s
		case s.mark.N == 0:
			return nil
		}
	}
}

// CamelCase turns top_p into topP. Names without an underscore are the same in both spellings.
func CamelCase(name string) string {
	if !strings.Contains(name, "_") {
		return name
	}
	var b strings.Builder
	up := false
	for _, r := range name {
		switch {
		case r == '_':
			up = b.Len() > 0
		case up:
			b.WriteString(strings.ToUpper(string(r)))
			up = false
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
