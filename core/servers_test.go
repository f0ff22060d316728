package core

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What single servers take, refuse and replace: "" stands for nothing to say, else for the start of what is said.
func TestWhatServersMakeOfFields(t *testing.T) {
	for _, c := range []struct{ profile, members, says, fixed string }{
		{"vllm", `"kv_transfer_params":{"x":1},"ec_transfer_params":{},"truncation_side":"right","session_id":"a"`, "", ""},
		{"vllm", `"repetition_detection":{"min_count":2},"watermarking":false,"logprobs":2,"logprob_token_ids":[1.0]`, "", ""},
		{"vllm", `"truncation_side":"middle"`, `error: truncation_side: got the text "middle", want one of "left", "right"`, ""},
		{"vllm", `"structured_outputs":{"schema":{}}`, "error: structured_outputs: got an object; vLLM wants exactly one of", ""},
		{"vllm", `"structured_outputs":{"json":{},"regex":"a"}`, "error: structured_outputs: got an object; vLLM wants exactly one of", ""},
		{"vllm", `"structured_outputs":{"choice":["a"]}`, "", ""},
		{"vllm", `"response_format":{"type":"json_schema","schema":{}}`, "error: response_format: got an object; the type json_schema needs", ""},
		{"vllm", `"response_format":{"type":"json_schema","json_schema":{"name":"x"}}`, "", ""},
		{"vllm", `"cache_salt":"a@b"`, "error: cache_salt: got the text", ""},
		{"vllm", `"cache_salt":"` + strings.Repeat("a", 129) + `"`, "error: cache_salt: got the text", ""},
		{"vllm", `"cache_salt":"` + strings.Repeat("a", 128) + `"`, "", ""},
		{"vllm", `"guided_choice":["yes","no"]`, "warning: guided_choice: vLLM ignores it since 0.12.0", `"structured_outputs":{"choice": ["yes","no"]}`},
		{"vllm", `"guided_choice":["a"],"structured_outputs":{"regex":"b"}`, "warning: guided_choice: vLLM ignores it since 0.12.0", ""},
		{"vllm", `"extra_body":{"min_p":0.1,"ignore_eos":true}`, "warning: extra_body: extra_body is an option of a client library", `"min_p":0.1,"ignore_eos":true`},
		{"vllm", `"extra_body":{"min_p":7}`, "warning: extra_body", ""},
		{"vllm", `"extra_body":{"model":"n"}`, "warning: extra_body", ""},
		{"vllm", `"logprobs":true`, "warning: logprobs: got true; vLLM takes true for 1", ""},
		{"sglang", `"session_id":"a","return_cached_tokens_details":true,"bootstrap_room":7,"routed_dp_rank":0,"extra_key":"k","custom_labels":{"a":"b"}`, "", ""},
		{"together", `"logprobs":1`, "", ""},
		{"together", `"logprobs":3`, "warning: logprobs: got 3; Together AI answered 400", ""},
		{"fireworks", `"colour":"red"`, "error: colour: nothing is called", ""},
		{"fireworks", `"stream":true,"stream_options":{"include_usage":true}`, "warning: stream_options: Fireworks AI does not list this field, has refused it", ""},
		{"openrouter", `"top_k":9,"repetition_penalty":1.2`, "", ""},
		{"atoma", `"rep_pen":1.2`, "warning: rep_pen: rep_pen belongs to another server's own endpoint; KoboldAI's name", `"repetition_penalty":1.2`},
		{"atoma", `"sampler_order":[0,1]`, "warning: sampler_order: sampler_order belongs to another server's own endpoint", ""},
	} {
		v, err := ForProfile(c.profile)
		require.NoError(t, err)
		src := `{"model":"m","prompt":"x","max_tokens":5,` + c.members + `}`
		issues := v.Check([]byte(src)).Issues
		if c.says == "" {
			assert.Empty(t, issues, "%s: %s", c.profile, c.members)
		} else if assert.NotEmpty(t, issues, "%s: %s", c.profile, c.members) {
			_, said, _ := strings.Cut(issues[0].String(), " ")
			assert.Contains(t, said, c.says)
		}
		want := src
		if c.fixed != "" {
			want = strings.Replace(src, c.members, c.fixed, 1)
		}
		assert.Equal(t, want, fixAll(t, v, src), c.profile)
	}
}

func TestOtherFormsOfPrompts(t *testing.T) {
	for _, c := range []struct{ profile, src, says string }{
		{"vllm", `{"model":"m","prompt_embeds":"AAAA","max_tokens":5}`, "hint: prompt_embeds: "},
		{"vllm", `{"model":"m","max_tokens":5}`, "error: prompt is missing"},
		{"llamacpp", `{"prompt":{"prompt_string":"what is <__media__>?","multimodal_data":["AAAA"]},"max_tokens":5}`, ""},
		{"llamacpp", `{"prompt":{"text":"x"},"max_tokens":5}`, "error: prompt: prompt_string is missing"},
		{"llamacpp", `{"prompt":{"prompt_string":5},"max_tokens":5}`, "error: prompt/prompt_string: got 5, want a text"},
		{"llamacpp", `{"prompt":[7,"x"],"max_tokens":5}`, ""},
		{"openai", `{"model":"gpt-4o","prompt":"x","max_tokens":5}`, `warning: model: got the text "gpt-4o"; OpenAI answers 404 to chat models here`},
		{"openai", `{"model":"gpt-3.5-turbo-instruct-0914","prompt":"x","max_tokens":5}`, ""},
		{"openai", `{"model":"davinci-002","prompt":"x","max_tokens":5}`, ""},
	} {
		v, err := ForProfile(c.profile)
		require.NoError(t, err)
		r := v.Check([]byte(c.src))
		if c.says == "" {
			assert.Empty(t, r.Issues, c.src)
			assert.NotNil(t, r.Request, c.src)
		} else if assert.Len(t, r.Issues, 1, c.src) {
			assert.Contains(t, r.Issues[0].String(), " "+c.says)
		}
	}
}

// A name that ends in a version asks for that version's profile; versions that nothing tells apart share one.
func TestProfilesOfVersions(t *testing.T) {
	src := []byte(`{"prompt":"x","max_tokens":5,"suffix":"y"}`)
	for name, valid := range map[string]bool{
		"llamacpp": true, "llamacpp@": true, "llamacpp@b9633": false, "llamacpp@b9633-1a2b": false, "llamacpp@b9634": true, "llamacpp@0.4.0-dev": true,
		"llamacpp@any": true, "vllm@0.7.0": false,
	} {
		v, err := ForProfile(name)
		require.NoError(t, err, name)
		assert.Equal(t, valid, v.Valid(src), name)
	}
	a, err := ForProfile("llamacpp@b9000")
	require.NoError(t, err)
	b, err := ForProfile("llamacpp@b9001")
	require.NoError(t, err)
	assert.Same(t, a, b)
	assert.Equal(t, "llamacpp", a.Profile().Name)
	_, err = ForProfile("nobody@1.0")
	assert.EqualError(t, err, `no profile "nobody"`)
}

// In any case of letters, where the server reads names so.
func TestNamesInAnyCase(t *testing.T) {
	src := []byte(`{"model":"m","prompt":"x","MAX_TOKENS":5,"Temperature":0.5}`)
	v, err := ForProfile("ollama")
	require.NoError(t, err)
	assert.Equal(t, `{"model":"m","prompt":"x","max_tokens":5,"temperature":0.5}`, string(v.Body(src)))
	v, err = ForProfile("tgi")
	require.NoError(t, err)
	assert.NotContains(t, string(v.Body(src)), `"temperature"`)
}
