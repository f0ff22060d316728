// Package tapetest holds tapes to what every reader of them relies on. It is for tests.
package tapetest

import (
	"slices"
	"testing"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// Require holds a tape to its invariants: spans nested and in order, subtrees adding up.
func Require(t testing.TB, tp *jsontape.Tape) {
	t.Helper()
	want := func(ok bool, i uint32, what string) {
		if !ok {
			t.Helper()
			t.Fatalf("node %d of %q: %s", i, tp.Src, what)
		}
	}
	for i := range uint32(len(tp.Nodes)) {
		v := &tp.Nodes[i]
		want(v.Start <= v.End && int(v.End) <= len(tp.Src), i, "span out of range")
		want(v.Next > i && int(v.Next) <= len(tp.Nodes), i, "subtree out of range")
		here := func(m jsontape.Meaning) bool { return m.Node == i }
		want(slices.ContainsFunc(tp.Loose, here) == (v.Flags&jsontape.Loose != 0), i, "loose text without its flag, or the reverse")
		want(slices.ContainsFunc(tp.LooseKeys, here) == (v.Flags&jsontape.KeyLoose != 0), i, "loose key without its flag, or the reverse")
		if v.Kind != jsontape.Array && v.Kind != jsontape.Object {
			want(v.Next == i+1 && v.N == 0, i, "a scalar with children")
			continue
		}
		n, place := uint32(0), v.Start
		for c := i + 1; c < v.Next; c = tp.Nodes[c].Next {
			child := &tp.Nodes[c]
			want((child.KeyEnd != 0) == (v.Kind == jsontape.Object), c, "a key in an array, or a member without one")
			if v.Kind == jsontape.Object {
				want(place <= child.KeyStart && child.KeyStart <= child.KeyEnd, c, "key out of order")
				place = child.KeyEnd
			}
			want(place <= child.Start && child.End <= v.End, c, "value out of order")
			place = child.End
			n++
		}
		want(n == v.N, i, "children miscounted")
	}
	want(len(tp.Nodes) == 0 || int(tp.Nodes[0].Next) == len(tp.Nodes), 0, "nodes outside of the root")
}

// TypicalRequest is the 600 byte request that the speed figures of the core refer to.
const TypicalRequest = `{
  "model": "meta-llama/Llama-3.3-70B-Instruct",
  "prompt": ["Write a short story about a lighthouse keeper who finds a message in a bottle."],
  "best_of": 1,
  "echo": false,
  "frequency_penalty": 0.25,
  "logit_bias": {"1234567890": 0.5, "1234567891": -0.5, "50256": -100},
  "logprobs": 1,
  "max_tokens": 256,
  "n": 1,
  "presence_penalty": 0,
  "seed": 9007199254740993,
  "stop": ["\n\n", "THE END", "json([\"stop\", \"halt\"])"],
  "stream": true,
  "stream_options": {"include_usage": true},
  "suffix": "\n",
  "temperature": 0.7,
  "top_p": 0.95,
  "user": "user-1234"
}
`
