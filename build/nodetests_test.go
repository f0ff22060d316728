package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every browser test runs once, however many processors there are, and the names that the rounds go by are those of files.
func TestBrowserRounds(t *testing.T) {
	sources, err := testSources(filepath.Join("..", "web", "test", "browser"))
	require.NoError(t, err)
	for _, processors := range []int{1, 2, 8} {
		var dealt []string
		rounds := browserRounds(sources, processors)
		for _, round := range rounds {
			assert.LessOrEqual(t, len(round), min(processors, 2))
			for _, part := range round {
				assert.NotEmpty(t, part.sources, part.name)
				dealt = append(dealt, part.sources...)
			}
		}
		assert.ElementsMatch(t, sources, dealt)
		last := rounds[len(rounds)-1]
		require.Len(t, last, 1)
		assert.Len(t, last[0].sources, len(afterTests), "what prints figures has the browser for itself")
	}
	for _, name := range slices.Concat(besideTests, afterTests, briefTests) {
		_, err := os.Stat(filepath.Join("..", "web", "test", "browser", name+".test.ts"))
		assert.NoError(t, err)
	}
	// What asks the server of package faulty for its newest play has no other process beside it that plays.
	for _, source := range sources {
		text, err := os.ReadFile(source)
		require.NoError(t, err)
		if strings.Contains(string(text), `from "./faults.ts"`) {
			assert.Contains(t, besideTests, testName(source))
		}
	}
	assert.Len(t, browserRounds(sources[:1], 2), 1, "a round without tests is none")
}
