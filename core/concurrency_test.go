package core

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestConcurrentUse shares one Validator, and the compiling of the built-in ones, between goroutines from the first call
// on. The race detector is its judge.
func TestConcurrentUse(t *testing.T) {
	shared, err := Compile(nil, Options{})
	require.NoError(t, err)
	texts := [][]byte{
		[]byte(`{"model":"m","prompt":"x","max_tokens":5,"logit_bias":{"1":2,"1":3}}`),
		[]byte(`{model: 'm', promt: ["\ud800"], temperature: "hot", n: 2, best_of: 1, apiKey: "k",`),
		[]byte(`{"messages":[{"role":"user","content":"x"}],"top_k":1,"tempreature":2}`),
	}
	want := make([]string, len(texts))
	for i, text := range texts {
		v, err := Compile(nil, Options{})
		require.NoError(t, err)
		want[i] = fmt.Sprint(v.Check(text).Issues)
	}
	var all sync.WaitGroup
	for g := range 32 {
		all.Go(func() {
			builtin, err := ForProfile(Profiles()[g%len(Profiles())].Name)
			if !assert.NoError(t, err) {
				return
			}
			for n := range 20 {
				i := (g + n) % len(texts)
				assert.Equal(t, want[i], fmt.Sprint(shared.Check(texts[i]).Issues))
				shared.Valid(texts[i])
				builtin.NewInspector().Inspect(texts[i])
				_, err := builtin.FixAll(texts[i])
				assert.NoError(t, err)
				_, err = shared.Set(texts[0], "/n", []byte("3"))
				assert.NoError(t, err)
			}
		})
	}
	all.Wait()
}

// The profiles that a caller gets are copies: changing one changes no verdict.
func TestProfilesAreTheCallers(t *testing.T) {
	Profiles()[0].Rules["greedy-choices"] = "error"
	clear(Profiles()[0].Fields)
	assert.NotEqual(t, "error", Profiles()[0].Rules["greedy-choices"])
	assert.NotEmpty(t, Profiles()[0].Fields)
}
