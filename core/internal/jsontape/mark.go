package jsontape

import (
	"encoding/binary"
)

// Mark is the length of a name with bytes from its start and its end: all of them up to 16.
type Mark struct {
	N           int
	First, Last uint64
}

func MarkOf(name []byte) Mark {
	n := len(name)
	switch {
	case n >= 8:
		return Mark{n, binary.LittleEndian.Uint64(name), binary.LittleEndian.Uint64(name[n-8:])}
	case n >= 4:
		return Mark{n, uint64(binary.LittleEndian.Uint32(name)), uint64(binary.LittleEndian.Uint32(name[n-4:]))}
	case n > 0:
		return Mark{n, uint64(name[0]) | uint64(name[n/2])<<8 | uint64(name[n-1])<<16, 0}
	}
	return Mark{}
}
