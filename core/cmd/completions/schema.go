package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"

	"github.com/completion-playground/playground/schema"
)

// openAPI is an OpenAPI 3.2 document on the endpoint, without the schema of its request.
//
//go:embed openapi.json
var openAPI []byte

func setupSchema(f *flag.FlagSet) runner {
	rules := addRules(f)
	format := choose(f, "format", "what to print", "jsonschema", "openapi")
	return func(_ context.Context, c *console, args []string) int {
		if len(args) > 0 {
			return c.misused("schema", "it takes no arguments")
		}
		v, err := rules.validator(c)
		if err != nil {
			return c.misused("schema", "%v", err)
		}
		text, err := schema.Published(v.Schema(), rules.address())
		if err != nil {
			return c.fail("%v", err)
		}
		if *format == "openapi" {
			if text, err = withSchema(openAPI, text); err != nil {
				return c.fail("%v", err)
			}
		}
		var out bytes.Buffer
		if err := json.Indent(&out, text, "", "  "); err != nil {
			return c.fail("%v", err)
		}
		return c.print(line(out.Bytes()))
	}
}

// withSchema puts a schema under the name CompletionRequest into an OpenAPI document.
func withSchema(document, text []byte) ([]byte, error) {
	place := []byte(`"CompletionRequest": {}`)
	if bytes.Count(document, place) != 1 {
		return nil, fmt.Errorf("the document has no place for the schema")
	}
	return bytes.Replace(document, place, append([]byte(`"CompletionRequest": `), text...), 1), nil
}
