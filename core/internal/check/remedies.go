package check

import (
	"github.com/completion-playground/playground/core/internal/edit"
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
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
	return edit.KeyLike(fs.checker.Request, &fs.Tape, c, name)
}

// removal takes the member c out of its object, unless an earlier one of the same name would come to count then: that
// one has to go first.
func (fs *Fields) removal(c uint32, title string) *finding.Fix {
	if fs.Nodes[c].Flags&jsontape.Repeated != 0 {
		return nil
	}
	return edit.CutMember(&fs.Tape, fs.Parent(c), c, title)
}
