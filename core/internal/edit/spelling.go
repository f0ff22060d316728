package edit

import (
	"bytes"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
)

// spelling is how a text writes keys.
type spelling struct {
	quote byte // '"' or '\''; 0 where keys go without
	camel bool // fields are spelt topP
}

// spellingAt reads the quotes off member c, and how fields are spelt off the members of the root: as most of those that
// have two spellings.
func spellingAt(r *plan.Request, t *jsontape.Tape, c uint32) spelling {
	y := spelling{quote: '"'}
	written := t.Src[t.Nodes[c].KeyStart:t.Nodes[c].KeyEnd]
	switch {
	case len(written) == 0:
	case written[0] == '\'':
		y.quote = '\''
	case t.KeyIs(c, string(written)): // a key that reads as it is written has no quotes
		y.quote = 0
	}
	if t.Nodes[0].Kind != jsontape.Object {
		return y
	}
	camel := 0
	for c := uint32(1); c < t.Nodes[0].Next; c = t.Nodes[c].Next {
		known := r.Table.Find(t.KeyBytes(c))
		switch {
		case known == nil || r.Fields[known.Field].Camel == r.Fields[known.Field].Name:
		case known.Camel:
			camel++
		default:
			camel--
		}
	}
	y.camel = camel > 0
	return y
}

// KeyLike returns the key of a field, by its wire name, as member c of the text and its other fields are spelt.
func KeyLike(r *plan.Request, t *jsontape.Tape, c uint32, field string) string {
	y := spellingAt(r, t, c)
	return string(y.field(field))
}

// field returns the key of a field, by its wire name.
func (y *spelling) field(name string) []byte {
	if y.camel {
		name = plan.CamelCase(name)
	}
	return y.quoted(name)
}

// quoted returns a key with its quotes, if it needs any.
func (y *spelling) quoted(name string) []byte {
	b := jsontape.AppendQuoted(nil, name)
	switch {
	case y.quote == '"' || bytes.IndexByte(b, '\\') >= 0:
	case y.quote == 0 && isIdentifier(name):
		return []byte(name)
	case y.quote == '\'' && bytes.IndexByte(b, '\'') < 0:
		b[0], b[len(b)-1] = '\'', '\''
	}
	return b
}

// isIdentifier reports whether a key goes without quotes in JavaScript. The names outside ASCII that also would are not
// worth a table.
func isIdentifier(name string) bool {
	for i := range len(name) {
		c := name[i]
		if c|0x20-'a' >= 26 && c != '_' && c != '$' && (i == 0 || c-'0' >= 10) {
			return false
		}
	}
	return name != ""
}
