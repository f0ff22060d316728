package faulty

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestShortForms(t *testing.T) {
	table, err := parseScenarios([]byte(`[{"name": "it", "script": {"status": 201, "steps": [
		{"event": {"a": "\ud83d <b>"}},
		{"event": null, "name": "error", "delay": 5},
		{"body": [1, 2]},
		{"done": true},
		{"data": "ab\n", "times": 2, "repeat": 3},
		{"raw": "/w==", "then": "stall"}
	]}}]`))
	require.NoError(t, err)
	require.Len(t, table, 1)
	assert.Equal(t, one, table[0].Request)
	assert.Equal(t, Script{Status: 201, Steps: []Step{
		{Data: `data: {"a":"\ud83d <b>"}` + "\n\n"},
		{Data: "event: error\ndata: null\n\n", Delay: 5},
		{Data: "[1,2]"},
		{Data: "data: [DONE]\n\n"},
		{Data: "ab\nab\n", Repeat: 3},
		{Raw: []byte{0xff}, Then: Stall},
	}}, table[0].Script)
}

func TestFilesAreStrict(t *testing.T) {
	for _, text := range []string{
		`{}`,
		`[{"nmae": "it"}]`,
		`[{"script": {"steps": [{"event": {}, "data": "x"}]}}]`,
		`[{"script": {"steps": [{"event": {}, "done": true}]}}]`,
		`[{"script": {"steps": [{"name": "error"}]}}]`,
		`[{"script": {"steps": [{"times": 2}]}}]`,
	} {
		_, err := parseScenarios([]byte(text))
		assert.Error(t, err, text)
	}
}
