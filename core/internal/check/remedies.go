package check

import (
	"slices"

	"github.com/completion-playground/playground/core/internal/edit"
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"
	"github.com/completion-playground/playground/core/internal/plan"
)

// renaming writes another name in the place and the style of c's key, unless an earlier one of the same name would come
// to count then.
func (fs *Fields) renaming(c uint32, name string) *finding.Fix {
	nd := &fs.Nodes[c]
	if nd.Flags&jsontape.Repeated != 0 {
		return nil
	}
	return &finding.Fix{Title: "rename to " + name,
		Edits: []finding.Edit{{Start: int(nd.KeyStart), End: int(nd.KeyEnd), Text: fs.keyLike(c, name)}}}
}

// keyLike spells a wire name as c's key is spelt: quoted or not, camelCase where the text's other names are.
func (fs *Fields) keyLike(c uint32, name string) string {
	if fs.camel() {
		name = plan.CamelCase(name)
	}
	nd := &fs.Nodes[c]
	switch quoteMark := fs.Src[nd.KeyStart]; {
	case quoteMark == '\'':
		return "'" + name + "'"
	case nd.Flags&jsontape.KeyLoose != 0 && quoteMark != '"' && fs.Dialect == loose.JavaScript:
		return name
	}
	return `"` + name + `"`
}

// camel reports whether the text spells its fields as the SDK does.
func (fs *Fields) camel() bool {
	return slices.ContainsFunc(fs.Changes, func(c Change) bool { return c.Kind == "renamed" && c.Node > 0 })
}

// removal takes the member c out of its object, unless an earlier one of the same name would come to count then: that
// one has to go first.
func (fs *Fields) removal(c uint32, title string) *finding.Fix {
	if fs.Nodes[c].Flags&jsontape.Repeated != 0 {
		return nil
	}
	return edit.CutMember(&fs.Tape, fs.Parent(c), c, title)
}
