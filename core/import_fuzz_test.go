package core

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// snippets are the texts that this package makes of a request.
var snippets = []struct {
	name string
	make func(r HTTPRequest) string
}{
	{"curl", Curl},
	{"HTTP", HTTPRequest.String},
	{"JSON", func(r HTTPRequest) string { text, _ := json.Marshal(r); return string(text) }},
}

// requireRoundTrip imports each snippet of a request and compares.
func requireRoundTrip(t *testing.T, prompt, model string, seed int64) {
	fields, err := json.Marshal(struct {
		Model     string   `json:"model"`
		Prompt    []string `json:"prompt"`
		MaxTokens int      `json:"max_tokens"`
		Stream    bool     `json:"stream"`
		Seed      int64    `json:"seed"`
	}{model, []string{prompt}, 5, seed%2 == 0, seed})
	require.NoError(t, err)
	body := Body(fields)
	require.NotNil(t, body, "%s", fields)
	r, err := Build(Endpoint{Base: "https://api.example.com/o'k/v1?a=b", Key: NewSecret("sk-canary-0123456789")}, body)
	require.NoError(t, err)
	for _, s := range snippets {
		got, ok := Import([]byte(s.make(r)))
		require.True(t, ok, s.name)
		require.Equal(t, string(body), string(Body(got.Text)), s.name)
		require.Equal(t, string(body), strings.TrimSuffix(string(got.Text), "\n"), s.name)
		require.Equal(t, r.URL, got.URL, s.name)
		require.Equal(t, "POST", got.Method, s.name)
		require.Empty(t, got.Headers, s.name)
		require.Equal(t, Secret{}, got.Key, s.name)
		to, err := ParseTypedBase(got.Base)
		require.NoError(t, err)
		require.Equal(t, r.URL, to.Completions, s.name)
	}
}

// roundTrips are prompts that the quoting of one language or another may lose.
var roundTrips = []string{
	"x", "it's", `"`, `'"'"'`, `'\''`, "`id` $(id) $HOME ${A} $", "\\ \\\\ \\n \\' \\\"", "two\nlines\r\n\ttab", "é 日本 😀 \u2028 \ufeff",
	"\x00\x01\x7f", "!history %PATH% ^caret & | < >", "{{user}} {% if %}", "@file", "###", "-d x", "EOF\nEND_OF_BODY", "<think> </think>", "` \n", "?key=1",
	"POST / HTTP/1.1\n\n{}", "curl http://h -d '{}'", "  ", "$'a'", "~/.x", "#!/bin/sh", "[redacted]", "\u200b", "}}", "> {%",
}

func TestSnippets(t *testing.T) {
	for i, prompt := range roundTrips {
		requireRoundTrip(t, prompt, "m", []int64{0, 1, 9007199254740993, -9223372036854775808, 9223372036854775807}[i%5])
		requireRoundTrip(t, "x", "m"+prompt, 1)
	}
	requireRoundTrip(t, strings.Repeat("it's a\n", 20_000)+"END_OF_BODY", "m", 2) // too long for an argument
}

func FuzzSnippets(f *testing.F) {
	for _, prompt := range roundTrips {
		f.Add(prompt, prompt, int64(9007199254740993))
	}
	f.Fuzz(func(t *testing.T, prompt, model string, seed int64) {
		if len(prompt)+len(model) < 1<<14 && utf8.ValidString(prompt+model) && prompt != "" && model != "" {
			requireRoundTrip(t, prompt, model, seed)
		}
	})
}
