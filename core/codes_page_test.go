package core

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every code has its meaning, which is that of its constant, and an example that shows it.
func TestCodeTexts(t *testing.T) {
	texts := CodeTexts()
	n := 0
	for _, group := range codeConstants(t) {
		for _, c := range group.codes {
			require.Greater(t, len(texts), n)
			assert.Equal(t, Code(c.value), texts[n].Code)
			assert.True(t, strings.EqualFold(c.doc+".", texts[n].Meaning), texts[n].Meaning)
			assert.Contains(t, texts[n].Example, "["+c.value+"]")
			n++
		}
	}
	assert.Len(t, texts, n)
	texts[0].Meaning = "changed"
	assert.NotEqual(t, texts[0], CodeTexts()[0], "the list is the caller's")
}
