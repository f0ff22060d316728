package wasmfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// table is what Go's linker tells the runtime of every function, within the memory of a module. Its source is
// cmd/link/internal/ld/pcln.go, its readers are runtime/symtab.go and runtime/traceback.go.
//
// A header leads to parts that follow it: names of functions, files of compilation units, names of files, tables of values
// by instruction ("pctab"), and the list of functions with a record for each.
type table struct {
	names, units, files, values, records []byte
	functions                            []function
	account                              []byte // the words of runtime.moduledata
	gofunc                               []byte // where the records' funcdata begins, up to the end of memory
	initial                              []int  // functions that initialise a package, by their index in the code
}

// function is the record of one function, in the memory itself.
type function struct {
	record []byte
	values int // tables of values it has, each an offset of four bytes after the record
	data   int // pieces of funcdata, each an offset of four bytes after those
}

// Where things lie in a record (runtime._func).
const (
	atName      = 4
	atStackSize = 16 // pcsp
	atFile      = 20
	atLine      = 24
	atUnit      = 32
	recordBytes = 44
)

// Tables of values and pieces of funcdata that only traces, debuggers and preemption by signals look at, which
// WebAssembly does not have (internal/abi/symtab.go).
const (
	valuesUnsafe  = 0 // PCDATA_UnsafePoint
	valuesInlined = 2 // PCDATA_InlTreeIndex
	valuesLive    = 3 // PCDATA_ArgLiveIndex
	dataInlined   = 3 // FUNCDATA_InlTree
	dataArguments = 5 // FUNCDATA_ArgInfo
	dataLive      = 6 // FUNCDATA_ArgLiveInfo
)

// The most tables and pieces that the known releases write.
const (
	mostValues = 5 // to PCDATA_PanicBounds
	mostData   = 8 // to FUNCDATA_WrapInfo
)

var (
	order         = binary.LittleEndian
	headerMagic   = []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8} // Go120PCLnTabMagic, padding, sizes of an instruction and a pointer
	errNoTable    = errors.New("the table of functions was not found")
	errOtherTable = errors.New("the table of functions has a layout that is not known")
)

// findTable looks for the table by its header, and by the runtime's own account of it, which has to say the same.
func findTable(image []byte) (*table, error) {
	for at := 0; ; at += len(headerMagic) {
		next := bytes.Index(image[at:], headerMagic)
		if next < 0 {
			return nil, errNoTable
		}
		at += next
		if at%8 == 0 {
			if account := findAccount(image, at); account != nil {
				return readTable(image, at, account)
			}
		}
	}
}

// part is a slice as it lies in memory.
type part struct{ address, length, capacity uint64 }

func partAt(memory []byte) part {
	return part{order.Uint64(memory), order.Uint64(memory[8:]), order.Uint64(memory[16:])}
}

// findAccount returns the words of runtime.moduledata, which begins with the header's address and that of the names.
func findAccount(image []byte, header int) []byte {
	if len(image)-header < headerBytes {
		return nil
	}
	first := order.AppendUint64(nil, uint64(header))
	first = order.AppendUint64(first, uint64(header)+order.Uint64(image[header+32:]))
	for at := 0; ; at++ {
		next := bytes.Index(image[at:], first)
		if next < 0 {
			return nil
		}
		if at += next; at%8 == 0 && len(image)-at >= accountBytes {
			return image[at : at+accountBytes]
		}
	}
}

// firstEntry is the number of the first function of the code section; the others follow it (cmd/link/internal/wasm).
const firstEntry = 0x1000

// Sizes in bytes, and where runtime.moduledata has what: the parts from its second word on, three words each.
const (
	headerBytes  = 72
	accountBytes = 41 * 8
	atParts      = 8
	atGofunc     = 40 * 8
)

func readTable(image []byte, header int, account []byte) (*table, error) {
	word := func(n int) uint64 { return order.Uint64(image[header+8*n:]) }
	var parts [6]part // names, units, files, values, records, functions
	for i := range parts {
		parts[i] = partAt(account[atParts+24*i:])
		size := uint64(1)
		if i == 1 {
			size = 4
		} else if i == 5 {
			size = 8
		}
		p := &parts[i]
		p.length *= size
		if p.length != p.capacity*size || p.address > uint64(len(image)) || p.length > uint64(len(image))-p.address {
			return nil, errOtherTable
		}
		if i < 5 && p.address != uint64(header)+word(4+i) || i > 0 && i < 5 && p.address < parts[i-1].address+parts[i-1].length {
			return nil, errOtherTable
		}
	}
	slice := func(i int) []byte { return image[parts[i].address : parts[i].address+parts[i].length] }
	t := &table{names: slice(0), units: slice(1), files: slice(2), values: slice(3), records: slice(4), account: account}
	list, gofunc := slice(5), order.Uint64(account[atGofunc:])
	if uint64(len(list)) != 8*(word(1)+1) || parts[5].address != parts[4].address || gofunc > uint64(len(image)) {
		return nil, errOtherTable
	}
	t.gofunc = image[gofunc:]
	for entry := uint32(firstEntry); len(list) > 8; list = list[8:] {
		offset := order.Uint32(list[4:])
		if uint64(offset)+recordBytes > uint64(len(t.records)) || order.Uint32(list) != entry {
			return nil, errOtherTable
		}
		f := function{record: t.records[offset:]}
		f.values, f.data = int(order.Uint32(f.record[28:])), int(f.record[43])
		if order.Uint32(f.record) != entry || f.values > mostValues || f.data > mostData ||
			recordBytes+4*(f.values+f.data) > len(f.record) || int(order.Uint32(f.record[atName:])) >= len(t.names) {
			return nil, errOtherTable
		}
		entry++
		t.functions = append(t.functions, f)
	}
	return t, nil
}

// valueTable returns the place of the offset of one of a function's tables of values.
func (f function) valueTable(n int) []byte { return f.record[recordBytes+4*n:] }

// dataPiece returns the place of the offset of one of its pieces of funcdata.
func (f function) dataPiece(n int) []byte { return f.record[recordBytes+4*(f.values+n):] }

// strip takes out of the table, in memory, what only traces need.
func (t *table) strip() error {
	needed := make([]bool, len(t.values))
	needed[0] = true // offset 0 is no table
	if err := t.dropData(); err != nil {
		return err
	}
	for _, f := range t.functions {
		kept := [][]byte{f.record[atStackSize:]}
		for n := range f.values {
			kept = append(kept, f.valueTable(n))
		}
		for _, n := range []int{valuesUnsafe, valuesInlined, valuesLive} {
			if n < f.values {
				order.PutUint32(f.valueTable(n), 0)
			}
		}
		for _, place := range kept {
			offset := order.Uint32(place)
			left, _, err := t.walk(offset)
			if err != nil {
				return err
			}
			for i := int(offset); offset > 0 && i < len(t.values)-left; i++ {
				needed[i] = true
			}
		}
		for _, at := range []int{atFile, atLine, atUnit, atUnit + 4} {
			order.PutUint32(f.record[at:], 0)
		}
	}
	for i := range t.values {
		if !needed[i] {
			t.values[i] = 0
		}
	}
	clear(t.units)
	clear(t.files)
	return t.shortenNames()
}

// walk reads the table of values at an offset: pairs of numbers, a step of the value (0 ends the table, but for the first
// pair) and a step of the instruction. It returns how many bytes follow the table, and its largest value.
func (t *table) walk(offset uint32) (left int, largest int, err error) {
	if offset == 0 {
		return 0, -1, nil
	}
	if int64(offset) >= int64(len(t.values)) {
		return 0, 0, fmt.Errorf("%w: a table of values lies outside", errOtherTable)
	}
	r := &reader{rest: t.values[offset:]}
	value := -1
	for first := true; ; first = false {
		step := r.size()
		if step == 0 && !first || r.bad {
			break
		}
		value += step>>1 ^ -(step & 1) // the lowest bit is the sign
		largest = max(largest, value)
		r.size()
	}
	if r.bad {
		return 0, 0, fmt.Errorf("%w: a table of values has no end", errOtherTable)
	}
	return len(r.rest), largest, nil
}

// absent is the offset of a piece of funcdata that a function does not have.
const absent = math.MaxUint32

// callBytes is the size of a call that was inlined (runtime.inlinedCall), of which a function has a list.
const callBytes = 16

// calls reports whether a place in the funcdata is a list of inlined calls: each with a byte, three that are unused, and the
// offset of a name.
func (t *table) calls(from, to int) bool {
	for ; from < to; from += callBytes {
		if to > len(t.gofunc) || order.Uint32(t.gofunc[from:])>>8 != 0 {
			return false
		}
		if name := order.Uint32(t.gofunc[from+4:]); int64(name) >= int64(len(t.names)) || name > 0 && t.names[name-1] != 0 {
			return false
		}
	}
	return true
}

// dropData empties the lists of inlined calls, and the forms of arguments, which end with 0xff (internal/abi.TraceArgsEndSeq).
// The linker lets functions share equal pieces: what begins within one of another kind stays.
func (t *table) dropData() error {
	type span struct{ from, to int }
	var unneeded []span
	var needed []int
	for _, f := range t.functions {
		for n := range f.data {
			offset := order.Uint32(f.dataPiece(n))
			if offset == absent {
				continue
			}
			if int64(offset) >= int64(len(t.gofunc)) {
				return fmt.Errorf("%w: a piece of data lies outside", errOtherTable)
			}
			from, to := int(offset), int(offset)
			switch n {
			case dataInlined:
				if f.values <= valuesInlined {
					return errOtherTable
				}
				_, last, err := t.walk(order.Uint32(f.valueTable(valuesInlined)))
				if err != nil {
					return err
				}
				to += callBytes * (last + 1)
				if !t.calls(from, to) {
					return fmt.Errorf("%w: a list of inlined calls holds something else", errOtherTable)
				}
			case dataArguments:
				to += bytes.IndexByte(t.gofunc[from:], 0xff) + 1
			case dataLive:
			default:
				needed = append(needed, from)
				continue
			}
			order.PutUint32(f.dataPiece(n), absent)
			if to > len(t.gofunc) {
				return fmt.Errorf("%w: a piece of data lies outside", errOtherTable)
			}
			unneeded = append(unneeded, span{from, to})
		}
	}
	slices.Sort(needed)
	for _, s := range unneeded {
		if at, _ := slices.BinarySearch(needed, s.from); at == len(needed) || needed[at] >= s.to {
			clear(t.gofunc[s.from:s.to])
		}
	}
	return nil
}

// shortenNames leaves of a function's name its package, with the dot. The runtime itself asks only whether a name begins
// with "runtime." and has a dot.
func (t *table) shortenNames() error {
	short := []byte{0} // offset 0 is a function without a name
	places := map[string]int{"": 0}
	for i, f := range t.functions {
		name := t.names[order.Uint32(f.record[atName:]):]
		end := bytes.IndexByte(name, 0)
		if end < 0 {
			return fmt.Errorf("%w: the name of a function has no end", errOtherTable)
		}
		pkg := packageOf(string(name[:end]))
		if initialises(string(name[:end])) {
			t.initial = append(t.initial, i)
		}
		if _, ok := places[pkg]; !ok {
			places[pkg] = len(short)
			short = append(append(short, pkg...), 0)
		}
		order.PutUint32(f.record[atName:], uint32(places[pkg]))
	}
	if len(short) > len(t.names) {
		return errOtherTable
	}
	clear(t.names)
	copy(t.names, short)
	return nil
}

// initialises reports whether a function of this name is one that the runtime calls before main, and no program can:
// "unicode.init", "time.init.0", and parts of large ones, "unicode.map.init.2".
func initialises(name string) bool {
	rest := strings.TrimPrefix(name, packageOf(name))
	rest = strings.TrimPrefix(rest, "map.")
	number := strings.TrimPrefix(rest, "init.")
	return rest == "init" || number != rest && number != "" && strings.Trim(number, "0123456789") == ""
}

// packageOf returns "encoding/json." of "encoding/json.(*Decoder).Decode" and of "encoding/json.get[go.shape.int]", and ""
// of what is of no package.
func packageOf(name string) string {
	name, _, _ = strings.Cut(name, "[")
	name, _, _ = strings.Cut(name, "(")
	from := strings.LastIndexByte(name, '/') + 1
	if dot := strings.IndexByte(name[from:], '.'); dot >= 0 {
		return name[:from+dot+1]
	}
	return ""
}
