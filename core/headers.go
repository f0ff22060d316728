package core

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/completion-playground/playground/schema"
)

// Header is a header of the caller's own that goes with a request beside Authorization, such as "api-key" or
// "x-api-key". Its value counts as a key, whatever it is.
type Header struct {
	// Name has 1 to 64 ASCII letters, digits, "-", "_" and ".". It is none that the request, the connection or a browser
	// sets, such as Host, Cookie or Content-Length: schema/headers.json lists them with the reason.
	Name string
	// Value has 1 to 8,192 bytes of printable ASCII, and no space at its ends.
	Value Secret
}

// checkHeaders refuses what cannot be sent. The error names the header and repeats nothing of its value.
func checkHeaders(headers []Header) error {
	facts := schema.Headers()
	if len(headers) > facts.Most {
		return fmt.Errorf("got %d own headers, want at most %d", len(headers), facts.Most)
	}
	seen := map[string]bool{}
	for _, h := range headers {
		if !headerName(h.Name, facts.NameBytes) {
			return fmt.Errorf("a header's name is no name, want 1 to %d letters, digits, %q, %q and %q", facts.NameBytes, "-", "_", ".")
		}
		name := strings.ToLower(h.Name)
		if reason := facts.Reason(name); reason != "" {
			return fmt.Errorf("header %q is not to be set: %s", h.Name, reason)
		}
		if seen[name] {
			return fmt.Errorf("header %q is there twice", h.Name)
		}
		seen[name] = true
		if err := checkValue(h.Value.Reveal(), facts.ValueBytes); err != nil {
			return fmt.Errorf("header %q %w", h.Name, err)
		}
	}
	return nil
}

func headerName(name string, most int) bool {
	for _, c := range []byte(name) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
		if !letter && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return 1 <= len(name) && len(name) <= most
}

func checkValue(value string, most int) error {
	switch {
	case value == "":
		return errors.New("has no value")
	case len(value) > most:
		return fmt.Errorf("has a value of %d bytes, want at most %d", len(value), most)
	case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }):
		return errors.New("has a character in its value that is no printable ASCII")
	case strings.TrimSpace(value) != value:
		return errors.New("has a space at an end of its value")
	}
	return nil
}

// SecretHeader is a header of a request whose value is not to be shown: code reads it from a variable of the environment.
type SecretHeader struct {
	Name     string
	Prefix   string // what stands before the secret: "Bearer " for Authorization
	Variable string // such as "API_KEY" and, for own headers, "HEADER_API_KEY"; no two are the same
}

// KeyVariable is the variable of the environment that stands for the key of an Endpoint in code.
const KeyVariable = "API_KEY"

// SecretHeaders lists the headers that carry the key and the values of own headers, in the order to send them.
func (r HTTPRequest) SecretHeaders() []SecretHeader {
	var list []SecretHeader
	if r.key != (Secret{}) {
		list = append(list, SecretHeader{"Authorization", "Bearer ", KeyVariable})
	}
	for i, variable := range headerVariables(r.own) {
		list = append(list, SecretHeader{Name: r.own[i].Name, Variable: variable})
	}
	return list
}

// headerVariables returns the shell variable that stands for each header's value. They have a prefix, lest one named
// "path" or "home" takes the shell's own.
func headerVariables(headers []Header) []string {
	names := make([]string, len(headers))
	for i, h := range headers {
		plain := "HEADER_" + strings.NewReplacer("-", "_", ".", "_").Replace(strings.ToUpper(h.Name))
		names[i] = plain
		for n := 2; slices.Contains(names[:i], names[i]); n++ {
			names[i] = plain + "_" + strconv.Itoa(n)
		}
	}
	return names
}
