package wasmfile

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// program is testdata/program, compiled once.
var program = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "program-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "program.wasm")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", file, "./testdata/program")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// compiled parses a fresh copy of the program.
func compiled(t *testing.T) *Module {
	t.Helper()
	file, err := program()
	require.NoError(t, err)
	m, err := Parse(bytes.Clone(file))
	require.NoError(t, err)
	return m
}

// runs runs a module in Node with one argument.
func runs(t *testing.T, m *Module) (stdout, stderr string) {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "program.wasm")
	require.NoError(t, os.WriteFile(file, m.Bytes(), 0o644))
	cmd := exec.Command("node", filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec_node.js"), file, "one")
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Run(), &exit, "the program panics")
	assert.Equal(t, 2, exit.ExitCode(), "%s", &problems)
	return out.String(), problems.String()
}

func TestPackedProgramRunsAsBefore(t *testing.T) {
	m := compiled(t)
	before := len(m.Bytes())
	wantOut, wantProblem := runs(t, m)
	require.NoError(t, m.Pack())
	out, problem := runs(t, m)
	assert.Equal(t, wantOut, out)
	assert.Equal(t, "740290\n", out, "as it is natively")

	const message = "panic: runtime error: slice bounds out of range [:-1]\n"
	assert.Contains(t, wantProblem, message)
	assert.Contains(t, problem, message)
	assert.Contains(t, wantProblem, "main.deep(")
	assert.Contains(t, problem, "main.(", "a trace names packages")
	assert.NotContains(t, problem, "main.deep(")

	assert.NotEmpty(t, m.initial)
	again, err := Parse(m.Bytes())
	require.NoError(t, err)
	image, err := again.Memory()
	require.NoError(t, err)
	assert.NotContains(t, string(image), "testdata/program/main.go", "a name of a file")
	assert.NotContains(t, string(image), "main.deep")
	t.Logf("%d bytes, packed %d", before, len(m.Bytes()))
}

func TestPackIsReproducible(t *testing.T) {
	one, two := compiled(t), compiled(t)
	require.NoError(t, one.Pack())
	require.NoError(t, two.Pack())
	assert.True(t, bytes.Equal(one.Bytes(), two.Bytes()))
}

// A toolchain that lays things out in another way is refused, in a sentence, and the module stays as it was.
func TestPackRefusesOtherLayouts(t *testing.T) {
	// inTable changes the image of the memory, from the header of the table on.
	inTable := func(change func(image []byte, header int)) func(t *testing.T, m *Module) {
		return func(t *testing.T, m *Module) {
			image, err := m.Memory()
			require.NoError(t, err)
			header := bytes.Index(image, headerMagic)
			require.Positive(t, header)
			change(image, header)
			require.NoError(t, m.SetMemory(image))
		}
	}
	firstRecord := func(image []byte, header int) []byte {
		records := image[header+int(order.Uint64(image[header+64:])):]
		return records[order.Uint32(records[4:]):]
	}
	for name, c := range map[string]struct {
		change func(t *testing.T, m *Module)
		want   string
	}{
		"newer release": {func(t *testing.T, m *Module) {
			for i, s := range m.sections {
				m.sections[i].body = bytes.ReplaceAll(s.body, []byte("go1.2"), []byte("go1.3"))
			}
		}, "the tables of go1.3"},
		"no release": {func(_ *testing.T, m *Module) { m.replace(sectionCustom, nil) }, "the tables of this toolchain are not known"},
		"other magic": {inTable(func(image []byte, header int) { image[header]++ }),
			"the table of functions was not found"},
		"other header": {inTable(func(image []byte, header int) { image[header+32]++ }),
			"the table of functions was not found"},
		"moved part": {inTable(func(image []byte, header int) { image[header+48]++ }),
			"a layout that is not known"},
		"more functions": {inTable(func(image []byte, header int) { image[header+8]++ }),
			"a layout that is not known"},
		"more tables": {inTable(func(image []byte, header int) { firstRecord(image, header)[28] = mostValues + 1 }),
			"a layout that is not known"},
		"more data": {inTable(func(image []byte, header int) { firstRecord(image, header)[43] = mostData + 1 }),
			"a layout that is not known"},
		"table outside": {inTable(func(image []byte, header int) { firstRecord(image, header)[atStackSize+3] = 0x7f }),
			"a table of values lies outside"},
		"other account": {func(t *testing.T, m *Module) {
			image, err := m.Memory()
			require.NoError(t, err)
			account := findAccount(image, bytes.Index(image, headerMagic))
			copy(account[atGofunc:], account[atGofunc-8:atGofunc]) // the words of before and after are addresses too
			require.NoError(t, m.SetMemory(image))
		}, "a list of inlined calls holds something else"},
		"no data": {func(_ *testing.T, m *Module) { m.replace(sectionData, nil) }, "has no section 11"},
		"other segment": {func(_ *testing.T, m *Module) { m.replace(sectionData, []byte{1, 1, 0}) },
			"a data segment has a form that is not known"},
	} {
		t.Run(name, func(t *testing.T) {
			m := compiled(t)
			c.change(t, m)
			before := m.Bytes()
			err := m.Pack()
			require.Error(t, err)
			assert.Contains(t, err.Error(), c.want)
			assert.NotContains(t, err.Error(), "\n")
			assert.True(t, bytes.Equal(before, m.Bytes()), "the module was changed")
		})
	}
}

func TestInitialises(t *testing.T) {
	for name, want := range map[string]bool{
		"unicode.init": true, "time.init.0": true, "unicode.map.init.12": true, "example.com/a%2eb/c.init": true,
		"time.init.0.func1": false, "time.init.func1": false, "main.(*T).init": false, "main.T.init": false,
		"main.initialise": false, "main.init.": false, "runtime.doInit": false, "": false,
	} {
		assert.Equal(t, want, initialises(name), name)
	}
}

func TestPackageOf(t *testing.T) {
	for name, want := range map[string]string{
		"runtime.goexit":                                 "runtime.",
		"encoding/json.(*Decoder).Decode":                "encoding/json.",
		"example.com/a/b.get[go.shape.struct { A/b.c }]": "example.com/a/b.",
		"type:.eq.example.com/a.T":                       "type:.eq.example.com/a.",
		"_rt0_wasm_js":                                   "",
		"":                                               "",
		"gopkg.in/a%2ev5.(*Schema).validate.func1": "gopkg.in/a%2ev5.",
	} {
		assert.Equal(t, want, packageOf(name), name)
	}
}
