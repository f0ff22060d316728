package schema_test

import (
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/completion-playground/playground/schema"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func profileNames(t *testing.T) []string {
	t.Helper()
	entries, err := schema.Profiles.ReadDir("profiles")
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), path.Ext(e.Name())))
	}
	return names
}

func TestFailures(t *testing.T) {
	var facts schema.FailureFacts
	strict(t, schema.FailuresJSON, &facts)
	profiles := profileNames(t)

	ids := map[string]bool{}
	for _, r := range facts.Refusals {
		assert.Regexp(t, `^[a-z0-9]+(-[a-z0-9]+)*$`, r.ID)
		assert.False(t, ids[r.ID], "two refusals named %s", r.ID)
		ids[r.ID] = true
		assert.Subset(t, profiles, r.Profiles, r.ID)
		assert.Contains(t, []string{"", "empty", "html"}, r.Body, r.ID)
		assert.LessOrEqual(t, r.Status.From, r.Status.To, r.ID)
		assert.NotEmpty(t, r.Title, r.ID)
		assert.Regexp(t, `\.$`, r.Detail, r.ID)
		assert.NotEmpty(t, r.Advice, r.ID)
		for _, pattern := range []*schema.Pattern{r.Says, r.Message} {
			if pattern != nil {
				// In these two the languages differ: groups that are more than groups, and classes of characters.
				assert.NotRegexp(t, `\(\?[^:]|\\[pPkdDwWsSbB1-9]`, pattern.String(), r.ID)
			}
		}
	}
	last := facts.Refusals[len(facts.Refusals)-1]
	assert.Equal(t, schema.Statuses{From: 100, To: 999}, last.Status, "the last fits always")
	assert.Nil(t, last.Profiles)
	assert.Nil(t, last.Says)
	assert.Nil(t, last.Message)
	assert.Nil(t, last.Key)
	assert.Empty(t, last.Body)

	for id, f := range facts.Answers {
		assert.False(t, ids[id], "%s is a refusal too", id)
		assert.NotEmpty(t, f.Title, id)
		assert.NotEmpty(t, f.Detail, id)
		assert.NotEmpty(t, f.For("", map[string]bool{}).Advice, id)
		for _, v := range f.More {
			assert.Subset(t, profiles, v.Profiles, id)
			assert.True(t, v.Profiles != nil || v.When != nil, "%s: a variant without a condition", id)
		}
	}
	placeholder := regexp.MustCompile(`\{[^}]*\}`)
	for name, phrase := range facts.Phrases {
		for _, p := range placeholder.FindAllString(phrase, -1) {
			assert.Regexp(t, `^\{[a-z]+\}$`, p, name)
		}
	}
}

func TestFailureFor(t *testing.T) {
	f := schema.Failure{Title: "T", Detail: "Got {n}.", Advice: []string{"last"}, More: []schema.Variant{
		{Profiles: []string{"vllm"}, Title: "V", Detail: " Or {n}.", Advice: []string{"first"}},
		{When: map[string]bool{"text": true, "html": false}, Title: "X", Advice: []string{"second"}},
	}}
	assert.Equal(t, schema.Failure{Title: "T", Detail: "Got 5.", Advice: []string{"last"}}, f.For("tgi", nil, "n", "5"))
	assert.Equal(t, schema.Failure{Title: "X", Detail: "Got 5. Or 5.", Advice: []string{"first", "second", "last"}},
		f.For("vllm", map[string]bool{"text": true}, "n", "5"))
}
