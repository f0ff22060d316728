package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

func CompileSchema(text []byte) (s *jsonschema.Schema, err error) {
	defer func() {
		if r := recover(); r != nil { // v5 panics on some regular expressions and numbers
			s, err = nil, fmt.Errorf("schema: %v", r)
		}
	}()
	const url = "urn:completion-playground:request"
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.LoadURL = noLoading
	// The document keeps its own $id out of the way of references to itself.
	if err := c.AddResource(url, bytes.NewReader(text)); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	return c.Compile(url)
}

func noLoading(url string) (io.ReadCloser, error) {
	return nil, fmt.Errorf("the schema refers to %s; only references within it are followed", url)
}

func decodeObject(text []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var o map[string]any
	if err := d.Decode(&o); err != nil {
		return nil, err
	}
	if o == nil {
		return nil, fmt.Errorf("got null, want an object")
	}
	if d.More() {
		return nil, fmt.Errorf("got more than one value")
	}
	return o, nil
}

func propertyNames(schema map[string]any) map[string]bool {
	names := map[string]bool{}
	if props, ok := schema["properties"].(map[string]any); ok {
		for name := range props {
			names[name] = true
		}
	}
	return names
}

// mergePatch applies an RFC 7396 patch to a decoded JSON value and returns the result; target may be changed.
func mergePatch(target, patch any) any {
	p, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	t, ok := target.(map[string]any)
	if !ok {
		t = map[string]any{}
	}
	for name, v := range p {
		if v == nil {
			delete(t, name)
		} else {
			t[name] = mergePatch(t[name], v)
		}
	}
	return t
}
