package plan

import (
	"github.com/completion-playground/playground/core/internal/loose"
	"github.com/completion-playground/playground/schema"
)

// Takes tells a reader of broken texts which names members of a request have, fields and those that other servers and
// libraries know, and what they hold.
func (r *Request) Takes(name []byte) loose.Kinds {
	if s := r.Table.Find(name); s != nil {
		field := &r.Fields[s.Field]
		takes := field.Plan.takes()
		if field.Wraps {
			takes |= loose.Texts
		}
		return takes
	}
	key := string(name)
	if _, known := schema.ForeignNames()[key]; known {
		return loose.Anything
	}
	if _, known := schema.ServersWith()[key]; known {
		return loose.Anything
	}
	return 0
}

// takes is Kinds and those of the items, as a reader of broken texts has them.
func (p *Plan) takes() (k loose.Kinds) {
	for _, pair := range []struct {
		kinds kinds
		takes loose.Kinds
	}{{IsString, loose.Texts}, {IsInteger | IsNumber, loose.Numbers}, {IsBool, loose.Booleans}, {IsArray, loose.Lists}, {IsObject, loose.Objects}} {
		if p.Kinds&pair.kinds != 0 {
			k |= pair.takes
		}
	}
	if p.Items != nil {
		k |= p.Items.takes() % loose.ItemTexts * loose.ItemTexts
	}
	for _, f := range p.Forms {
		k |= f.takes()
	}
	return k
}
