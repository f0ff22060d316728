package schema

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPublished(t *testing.T) {
	const text = `{"$id":"https://a.example/b","maximum":1.50,"x":9007199254740993,"title":"<b>"}`
	got, err := Published([]byte(text), Address("vllm@0.11.2"))
	require.NoError(t, err)
	assert.Equal(t, `{"$id":"https://completion-playground.github.io/schema/vllm@0.11.2.json","maximum":1.50,"title":"<b>","x":9007199254740993}`, string(got))
	got, err = Published([]byte(text), "")
	require.NoError(t, err)
	assert.NotContains(t, string(got), "$id")
	got, err = Published([]byte(`{"properties":{"n":{}}}`), "")
	require.NoError(t, err)
	assert.Contains(t, string(got), `"$schema":{`)
	_, err = Published([]byte("[]"), "")
	assert.Error(t, err)
	assert.Contains(t, string(Request), `"$id": "`+Address("completion-request")+`"`, "the schema of no server is one of them")
}
