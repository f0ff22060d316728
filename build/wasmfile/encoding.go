package wasmfile

import "math/bits"

// Instructions.
const (
	opUnreachable  = 0x00
	opNop          = 0x01
	opBlock        = 0x02
	opLoop         = 0x03
	opIf           = 0x04
	opElse         = 0x05
	opEnd          = 0x0b
	opBr           = 0x0c
	opBrIf         = 0x0d
	opBrTable      = 0x0e
	opReturn       = 0x0f
	opCall         = 0x10
	opCallIndirect = 0x11
	opDrop         = 0x1a
	opSelect       = 0x1b
	opLocalGet     = 0x20
	opGlobalSet    = 0x24
	opFirstLoad    = 0x28 // to opLastStore: a place in memory with its alignment
	opLastStore    = 0x3e
	opMemorySize   = 0x3f
	opMemoryGrow   = 0x40
	opI32Const     = 0x41
	opI64Const     = 0x42
	opF32Const     = 0x43
	opF64Const     = 0x44
	opFirstNumeric = 0x45 // to opLastNumeric: nothing follows
	opLastNumeric  = 0xc4
	opMore         = 0xfc // a number follows that says which
)

// reader takes values off the front of a section. Once something is missing, or too large, it is bad and all values are 0.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) byte() byte {
	if len(r.rest) == 0 {
		r.bad = true
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

// bytes takes n bytes, whose memory is that of the module.
func (r *reader) bytes(n int) []byte {
	if n > len(r.rest) {
		r.bad, r.rest = true, nil
		return nil
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}

// size takes an unsigned number of at most 32 bits.
func (r *reader) size() int {
	value := 0
	for shift := 0; shift < 35; shift += 7 {
		b := r.byte()
		value |= int(b&0x7f) << shift
		if b < 0x80 && value <= 1<<32-1 {
			return value
		}
	}
	r.bad, r.rest = true, nil
	return 0
}

// signed takes a signed number of at most 64 bits.
func (r *reader) signed() int64 {
	var value int64
	for shift := 0; shift < 70; shift += 7 {
		b := r.byte()
		value |= int64(b&0x7f) << shift
		if b < 0x80 {
			if b&0x40 != 0 && shift+7 < 64 {
				value |= -1 << (shift + 7)
			}
			return value
		}
	}
	r.bad, r.rest = true, nil
	return 0
}

func appendUnsigned(to []byte, value uint64) []byte {
	for ; value >= 0x80; value >>= 7 {
		to = append(to, byte(value)|0x80)
	}
	return append(to, byte(value))
}

func appendSigned(to []byte, value int64) []byte {
	// A group of seven bits more than the value has, for its sign.
	for n := bits.Len64(uint64(value^value>>63)) / 7; n > 0; n-- {
		to = append(to, byte(value)|0x80)
		value >>= 7
	}
	return append(to, byte(value)&0x7f)
}
