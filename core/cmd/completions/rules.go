package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/schema"
)

// rules are the flags that say what is checked against.
type rules struct{ profile, overlay string }

func addRules(f *flag.FlagSet) *rules {
	var r rules
	f.StringVar(&r.profile, "profile", core.DefaultProfile, "the server: a `profile` such as vllm or vllm@0.11.2, or a file that holds one")
	f.StringVar(&r.overlay, "schema", "", "a JSON merge patch on the schema: limits and fields of your own, in a `file`")
	return &r
}

// validator compiles the rules. The error is one of the command line.
func (r *rules) validator(c *console) (*core.Validator, error) {
	profile, err := r.named()
	if err != nil {
		return nil, err
	}
	var overlay []byte
	if r.overlay != "" {
		if overlay, err = c.load(r.overlay); err != nil {
			return nil, fmt.Errorf("-schema %s: %w", r.overlay, err)
		}
	}
	v, err := core.Compile(nil, core.Options{Profile: profile, Overlay: overlay})
	if err != nil {
		return nil, fmt.Errorf("-schema %s: %w", r.overlay, err)
	}
	return v, nil
}

// named returns the profile of that name, or in that file.
func (r *rules) named() (core.Profile, error) {
	if strings.HasSuffix(r.profile, ".json") {
		text, err := os.ReadFile(r.profile)
		if err != nil {
			return core.Profile{}, fmt.Errorf("-profile %s: %w", r.profile, reason(err))
		}
		p, err := core.ParseProfile(text)
		if err != nil {
			return core.Profile{}, fmt.Errorf("-profile %s: %w", r.profile, err)
		}
		return p, nil
	}
	v, err := core.ForProfile(r.profile)
	if err != nil {
		return core.Profile{}, fmt.Errorf("there is no profile %q; there are %s, and files that end in .json", r.profile, strings.Join(profileNames(), ", "))
	}
	return v.Profile(), nil
}

// address is where the schema of these rules is published; "" for rules of one's own.
func (r *rules) address() string {
	if r.overlay != "" || strings.HasSuffix(r.profile, ".json") {
		return ""
	}
	return schema.Address(r.profile)
}

func profileNames() (names []string) {
	for _, p := range core.Profiles() {
		names = append(names, p.Name)
	}
	slices.Sort(names[1:])
	return names
}
