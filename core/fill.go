package core

import (
	"strconv"
	"strings"
)

// typed is a field of CompletionRequest.
type typed uint8

const (
	typedNone typed = iota
	typedModel
	typedPrompt
	typedSuffix
	typedEcho
	typedMaxTokens
	typedStop
	typedTemperature
	typedTopP
	typedFrequencyPenalty
	typedPresencePenalty
	typedLogitBias
	typedSeed
	typedN
	typedBestOf
	typedLogprobs
	typedStream
	typedStreamOptions
	typedUser
)

var typedNames = map[string]typed{
	"model": typedModel, "prompt": typedPrompt, "suffix": typedSuffix, "echo": typedEcho, "max_tokens": typedMaxTokens,
	"stop": typedStop, "temperature": typedTemperature, "top_p": typedTopP, "frequency_penalty": typedFrequencyPenalty,
	"presence_penalty": typedPresencePenalty, "logit_bias": typedLogitBias, "seed": typedSeed, "n": typedN,
	"best_of": typedBestOf, "logprobs": typedLogprobs, "stream": typedStream, "stream_options": typedStreamOptions,
	"user": typedUser,
}

// filler makes the typed request of a text without errors.
type filler struct {
	*work
	r *CompletionRequest
	// shared is where short texts are kept together, which is one allocation for all of them. A text that is kept beyond
	// its request keeps little more than it needs.
	shared strings.Builder
	texts  []string    // what is left of the room for short lists
	biases []TokenBias // likewise
}

// roomy is a request with room for the short lists of most: one allocation instead of four.
type roomy struct {
	CompletionRequest
	texts  [4]string
	biases [4]TokenBias
}

// maxShared is the size in bytes up to which a text shares its memory.
const maxShared = 2 << 10

// request returns the typed request of a text without errors.
func (w *work) request() *CompletionRequest {
	room := &roomy{}
	f := filler{work: w, r: &room.CompletionRequest, texts: room.texts[:], biases: room.biases[:]}
	f.shared.Grow(min(w.t.texts, 4*maxShared))
	for id := range w.given[:w.top] {
		if g := &w.given[id]; w.node(int32(id)) != 0 && !f.fill(w.v.fields[id].typed, g) {
			// A foreign schema allows what the typed field has no room for; nothing is lost.
			f.r.Extra = append(f.r.Extra, Member{Name: w.v.fields[id].name, Value: w.appendField(nil, int32(id))})
		}
	}
	for _, c := range w.extras {
		if w.counts(c) {
			f.r.Extra = append(f.r.Extra, Member{Name: w.t.key(c), Value: w.t.appendJSON(nil, c)})
		}
	}
	return f.r
}

// fill sets one field and reports whether the value fits into it.
func (f *filler) fill(to typed, g *given) bool {
	r := f.r
	switch to {
	case typedModel:
		var o Opt[string]
		ok := f.fillText(&o, g.at)
		r.Model = o.Value
		return ok
	case typedPrompt:
		return f.fillPrompt(&r.Prompt, g.at)
	case typedSuffix:
		return f.fillText(&r.Suffix, g.at)
	case typedEcho:
		return f.fillBool(&r.Echo, g.at)
	case typedMaxTokens:
		return f.fillInt(&r.MaxTokens, g)
	case typedStop:
		r.Stop.Value, r.Stop.Set = f.list(g.at)
		return r.Stop.Set
	case typedTemperature:
		return f.fillFloat(&r.Temperature, g)
	case typedTopP:
		return f.fillFloat(&r.TopP, g)
	case typedFrequencyPenalty:
		return f.fillFloat(&r.FrequencyPenalty, g)
	case typedPresencePenalty:
		return f.fillFloat(&r.PresencePenalty, g)
	case typedLogitBias:
		r.LogitBias.Value, r.LogitBias.Set = f.bias(g.at)
		return r.LogitBias.Set
	case typedSeed:
		return f.fillInt(&r.Seed, g)
	case typedN:
		return f.fillInt(&r.N, g)
	case typedBestOf:
		return f.fillInt(&r.BestOf, g)
	case typedLogprobs:
		return f.fillInt(&r.Logprobs, g)
	case typedStream:
		return f.fillBool(&r.Stream, g.at)
	case typedStreamOptions:
		return f.fillStreamOptions(&r.StreamOptions, g.at)
	case typedUser:
		return f.fillText(&r.User, g.at)
	}
	return false
}

// text returns the decoded text at i.
func (f *filler) text(i uint32) string {
	nd := &f.t.nodes[i]
	if nd.end-nd.start > maxShared || nd.flags&flagLoose != 0 {
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

func (f *filler) fillText(o *Opt[string], i uint32) bool {
	if f.t.nodes[i].kind != kindString {
		return false
	}
	*o = Some(f.text(i))
	return true
}

func (f *filler) fillBool(o *Opt[bool], i uint32) bool {
	k := f.t.nodes[i].kind
	if k != kindTrue && k != kindFalse {
		return false
	}
	*o = Some(k == kindTrue)
	return true
}

func (f *filler) fillInt(o *Opt[int64], g *given) bool {
	n, ok := g.n.int, g.n.kind == numeralInteger
	if !ok {
		n, ok = f.integer(g.at)
	}
	*o = Opt[int64]{n, ok}
	return ok
}

func (f *filler) fillFloat(o *Opt[float64], g *given) bool {
	n, ok := g.n.float, g.n.kind != numeralUnread
	if !ok {
		n, ok = f.float(g.at)
	}
	*o = Opt[float64]{n, ok}
	return ok
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

func (f *filler) fillPrompt(p *Prompt, i uint32) bool {
	var ok bool
	if p.Texts, ok = f.list(i); ok {
		return true
	}
	if f.t.nodes[i].kind != kindArray {
		return false
	}
	if ids, ok := f.tokens(i); ok {
		p.Tokens = [][]int64{ids}
		return true
	}
	nd := &f.t.nodes[i]
	lists := make([][]int64, 0, nd.n)
	for c := i + 1; c < nd.next; c = f.t.nodes[c].next {
		ids, ok := f.tokens(c)
		if !ok {
			return false
		}
		lists = append(lists, ids)
	}
	p.Tokens = lists
	return true
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

func (f *filler) fillStreamOptions(o *Opt[StreamOptions], i uint32) bool {
	nd := &f.t.nodes[i]
	if nd.kind != kindObject {
		return false
	}
	var s StreamOptions
	for c := i + 1; c < nd.next; c = f.t.nodes[c].next {
		if !f.counts(c) {
			continue
		}
		if !f.t.keyIs(c, "include_usage") && !f.t.keyIs(c, "includeUsage") || !f.fillBool(&s.IncludeUsage, c) {
			return false
		}
	}
	*o = Some(s)
	return true
}
