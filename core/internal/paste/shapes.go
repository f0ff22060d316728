package paste

import (
	"strings"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/schema"
)

// shape is the request of another endpoint, known by its members. What single names mean stands in schema/foreign.json;
// here stand the containers, and names that mean something else than there.
type shape struct {
	kind   Kind
	name   string
	needs  []string          // members one of whose alternatives is there; "|" stands between them
	inside string            // the member whose members are the request's, "" for none
	names  map[string]string // what they mean here, "" for nothing
}

var shapes = []shape{
	{"tgi", "a request for TGI's /generate", []string{"inputs"}, "parameters", map[string]string{
		"watermark": "", "truncate": "", "decoder_input_details": "", "adapter_id": "", "grammar": "", "return_details": "", "options": "", "max_time": ""}},
	{"sglang", "a request for SGLang's /generate", []string{"sampling_params", "text|input_ids"}, "sampling_params", map[string]string{
		"text": "prompt", "input_ids": "prompt", "return_logprob": "", "logprob_start_len": "", "top_logprobs_num": "", "return_text_in_logprobs": "", "rid": ""}},
	{"ollama", "a request for Ollama's /api/generate", []string{"prompt", "options"}, "options", map[string]string{
		"images": "", "context": "", "num_gpu": "", "num_thread": "", "num_batch": "", "num_keep": "", "numa": "", "main_gpu": "", "use_mmap": "", "low_vram": "",
		"penalize_newline": "", "repeat_last_n": "", "tfs_z": "", "think": ""}},
	{"koboldai", "a request for KoboldAI's /api/v1/generate", []string{"prompt", "max_context_length|rep_pen|sampler_order|sampler_seed|rep_pen_range|genkey"}, "", map[string]string{
		"max_length": "max_tokens", "max_context_length": "", "rep_pen": "repetition_penalty", "rep_pen_range": "", "rep_pen_slope": "", "sampler_order": "",
		"sampler_seed": "seed", "stop_sequence": "stop", "typical": "typical_p", "tfs": "", "top_a": "", "quiet": "", "genkey": "", "memory": "",
		"trim_stop": "", "use_default_badwordsids": "", "bypass_eos": "", "banned_tokens": "", "singleline": "", "frmttriminc": "", "frmtrmblln": "",
		"disable_output_formatting": "", "disable_input_formatting": "", "sampler_full_determinism": "", "use_story": "", "use_memory": "",
		"use_authors_note": "", "use_world_info": "", "soft_prompt": "", "render_special": "", "logprobs": ""}},
	{"anthropic", "a request for Anthropic's /v1/complete", []string{"prompt", "max_tokens_to_sample"}, "", map[string]string{"metadata": ""}},
	{"cohere", "a request for Cohere's /v1/generate", []string{"prompt", "num_generations|return_likelihoods|end_sequences|stop_sequences", "k|p|num_generations|return_likelihoods|end_sequences"}, "", map[string]string{
		"num_generations": "n", "k": "top_k", "p": "top_p", "end_sequences": "", "return_likelihoods": "", "truncate": "", "preset": "", "raw_prompting": ""}},
	{"responses", "a request for /v1/responses", []string{"input", "model"}, "", nil},
	{"chat", "a request for /v1/chat/completions", []string{"messages"}, "", map[string]string{"messages": "prompt"}},
}

// shapeOf returns the shape that members with these names have, nil for that of a completion.
func shapeOf(has func(name string) bool) *shape {
	if has("prompt") && has("messages") {
		return nil // the one that is wrong is for a check to name
	}
next:
	for n := range shapes {
		for _, need := range shapes[n].needs {
			found := false
			for _, name := range strings.Split(need, "|") {
				found = found || has(name)
			}
			if !found {
				continue next
			}
		}
		return &shapes[n]
	}
	return nil
}

// shaped turns the members of another endpoint's request into those of a completion, as far as they mean the same. What
// is secret goes in any case.
func (w *writing) shaped(members []item) []item {
	s := shapeOf(func(name string) bool {
		for i := range members {
			if members[i].key == name {
				return true
			}
		}
		return false
	})
	var out []item
	taken := map[string]bool{}
	for _, it := range members {
		out = w.reshaped(out, it, s, taken)
	}
	return out
}

func (w *writing) reshaped(out []item, it item, s *shape, taken map[string]bool) []item {
	name := it.key
	foreign, isForeign := schema.ForeignNames()[name]
	if isForeign && foreign.Secret {
		if said, ok := spoken(it.value); ok {
			w.d.secret(said, span{it.start, it.stop()}, false)
		}
		w.note(Left, it.start, it.stop(), name+": "+foreign.Note)
		return out
	}
	if s != nil {
		inner := it.value
		if inner.form == asJSON {
			inner = inner.items[0].value
		}
		if name == s.inside && inner.form == anObject {
			for _, m := range w.members(inner, 1) {
				out = w.reshaped(out, m, s, taken)
			}
			return out
		}
		to, own := s.names[name]
		switch {
		case own && to == "", !own && isForeign && foreign.Means == "" && foreign.From != "sdk":
			why := foreign.Note
			if why == "" || own {
				why = "a completion has nothing that is the same"
			}
			w.note(Left, it.start, it.stop(), name+": "+why)
			return out
		case own:
			name = to
		case isForeign && foreign.Means != "":
			name = foreign.Means
		}
		if it.key == "messages" {
			it.value = w.conversation(it.value)
		}
		if taken[name] {
			w.note(Left, it.start, it.stop(), it.key+": "+name+" is said already")
			return out
		}
		taken[name] = true
	}
	it.key = name
	return append(out, it)
}

// spoken returns a text, typed as JSON or in a program.
//
//go:noinline
func spoken(v *value) (string, bool) {
	if v != nil && v.form == asTyped && strings.HasPrefix(v.text, `"`) {
		return jsontape.Unescape([]byte(v.text[1 : len(v.text)-1])), true
	}
	return v.plain()
}

// conversation makes one prompt of the messages of a chat: their texts in turn, for there is no template here.
func (w *writing) conversation(messages *value) *value {
	if messages.form != aList {
		return messages
	}
	var parts []string
	var holes []span
	add := func(v *value) bool {
		if v == nil {
			return false
		}
		if said, ok := spoken(v); ok {
			parts = append(parts, said)
		} else if v.form == aText {
			parts = append(parts, v.text)
			holes = append(holes, v.holes...)
		} else {
			return false
		}
		return true
	}
	for _, it := range messages.items {
		content := it.value.get("content")
		if add(content) {
			continue
		}
		if content == nil || content.form != aList {
			w.note(NotLiteral, it.value.start, it.value.end, "this message has no text that is known here")
			continue
		}
		for _, part := range content.items {
			if !add(part.value) && !add(part.value.get("text")) {
				w.note(Left, part.value.start, part.value.end, "a part of a message that is no text")
			}
		}
	}
	w.note(Left, messages.start, messages.end, "the messages of a chat became one prompt, without their roles")
	return &value{form: aText, text: strings.Join(parts, "\n\n"), holes: holes, start: messages.start, end: messages.end}
}

// shape does the same with strict JSON. The text of a request that is a completion's, and holds no key, stays as it was
// typed. The places of notes are those of the tape's text and begin at start, or are all of place where that is longer.
func (d *Draft) shape(t *jsontape.Tape, start int, place span) *shape {
	root := &t.Nodes[0]
	if root.Kind != jsontape.Object {
		return nil
	}
	s := shapeOf(func(name string) bool { _, ok := t.Member(0, name); return ok })
	secret := false
	for c := uint32(1); c < root.Next; c = t.Nodes[c].Next {
		secret = secret || schema.ForeignNames()[t.Key(c)].Secret
	}
	if s == nil && !secret {
		return nil
	}
	w := newWriting(d, t.Src)
	where := func(at uint32) int {
		if place.end > place.start {
			return place.start
		}
		return start + int(at)
	}
	var expand func(i uint32, levels int) *value
	expand = func(i uint32, levels int) *value {
		n := &t.Nodes[i]
		v := &value{form: asTyped, text: string(t.Raw(i)), start: where(n.Start), end: where(n.End)}
		if place.end > place.start {
			v.end = place.end
		}
		if n.Kind < jsontape.Array || levels == 0 {
			return v
		}
		v.text, v.form = "", anObject
		if n.Kind == jsontape.Array {
			v.form = aList
		}
		for c := i + 1; c < n.Next; c = t.Nodes[c].Next {
			inner := 0
			if name := t.Key(c); n.Kind == jsontape.Array || s != nil && name == s.inside || name == "messages" || name == "content" {
				inner = levels - 1
			}
			v.items = append(v.items, item{key: t.Key(c), keyed: n.Kind == jsontape.Object, start: where(t.Nodes[c].KeyStart), value: expand(c, inner)})
		}
		return v
	}
	v := expand(0, 6)
	w.object(w.shaped(w.members(v, 0)), nil, 0)
	d.Body = w.out
	return s
}
