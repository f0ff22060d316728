package core

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/completion-playground/playground/core/internal/check"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/schema"
)

// Validator checks texts against one schema and one profile. It is safe for concurrent use. The zero Validator, and
// nil, is one for the embedded schema and DefaultProfile, as Default returns it.
type Validator struct {
	check    *check.Checker
	typed    []int32 // the fields of typedFields, in its order; -1 for one that the schema lacks
	untyped  []int32 // fields that CompletionRequest lacks
	sessions sync.Pool
}

// Options adjusts Compile. The zero value checks against the schema alone, without the habits of any server.
type Options struct {
	// Profile says how the server behaves; one of Profiles, or your own. Its zero value has no opinion.
	Profile Profile
	// Overlay is a JSON merge patch (RFC 7396) on the schema, applied after the profile's: your own limits and fields.
	Overlay []byte
	// Unknown is what becomes of a field that schema and profile lack. A schema has the names of its properties, those in its branches (allOf, then, …), and what its patterns match; with
	// additionalProperties as a schema it has all names.
	Unknown UnknownPolicy
	// Limits bounds the texts; zero fields take their defaults.
	Limits Limits
}

// Compile makes a Validator for a JSON Schema of an object; nil means the embedded schema of a completion request. The draft
// is the one that $schema names, or else 2020-12. jsonschema v5 decides about every keyword, on the request as it would be
// sent: null for a property that takes none is left out, a lone text for a list of texts is a list of one, and $schema
// is not sent unless the schema itself speaks of it. The properties of the root are the fields, also where it does nothing
// but refer to another place; those with the names of CompletionRequest reach its fields, all others its Extra.
//
// The error tells of a schema that does not compile, of one that takes no object, says something twice or refers to
// another document, and of options that contradict each other, never of a checked text. Patterns are those of
// package regexp.
func Compile(schemaJSON []byte, o Options) (*Validator, error) {
	c, err := check.NewChecker(schemaJSON, o.Overlay, o.Profile, string(o.Unknown), jsontape.Limits(o.Limits))
	if err != nil {
		return nil, err
	}
	v := &Validator{check: c}
	for _, f := range typedFields {
		v.typed = append(v.typed, c.Index(f.name))
	}
	for i := range c.Fields {
		if id := int32(i); !slices.Contains(v.typed, id) {
			v.untyped = append(v.untyped, id)
		}
	}
	v.sessions.New = func() any { return &session{work: check.NewWork(c)} }
	return v, nil
}

// Default returns the Validator of Check: the embedded schema and DefaultProfile.
func Default() *Validator { return defaultValidator() }

var defaultValidator = sync.OnceValue(func() *Validator {
	v, err := ForProfile(DefaultProfile)
	if err != nil {
		panic(err) // the embedded files are at fault; a test compiles them all
	}
	return v
})

var profileCache sync.Map // name, @ and ranges of versions → func() (*Validator, error), compiled at first use

// ForProfile returns the Validator for the embedded schema and a built-in profile. The name may end in @ and a version of
// the server, as in "vllm@0.11.2" or "llamacpp@b9628": what is known to be different with that version then counts, as
// Profile.At tells. Without one, and with one that cannot be read, it is the newest. It fails only for an unknown name,
// with ErrNoProfile.
func ForProfile(name string) (*Validator, error) {
	kind, version, _ := strings.Cut(name, "@")
	all := schema.BuiltinProfiles()
	i := slices.IndexFunc(all, func(p Profile) bool { return p.Name == kind })
	if i < 0 {
		return nil, fmt.Errorf("%w %q", ErrNoProfile, kind)
	}
	key := kind + "@" + all[i].RangesAt(version)
	compile, ok := profileCache.Load(key)
	if !ok {
		compile, _ = profileCache.LoadOrStore(key, sync.OnceValues(func() (*Validator, error) {
			return Compile(nil, Options{Profile: all[i].At(version)})
		}))
	}
	return compile.(func() (*Validator, error))()
}

// ready returns v, or for none and for the zero Validator the default one.
func (v *Validator) ready() *Validator {
	if v == nil || v.check == nil {
		return Default()
	}
	return v
}

// Profile returns the profile that v was compiled with. Its maps and slices are shared with v and must not be changed.
func (v *Validator) Profile() Profile { return v.ready().check.Profile }

// Limits returns the limits of v, with the defaults filled in.
func (v *Validator) Limits() Limits { return Limits(v.ready().check.Limits) }

// Schema returns the JSON Schema that v checks a request against: the one that it was compiled from, with the patches of
// profile and overlay. What a profile says beyond it (notes, soft limits, rules between fields) is not in it. The caller
// owns the text.
func (v *Validator) Schema() []byte { return slices.Clone(v.ready().check.Text) }
