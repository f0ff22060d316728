package wasmfile

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNumbersComeBack(t *testing.T) {
	for _, value := range []int64{0, 1, -1, 63, 64, -64, -65, 127, 128, 1 << 31, -1 << 31, math.MaxInt64, math.MinInt64} {
		r := &reader{rest: appendSigned(nil, value)}
		assert.Equal(t, value, r.signed())
		assert.True(t, !r.bad && len(r.rest) == 0, "%d", value)
	}
	for _, value := range []uint64{0, 1, 127, 128, 1<<32 - 1} {
		r := &reader{rest: appendUnsigned(nil, value)}
		assert.EqualValues(t, value, r.size())
		assert.True(t, !r.bad && len(r.rest) == 0, "%d", value)
	}
	// The examples of the DWARF standard, 7.6.
	assert.Equal(t, []byte{0xff, 0}, appendSigned(nil, 127))
	assert.Equal(t, []byte{0x80, 0x7f}, appendSigned(nil, -128))
	assert.Equal(t, []byte{0xb9, 0x64}, appendUnsigned(nil, 12857))
}

func TestNumbersThatAreTooLongAreBad(t *testing.T) {
	for _, text := range [][]byte{nil, {0x80}, {0xff, 0xff, 0xff, 0xff, 0x7f}, bytes.Repeat([]byte{0xff}, 20)} {
		r := &reader{rest: text}
		assert.Zero(t, r.size())
		assert.True(t, r.bad, "%x", text)
	}
}

func TestMemoryComesBack(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		image := make([]byte, random.IntN(4000))
		for i := 0; i < len(image); i += 1 + random.IntN(3*gap) {
			for j := i; j < min(i+random.IntN(20), len(image)); j++ {
				image[j] = byte(random.IntN(256))
			}
		}
		m := &Module{sections: []section{{sectionData, []byte{0}}, {sectionCustom, []byte{1, 'x'}}}}
		require.NoError(t, m.SetMemory(image))
		m, err := Parse(m.Bytes())
		require.NoError(t, err)
		got, err := m.Memory()
		require.NoError(t, err)
		require.Equal(t, bytes.TrimRight(image, "\x00"), append([]byte{}, got...))
		require.Empty(t, m.custom("x"))
	}
}

func TestSegmentsTakeInShortRunsOfZeros(t *testing.T) {
	image := make([]byte, 1000)
	image[10], image[10+gap], image[10+2*gap+1] = 1, 2, 3
	m := &Module{sections: []section{{sectionData, nil}}}
	require.NoError(t, m.SetMemory(image))
	body, err := m.find(sectionData)
	require.NoError(t, err)
	assert.EqualValues(t, 2, body[0], "a run of %d zeros ends a segment, one less does not", gap)
}

func TestTooManySegmentsAreRefused(t *testing.T) {
	image := make([]byte, 2*gap*(maxSegments+1))
	for i := 0; i < len(image); i += 2 * gap {
		image[i] = 1
	}
	assert.ErrorContains(t, (&Module{}).SetMemory(image), "more than the 100000 that engines allow")
}

func TestDamagedModulesAreErrors(t *testing.T) {
	file, err := program()
	require.NoError(t, err)
	_, err = Parse([]byte("\x7fELF\x01\x00\x00\x00"))
	assert.ErrorContains(t, err, "no WebAssembly module")
	for _, length := range []int{0, 7, 9, 100, len(file) / 2, len(file) - 1} {
		_, err := Parse(file[:length])
		assert.Error(t, err, "%d bytes", length)
	}
	random := rand.New(rand.NewPCG(3, 4))
	body, err := compiled(t).find(sectionData)
	require.NoError(t, err)
	refused := 0
	for range 20 {
		m := compiled(t)
		damaged := bytes.Clone(body)
		damaged[random.IntN(200)]++
		m.replace(sectionData, damaged[:len(damaged)-random.IntN(2)])
		if m.Pack() != nil { // it may not panic
			refused++
		}
	}
	assert.Positive(t, refused)
}
