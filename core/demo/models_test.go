package demo

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestModelList(t *testing.T) {
	var list struct {
		Object string
		Data   []struct {
			ID, Object, Description string
			Created                 int64
			OwnedBy                 string `json:"owned_by"`
		}
	}
	require.NoError(t, json.Unmarshal(ModelList(), &list))
	assert.Equal(t, "list", list.Object)
	models := Models()
	require.Len(t, list.Data, len(models))
	for i, m := range models {
		assert.Equal(t, m.ID, list.Data[i].ID)
		assert.Equal(t, m.Description, list.Data[i].Description)
		assert.Equal(t, "model", list.Data[i].Object)
		assert.True(t, strings.HasPrefix(m.ID, "demo-"))
		assert.True(t, strings.HasSuffix(m.Description, "."), m.Description)
	}
	assert.Equal(t, "demo-small", models[0].ID)
	for i, b := range behaviours {
		assert.Equal(t, models[i].ID, b.id, "the data and the code are in the same order")
	}
	assert.Len(t, behaviours, len(models))
	for _, m := range models {
		entry, ok := ModelEntry(m.ID)
		assert.True(t, ok)
		assert.Contains(t, string(ModelList()), string(entry))
	}

	models[0].ID = "changed"
	assert.Equal(t, "demo-small", Models()[0].ID, "the list is the caller's own")
}

func TestForeignNamesAreAnsweredByTheNormalModel(t *testing.T) {
	assert.Equal(t, "demo-small", ask(t, fields{"model": "meta-llama/Llama-3.3-70B-Instruct"}).Model)
}

// errorOf returns the error of a refused request.
func errorOf(t *testing.T, a *Answer) (e struct {
	Message, Type string
	Param, Code   *string
}) {
	t.Helper()
	body, _, _ := play(a)
	var wrapper map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(body, &wrapper), "%s", body)
	require.Len(t, wrapper, 1)
	require.NoError(t, json.Unmarshal(wrapper["error"], &e))
	assert.NotEmpty(t, e.Message)
	assert.Contains(t, string(wrapper["error"]), `"param":`, "all four members are there, null or not")
	assert.Contains(t, string(wrapper["error"]), `"code":`)
	return e
}

func TestRefusals(t *testing.T) {
	a := Complete(encode(t, fields{"model": "demo-401", "stream": true}), Options{})
	assert.Equal(t, 401, a.Status)
	assert.Equal(t, "invalid_api_key", *errorOf(t, a).Code)

	a = Complete(encode(t, fields{"model": "demo-429"}), Options{})
	assert.Equal(t, 429, a.Status)
	assert.Contains(t, a.Header, [2]string{"Retry-After", "5"})
	assert.Equal(t, "rate_limit_exceeded", *errorOf(t, a).Code)

	a = Complete(encode(t, fields{"model": "demo-500-html"}), Options{})
	assert.Equal(t, 500, a.Status)
	assert.Equal(t, [2]string{"Content-Type", "text/html; charset=utf-8"}, a.Header[0])
	body, _, _ := play(a)
	assert.True(t, strings.HasPrefix(string(body), "<!DOCTYPE html>"))

	a = Complete(encode(t, fields{"model": "demo-huge"}), Options{})
	assert.Equal(t, 404, a.Status)
	e := errorOf(t, a)
	assert.Equal(t, "model_not_found", *e.Code)
	assert.Equal(t, "model", *e.Param)
}

func TestFaults(t *testing.T) {
	run := func(model string, f fields) (data []string, comments int, cut bool) {
		f["model"], f["stream"] = model, true
		a := Complete(encode(t, f), Options{})
		require.Equal(t, 200, a.Status)
		body, _, cut := play(a)
		data, comments = events(t, body)
		return data, comments, cut
	}
	for _, most := range []int{1, 30} {
		f := fields{"max_tokens": most, "logit_bias": noEnd}
		delivered := min(most, brokenAfter)

		data, _, cut := run("demo-error-midstream", f)
		require.Len(t, data, delivered+1)
		assert.Contains(t, data[delivered], `{"error":{"message":`)
		assert.False(t, cut)

		data, _, cut = run("demo-cut", f)
		assert.Len(t, data, delivered)
		assert.False(t, cut)
		assert.NotContains(t, strings.Join(data, ""), `"finish_reason":"`)

		data, _, cut = run("demo-reset", f)
		assert.Len(t, data, delivered)
		assert.True(t, cut)

		data, comments, _ := run("demo-no-done", f)
		require.Len(t, data, most+1)
		assert.Contains(t, data[most], `"finish_reason":"length"`)
		assert.GreaterOrEqual(t, comments, most)

		data, _, _ = run("demo-empty", f)
		assert.Empty(t, data)
	}
}

func TestFaultsInOnePiece(t *testing.T) {
	for model, cutWanted := range map[string]bool{"demo-cut": false, "demo-reset": true} {
		a := Complete(encode(t, fields{"model": model}), Options{})
		body, _, cut := play(a)
		assert.Equal(t, 200, a.Status)
		assert.NotEmpty(t, body)
		assert.False(t, json.Valid(body))
		assert.Equal(t, cutWanted, cut)
	}
	a := Complete(encode(t, fields{"model": "demo-error-midstream"}), Options{})
	assert.Equal(t, 500, a.Status)
	assert.Equal(t, "server_error", errorOf(t, a).Type)

	a = Complete(encode(t, fields{"model": "demo-empty"}), Options{})
	body, _, _ := play(a)
	assert.Equal(t, 200, a.Status)
	assert.Empty(t, body)
}
