package core

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzFix holds fixes to their promise: each can be applied; after FixAll no issue has a safe one, or any if removals are
// wanted, and there is nothing left to do; what was JSON is JSON still.
func FuzzFix(f *testing.F) {
	for _, text := range fuzzTexts {
		f.Add([]byte(text))
	}
	for _, text := range []string{
		`{"model":"m","prompt":"x","logprobs":true,"logprobs":0}`,
		`{"promt":true,"promt":"x","top_p":1,"topP":2,"top_p":3}`,
		`{"timeout":[1]],"apiKey":"k","temprature":"0.5",}`,
		`{"stream_options":{"include_usge":true},"stream":null,"best_of":1,"n":2}`,
		`{"messages":[{"role":"user","content":"a\ud800"}],"stop":["json([\"s\"])"],"\udc00":1}`,
		"{\"n\": 007 // seven\n , 'maxRetries': 2 }",
		"{model:\"m\",\"prompt\":[\"a\"b\"],\"\ufffd,\"\"2}", // a list that was only guessed holds the model
		`{maxTokens: 5,)00000000000`,                         // a bracket is mended, and then another one
		`{0:B"0"  "0"B!B"0" `,                                // a name in quotes, and nothing but white space behind it
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 1<<12 {
			return
		}
		v := Default()
		for _, i := range v.Check(src).Issues {
			if i.Fix != nil {
				requireResolved(t, src, i.Fix.Edits)
			}
		}
		for _, options := range [][]FixOption{nil, {WithRemovals()}} {
			edits, err := v.FixAll(src, options...)
			require.NoError(t, err)
			requireResolved(t, src, edits)
			fixed, err := Apply(src, edits)
			require.NoError(t, err)
			for _, i := range v.Check(fixed).Issues {
				require.False(t, i.Fix != nil && (options != nil || i.Fix.Safe()), "%s is left in %q", i, fixed)
			}
			again, err := v.FixAll(fixed, options...)
			require.NoError(t, err)
			require.Empty(t, again)
			if json.Valid(src) {
				require.True(t, json.Valid(fixed), "%q", fixed)
			}
		}
	})
}
