package schema

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

//go:embed headers.json
var headersJSON []byte

// HeaderFacts say what a header of a person's own, beside Authorization, may be.
type HeaderFacts struct {
	Most       int `json:"most"`       // headers of one endpoint
	NameBytes  int `json:"nameBytes"`  // at most
	ValueBytes int `json:"valueBytes"` // at most
	// SecretBytes is the length from which a key or a value is taken out of what a server sends back. Shorter ones, such as
	// "none" or "true", are no secrets, and stand in ordinary words.
	SecretBytes int              `json:"secretBytes"`
	Reserved    []ReservedHeader `json:"reserved"` // the first that fits counts
}

// A ReservedHeader names headers that are not a person's to set, in lower case, and the reason for people.
type ReservedHeader struct {
	Names    []string `json:"names"`
	Prefixes []string `json:"prefixes"`
	Reason   string   `json:"reason"`
}

// Headers returns the facts of headers.json.
var Headers = sync.OnceValue(func() *HeaderFacts {
	var f HeaderFacts
	if err := json.Unmarshal(headersJSON, &f); err != nil {
		panic("schema: headers.json: " + err.Error()) // it is built in, and a test reads it
	}
	return &f
})

// Reason says why a header of this name is not a person's to set, "" if it is.
func (f *HeaderFacts) Reason(name string) string {
	name = strings.ToLower(name)
	for _, r := range f.Reserved {
		if slices.Contains(r.Names, name) || slices.ContainsFunc(r.Prefixes, func(p string) bool { return strings.HasPrefix(name, p) }) {
			return r.Reason
		}
	}
	return ""
}
