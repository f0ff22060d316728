package schema_test

import (
	"testing"

	"github.com/completion-playground/playground/schema"
	"github.com/stretchr/testify/assert"
)

func TestDifferences(t *testing.T) {
	var got schema.DifferenceFacts
	strict(t, schema.DifferencesJSON, &got)
	assert.Equal(t, &got, schema.Differences())
	for code, fact := range got.Differences {
		assert.Regexp(t, `^[a-z]+(-[a-z]+)*$`, code)
		assert.Regexp(t, `^[a-z_]+$`, fact.Field, code)
		note := schema.Answers().Notes[code]
		assert.NotEqual(t, note == "", fact.Says == "", "%s has one sentence, here or among the notes", code)
		assert.Regexp(t, `^[A-Z{].*\.$`, schema.Differences().Sentence(code), code)
	}
	assert.NotEmpty(t, got.AnyModel)
	for code, why := range got.Scoring {
		assert.Regexp(t, `^[A-Z{].*\.$`, why, code)
	}
	for name, need := range got.Needs {
		assert.NotEmpty(t, need.Title, name)
		assert.NotEmpty(t, need.Yes, name)
		assert.NotEmpty(t, need.No, name)
	}
}

func TestSentences(t *testing.T) {
	facts := schema.Differences()
	assert.Equal(t, "3 choices came; the request asks for {1}.", facts.Sentence("choices-extra", "asked", "{1}", "got", "3"))
	assert.Equal(t, "The server gave no finish reason.", facts.Sentence("reason-missing"))
	assert.Equal(t, "Demo cannot score a text: it is one.", facts.Why("server-cannot", "title", "Demo", "why", "it is one"))
	assert.Equal(t, "There are 2 tokens with log probabilities.", facts.Need("logprobs", "yes", "got", "2"))
	assert.Empty(t, facts.Need("offsets", "unsure"))
}
