package core

import (
	"encoding/binary"
	"strings"
)

// spelling is what a name in the text stands for.
type spelling struct {
	name  string // as accepted: "top_p" or "topP"
	mark  mark
	field int32 // index into Validator.fields or plan.properties
	camel bool
}

// mark is the length of a name with bytes from its start and its end: all of them up to 16.
type mark struct {
	n           int
	first, last uint64
}

func markOf(name []byte) mark {
	n := len(name)
	switch {
	case n >= 8:
		return mark{n, binary.LittleEndian.Uint64(name), binary.LittleEndian.Uint64(name[n-8:])}
	case n >= 4:
		return mark{n, uint64(binary.LittleEndian.Uint32(name)), uint64(binary.LittleEndian.Uint32(name[n-4:]))}
	case n > 0:
		return mark{n, uint64(name[0]) | uint64(name[n/2])<<8 | uint64(name[n-1])<<16, 0}
	}
	return mark{}
}

// nameTable maps every accepted spelling to its field or property: a lookup among the few dozen names of a schema is a
// multiplication and as a rule one comparison of marks.
type nameTable struct {
	slots []spelling // those of length 0 are empty
	shift uint8
	empty *spelling // that of the name "", if a schema has such a property
}

func newNameTable(list []spelling) *nameTable {
	t := &nameTable{shift: 64 - 7}
	for 1<<(64-t.shift) < 4*len(list) {
		t.shift--
	}
	t.slots = make([]spelling, 1<<(64-t.shift))
	for _, s := range list {
		if s.name == "" {
			t.empty = &s
			continue
		}
		s.mark = markOf([]byte(s.name))
		h := t.hash(s.mark)
		for t.slots[h].mark.n != 0 {
			h = t.after(h)
		}
		t.slots[h] = s
	}
	return t
}

// hash returns the first place to look at. Collisions only cost a further comparison.
func (t *nameTable) hash(m mark) uint64 {
	return (m.first + m.last>>3 + uint64(m.n)) * 0x9e3779b97f4a7c15 >> t.shift
}

func (t *nameTable) after(h uint64) uint64 { return (h + 1) & uint64(len(t.slots)-1) }

// find returns nil for a name that is none.
func (t *nameTable) find(name []byte) *spelling {
	m := markOf(name)
	if m.n == 0 {
		return t.empty
	}
	for h := t.hash(m); ; h = t.after(h) {
		switch s := &t.slots[h]; {
		case s.mark == m && (m.n <= 16 || s.name == string(name)):
			return s
		case s.mark.n == 0:
			return nil
		}
	}
}

// camelCase turns top_p into topP. Names without an underscore are the same in both spellings.
func camelCase(name string) string {
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

// fold strips what people vary in a name: case, underscores, hyphens and spaces.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '_' || r == '-' || r == ' ' || r == '.':
			return -1
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, name)
}

// candidate is a name to suggest.
type candidate struct{ name, folded string }

func candidates(names ...string) []candidate {
	list := make([]candidate, len(names))
	for i, n := range names {
		list[i] = candidate{n, fold(n)}
	}
	return list
}

// nearest returns the candidate that name was probably meant to be, or "". Names differ by case and separators for
// free; beyond that by fewer edits than a third of the name, at most three. The first of equally near ones wins.
func nearest(name string, candidates []candidate) string {
	if len(name) == 0 || len(name) > 64 {
		return ""
	}
	f := fold(name)
	best, bestDistance := "", min(3, (len(f)+1)/3)+1
	for _, c := range candidates {
		cf := c.folded
		if len(cf)-len(f) >= bestDistance || len(f)-len(cf) >= bestDistance {
			continue
		}
		if d := distance(f, cf); d < bestDistance {
			best, bestDistance = c.name, d
		}
	}
	return best
}

// distance is the optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours.
func distance(a, b string) int {
	var rows [3][65]int // on the stack for names as nearest takes them
	prev2, prev, cur := rows[0][:], rows[1][:], rows[2][:]
	if len(b) >= len(prev) {
		prev2, prev, cur = make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	}
	for j := range len(b) + 1 {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}
