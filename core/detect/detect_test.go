package detect_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/detect"
	"github.com/completion-playground/playground/schema"
)

// server answers by path; a path that it lacks is 404. The forms are those of each project's source or documentation.
type server map[string]string

func (s server) ask(next []string) (answers []detect.Answer) {
	for _, path := range next {
		a := detect.Answer{Path: path, Status: 404, Headers: map[string]string{}, Body: []byte("{}")}
		if body, ok := s[path]; ok {
			a.Status, a.Body = 200, []byte(body)
		}
		for name, value := range s {
			if header, ok := strings.CutPrefix(name, "header "); ok {
				a.Headers[header] = value
			}
		}
		answers = append(answers, a)
	}
	return answers
}

// detectAll goes through all rounds and returns the paths that were asked.
func detectAll(s server, all bool) (detect.Found, []string) {
	var answers []detect.Answer
	var asked []string
	for next := detect.Next(nil, all); len(next) > 0; next = detect.Next(answers, all) {
		asked = append(asked, next...)
		answers = append(answers, s.ask(next)...)
	}
	return detect.Recognise(answers), asked
}

func list(owner, more string) string {
	return fmt.Sprintf(`{"object":"list","data":[{"id":"m","object":"model","created":1,"owned_by":%q%s}]}`, owner, more)
}

var servers = map[string]struct {
	server  server
	title   string
	profile string
	version string
	context int
	asked   int
}{
	"vLLM":       {server{"models": list("vllm", `,"root":"m","max_model_len":4096`), "/version": `{"version":"0.12.0"}`}, "vLLM", "vllm", "0.12.0", 4096, 2},
	"llama.cpp":  {server{"models": `{"models":[{"name":"m","model":"m"}],"object":"list","data":[{"id":"m","owned_by":"llamacpp","meta":{"n_ctx_train":32768}}]}`, "header server": "llama.cpp", "/props": `{"build_info":"b6500-1a2b3c4","total_slots":4,"default_generation_settings":{"n_ctx":8192}}`}, "llama.cpp", "llamacpp", "b6500-1a2b3c4", 8192, 2},
	"no props":   {server{"models": list("llamacpp", `,"meta":{"n_ctx_train":32768}`)}, "llama.cpp", "llamacpp", "", 32768, 2},
	"SGLang":     {server{"models": list("sglang", `,"max_model_len":2048`), "/get_server_info": `{"version":"0.5.3"}`}, "SGLang", "sglang", "0.5.3", 2048, 2},
	"TGI":        {server{"models": list("m", ""), "/info": `{"model_id":"m","router":"text-generation-router","version":"3.3.4","max_total_tokens":4096,"max_stop_sequences":4,"max_best_of":2,"max_client_batch_size":4}`}, "Text Generation Inference", "tgi", "3.3.4", 4096, 2},
	"Ollama":     {server{"models": list("library", ""), "/api/version": `{"version":"0.17.4"}`}, "Ollama", "ollama", "0.17.4", 0, 2},
	"KoboldCpp":  {server{"models": list("koboldcpp", ""), "/api/extra/version": `{"result":"KoboldCpp","version":"1.97"}`, "/props": `{"n_ctx":4096,"default_generation_settings":{"n_ctx":4096}}`, "/api/version": `{"version":"0.7.0"}`}, "KoboldCpp", "koboldcpp", "1.97", 4096, 3},
	"LM Studio":  {server{"models": list("organization_owner", ""), "/api/v0/models": `{"data":[{"id":"a","max_context_length":32768},{"id":"m","loaded_context_length":4096,"max_context_length":8192}]}`}, "LM Studio", "portable", "", 4096, 2},
	"LiteLLM":    {server{"models": list("openai", ""), "header x-litellm-version": "1.80.0"}, "LiteLLM", "portable", "1.80.0", 0, 1},
	"Atoma":      {server{"models": list("atoma", "")}, "Atoma", "atoma", "", 0, 1},
	"Fireworks":  {server{"models": list("fireworks", `,"context_length":131072`)}, "Fireworks", "fireworks", "", 131072, 1},
	"OpenRouter": {server{"models": `{"data":[{"id":"a/b","canonical_slug":"a/b","context_length":1000},{"id":"c","canonical_slug":"c"}]}`}, "OpenRouter", "openrouter", "", 0, 1},
	"Together":   {server{"models": `[{"id":"a/b","object":"model","organization":"A","context_length":8192}]`}, "Together", "together", "", 8192, 1},
	"OpenAI":     {server{"models": `{"data":[{"id":"gpt-4","owned_by":"openai"},{"id":"whisper-1","owned_by":"openai-internal"}]}`}, "OpenAI", "openai", "", 0, 1},
	"the demo":   {server{"models": list("demo", "")}, "Demo model", "demo", "", 0, 1},
	"a stranger": {server{"models": list("somebody", "")}, "", "", "", 0, 1},
	"nobody":     {server{}, "", "", "", 0, 1},
}

func TestServersAreRecognised(t *testing.T) {
	profiles := map[string]bool{}
	for _, test := range servers {
		profiles[test.title] = true
	}
	rules := map[string]bool{"atoma": true, "demo": true} // a proxy that tells nothing of itself, and our own
	for _, kind := range schema.Servers().Kinds {
		assert.True(t, profiles[kind.Title], "%s has a case", kind.Title)
		_, err := core.ForProfile(kind.Profile)
		require.NoError(t, err)
		rules[kind.Profile] = true
	}
	for _, p := range core.Profiles() {
		assert.True(t, rules[p.Name], "no server is recognised by the rules of %s", p.Name)
	}
	for name, test := range servers {
		t.Run(name, func(t *testing.T) {
			found, asked := detectAll(test.server, false)
			assert.Equal(t, test.title, found.Title)
			assert.Equal(t, test.profile, found.Profile)
			assert.Equal(t, test.version, found.Version)
			assert.Equal(t, test.context, found.Context)
			assert.Len(t, asked, test.asked)
		})
	}
}

func TestLimits(t *testing.T) {
	found, _ := detectAll(servers["TGI"].server, false)
	assert.Equal(t, []detect.Limit{{"prompt", 4}, {"stop", 4}, {"best_of", 2}}, found.Limits)
	found, _ = detectAll(servers["llama.cpp"].server, false)
	assert.Equal(t, []detect.Limit{{"n", 4}}, found.Limits)
}

// TestAskingForMore finds servers behind a list of models that says nothing, with no more requests than are allowed.
func TestAskingForMore(t *testing.T) {
	hidden := server{"/props": `{"build_info":"b1"}`}
	found, asked := detectAll(hidden, false)
	assert.Empty(t, found.Title)
	assert.Equal(t, []string{"models"}, asked)
	found, asked = detectAll(hidden, true)
	assert.Equal(t, "llama.cpp", found.Title)
	assert.LessOrEqual(t, len(asked), schema.Servers().Limits.Asks)
}

func TestModels(t *testing.T) {
	for body, want := range map[string][]string{
		`{"object":"list","data":[{"id":"b"},{"id":"a"},{"id":"b"}]}`: {"b", "a"},
		`[{"id":"x","type":"chat"},{"id":"y"}]`:                       {"x", "y"},
		`{"models":[{"name":"llama3:8b"},{"model":"q"}]}`:             {"llama3:8b", "q"},
		`{"data":["plain",7,null,{"id":""},{"id":5}]}`:                {"plain"},
		`{"data":[]}`: {},
		`["` + strings.Repeat("n", 513) + `","ok"]`: {"ok"},
		`"text"`: nil, `{"data":{"id":"x"}}`: nil, `{`: nil, ``: nil, `null`: nil,
	} {
		found, _ := detectAll(server{"models": body}, false)
		var got []string
		if found.Models != nil {
			got = []string{}
		}
		for _, m := range found.Models {
			got = append(got, m.ID)
		}
		assert.Equal(t, want, got, body)
		assert.Equal(t, want != nil, found.Listed, body)
	}
	many := make([]string, 6000)
	for i := range many {
		many[i] = fmt.Sprint("m", i)
	}
	body, err := json.Marshal(many)
	require.NoError(t, err)
	found, _ := detectAll(server{"models": string(body)}, false)
	assert.Len(t, found.Models, 5000)
}

func TestWhatAServerSaysIsBounded(t *testing.T) {
	for _, version := range []string{strings.Repeat("1", 65), "1\x1b[31m", "1\n2", "", "\u202e1"} {
		body, err := json.Marshal(map[string]string{"version": version})
		require.NoError(t, err)
		found, _ := detectAll(server{"models": list("vllm", ""), "/version": string(body)}, false)
		assert.Equal(t, "vLLM", found.Title)
		assert.Empty(t, found.Version, "%q", version)
	}
	for _, n := range []string{"-1", "1.5", "1e300", `"8"`, "true"} {
		found, _ := detectAll(server{"models": list("vllm", `,"max_model_len":`+n)}, false)
		assert.Zero(t, found.Context, n)
	}
	refused := []detect.Answer{{Path: "models", Status: 401, Body: []byte(list("vllm", ""))}}
	found := detect.Recognise(refused)
	assert.True(t, found.Refused)
	assert.Empty(t, found.Title)
	assert.Empty(t, found.Models)
}

func TestURL(t *testing.T) {
	for base, want := range map[string]string{
		"http://localhost:8000":                                         "http://localhost:8000/version",
		"https://gateway.example/llama/v1":                              "https://gateway.example/llama/version",
		"https://a.example/v1?tenant=b":                                 "https://a.example/version",
		"https://generativelanguage.googleapis.com/v1beta/openai":       "",
		"https://n.example/openai/deployments/x?api-version=2024-10-21": "",
	} {
		to, err := core.Endpoint{Base: base}.Addresses()
		require.NoError(t, err)
		assert.Equal(t, want, detect.URL(to, "/version"), base)
		assert.Equal(t, to.Models, detect.URL(to, detect.ModelsPath))
	}
}
