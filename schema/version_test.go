package schema_test

import (
	"testing"

	"github.com/completion-playground/playground/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func parse(t *testing.T, versions string) core.Profile {
	t.Helper()
	p, err := core.ParseProfile([]byte(`{"name":"x","unknown":"ignored","schema":{"properties":{"top_p":null,"n":{"minimum":0}}},
		"fields":{"echo":{"use":"ignored","why":"a"},"user":{"use":"ignored","why":"a"}},
		"limits":[{"field":"n","schema":{"maximum":1},"severity":"hint","why":"a"},{"field":"stop","schema":{},"severity":"hint","why":"a"}],
		"rules":{"wide-seed":"off"},"versions":` + versions + `}`))
	require.NoError(t, err)
	return p
}

// Which versions a range holds for: numbers decide, in the numbering of the range.
func TestRangesOfVersions(t *testing.T) {
	for _, c := range []struct{ since, until, version, holds string }{
		{"", "0.12.0", "0.11.2", "1"}, {"", "0.12.0", "0.12.0", "0"}, {"", "0.12.0", "0.9", "1"}, {"", "0.12.0", "0.12", "0"},
		{"", "0.12.0", "v0.11.1rc2.dev3+g1a2b", "1"}, {"", "0.12.0", "V0.12.0rc1", "0"}, {"", "0.12.0", "1", "0"}, {"", "0.12.0", "0", "1"},
		{"", "0.12.0", "", "0"}, {"", "0.12.0", "newest", "0"}, {"", "0.12.0", "99999999999999999999", "0"}, {"", "0.12.0", "b6000", "0"},
		{"", "b9634", "b9633-1a2b3c", "1"}, {"", "b9634", "b9634", "0"}, {"", "b9634", "B100", "1"}, {"", "b9634", "9000", "1"},
		{"", "b9634", "0.4.0-dev", "0"}, {"", "b9634", "v0.4.0", "0"},
		{"0.8.0", "0.12.0", "0.7.9", "0"}, {"0.8.0", "0.12.0", "0.8.0", "1"}, {"0.8.0", "0.12.0", "0.11.9", "1"}, {"0.8.0", "0.12.0", "", "0"},
	} {
		p := parse(t, `[{"since":"`+c.since+`","until":"`+c.until+`","evidence":"e"}]`)
		assert.Equal(t, c.holds, p.RangesAt(c.version), "%s from %s until %s", c.version, c.since, c.until)
	}
}

// At lays ranges over the newest facts, one after the other, and leaves the profile as it was.
func TestProfileAt(t *testing.T) {
	p := parse(t, `[
		{"until":"2.0","schema":{"properties":{"n":{"maximum":4},"top_p":{"maximum":2}}},"fields":{"echo":{},"suffix":{"use":"refused","why":"b"}},
		 "rules":{"wide-seed":"error","empty-stop":"hint"},"evidence":"e"},
		{"until":"1.0","schema":{"properties":{"n":{"maximum":null}}},"fields":{"n":{"use":"ignored","why":"c"}},
		 "limits":[{"field":"stop","schema":{"maxItems":1},"severity":"error","why":"c"}],"evidence":"e"}]`)
	before := p.At("")
	assert.Equal(t, p.Fields, before.Fields)
	assert.Equal(t, p.Limits, before.Limits)
	assert.JSONEq(t, string(p.Schema), string(before.Schema))
	assert.Empty(t, before.Versions)

	one := p.At("1.5")
	assert.JSONEq(t, `{"properties":{"n":{"minimum":0,"maximum":4},"top_p":{"maximum":2}}}`, string(one.Schema))
	assert.NotContains(t, one.Fields, "echo")
	assert.Equal(t, "refused", one.Fields["suffix"].Use)
	assert.Equal(t, map[string]string{"wide-seed": "error", "empty-stop": "hint"}, one.Rules)
	assert.Len(t, one.Limits, 2)

	old := p.At("0.1")
	assert.JSONEq(t, `{"properties":{"n":{"minimum":0,"maximum":null},"top_p":{"maximum":2}}}`, string(old.Schema))
	if assert.Len(t, old.Limits, 1, "what is ignored has no limit, and a limit replaces the one before") {
		assert.Equal(t, "c", old.Limits[0].Why)
	}
	assert.Equal(t, before, p.At("2.0"), "the calls before changed nothing")
	assert.Equal(t, map[string]string{"wide-seed": "off"}, p.Rules)
}

func TestVersionsThatMeanNothing(t *testing.T) {
	for _, versions := range []string{
		`[{"evidence":"e"}]`, `[{"until":"newest","evidence":"e"}]`, `[{"until":"1.0"}]`, `[{"since":"x","until":"1.0","evidence":"e"}]`,
		`[{"since":"1.0","until":"1.0","evidence":"e"}]`, `[{"since":"2.0","until":"1.0","evidence":"e"}]`,
		`[{"until":"1.0","rules":{"no-such-rule":"off"},"evidence":"e"}]`, `[{"until":"1.0","rules":{"wide-seed":"loud"},"evidence":"e"}]`,
		`[{"until":"1.0","fields":{"n":{"use":"eaten"}},"evidence":"e"}]`,
	} {
		_, err := core.ParseProfile([]byte(`{"name":"x","unknown":"ignored","versions":` + versions + `}`))
		assert.Error(t, err, versions)
	}
}

func TestBounds(t *testing.T) {
	p := parse(t, `[{"until":"0.12.0","evidence":"e"},{"since":"0.9","until":"0.10.0","evidence":"e"},{"until":"0.9","evidence":"e"}]`)
	assert.Equal(t, []string{"0.9", "0.10.0", "0.12.0"}, p.Bounds())
	assert.Empty(t, (&core.Profile{}).Bounds())
}
