package guard_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/guard"
)

// In front of a server: what is wrong costs no token, what is right arrives in its canonical form. Limits of one's own are
// an overlay on the schema.
func ExampleGuard() {
	v, err := core.Compile(nil, core.Options{
		Overlay: []byte(`{"properties": {"max_tokens": {"maximum": 256}}}`),
		Limits:  core.Limits{Bytes: 64 << 10},
	})
	if err != nil {
		log.Fatal(err)
	}
	server := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		report, _ := guard.FromContext(r.Context())
		fmt.Printf("the server gets %s for %s\n", body, report.Request.Model)
	})
	g := guard.Guard{Validator: v}
	handler := g.Handler(server)

	for _, text := range []string{`{"model": "m", "prompt": "Hi", "max_tokens": 300}`, `{"model": "m", "prompt": "Hi", "max_tokens": 30}`} {
		r := httptest.NewRequest(http.MethodPost, "/v1/completions", strings.NewReader(text))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		fmt.Println(w.Code)
		if w.Code != http.StatusOK {
			before, _, _ := strings.Cut(w.Body.String(), `,"issues"`)
			fmt.Println(before)
		}
	}
	// Output:
	// 400
	// {"error":{"message":"1 error in the request: 1:46 max_tokens: got 300, want at most 256; fix: use 256 instead of 300","type":"invalid_request_error","param":"max_tokens","code":"out-of-range"}
	// the server gets {"model":"m","prompt":["Hi"],"max_tokens":30} for m
	// 200
}
