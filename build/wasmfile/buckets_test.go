package wasmfile

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBucketsAreLeftOut(t *testing.T) {
	memory, err := compiled(t).Memory()
	require.NoError(t, err)
	before := bytes.Clone(memory)
	b := dropBuckets(memory)
	require.NotNil(t, b)
	assert.NotEqual(t, before, memory)
	// As web/src/core/frozen.ts makes it.
	for i := range bucketsOfFunction * b.Functions {
		order.PutUint32(memory[b.Address+bucketBytes*i:], uint32(i/bucketsOfFunction))
	}
	assert.True(t, bytes.Equal(before, memory), "it is the table again")
}

func TestOtherBucketsStay(t *testing.T) {
	memory, err := compiled(t).Memory()
	require.NoError(t, err)
	at, functions, ok := findBuckets(memory)
	require.True(t, ok)
	for _, place := range []int{at, at + 4, at + bucketBytes*(bucketsOfFunction*functions-1) + 19} {
		memory[place]++
		before := bytes.Clone(memory)
		assert.Nil(t, dropBuckets(memory), place-at)
		assert.True(t, bytes.Equal(before, memory))
		memory[place]--
	}
	assert.Nil(t, dropBuckets(make([]byte, pageBytes)), "a memory without tables")
	assert.NotNil(t, dropBuckets(memory))
}
