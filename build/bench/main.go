// Command bench measures the core beside the JSON Schema libraries that a Go programmer would pick instead. It is a
// module of its own, so that the library does not depend on what it is compared with.
//
//	go run .             measure, and print a table in Markdown
//	go run . -only NAME  the same for the inputs whose name contains NAME
//	go run . -write DIR  write inputs and schemas for the JavaScript side, web/bench
//	go run . -batch SCRIPT [-sourcemeta PROGRAM]  measure how files of requests are checked
//
// "go run ./build bench" in the root of the checkout does both and writes RESULTS.md.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/completion-playground/playground/core"
)

func main() {
	write := flag.String("write", "", "folder for inputs and schemas; without it, measure")
	only := flag.String("only", "", "measure only inputs whose name contains this")
	script := flag.String("batch", "", "the script that checks a file with Ajv; measure files of requests")
	other := flag.String("sourcemeta", "", "the program of that name, to be measured with -batch")
	peer := flag.String("batch-peer", "", "be one of the processes that -batch measures")
	cores := flag.Int("cores", 1, "how many processors that uses")
	kind := flag.String("batch-kind", "requests", "what it checks where it gets no file")
	size := flag.Int64("batch-size", 0, "and how many bytes of it")
	flag.Parse()
	run := func() error { return measure(*only) }
	switch {
	case *write != "":
		run = func() error { return writeInputs(*write) }
	case *script != "":
		run = func() error { return measureBatch(*script, *other) }
	case *peer != "":
		run = func() error { return batchPeer(*peer, *cores, flag.Arg(0), *kind, *size) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// writeInputs puts NAME.json for each input, PROFILE.schema.json for each schema, and index.json, which lists them, into
// dir.
func writeInputs(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	type entry struct {
		Name    string `json:"name"`
		Title   string `json:"title"`
		Profile string `json:"profile"`
		Valid   bool   `json:"valid"`
	}
	var index []entry
	files := map[string][]byte{}
	for _, in := range inputs() {
		v, err := core.ForProfile(in.profile)
		if err != nil {
			return err
		}
		files[in.name+".json"] = in.text()
		files[in.profile+".schema.json"] = v.Schema()
		index = append(index, entry{in.name, in.title, in.profile, in.valid})
	}
	text, err := json.Marshal(index)
	if err != nil {
		return err
	}
	files["index.json"] = text
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
