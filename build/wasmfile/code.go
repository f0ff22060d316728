package wasmfile

import (
	"errors"
	"fmt"
)

// errOtherCode says that a module is not as Go's linker writes it.
var errOtherCode = errors.New("the code has a form that is not known")

// startOf returns where the instructions of a function begin, after its locals; -1 where it has no end.
func startOf(body []byte) int {
	r := &reader{rest: body}
	for n := r.size(); n > 0 && !r.bad; n-- {
		r.size()
		r.byte()
	}
	if r.bad {
		return -1
	}
	return len(body) - len(r.rest)
}

func codeOf(bodies [][]byte) []byte {
	list := appendUnsigned(nil, uint64(len(bodies)))
	for _, body := range bodies {
		list = append(appendUnsigned(list, uint64(len(body))), body...)
	}
	return list
}

// eachCall goes through the instructions of a function and tells of each direct call: whom it calls, and where it stands.
func eachCall(body []byte, found func(function, from, to int)) error {
	start := startOf(body)
	if start < 0 {
		return errOtherCode
	}
	r := &reader{rest: body[start:]}
	for len(r.rest) > 0 {
		at := len(body) - len(r.rest)
		switch op := r.byte(); {
		case op == opCall:
			function := r.size()
			found(function, at, len(body)-len(r.rest))
		case op == opBlock || op == opLoop || op == opIf || op == opI32Const || op == opI64Const:
			r.signed()
		case op == opBr || op == opBrIf || op >= opLocalGet && op <= opGlobalSet:
			r.size()
		case op == opBrTable:
			for n := r.size(); n >= 0 && !r.bad; n-- {
				r.size()
			}
		case op == opCallIndirect || op >= opFirstLoad && op <= opLastStore:
			r.size()
			r.size()
		case op == opMemorySize || op == opMemoryGrow:
			r.byte()
		case op == opF32Const:
			r.bytes(4)
		case op == opF64Const:
			r.bytes(8)
		case op == opMore:
			switch more := r.size(); {
			case more <= 7: // conversions that saturate
			case more == 10: // memory.copy
				r.bytes(2)
			case more == 11: // memory.fill
				r.byte()
			default:
				return fmt.Errorf("%w: instruction 0xfc %d", errOtherCode, more)
			}
		case op <= opNop || op == opElse || op == opEnd || op == opReturn || op == opDrop || op == opSelect ||
			op >= opFirstNumeric && op <= opLastNumeric:
		default:
			return fmt.Errorf("%w: instruction %#x", errOtherCode, op)
		}
		if r.bad {
			return errCut
		}
	}
	return nil
}
