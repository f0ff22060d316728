package schema_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/completion-playground/playground/schema"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// strict reads a file whose members must all have a place in the Go shape.
func strict(t *testing.T, text []byte, shape any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(shape))
}

func TestAnswers(t *testing.T) {
	var got schema.AnswerFacts
	strict(t, schema.AnswersJSON, &got)
	assert.Equal(t, &got, schema.Answers())

	var outcomes []string
	for _, o := range got.Outcomes {
		outcomes = append(outcomes, o.Name)
		assert.NotEmpty(t, o.About, o.Name)
	}
	assert.Equal(t, []string{"complete", "ended-early", "empty", "failed", "stopped"}, outcomes)

	kinds := map[string]string{}
	for kind, words := range got.FinishReasons {
		assert.Contains(t, []string{"stop", "length", "filtered", "tool", "aborted", "error"}, kind)
		assert.NotEmpty(t, words, kind)
		for _, word := range words {
			assert.Equal(t, strings.ToLower(word), word, "words are compared in lower case")
			assert.Empty(t, kinds[word], "%s has two kinds", word)
			kinds[word] = kind
		}
	}
	assert.Len(t, got.FinishReasons, 6)
	assert.NotEmpty(t, got.Reasoning)

	limits := reflect.ValueOf(got.Limits)
	for i := range limits.NumField() {
		assert.Positive(t, limits.Field(i).Int(), limits.Type().Field(i).Name)
	}

	for code, sentence := range got.Notes {
		assert.Regexp(t, `^[a-z]+(-[a-z]+)*$`, code)
		assert.Regexp(t, `^[A-Z{].*\.$`, sentence, code)
	}
}

func TestNote(t *testing.T) {
	assert.Equal(t, "3 choices were asked for and {1} came: the server may not support `n` or several prompts.",
		schema.Answers().Note("choices-missing", "asked", "3", "got", "{1}"))
	assert.NotRegexp(t, regexp.MustCompile(`\{`), schema.Answers().Note("event-skipped"))
	assert.Empty(t, schema.Answers().Note("no such code"))
}
