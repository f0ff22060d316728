package docs

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/schema"
)

// Schemas returns the JSON Schemas that the site publishes, by file name: that of each profile, and the one without any
// server's changes. The end of a schema's $id is its file's name.
func Schemas() (map[string][]byte, error) {
	texts := map[string][]byte{schema.Address("completion-request"): schema.Request}
	for _, profile := range core.Profiles() {
		v, err := core.ForProfile(profile.Name)
		if err != nil {
			return nil, err
		}
		texts[schema.Address(profile.Name)] = v.Schema()
	}
	files := map[string][]byte{}
	for address, text := range texts {
		named, err := schema.Published(text, address)
		if err != nil {
			return nil, err
		}
		var out bytes.Buffer
		if err := json.Indent(&out, named, "", "  "); err != nil {
			return nil, err
		}
		out.WriteByte('\n')
		files[address[strings.LastIndexByte(address, '/')+1:]] = out.Bytes()
	}
	return files, nil
}
