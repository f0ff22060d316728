package core

import (
	"slices"
	"strconv"
	"strings"
)

// filler makes the typed request of a text without errors. It stands in the work that it reads, so as not to be allocated.
type filler struct {
	*work
	r *CompletionRequest
	// shared is where the texts of a short request are kept together, which is one allocation for all of them.
	shared  strings.Builder
	strings []string    // what is left of the room for short lists
	biases  []TokenBias // likewise
	misfits []int32     // fields whose values the typed request has no room for
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
func (w *work) request() *CompletionRequest {
	f := &w.filler
	f.work = w
	if len(w.t.src) <= maxShared {
		room := &roomy{}
		f.r, f.strings, f.biases = &room.CompletionRequest, room.texts[:], room.biases[:]
		f.shared.Grow(w.t.texts)
	} else {
		f.r = &CompletionRequest{}
	}
	r := f.r
	id := &w.v.id
	r.Model = fill(f, id.model, (*filler).text).Value
	r.Prompt = fill(f, id.prompt, (*filler).prompt).Value
	r.Suffix = fill(f, id.suffix, (*filler).text)
	r.Echo = fill(f, id.echo, (*filler).bool)
	r.MaxTokens = fill(f, id.maxTokens, (*filler).int)
	r.Stop = fill(f, id.stop, (*filler).texts)
	r.Temperature = fill(f, id.temperature, (*filler).float)
	r.TopP = fill(f, id.topP, (*filler).float)
	r.FrequencyPenalty = fill(f, id.frequencyPenalty, (*filler).float)
	r.PresencePenalty = fill(f, id.presencePenalty, (*filler).float)
	r.LogitBias = fill(f, id.logitBias, (*filler).bias)
	r.Seed = fill(f, id.seed, (*filler).int)
	r.N = fill(f, id.n, (*filler).int)
	r.BestOf = fill(f, id.bestOf, (*filler).int)
	r.Logprobs = fill(f, id.logprobs, (*filler).int)
	r.Stream = fill(f, id.stream, (*filler).bool)
	r.StreamOptions = fill(f, id.streamOptions, (*filler).streamOptions)
	r.User = fill(f, id.user, (*filler).text)
	for _, id := range w.v.untyped {
		if int(id) < w.top && w.node(id) != 0 {
			f.misfits = append(f.misfits, id)
		}
	}
	f.fillExtra()
	*f = filler{misfits: f.misfits[:0]} // keeps nothing of the request alive
	return r
}

// fillExtra keeps what the typed fields have no room for, so that nothing is lost.
func (f *filler) fillExtra() {
	slices.Sort(f.misfits)
	for _, id := range f.misfits {
		f.r.Extra = append(f.r.Extra, Member{Name: f.v.fields[id].name, Value: f.appendField(nil, id)})
	}
	for _, c := range f.extras {
		if f.counts(c) {
			f.r.Extra = append(f.r.Extra, Member{Name: f.t.key(c), Value: f.t.appendJSON(nil, c)})
		}
	}
}

// fill reads the value of a field that is sent. One that a foreign schema allows, but the typed field has no room for, is
// noted as a misfit.
func fill[T any](f *filler, id int32, read func(*filler, *given) (T, bool)) (o Opt[T]) {
	if f.node(id) == 0 {
		return o
	}
	if o.Value, o.Set = read(f, &f.given[id]); !o.Set {
		f.misfits = append(f.misfits, id)
	}
	return o
}

func (f *filler) text(g *given) (string, bool) {
	if f.t.nodes[g.at].kind != kindString {
		return "", false
	}
	return f.textAt(g.at), true
}

// textAt returns the decoded text at i.
func (f *filler) textAt(i uint32) string {
	nd := &f.t.nodes[i]
	if len(f.t.src) > maxShared || nd.flags&flagLoose != 0 {
		return f.t.text(i)
	}
	from := f.shared.Len()
	if nd.flags&flagEscaped != 0 {
		unescapeTo(&f.shared, f.t.src[nd.start+1:nd.end-1])
	} else {
		f.shared.Write(f.t.src[nd.start+1 : nd.end-1])
	}
	return f.shared.String()[from:]
}

func (f *filler) bool(g *given) (yes, ok bool) {
	k := f.t.nodes[g.at].kind
	return k == kindTrue, k == kindTrue || k == kindFalse
}

// int is for everybody who asks for the whole number that a field holds.
func (w *work) int(g *given) (int64, bool) {
	if g.n.kind == numeralInteger {
		return g.n.int, true
	}
	return w.integer(g.at)
}

// float is the same for any number.
func (w *work) float(g *given) (float64, bool) {
	if g.n.kind != numeralUnread {
		return g.n.float, true
	}
	return w.double(g.at)
}

// integer returns the whole number at i, if that is what stands there and 64 bits hold it.
func (w *work) integer(i uint32) (int64, bool) {
	if w.t.nodes[i].kind != kindNumber {
		return 0, false
	}
	if w.t.nodes[i].flags&flagLoose == 0 {
		if n := readNumeral(w.t.raw(i)); n.kind == numeralInteger {
			return n.int, true
		}
	}
	token, whole := integerToken(w.t.number(i))
	n, err := strconv.ParseInt(token, 10, 64)
	return n, whole && err == nil
}

// double returns the number at i as the nearest double, unless that is infinite.
func (w *work) double(i uint32) (float64, bool) {
	if w.t.nodes[i].kind != kindNumber {
		return 0, false
	}
	if w.t.nodes[i].flags&flagLoose == 0 {
		if n := readNumeral(w.t.raw(i)); n.kind != numeralUnread {
			return n.float, true
		}
	}
	f, err := strconv.ParseFloat(w.t.number(i), 64)
	return f, err == nil
}

func (f *filler) prompt(g *given) (p Prompt, ok bool) {
	if p.Texts, ok = f.texts(g); !ok {
		p.Tokens, ok = f.tokenLists(g.at)
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
func (f *filler) texts(g *given) ([]string, bool) {
	i := g.at
	nd := &f.t.nodes[i]
	if nd.kind == kindString {
		return append(room(&f.strings, 1), f.textAt(i)), true
	}
	if nd.kind != kindArray {
		return nil, false
	}
	list := room(&f.strings, nd.n)
	for c := i + 1; c < nd.next; c = f.t.nodes[c].next {
		if f.t.nodes[c].kind != kindString {
			return nil, false
		}
		list = append(list, f.textAt(c))
	}
	return list, true
}

// tokenLists returns lists of token ids, or a lone list as one of them.
func (f *filler) tokenLists(i uint32) ([][]int64, bool) {
	nd := &f.t.nodes[i]
	if nd.kind != kindArray {
		return nil, false
	}
	if ids, ok := f.tokens(i); ok {
		return [][]int64{ids}, true
	}
	lists := make([][]int64, 0, nd.n)
	for c := i + 1; c < nd.next; c = f.t.nodes[c].next {
		ids, ok := f.tokens(c)
		if !ok {
			return nil, false
		}
		lists = append(lists, ids)
	}
	return lists, true
}

func (f *filler) tokens(i uint32) ([]int64, bool) {
	nd := &f.t.nodes[i]
	if nd.kind != kindArray {
		return nil, false
	}
	ids := make([]int64, 0, nd.n)
	for c := i + 1; c < nd.next; c = f.t.nodes[c].next {
		id, ok := f.integer(c)
		if !ok {
			return nil, false
		}
		ids = append(ids, id)
	}
	return ids, true
}

func (f *filler) bias(g *given) (LogitBias, bool) {
	i := g.at
	nd := &f.t.nodes[i]
	if nd.kind != kindObject {
		return nil, false
	}
	list := LogitBias(room(&f.biases, nd.n))
	for c := i + 1; c < nd.next; c = f.t.nodes[c].next {
		if !f.counts(c) {
			continue
		}
		bias, ok := f.double(c)
		if !ok {
			return nil, false
		}
		var id uint64
		for _, d := range f.t.keyBytes(c) {
			if d-'0' > 9 || id > (1<<64-1)/10-1 {
				return nil, false
			}
			id = id*10 + uint64(d-'0')
		}
		list = append(list, TokenBias{Token: id, Bias: bias})
	}
	return list, true
}

func (f *filler) streamOptions(g *given) (s StreamOptions, ok bool) {
	i := g.at
	nd := &f.t.nodes[i]
	if nd.kind != kindObject {
		return s, false
	}
	for c := i + 1; c < nd.next; c = f.t.nodes[c].next {
		if !f.counts(c) {
			continue
		}
		if !f.t.keyIs(c, "include_usage") && !f.t.keyIs(c, "includeUsage") {
			return StreamOptions{}, false
		}
		switch f.t.nodes[c].kind {
		case kindTrue, kindFalse:
			s.IncludeUsage = Some(f.t.nodes[c].kind == kindTrue)
		default:
			return StreamOptions{}, false
		}
	}
	return s, true
}
