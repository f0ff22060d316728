package core

import (
	"strings"
)

// spelling is what a name in the text stands for.
type spelling struct {
	name  string // as accepted: "top_p" or "topP"
	field int32  // index into Validator.fields
	camel bool
}

// nameTable maps every accepted spelling to its field. A lookup among the few dozen names of a schema is a hash of four
// bytes and as a rule one comparison, a third of what a Go map takes.
type nameTable struct {
	slots   []spelling // those without a name are empty
	shift   uint8
	unnamed *spelling // of the name "", if a schema has such a property
}

func newNameTable(list []spelling) *nameTable {
	t := &nameTable{shift: 32 - 7}
	for 1<<(32-t.shift) < 4*len(list) {
		t.shift--
	}
	t.slots = make([]spelling, 1<<(32-t.shift))
	for _, s := range list {
		if s.name == "" {
			t.unnamed = &s
			continue
		}
		h := t.hash([]byte(s.name))
		for t.slots[h].name != "" {
			h = (h + 1) & uint32(len(t.slots)-1)
		}
		t.slots[h] = s
	}
	return t
}

// hash mixes the length with bytes from all over the name, which is not empty. Collisions only cost a further comparison.
func (t *nameTable) hash(name []byte) uint32 {
	n := len(name)
	h := uint32(name[0]) | uint32(name[n-1])<<8 | uint32(name[n/2])<<16 | uint32(name[n/3])<<24
	return (h + uint32(n)*0x01010101) * 0x9e3779b1 >> t.shift
}

// find returns nil for a name that is none.
func (t *nameTable) find(name []byte) *spelling {
	if len(name) == 0 {
		return t.unnamed
	}
	for h := t.hash(name); ; h = (h + 1) & uint32(len(t.slots)-1) {
		s := &t.slots[h]
		if s.name == string(name) {
			return s
		}
		if s.name == "" {
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
