package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/completion-playground/playground/core"
	google "github.com/google/jsonschema-go/jsonschema"
	"github.com/kaptinlin/jsonschema"
	v5 "github.com/santhosh-tekuri/jsonschema/v5"
	v6 "github.com/santhosh-tekuri/jsonschema/v6"
)

// peer is one way to check a text; check returns its verdict.
type peer struct {
	name  string
	check func(text []byte) bool
	// lenient marks what does not look at ranges and names, so that its verdict tells nothing.
	lenient bool
}

// peers returns everybody, ready to check requests to a profile's server; the core's own calls first.
func peers(profile string) ([]peer, error) {
	v, err := core.ForProfile(profile)
	if err != nil {
		return nil, err
	}
	inspector := v.NewInspector()
	list := []peer{
		{name: "core Check", check: func(text []byte) bool {
			r := v.Check(text)
			return r.Valid()
		}},
		{name: "core Check and Body", check: func(text []byte) bool {
			r := v.Check(text)
			return r.Valid() && v.Body(text) != nil
		}},
		{name: "core Inspector", check: func(text []byte) bool {
			in := inspector.Inspect(text)
			for i := range in.Issues {
				if in.Issues[i].Severity == core.Error {
					return false
				}
			}
			return true
		}},
		{name: "core Valid", check: v.Valid},
		{name: "encoding/json, struct", check: intoStruct[[]string], lenient: true},
	}
	if v.Profile().Name != core.DefaultProfile { // its input is the one with token ids
		list[len(list)-1].check = intoStruct[[]int64]
	}
	text := v.Schema()
	for _, make := range []func([]byte) (peer, error){withV5, withV6, withKaptinlin, withGoogle} {
		p, err := make(text)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// request is what a program without a schema would decode into; P is the type of the prompt it expects.
type request[P any] struct {
	Model            string             `json:"model"`
	Prompt           P                  `json:"prompt"`
	Suffix           *string            `json:"suffix"`
	Echo             *bool              `json:"echo"`
	MaxTokens        *int64             `json:"max_tokens"`
	Stop             []string           `json:"stop"`
	Temperature      *float64           `json:"temperature"`
	TopP             *float64           `json:"top_p"`
	FrequencyPenalty *float64           `json:"frequency_penalty"`
	PresencePenalty  *float64           `json:"presence_penalty"`
	LogitBias        map[string]float64 `json:"logit_bias"`
	Seed             *int64             `json:"seed"`
	N                *int64             `json:"n"`
	BestOf           *int64             `json:"best_of"`
	Logprobs         *int64             `json:"logprobs"`
	Stream           *bool              `json:"stream"`
	StreamOptions    *struct {
		IncludeUsage *bool `json:"include_usage"`
	} `json:"stream_options"`
	User *string `json:"user"`
}

func intoStruct[P any](text []byte) bool {
	var r request[P]
	return json.Unmarshal(text, &r) == nil
}

const schemaURL = "urn:request"

func withV5(schema []byte) (peer, error) {
	c := v5.NewCompiler()
	c.Draft = v5.Draft2020
	if err := c.AddResource(schemaURL, bytes.NewReader(schema)); err != nil {
		return peer{}, fmt.Errorf("jsonschema v5: %w", err)
	}
	s, err := c.Compile(schemaURL)
	if err != nil {
		return peer{}, fmt.Errorf("jsonschema v5: %w", err)
	}
	return peer{name: "encoding/json + jsonschema v5", check: func(text []byte) bool {
		value, err := decode(text)
		return err == nil && s.Validate(value) == nil
	}}, nil
}

// decode keeps the digits of numbers: the bounds of a seed need 64 bits.
func decode(text []byte) (value any, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	err = d.Decode(&value)
	return value, err
}

func withV6(schema []byte) (peer, error) {
	doc, err := v6.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		return peer{}, fmt.Errorf("jsonschema v6: %w", err)
	}
	c := v6.NewCompiler()
	if err := c.AddResource(schemaURL, doc); err != nil {
		return peer{}, fmt.Errorf("jsonschema v6: %w", err)
	}
	s, err := c.Compile(schemaURL)
	if err != nil {
		return peer{}, fmt.Errorf("jsonschema v6: %w", err)
	}
	return peer{name: "jsonschema v6", check: func(text []byte) bool {
		value, err := v6.UnmarshalJSON(bytes.NewReader(text))
		return err == nil && s.Validate(value) == nil
	}}, nil
}

func withKaptinlin(schema []byte) (peer, error) {
	s, err := jsonschema.NewCompiler().Compile(schema)
	if err != nil {
		return peer{}, fmt.Errorf("kaptinlin/jsonschema: %w", err)
	}
	return peer{name: "kaptinlin/jsonschema", check: func(text []byte) bool {
		return s.ValidateJSON(text).IsValid()
	}}, nil
}

func withGoogle(schema []byte) (peer, error) {
	var s google.Schema
	if err := json.Unmarshal(schema, &s); err != nil {
		return peer{}, fmt.Errorf("google/jsonschema-go: %w", err)
	}
	resolved, err := s.Resolve(nil)
	if err != nil {
		return peer{}, fmt.Errorf("google/jsonschema-go: %w", err)
	}
	return peer{name: "google/jsonschema-go", check: func(text []byte) bool {
		var value any
		return json.Unmarshal(text, &value) == nil && resolved.Validate(value) == nil
	}}, nil
}
