package docs

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/schema"
)

// property is what a page says of a field's schema. Numbers keep their digits.
type property struct {
	Title, Description string
	Type               words
	Minimum, Maximum   json.Number
	Above              json.Number `json:"exclusiveMinimum"`
	Below              json.Number `json:"exclusiveMaximum"`
	MinLength          int
	MinItems, MaxItems int
	Items              *property
	AnyOf              []property
	Enum               []any
	Default            json.RawMessage
	Examples           []json.RawMessage
	Group              string          `json:"x-group"`
	Order              int             `json:"x-order"`
	Values             json.RawMessage `json:"additionalProperties"`
	Properties         map[string]property
	name               string
}

// words are one text or a list of them.
type words []string

func (w *words) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*w = words{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(w))
}

type request struct {
	Required   []string
	Properties map[string]property
	Groups     []struct{ Name, Title, Description string } `json:"x-groups"`
}

// facts are what the pages are made of.
type facts struct {
	base    request
	fields  []property // in the schema's order
	servers []server
	rules   []rule
}

// server is a profile with the schema that its requests are held to.
type server struct {
	schema.Profile
	request request
}

func readRequest(text []byte) (r request, err error) {
	if err = json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("reading a schema: %w", err)
	}
	for name, p := range r.Properties {
		p.name = name
		r.Properties[name] = p
	}
	return r, nil
}

func readFacts(root fs.FS) (f facts, err error) {
	if f.base, err = readRequest(schema.Request); err != nil {
		return f, err
	}
	f.fields = slices.SortedFunc(maps.Values(f.base.Properties), func(a, b property) int { return a.Order - b.Order })
	for _, p := range schema.BuiltinProfiles() {
		v, err := core.ForProfile(p.Name)
		if err != nil {
			return f, err
		}
		r, err := readRequest(v.Schema())
		if err != nil {
			return f, err
		}
		f.servers = append(f.servers, server{p, r})
	}
	slices.SortFunc(f.servers, func(a, b server) int { return strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)) })
	f.rules, err = readRules(root)
	return f, err
}

var typeWords = map[string]string{
	"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false",
	"array": "list", "object": "object", "null": "null",
}

// kind says of what type a value is.
func (p *property) kind() string {
	if len(p.AnyOf) > 0 {
		var forms []string
		for _, form := range p.AnyOf {
			forms = append(forms, form.Title)
		}
		if !slices.Contains(forms, "") {
			return strings.Join(forms, "; ")
		}
	}
	if len(p.Type) == 0 {
		return "any value"
	}
	var kinds []string
	for _, t := range p.Type {
		word := typeWords[t]
		if t == "array" && p.Items != nil && len(p.Items.Type) == 1 {
			word = "list of " + map[string]string{"string": "texts", "integer": "whole numbers", "number": "numbers", "array": "lists", "object": "objects"}[p.Items.Type[0]]
		}
		kinds = append(kinds, word)
	}
	return strings.Join(kinds, " or ")
}

// bounds says how large a value may be, "" where nothing bounds it.
func (p *property) bounds() string {
	low, high := digits(p.Minimum), digits(p.Maximum)
	switch {
	case p.Above != "" && p.Below != "":
		return "between " + digits(p.Above) + " and " + digits(p.Below) + ", both excluded"
	case p.Above != "" && high != "":
		return "above " + digits(p.Above) + ", at most " + high
	case p.Above != "":
		return "above " + digits(p.Above)
	case p.Below != "":
		return "below " + digits(p.Below)
	case low != "" && high != "":
		return low + " to " + high
	case low != "":
		return "at least " + low
	case high != "":
		return "at most " + high
	case p.MinItems > 0 && p.MaxItems > 0:
		return fmt.Sprintf("%d to %d items", p.MinItems, p.MaxItems)
	case p.MinItems == 1:
		return "at least one item"
	case p.MaxItems > 0:
		return fmt.Sprintf("at most %d items", p.MaxItems)
	case p.MinLength == 1:
		return "not empty"
	case len(p.Enum) > 0:
		var values []string
		for _, v := range p.Enum {
			values = append(values, fmt.Sprint(v))
		}
		return "one of " + strings.Join(values, ", ")
	case len(p.Values) > 0 && p.Values[0] == '{':
		var value property
		if json.Unmarshal(p.Values, &value) == nil && value.bounds() != "" {
			return "values " + value.bounds()
		}
	}
	return ""
}

// outside names the numbers beyond the bounds, "" where there are no such bounds.
func (p *property) outside() string {
	switch low, high := digits(p.Minimum), digits(p.Maximum); {
	case low != "" && high != "":
		return "Outside " + low + " to " + high
	case low != "":
		return "Below " + low
	case high != "":
		return "Above " + high
	case p.Above != "":
		return "At or below " + digits(p.Above)
	case p.Below != "":
		return "At or above " + digits(p.Below)
	}
	return ""
}

// digits writes a number for people: thousands apart, a real minus.
func digits(number json.Number) string {
	text := string(number)
	if text == "" {
		return ""
	}
	negative := strings.HasPrefix(text, "-")
	text = strings.TrimPrefix(text, "-")
	if _, whole := new(big.Int).SetString(text, 10); whole {
		for i := len(text) - 3; i > 0; i -= 3 {
			text = text[:i] + "," + text[i:]
		}
	}
	if negative {
		text = "−" + text
	}
	return text
}
