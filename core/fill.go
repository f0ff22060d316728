package core

import (
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/internal/check"
	"github.com/completion-playground/playground/core/internal/jsontape"
)

// filler makes the typed request of a text without errors. It stands in the session, so as not to be allocated.
type filler struct {
	*check.Work
	// shared is where the texts of a short request are kept together, which is one allocation for all of them.
	shared  strings.Builder
	strings []string    // what is left of the room for short lists
	biases  []TokenBias // likewise
	untyped []int32     // fields whose values the typed request has no room for
}

// roomy is a request with room for the short lists of most: one allocation instead of four.
type roomy struct {
	CompletionRequest
	texts  [4]string
	biases [4]TokenBias
}

// maxShared is the size in bytes up to which the parts of a request share memory, so that a part that somebody keeps never
// keeps more than that.
const maxShared = 8 << 10

// request returns the typed request of a text without errors.
func (s *session) request(v *Validator) *CompletionRequest {
	w, f := s.work, &s.filler
	f.Work = w
	var r *CompletionRequest
	if len(w.Src) <= maxShared {
		room := &roomy{}
		r, f.strings, f.biases = &room.CompletionRequest, room.texts[:], room.biases[:]
		f.shared.Grow(w.TextBytes)
	} else {
		r = &CompletionRequest{}
	}
	for k, id := range v.typed {
		if w.Node(id) != 0 && !f.read(r, &typedFields[k], &w.States[id]) {
			f.untyped = append(f.untyped, id) // a foreign schema allows what the typed field has no room for
		}
	}
	for _, id := range v.untyped {
		if int(id) < w.Top && w.Node(id) != 0 {
			f.untyped = append(f.untyped, id)
		}
	}
	f.fillExtra(r)
	*f = filler{untyped: f.untyped[:0]} // keeps nothing of the request alive
	return r
}

// fillExtra keeps what the typed fields have no room for, so that nothing is lost.
func (f *filler) fillExtra(r *CompletionRequest) {
	slices.Sort(f.untyped)
	for _, id := range f.untyped {
		r.Extra = append(r.Extra, Member{Name: f.Name(id), Value: f.AppendField(nil, id)})
	}
	for _, c := range f.Unknown {
		if f.Counts(c) {
			r.Extra = append(r.Extra, Member{Name: f.Key(c), Value: f.AppendJSON(nil, c)})
		}
	}
}

func (f *filler) text(g *check.State) (string, bool) {
	if f.Nodes[g.At].Kind != jsontape.String {
		return "", false
	}
	return f.textAt(g.At), true
}

// textAt returns the decoded text at i.
func (f *filler) textAt(i uint32) string {
	nd := &f.Nodes[i]
	if len(f.Src) > maxShared || nd.Flags&jsontape.Loose != 0 {
		return f.Text(i)
	}
	from := f.shared.Len()
	if nd.Flags&jsontape.Escaped != 0 {
		jsontape.UnescapeTo(&f.shared, f.Src[nd.Start+1:nd.End-1])
	} else {
		f.shared.Write(f.Src[nd.Start+1 : nd.End-1])
	}
	return f.shared.String()[from:]
}

func (f *filler) bool(g *check.State) (yes, ok bool) {
	k := f.Nodes[g.At].Kind
	return k == jsontape.True, k == jsontape.True || k == jsontape.False
}

func (f *filler) prompt(g *check.State) (p Prompt, ok bool) {
	if p.Texts, ok = f.texts(g); !ok {
		p.Tokens, ok = f.tokenLists(g.At)
	}
	return p, ok
}

// room returns an empty list for n items: of the rest where they fit in, which gets shorter.
func room[E any](rest *[]E, n uint32) []E {
	if int(n) > len(*rest) {
		return make([]E, 0, n)
	}
	list := (*rest)[:0:n]
	*rest = (*rest)[n:]
	return list
}

// texts returns the texts of a list, or a lone one as a list.
func (f *filler) texts(g *check.State) ([]string, bool) {
	i := g.At
	nd := &f.Nodes[i]
	if nd.Kind == jsontape.String {
		return append(room(&f.strings, 1), f.textAt(i)), true
	}
	if nd.Kind != jsontape.Array {
		return nil, false
	}
	list := room(&f.strings, nd.N)
	for c := i + 1; c < nd.Next; c = f.Nodes[c].Next {
		if f.Nodes[c].Kind != jsontape.String {
			return nil, false
		}
		list = append(list, f.textAt(c))
	}
	return list, true
}

// tokenLists returns lists of token ids, or a lone list as one of them.
func (f *filler) tokenLists(i uint32) ([][]int64, bool) {
	nd := &f.Nodes[i]
	if nd.Kind != jsontape.Array {
		return nil, false
	}
	if ids, ok := f.tokens(i); ok {
		return [][]int64{ids}, true
	}
	lists := make([][]int64, 0, nd.N)
	for c := i + 1; c < nd.Next; c = f.Nodes[c].Next {
		ids, ok := f.tokens(c)
		if !ok {
			return nil, false
		}
		lists = append(lists, ids)
	}
	return lists, true
}

func (f *filler) tokens(i uint32) ([]int64, bool) {
	nd := &f.Nodes[i]
	if nd.Kind != jsontape.Array {
		return nil, false
	}
	ids := make([]int64, 0, nd.N)
	for c := i + 1; c < nd.Next; c = f.Nodes[c].Next {
		id, ok := f.Integer(c)
		if !ok {
			return nil, false
		}
		ids = append(ids, id)
	}
	return ids, true
}

func (f *filler) bias(g *check.State) (LogitBias, bool) {
	i := g.At
	nd := &f.Nodes[i]
	if nd.Kind != jsontape.Object {
		return nil, false
	}
	list := LogitBias(room(&f.biases, nd.N))
	for c := i + 1; c < nd.Next; c = f.Nodes[c].Next {
		if !f.Counts(c) {
			continue
		}
		bias, ok := f.Double(c)
		if !ok {
			return nil, false
		}
		var id uint64
		for _, d := range f.KeyBytes(c) {
			if d-'0' > 9 || id > (1<<64-1)/10-1 {
				return nil, false
			}
			id = id*10 + uint64(d-'0')
		}
		list = append(list, TokenBias{Token: id, Bias: bias})
	}
	return list, true
}

func (f *filler) streamOptions(g *check.State) (s StreamOptions, ok bool) {
	i := g.At
	nd := &f.Nodes[i]
	if nd.Kind != jsontape.Object {
		return s, false
	}
	for c := i + 1; c < nd.Next; c = f.Nodes[c].Next {
		if !f.Counts(c) {
			continue
		}
		if !f.KeyIs(c, "include_usage") && !f.KeyIs(c, "includeUsage") {
			return StreamOptions{}, false
		}
		switch f.Nodes[c].Kind {
		case jsontape.True, jsontape.False:
			s.IncludeUsage = Some(f.Nodes[c].Kind == jsontape.True)
		default:
			return StreamOptions{}, false
		}
	}
	return s, true
}
