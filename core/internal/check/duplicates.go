package check

import (
	"fmt"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
)

// sameField reports a field that was there already: the same key again, or its other spelling.
func (z *canonicalizer) sameField(earlier, later uint32, sp *plan.Spelling) {
	f := &z.checker.Fields[sp.Field]
	z.Nodes[later].Flags |= jsontape.Repeated
	if z.Key(earlier) == z.Key(later) {
		z.duplicate(0, earlier)
		return
	}
	if z.out.Closed() {
		return
	}
	nd := &z.Nodes[earlier]
	z.out.Add(finding.Finding{Code: finding.BothSpellings, Severity: finding.Error, Node: int32(earlier), Rule: "names/one-spelling",
		Start: int(nd.KeyStart), End: int(nd.KeyEnd),
		Message: fmt.Sprintf("got %s and %s, want one of them; both mean %s", z.Key(earlier), z.Key(later), f.Name),
		Fix:     z.removal(earlier, ", keep "+z.Key(later))})
}

func (z *canonicalizer) duplicate(parent, earlier uint32) {
	nd := &z.Nodes[earlier]
	nd.Flags |= jsontape.Shadowed
	if z.out.Full() {
		return
	}
	z.out.Add(finding.Finding{Code: finding.DuplicateKey, Severity: finding.Warning, Node: int32(earlier), Rule: "names/once",
		Start: int(nd.KeyStart), End: int(nd.KeyEnd),
		Message: finding.Quote(z.Key(earlier)) + " stands again further on, and the last one counts",
		Fix:     z.cutting(parent, earlier, ", keep the last")})
}

// duplicateExtras reports members of the request that are no fields and stand there twice.
func (z *canonicalizer) duplicateExtras() {
	if len(z.Unknown) < 2 {
		return
	}
	z.seen.Reset(len(z.Unknown))
	for _, c := range z.Unknown {
		z.once(0, c)
	}
}

// duplicatesWithin reports keys that an object repeats, be it the value at i or one within.
func (z *canonicalizer) duplicatesWithin(i uint32) {
	nodes := z.Nodes
	for end := nodes[i].Next; i < end; i++ {
		nd := &nodes[i]
		if nd.Kind != jsontape.Object || nd.N < 2 || nd.N <= jsontape.Few && z.AllDiffer(i) {
			continue
		}
		z.seen.Reset(int(nd.N))
		for c := i + 1; c < nd.Next; c = nodes[c].Next {
			z.once(i, c)
		}
	}
}

func (z *canonicalizer) once(parent, c uint32) {
	if earlier, again := z.seen.Put(&z.Tape, c, z.KeyIn(&z.room, c)); again {
		z.Nodes[c].Flags |= jsontape.Repeated
		z.duplicate(parent, earlier)
	}
}
