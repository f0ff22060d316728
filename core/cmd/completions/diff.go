package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// around is how many lines a diff shows around a change, and mostRows up to how many lines the longest common part is
// looked for.
const (
	around   = 3
	mostRows = 2_000
)

// writeDiff writes a unified diff of two texts that are not the same. On a terminal it shows what that would obey as
// escapes; for a program that applies it, it is exact.
func writeDiff(w io.Writer, name string, before, after []byte, terminal bool) error {
	a, b := lines(before), lines(after)
	if terminal {
		for _, list := range [][]string{a, b} {
			for n := range list {
				list[n] = escaped(list[n], "\t\r\n")
			}
		}
	}
	var out strings.Builder
	shown := visible(name)
	fmt.Fprintf(&out, "--- %s\n+++ %s\n", shown, shown)
	changes := compare(a, b)
	for n := 0; n < len(changes); {
		last := n
		for last+1 < len(changes) && changes[last+1].a.start-changes[last].a.end <= 2*around {
			last++
		}
		hunk(&out, a, b, changes[n:last+1])
		n = last + 1
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// lines returns the lines of a text with their ends.
func lines(text []byte) (lines []string) {
	for line := range bytes.Lines(text) {
		lines = append(lines, string(line))
	}
	return lines
}

// change says that lines of one text stand in place of lines of another.
type change struct{ a, b span }

// hunk writes changes that stand close together, with the lines around them.
func hunk(out *strings.Builder, a, b []string, changes []change) {
	first, last := changes[0], changes[len(changes)-1]
	from, to := max(first.a.start-around, 0), min(last.a.end+around, len(a))
	shift := first.b.start - first.a.start
	end := to + last.b.end - last.a.end
	fmt.Fprintf(out, "@@ -%s +%s @@\n", stretch(from, to), stretch(from+shift, end))
	at := from
	for _, c := range changes {
		rows(out, ' ', a[at:c.a.start])
		rows(out, '-', a[c.a.start:c.a.end])
		rows(out, '+', b[c.b.start:c.b.end])
		at = c.a.end
	}
	rows(out, ' ', a[at:to])
}

func stretch(start, end int) string {
	switch end - start {
	case 0:
		return fmt.Sprintf("%d,0", start)
	case 1:
		return fmt.Sprint(start + 1)
	}
	return fmt.Sprintf("%d,%d", start+1, end-start)
}

func rows(out *strings.Builder, mark byte, lines []string) {
	for _, line := range lines {
		text, ended := strings.CutSuffix(line, "\n")
		out.WriteByte(mark)
		out.WriteString(text)
		out.WriteByte('\n')
		if !ended {
			out.WriteString("\\ No newline at end of file\n")
		}
	}
}

// compare returns what has to change in a to get b: by the longest common subsequence of the lines between those that both
// begin and end with.
func compare(a, b []string) (changes []change) {
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	endA, endB := len(a), len(b)
	for endA > start && endB > start && a[endA-1] == b[endB-1] {
		endA--
		endB--
	}
	x, y := a[start:endA], b[start:endB]
	if len(x) > mostRows || len(y) > mostRows {
		if len(x) == len(y) { // a line was changed here and there, as in JSON Lines
			for n := range x {
				if x[n] != y[n] {
					changes = add(changes, start+n, start+n, 1, 1)
				}
			}
			return changes
		}
		return []change{{span{start, endA}, span{start, endB}}}
	}
	common := make([][]int16, len(x)+1) // the most common lines from here on
	for i := range common {
		common[i] = make([]int16, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(x) || j < len(y) {
		switch {
		case i < len(x) && j < len(y) && x[i] == y[j]:
			i++
			j++
		case j == len(y) || i < len(x) && common[i+1][j] >= common[i][j+1]:
			changes = add(changes, start+i, start+j, 1, 0)
			i++
		default:
			changes = add(changes, start+i, start+j, 0, 1)
			j++
		}
	}
	return changes
}

// add appends a change, to the last one where it follows upon that.
func add(changes []change, a, b, inA, inB int) []change {
	if n := len(changes) - 1; n >= 0 && changes[n].a.end == a && changes[n].b.end == b {
		changes[n].a.end += inA
		changes[n].b.end += inB
		return changes
	}
	return append(changes, change{span{a, a + inA}, span{b, b + inB}})
}
