package serve

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOriginsOfSites(t *testing.T) {
	for text, want := range map[string]string{
		"https://docs.example.com":   "https://docs.example.com",
		"http://localhost:8000/":     "http://localhost:8000",
		"https://docs.example.com/x": "", "docs.example.com": "", "*": "", "null": "", "ftp://a": "", "https://": "",
		"https://user@a.example": "", "https://a.example?x": "", "https://a.example#x": "",
	} {
		got, err := parseOrigin(text)
		assert.Equal(t, want, got, text)
		assert.Equal(t, want == "", err != nil, text)
	}
}

// The files may be loaded by pages of the one site that is named; the API stays the page's own.
func TestFilesForAnotherSite(t *testing.T) {
	server := func(origin string) http.Handler {
		var pages http.Handler = testSite(t, nil)
		if origin != "" {
			pages = embeddable(origin, pages)
		}
		return Handler("127.0.0.1:7420", pages, Demo())
	}
	get := func(h http.Handler, path string) http.Header {
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:7420"+path, nil)
		r.Header.Set("Origin", "https://other.example")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		require.Equal(t, http.StatusOK, w.Code, path)
		return w.Header()
	}
	own, shared := server(""), server("https://docs.example.com")
	assert.Equal(t, "same-origin", get(own, "/").Get("Cross-Origin-Resource-Policy"))
	assert.Empty(t, get(own, "/").Get("Access-Control-Allow-Origin"))
	h := get(shared, "/")
	assert.Equal(t, "cross-origin", h.Get("Cross-Origin-Resource-Policy"))
	assert.Equal(t, "https://docs.example.com", h.Get("Access-Control-Allow-Origin"))
	assert.Contains(t, h.Values("Vary"), "Origin")
	assert.NotEqual(t, "https://docs.example.com", get(shared, "/v1/models").Get("Access-Control-Allow-Origin"))
}
