package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/completion-playground/playground/build/wasmfile"
)

//go:embed freeze.mjs
var freezeScript []byte

// freezeWasm runs a compiled module up to where it waits for its first call and makes it begin there, so that a browser
// need only instantiate it. It returns which functions the first use of it calls (firstuse.go). The module is as before after
// an error.
func (p *project) freezeWasm(ctx context.Context, module *wasmfile.Module) (called map[int]bool, err error) {
	exec, err := wasmExec(ctx)
	if err != nil {
		return nil, err
	}
	steps, err := p.firstUse()
	if err != nil {
		return nil, err
	}
	use, err := json.Marshal(steps)
	if err != nil {
		return nil, err
	}
	open, globals, err := module.Open()
	if err != nil {
		return nil, err
	}
	open, functions, err := open.Watch()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(p.wasmFolder(), "freeze-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	in := func(name string) string { return filepath.Join(dir, name) }
	for name, data := range map[string][]byte{"freeze.mjs": freezeScript, "open.wasm": open.Bytes(), "use.json": use} {
		if err := os.WriteFile(in(name), data, 0o644); err != nil {
			return nil, err
		}
	}
	printed, err := (tool{dir: dir}).run(ctx, "node", in("freeze.mjs"), exec, in("open.wasm"), strconv.Itoa(globals),
		strconv.Itoa(functions), in("use.json"), in("memory"))
	if err != nil {
		return nil, err
	}
	var told struct {
		Globals []string  `json:"globals"`
		Values  []*string `json:"values"`
		Called  []int     `json:"called"`
	}
	if err := json.Unmarshal([]byte(printed), &told); err != nil {
		return nil, fmt.Errorf("what the script printed is no JSON: %w", err)
	}
	state := wasmfile.State{Values: told.Values}
	for _, text := range told.Globals {
		value, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, err
		}
		state.Globals = append(state.Globals, value)
	}
	if state.Memory, err = os.ReadFile(in("memory")); err != nil {
		return nil, err
	}
	called = map[int]bool{}
	for _, function := range told.Called {
		called[function] = true
	}
	return called, module.Freeze(state)
}
