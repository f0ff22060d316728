package core

import (
	"slices"
	"strconv"
	"strings"
)

// filler makes the typed request of a text without errors.
type filler struct {
	*work
	r *CompletionRequest
	// shared is where the texts of a short request are kept together, which is one allocation for all of them.
	shared strings.Builder
	texts  []string    // what is left of the room for short lists
	biases []TokenBias // likewise

	misfits []int32
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
	f := filler{work: w}
	if len(w.t.src) <= maxShared {
		room := &roomy{}
		f.r, f.texts, f.biases = &room.CompletionRequest, room.texts[:], room.biases[:]
		f.shared.Grow(w.t.texts)
	} else {
		f.r = &CompletionRequest{}
	}
	r := f.r
	id := &w.v.id
	r.Model = f.fillText(id.model).Value
	f.fillPrompt(id.prompt)
	r.Suffix = f.fillText(id.suffix)
	r.Echo = f.fillBool(id.echo)
	r.MaxTokens = f.fillInt(id.maxTokens)
	f.fillStop(id.stop)
	r.Temperature = f.fillFloat(id.temperature)
	r.TopP = f.fillFloat(id.topP)
	r.FrequencyPenalty = f.fillFloat(id.frequencyPenalty)
	r.PresencePenalty = f.fillFloat(id.presencePenalty)
	f.fillBias(id.logitBias)
	r.Seed = f.fillInt(id.seed)
	r.N = f.fillInt(id.n)
	r.BestOf = f.fillInt(id.bestOf)
	r.Logprobs = f.fillInt(id.logprobs)
	r.Stream = f.fillBool(id.stream)
	f.fillStreamOptions(id.streamOptions)
	r.User = f.fillText(id.user)
	for _, id := range w.v.untyped {
		if int(id) < w.top && w.node(id) != 0 {
			f.misfits = append(f.misfits, id)
		}
	}
	f.fillExtra()
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

// misfit notes a field whose value a foreign schema allows, but the typed field has no room for.
func (f *filler) misfit(id int32) { f.misfits = append(f.misfits, id) }

// text returns the decoded text at i.
func (f *filler) text(i uint32) string {
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

func (f *filler) fillText(id int32) (o Opt[string]) {
	i := f.node(id)
	if i == 0 {
		return o
	}
	if f.t.nodes[i].kind != kindString {
		f.misfit(id)
		return o
	}
	return Some(f.text(i))
}

func (f *filler) fillBool(id int32) (o Opt[bool]) {
	i := f.node(id)
	if i == 0 {
		return o
	}
	k := f.t.nodes[i].kind
	if k != kindTrue && k != kindFalse {
		f.misfit(id)
		return o
	}
	return Some(k == kindTrue)
}

func (f *filler) fillInt(id int32) (o Opt[int64]) {
	i := f.node(id)
	if i == 0 {
		return o
	}
	if n := &f.given[id].n; n.kind == numeralInteger {
		return Some(n.int)
	}
	if n, ok := f.integer(i); ok {
		return Some(n)
	}
	f.misfit(id)
	return o
}

func (f *filler) fillFloat(id int32) (o Opt[float64]) {
	i := f.node(id)
	if i == 0 {
		return o
	}
	if n := &f.given[id].n; n.kind != numeralUnread {
		return Some(n.float)
	}
	if n, ok := f.float(i); ok {
		return Some(n)
	}
	f.misfit(id)
	return o
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

// float returns the number at i as the nearest double, unless that is infinite.
func (w *work) float(i uint32) (float64, bool) {
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

func (f *filler) fillPrompt(id int32) {
	i := f.node(id)
	if i == 0 {
		return
	}
	p := &f.r.Prompt
	var ok bool
	if p.Texts, ok = f.list(i); ok {
		return
	}
	if p.Tokens, ok = f.tokenLists(i); !ok {
		f.misfit(id)
	}
}

func (f *filler) fillStop(id int32) {
	i := f.node(id)
	if i == 0 {
		return
	}
	if f.r.Stop.Value, f.r.Stop.Set = f.list(i); !f.r.Stop.Set {
		f.misfit(id)
	}
}

func (f *filler) fillBias(id int32) {
	i := f.node(id)
	if i == 0 {
		return
	}
	if f.r.LogitBias.Value, f.r.LogitBias.Set = f.bias(i); !f.r.LogitBias.Set {
		f.misfit(id)
	}
}

func (f *filler) fillStreamOptions(id int32) {
	i := f.node(id)
	if i == 0 {
		return
	}
	if f.r.StreamOptions.Value, f.r.StreamOptions.Set = f.streamOptions(i); !f.r.StreamOptions.Set {
		f.misfit(id)
	}
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

// list returns the texts of a list, or a lone one as a list.
func (f *filler) list(i uint32) ([]string, bool) {
	nd := &f.t.nodes[i]
	if nd.kind == kindString {
		return append(room(&f.texts, 1), f.text(i)), true
	}
	if nd.kind != kindArray {
		return nil, false
	}
	list := room(&f.texts, nd.n)
	for c := i + 1; c < nd.next; c = f.t.nodes[c].next {
		if f.t.nodes[c].kind != kindString {
			return nil, false
		}
		list = append(list, f.text(c))
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

func (f *filler) bias(i uint32) (LogitBias, bool) {
	nd := &f.t.nodes[i]
	if nd.kind != kindObject {
		return nil, false
	}
	list := LogitBias(room(&f.biases, nd.n))
	for c := i + 1; c < nd.next; c = f.t.nodes[c].next {
		if !f.counts(c) {
			continue
		}
		bias, ok := f.float(c)
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

func (f *filler) streamOptions(i uint32) (s StreamOptions, ok bool) {
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
