package demo

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"sync"
)

const (
	// depth is the number of preceding tokens that the model looks at.
	depth = 4
	// discount is taken off each count and given to the shorter context. It is low for so small a text: a higher one
	// would make more of the output unreadable, and variety comes from temperature.
	discount = 0.3
	// unseen is the share of probability that tokens outside the training text have together where nothing is known
	// about the context.
	unseen = 1e-3
)

// Model is an n-gram model. It is immutable and safe for concurrent use.
//
// There are no tables of counts. The places of the training text are sorted by the tokens before them, nearest first,
// so all places that share a context form one range, the range of a longer context lies inside that of a shorter one,
// and the tokens at those places are what followed.
type Model struct {
	tokenizer   *tokenizer
	tokens      []int32   // the training text; each document ends, and the first begins, with the end of text
	places      []int32   // indexes into tokens, sorted by the depth tokens before them
	logBase     []float64 // log probability of each token without any context
	base        []float64
	fingerprint uint64
}

// Default returns the model, training it on the first call (some 10 ms natively).
func Default() *Model { return defaultModel() }

var defaultModel = sync.OnceValue(func() *Model {
	documents, fingerprint := corpus()
	m := train(documents)
	m.fingerprint = fingerprint
	return m
})

func train(documents []string) *Model {
	m := &Model{tokenizer: newTokenizer(documents), tokens: []int32{idEndOfText}}
	var ids []int
	for _, d := range documents {
		ids = m.tokenizer.encode(ids[:0], d)
		for _, id := range ids {
			m.tokens = append(m.tokens, int32(id))
		}
		m.tokens = append(m.tokens, idEndOfText)
	}

	m.places = make([]int32, 0, len(m.tokens)-1)
	for i := 1; i < len(m.tokens); i++ {
		m.places = append(m.places, int32(i))
	}
	slices.SortFunc(m.places, func(a, b int32) int {
		for back := int32(1); back <= depth; back++ {
			if order := m.before(a, back) - m.before(b, back); order != 0 {
				return int(order)
			}
		}
		return cmp.Compare(a, b)
	})
	m.trainBase()
	return m
}

// before returns the token that stands back places before place, or -1 before the beginning.
func (m *Model) before(place, back int32) int32 {
	if back > place {
		return none
	}
	return m.tokens[place-back]
}

// trainBase gives each token a weight by the number of different tokens it has followed, as Kneser and Ney proposed:
// a word that occurs in one phrase only is an unlikely guess elsewhere, however frequent the phrase.
func (m *Model) trainBase() {
	size := len(m.tokenizer.entries)
	follows := make([]float64, size)
	last := make([]int32, size) // the latest predecessor counted for a token
	for i := range last {
		last[i] = none
	}
	total := 0.0
	for _, p := range m.places {
		token, predecessor := m.tokens[p], m.tokens[p-1]
		if last[token] != predecessor {
			last[token] = predecessor
			follows[token]++
			total++
		}
	}
	m.base = make([]float64, size)
	m.logBase = make([]float64, size)
	for id := range m.base {
		m.base[id] = (1-unseen)*follows[id]/total + unseen/float64(size)
		m.logBase[id] = math.Log(m.base[id])
	}
}

// span is a half-open range of Model.places.
type span struct{ from, to int }

// narrow returns the part of a range in which token stands back places before.
func (m *Model) narrow(s span, back int32, token int32) span {
	places := m.places[s.from:s.to]
	from := sort.Search(len(places), func(i int) bool { return m.before(places[i], back) >= token })
	to := from + sort.Search(len(places)-from, func(i int) bool { return m.before(places[from+i], back) > token })
	return span{s.from + from, s.from + to}
}

// predictor computes distributions of one model and owns the memory that takes. It is not safe for concurrent use.
type predictor struct {
	*Model
	counts  []int32   // by token, zero between calls
	found   []int32   // tokens with a count in the range at hand
	shares  []float64 // by token: probability beyond what the base gives, zero between calls
	touched []int32   // after a call: the tokens that followed one of the contexts
	logRest float64   // after a call: by how much the logits of all other tokens differ from Model.logBase
}

func newPredictor(m *Model) *predictor {
	return &predictor{
		Model:  m,
		counts: make([]int32, len(m.base)),
		shares: make([]float64, len(m.base)),
	}
}

// logits writes the log probability of every token after context into dst, which has the vocabulary's size. The
// probabilities add up to one.
//
// Each context length takes a discount off its counts and passes what it saved to the next shorter one (absolute
// discounting, interpolated); the base distribution gets the rest. Tokens that followed none of the contexts differ
// from the base by one common factor, so a call costs one addition for most of the vocabulary.
func (p *predictor) logits(dst []float64, context []int) {
	var ranges [depth]span
	n := 0
	for s := (span{0, len(p.places)}); n < depth && n < len(context); n++ {
		s = p.narrow(s, int32(n+1), int32(context[len(context)-1-n]))
		if s.from == s.to {
			break
		}
		ranges[n] = s
	}

	p.touched = p.touched[:0]
	rest := 1.0
	for n--; n >= 0; n-- {
		for _, place := range p.places[ranges[n].from:ranges[n].to] {
			token := p.tokens[place]
			if p.counts[token] == 0 {
				p.found = append(p.found, token)
			}
			p.counts[token]++
		}
		scale := rest / float64(ranges[n].to-ranges[n].from)
		for _, token := range p.found {
			if p.shares[token] == 0 {
				p.touched = append(p.touched, token)
			}
			p.shares[token] += scale * (float64(p.counts[token]) - discount)
			p.counts[token] = 0
		}
		rest = scale * discount * float64(len(p.found))
		p.found = p.found[:0]
	}

	p.logRest = math.Log(rest)
	for id, l := range p.logBase {
		dst[id] = l + p.logRest
	}
	for _, token := range p.touched {
		dst[token] = math.Log(p.shares[token] + rest*p.base[token])
		p.shares[token] = 0
	}
}

// afterSpace is logits for a context that ends in a single space which the person typed. In the training text a space
// is a part of the word that follows, so what is asked for is the rest of that word: the context without the space
// predicts " word", and "word" takes its place.
func (p *predictor) afterSpace(dst []float64, context []int) {
	p.logits(dst, context[:len(context)-1])
	for id, other := range p.tokenizer.partner {
		if id < other {
			dst[id], dst[other] = dst[other], dst[id]
			p.touched = append(p.touched, int32(id), int32(other))
		}
	}
}

// extend appends a token to a context. A word after a single space becomes the one token that it is in the training
// text, so that the context is recognised.
func (m *Model) extend(context []int, id int) []int {
	if n := len(context); n > 0 && context[n-1] == idSpace {
		if other := m.tokenizer.partner[id]; other != none && m.tokenizer.entries[other][0] == ' ' {
			context[n-1] = other
			return context
		}
	}
	return append(context, id)
}
