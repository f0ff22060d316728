package guard_test

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core/guard"
)

// FuzzGuard holds the guard to its word for any body, plain and compressed: what passes is the canonical body of a valid
// text, what does not is answered within bounds.
func FuzzGuard(f *testing.F) {
	f.Add([]byte(fine), false)
	f.Add([]byte(`{"model":"m"`), false)
	f.Add(zipped(f, fine).Bytes(), true)
	g := small(f)
	f.Fuzz(func(t *testing.T, body []byte, coded bool) {
		header := []string{}
		if coded {
			header = []string{"Content-Encoding", "gzip"}
		}
		w, next := ask(guard.Guard{Validator: g.Validator}, "POST", "/v1/completions", bytes.NewReader(body), header...)
		require.Less(t, w.Body.Len(), 100<<10)
		if next.calls == 1 {
			require.Equal(t, http.StatusNoContent, w.Code)
			require.Equal(t, int64(len(next.body)), next.length)
			require.Equal(t, next.body, string(g.Validator.Body([]byte(next.body))))
			require.NotNil(t, next.report.Request)
			return
		}
		refused(t, w, next, w.Code)
		require.Contains(t, []int{400, 413}, w.Code)
		if !coded && len(body) <= 10_000 {
			require.False(t, g.Validator.Valid(body))
		}
	})
}
