package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHostileFamiliesHaveTheSizeAskedFor(t *testing.T) {
	list, err := hostileFamilies()
	require.NoError(t, err)
	assert.Greater(t, len(list), 40)
	for _, h := range list {
		assert.InDelta(t, 10_000, len(h.text(10_000)), 400, h.Name)
	}
}
