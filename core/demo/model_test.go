package demo

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// distribution returns the probabilities after a text at the beginning of a document.
func distribution(m *Model, text string) []float64 {
	context := []int{idEndOfText}
	for _, id := range m.tokenizer.encode(nil, text) {
		context = m.extend(context, id)
	}
	probabilities := make([]float64, len(m.base))
	newPredictor(m).logits(probabilities, context)
	for id, l := range probabilities {
		probabilities[id] = math.Exp(l)
	}
	return probabilities
}

func TestProbabilitiesAddUpToOne(t *testing.T) {
	for _, text := range []string{
		"", "Once upon a time", "the", "The sea is only water,", "qwertz", "\xff\x00", "for i := 0; i < 10; i++ {\n", " ", "日本",
	} {
		d := distribution(Default(), text)
		assert.InDelta(t, 1, sum(d), 1e-9, "after %q", text)
		for id, p := range d {
			require.Greaterf(t, p, 0.0, "token %d after %q", id, text)
		}
	}
}

func TestPredictorLeavesNothingBehind(t *testing.T) {
	p := newPredictor(Default())
	first, again := make([]float64, len(p.base)), make([]float64, len(p.base))
	p.logits(first, []int{idEndOfText})
	p.logits(again, p.tokenizer.encode(nil, "Once upon a time there was"))
	p.logits(again, []int{idEndOfText})
	assert.Equal(t, first, again)
}

// A training text of single-byte tokens, so that the figures can be made by hand.
func TestDiscountedCounts(t *testing.T) {
	m := train([]string{"?!", "?!", "?;"})

	// Different predecessors: ? follows the end of text, ! and ; follow ?, the end of text follows ! and ;.
	perToken := unseen / float64(len(m.base))
	base := func(predecessors float64) float64 { return (1-unseen)*predecessors/5 + perToken }
	assert.InDelta(t, base(1), m.base['?'], 1e-12)
	assert.InDelta(t, base(1), m.base['!'], 1e-12)
	assert.InDelta(t, base(1), m.base[';'], 1e-12)
	assert.InDelta(t, base(2), m.base[idEndOfText], 1e-12)
	assert.InDelta(t, base(0), m.base['x'], 1e-12)

	// After an unknown token only the base counts.
	assert.InDelta(t, base(1), distribution(m, "x")['!'], 1e-12)

	// After ? at the beginning: in three places stand ! twice and ; once. The longer context says the same again.
	d, passed := distribution(m, "?"), discount*2/3
	twice, once := (2-discount)/3, (1-discount)/3
	assert.InDelta(t, twice+passed*(twice+passed*base(1)), d['!'], 1e-12)
	assert.InDelta(t, once+passed*(once+passed*base(1)), d[';'], 1e-12)
	assert.InDelta(t, passed*passed*base(0), d['x'], 1e-12)
	assert.InDelta(t, 1, sum(d), 1e-12)
}

func TestModelKnowsItsText(t *testing.T) {
	m := Default()
	likeliest := func(text string) string {
		best, d := 0, distribution(m, text)
		for id, p := range d {
			if p > d[best] {
				best = id
			}
		}
		return m.tokenizer.entries[best]
	}
	assert.Equal(t, " time", likeliest("Once upon a"))
	assert.Equal(t, " over", likeliest("The quick brown fox jumps"))
	assert.Equal(t, " b", likeliest("return a +"))
	assert.Equal(t, endOfText, likeliest("The same soup twice, and it is always good."))
}

// Splitting a word from the space before it must not cost the model its memory.
func TestTrailingSpace(t *testing.T) {
	m := Default()
	p := newPredictor(m)
	scores := make([]float64, len(m.base))
	context := append([]int{idEndOfText}, m.tokenizer.encode(nil, "Once upon a ")...)
	require.Equal(t, idSpace, context[len(context)-1])
	p.afterSpace(scores, context)

	bare, total := m.tokenizer.ids["time"], 0.0
	for id, s := range scores {
		total += math.Exp(s)
		assert.LessOrEqual(t, s, scores[bare], "token %d", id)
	}
	assert.InDelta(t, 1, total, 1e-9)

	context = m.extend(context, bare)
	assert.Equal(t, m.tokenizer.ids[" time"], context[len(context)-1], "the two are one token again")
}
