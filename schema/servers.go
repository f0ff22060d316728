package schema

import (
	_ "embed"
	"encoding/json"
	"sync"
)

//go:embed servers.json
var serversJSON []byte

// ServerFacts say how servers are recognised by what they answer to GET.
type ServerFacts struct {
	Limits   ServerLimits `json:"limits"`
	Models   []string     `json:"models"`   // places of the list of models in what "models" answers
	Names    []string     `json:"names"`    // members of an entry that may have its name
	Contexts []string     `json:"contexts"` // places in an entry that may have its context length, in tokens
	All      []string     `json:"all"`      // paths to ask where everything is to be tried
	Kinds    []ServerKind `json:"kinds"`    // the first with a mark counts
}

// ServerLimits bound what is asked and read.
type ServerLimits struct {
	Asks         int `json:"asks"`         // requests
	ListBytes    int `json:"listBytes"`    // of the list of models
	Bytes        int `json:"bytes"`        // of any other answer
	DeadlineMS   int `json:"deadlineMS"`   // for all of it, in milliseconds
	Models       int `json:"models"`       // that are kept
	NameBytes    int `json:"nameBytes"`    // a longer name is none
	VersionBytes int `json:"versionBytes"` // a longer version is none
}

// A ServerKind is a kind of server, by whose rules a profile checks.
type ServerKind struct {
	Title   string        `json:"title"`
	Profile string        `json:"profile"` // a name in schema/profiles
	Marks   []ServerMark  `json:"marks"`   // any one is enough
	Hints   []ServerMark  `json:"hints"`   // say only that Ask would tell
	Ask     []string      `json:"ask"`     // paths that tell more
	Version []ServerMark  `json:"version"` // where the version stands; the first that is there counts
	Context []ServerMark  `json:"context"` // where the context length stands, in tokens
	Limits  []ServerLimit `json:"limits"`
}

// A ServerMark is a place in a header or in the answer of a path.
type ServerMark struct {
	Header string `json:"header"` // in lower case
	Path   string `json:"path"`
	At     string `json:"at"`   // a pointer in which * is every item or member
	Is     string `json:"is"`   // the text that stands there, any value where it is ""; letters' case does not count
	Same   string `json:"same"` // a member beside it that has the same text
}

// A ServerLimit is where a server says the most that a request's field may have.
type ServerLimit struct {
	Field string `json:"field"`
	Path  string `json:"path"`
	At    string `json:"at"`
}

// Servers returns the facts of servers.json.
var Servers = sync.OnceValue(func() *ServerFacts {
	var f ServerFacts
	if err := json.Unmarshal(serversJSON, &f); err != nil {
		panic("schema: servers.json: " + err.Error()) // it is built in, and a test reads it
	}
	return &f
})
