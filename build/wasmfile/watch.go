package wasmfile

import (
	"fmt"
	"slices"
)

// HitName is the name under which Watch exports the global that says whether a function was called.
func HitName(n int) string { return fmt.Sprintf("hit %d", n) }

// Watch returns the module with a global for each function, as many as it says, that becomes 1 when it is called.
func (m *Module) Watch() (*Module, int, error) {
	types, _, err := m.globals()
	if err != nil {
		return nil, 0, err
	}
	code, err := m.functions()
	if err != nil {
		return nil, 0, err
	}
	globals, err := m.find(sectionGlobal)
	if err != nil {
		return nil, 0, err
	}
	r := &reader{rest: globals}
	list := appendUnsigned(nil, uint64(r.size()+len(code)))
	list = append(list, r.rest...)
	watched := make([][]byte, len(code))
	var exports []export
	for i, body := range code {
		list = append(list, typeI32, 1, opI32Const, 0, opEnd)
		start := startOf(body)
		if start < 0 {
			return nil, 0, errOtherCode
		}
		mark := appendUnsigned([]byte{opI32Const, 1, opGlobalSet}, uint64(len(types)+i))
		watched[i] = slices.Concat(body[:start], mark, body[start:])
		exports = append(exports, export{HitName(i), kindGlobal, len(types) + i})
	}
	w := &Module{sections: slices.Clone(m.sections)}
	w.replace(sectionGlobal, list)
	w.replace(sectionCode, codeOf(watched))
	return w, len(code), w.export(exports)
}
