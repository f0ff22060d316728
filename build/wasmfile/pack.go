package wasmfile

import (
	"fmt"
	"slices"
	"strings"
)

// packedFor are the releases of Go whose tables are known.
var packedFor = []string{"go1.25", "go1.26"}

// Pack makes a module of Go's linker smaller: data segments take in short runs of zeros, and what only traces of the
// stack need goes. A trace then names the package of each function, and neither function nor line; a panic's message stays
// as it was.
//
// The module is as before after an error. It says in a sentence which layout is not the known one.
func (m *Module) Pack() error {
	version := m.GoVersion()
	release := strings.Join(strings.SplitN(version, ".", 3)[:min(2, strings.Count(version, ".")+1)], ".")
	if !slices.Contains(packedFor, release) {
		return fmt.Errorf("the tables of %s are not known, only those of %s", or(version, "this toolchain"), strings.Join(packedFor, " and "))
	}
	image, err := m.Memory()
	if err != nil {
		return err
	}
	table, err := findTable(image)
	if err != nil {
		return err
	}
	if err := table.strip(); err != nil {
		return err
	}
	code, err := m.functions()
	if err != nil {
		return err
	}
	if len(code) != len(table.functions) {
		return fmt.Errorf("%w: it has %d functions, and the module %d", errOtherTable, len(table.functions), len(code))
	}
	packed := Module{sections: slices.Clone(m.sections)}
	if err := packed.SetMemory(image); err != nil {
		return err
	}
	packed.replace(sectionCustom, nil) // names of toolchains and a build ID
	m.sections, m.initial = packed.sections, table.initial
	return nil
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
