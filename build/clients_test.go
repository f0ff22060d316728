package main

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNoRegistry(t *testing.T) {
	for _, text := range []string{
		"npm ci failed: exit status 1\nnpm error code EAI_AGAIN\nnpm error request to https://npm.example.com/ai failed",
		"go mod download: exit status 1\nGet \"https://proxy.example.com/x.mod\": dial tcp: lookup proxy.example.com: no such host",
	} {
		told := noRegistry(errors.New(text)).Error()
		assert.Contains(t, told, "cannot be reached from here")
		assert.NotContains(t, told, "example.com")
		assert.NotContains(t, told, "\n")
	}
	other := errors.New("npm ci failed: package.json and package-lock.json are not in sync")
	assert.Equal(t, other, noRegistry(other))
}
