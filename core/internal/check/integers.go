package check

import (
	"bytes"
	"fmt"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
)

// plainIntegers notes that a list of token ids, or a list of such lists, has some that are not written as digits alone.
func (z *canonicalizer) plainIntegers(f *plan.Field, id int32, g *State) {
	if !f.Integers || !z.anyUnplain(g.At) {
		return
	}
	first, count := uint32(0), 0
	z.eachInteger(f.Plan, g.At, func(c uint32) {
		if _, changes := z.plainInteger(c); changes {
			if count++; count == 1 {
				first = c
			}
		}
	})
	if count == 0 {
		return
	}
	g.form = formIntegers
	n, _ := z.plainInteger(first)
	message := finding.QuoteRaw(z.Raw(first)) + " is sent as " + finding.QuoteRaw([]byte(n))
	if count > 1 {
		message += fmt.Sprintf(" (and %d more)", count-1)
	}
	z.changed("integer", id, first, message)
}

// anyUnplain reports whether a number within list i is not digits alone, or may be. Of thousands of ids all are looked
// through at once for what other numbers are written with.
func (fs *Fields) anyUnplain(i uint32) bool {
	nd := &fs.Nodes[i]
	raw := fs.Raw(i)
	if len(raw) < 16*int(nd.Next-i) {
		return bytes.IndexByte(raw, '.') >= 0 || bytes.IndexByte(raw, 'e') >= 0 || bytes.IndexByte(raw, 'E') >= 0 || bytes.IndexByte(raw, '-') >= 0
	}
	for c := i + 1; c < nd.Next; c++ {
		if fs.Nodes[c].Kind == jsontape.Number && !isPlainInteger(fs.Raw(c)) {
			return true
		}
	}
	return false
}

// eachInteger visits the numbers of list i where p takes whole numbers only.
func (fs *Fields) eachInteger(p *plan.Plan, i uint32, visit func(c uint32)) {
	nd := &fs.Nodes[i]
	switch {
	case nd.Kind == jsontape.Number && p.TakesIntegers():
		visit(i)
	case nd.Kind != jsontape.Array || nd.N == 0:
	default:
		if len(p.Forms) > 0 {
			p = p.Meant(&fs.Tape, i)
		}
		if p.Items == nil {
			return
		}
		for c := i + 1; c < nd.Next; c = fs.Nodes[c].Next {
			fs.eachInteger(p.Items, c, visit)
		}
	}
}

// plainInteger returns the digits of the number at i, and whether it is a whole one that is written in another way.
func (fs *Fields) plainInteger(i uint32) (digits string, changes bool) {
	n, whole := jsontape.IntegerToken(fs.Number(i))
	return n, whole && len(n) <= fs.Limits.Digits && n != string(fs.Raw(i))
}

// appendIntegers appends list i with its whole numbers as digits alone.
func (fs *Fields) appendIntegers(b []byte, p *plan.Plan, i uint32) []byte {
	plain := map[uint32]string{}
	fs.eachInteger(p, i, func(c uint32) {
		if n, changes := fs.plainInteger(c); changes {
			plain[c] = n
		}
	})
	var write func(c uint32)
	write = func(c uint32) {
		nd := &fs.Nodes[c]
		if n, ok := plain[c]; ok {
			b = append(b, n...)
			return
		}
		if nd.Kind != jsontape.Array {
			b = fs.AppendJSON(b, c)
			return
		}
		b = append(b, '[')
		for d := c + 1; d < nd.Next; d = fs.Nodes[d].Next {
			if d > c+1 {
				b = append(b, ',')
			}
			write(d)
		}
		b = append(b, ']')
	}
	write(i)
	return b
}
