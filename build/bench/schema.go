package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/schema"
)

// mergedSchema returns the request schema with a profile's fields and limits: what the core checks under that profile.
func mergedSchema(profile string) ([]byte, error) {
	v, err := core.ForProfile(profile)
	if err != nil {
		return nil, err
	}
	base, err := decode(schema.Request)
	if err != nil {
		return nil, fmt.Errorf("the request schema: %w", err)
	}
	patch, err := decode(v.Profile().Schema)
	if err != nil {
		return nil, fmt.Errorf("the schema of %s: %w", profile, err)
	}
	return json.Marshal(merge(base, patch))
}

// decode keeps the digits of numbers: the bounds of a seed need 64 bits.
func decode(text []byte) (value any, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	err = d.Decode(&value)
	return value, err
}

// merge applies a JSON merge patch (RFC 7396).
func merge(target, patch any) any {
	p, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	t, ok := target.(map[string]any)
	if !ok {
		t = map[string]any{}
	}
	for name, value := range p {
		if value == nil {
			delete(t, name)
		} else {
			t[name] = merge(t[name], value)
		}
	}
	return t
}
