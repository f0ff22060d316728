// Package wasmfile rewrites compiled WebAssembly modules: it packs what the Go linker wrote, and freezes a program that has
// started. It knows the binary format (https://webassembly.github.io/spec/core/binary/) and, in pclntab.go, what Go's
// linker puts into it.
package wasmfile

import (
	"bytes"
	"errors"
	"fmt"
)

// Identifiers of sections.
const (
	sectionCustom   = 0
	sectionType     = 1
	sectionImport   = 2
	sectionFunction = 3
	sectionTable    = 4
	sectionMemory   = 5
	sectionGlobal   = 6
	sectionExport   = 7
	sectionElement  = 9
	sectionCode     = 10
	sectionData     = 11
	sectionCount    = 12
)

// Kinds of what is imported or exported.
const (
	kindFunction = 0
	kindTable    = 1
	kindMemory   = 2
	kindGlobal   = 3
)

var preamble = []byte("\x00asm\x01\x00\x00\x00")

// Empty is a module with nothing in it.
var Empty = bytes.Clone(preamble)

// pageBytes is the size of a page of WebAssembly memory.
const pageBytes = 1 << 16

// Module is a compiled module, cut into its sections.
type Module struct {
	sections []section
	initial  []int // functions that run once, before main, as Pack found them
}

type section struct {
	id   byte
	body []byte
}

// errCut says that a module ends where something has to follow.
var errCut = errors.New("the module is cut off")

// Parse cuts a module into its sections. It copies nothing.
func Parse(file []byte) (*Module, error) {
	rest, ok := bytes.CutPrefix(file, preamble)
	if !ok {
		return nil, errors.New("this is no WebAssembly module of version 1")
	}
	m := &Module{}
	for r := (&reader{rest: rest}); len(r.rest) > 0; {
		id := r.byte()
		body := r.bytes(r.size())
		if r.bad {
			return nil, errCut
		}
		m.sections = append(m.sections, section{id, body})
	}
	return m, nil
}

// Bytes returns the module as a file.
func (m *Module) Bytes() []byte {
	out := bytes.Clone(preamble)
	for _, s := range m.sections {
		out = appendUnsigned(append(out, s.id), uint64(len(s.body)))
		out = append(out, s.body...)
	}
	return out
}

// functions returns the bodies of the module's functions, in their order.
func (m *Module) functions() ([][]byte, error) {
	body, err := m.find(sectionCode)
	if err != nil {
		return nil, err
	}
	r := &reader{rest: body}
	var list [][]byte
	for n := r.size(); n > 0 && !r.bad; n-- {
		list = append(list, r.bytes(r.size()))
	}
	if r.bad {
		return nil, errCut
	}
	return list, nil
}

// find returns the body of the one section with an identifier.
func (m *Module) find(id byte) ([]byte, error) {
	for _, s := range m.sections {
		if s.id == id {
			return s.body, nil
		}
	}
	return nil, fmt.Errorf("the module has no section %d", id)
}

// replace gives a section a new body; with nil the section goes.
func (m *Module) replace(id byte, body []byte) {
	kept := m.sections[:0]
	for _, s := range m.sections {
		if s.id == id {
			s.body = body
		}
		if s.body != nil {
			kept = append(kept, s)
		}
	}
	m.sections = kept
}

type export struct {
	name  string
	kind  byte
	index int
}

// export adds exports to a module.
func (m *Module) export(more []export) error {
	body, err := m.find(sectionExport)
	if err != nil {
		return err
	}
	r := &reader{rest: body}
	list := appendUnsigned(nil, uint64(r.size()+len(more)))
	list = append(list, r.rest...)
	for _, e := range more {
		list = append(appendName(list, e.name), e.kind)
		list = appendUnsigned(list, uint64(e.index))
	}
	m.replace(sectionExport, list)
	return nil
}

func appendName(to []byte, name string) []byte {
	return append(appendUnsigned(to, uint64(len(name))), name...)
}

// custom returns what the custom section of a name holds, nil where there is none.
func (m *Module) custom(name string) []byte {
	for _, s := range m.sections {
		if s.id != sectionCustom {
			continue
		}
		r := &reader{rest: s.body}
		if string(r.bytes(r.size())) == name && !r.bad {
			return r.rest
		}
	}
	return nil
}

// GoVersion returns the version of the Go toolchain that made the module, such as "go1.26.8"; "" where it does not say.
// It is the "language" of the section "producers", see https://github.com/WebAssembly/tool-conventions.
func (m *Module) GoVersion() string {
	r := &reader{rest: m.custom("producers")}
	text := func() string { return string(r.bytes(r.size())) }
	for fields := r.size(); fields > 0 && !r.bad; fields-- {
		text()
		for values := r.size(); values > 0 && !r.bad; values-- {
			if name, version := text(), text(); name == "Go" && version != "" && !r.bad {
				return version
			}
		}
	}
	return ""
}

// maxImage bounds the memory that a module may fill: more than any of ours, and less than a wrong number would ask for.
const maxImage = 256 << 20

// Memory returns the memory as it is when the module has been instantiated, up to the last byte that is not zero by chance.
func (m *Module) Memory() ([]byte, error) {
	body, err := m.find(sectionData)
	if err != nil {
		return nil, err
	}
	r := &reader{rest: body}
	var image []byte
	for n := r.size(); n > 0; n-- {
		if mode, op := r.byte(), r.byte(); mode != 0 || op != opI32Const {
			return nil, errors.New("a data segment has a form that is not known")
		}
		at := r.signed()
		if r.byte() != opEnd {
			return nil, errors.New("a data segment has a form that is not known")
		}
		data := r.bytes(r.size())
		if r.bad || at < 0 || int(at)+len(data) > maxImage {
			return nil, errCut
		}
		if end := int(at) + len(data); end > len(image) {
			image = append(image, make([]byte, end-len(image))...)
		}
		copy(image[at:], data)
	}
	return image, nil
}

// gap is the shortest run of zeros that ends a segment. A segment costs about ten bytes that nothing else in the file looks
// like, a run of zeros two or three; 64 gave the smallest file after compression.
const gap = 64

// maxSegments is how many segments engines take (https://webassembly.github.io/spec/js-api/#limits).
const maxSegments = 100_000

// SetMemory makes a module begin with an image of its memory. Segments stand for what is not zero.
func (m *Module) SetMemory(image []byte) error {
	var list []byte
	n := 0
	for at := 0; at < len(image); {
		if image[at] == 0 {
			at++
			continue
		}
		end := at + 1
		for zeros, i := 0, end; i < len(image) && zeros < gap; i++ {
			if image[i] == 0 {
				zeros++
			} else {
				zeros, end = 0, i+1
			}
		}
		list = append(appendSigned(append(list, 0, opI32Const), int64(at)), opEnd)
		list = append(appendUnsigned(list, uint64(end-at)), image[at:end]...)
		at = end
		n++
	}
	if n > maxSegments {
		return fmt.Errorf("the memory takes %d segments, more than the %d that engines allow", n, maxSegments)
	}
	m.replace(sectionData, append(appendUnsigned(nil, uint64(n)), list...))
	m.replace(sectionCount, nil) // it would have to say the same, and only newer instructions need it
	return nil
}
