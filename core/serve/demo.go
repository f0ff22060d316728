package serve

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/completion-playground/playground/core/demo"
)

// Demo serves the demo model: POST /v1/completions, GET /v1/models and GET /v1/models/ID.
//
// Any page of any origin may use it: it has no key, no state and nothing private, and the same model is in every copy
// of the page anyway. That is why it answers every origin, but never with credentials.
func Demo() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/v1/completions", only(http.MethodPost, serveCompletion))
	mux.HandleFunc("/v1/models", only(http.MethodGet, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(demo.ModelList()) // the client has gone; there is nobody to tell
	}))
	mux.HandleFunc("/v1/models/{id}", only(http.MethodGet, func(w http.ResponseWriter, r *http.Request) {
		model, ok := demo.ModelEntry(r.PathValue("id"))
		if !ok {
			APIError(w, http.StatusNotFound, "model_not_found", fmt.Sprintf("there is no model %q; GET /v1/models lists them", shorten(r.PathValue("id"))))
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(model)
	}))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		APIError(w, http.StatusNotFound, "unknown_url", fmt.Sprintf("there is no %s %s here; the demo has POST /v1/completions and GET /v1/models", r.Method, shorten(r.URL.Path)))
	})
	return anyOrigin(mux)
}

// anyOrigin answers preflights. The headers asked for are granted as they are, because clients send names of their own
// (the openai package sends a dozen x-stainless-* ones).
func anyOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Expose-Headers", "Retry-After, X-Request-Id")
		if r.Method == http.MethodOptions {
			h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST")
			if asked := r.Header.Get("Access-Control-Request-Headers"); asked != "" {
				h.Set("Access-Control-Allow-Headers", asked)
				h.Set("Vary", "Access-Control-Request-Headers")
			}
			h.Set("Access-Control-Max-Age", "600")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// only refuses every method but the one given, and HEAD where that is GET.
func only(method string, next http.HandlerFunc) http.HandlerFunc {
	allow := method
	if method == http.MethodGet {
		allow += ", " + http.MethodHead
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != method && !(method == http.MethodGet && r.Method == http.MethodHead) {
			w.Header().Set("Allow", allow)
			APIError(w, http.StatusMethodNotAllowed, "method_not_allowed", fmt.Sprintf("%s takes %s, got %s", r.URL.Path, method, shorten(r.Method)))
			return
		}
		next(w, r)
	}
}

func serveCompletion(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequestBytes))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		APIError(w, http.StatusRequestEntityTooLarge, "request_too_large", fmt.Sprintf("the request is longer than %d bytes", maxRequestBytes))
		return
	}
	if err != nil {
		return // the client broke off
	}
	answer := demo.Complete(body, demo.Options{Created: time.Now().Unix(), Entropy: rand.Uint64()})
	for _, header := range answer.Header {
		w.Header().Add(header[0], header[1])
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(answer.Status)
	play(w, r, answer)
}

// play writes an answer step by step, each at its time, for as long as somebody listens.
func play(w http.ResponseWriter, r *http.Request, answer *demo.Answer) {
	control := http.NewResponseController(w)
	for {
		step, ok := answer.Next()
		if !ok {
			return
		}
		if !pause(r, step.Delay) {
			return
		}
		if _, err := w.Write(step.Data); err != nil {
			return
		}
		if err := control.Flush(); err != nil {
			return
		}
		if step.Cut {
			panic(http.ErrAbortHandler) // net/http's way to break the connection
		}
	}
}

// pause waits, and reports whether the client is still there.
func pause(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return r.Context().Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}
