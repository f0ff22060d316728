package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// VersionRange is what holds for some versions of a server and not for the newest. Its Schema, Rules and Fields are laid
// over the profile's; Limits take the place of all that the profile has for the fields they name, and a field that these
// versions ignore has none.
type VersionRange struct {
	Since string `json:"since"` // the first version, as the server writes it; "" for all from the beginning
	Until string `json:"until"` // the first version that it no longer holds for, as the server writes it; never ""

	Schema json.RawMessage `json:"schema"`
	// Fields replaces the notes on fields; one without a word leaves nothing to say.
	Fields   map[string]FieldNote `json:"fields"`
	Limits   []SoftLimit          `json:"limits"`
	Rules    map[string]string    `json:"rules"`
	Evidence string               `json:"evidence"`
}

// At returns the profile of one version of the server, such as "0.12.0", "v0.12.1rc1" or "b9628": p with all ranges that
// hold for it. The numbers decide, what follows them does not. An empty version, one without numbers and one that is
// numbered in another way than a range (builds against releases) are taken for the newest, which no range holds for. p is
// not changed; the result may share its parts, and has no Versions.
func (p Profile) At(version string) Profile {
	newest := p
	p.Versions = nil
	for i := range newest.Versions {
		if r := &newest.Versions[i]; r.holds(version) {
			p = r.over(p)
		}
	}
	return p
}

// RangesAt tells which of the ranges hold for a version, as a text of zeros and ones. Versions with the same text have the
// same profile.
func (p *Profile) RangesAt(version string) string {
	b := make([]byte, len(p.Versions))
	for i := range p.Versions {
		if b[i] = '0'; p.Versions[i].holds(version) {
			b[i] = '1'
		}
	}
	return string(b)
}

// Bounds returns the versions with which something changes, oldest first. Each is the first of its kind: what holds for it
// holds up to the next.
func (p *Profile) Bounds() []string {
	var bounds []string
	for i := range p.Versions {
		for _, bound := range []string{p.Versions[i].Since, p.Versions[i].Until} {
			if bound != "" && !slices.Contains(bounds, bound) {
				bounds = append(bounds, bound)
			}
		}
	}
	slices.SortFunc(bounds, func(a, b string) int {
		switch {
		case before(a, b):
			return -1
		case before(b, a):
			return 1
		}
		return 0
	})
	return bounds
}

func (r *VersionRange) holds(version string) bool {
	return before(version, r.Until) && (r.Since == "" || !before(version, r.Since))
}

func (r *VersionRange) over(p Profile) Profile {
	if len(r.Schema) > 0 {
		var base, patch any
		if len(p.Schema) == 0 {
			base = map[string]any{}
		} else if err := decodeNumbers(p.Schema, &base); err != nil {
			return p // Compile tells of it
		}
		if err := decodeNumbers(r.Schema, &patch); err != nil {
			return p
		}
		p.Schema, _ = json.Marshal(joinPatches(base, patch)) // it came from JSON
	}
	if len(r.Fields) > 0 {
		p.Fields = maps.Clone(p.Fields)
		if p.Fields == nil {
			p.Fields = map[string]FieldNote{}
		}
		for name, n := range r.Fields {
			if p.Fields[name] = n; n.Use == "" && n.Mild == nil {
				delete(p.Fields, name)
			}
		}
	}
	limits := slices.Clone(r.Limits)
	for _, l := range p.Limits {
		if r.Fields[l.Field].Use != "ignored" && !slices.ContainsFunc(r.Limits, func(own SoftLimit) bool { return own.Field == l.Field }) {
			limits = append(limits, l)
		}
	}
	p.Limits = limits
	if len(r.Rules) > 0 {
		p.Rules = maps.Clone(p.Rules)
		if p.Rules == nil {
			p.Rules = map[string]string{}
		}
		maps.Copy(p.Rules, r.Rules)
	}
	return p
}

// joinPatches makes one merge patch of two that are applied one after the other, which keeps what removes something.
func joinPatches(first, second any) any {
	second2, ok := second.(map[string]any)
	if !ok {
		return second
	}
	joined, ok := first.(map[string]any)
	if !ok {
		return second
	}
	for name, v := range second2 {
		joined[name] = joinPatches(joined[name], v)
	}
	return joined
}

func decodeNumbers(text []byte, to *any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(to)
}

// before reports whether a version is known to come before a bound.
func before(version, bound string) bool {
	v, ok := readVersion(version)
	b, ok2 := readVersion(bound)
	if !ok || !ok2 || v.letters != b.letters && (v.letters != "" || len(v.numbers) > 1) {
		return false
	}
	for i := range max(len(v.numbers), len(b.numbers)) {
		if x, y := v.at(i), b.at(i); x != y {
			return x < y
		}
	}
	return false
}

// numbering is a version taken apart: "b9628-1a2b" is b and 9628, "v0.11.1rc2" nothing and 0, 11, 1.
type numbering struct {
	letters string
	numbers []int
}

func (n numbering) at(i int) int {
	if i < len(n.numbers) {
		return n.numbers[i]
	}
	return 0
}

func readVersion(text string) (n numbering, ok bool) {
	digit := func(c rune) bool { return '0' <= c && c <= '9' }
	begin := strings.IndexFunc(text, digit)
	if begin < 0 {
		return n, false
	}
	if n.letters = strings.ToLower(strings.TrimSpace(text[:begin])); n.letters == "v" {
		n.letters = ""
	}
	for _, part := range strings.Split(text[begin:], ".") {
		end := strings.IndexFunc(part, func(c rune) bool { return !digit(c) })
		whole := end < 0
		if whole {
			end = len(part)
		}
		number, err := strconv.Atoi(part[:end])
		if err != nil {
			break
		}
		if n.numbers = append(n.numbers, number); !whole {
			break
		}
	}
	return n, len(n.numbers) > 0
}

func (r *VersionRange) check(p *Profile) error {
	for _, bound := range []string{r.Since, r.Until} {
		if _, ok := readVersion(bound); !ok && (bound != "" || bound == r.Until) {
			return fmt.Errorf("profile %q: %q is no version", p.Name, bound)
		}
	}
	if r.Since != "" && !before(r.Since, r.Until) {
		return fmt.Errorf("profile %q: the versions from %s until %s are none", p.Name, r.Since, r.Until)
	}
	if r.Evidence == "" {
		return fmt.Errorf("profile %q: the versions until %s have no evidence", p.Name, r.Until)
	}
	laid := r.over(*p)
	laid.Versions = nil
	return laid.Check()
}
