package schema

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
)

// ForeignName is a name that people bring from another endpoint or from a client library.
type ForeignName struct {
	Name   string `json:"name"`
	From   string `json:"from"`  // "chat", "responses", "sdk" or "native"
	Means  string `json:"means"` // the wire field that does the same here, or ""
	Note   string `json:"note"`  // one clause for people
	Secret bool   `json:"secret"`
}

var ForeignNames = sync.OnceValue(func() map[string]ForeignName {
	var doc struct {
		Names []ForeignName `json:"names"`
	}
	if err := json.Unmarshal(Foreign, &doc); err != nil {
		panic(err) // embedded; a test reads it
	}
	m := make(map[string]ForeignName, len(doc.Names))
	for _, n := range doc.Names {
		m[n.Name] = n
	}
	return m
})

// ServersWith maps a field outside the schema to the titles of the profiles that know it.
var ServersWith = sync.OnceValue(func() map[string][]string {
	base := propertiesIn(Request)
	m := map[string][]string{}
	for _, p := range BuiltinProfiles() {
		for name := range propertiesIn(p.Schema) {
			if _, ok := base[name]; !ok {
				m[name] = append(m[name], p.Title)
			}
		}
	}
	return m
})

func propertiesIn(text []byte) map[string]json.RawMessage {
	var doc struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &doc); err != nil {
			panic(err) // embedded; a test compiles it
		}
	}
	return doc.Properties
}

// TokenPromptProfiles lists the servers that take token ids as prompt.
var TokenPromptProfiles = sync.OnceValue(func() string {
	var titles []string
	for _, p := range BuiltinProfiles() {
		if bytes.Contains(propertiesIn(p.Schema)["prompt"], []byte(`"anyOf"`)) {
			titles = append(titles, p.Title)
		}
	}
	return strings.Join(titles, ", ")
})
