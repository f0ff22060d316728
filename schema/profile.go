package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

// DefaultProfile is the profile of Check: the API that the request type comes from.
const DefaultProfile = "atoma"

// Profile says how one kind of server takes a request: what it refuses, ignores and adds beyond the schema. It is data,
// read from schema/profiles.
type Profile struct {
	Name    string `json:"name"`    // file name without the ending, the argument of ForProfile
	Title   string `json:"title"`   // as the server's makers write it
	Summary string `json:"summary"` // one sentence for people
	// Hosts are where such servers are found: a host, a domain with a dot before it, or a port with a colon before it that
	// the server has unless told otherwise.
	Hosts []string `json:"hosts"`

	// Schema is a JSON merge patch (RFC 7396) on the request schema: limits the server refuses to go beyond, forms it
	// takes besides, fields of its own (a property that the base schema lacks).
	Schema json.RawMessage `json:"schema"`
	// Unknown is what becomes of a field that neither schema nor profile knows: "refused" or "ignored".
	Unknown string `json:"unknown"`
	// Fields tells about fields that the server does not simply honour.
	Fields map[string]FieldNote `json:"fields"`
	// Mild tells what the server makes of such values of every field that says nothing else itself.
	Mild map[string]Mild `json:"mild"`
	// Limits are ranges that the server keeps without refusing the request outright.
	Limits []SoftLimit `json:"limits"`
	// Rules changes the severity of rules across fields by their name: "error", "warning", "hint" or "off".
	Rules map[string]string `json:"rules"`
	// AnyCase says that names count in whatever case their letters A to Z are: Temperature is temperature.
	AnyCase bool `json:"anyCase"`
	// PromptAs is "string" where the server takes only one prompt, as a plain string.
	PromptAs string `json:"promptAs"`
	// DefaultMaxTokens says in a clause what happens without max_tokens: "the answer ends after 16 tokens".
	DefaultMaxTokens string `json:"defaultMaxTokens"`
	// Versions tells what is different with versions before the newest, which all else is about; see At.
	Versions []VersionRange `json:"versions"`
	// Evidence names where all this was read, by topic.
	Evidence map[string]string `json:"evidence"`
}

// FieldNote is what a server does with a field that is present and not null.
type FieldNote struct {
	// Use is "refused" (the request fails), "ignored" (nothing happens) or "note" (it works, with a twist). A refused
	// field that only says its schema default is left out of the body instead.
	Use string `json:"use"`
	// Severity overrides what Use implies: error, warning, hint.
	Severity string `json:"severity"`
	// With names another field: the note is only for requests that have that one too.
	With string `json:"with"`
	// Without names another field: the note is only for requests that lack that one.
	Without string `json:"without"`
	// Omit leaves the field out of the body where it says its default, for the sake of versions that refuse the field.
	Omit bool `json:"omit"`
	// Mild tells of values that the schema does not allow and the server takes all the same, by what they are: see Mild.
	Mild map[string]Mild `json:"mild"`
	// As points to the member of another field that says the same on newer servers: "/structured_outputs/json".
	As string `json:"as"`
	// InsteadOf names the required field that may be missing where this one is there.
	InsteadOf string `json:"insteadOf"`
	// Why is one clause for people: "the server answers 400 to any suffix".
	Why      string `json:"why"`
	Evidence string `json:"evidence"`
}

// Mild is what a server makes of a value that it should refuse. It stands under what the value is:
//
//	range     a number beyond its bounds
//	fraction  a fraction where a whole number is wanted
//	boolean   true or false where a number is wanted
//	written   what would do if it were written otherwise: 1 for true, a number or true as a text
//	type      any other type
//	empty     a text or list shorter than wanted
//	within    anything that is wrong deeper in the value; the others are about the value itself, range about both
//	any       whatever has no entry of its own
type Mild struct {
	Severity string `json:"severity"` // error, warning, hint; off where nothing need be said, as the server does not look at it
	Why      string `json:"why"`      // one clause for people: "llama.cpp cuts the fraction off"
	Evidence string `json:"evidence"`
}

// mildKinds are the names under which a Mild may stand.
var mildKinds = []string{"range", "fraction", "boolean", "written", "type", "empty", "within", "any"}

// SoftLimit is a second, narrower schema for one field with a severity of its own.
type SoftLimit struct {
	Field    string          `json:"field"`
	Unless   string          `json:"unless"` // names another field; the limit falls away where that is true
	Schema   json.RawMessage `json:"schema"`
	Severity string          `json:"severity"`
	Why      string          `json:"why"`
	Evidence string          `json:"evidence"`
}

var BuiltinProfiles = sync.OnceValue(ReadProfiles)

func ReadProfiles() []Profile {
	files, err := fs.Glob(Profiles, "profiles/*.json")
	if err != nil {
		panic(err)
	}
	var list []Profile
	for _, file := range files {
		text, err := fs.ReadFile(Profiles, file)
		if err != nil {
			panic(err)
		}
		p, err := ParseProfile(text)
		if err != nil {
			panic(fmt.Sprintf("%s: %v", file, err)) // a test reads them all
		}
		if p.Name != strings.TrimSuffix(path.Base(file), ".json") {
			panic(fmt.Sprintf("%s: the profile calls itself %q", file, p.Name))
		}
		list = append(list, p)
	}
	slices.SortStableFunc(list, func(a, b Profile) int {
		if first := (b.Name == DefaultProfile); first != (a.Name == DefaultProfile) {
			if first {
				return 1
			}
			return -1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return list
}

// ParseProfile reads a profile in the format of schema/profiles. Unknown members and values are an error; whether the
// rules that it names exist is not known here.
func ParseProfile(text []byte) (Profile, error) {
	var p Profile
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return Profile{}, fmt.Errorf("profile: %w", err)
	}
	if d.More() {
		return Profile{}, fmt.Errorf("profile %q: got more than one value", p.Name)
	}
	if p.Unknown == "" {
		return Profile{}, fmt.Errorf("profile %q: unknown is missing, want refused or ignored", p.Name)
	}
	if err := p.Check(); err != nil {
		return Profile{}, err
	}
	return p, nil
}

// ProfileAt returns the name of the profile whose servers are found at a host, with its port where that is not the
// scheme's own; "" where no profile names it. A host says more than a port.
func ProfileAt(host string) string {
	name, port := host, ""
	if n := strings.LastIndexByte(host, ':'); n >= 0 && !strings.HasSuffix(host, "]") {
		name, port = host[:n], host[n:]
	}
	guess := ""
	for _, p := range BuiltinProfiles() {
		for _, h := range p.Hosts {
			switch {
			case h == name, h[0] == '.' && strings.HasSuffix(name, h):
				return p.Name
			case h == port:
				guess = p.Name
			}
		}
	}
	return guess
}

// Check finds values that mean nothing. The zero Profile is fine.
func (p *Profile) Check() error {
	if p.Unknown != "" && p.Unknown != "refused" && p.Unknown != "ignored" {
		return fmt.Errorf("profile %q: unknown is %q, want refused or ignored", p.Name, p.Unknown)
	}
	if p.PromptAs != "" && p.PromptAs != "string" {
		return fmt.Errorf("profile %q: promptAs is %q, want string or nothing", p.Name, p.PromptAs)
	}
	for name, f := range p.Fields {
		if f.Use != "refused" && f.Use != "ignored" && f.Use != "note" && (f.Use != "" || f.Mild == nil) {
			return fmt.Errorf("profile %q: use of %s is %q, want refused, ignored or note", p.Name, name, f.Use)
		}
		if f.As != "" && (f.As[0] != '/' || strings.Count(f.As, "/") != 2) {
			return fmt.Errorf("profile %q: as of %s is %q, want /FIELD/MEMBER", p.Name, name, f.As)
		}
		if !isSeverity(f.Severity) && f.Severity != "" {
			return fmt.Errorf("profile %q: severity of %s is %q", p.Name, name, f.Severity)
		}
		if err := checkMild(f.Mild); err != nil {
			return fmt.Errorf("profile %q: %s: %w", p.Name, name, err)
		}
	}
	if err := checkMild(p.Mild); err != nil {
		return fmt.Errorf("profile %q: %w", p.Name, err)
	}
	for _, l := range p.Limits {
		if !isSeverity(l.Severity) {
			return fmt.Errorf("profile %q: severity of the limit on %s is %q", p.Name, l.Field, l.Severity)
		}
	}
	for name, s := range p.Rules {
		if !isSeverity(s) && s != "off" {
			return fmt.Errorf("profile %q: rule %q is %q, want error, warning, hint or off", p.Name, name, s)
		}
	}
	for i := range p.Versions {
		if err := p.Versions[i].check(p); err != nil {
			return err
		}
	}
	return nil
}

func checkMild(list map[string]Mild) error {
	for kind, m := range list {
		if !slices.Contains(mildKinds, kind) {
			return fmt.Errorf("mild knows no %q, want one of %s", kind, strings.Join(mildKinds, ", "))
		}
		if m.Severity != "off" && (!isSeverity(m.Severity) || m.Why == "") {
			return fmt.Errorf("mild %q needs a severity and a why", kind)
		}
	}
	return nil
}

func isSeverity(word string) bool { return word == "error" || word == "warning" || word == "hint" }
