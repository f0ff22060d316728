package wasmfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// State is a program that has started, and waits: what a module's memory and globals hold.
type State struct {
	Memory []byte
	// Globals are the values of the module's globals, in their order.
	Globals []int64
	// Values are the names of the JavaScript values that the program holds, in the order of their numbers; nil is one that is free.
	Values []*string
}

// frozenSection is the custom section by which a frozen module is known. It holds JSON.
const frozenSection = "frozen"

// note is what whoever lets the program go on has to know.
type note struct {
	Values  []*string `json:"values"`
	Buckets *Buckets  `json:"buckets,omitempty"`
}

// Types of globals.
const (
	typeI32 = 0x7f
	typeI64 = 0x7e
)

// globals reads the types of all globals, and whether each may change.
func (m *Module) globals() (types []byte, mutable []byte, err error) {
	body, err := m.find(sectionGlobal)
	if err != nil {
		return nil, nil, err
	}
	r := &reader{rest: body}
	for n := r.size(); n > 0; n-- {
		kind, mut := r.byte(), r.byte()
		op := r.byte()
		r.signed()
		if end := r.byte(); r.bad || end != opEnd || kind == typeI32 && op != opI32Const || kind == typeI64 && op != opI64Const ||
			kind != typeI32 && kind != typeI64 {
			return nil, nil, errors.New("a global has a form that is not known")
		}
		types, mutable = append(types, kind), append(mutable, mut)
	}
	return types, mutable, nil
}

// GlobalName is the name under which Open exports a global.
func GlobalName(n int) string { return fmt.Sprintf("global %d", n) }

// Open returns the module with all its globals exported, as many as it says, so that they can be read while it runs.
func (m *Module) Open() (*Module, int, error) {
	types, _, err := m.globals()
	if err != nil {
		return nil, 0, err
	}
	open := &Module{sections: slices.Clone(m.sections)}
	return open, len(types), open.export(globalExports(types))
}

func globalExports(types []byte) []export {
	list := make([]export, len(types))
	for i := range types {
		list[i] = export{GlobalName(i), kindGlobal, i}
	}
	return list
}

// Freeze makes a module begin where a program of it has come to. Freed memory has to be marked with Freed, as Go does with
// GODEBUG=clobberfree=1, and becomes zeros; the setting itself is taken back.
func (m *Module) Freeze(s State) error {
	types, mutable, err := m.globals()
	if err != nil {
		return err
	}
	if len(types) != len(s.Globals) {
		return fmt.Errorf("got the values of %d globals, want %d", len(s.Globals), len(types))
	}
	if len(s.Memory) == 0 || len(s.Memory)%pageBytes != 0 || len(s.Memory) > maxImage {
		return fmt.Errorf("a memory of %d bytes cannot be frozen", len(s.Memory))
	}
	memory := bytes.Clone(s.Memory)
	if err := endClobbering(memory); err != nil {
		return err
	}
	clearFreed(memory)
	told, err := json.Marshal(note{s.Values, dropBuckets(memory)})
	if err != nil {
		return err
	}
	list := appendUnsigned(nil, uint64(len(types)))
	for i, kind := range types {
		op := byte(opI64Const)
		if kind == typeI32 {
			op = opI32Const
		}
		list = append(appendSigned(append(list, kind, mutable[i], op), s.Globals[i]), opEnd)
	}
	frozen := &Module{sections: append([]section{}, m.sections...)}
	frozen.replace(sectionGlobal, list)
	if err := frozen.dropInitial(m.initial); err != nil {
		return err
	}
	frozen.replace(sectionMemory, appendUnsigned([]byte{1, 0}, uint64(len(memory)/pageBytes)))
	if err := frozen.SetMemory(memory); err != nil {
		return err
	}
	m.sections = append(frozen.sections, section{sectionCustom, append(appendName(nil, frozenSection), told...)})
	return nil
}

// dropInitial leaves of functions that have run, and never will again, a body that traps.
func (m *Module) dropInitial(functions []int) error {
	if len(functions) == 0 {
		return nil
	}
	code, err := m.functions()
	if err != nil {
		return err
	}
	for _, i := range functions {
		code[i] = []byte{0, opUnreachable, opEnd}
	}
	m.replace(sectionCode, codeOf(code))
	return nil
}

// freed is what Go writes over memory that it frees (runtime.clobberfree).
var freed = []byte{0xef, 0xbe, 0xad, 0xde}

// clearFreed turns freed memory into zeros. Two marks beside each other are no accident of the program's.
func clearFreed(memory []byte) {
	for at := 0; at+8 <= len(memory); at += 4 {
		if !bytes.Equal(memory[at:at+4], freed) || !bytes.Equal(memory[at+4:at+8], freed) {
			continue
		}
		for ; at+4 <= len(memory) && bytes.Equal(memory[at:at+4], freed); at += 4 {
			clear(memory[at : at+4])
		}
	}
}

// clobbering is the name of the setting in the runtime's list of them: a string and the address of its value.
const clobbering = "clobberfree"

// endClobbering sets the value of the setting from 1 to 0.
func endClobbering(memory []byte) error {
	var found []uint64
	for at := 0; at+24 <= len(memory); at += 8 {
		if order.Uint64(memory[at+8:]) != uint64(len(clobbering)) {
			continue
		}
		name, value := order.Uint64(memory[at:]), order.Uint64(memory[at+16:])
		end := uint64(len(memory))
		if name < end && bytes.HasPrefix(memory[name:], []byte(clobbering)) && value%4 == 0 && value < end && order.Uint32(memory[value:]) == 1 {
			found = append(found, value)
		}
	}
	if len(found) != 1 {
		return fmt.Errorf("the setting %s was found %d times, want once", clobbering, len(found))
	}
	order.PutUint32(memory[found[0]:], 0)
	return nil
}
