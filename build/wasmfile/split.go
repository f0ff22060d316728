package wasmfile

import (
	"bytes"
	"fmt"
	"slices"
)

// A program is split into what it needs at first and the rest. Each function of the rest leaves in its place one that calls
// it through a table, which the second module fills when it is instantiated. That works on the memory, the globals and the
// table of functions of the first, so that a program may go on in the middle of what it does.
//
// Binaryen's wasm-split does this for other compilers. It is simpler for Go: its functions have one type, and each stands in
// the table of functions already, where the second module finds it.

// What the second module imports of the first.
const (
	firstModule = "first"
	memoryName  = "mem"
	tableName   = "table" // of all functions
	restName    = "rest"  // of those that are in the second module
)

const typeFuncref = 0x70

// whole is what has to be known of a module to split it. Functions are counted without those that it imports.
type whole struct {
	code     [][]byte
	types    []int // by function, the index of its type
	goType   int   // the type of all functions that Go compiles
	imported int
	slots    map[int]int // where in its table a function stands, by its index with the imported ones
	globals  []byte      // types
	mutable  []byte
	limits   []byte // of the table
}

func (m *Module) whole() (p whole, err error) {
	read := func(id byte, take func(r *reader) error) {
		if err != nil {
			return
		}
		var body []byte
		if body, err = m.find(id); err != nil {
			return
		}
		r := &reader{rest: body}
		if err = take(r); err == nil && (r.bad || len(r.rest) > 0) {
			err = errOtherCode
		}
	}
	read(sectionType, p.readTypes)
	read(sectionImport, p.readImports)
	read(sectionFunction, func(r *reader) error {
		for n := r.size(); n > 0 && !r.bad; n-- {
			p.types = append(p.types, r.size())
		}
		return nil
	})
	read(sectionTable, func(r *reader) error {
		if r.byte() != 1 || r.byte() != typeFuncref {
			return errOtherCode
		}
		p.limits = r.bytes(len(r.rest))
		return nil
	})
	read(sectionElement, p.readSlots)
	if err != nil {
		return p, err
	}
	if p.globals, p.mutable, err = m.globals(); err != nil {
		return p, err
	}
	p.code, err = m.functions()
	if err == nil && len(p.code) != len(p.types) {
		err = errOtherCode
	}
	return p, err
}

// readTypes looks for the type of Go's functions: they take the place to go on in, and tell whether the stack is left.
func (p *whole) readTypes(r *reader) error {
	p.goType = -1
	for i, n := 0, r.size(); i < n && !r.bad; i++ {
		before := r.rest
		r.byte()
		r.bytes(r.size())
		r.bytes(r.size())
		if bytes.Equal(before[:len(before)-len(r.rest)], []byte{0x60, 1, typeI32, 1, typeI32}) {
			p.goType = i
		}
	}
	if p.goType < 0 {
		return errOtherCode
	}
	return nil
}

func (p *whole) readImports(r *reader) error {
	p.imported = r.size()
	for n := p.imported; n > 0 && !r.bad; n-- {
		r.bytes(r.size())
		r.bytes(r.size())
		if r.byte() != kindFunction {
			return errOtherCode
		}
		r.size()
	}
	return nil
}

func (p *whole) readSlots(r *reader) error {
	if r.size() != 1 || r.byte() != 0 || r.byte() != opI32Const {
		return errOtherCode
	}
	slot := int(r.signed())
	if r.byte() != opEnd {
		return errOtherCode
	}
	p.slots = map[int]int{}
	for n := r.size(); n > 0 && !r.bad; n-- {
		p.slots[r.size()] = slot
		slot++
	}
	return nil
}

// Split takes the functions out of a module that are not wanted at first, and returns them as a module of its own. Functions
// that call JavaScript stay, and small ones. The module is as before after an error.
func (m *Module) Split(wanted func(function int) bool) (rest *Module, err error) {
	p, err := m.whole()
	if err != nil {
		return nil, err
	}
	moved, err := p.choose(wanted)
	if err != nil {
		return nil, err
	}
	places := map[int]int{} // in the rest, by the index with the imported ones
	for place, function := range moved {
		places[p.imported+function] = place
	}
	left, taken := slices.Clone(p.code), make([][]byte, len(moved))
	for place, function := range moved {
		if taken[place], err = p.move(p.code[function], places); err != nil {
			return nil, fmt.Errorf("function %d: %w", function, err)
		}
		left[function] = p.stub(place)
	}
	types, err := m.find(sectionType)
	if err != nil {
		return nil, err
	}

	first := &Module{sections: slices.Clone(m.sections)}
	size := appendUnsigned([]byte{0}, uint64(len(moved))) // the limits of a table: no maximum, and what it begins with
	first.replace(sectionTable, slices.Concat([]byte{2, typeFuncref}, p.limits, []byte{typeFuncref}, size))
	first.replace(sectionCode, codeOf(left))
	exports := append(globalExports(p.globals), export{tableName, kindTable, 0}, export{restName, kindTable, 1})
	if err := first.export(exports); err != nil {
		return nil, err
	}
	m.sections = first.sections

	functions := appendUnsigned(nil, uint64(len(moved)))
	elements := []byte{1, 2, 1, opI32Const, 0, opEnd, 0} // one segment: into table 1, from its beginning, functions
	elements = appendUnsigned(elements, uint64(len(moved)))
	for place := range moved {
		functions = appendUnsigned(functions, uint64(p.goType))
		elements = appendUnsigned(elements, uint64(place))
	}
	return &Module{sections: []section{
		{sectionType, types}, {sectionImport, p.imports(size)}, {sectionFunction, functions},
		{sectionElement, elements}, {sectionCode, codeOf(taken)},
	}}, nil
}

// stubBytes is about the size of a stub.
const stubBytes = 12

// choose returns the functions to move.
func (p *whole) choose(wanted func(function int) bool) ([]int, error) {
	var moved []int
	for i, body := range p.code {
		if wanted(i) || p.types[i] != p.goType || len(body) <= stubBytes {
			continue
		}
		leaves := false
		if err := eachCall(body, func(function, _, _ int) { leaves = leaves || function < p.imported }); err != nil {
			return nil, fmt.Errorf("function %d: %w", i, err)
		}
		if !leaves {
			moved = append(moved, i)
		}
	}
	return moved, nil
}

// stub is a function that calls the one at a place in table 1.
func (p *whole) stub(place int) []byte {
	body := appendSigned([]byte{0, opLocalGet, 0, opI32Const}, int64(place))
	body = appendUnsigned(append(body, opCallIndirect), uint64(p.goType))
	return append(body, 1, opEnd)
}

// move gives the calls in a function their new numbers: those to functions that move too, and through the table of all
// functions those to functions that stay.
func (p *whole) move(body []byte, places map[int]int) ([]byte, error) {
	var out []byte
	var problem error
	done := 0
	err := eachCall(body, func(function, from, to int) {
		out = append(out, body[done:from]...)
		done = to
		if place, ok := places[function]; ok {
			out = appendUnsigned(append(out, opCall), uint64(place))
			return
		}
		slot, ok := p.slots[function]
		if !ok || function < p.imported || function-p.imported >= len(p.types) {
			problem = fmt.Errorf("%w: it calls function %d, which no table has", errOtherCode, function)
			return
		}
		out = appendSigned(append(out, opI32Const), int64(slot))
		out = appendUnsigned(append(out, opCallIndirect), uint64(p.types[function-p.imported]))
		out = append(out, 0)
	})
	if err == nil {
		err = problem
	}
	return append(out, body[done:]...), err
}

// imports is the section of what the second module has of the first, whose second table has the given limits.
func (p *whole) imports(size []byte) []byte {
	list := appendUnsigned(nil, uint64(3+len(p.globals)))
	add := func(name string, kind byte, form ...[]byte) {
		list = append(appendName(appendName(list, firstModule), name), kind)
		list = append(list, bytes.Join(form, nil)...)
	}
	add(memoryName, kindMemory, []byte{0, 0}) // of any size
	add(tableName, kindTable, []byte{typeFuncref}, p.limits)
	add(restName, kindTable, []byte{typeFuncref}, size)
	for i, kind := range p.globals {
		add(GlobalName(i), kindGlobal, []byte{kind, p.mutable[i]})
	}
	return list
}
