package wasmfile

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// halves runs a program in two modules in Node, the second where there is one; what it printed, and how it ended.
func halves(t *testing.T, first, rest *Module) (stdout, stderr string) {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	require.NoError(t, err)
	dir := t.TempDir()
	args := []string{filepath.Join(dir, "run.mjs"), filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js")}
	for name, m := range map[string]*Module{"first.wasm": first, "rest.wasm": rest} {
		if m != nil {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), m.Bytes(), 0o644))
		}
	}
	require.NoError(t, os.WriteFile(args[0], []byte(`
import fs from "node:fs";
import path from "node:path";
import { runInThisContext } from "node:vm";
const at = (name) => path.join(import.meta.dirname, name);
globalThis.fs = fs;
globalThis.path = path;
runInThisContext(fs.readFileSync(process.argv[2], "utf8"));
const go = new Go();
go.argv = ["program", "one"];
go.exit = (code) => process.exit(code);
const { instance } = await WebAssembly.instantiate(fs.readFileSync(at("first.wasm")), go.importObject);
if (fs.existsSync(at("rest.wasm"))) await WebAssembly.instantiate(fs.readFileSync(at("rest.wasm")), { first: instance.exports });
await go.run(instance).catch((error) => {
  console.error(error.constructor.name);
  process.exit(3);
});
`), 0o644))
	cmd := exec.Command("node", args...)
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Run(), &exit, "the program panics")
	return out.String(), problems.String()
}

// Which half a function is in makes no difference, as long as both are there.
func TestSplitProgramRunsAsBefore(t *testing.T) {
	whole := compiled(t)
	require.NoError(t, whole.Pack())
	wantOut, wantProblem := halves(t, whole, nil)
	assert.Contains(t, wantProblem, "panic: runtime error: slice bounds out of range [:-1]\n")
	for name, wanted := range map[string]func(int) bool{
		"all that can move": func(int) bool { return false },
		"every other":       func(n int) bool { return n%2 == 0 },
	} {
		t.Run(name, func(t *testing.T) {
			first := compiled(t)
			require.NoError(t, first.Pack())
			before := len(first.Bytes())
			rest, err := first.Split(wanted)
			require.NoError(t, err)
			assert.Less(t, len(first.Bytes()), before)
			out, problem := halves(t, first, rest)
			assert.Equal(t, wantOut, out)
			assert.Equal(t, wantProblem, problem)
			t.Logf("%d bytes: %d and %d", before, len(first.Bytes()), len(rest.Bytes()))
		})
	}
}

// What is called and not there traps; it does nothing else.
func TestFirstHalfAloneTraps(t *testing.T) {
	first := compiled(t)
	_, err := first.Split(func(int) bool { return false })
	require.NoError(t, err)
	out, problem := halves(t, first, nil)
	assert.Empty(t, out)
	assert.Equal(t, "RuntimeError\n", problem)
}

func TestWatchedProgramRunsAsBefore(t *testing.T) {
	m := compiled(t)
	watched, functions, err := m.Watch()
	require.NoError(t, err)
	code, err := m.functions()
	require.NoError(t, err)
	assert.Len(t, code, functions)
	assert.Equal(t, "hit 7", HitName(7))
	wantOut, wantProblem := halves(t, m, nil)
	out, problem := halves(t, watched, nil)
	assert.Equal(t, wantOut, out)
	assert.Equal(t, wantProblem, problem)
	body, err := watched.find(sectionExport)
	require.NoError(t, err)
	assert.Equal(t, functions, bytes.Count(body, []byte("hit ")))
}

// change replaces a section of a module by another.
func change(id byte, body ...byte) func(t *testing.T, m *Module) {
	return func(t *testing.T, m *Module) {
		_, err := m.find(id)
		require.NoError(t, err)
		m.replace(id, body)
	}
}

// A module that is not as Go's linker writes it is refused, and stays as it was.
func TestSplitRefusesOtherModules(t *testing.T) {
	inCode := func(instructions ...byte) func(t *testing.T, m *Module) {
		return func(t *testing.T, m *Module) {
			code, err := m.functions()
			require.NoError(t, err)
			code[len(code)/2] = append(append([]byte{0}, instructions...), bytes.Repeat([]byte{opNop}, stubBytes)...)
			m.replace(sectionCode, codeOf(code))
		}
	}
	for name, c := range map[string]struct {
		change func(t *testing.T, m *Module)
		want   string
	}{
		"no types":               {change(sectionType), "has no section 1"},
		"no type of Go's":        {change(sectionType, 1, 0x60, 0, 0), errOtherCode.Error()},
		"an imported memory":     {change(sectionImport, 1, 1, 'm', 1, 'm', kindMemory, 0, 0), errOtherCode.Error()},
		"cut imports":            {change(sectionImport, 1, 1, 'm'), errOtherCode.Error()},
		"two tables":             {change(sectionTable, 2, typeFuncref, 0, 0, typeFuncref, 0, 0), errOtherCode.Error()},
		"elements in two pieces": {change(sectionElement, 2, 0, opI32Const, 0, opEnd, 0, 0, opI32Const, 0, opEnd, 0), errOtherCode.Error()},
		"a passive segment":      {change(sectionElement, 1, 1, 0, 0), errOtherCode.Error()},
		"no elements":            {change(sectionElement, 1, 0, opI32Const, 0, opEnd, 0), "which no table has"},
		"fewer functions":        {change(sectionFunction, 1, 0), errOtherCode.Error()},
		"no code":                {change(sectionCode, 0), errOtherCode.Error()},
		"another instruction":    {inCode(0xfd, 0), "instruction 0xfd"},
		"a table instruction":    {inCode(opMore, 12, 0, 0), "instruction 0xfc 12"},
		"a cut number":           {inCode(append([]byte{opI64Const}, bytes.Repeat([]byte{0x80}, 30)...)...), errCut.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			m := compiled(t)
			c.change(t, m)
			before := m.Bytes()
			_, err := m.Split(func(int) bool { return false })
			assert.ErrorContains(t, err, c.want)
			assert.True(t, bytes.Equal(before, m.Bytes()), "the module was changed")
		})
	}
}

func TestEachCall(t *testing.T) {
	body := []byte{
		1, 2, typeI64, // locals
		opBlock, 0x40, opLoop, typeI32, opI32Const, 0x90, 0x7f, opIf, 0x40, opElse, opEnd, opEnd, opEnd,
		opBrTable, 2, 0, 1, 2, opCall, 0x90, 1,
		opLocalGet, 5, 0x28, 2, 0x80, 0x10, opMemorySize, 0, opF32Const, opCall, opCall, opCall, opCall,
		opF64Const, opCall, 1, opCall, 1, opCall, 1, opCall, 1, opCallIndirect, 3, 0, opMore, 7, opMore, 10, 0, 0, opMore, 11, 0,
		opBrIf, opCall, 0x45, 0xc4, opDrop, opSelect, opReturn, opCall, 7, opEnd,
	}
	var found []int
	require.NoError(t, eachCall(body, func(function, from, to int) {
		found = append(found, function)
		assert.EqualValues(t, byte(opCall), body[from])
		r := &reader{rest: body[from+1 : to]}
		assert.Equal(t, function, r.size())
		assert.Empty(t, r.rest)
	}))
	assert.Equal(t, []int{144, 7}, found, "numbers that look like a call are none")
	for n := range 3 {
		assert.Error(t, eachCall(body[:n], func(int, int, int) {}), "%d bytes", n)
	}
}
