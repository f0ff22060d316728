package benthos

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/completion-playground/playground/core"
	"github.com/redpanda-data/benthos/v4/public/service"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// processor makes a processor of its configuration, as Benthos does.
func processor(t *testing.T, config string) *checker {
	t.Helper()
	parsed, err := spec().ParseYAML(config, nil)
	require.NoError(t, err)
	c, err := newChecker(parsed)
	require.NoError(t, err)
	return c
}

func process(t *testing.T, c *checker, text string) *service.Message {
	t.Helper()
	batch, err := c.Process(context.Background(), service.NewMessage([]byte(text)))
	require.NoError(t, err)
	require.Len(t, batch, 1)
	return batch[0]
}

func content(t *testing.T, m *service.Message) string {
	t.Helper()
	text, err := m.AsBytes()
	require.NoError(t, err)
	return string(text)
}

func meta(t *testing.T, m *service.Message, name string) string {
	t.Helper()
	value, there := m.MetaGet(name)
	require.True(t, there, name)
	return value
}

func TestProcessKeepsWhatIsInvalidAndSaysWhy(t *testing.T) {
	const text = `{"model": "m", "prompt": ["p"], "max_tokens": -1, "temperature": "warm"}`
	m := process(t, processor(t, "{}"), text)
	assert.Equal(t, text, content(t, m))
	assert.ErrorContains(t, m.GetError(), "max_tokens")
	assert.Equal(t, "false", meta(t, m, MetaValid))
	assert.Equal(t, "2", meta(t, m, MetaErrors))
	var issues []core.Issue
	require.NoError(t, json.Unmarshal([]byte(meta(t, m, MetaIssues)), &issues))
	want := core.Check([]byte(text)).Issues
	assert.Equal(t, want, issues, "the issues of the core, all there")
	for _, issue := range want {
		assert.Contains(t, strings.Split(meta(t, m, MetaCodes), ","), string(issue.Code))
	}
}

func TestProcessWritesTheBodyOfTheCore(t *testing.T) {
	const text = ` {"model": "m", "prompt": "p", "seed": 9007199254740993, "max_tokens": null} `
	m := process(t, processor(t, "{}"), text)
	require.NoError(t, m.GetError())
	assert.Equal(t, string(core.Body([]byte(text))), content(t, m))
	assert.Contains(t, content(t, m), "9007199254740993")
	assert.Equal(t, "true", meta(t, m, MetaValid))
	assert.Equal(t, "0", meta(t, m, MetaErrors))
	assert.Equal(t, text, content(t, process(t, processor(t, "normalize: false"), text)))
}

func TestProcessFixesOnlyWhereAsked(t *testing.T) {
	const text = `{"model": "m", "prompt": ["p"], "max_tokens": 5,,}`
	assert.Error(t, process(t, processor(t, "{}"), text).GetError())
	for _, config := range []string{"fix: true", "{fix: true, normalize: false}"} {
		m := process(t, processor(t, config), text)
		require.NoError(t, m.GetError(), config)
		assert.JSONEq(t, `{"model": "m", "prompt": ["p"], "max_tokens": 5}`, content(t, m))
	}
	// What cannot be mended to the end keeps its bytes.
	const both = `{"model": "m", "prompt": ["p"], "max_tokens": -5,,}`
	m := process(t, processor(t, "fix: true"), both)
	assert.Error(t, m.GetError())
	assert.Equal(t, both, content(t, m))
}

func TestConfigurationsThatCannotBe(t *testing.T) {
	for config, want := range map[string]string{
		"profile: nobody":                     "nobody",
		`overlay: '{"properties": '`:          "overlay",
		`overlay: '{"properties": {"n": 1}}'`: "overlay",
	} {
		parsed, err := spec().ParseYAML(config, nil)
		require.NoError(t, err)
		_, err = newChecker(parsed)
		assert.ErrorContains(t, err, want)
	}
	c := processor(t, `overlay: '{"properties": {"max_tokens": {"maximum": 5}}}'`)
	m := process(t, c, `{"model": "m", "prompt": ["p"], "max_tokens": 6}`)
	assert.ErrorContains(t, m.GetError(), "max_tokens")
}

func TestHostileMessagesAreToldInBoundedMetadata(t *testing.T) {
	c := processor(t, "{}")
	for _, text := range []string{"", "\x00\xff\xfe", strings.Repeat("[", 1<<20), strings.Repeat(`{"a":1,`, 1<<16), `{"model": "m", "prompt": ["` + strings.Repeat("x", 70<<20) + `"]}`} {
		m := process(t, c, text)
		assert.Error(t, m.GetError())
		assert.Len(t, content(t, m), len(text))
		issues := meta(t, m, MetaIssues)
		assert.LessOrEqual(t, len(issues), longestIssues)
		assert.True(t, json.Valid([]byte(issues)))
		assert.LessOrEqual(t, len(meta(t, m, MetaCodes)), longestIssues)
	}
}
