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

// wasmFolder is where the compiled core stands before the bundler takes it, in three forms: linked.wasm as Go's linker made
// it, plain.wasm packed, core.wasm frozen after its start. All give the same answers.
func (p *project) wasmFolder() string { return p.path(".cache", "wasm") }

// wasmFile is the form that the page loads. It is the one before where a toolchain does not allow for more.
func (p *project) wasmFile() string { return filepath.Join(p.wasmFolder(), "core.wasm") }

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
func plainTraces() bool {
	value := os.Getenv("PLAYGROUND_DEBUG")
	return value != "" && value != "0"
}

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
	plain, frozen := file, file
	if !plainTraces() {
		plain, frozen = p.shrinkWasm(ctx, file)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return errors.Join(
		writeAtomically(filepath.Join(p.wasmFolder(), "plain.wasm"), plain),
		writeAtomically(p.wasmFile(), frozen),
	)
}

// shrinkWasm returns a compiled module packed, and that frozen. Where one is not possible it is the form before.
func (p *project) shrinkWasm(ctx context.Context, file []byte) (plain, frozen []byte) {
	module, err := wasmfile.Parse(file)
	if err == nil {
		err = module.Pack()
	}
	if err != nil {
		fmt.Fprintf(p.out, "the compiled core stays as the linker made it, which is a fifth more to download: %v\n", err)
		return file, file
	}
	plain = module.Bytes()
	if err := p.freezeWasm(ctx, module); err != nil {
		if ctx.Err() == nil {
			fmt.Fprintf(p.out, "the compiled core is not frozen, so that it starts later: %v\n", err)
		}
		return plain, plain
	}
	return plain, module.Bytes()
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
