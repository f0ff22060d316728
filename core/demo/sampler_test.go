package demo

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// at returns a sampler with the scores after a text.
func at(text string, s sampling) *sampler {
	sampler := newSampler(Default(), s)
	sampler.logits(sampler.scores, append([]int{idEndOfText}, sampler.tokenizer.encode(nil, text)...))
	return sampler
}

// tally draws often and returns the share of each token.
func tally(s *sampler, draws int) map[int]float64 {
	random := rand.New(rand.NewPCG(1, 2))
	shares := map[int]float64{}
	for range draws {
		shares[s.draw(random)] += 1 / float64(draws)
	}
	return shares
}

func entropy(shares map[int]float64) (bits float64) {
	for _, p := range shares {
		bits -= p * math.Log2(p)
	}
	return bits
}

func TestDrawsFollowTheDistribution(t *testing.T) {
	s := at("The", sampling{temperature: 1, topP: 1})
	const draws = 6000
	shares := tally(s, draws)
	for _, a := range s.top(10, 0) {
		p := math.Exp(a.logprob)
		assert.InDelta(t, p, shares[a.id], 5*math.Sqrt(p/draws), "five standard deviations for token %d", a.id)
	}
}

func TestTemperature(t *testing.T) {
	greedy := tally(at("The", sampling{temperature: 0, topP: 1}), 50)
	s := at("The", sampling{})
	assert.Equal(t, map[int]float64{s.top(1, 0)[0].id: 1}, roundShares(greedy), "0 takes the likeliest token only")

	last := -1.0
	for _, temperature := range []float64{1e-300, 0.3, 0.7, 1, 1.4, 2} {
		bits := entropy(tally(at("The", sampling{temperature: temperature, topP: 1}), 1500))
		assert.Greater(t, bits, last, "entropy at temperature %v", temperature)
		last = bits
	}
}

func roundShares(shares map[int]float64) map[int]float64 {
	for id, p := range shares {
		shares[id] = math.Round(p*1e6) / 1e6
	}
	return shares
}

func TestTopPKeepsTheSmallestSufficientSet(t *testing.T) {
	for _, topP := range []float64{0, 0.1, 0.5, 0.9, 0.999} {
		s := at("The", sampling{temperature: 1, topP: topP})
		allowed, inside := map[int]bool{}, 0.0
		for _, a := range s.top(len(s.base), 0) {
			if len(allowed) > 0 && inside >= topP {
				break
			}
			allowed[a.id] = true
			inside += math.Exp(a.logprob)
		}
		shares := tally(s, 1000)
		for id := range shares {
			assert.True(t, allowed[id], "top_p %v drew token %d from outside its %d tokens", topP, id, len(allowed))
		}
		if len(allowed) <= 5 {
			assert.Len(t, shares, len(allowed), "top_p %v leaves no token out that belongs in", topP)
		}
	}
}

// All weights equal is where rounding could empty the set.
func TestTopPZeroOnAFlatDistribution(t *testing.T) {
	s := newSampler(Default(), sampling{temperature: 1, topP: 0})
	for id := range s.scores {
		s.scores[id] = -0.1
		s.touched = append(s.touched, int32(id))
	}
	assert.Equal(t, 0, s.draw(rand.New(rand.NewPCG(1, 1))))
}

func TestBias(t *testing.T) {
	s := at("Once upon a", sampling{temperature: 1, topP: 1})
	time := s.tokenizer.ids[" time"]
	require.Equal(t, time, s.likeliest())

	for _, temperature := range []float64{0, 1, 2} {
		forced := at("Once upon a", sampling{temperature: temperature, topP: 1, bias: []tokenBias{{0xfe, 100}}})
		forced.adjust(nil)
		assert.Equal(t, map[int]float64{0xfe: 1}, roundShares(tally(forced, 200)), "+100 forces even a byte never seen")

		banned := at("Once upon a", sampling{temperature: temperature, topP: 1, bias: []tokenBias{{time, -100}}})
		banned.adjust(nil)
		assert.NotContains(t, tally(banned, 500), time, "-100 bans")
	}

	// In between, the bias is exactly what it is said to be: added to the logit.
	nudged := at("Once upon a", sampling{bias: []tokenBias{{'x', 1.5}}})
	before := nudged.scores['x']
	nudged.adjust(nil)
	assert.InDelta(t, before+1.5, nudged.scores['x'], 1e-12)
	total := 0.0
	normaliser := nudged.normaliser()
	for _, score := range nudged.scores {
		total += math.Exp(score - normaliser)
	}
	assert.InDelta(t, 1, total, 1e-9)
}

// The weights must not depend on which exponentials were saved.
func TestSpreadAgreesWithTheDefinition(t *testing.T) {
	everything := make([]tokenBias, 0, len(Default().base))
	for id := range Default().base[1:] {
		everything = append(everything, tokenBias{id, -100})
	}
	for name, bias := range map[string][]tokenBias{
		"none": nil, "few": {{5, 40}, {300, -7}, {301, -100}}, "forced": {{0xfe, 100}}, "all but one banned": everything,
	} {
		for _, temperature := range []float64{1e-300, 0.01, 0.3, 1, 2} {
			s := at("Once upon a", sampling{temperature: temperature, topP: 1, bias: bias})
			s.adjust(nil)
			total := s.spread(s.warmed)
			highest, want := s.scores[s.likeliest()], 0.0
			for id, score := range s.scores {
				w := math.Exp((score - highest) / temperature)
				want += w
				require.InDelta(t, w, s.weights[id], 1e-12, "%s, temperature %v, token %d", name, temperature, id)
			}
			require.InEpsilon(t, want, total, 1e-9, "%s, temperature %v", name, temperature)
		}
	}
}

func TestPenaltiesAreSubtracted(t *testing.T) {
	s := at("The", sampling{frequencyPenalty: 0.5, presencePenalty: -1})
	before := append([]float64(nil), s.scores...)
	s.adjust(map[int]int{'a': 3, 'b': 1})
	assert.InDelta(t, before['a']-3*0.5+1, s.scores['a'], 1e-12)
	assert.InDelta(t, before['b']-0.5+1, s.scores['b'], 1e-12)
	assert.Equal(t, before['c'], s.scores['c'])
}

func TestTopIsSorted(t *testing.T) {
	s := at("The", sampling{})
	all := s.top(len(s.base), 0)
	require.Len(t, all, len(s.base))
	for i := 1; i < len(all); i++ {
		require.GreaterOrEqual(t, all[i-1].logprob, all[i].logprob)
	}
	assert.Equal(t, all[:20], s.top(20, 0))
	assert.Empty(t, s.top(0, 0))
}
