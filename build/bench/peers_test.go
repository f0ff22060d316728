package main

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/completion-playground/playground/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A comparison is fair when everybody answers the same question with the same verdict.
func TestPeersAgree(t *testing.T) {
	for _, in := range inputs() {
		list, err := peers(in.profile)
		require.NoError(t, err)
		for _, p := range list {
			if !p.lenient {
				assert.Equal(t, in.valid, p.check(in.text()), "%s on %s", p.name, in.name)
			}
		}
	}
}

// Nothing is to be said about the valid inputs, so that no time goes into saying it, and three things about the other.
func TestInputsAreWhatTheySay(t *testing.T) {
	for _, in := range inputs() {
		v, err := core.ForProfile(in.profile)
		require.NoError(t, err)
		r := v.Check(in.text())
		if in.valid {
			assert.Empty(t, r.Issues, in.name)
			assert.Empty(t, r.Changes, in.name)
		} else {
			assert.Len(t, r.Issues, 3, in.name)
		}
	}
}

// The large inputs are made anew for every run; figures can be compared only while they stay the same.
func TestInputsStayTheSame(t *testing.T) {
	h := sha256.New()
	for _, in := range inputs() {
		h.Write(in.text())
	}
	assert.Equal(t, "b8242ccde0c0c12abdc76a1b7365356e522376fdf742ff2ec2b5f6cf9f9aee00", hex.EncodeToString(h.Sum(nil)))
}
