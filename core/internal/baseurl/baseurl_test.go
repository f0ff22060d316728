package baseurl

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAddresses(t *testing.T) {
	for base, want := range map[string][3]string{ // canonical base, completions, models
		"https://h.example":                       {"https://h.example", "https://h.example/v1/completions", "https://h.example/v1/models"},
		"https://h.example/v1":                    {"https://h.example/v1", "https://h.example/v1/completions", "https://h.example/v1/models"},
		"https://h.example//v1///":                {"https://h.example/v1", "https://h.example/v1/completions", "https://h.example/v1/models"},
		"https://h.example/v1/completions":        {"https://h.example/v1", "https://h.example/v1/completions", "https://h.example/v1/models"},
		"https://h.example/v1/completions/?a=b":   {"https://h.example/v1?a=b", "https://h.example/v1/completions?a=b", "https://h.example/v1/models?a=b"},
		"https://h.example/completions":           {"https://h.example/completions", "https://h.example/completions", "https://h.example/models"},
		"https://h.example/x/completions":         {"https://h.example/x/completions", "https://h.example/x/completions", "https://h.example/x/models"},
		"http://h.example/llama":                  {"http://h.example/llama", "http://h.example/llama/v1/completions", "http://h.example/llama/v1/models"},
		"https://openrouter.ai/api":               {"https://openrouter.ai/api", "https://openrouter.ai/api/v1/completions", "https://openrouter.ai/api/v1/models"},
		"https://openrouter.ai/api/v1":            {"https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1/completions", "https://openrouter.ai/api/v1/models"},
		"https://api.fireworks.ai/inference/v1":   {"https://api.fireworks.ai/inference/v1", "https://api.fireworks.ai/inference/v1/completions", "https://api.fireworks.ai/inference/v1/models"},
		"https://api.groq.com/openai/v1":          {"https://api.groq.com/openai/v1", "https://api.groq.com/openai/v1/completions", "https://api.groq.com/openai/v1/models"},
		"https://api.deepinfra.com/v1/openai":     {"https://api.deepinfra.com/v1/openai", "https://api.deepinfra.com/v1/openai/completions", "https://api.deepinfra.com/v1/openai/models"},
		"https://g.example/v1beta/openai/":        {"https://g.example/v1beta/openai", "https://g.example/v1beta/openai/completions", "https://g.example/v1beta/openai/models"},
		"https://api.deepseek.com/beta":           {"https://api.deepseek.com/beta", "https://api.deepseek.com/beta/completions", "https://api.deepseek.com/beta/models"},
		"https://h.example/beta/x":                {"https://h.example/beta/x", "https://h.example/beta/x/v1/completions", "https://h.example/beta/x/v1/models"},
		"https://h.example/api/paas/v4":           {"https://h.example/api/paas/v4", "https://h.example/api/paas/v4/completions", "https://h.example/api/paas/v4/models"},
		"https://h.example/vector":                {"https://h.example/vector", "https://h.example/vector/v1/completions", "https://h.example/vector/v1/models"},
		"https://v1.example.com":                  {"https://v1.example.com", "https://v1.example.com/v1/completions", "https://v1.example.com/v1/models"},
		"https://h.example?a=1&b":                 {"https://h.example/?a=1&b", "https://h.example/v1/completions?a=1&b", "https://h.example/v1/models?a=1&b"},
		"https://h.example/v1?":                   {"https://h.example/v1", "https://h.example/v1/completions", "https://h.example/v1/models"},
		"https://h.example/v1?q='ü'":              {"https://h.example/v1?q=%27%C3%BC%27", "https://h.example/v1/completions?q=%27%C3%BC%27", "https://h.example/v1/models?q=%27%C3%BC%27"},
		"https://h.example/%7euser/a%2Fb/ü":       {"https://h.example/%7euser/a%2Fb/%C3%BC", "https://h.example/%7euser/a%2Fb/%C3%BC/v1/completions", "https://h.example/%7euser/a%2Fb/%C3%BC/v1/models"},
		"https://h.example/openai/deployments/x":  {"https://h.example/openai/deployments/x", "https://h.example/openai/deployments/x/completions", "https://h.example/openai/models"},
		"https://h.example/openai/deployments/v1": {"https://h.example/openai/deployments/v1", "https://h.example/openai/deployments/v1/completions", "https://h.example/openai/models"},
		"https://n.openai.azure.com/openai/deployments/chat/completions?api-version=2024-10-21": {
			"https://n.openai.azure.com/openai/deployments/chat?api-version=2024-10-21",
			"https://n.openai.azure.com/openai/deployments/chat/completions?api-version=2024-10-21",
			"https://n.openai.azure.com/openai/models?api-version=2024-10-21",
		},
	} {
		a, err := Parse(base)
		require.NoError(t, err, base)
		assert.Equal(t, want, [3]string{a.Base, a.Completions, a.Models}, base)
		assert.Empty(t, a.Notes, base)
		typed, err := ParseTyped(base)
		require.NoError(t, err, base)
		assert.Equal(t, a, typed, base)
	}
}

func TestOrigin(t *testing.T) {
	for base, want := range map[string]string{
		"HTTPS://API.Example.COM/V1":    "https://api.example.com",
		" http://h.example:80/ \n":      "http://h.example",
		"https://h.example:443":         "https://h.example",
		"https://h.example:0080":        "https://h.example:80",
		"http://h.example:65535":        "http://h.example:65535",
		"http://h.example.:8000":        "http://h.example.:8000",
		"http://my_box-1:8000":          "http://my_box-1:8000",
		"http://127.0.0.1:8080":         "http://127.0.0.1:8080",
		"http://[::1]:8000/":            "http://[::1]:8000",
		"http://[0:0:0:0:0:0:0:1]":      "http://[::1]",
		"http://[2001:DB8:0:0:1::1]":    "http://[2001:db8::1:0:0:1]",
		"http://[::FFFF:192.168.0.5]":   "http://[::ffff:c0a8:5]",
		"http://[64:ff9b::1.2.3.4]":     "http://[64:ff9b::102:304]",
		"https://bücher.example":        "https://xn--bcher-kva.example",
		"https://BÜCHER.example":        "https://xn--bcher-kva.example",
		"https://xn--bcher-kva.example": "https://xn--bcher-kva.example",
		"https://XN--BCHER-KVA.example": "https://xn--bcher-kva.example",
		"https://аpple.example":         "https://xn--pple-43d.example", // the a is Cyrillic
		"https://日本語.example":           "https://xn--wgv71a119e.example",
		"https://straße.example":        "https://xn--strae-oqa.example",
		"https://xn--mgbh0fb.example":   "https://xn--mgbh0fb.example",
	} {
		a, err := Parse(base)
		require.NoError(t, err, base)
		assert.Equal(t, want, a.Origin, base)
		_, host, _ := strings.Cut(want, "://")
		assert.Equal(t, host, a.Host, base)
	}
}

func TestTyped(t *testing.T) {
	const assumed = ":// was assumed"
	for text, want := range map[string][2]string{ // completions, the note
		"localhost":                                 {"http://localhost/v1/completions", assumed},
		" localhost:8000 ":                          {"http://localhost:8000/v1/completions", assumed},
		"127.0.0.1:11434/v1":                        {"http://127.0.0.1:11434/v1/completions", assumed},
		"192.168.0.5:11434":                         {"http://192.168.0.5:11434/v1/completions", assumed},
		"8.8.8.8":                                   {"https://8.8.8.8/v1/completions", assumed},
		"[::1]:8000":                                {"http://[::1]:8000/v1/completions", assumed},
		"[2001:db8::1]":                             {"https://[2001:db8::1]/v1/completions", assumed},
		"gpu-box:8000":                              {"http://gpu-box:8000/v1/completions", assumed},
		"gpu.local":                                 {"http://gpu.local/v1/completions", assumed},
		"host.docker.internal:11434":                {"http://host.docker.internal:11434/v1/completions", assumed},
		"api.example.com/v1":                        {"https://api.example.com/v1/completions", assumed},
		"api.example.com?x=1":                       {"https://api.example.com/v1/completions?x=1", assumed},
		"API.example.com":                           {"https://api.example.com/v1/completions", assumed},
		"https://h.example/v1/chat":                 {"https://h.example/v1/completions", "chat completions"},
		"https://h.example/v1/models/":              {"https://h.example/v1/completions", "list of models"},
		"https://h.example/v1/embeddings":           {"https://h.example/v1/completions", "embeddings"},
		"http://localhost:11434/api/generate":       {"http://localhost:11434/v1/completions", "Ollama"},
		"http://localhost:11434/api/chat":           {"http://localhost:11434/v1/completions", "Ollama"},
		"http://localhost:8080/completion":          {"http://localhost:8080/v1/completions", "llama.cpp"},
		"http://localhost:3000/generate_stream":     {"http://localhost:3000/v1/completions", "Text Generation"},
		"https://h.example/v1/chat/completions?a=b": {"https://h.example/v1/completions?a=b", "chat completions"},
		"https://h.example/chat/completions":        {"https://h.example/completions", "chat completions"},
		"https://h.example/openai/deployments/x/chat/completions?a=b": {"https://h.example/openai/deployments/x/completions?a=b", "chat completions"},
		"https://h.example/models":                                    {"https://h.example/models/v1/completions", ""},
		"https://h.example/chat":                                      {"https://h.example/chat/v1/completions", ""},
		"https://bücher.example":                                      {"https://xn--bcher-kva.example/v1/completions", "xn--bcher-kva.example"},
	} {
		a, err := ParseTyped(text)
		if want[1] == "" {
			require.NoError(t, err, text)
			assert.Empty(t, a.Notes, text)
		} else if assert.Len(t, a.Notes, 1, text) {
			assert.Contains(t, a.Notes[0], want[1], text)
		}
		assert.Equal(t, want[0], a.Completions, text)
	}
	a, err := ParseTyped("api.example.com/v1/chat/completions")
	require.NoError(t, err)
	assert.Len(t, a.Notes, 2, "an assumption and an endpoint")
	assert.Equal(t, "https://api.example.com/v1", a.Base[:len("https://api.example.com/v1")])
}

// Of what is completed for a person, a program hears.
func TestParseCompletesNothing(t *testing.T) {
	for base, want := range map[string]string{
		"localhost:8000":                      "https:// or http://",
		"api.example.com/v1":                  "https:// or http://",
		"https://h.example/v1/models":         "list of models",
		"http://localhost:11434/api/generate": "Ollama's own interface, want the part before /api/generate",
		"https://h.example/chat/completions":  "chat completions, want the part before /chat/completions",
	} {
		_, err := Parse(base)
		assert.ErrorContains(t, err, want, base)
	}
}

const canary = "canary0123456789"

func TestRefusals(t *testing.T) {
	for text, want := range map[string]string{
		"":                                               "missing",
		" \t ":                                           "missing",
		"nonsense":                                       "https:// or http://",
		"file:///" + canary:                              "https:// or http://",
		"ws://h.example/" + canary:                       "https:// or http://",
		"ftp://" + canary:                                "https:// or http://",
		"javascript:" + canary:                           "https:// or http://",
		"https:/h.example/" + canary:                     "lacks a slash",
		"https:h.example":                                "lacks a slash",
		"http//h.example/" + canary:                      "lacks the colon",
		"https://https://" + canary:                      "twice",
		"https:\\\\h.example\\" + canary:                 "backslash",
		"https://":                                       "no host",
		"https:///v1":                                    "no host",
		"https://:80/v1":                                 "no host",
		"https://u:" + canary + "@h.example":             "user name",
		canary + "@h.example/v1":                         "user name",
		"u:" + canary + "@h.example":                     "user name",
		"u:" + canary + "@h.example:80/v1":               "user name",
		"https://h.example/v1?key=" + canary:             "key in its query",
		"https://h.example?x=1&Api-K%65y=" + canary:      "key in its query",
		"https://h.example?access_token=" + canary:       "key in its query",
		"https://h.example/v1#" + canary:                 "fragment",
		"https://h.example/v1\r\nX: " + canary:           "control character",
		"https://h.\texample/" + canary:                  "control character",
		"https://h.example/\u200b" + canary:              "U+200B",
		"https://h.ex\u00adample/" + canary:              "U+00AD",
		"https://h.example/\u202e" + canary:              "U+202E",
		"https://h.example/\ufe0f" + canary:              "U+FE0F",
		"https://h.example/\U000e0061" + canary:          "U+E0061",
		"https://h.example/\u00a0" + canary:              "U+00A0",
		"https://h.example/\xff" + canary:                "UTF-8",
		"https://ho st/" + canary:                        "white space in its host",
		"https://h.example/a b":                          "white space in its path",
		"https://h.example?a b":                          "white space in its query",
		"https://h.example:0/" + canary:                  "port",
		"https://h.example:65536/" + canary:              "port",
		"https://h.example:99999999999999999999":         "port",
		"https://h.example:80a/" + canary:                "no number",
		"https://h.example:-1/" + canary:                 "no number",
		"https://h.example:/" + canary:                   "no number",
		"https://[::1]:x":                                "no number",
		"https://[::1/" + canary:                         "closing bracket",
		"https://[::1]x/" + canary:                       "no valid host",
		"https://[fe80::1%25eth0]/" + canary:             "zone",
		"https://[1.2.3.4]":                              "IPv6",
		"https://[]":                                     "IPv6",
		"https://::1/":                                   "brackets",
		"https://127.1/":                                 "four numbers",
		"https://0x7f.0.0.1/":                            "four numbers",
		"https://0x7f000001/":                            "four numbers",
		"https://2130706433/":                            "four numbers",
		"https://127.0.0.01/":                            "four numbers",
		"https://256.0.0.1/":                             "four numbers",
		"https://127.0.0.1./":                            "four numbers",
		"https://a..example":                             "dots beside each other",
		"https://.example":                               "dots beside each other",
		"https://a\"b/" + canary:                         "no valid host",
		"https://h%65llo.example/" + canary:              "percent escape in its host",
		"https://h\u3002example/":                        "ASCII form",
		"https://ｈ.example/":                             "ASCII form",
		"https://هلا.example":                            "ASCII form",
		"https://xn--a.example":                          "invalid ASCII form",
		"https://xn--.example":                           "invalid ASCII form",
		"https://xn--abc-.example":                       "invalid ASCII form",
		"https://xn--99999999.example":                   "invalid ASCII form",
		"https://" + strings.Repeat("a", 64):             "63",
		"https://" + strings.Repeat("ü", 60):             "63",
		"https://" + strings.Repeat("abcd.", 60) + "a":   "253",
		"https://h.example/" + strings.Repeat("a", 2048): "2,048",
		"https://h.example/" + strings.Repeat("ü", 500):  "2,048",
		"https://h.example/%zz" + canary:                 "percent escape",
		"https://h.example/%":                            "percent escape",
		"https://h.example/{" + canary + "}":             "percent escape",
		"https://h.example?{" + canary + "}":             "percent escape",
		"https://h.example/a/../" + canary:               "segment",
		"https://h.example/%2E%2e/" + canary:             "segment",
	} {
		_, err := ParseTyped(text)
		if assert.ErrorContains(t, err, want, text) {
			assert.NotContains(t, err.Error(), canary)
		}
		_, err = Parse(text)
		if assert.Error(t, err, text) {
			assert.NotContains(t, err.Error(), canary)
		}
	}
}

func TestPunycode(t *testing.T) {
	// Of RFC 3492, section 7.1, and borders.
	for text, want := range map[string]string{
		"":          "",
		"a":         "a-",
		"ü":         "tda",
		"bücher":    "bcher-kva",
		"他们为什么不说中文": "ihqwcrb4cv8a8dqg056pqjye",
		"なぜみんな日本語を話してくれないのか": "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa",
		"3年b組金八先生":   "3b-ww4c5e180e575a65lsy2b",
		"\U0010ffff": "dn32g",
	} {
		assert.Equal(t, want, encodePunycode([]rune(text)), text)
		got, ok := decodePunycode(want)
		require.True(t, ok, want)
		assert.Equal(t, text, string(got))
	}
	for _, text := range []string{"9", "a-9", "ü", "A", "99999999", strings.Repeat("9", 63)} {
		_, ok := decodePunycode(text)
		assert.False(t, ok, text)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"https://api.example.com/v1?api-version=1", "localhost:8000", "https://u:p@h.example/", "http://[::ffff:1.2.3.4]:80",
		"https://bücher.example/v1/chat/completions", "https://xn--bcher-kva.example//completions/", "[::1%25lo]:1/%2e",
		"http://127.1/api/generate?key=x", "h.example/openai/deployments/x/chat/completions",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, parse := range []func(string) (Address, error){Parse, ParseTyped} {
			a, err := parse(text)
			if err != nil {
				require.Zero(t, a)
				// Whatever is said of a text, it is of the rules' words alone.
				if marked := secretIn(text); marked != "" {
					require.NotContains(t, err.Error(), marked)
				}
				continue
			}
			notes := a.Notes
			a.Notes = nil
			b, err := Parse(a.Base)
			require.NoError(t, err, a.Base)
			b.Notes = nil
			require.Equal(t, a, b, "%q reads %q", text, a.Base)
			b, err = Parse(a.Completions)
			require.NoError(t, err, a.Completions)
			require.Equal(t, a.Completions, b.Completions)
			require.Equal(t, a.Models, b.Models)
			for _, url := range []string{a.Base, a.Completions, a.Models} {
				require.True(t, strings.HasPrefix(url, a.Origin), url)
				require.NotContains(t, url, "#")
				rest := url[len(a.Origin):]
				require.True(t, rest == "" || rest[0] == '/', url)
			}
			require.NotContains(t, a.Origin, "@")
			require.True(t, strings.HasSuffix(a.Origin, "://"+a.Host))
			for _, note := range notes {
				require.NotContains(t, note, "@")
			}
		}
	})
}

// secretIn returns what stands before an @ of an authority, if it is long enough to be no part of a message by chance.
func secretIn(text string) string {
	_, rest, found := strings.Cut(text, "://")
	if !found {
		rest = text
	}
	authority, _ := cutAuthority(rest)
	user, _, found := strings.Cut(authority, "@")
	if !found || len(user) < 12 {
		return ""
	}
	return user
}
