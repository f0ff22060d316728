package check

import (
	"fmt"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
)

// describe says what stands at i, as the "got" of a message.
func (w *Work) describe(i uint32) string {
	nd := &w.T.Nodes[i]
	switch nd.Kind {
	case jsontape.Null:
		return "null"
	case jsontape.True:
		return "true"
	case jsontape.False:
		return "false"
	case jsontape.Number:
		return finding.QuoteRaw(w.T.Raw(i))
	case jsontape.String:
		return "the text " + finding.Quote(w.T.Text(i))
	case jsontape.Array:
		switch nd.N {
		case 0:
			return "an empty list"
		case 1:
			return "a list of one"
		}
		return fmt.Sprintf("a list of %d", nd.N)
	case jsontape.Object:
		return "an object"
	}
	return "something unreadable"
}
