package core

import (
	"github.com/completion-playground/playground/core/internal/check"
	"github.com/completion-playground/playground/schema"
)

// DefaultProfile is the profile of Check: the API that the request type comes from.
const DefaultProfile = schema.DefaultProfile

// Profile says how one kind of server takes a request; package schema, which holds the built-in ones, describes it.
type Profile = schema.Profile

// FieldNote is what a server does with a field that is present and not null.
type FieldNote = schema.FieldNote

// SoftLimit is a second, narrower schema for one field with a severity of its own.
type SoftLimit = schema.SoftLimit

// Profiles returns the built-in profiles: the default one first, the others by name. The caller owns them.
func Profiles() []Profile { return schema.ReadProfiles() }

// ParseProfile reads a profile in the format of schema/profiles. Unknown members and values, and rules that do not exist,
// are an error.
func ParseProfile(text []byte) (Profile, error) {
	p, err := schema.ParseProfile(text)
	if err == nil {
		err = check.KnownRules(&p)
	}
	if err != nil {
		return Profile{}, err
	}
	return p, nil
}

// VersionRange is what holds for some versions of a server and not for the newest; see Profile.At.
type VersionRange = schema.VersionRange
