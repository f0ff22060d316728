// Package faulty is a completion server for tests that goes wrong in the ways real servers do: it cuts events at any
// byte, ends without [DONE], reports errors in the middle of a stream, answers with web pages, lies about lengths and
// resets connections. What it does is written in scripts; [Scenarios] is a table of them, kept as JSON, with the
// outcome that a client has to reach, so that clients in several languages can be held to the same table.
//
// It never looks at the request, serves on loopback addresses only, and is good for nothing but tests.
package faulty

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"sync"
)

// Handler plays scenarios:
//
//	POST /{scenario}/v1/completions         plays it as scripted
//	POST /{scenario}/{form}/v1/completions  plays it in a form, "whole" or "bytes"
//	GET /scenarios                          lists the table as JSON
//	GET /plays                              lists what was played, the latest 1000, as JSON
//
// The base URL of an endpoint is thus the server's address with /{scenario} or /{scenario}/{form}.
type Handler struct {
	// Notify, if set, is called when a play starts and when it ends. It must not change once the Handler serves.
	Notify func(Play)

	scenarios []Scenario
	mux       http.ServeMux

	mu    sync.Mutex
	last  int
	plays []Play
}

// A Play is one request for a scenario.
type Play struct {
	Number   int     `json:"number"` // from 1
	Scenario string  `json:"scenario"`
	Form     Form    `json:"form"`
	Proto    string  `json:"proto"` // "HTTP/1.1" or "HTTP/2.0"
	State    PlayEnd `json:"state"`
}

// A PlayEnd says how far a play has come.
type PlayEnd string

// The states of a play.
const (
	Running PlayEnd = "running"
	Played  PlayEnd = "played" // the script reached its end
	Left    PlayEnd = "left"   // the client went away before
)

const maxPlays = 1000

// NewHandler returns a Handler for a table, such as the one from Scenarios.
func NewHandler(scenarios []Scenario) *Handler {
	h := &Handler{scenarios: scenarios}
	h.mux.HandleFunc("GET /scenarios", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, h.scenarios) })
	h.mux.HandleFunc("GET /plays", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, h.Plays()) })
	for _, path := range []string{"/{scenario}/v1/completions", "/{scenario}/{form}/v1/completions"} {
		h.mux.HandleFunc("POST "+path, h.play)
		h.mux.HandleFunc("OPTIONS "+path, h.preflight)
	}
	return h
}

// ServeHTTP answers as described at Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// Plays returns what was played, oldest first, the latest 1000.
func (h *Handler) Plays() []Play {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.plays)
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	_ = json.NewEncoder(w).Encode(v) // a client that has gone needs no answer
}

// find looks the scenario and the form of a request up, and answers 404 where there is none.
func (h *Handler) find(w http.ResponseWriter, r *http.Request) (Scenario, Form, bool) {
	form := Form(r.PathValue("form"))
	i := slices.IndexFunc(h.scenarios, func(s Scenario) bool { return s.Name == r.PathValue("scenario") })
	if i < 0 || form != Scripted && form != Whole && form != Bytes {
		http.Error(w, "no such scenario or form", http.StatusNotFound)
		return Scenario{}, "", false
	}
	return h.scenarios[i], form, true
}

func (h *Handler) preflight(w http.ResponseWriter, r *http.Request) {
	s, _, ok := h.find(w, r)
	if !ok {
		return
	}
	if s.Script.CORS != CORSOff {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Methods", "POST")
		w.Header().Set("Access-Control-Allow-Headers", "authorization, content-type, accept")
	}
	w.WriteHeader(http.StatusNoContent)
}

func (h *Handler) play(w http.ResponseWriter, r *http.Request) {
	s, form, ok := h.find(w, r)
	if !ok {
		return
	}
	// Only after the whole request has been read does net/http notice that a client leaves.
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return
	}
	if s.Script.CORS == CORSOpen {
		w.Header().Set("Access-Control-Allow-Origin", "*")
	}
	number := h.start(Play{Scenario: s.Name, Form: form, Proto: r.Proto, State: Running})
	state := Played // an action that aborts the handler panics, and is a proper end of its script
	defer func() { h.end(number, state) }()
	if s.Script.play(w, r, form) != nil {
		state = Left
	}
}

func (h *Handler) start(p Play) int {
	h.mu.Lock()
	h.last++
	p.Number = h.last
	if len(h.plays) == maxPlays {
		h.plays = slices.Delete(h.plays, 0, 1)
	}
	h.plays = append(h.plays, p)
	h.mu.Unlock()
	h.notify(p)
	return p.Number
}

func (h *Handler) end(number int, state PlayEnd) {
	h.mu.Lock()
	i := slices.IndexFunc(h.plays, func(p Play) bool { return p.Number == number })
	if i < 0 { // a thousand others have started since
		h.mu.Unlock()
		return
	}
	h.plays[i].State = state
	p := h.plays[i]
	h.mu.Unlock()
	h.notify(p)
}

func (h *Handler) notify(p Play) {
	if h.Notify != nil {
		h.Notify(p)
	}
}
