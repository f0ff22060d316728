package plan

import (
	"bytes"
	"errors"
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
			s, err = nil, fmt.Errorf("schema: %s", panicked(fmt.Sprint(r)))
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
	var invalid *jsonschema.ValidationError
	switch {
	case errors.As(err, &invalid):
		// The deepest place says most; of a union's branches they are all as deep.
		told := invalid
		for _, leaf := range leavesOf(invalid) {
			if told == invalid || strings.Count(leaf.InstanceLocation, "/") > strings.Count(told.InstanceLocation, "/") {
				told = leaf
			}
		}
		return nil, fmt.Errorf("schema: #%s: %s", told.InstanceLocation, told.Message)
	case err != nil:
		return nil, fmt.Errorf("schema: %s", strings.ReplaceAll(strings.TrimPrefix(err.Error(), "jsonschema "+ownURL+" compilation failed: "), ownURL, ""))
	}
	return s, nil
}

// panicked words what v5 panics with.
func panicked(reason string) string {
	if rest, ok := strings.CutPrefix(reason, "regexp: Compile("); ok {
		if pattern, why, ok := strings.Cut(rest, "): error parsing regexp: "); ok {
			return "the pattern " + pattern + " is no regular expression as Go has them (RE2): " + why
		}
	}
	return reason
}

func noLoading(url string) (io.ReadCloser, error) {
	return nil, fmt.Errorf("the schema refers to %s; only references within it are followed", strings.TrimPrefix(url, ownURL))
}
