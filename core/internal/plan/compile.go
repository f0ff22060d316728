package plan

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// ownURL is where v5 finds the schema that is being compiled.
const ownURL = "urn:completion-playground:request"

// CompileSchema compiles a JSON Schema: of the draft that its $schema names, or else of 2020-12.
func CompileSchema(text []byte) (s *jsonschema.Schema, err error) {
	defer func() {
		if r := recover(); r != nil { // v5 panics on some regular expressions and numbers
			s, err = nil, fmt.Errorf("schema: %v", r)
		}
	}()
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.LoadURL = noLoading
	// The document keeps its own $id out of the way of references to itself.
	if err := c.AddResource(ownURL, bytes.NewReader(text)); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	s, err = c.Compile(ownURL)
	if err == nil {
		return s, nil
	}
	reason := err
	if wrapped, ok := err.(*jsonschema.SchemaError); ok {
		reason = wrapped.Err
	}
	if invalid, ok := reason.(*jsonschema.ValidationError); ok {
		// The deepest place says most; of a union's branches they are all as deep.
		told := invalid
		for _, leaf := range leavesOf(invalid) {
			if told == invalid || strings.Count(leaf.InstanceLocation, "/") > strings.Count(told.InstanceLocation, "/") {
				told = leaf
			}
		}
		why := ""
		if strings.HasSuffix(told.Message, "'regex'") {
			why = "; patterns are those of Go (RE2), which knows no lookaround and no backreferences"
		}
		return nil, fmt.Errorf("schema: #%s: %s%s", told.InstanceLocation, told.Message, why)
	}
	return nil, fmt.Errorf("schema: %s", strings.ReplaceAll(strings.TrimPrefix(reason.Error(), "jsonschema: "), ownURL, ""))
}

func noLoading(url string) (io.ReadCloser, error) {
	return nil, fmt.Errorf("the schema refers to %s; only references within it are followed", strings.TrimPrefix(url, ownURL))
}
