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
	r *CompletionRequest
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

// request returns the typed request of a text without errors. untyped are the fields that it lacks.
func (s *session) request(untyped []int32) *CompletionRequest {
	w, f := &s.work, &s.filler
	f.Work = w
	if len(w.T.Src) <= maxShared {
		room := &roomy{}
		f.r, f.strings, f.biases = &room.CompletionRequest, room.texts[:], room.biases[:]
		f.shared.Grow(w.T.TextBytes)
	} else {
		f.r = &CompletionRequest{}
	}
	r := f.r
	id := &w.V.Id
	r.Model = fill(f, id.Model, (*filler).text).Value
	r.Prompt = fill(f, id.Prompt, (*filler).prompt).Value
	r.Suffix = fill(f, id.Suffix, (*filler).text)
	r.Echo = fill(f, id.Echo, (*filler).bool)
	r.MaxTokens = fill(f, id.MaxTokens, (*filler).Int)
	r.Stop = fill(f, id.Stop, (*filler).texts)
	r.Temperature = fill(f, id.Temperature, (*filler).Float)
	r.TopP = fill(f, id.TopP, (*filler).Float)
	r.FrequencyPenalty = fill(f, id.FrequencyPenalty, (*filler).Float)
	r.PresencePenalty = fill(f, id.PresencePenalty, (*filler).Float)
	r.LogitBias = fill(f, id.LogitBias, (*filler).bias)
	r.Seed = fill(f, id.Seed, (*filler).Int)
	r.N = fill(f, id.N, (*filler).Int)
	r.BestOf = fill(f, id.BestOf, (*filler).Int)
	r.Logprobs = fill(f, id.Logprobs, (*filler).Int)
	r.Stream = fill(f, id.Stream, (*filler).bool)
	r.StreamOptions = fill(f, id.StreamOptions, (*filler).streamOptions)
	r.User = fill(f, id.User, (*filler).text)
	for _, id := range untyped {
		if int(id) < w.Top && w.Node(id) != 0 {
			f.untyped = append(f.untyped, id)
		}
	}
	f.fillExtra()
	*f = filler{untyped: f.untyped[:0]} // keeps nothing of the request alive
	return r
}

// fillExtra keeps what the typed fields have no room for, so that nothing is lost.
func (f *filler) fillExtra() {
	slices.Sort(f.untyped)
	for _, id := range f.untyped {
		f.r.Extra = append(f.r.Extra, Member{Name: f.V.Fields[id].Name, Value: f.AppendField(nil, id)})
	}
	for _, c := range f.Unknown {
		if f.Counts(c) {
			f.r.Extra = append(f.r.Extra, Member{Name: f.T.Key(c), Value: f.T.AppendJSON(nil, c)})
		}
	}
}

// fill reads the value of a field that is sent. One that a foreign schema allows, but the typed field has no room for, is
// noted as a misfit.
func fill[T any](f *filler, id int32, read func(*filler, *check.FieldState) (T, bool)) (o Opt[T]) {
	if f.Node(id) == 0 {
		return o
	}
	if o.Value, o.Set = read(f, &f.States[id]); !o.Set {
		f.untyped = append(f.untyped, id)
	}
	return o
}

func (f *filler) text(g *check.FieldState) (string, bool) {
	if f.T.Nodes[g.At].Kind != jsontape.String {
		return "", false
	}
	return f.textAt(g.At), true
}

// textAt returns the decoded text at i.
func (f *filler) textAt(i uint32) string {
	nd := &f.T.Nodes[i]
	if len(f.T.Src) > maxShared || nd.Flags&jsontape.Loose != 0 {
		return f.T.Text(i)
	}
	from := f.shared.Len()
	if nd.Flags&jsontape.Escaped != 0 {
		jsontape.UnescapeTo(&f.shared, f.T.Src[nd.Start+1:nd.End-1])
	} else {
		f.shared.Write(f.T.Src[nd.Start+1 : nd.End-1])
	}
	return f.shared.String()[from:]
}

func (f *filler) bool(g *check.FieldState) (yes, ok bool) {
	k := f.T.Nodes[g.At].Kind
	return k == jsontape.True, k == jsontape.True || k == jsontape.False
}

func (f *filler) prompt(g *check.FieldState) (p Prompt, ok bool) {
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
func (f *filler) texts(g *check.FieldState) ([]string, bool) {
	i := g.At
	nd := &f.T.Nodes[i]
	if nd.Kind == jsontape.String {
		return append(room(&f.strings, 1), f.textAt(i)), true
	}
	if nd.Kind != jsontape.Array {
		return nil, false
	}
	list := room(&f.strings, nd.N)
	for c := i + 1; c < nd.Next; c = f.T.Nodes[c].Next {
		if f.T.Nodes[c].Kind != jsontape.String {
			return nil, false
		}
		list = append(list, f.textAt(c))
	}
	return list, true
}

// tokenLists returns lists of token ids, or a lone list as one of them.
func (f *filler) tokenLists(i uint32) ([][]int64, bool) {
	nd := &f.T.Nodes[i]
	if nd.Kind != jsontape.Array {
		return nil, false
	}
	if ids, ok := f.tokens(i); ok {
		return [][]int64{ids}, true
	}
	lists := make([][]int64, 0, nd.N)
	for c := i + 1; c < nd.Next; c = f.T.Nodes[c].Next {
		ids, ok := f.tokens(c)
		if !ok {
			return nil, false
		}
		lists = append(lists, ids)
	}
	return lists, true
}

func (f *filler) tokens(i uint32) ([]int64, bool) {
	nd := &f.T.Nodes[i]
	if nd.Kind != jsontape.Array {
		return nil, false
	}
	ids := make([]int64, 0, nd.N)
	for c := i + 1; c < nd.Next; c = f.T.Nodes[c].Next {
		id, ok := f.Integer(c)
		if !ok {
			return nil, false
		}
		ids = append(ids, id)
	}
	return ids, true
}

func (f *filler) bias(g *check.FieldState) (LogitBias, bool) {
	i := g.At
	nd := &f.T.Nodes[i]
	if nd.Kind != jsontape.Object {
		return nil, false
	}
	list := LogitBias(room(&f.biases, nd.N))
	for c := i + 1; c < nd.Next; c = f.T.Nodes[c].Next {
		if !f.Counts(c) {
			continue
		}
		bias, ok := f.Double(c)
		if !ok {
			return nil, false
		}
		var id uint64
		for _, d := range f.T.KeyBytes(c) {
			if d-'0' > 9 || id > (1<<64-1)/10-1 {
				return nil, false
			}
			id = id*10 + uint64(d-'0')
		}
		list = append(list, TokenBias{Token: id, Bias: bias})
	}
	return list, true
}

func (f *filler) streamOptions(g *check.FieldState) (s StreamOptions, ok bool) {
	i := g.At
	nd := &f.T.Nodes[i]
	if nd.Kind != jsontape.Object {
		return s, false
	}
	for c := i + 1; c < nd.Next; c = f.T.Nodes[c].Next {
		if !f.Counts(c) {
			continue
		}
		if !f.T.KeyIs(c, "include_usage") && !f.T.KeyIs(c, "includeUsage") {
			return StreamOptions{}, false
		}
		switch f.T.Nodes[c].Kind {
		case jsontape.True, jsontape.False:
			s.IncludeUsage = Some(f.T.Nodes[c].Kind == jsontape.True)
		default:
			return StreamOptions{}, false
		}
	}
	return s, true
}
