package check

import (
	"bytes"
	"strings"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
)

// docsArtefact finds texts such as json(["stop", "halt"]), which a documentation generator left in the examples of the
// SDK: the value that was meant stands within.
func docsArtefact(r *ruling) {
	i := r.Node(r.ids[0])
	if i == 0 {
		return
	}
	for c, end := r.texts(i); c < end; c = r.Nodes[c].Next {
		if r.Nodes[c].Kind == jsontape.String && !r.out.Full() {
			artefact(r, c, c != i)
		}
	}
}

func artefact(r *ruling, c uint32, isItem bool) {
	nd := &r.Nodes[c]
	if nd.End-nd.Start < uint32(len("json()")) || nd.End-nd.Start > 4096 {
		return
	}
	if raw := r.Raw(c); nd.Flags&jsontape.Loose == 0 && !bytes.HasPrefix(raw[1:], []byte("json(")) {
		return
	}
	inner, opened := strings.CutPrefix(r.Text(c), "json(")
	inner, closed := strings.CutSuffix(inner, ")")
	if !opened || !closed {
		return
	}
	inner = undecoded.Replace(inner)
	t := jsontape.Tape{Nodes: make([]jsontape.Node, 0, 8)}
	if !t.Scan([]byte(inner), *r.Limits) {
		return
	}
	text := inner
	field := &r.checker.Fields[r.ids[0]]
	switch root := &t.Nodes[0]; {
	case root.Kind == jsontape.String:
	case root.Kind == jsontape.Array && root.N > 0 && field.List && field.Plan.Accept(&t, 0):
		if isItem {
			text = strings.TrimSpace(inner)
			text = strings.TrimSpace(text[1 : len(text)-1])
		}
	default:
		return
	}
	r.fireAt(c, "got "+r.describe(c)+", which looks like a slip of the documentation; "+inner+" was meant",
		&finding.Fix{Title: "take json() off " + finding.QuoteRaw([]byte(inner)), Edits: []finding.Edit{{Start: int(nd.Start), End: int(nd.End), Text: text}}})
}

// undecoded puts back the escapes that the generator decoded on the way.
var undecoded = strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`)
