package batch

import "hash/maphash"

// idHash is what is kept of a custom_id. Its 88 bits make two ids of sixteen million look alike in one of 10^12 files.
type idHash struct {
	slot uint64
	more uint32 // 24 bits
}

// hashID hashes an id. Its seeds differ from run to run, so that nobody can choose ids that look alike.
func hashID(id string) idHash {
	return idHash{maphash.String(slotSeed, id) | 1, uint32(maphash.String(moreSeed, id) >> 40)} // 0 marks a slot that is free
}

var slotSeed, moreSeed = maphash.MakeSeed(), maphash.MakeSeed()

// ids remembers the custom_ids of a file: a table with open addressing, at most three quarters full, of 16 bytes a slot.
type ids struct {
	slots []idSlot
	count int
	most  int
}

type idSlot struct {
	hash uint64
	line uint64 // and the other bits of the hash above its 40 bits
}

const lineBits = 40

func newIDs(most int) *ids { return &ids{most: most} }

// add remembers the id of a line, and returns the first line that has the same, 0 if there is none.
func (t *ids) add(h idHash, line int64) (first int64) {
	if t.most < 0 {
		return 0
	}
	if 4*(t.count+1) > 3*len(t.slots) && t.count < t.most {
		t.grow()
	}
	s := t.find(h)
	switch {
	case s == nil:
	case s.hash != 0:
		return int64(s.line & (1<<lineBits - 1))
	case t.count < t.most:
		*s = idSlot{h.slot, uint64(h.more)<<lineBits | uint64(line)&(1<<lineBits-1)}
		t.count++
	}
	return 0
}

// find returns the slot that holds the id, or else the one where it belongs; nil where there are no slots.
func (t *ids) find(h idHash) *idSlot {
	mask := uint64(len(t.slots) - 1)
	if mask+1 == 0 {
		return nil
	}
	for i := h.slot >> 1; ; i++ {
		s := &t.slots[i&mask]
		if s.hash == 0 || s.hash == h.slot && s.line>>lineBits == uint64(h.more) {
			return s
		}
	}
}

func (t *ids) grow() {
	old := t.slots
	t.slots = make([]idSlot, max(2*len(old), 1<<10))
	for _, s := range old {
		if s.hash != 0 {
			*t.find(idHash{s.hash, uint32(s.line >> lineBits)}) = s
		}
	}
}
