package plan

import (
	"strings"
)

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

// Candidate is a name to suggest.
type Candidate struct{ name, folded string }

func Candidates(names ...string) []Candidate {
	list := make([]Candidate, len(names))
	for i, n := range names {
		list[i] = Candidate{n, fold(n)}
	}
	return list
}

// Nearest returns the candidates that name was probably meant to be: as a rule one, none where none resembles it, and
// several where it resembles them alike. Names differ by case and separators for free; beyond that by fewer edits than a
// third of the name, at most three.
func Nearest(name string, candidates []Candidate) (best []string) {
	if len(name) == 0 || len(name) > 64 {
		return nil
	}
	f := fold(name)
	bestDistance := min(3, (len(f)+1)/3)
	for _, c := range candidates {
		cf := c.folded
		if len(cf)-len(f) > bestDistance || len(f)-len(cf) > bestDistance {
			continue
		}
		switch d := distance(f, cf); {
		case d < bestDistance || d == bestDistance && best == nil:
			best, bestDistance = []string{c.name}, d
		case d == bestDistance:
			best = append(best, c.name)
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
