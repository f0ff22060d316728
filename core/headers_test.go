package core

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func ownHeader(name, value string) Header { return Header{Name: name, Value: NewSecret(value)} }

func TestOwnHeadersGoAlongAndAreNeverShown(t *testing.T) {
	r, err := Build(Endpoint{Base: "https://host", Headers: []Header{ownHeader("api-key", canary), ownHeader("X-Org", "org-7f3a")}}, []byte(`{}`))
	require.NoError(t, err)
	assert.Equal(t, []string{"api-key: " + canary, "X-Org: org-7f3a", "Content-Type: application/json", "Accept: application/json"}, headersOf(r))
	asJSON, err := json.Marshal(r)
	require.NoError(t, err)
	for _, shown := range []string{r.String(), fmt.Sprintf("%#v %+v %d", r, r, r), string(asJSON), Curl(r)} {
		assert.NotContains(t, shown, canary)
		assert.NotContains(t, shown, "org-7f3a")
	}
	assert.Contains(t, r.String(), "api-key: [redacted]\nX-Org: [redacted]\n")
}

func TestOwnHeadersThatCannotBeSent(t *testing.T) {
	many := make([]Header, 17)
	for i := range many {
		many[i] = ownHeader(fmt.Sprintf("x-%d", i), "v")
	}
	for want, headers := range map[string][]Header{
		`want at most 16`: many,
		`no name`:         {ownHeader("", canary)},
		`want 1 to 64`:    {ownHeader("api key: "+canary, "v")},
		`browsers set it`: {ownHeader("hOST", canary)},
		`belongs to the`:  {ownHeader("Proxy-Authorization", canary)},
		`a place of its`:  {ownHeader("Authorization", canary)},
		`never sent`:      {ownHeader("Cookie", canary)},
		`follows from`:    {ownHeader("Content-Type", canary)},
		`another request`: {ownHeader("X-HTTP-Method-Override", canary)},
		`"x-a" is there`:  {ownHeader("X-A", canary), ownHeader("x-a", canary)},
		`no value`:        {ownHeader("api-key", "")},
		`8192`:            {ownHeader("api-key", strings.Repeat(canary, 1000))},
		`printable ASCII`: {ownHeader("api-key", canary+"\r\nHost: b")},
		`space`:           {ownHeader("api-key", canary+" ")},
	} {
		_, err := Build(Endpoint{Base: "https://host", Headers: headers}, nil)
		require.Error(t, err, want)
		assert.Contains(t, err.Error(), want)
		assert.NotContains(t, err.Error(), canary)
	}
}

// TestCurlTakesOwnHeadersFromVariables lets a shell take the command apart. No two names share a variable, and none is
// one of the shell's own.
func TestCurlTakesOwnHeadersFromVariables(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh on this system")
	}
	r, err := Build(Endpoint{Base: "https://host", Key: NewSecret(canary), Headers: []Header{
		ownHeader("api-key", canary), ownHeader("api_key", canary), ownHeader("Path", canary), ownHeader("api.key.2", canary), ownHeader("api-key-2", canary),
	}}, []byte(`{}`))
	require.NoError(t, err)
	cmd := exec.Command(shell, "-c", `curl() { for a in "$@"; do printf '%s\n' "$a"; done; }`+"\n"+Curl(r))
	cmd.Env = []string{
		"PATH=/usr/bin:/bin", "API_KEY=bearer", "HEADER_API_KEY=a'`$ \"b", "HEADER_API_KEY_2=c", "HEADER_PATH=d", "HEADER_API_KEY_2_2=e", "HEADER_API_KEY_2_3=f",
	}
	out, err := cmd.Output()
	require.NoError(t, err)
	for _, want := range []string{"Authorization: Bearer bearer", "api-key: a'`$ \"b", "api_key: c", "Path: d", "api.key.2: e", "api-key-2: f"} {
		assert.Contains(t, string(out), "-H\n"+want+"\n")
	}
	assert.NotContains(t, Curl(r), canary)
}
