package core

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// reported are texts of the kinds that people reported elsewhere: what a text is first said to be (at the severity of its
// worst issue, "" for nothing), and the body after all safe fixes ("" where there is none).
var reported = []struct{ kind, profile, text, says, body string }{
	{"a field of newer servers", "vllm", `{"model":"m","prompt":"p","max_tokens":9,"guided_json":{"type":"array"}}`, "warning: guided_json: vLLM ignores it since 0.12.0", `{"model":"m","prompt":["p"],"max_tokens":9,"structured_outputs":{"json":{"type":"array"}}}`},
	{"a field of newer servers", "vllm", `{"model":"m","prompt_embeds":"AAAA","max_tokens":9}`, "hint: prompt_embeds: vLLM takes it only where", `{"model":"m","max_tokens":9,"prompt_embeds":"AAAA"}`},
	{"a known field", "vllm", `{"model":"m","prompt":"p","max_tokens":9,"kv_transfer_params":{"do_remote_prefill":false}}`, "", `{"model":"m","prompt":["p"],"max_tokens":9,"kv_transfer_params":{"do_remote_prefill":false}}`},
	{"a known field", "vllm", `{"model":"m","prompt":"p","max_tokens":9,"truncate_prompt_tokens":4,"truncation_side":"right"}`, "", `{"model":"m","prompt":["p"],"max_tokens":9,"truncate_prompt_tokens":4,"truncation_side":"right"}`},
	{"a known field", "vllm", `{"model":"m","prompt":"p","max_tokens":9,"session_id":"seven"}`, "", `{"model":"m","prompt":["p"],"max_tokens":9,"session_id":"seven"}`},
	{"a known field", "vllm", `{"model":"m","prompt":"p","max_tokens":9,"repetition_detection":{"max_pattern_size":2,"min_count":9}}`, "", `{"model":"m","prompt":["p"],"max_tokens":9,"repetition_detection":{"max_pattern_size":2,"min_count":9}}`},
	{"a known field", "vllm", `{"model":"m","prompt":"p","max_tokens":9,"watermarking":false}`, "", `{"model":"m","prompt":["p"],"max_tokens":9,"watermarking":false}`},
	{"a known field", "vllm", `{"model":"m","prompt":"p","max_tokens":9,"ec_transfer_params":{"a":1}}`, "", `{"model":"m","prompt":["p"],"max_tokens":9,"ec_transfer_params":{"a":1}}`},
	{"a known field", "sglang", `{"prompt":"p","max_tokens":9,"session_id":"b","return_cached_tokens_details":false,"bootstrap_room":2,"routed_dp_rank":1,"extra_key":"e","custom_labels":{"k":"v"}}`, "", `{"prompt":["p"],"max_tokens":9,"bootstrap_room":2,"custom_labels":{"k":"v"},"extra_key":"e","return_cached_tokens_details":false,"routed_dp_rank":1,"session_id":"b"}`},
	{"a known field", "openrouter", `{"model":"m","prompt":"p","max_tokens":9,"top_k":7,"repetition_penalty":1.3}`, "", `{"model":"m","prompt":["p"],"max_tokens":9,"repetition_penalty":1.3,"top_k":7}`},
	{"a rule of one server", "vllm", `{"model":"m","prompt":"p","max_tokens":9,"structured_outputs":{"regexp":"a+"}}`, "error: structured_outputs: got an object; vLLM wants exactly one of", ""},
	{"a rule of one server", "vllm", `{"model":"m","prompt":"p","max_tokens":9,"response_format":{"type":"json_schema","strict":true}}`, "error: response_format: got an object; the type json_schema needs", ""},
	{"a rule of one server", "vllm", `{"model":"m","prompt":"p","max_tokens":9,"cache_salt":"team/7"}`, "error: cache_salt: got the text", ""},
	{"a rule of one server", "vllm", `{"model":"m","prompt":"p","max_tokens":9,"extra_body":{"min_p":0.1}}`, "warning: extra_body: extra_body is an option of a client library", `{"model":"m","prompt":["p"],"max_tokens":9,"min_p":0.1}`},
	{"a rule of one server", "vllm", `{"model":"m","prompt":"p","max_tokens":9,"echo":1}`, "warning: echo: got 1, want true or false; vLLM takes it for what is meant", `{"model":"m","prompt":["p"],"echo":1,"max_tokens":9}`},
	{"a rule of one server", "vllm", `{"model":"m","prompt":"p","max_tokens":9,"logprobs":true}`, "warning: logprobs: got true; vLLM takes true for 1", `{"model":"m","prompt":["p"],"max_tokens":9,"logprobs":true}`},
	{"a rule of one server", "vllm", `{"model":"m","prompt":"p","max_tokens":9,"stream_options":{}}`, "", `{"model":"m","prompt":["p"],"max_tokens":9,"stream_options":{}}`},
	{"a rule of one server", "openai", `{"model":"gpt-4","prompt":"p","max_tokens":9}`, "warning: model: got the text \"gpt-4\"; OpenAI answers 404 to chat models", `{"model":"gpt-4","prompt":["p"],"max_tokens":9}`},
	{"a rule of one server", "together", `{"model":"m","prompt":"p","max_tokens":9,"logprobs":4}`, "warning: logprobs: got 4; Together AI answered 400", `{"model":"m","prompt":"p","max_tokens":9,"logprobs":4}`},
	{"a rule of one server", "fireworks", `{"model":"m","prompt":"p","max_tokens":9,"stream":true,"stream_options":{"include_usage":false}}`, "warning: stream_options: Fireworks AI does not list this field, has refused it", `{"model":"m","prompt":["p"],"max_tokens":9,"stream":true,"stream_options":{"include_usage":false}}`},
	{"a rule of one server", "fireworks", `{"model":"m","prompt":"p","max_tokens":9,"enable_thinking":false}`, "error: enable_thinking: ", ""},
	{"a rule of one server", "llamacpp", `{"prompt":{"prompt_string":"see <__media__>","multimodal_data":["AAAA"]},"max_tokens":9}`, "", `{"prompt":{"prompt_string":"see <__media__>","multimodal_data":["AAAA"]},"max_tokens":9}`},
	{"a rule of one server", "llamacpp", `{"prompt":"p","max_tokens":9,"grammar":"root ::= \"b\"","json_schema":{"type":"object"}}`, "warning: json_schema: the grammar counts instead", `{"prompt":["p"],"max_tokens":9,"grammar":"root ::= \"b\"","json_schema":{"type":"object"}}`},
	{"a rule of one server", "tgi", `{"model":"tgi","prompt":"p","max_tokens":9,"top_p":1.0}`, "error: top_p: got 1.0; TGI refuses 1", ""},
	{"names of another server", "atoma", `{"model":"m","prompt":"p","max_length":40,"max_context_length":1024,"rep_pen":1.2,"sampler_order":[6]}`, "warning: max_length: max_length belongs to another server's own endpoint", `{"model":"m","prompt":["p"],"repetition_penalty":1.2,"max_length":40,"max_context_length":1024,"sampler_order":[6]}`},
	{"names of another server", "portable", `{"model":"m","prompt":"p","max_tokens":9,"top_k":3}`, "error: top_k: top_k is a field of Atoma, ", ""},
	{"names of another server", "atoma", `{"model":"m","prompt":["p"],"max_tokens":9,"top":0.4}`, `warning: top: nothing is called "top" here; it resembles stop, top_p, top_k`, `{"model":"m","prompt":["p"],"max_tokens":9,"top":0.4}`},

	{"a command for a shell", "atoma", "curl --location 'http://localhost:9000/v1/completions' \\\n--header 'Content-Type: application/json' \\\n--data '{\"model\": \"m\",\n\"prompt\": \"They'\\''re home\", \"max_tokens\": 9}'", "error: this is a curl command that holds a request", `{"model":"m","prompt":["They're home"],"max_tokens":9}`},
	{"a command for a shell", "atoma", `curl 'http://localhost:9000/v1/completions' -H 'Content-Type: application/json' --data-raw $'{\n "model": "m",\n "prompt": "don\'t",\n "max_tokens": 9\n}' --compressed`, "error: this is a curl command that holds a request", `{"model":"m","prompt":["don't"],"max_tokens":9}`},
	{"a command for a shell", "atoma", `curl 'http://localhost:9000/v1/completions' --data-raw $'{"model":"m","prompt":"a\\nb\u0021","max_tokens":9}'`, "error: this is a curl command that holds a request", `{"model":"m","prompt":["a\nb!"],"max_tokens":9}`},
	{"a command for a shell", "atoma", `curl http://localhost:11434/v1/completions -d "{\"model\": \"m\", \"prompt\": \"good day\", \"max_tokens\": 9}"`, "error: this is a curl command that holds a request", `{"model":"m","prompt":["good day"],"max_tokens":9}`},
	{"PowerShell", "atoma", "$b = @{\n  model = \"m\"\n  prompt = \"p\"\n  echo = $false\n  max_tokens = 9\n} | ConvertTo-Json\nInvoke-RestMethod -Uri http://localhost:9000/v1/completions -Method Post -Body $b", "error: this is a PowerShell command that holds a request", `{"model":"m","prompt":["p"],"echo":false,"max_tokens":9}`},
	{"PowerShell", "atoma", "irm \"http://localhost:9000/v1/completions\" -Method Post -Body \"{`\"model`\":`\"m`\",`\"prompt`\":`\"p`\",`\"max_tokens`\":9}\"", "error: this is a PowerShell command that holds a request", `{"model":"m","prompt":["p"],"max_tokens":9}`},
	{"Python", "openai", "answer = openai.Completion.create(\n  engine=\"davinci-002\",\n  prompt=\"Good day\",\n  max_tokens=9,\n  stop=[\"\\n\\n\"],\n  logit_bias={\"50256\": -50})", "error: this is a program in Python that holds a request", `{"model":"davinci-002","prompt":["Good day"],"max_tokens":9,"stop":["\n\n"],"logit_bias":{"50256":-50}}`},
	{"Python", "vllm", "client.completions.create(model=\"m\", prompt=\"Berlin is\", max_tokens=9, extra_body={\"top_k\": 3, \"guided_choice\": [\"x\", \"y\"]})", "error: this is a program in Python that holds a request", `{"model":"m","prompt":["Berlin is"],"max_tokens":9,"structured_outputs":{"choice":["x","y"]},"top_k":3}`},
	{"Python", "atoma", `answer = openai.Completion.create(engine="davinci", prompt=question, max_tokens=9, stop=["\n"])`, "error: this is a program in Python that holds a request", ""},
	{"Python", "atoma", `body = {"model": "m", "prompt": f"Dear {who}", "max_tokens": 9}`, "error: prompt: a string with {…} cannot be read without running it", ""},
	{"Python", "atoma", "{\"model\": \"m\", \"prompt\": \"one line \"\n   \"and more\", \"max_tokens\": 9}", "error: two texts side by side, which Python reads as one", `{"model":"m","prompt":["one line and more"],"max_tokens":9}`},
	{"JavaScript", "atoma", "fetch(\"http://localhost:9000/v1/completions\", {\n  \"headers\": {\"content-type\": \"application/json\"},\n  \"body\": \"{\\\"model\\\":\\\"m\\\",\\\"prompt\\\":\\\"a\\\\nb\\\",\\\"max_tokens\\\":9}\",\n  \"method\": \"POST\"\n});", "error: this is a program in JavaScript that holds a request", `{"model":"m","prompt":["a\nb"],"max_tokens":9}`},
	{"JavaScript", "atoma", "const r = await fetch(\"http://localhost:9000/v1/completions\", {\n  method: \"POST\",\n  body: JSON.stringify({ model: \"m\", prompt: \"p\", max_tokens: 9 }),\n});", "error: this is a program in JavaScript that holds a request", `{"model":"m","prompt":["p"],"max_tokens":9}`},
	{"JavaScript", "atoma", `{m\u006Fdel:"m",prompt:["p"],max_tokens:9}`, "hint: read as a JavaScript object literal", `{"model":"m","prompt":["p"],"max_tokens":9}`},
	{"JavaScript", "atoma", "{model:\"m\",prompt:[`C:\\u`],max_tokens:9}", `error: prompt: "\\u" is no escape`, `{"model":"m","prompt":["C:\\u"],"max_tokens":9}`},
	{"encoded", "atoma", `{\"model\": \"m\", \"prompt\": \"good day\", \"max_tokens\": 9}`, "error: this is an encoded text that holds a request", `{"model":"m","prompt":["good day"],"max_tokens":9}`},
	{"encoded", "atoma", `{&quot;model&quot;:&quot;m&quot;,&quot;prompt&quot;:&quot;p&quot;,&quot;max_tokens&quot;:9}`, "error: this is an encoded text that holds a request", `{"model":"m","prompt":["p"],"max_tokens":9}`},
	{"full-width signs", "atoma", `{"model"："m"，"prompt"："早上好"，"max_tokens"：9}`, "error: 5 signs of full-width punctuation", `{"model":"m","prompt":["早上好"],"max_tokens":9}`},
	{"YAML", "atoma", "model: m\nprompt: 'p'\nmax_tokens: 9\nstop:\n- \"\\n\"\n", "error: this is YAML that holds a request", `{"model":"m","prompt":["p"],"max_tokens":9,"stop":["\n"]}`},

	{"one slip", "atoma", `{"model":"m","prompt":["p"],"max_tokens:9,"top_p":0.7}`, `error: the string "max_tokens" is never closed`, `{"model":"m","prompt":["p"],"max_tokens":9,"top_p":0.7}`},
	{"one slip", "atoma", `{"model":"m","prompt":["p"],"max_tokens" 9, "top_p": 0.7}`, `error: a colon is missing after the key "max_tokens"`, `{"model":"m","prompt":["p"],"max_tokens":9,"top_p":0.7}`},
	{"one slip", "atoma", `{"model":"m","prompt":["p],"max_tokens":9}`, `error: prompt: the string "p" is never closed`, `{"model":"m","prompt":["p"],"max_tokens":9}`},
	{"one slip", "atoma", `{"model":"m","max_tokens":9,"prompt":["g(){return "y"+c["w"]}; h(2)"]}`, "error: prompt: a quote inside of the string ends it too early", `{"model":"m","prompt":["g(){return \"y\"+c[\"w\"]}; h(2)"],"max_tokens":9}`},
	{"one slip", "atoma", `{"model":"m","prompt":["p"],"max_tokens":9,"stream":flase}`, "error: stream: got flase, want false or a string in quotes", ""},
	{"one slip", "atoma", `{"model":"m"  "prompt":["p"],"max_tokens":9}`, `error: a comma is missing before "\"prompt\""`, `{"model":"m","prompt":["p"],"max_tokens":9}`},
	{"one slip", "atoma", `{"model":"m","prompt":"p", "q"],"max_tokens":9}`, `error: prompt: a [ is missing before "\"p\""`, `{"model":"m","prompt":["p","q"],"max_tokens":9}`},
	{"one slip", "atoma", "{\n  \"model\": \"m\",\n  \"prompt\": [\"p},\n  \"max_tokens\": 9\n}", `error: prompt: the string "p}" is never closed`, `{"model":"m","prompt":["p}"],"max_tokens":9}`},
	{"one slip", "openrouter", `{"model":"m","prompt":["p"],"max_tokens":9,"best_of":2,"stream_options":{}}`, "warning: stream_options: stream_options needs stream: true", `{"model":"m","prompt":["p"],"max_tokens":9,"best_of":2,"stream_options":{}}`},

	{"numbers", "atoma", `{"model":"m","prompt":["p"],"max_tokens":9,"stop_token_ids":[3.0,4e0]}`, "", `{"model":"m","prompt":["p"],"max_tokens":9,"stop_token_ids":[3,4]}`},
	{"numbers", "llamacpp", `{"model":"m","prompt":["p"],"max_tokens":9,"seed":9223372036854775809}`, "warning: seed: got 9223372036854775809, want at most 4294967295", `{"model":"m","prompt":["p"],"max_tokens":9,"seed":9223372036854775809}`},
	{"numbers", "sglang", `{"model":"m","prompt":["p"],"max_tokens":9,"logprobs":9223372036854775809}`, "", `{"model":"m","prompt":["p"],"max_tokens":9,"logprobs":9223372036854775809}`},
}

// Every kind of text that was reported is named for what it is, and what all safe fixes make of it is what was meant. The
// typed request of one with large numbers is the same as the body.
func TestReportedTexts(t *testing.T) {
	tried, right := map[string]int{}, map[string]int{}
	for n, c := range reported {
		tried[c.kind]++
		if t.Run(fmt.Sprintf("%s/%d", c.kind, n), func(t *testing.T) {
			v, err := ForProfile(c.profile)
			require.NoError(t, err)
			said := ""
			worst := Severity(0)
			issues := v.Check([]byte(c.text)).Issues
			for _, i := range issues {
				if i.Severity > worst && i.Code != CodeMaxTokensUnset {
					worst = i.Severity
					_, said, _ = strings.Cut(i.String(), " ")
				}
			}
			if c.says == "" {
				assert.Empty(t, issues)
			}
			assert.True(t, strings.HasPrefix(said, c.says), "%s is said, want %s", said, c.says)
			fixed := []byte(fixAll(t, v, c.text))
			assert.Equal(t, c.body, string(v.Body(fixed)))
			if r := v.Check(fixed); c.kind == "numbers" && assert.NotNil(t, r.Request) {
				marshalled, err := json.Marshal(r.Request)
				require.NoError(t, err)
				assert.Equal(t, c.body, string(marshalled))
			}
		}) {
			right[c.kind]++
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(tried)) {
		t.Logf("%-26s %3d tried, %3d right", kind, tried[kind], right[kind])
	}
}
