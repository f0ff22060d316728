package wasmfile

import (
	"bytes"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tiny is a module with two globals, a page of memory and an export.
func tiny() *Module {
	globals := []byte{2, typeI32, 1, opI32Const, 5, opEnd, typeI64, 1, opI64Const, 0x7f, opEnd}
	return &Module{sections: []section{
		{sectionMemory, []byte{1, 0, 1}}, {sectionGlobal, globals}, {sectionExport, []byte{1, 1, 'm', 2, 0}}, {sectionData, []byte{0}},
	}}
}

// memoryOf is memory with the setting in it as Go's runtime has it.
func memoryOf(pages int) []byte {
	memory := make([]byte, pages*pageBytes)
	copy(memory[100:], clobbering)
	order.PutUint64(memory[160:], 100)
	order.PutUint64(memory[168:], uint64(len(clobbering)))
	order.PutUint64(memory[176:], 4096)
	order.PutUint32(memory[4096:], 1)
	return memory
}

func TestOpenExportsTheGlobals(t *testing.T) {
	m, n, err := tiny().Open()
	require.NoError(t, err)
	assert.Equal(t, 2, n)
	body, err := m.find(sectionExport)
	require.NoError(t, err)
	assert.Equal(t, append([]byte{3, 1, 'm', 2, 0}, "\x08global 0\x03\x00\x08global 1\x03\x01"...), body)
}

func TestFreeze(t *testing.T) {
	memory := memoryOf(3)
	live := []byte{1, 2, 3, 4, 0xef, 0xbe, 0xad, 0xde, 5, 6, 7, 8} // a mark alone is a number like any other
	copy(memory[8192:], live)
	copy(memory[9000:], bytes.Repeat(freed, 50))
	given := bytes.Clone(memory)
	m := tiny()
	require.NoError(t, m.Freeze(State{Memory: memory, Globals: []int64{-7, math.MinInt64}, Values: []*string{nil}}))
	assert.Equal(t, given, memory, "the memory is the caller's")

	m, err := Parse(m.Bytes())
	require.NoError(t, err)
	assert.Equal(t, `{"values":[null]}`, string(m.custom(frozenSection)))
	pages, err := m.find(sectionMemory)
	require.NoError(t, err)
	assert.Equal(t, []byte{1, 0, 3}, pages)
	types, mutable, err := m.globals()
	require.NoError(t, err)
	assert.Equal(t, []byte{typeI32, typeI64}, types)
	assert.Equal(t, []byte{1, 1}, mutable)
	globals, err := m.find(sectionGlobal)
	require.NoError(t, err)
	assert.Equal(t, appendSigned([]byte{2, typeI32, 1, opI32Const}, -7), globals[:5])
	image, err := m.Memory()
	require.NoError(t, err)
	assert.Equal(t, live, image[8192:8192+len(live)])
	assert.Len(t, image, 8192+len(live), "what was freed is zeros")
	assert.Zero(t, image[4096], "the setting is taken back")
}

func TestFrozenProgramLosesWhatHasRun(t *testing.T) {
	m := tiny()
	code := []byte{2, 4, 0, 1, 1, opEnd, 3, 0, 1, opEnd}
	m.sections = append(m.sections, section{sectionCode, code})
	m.initial = []int{0}
	require.NoError(t, m.Freeze(State{Memory: memoryOf(1), Globals: []int64{0, 0}}))
	body, err := m.find(sectionCode)
	require.NoError(t, err)
	assert.Equal(t, []byte{2, 3, 0, opUnreachable, opEnd, 3, 0, 1, opEnd}, body)
	assert.Equal(t, []byte{2, 4, 0, 1, 1, opEnd, 3, 0, 1, opEnd}, code, "the code is the caller's")
}

func TestFreezeRefuses(t *testing.T) {
	globals := []int64{0, 0}
	twice := memoryOf(1)
	copy(twice[200:], twice[160:184])
	off := memoryOf(1)
	off[4096] = 0
	float := tiny()
	float.replace(sectionGlobal, []byte{1, 0x7c, 0, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, opEnd})
	for name, c := range map[string]struct {
		module *Module
		state  State
		want   string
	}{
		"no memory":         {tiny(), State{Globals: globals}, "a memory of 0 bytes"},
		"a cut page":        {tiny(), State{Memory: memoryOf(1)[1:], Globals: globals}, "a memory of 65535 bytes"},
		"too few globals":   {tiny(), State{Memory: memoryOf(1)}, "the values of 0 globals, want 2"},
		"no setting":        {tiny(), State{Memory: make([]byte, pageBytes), Globals: globals}, "clobberfree was found 0 times"},
		"setting is off":    {tiny(), State{Memory: off, Globals: globals}, "clobberfree was found 0 times"},
		"two settings":      {tiny(), State{Memory: twice, Globals: globals}, "clobberfree was found 2 times"},
		"globals of others": {float, State{Memory: memoryOf(1)}, "a global has a form that is not known"},
		"no globals":        {&Module{}, State{Memory: memoryOf(1)}, "has no section 6"},
	} {
		t.Run(name, func(t *testing.T) {
			before := c.module.Bytes()
			assert.ErrorContains(t, c.module.Freeze(c.state), c.want)
			assert.Equal(t, before, c.module.Bytes(), "the module was changed")
		})
	}
}
