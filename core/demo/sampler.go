package demo

import (
	"math"
	"math/rand/v2"
	"slices"
)

// sampling is how a request wants tokens to be chosen.
type sampling struct {
	temperature      float64 // 0 takes the likeliest token
	topP             float64
	frequencyPenalty float64
	presencePenalty  float64
	bias             []tokenBias
	logprobs         int // alternatives to report; none: report nothing
	own              ownFields
}

type tokenBias struct {
	id   int
	bias float64
}

// alternative is a token with its natural log probability.
type alternative struct {
	id      int
	logprob float64
}

// sampler chooses tokens. It belongs to one request; candidates take turns with it.
//
// Most of a distribution is the base distribution times a factor. So exponentials are taken of the base once for a
// request, and at each step only of the tokens that differ: those in predictor.touched.
type sampler struct {
	sampling
	*predictor
	scores  []float64 // by token: logits of the distribution at hand, not normalised once adjusted
	weights []float64 // by token: what is drawn from
	plain   tempered  // the base distribution as it is
	warmed  tempered  // and at the temperature of the request
	nearest []int     // scratch of nucleus
}

// tempered is the base distribution at a temperature, the likeliest token having weight 1.
type tempered struct {
	temperature float64
	logHighest  float64
	weights     []float64
}

func newTempered(m *Model, temperature float64) tempered {
	t := tempered{temperature, slices.Max(m.logBase), make([]float64, len(m.base))}
	for id, l := range m.logBase {
		t.weights[id] = math.Exp((l - t.logHighest) / temperature)
	}
	return t
}

func newSampler(m *Model, s sampling) *sampler {
	sampler := &sampler{
		sampling:  s,
		predictor: newPredictor(m),
		scores:    make([]float64, len(m.base)),
		weights:   make([]float64, len(m.base)),
		plain:     newTempered(m, 1),
	}
	if s.temperature > 0 {
		sampler.warmed = newTempered(m, s.temperature)
	}
	return sampler
}

// adjust applies penalties and biases to the scores. used lists the tokens of the completion with their numbers.
func (s *sampler) adjust(used map[int]int) {
	if s.frequencyPenalty != 0 || s.presencePenalty != 0 {
		for id, count := range used {
			s.scores[id] -= s.frequencyPenalty*float64(count) + s.presencePenalty
			s.touched = append(s.touched, int32(id))
		}
	}
	for _, b := range s.bias {
		s.scores[b.id] += b.bias
		s.touched = append(s.touched, int32(b.id))
	}
}

// largestExponent is where a factor on the weights of the base would come near the limits of a float. Such a factor
// means that biases have pushed down all that is likely; then every exponential is taken.
const largestExponent = 500

// spread sets the weights to the scores at a temperature, the highest score having weight 1, and returns the total.
func (s *sampler) spread(base tempered) (total float64) {
	highest := s.scores[s.likeliest()]
	exponent := (s.logRest + base.logHighest - highest) / base.temperature
	if exponent > largestExponent {
		for id, score := range s.scores {
			s.weights[id] = math.Exp((score - highest) / base.temperature)
		}
	} else {
		factor := math.Exp(exponent)
		for id, w := range base.weights {
			s.weights[id] = w * factor
		}
		for _, id := range s.touched {
			s.weights[id] = math.Exp((s.scores[id] - highest) / base.temperature)
		}
	}
	return sum(s.weights)
}

func sum(values []float64) (total float64) {
	for _, v := range values {
		total += v
	}
	return total
}

// normaliser returns the logarithm by which scores exceed log probabilities.
func (s *sampler) normaliser() float64 {
	if len(s.bias) == 0 && s.frequencyPenalty == 0 && s.presencePenalty == 0 {
		return 0 // nothing has been adjusted
	}
	total := s.spread(s.plain)
	return s.scores[s.likeliest()] + math.Log(total)
}

// likeliest returns the token with the highest score, of equal ones that with the lowest id.
func (s *sampler) likeliest() int {
	best := 0
	for id, score := range s.scores {
		if score > s.scores[best] {
			best = id
		}
	}
	return best
}

// top returns the n likeliest tokens in falling order.
func (s *sampler) top(n int, normaliser float64) []alternative {
	list := make([]alternative, 0, n+1)
	for id, score := range s.scores {
		if n == 0 || len(list) == n && score <= list[n-1].logprob {
			continue
		}
		at := len(list)
		for at > 0 && list[at-1].logprob < score {
			at--
		}
		list = slices.Insert(list, at, alternative{id, score})
		list = list[:min(n, len(list))]
	}
	for i := range list {
		list[i].logprob -= normaliser
	}
	return list
}

// draw chooses a token from the scores.
func (s *sampler) draw(random *rand.Rand) int {
	if s.temperature == 0 {
		return s.likeliest()
	}
	total := s.narrow(s.spread(s.warmed))
	if s.topP < 1 {
		return s.nucleus(random, total)
	}
	place := random.Float64() * total
	for id, w := range s.weights {
		if place < w {
			return id
		}
		place -= w
	}
	return s.likeliest() // rounding carried place past the last weight
}

// nucleus draws from the smallest set of likeliest tokens whose weights reach topP of the total, at least one token.
// The set is found by halving the unknown part around a pivot, as quickselect does, which takes linear time.
func (s *sampler) nucleus(random *rand.Rand, total float64) int {
	// Tokens below this weight cannot add up to what lies outside the set, so they need not be looked at. The last
	// factor leaves room for rounding: the likeliest must stay.
	least := (1 - s.topP) * total / float64(len(s.weights)) * (1 - 1e-9)
	ids := s.nearest[:0]
	for id, w := range s.weights {
		if w >= least {
			ids = append(ids, id)
		}
	}
	s.nearest = ids
	heavier := func(a, b int) bool {
		return s.weights[a] > s.weights[b] || s.weights[a] == s.weights[b] && a < b
	}

	need := s.topP * total
	inside := 0.0           // weight of ids[:from], which belong in
	from, to := 0, len(ids) // ids[to:] do not
	for from < to {
		last, middle := to-1, (from+to)/2
		ids[middle], ids[last] = ids[last], ids[middle]
		pivot, k, mass := ids[last], from, 0.0
		for i := from; i < last; i++ {
			if heavier(ids[i], pivot) {
				mass += s.weights[ids[i]]
				ids[i], ids[k] = ids[k], ids[i]
				k++
			}
		}
		ids[k], ids[last] = ids[last], ids[k]
		switch {
		case inside+mass >= need: // without the pivot
			to = k
		case inside+mass+s.weights[pivot] >= need: // the pivot is the last one
			from, to = k+1, k+1
		default:
			inside += mass + s.weights[pivot]
			from = k + 1
		}
	}
	set := ids[:max(to, 1)] // topP 0 ends with an empty set and the heaviest in front

	within := 0.0
	for _, id := range set {
		within += s.weights[id]
	}
	place := random.Float64() * within
	for _, id := range set {
		if place < s.weights[id] {
			return id
		}
		place -= s.weights[id]
	}
	return set[0]
}
