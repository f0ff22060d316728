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
// need only instantiate it. The module is as before after an error.
func (p *project) freezeWasm(ctx context.Context, module *wasmfile.Module) error {
	exec, err := wasmExec(ctx)
	if err != nil {
		return err
	}
	open, globals, err := module.Open()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(p.wasmFolder(), "freeze-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	script, file, memory := filepath.Join(dir, "freeze.mjs"), filepath.Join(dir, "open.wasm"), filepath.Join(dir, "memory")
	if err := os.WriteFile(script, freezeScript, 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(file, open.Bytes(), 0o644); err != nil {
		return err
	}
	printed, err := (tool{dir: dir}).run(ctx, "node", script, exec, file, memory, strconv.Itoa(globals))
	if err != nil {
		return err
	}
	var told struct {
		Globals []string        `json:"globals"`
		Note    json.RawMessage `json:"note"`
	}
	if err := json.Unmarshal([]byte(printed), &told); err != nil {
		return fmt.Errorf("what the script printed is no JSON: %w", err)
	}
	state := wasmfile.State{Note: told.Note}
	for _, text := range told.Globals {
		value, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return err
		}
		state.Globals = append(state.Globals, value)
	}
	if state.Memory, err = os.ReadFile(memory); err != nil {
		return err
	}
	return module.Freeze(state)
}
