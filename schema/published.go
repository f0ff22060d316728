package schema

import (
	"bytes"
	"encoding/json"
)

// published is where schemas are published: the $id of the schema that has no server's changes in it is below it too.
const published = "https://completion-playground.github.io/schema/"

// Address returns the $id under which the schema of a profile is published, and does not change: its name, with @ and a
// version for that of an older server.
func Address(profile string) string { return published + profile + ".json" }

// Published returns a schema, as a Validator of the core has it, with another $id: an address, or none where that is "",
// since no other schema may go by the address of one that is published. It allows $schema, by which a request names its
// schema to an editor, and which is never sent. It is JSON with members in order of name, and keeps the digits of numbers.
func Published(text []byte, address string) ([]byte, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var members map[string]any
	if err := decoder.Decode(&members); err != nil {
		return nil, err
	}
	delete(members, "$id")
	if address != "" {
		members["$id"] = address
	}
	if properties, ok := members["properties"].(map[string]any); ok {
		properties["$schema"] = map[string]any{"type": "string", "description": "The schema, for editors. It is not sent."}
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(members)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}
