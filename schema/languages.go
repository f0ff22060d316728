package schema

import (
	_ "embed"
	"encoding/json"
	"sync"
)

//go:embed languages.json
var languagesJSON []byte

// Language is one that a request can be written in as code. Package core/snippet writes it.
type Language struct {
	Name  string `json:"name"`  // stable: "curl", "python-openai"
	Label string `json:"label"` // the same for people, such as "Python, openai"
	File  string `json:"file"`  // the name to save the code under
}

// Languages returns the languages of languages.json in the order to offer them. Nobody may change the list.
var Languages = sync.OnceValue(func() []Language {
	var list []Language
	if err := json.Unmarshal(languagesJSON, &list); err != nil {
		panic("schema: languages.json: " + err.Error()) // it is built in, and a test reads it
	}
	return list
})
