package core

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const canary = "sk-canary-0123456789"

func TestBuildAddress(t *testing.T) {
	for base, want := range map[string]string{
		"https://api.example.com":                        "https://api.example.com/v1/completions",
		"https://api.example.com/":                       "https://api.example.com/v1/completions",
		"https://api.example.com/v1":                     "https://api.example.com/v1/completions",
		"https://api.example.com/v1/":                    "https://api.example.com/v1/completions",
		"https://api.example.com/v1//":                   "https://api.example.com/v1/completions",
		" HTTPS://api.example.com/openai\n":              "https://api.example.com/openai/v1/completions",
		"https://api.example.com/openai/v1":              "https://api.example.com/openai/v1/completions",
		"https://api.example.com/v1/completions":         "https://api.example.com/v1/completions",
		"https://api.example.com/deployment/completions": "https://api.example.com/deployment/completions",
		"http://127.0.0.1:8080":                          "http://127.0.0.1:8080/v1/completions",
		"http://[::1]:8000/":                             "http://[::1]:8000/v1/completions",
		"https://bücher.example/ü":                       "https://xn--bcher-kva.example/%C3%BC/v1/completions",
		"https://api.example.com/v1?":                    "https://api.example.com/v1/completions",
		"https://v1.example.com":                         "https://v1.example.com/v1/completions",
	} {
		r, err := Build(Endpoint{Base: base}, []byte(`{}`))
		require.NoError(t, err, base)
		assert.Equal(t, want, r.URL)
		assert.Equal(t, "POST", r.Method)
		to, err := Endpoint{Base: base}.Addresses()
		require.NoError(t, err)
		assert.Equal(t, want, to.Completions)
		assert.Equal(t, strings.TrimSuffix(want, "completions")+"models", to.Models)
	}
}

func TestBuildRefusesBasesWithoutRepeatingThem(t *testing.T) {
	for base, want := range map[string]string{
		"":                                                "missing",
		"api.example.com":                                 "https:// or http://",
		"localhost:8000":                                  "https:// or http://",
		"ftp://" + canary:                                 "https:// or http://",
		"https://":                                        "URL",
		"https:///v1":                                     "URL",
		"https://:80/v1":                                  "URL",
		"https://" + canary + ":x@host/v1":                "user name",
		"https://host/v1?key=" + canary:                   "query",
		"https://host/v1#" + canary:                       "fragment",
		"https://host/v1\r\nX: " + canary:                 "control character",
		"https://ho st/" + canary:                         "host",
		"https://host:99999/" + canary:                    "port",
		"https://host:0/" + canary:                        "port",
		"https://host/%zz" + canary:                       "URL",
		"https://[::1/" + canary:                          "URL",
		"https://a\"b/" + canary:                          "host",
		"https://host/v1/chat/completions?" + canary:      "chat",
		"https://host/" + canary + "/v1/chat/completions": "chat",
	} {
		_, err := Build(Endpoint{Base: base}, nil)
		require.Error(t, err, base)
		assert.Contains(t, err.Error(), want)
		assert.NotContains(t, err.Error(), canary)
	}
}

func TestBuildRefusesKeysWithoutRepeatingThem(t *testing.T) {
	for key, want := range map[string]string{
		canary + "\n":       "line break",
		canary + "\r\nA: b": "line break",
		canary + "\x00":     "control",
		canary + "ü":        "ASCII",
		" " + canary:        "space",
		"Bearer " + canary:  "Bearer",
	} {
		_, err := Build(Endpoint{Base: "https://host", Key: NewSecret(key)}, nil)
		require.Error(t, err, "%q", key)
		assert.Contains(t, err.Error(), want)
		assert.NotContains(t, err.Error(), canary)
	}
}

func headersOf(r HTTPRequest) (list []string) {
	for name, value := range r.Headers() {
		list = append(list, name+": "+value)
	}
	return list
}

func TestBuildHeaders(t *testing.T) {
	for body, accept := range map[string]string{
		`{"stream":true}`:                    "text/event-stream",
		`{"stream":false,"stream": true}`:    "text/event-stream",
		`{stream: true, // as typed` + "\n}": "text/event-stream",
		`{"stream":true,"stream":false}`:     "application/json",
		`{"prompt":["\"stream\":true"]}`:     "application/json",
		`{"x":{"stream":true}}`:              "application/json",
		`{"stream":"true"}`:                  "application/json",
		`nonsense`:                           "application/json",
		``:                                   "application/json",
	} {
		r, err := Build(Endpoint{Base: "https://host"}, []byte(body))
		require.NoError(t, err)
		assert.Equal(t, []string{"Content-Type: application/json", "Accept: " + accept}, headersOf(r), body)
		r, err = Build(Endpoint{Base: "https://host", Key: NewSecret(canary)}, []byte(body))
		require.NoError(t, err)
		assert.Equal(t, []string{"Authorization: Bearer " + canary, "Content-Type: application/json", "Accept: " + accept}, headersOf(r), body)
		for name := range r.Headers() {
			assert.Equal(t, "Authorization", name)
			break
		}
	}
}

func TestPrintingNeverShowsTheKey(t *testing.T) {
	key := NewSecret(canary)
	endpoint := Endpoint{Base: "https://host", Key: key}
	r, err := Build(endpoint, []byte(`{"stream":true}`))
	require.NoError(t, err)
	type hidden struct {
		endpoint Endpoint
		request  HTTPRequest
		again    *HTTPRequest
	}
	values := []any{key, &key, endpoint, &endpoint, r, &r, hidden{endpoint, r, &r}, []any{r}, map[string]HTTPRequest{"r": r}}
	for _, v := range values {
		var out strings.Builder
		for verb := 'A'; verb <= 'z'; verb++ {
			for _, flags := range []string{"", "+", "#", " ", "0", "-5", ".3"} {
				fmt.Fprintf(&out, "%"+flags+string(verb)+"\n", v)
			}
		}
		fmt.Fprintln(&out, fmt.Errorf(dynamic("%w %!"), v), fmt.Sprintf(dynamic("%*d"), v, 1), fmt.Sprintf(dynamic("x"), v))
		text, err := json.Marshal(v)
		require.NoError(t, err)
		out.Write(text)
		slog.New(slog.NewTextHandler(&out, nil)).Info("m", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "v", v)
		assert.NotContains(t, out.String(), canary)
		assert.NotContains(t, out.String(), fmt.Sprintf("%x", canary))
	}
	assert.Equal(t, "POST https://host/v1/completions\nAuthorization: Bearer [redacted]\nContent-Type: application/json\nAccept: text/event-stream\n\n{\"stream\":true}", fmt.Sprint(r))
	text, err := json.Marshal(r)
	require.NoError(t, err)
	assert.JSONEq(t, `{"method":"POST","url":"https://host/v1/completions","headers":[{"name":"Authorization","value":"Bearer [redacted]"},
		{"name":"Content-Type","value":"application/json"},{"name":"Accept","value":"text/event-stream"}],"body":"{\"stream\":true}"}`, string(text))
	assert.Equal(t, "", fmt.Sprint(NewSecret("")))
	assert.Equal(t, canary, key.Reveal())
}

// dynamic keeps vet from judging formats that are wrong on purpose.
func dynamic(format string) string { return format }

func TestCurl(t *testing.T) {
	r, err := Build(Endpoint{Base: "http://[::1]:8000", Key: NewSecret(canary)}, []byte(`{"prompt":["it's"],"stream":true}`))
	require.NoError(t, err)
	assert.Equal(t, `curl -N 'http://[::1]:8000/v1/completions' \
  -H "Authorization: Bearer $API_KEY" \
  -H 'Content-Type: application/json' \
  -H 'Accept: text/event-stream' \
  --data-binary '{"prompt":["it'\''s"],"stream":true}'
`, Curl(r))
	r, err = Build(Endpoint{Base: "http://host"}, []byte(`{}`))
	require.NoError(t, err)
	assert.NotContains(t, Curl(r), "Authorization")
	assert.NotContains(t, Curl(r), "-N")
}

// TestCurlSurvivesTheShell lets a shell take the command apart and compares what arrives.
func TestCurlSurvivesTheShell(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh on this system")
	}
	const stub = `curl() { for a in "$@"; do printf '%s\0' "$a"; done; for a in "$@"; do [ "$a" = @- ] && cat; done; :; }` + "\n"
	long := strings.Repeat("a'$b\n", 40_000) + "END_OF_BODY"
	for _, body := range []string{
		`{}`, `'`, `''"`, "$HOME `id` $(id) \\ \\\\ \\n", "line\nline\r\nline\n", "日本\U0001F600", "\xff\xfe", "@file", "-x", "", "!history #no", "\x01\x7f", long,
	} {
		r, err := Build(Endpoint{Base: "https://host", Key: NewSecret(canary)}, []byte(body))
		require.NoError(t, err)
		cmd := exec.Command(shell, "-c", stub+Curl(r))
		cmd.Env = []string{"API_KEY=k e'y", "PATH=/usr/bin:/bin"}
		if len(body) > longestArgument {
			cmd = exec.Command(shell)
			cmd.Env = []string{"API_KEY=k e'y", "PATH=/usr/bin:/bin"}
			cmd.Stdin = strings.NewReader(stub + Curl(r))
		}
		out, err := cmd.Output()
		require.NoError(t, err)
		args := bytes.Split(out, []byte{0})
		require.Greater(t, len(args), 8)
		assert.Equal(t, "https://host/v1/completions", string(args[0]))
		assert.Equal(t, "Authorization: Bearer k e'y", string(args[2]))
		option, got := string(args[7]), string(args[8])
		switch {
		case got == "@-" && len(body) > longestArgument:
			assert.Equal(t, "--data-binary", option)
			assert.Equal(t, body+"\n", string(args[9]))
		case strings.HasPrefix(body, "@"):
			assert.Equal(t, "--data-raw", option)
			assert.Equal(t, body, got)
		default:
			assert.Equal(t, "--data-binary", option)
			assert.Equal(t, body, got)
		}
		assert.NotContains(t, Curl(r), canary)
	}
}
