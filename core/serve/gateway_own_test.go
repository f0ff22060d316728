package serve

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOwnHeadersGoThroughTheGateway names headers as the page does. Those that are no person's to set stay behind, and no
// value comes back.
func TestOwnHeadersGoThroughTheGateway(t *testing.T) {
	const own = "own-Secret-0123456789"
	var got http.Header
	gw, _ := startGateway(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		w.Header().Set("X-Request-Id", r.Header.Get("Api-Key"))
		fmt.Fprintf(w, "no %s, no %s", r.Header.Get("Api-Key"), r.Header.Get("Authorization"))
	})
	r, err := http.NewRequest(http.MethodPost, gw+"/v1/completions", strings.NewReader("{}"))
	require.NoError(t, err)
	r.Header.Set("Playground-Headers", "api-key, X-Org ,Cookie,Authorization, x-none,")
	r.Header.Set("api-key", own)
	r.Header.Set("X-Org", "o")
	r.Header.Set("Cookie", "c=1")
	r.Header.Set("Authorization", "Bearer of-the-page")
	r.Header.Set("X-Unnamed", "1")
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)

	assert.Equal(t, own, got.Get("Api-Key"))
	assert.Equal(t, "o", got.Get("X-Org"))
	assert.Equal(t, "Bearer "+canary, got.Get("Authorization"))
	for _, name := range []string{"Cookie", "X-Unnamed", "X-None", "Playground-Headers"} {
		assert.Empty(t, got.Get(name), name)
	}
	shown := string(body) + fmt.Sprint(answer.Header)
	assert.NotContains(t, shown, own)
	assert.NotContains(t, shown, canary)
	assert.Contains(t, string(body), "no ***")
}
