package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/completion-playground/playground/build/wasmfile"
)

// wasmFolder is where the compiled core stands before the bundler takes it, in four forms: linked.wasm as Go's linker made
// it, plain.wasm packed, whole.wasm frozen after its start, and that in two halves, core.wasm, which a page loads first, and
// rest.wasm. All give the same answers. Where a toolchain does not allow for a form it is the one before, and the rest empty.
func (p *project) wasmFolder() string { return p.path(".cache", "wasm") }

// wasmFile is the form for programs that have it at hand.
func (p *project) wasmFile() string { return filepath.Join(p.wasmFolder(), "whole.wasm") }

// modulePath begins the import path of every package of the module.
const modulePath = "github.com/completion-playground/playground/"

// quick are the packages whose functions are inlined in WebAssembly: those that run at every keystroke. Inlining makes the
// others no quicker that anybody could tell, and the download 7 % longer.
var quick = []string{
	"runtime", "internal/...", "sync/...", "unicode/...", "math/bits", "bytes", "strings", "strconv", "slices", "cmp",
	modulePath + "core", modulePath + "wasm", modulePath + "core/internal/utf", modulePath + "core/internal/jsontape",
	modulePath + "core/internal/finding", modulePath + "core/internal/loose", modulePath + "core/internal/plan",
	modulePath + "core/internal/edit", modulePath + "core/internal/check",
}

// wasmFlags are what decides how a package is compiled for the page. Who only reads the packages passes them too, or the
// standard library would be compiled once more.
func wasmFlags() []string {
	flags := []string{"-trimpath", "-gcflags=all=-l"}
	for _, name := range quick {
		flags = append(flags, "-gcflags="+name+"=") // the last that matches counts
	}
	return flags
}

// plainTraces tells whether "make build DEBUG=1" was asked for: a core whose traces name functions and lines.
func plainTraces() bool { return switchedOn("PLAYGROUND_DEBUG") }

// compileWasm compiles ./wasm, packs what the linker made and freezes what that comes to. Nothing of the machine or the
// commit enters the files (-trimpath, -buildvcs=false), so that the same sources give the same hashed names; symbols and
// debug data (-s -w) would add a third to the download.
//
// A toolchain whose tables nobody has looked at yet gives a module that is larger or starts later, and a line that says so.
func (p *project) compileWasm(ctx context.Context) error {
	linked := filepath.Join(p.wasmFolder(), "linked.wasm")
	args := append([]string{"build", "-buildvcs=false", "-ldflags=-s -w"}, wasmFlags()...)
	cmd := exec.CommandContext(ctx, "go", append(args, "-o", linked, "./wasm")...)
	cmd.Dir = p.root
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("compiling the core to WebAssembly: %w\n%s", err, bytes.TrimSpace(output))
	}
	file, err := os.ReadFile(linked)
	if err != nil {
		return err
	}
	forms := wasmForms{plain: file, whole: file, core: file, rest: wasmfile.Empty}
	if !plainTraces() {
		p.shrinkWasm(ctx, file, &forms)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return errors.Join(
		writeAtomically(filepath.Join(p.wasmFolder(), "plain.wasm"), forms.plain),
		writeAtomically(p.wasmFile(), forms.whole),
		writeAtomically(filepath.Join(p.wasmFolder(), "core.wasm"), forms.core),
		writeAtomically(filepath.Join(p.wasmFolder(), "rest.wasm"), forms.rest),
	)
}

// wasmForms are what wasmFolder tells of.
type wasmForms struct{ plain, whole, core, rest []byte }

// shrinkWasm makes the forms of a compiled module, as far as that is possible.
func (p *project) shrinkWasm(ctx context.Context, file []byte, forms *wasmForms) {
	told := func(what string, err error) bool {
		if err != nil && ctx.Err() == nil {
			fmt.Fprintf(p.out, "the compiled core %s: %v\n", what, err)
		}
		return err != nil
	}
	module, err := wasmfile.Parse(file)
	if err == nil {
		err = module.Pack()
	}
	if told("stays as the linker made it, which is a fifth more to download", err) {
		return
	}
	forms.plain = module.Bytes()
	forms.whole, forms.core = forms.plain, forms.plain
	called, err := p.freezeWasm(ctx, module)
	if told("is not frozen, so that it starts later", err) {
		return
	}
	forms.whole = module.Bytes()
	forms.core = forms.whole
	rest, err := module.Split(func(function int) bool { return called[function] })
	if told("stays in one piece, all of which has to be there at first", err) {
		return
	}
	forms.core, forms.rest = module.Bytes(), rest.Bytes()
}

// wasmExec finds the JavaScript half of the Go runtime. It belongs to the toolchain that compiles the core: the two
// change together, so a copy in the repository would break with the next Go release.
func wasmExec(ctx context.Context) (string, error) {
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOROOT: %w", err)
	}
	file := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js")
	if _, err := os.Stat(file); err != nil {
		return "", fmt.Errorf("this Go installation lacks lib/wasm/wasm_exec.js; install Go 1.25 or newer from https://go.dev/dl")
	}
	return file, nil
}
