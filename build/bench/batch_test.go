package main

import (
	"bytes"
	"io"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The files hold what they say, and both peers in Go count the same.
func TestFilesAreWhatTheySay(t *testing.T) {
	for _, k := range fileKinds {
		lines, valid, err := makeFile(filepath.Join(t.TempDir(), k.name), k, 100_000)
		require.NoError(t, err)
		assert.Greater(t, lines, 100, k.name)
		text, err := io.ReadAll(&madeInput{maker: newLineMaker(k), size: 100_000})
		require.NoError(t, err)
		assert.Equal(t, lines, bytes.Count(text, []byte("\n")), k.name)
		for _, count := range []func(io.Reader) (int64, error){checkWithCore, checkWithV5} {
			got, err := count(bytes.NewReader(text))
			require.NoError(t, err)
			assert.Equal(t, int64(valid), got, k.name)
		}
	}
}
