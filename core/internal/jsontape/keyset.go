package jsontape

import (
	"bytes"
	"hash/maphash"
	"math/bits"
	"math/rand/v2"
)

// KeySet finds repeated keys of one object: a linear-probing table of tape indexes that is reused from object to
// object. A Go map of strings costs five times as much on 10,000 biases.
type KeySet struct {
	slots       []uint32 // 0: empty
	shift       int      // the hash's bits above it are the slot
	seed        maphash.Seed
	first, last uint64 // random, so that nobody knows which keys collide
}

func (s *KeySet) Reset(keys int) {
	if s.first == 0 {
		s.seed, s.first, s.last = maphash.MakeSeed(), rand.Uint64()|1, rand.Uint64()
	}
	size := 16
	for size < 2*keys {
		size *= 2
	}
	if cap(s.slots) < size {
		s.slots = make([]uint32, size)
	}
	s.slots = s.slots[:size]
	clear(s.slots)
	s.shift = 64 - bits.TrailingZeros(uint(size))
}

// hash takes all of a key into account; most are short.
func (s *KeySet) hash(key []byte) uint64 {
	if len(key) > 16 {
		return maphash.Bytes(s.seed, key)
	}
	m := MarkOf(key)
	hi, lo := bits.Mul64(m.First^s.first, m.Last+uint64(m.N)^s.last)
	return hi ^ lo
}

// Put adds the key of c. If it is there already, c takes the place of the earlier one, which is returned.
func (s *KeySet) Put(t *Tape, c uint32, key []byte) (earlier uint32, again bool) {
	for h := s.hash(key) >> s.shift; ; h = (h + 1) & uint64(len(s.slots)-1) {
		e := s.slots[h]
		if e == 0 {
			s.slots[h] = c
			return 0, false
		}
		if bytes.Equal(t.KeyBytes(e), key) {
			s.slots[h] = c
			return e, true
		}
	}
}
