// Command bench measures the core beside the JSON Schema libraries that a Go programmer would pick instead. It is a
// module of its own, so that the library does not depend on what it is compared with.
//
//	go run .             measure, and print a table in Markdown
//	go run . -write DIR  write inputs and schemas for the JavaScript side, web/bench
//
// "go run ./build bench" in the root of the checkout does both and writes RESULTS.md.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	write := flag.String("write", "", "folder for inputs and schemas; without it, measure")
	flag.Parse()
	run := measure
	if *write != "" {
		run = func() error { return writeInputs(*write) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// writeInputs puts NAME.json for each input, its schema as NAME.schema.json and the list of names into dir.
func writeInputs(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var index []byte
	for _, in := range inputs() {
		schema, err := mergedSchema(in.profile)
		if err != nil {
			return err
		}
		for name, data := range map[string][]byte{in.name + ".json": in.text, in.profile + ".schema.json": schema} {
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
				return err
			}
		}
		index = fmt.Appendf(index, "%s %s\n", in.name, in.profile)
	}
	return os.WriteFile(filepath.Join(dir, "index.txt"), index, 0o644)
}
