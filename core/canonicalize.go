package core

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"math/bits"
	"math/rand/v2"
)

// form is how a field's value gets from the text into the body.
type form uint8

const (
	formAbsent    form = iota // not in the text
	formAsTyped               // as it stands
	formDropped               // left out: null, or an empty list
	formWrapped               // a lone item, sent as a list of one
	formUnwrapped             // a list of one, sent as the item
	formInteger               // a whole number with a fraction or exponent, sent as plain digits
	formRenamed               // an object with SDK spellings within, sent with wire names
	formOmitted               // left out: it says the default, and the server refuses the mere presence
)

// change is a Change in bytes and indexes.
type change struct {
	kind       string
	field      int32 // -1: none
	node       int32
	start, end int
	message    string
}

// canonicalize finds the value of each field and how it gets into the body, and sets aside what is not surely right:
// values in doubt, members that are no field.
func (w *work) canonicalize() {
	t, v := &w.t, w.v
	root := t.nodes[0]
	for c := uint32(1); c < root.next; c = t.nodes[c].next {
		if t.nodes[c].next > c+1 {
			w.duplicatesWithin(c)
		}
		sp := v.table.find(w.t.keyBytes(c))
		if sp == nil {
			w.extras = append(w.extras, c)
			continue
		}
		if earlier := w.given[sp.field].at; earlier != 0 {
			w.sameField(earlier, c, sp)
		}
		w.given[sp.field].at, w.given[sp.field].camel = c, sp.camel
		w.top = max(w.top, int(sp.field)+1)
		w.here |= v.fields[sp.field].bit
	}
	w.duplicateExtras()
	for id := range w.given[:w.top] {
		if g := &w.given[id]; g.at != 0 {
			w.canonicalizeField(int32(id), g)
		}
	}
}

// keyBytes returns the decoded key of i without a copy where the text has it plainly.
func (t *tape) keyBytes(i uint32) []byte {
	nd := &t.nodes[i]
	if nd.flags&(flagKeyEscaped|flagKeyLoose) == 0 {
		return t.src[nd.keyStart+1 : nd.keyEnd-1]
	}
	return []byte(t.key(i))
}

func (w *work) canonicalizeField(id int32, g *given) {
	f := &w.v.fields[id]
	i := g.at
	nd := &w.t.nodes[i]
	g.form = formAsTyped
	if g.camel {
		w.respelt(f, id, i)
	}
	switch {
	case nd.kind == kindBad:
		return
	case nd.kind == kindNull && !f.nullable && !f.required:
		w.drop(f, id, i, formDropped, "dropped-null", "null says the same as leaving it out")
		return
	case nd.kind == kindString && f.wraps:
		w.wrap(f, id, i)
		return
	case nd.kind == kindArray && nd.n == 0 && f.list && !f.required && f.plan.minItems <= 0:
		w.drop(f, id, i, formDropped, "omitted", "an empty list says the same as leaving it out")
		return
	case f.note.Use == "refused" && w.saysDefault(f, i):
		w.drop(f, id, i, formOmitted, "omitted", "it says the default, and the server refuses the field itself")
		return
	}
	switch nd.kind {
	case kindNumber:
		w.canonicalizeNumber(f, id, g)
		return
	case kindObject:
		if f.plan.camel && w.t.anyCamel(i, f.plan) {
			g.form = formRenamed
			w.renameWithin(f, id, i)
		}
	case kindArray:
		if f.list && w.v.profile.PromptAs == "string" && id == w.v.id.prompt && nd.n == 1 && w.t.nodes[i+1].kind == kindString {
			g.form = formUnwrapped
			w.changed("unwrapped", id, i, "a list of one is sent as a plain string, the only form this server takes")
		}
	}
	if g.fine = f.plan.accept(&w.t, i); !g.fine {
		w.doubt = append(w.doubt, id)
	}
}

// canonicalizeNumber reads a number once for all who ask for it later.
func (w *work) canonicalizeNumber(f *field, id int32, g *given) {
	raw := w.t.raw(g.at)
	if w.t.nodes[g.at].flags&flagLoose == 0 {
		g.n = readNumeral(raw)
	}
	if f.integer && (g.n.kind != numeralInteger || raw[0] == '-') && !isPlainInteger(raw) {
		if n, ok := integerToken(w.t.number(g.at)); ok && len(n) <= w.limits.Digits && n != string(raw) {
			g.form = formInteger
			w.changed("integer", id, g.at, quoteRaw(raw)+" is sent as "+quoteRaw([]byte(n)))
		}
	}
	if g.fine = w.accepts(f.plan, g); !g.fine {
		w.doubt = append(w.doubt, id)
	}
}

// isPlainInteger reports whether a number token is digits alone, as integers are sent.
func isPlainInteger(token []byte) bool {
	for k, c := range token {
		if c-'0' > 9 && !(k == 0 && c == '-') {
			return false
		}
	}
	return len(token) == 1 || token[0] != '-' || token[1] != '0'
}

// accepts is p.accept of a field's value, which need not be read again if it is a number.
func (w *work) accepts(p *plan, g *given) bool {
	if p.decides && g.n.kind != numeralUnread {
		return p.acceptNumeral(g.n, w.t.raw(g.at))
	}
	return p.accept(&w.t, g.at)
}

// saysDefault reports whether a field says what leaving it out means.
func (w *work) saysDefault(f *field, i uint32) bool {
	if f.def == "" {
		return false
	}
	if w.t.nodes[i].kind == kindNumber && f.integer {
		n, whole := integerToken(w.t.number(i))
		return whole && n == f.def
	}
	return string(w.t.raw(i)) == f.def
}

// respelt notes a name that is not written as on the wire. An escaped or unquoted key that means the same is no change.
func (w *work) respelt(f *field, id int32, i uint32) {
	nd := &w.t.nodes[i]
	w.changes = append(w.changes, change{kind: "renamed", field: id, node: int32(i),
		start: int(nd.keyStart), end: int(nd.keyEnd), message: w.t.key(i) + " is sent as " + f.name})
}

// renameWithin notes the members of an object field that are spelt as in the SDK.
func (w *work) renameWithin(f *field, id int32, i uint32) {
	for c := i + 1; c < w.t.nodes[i].next; c = w.t.nodes[c].next {
		key := w.t.key(c)
		name := f.plan.wireName(key)
		if name == key || !w.counts(c) {
			continue
		}
		nd := &w.t.nodes[c]
		if other, both := w.t.member(i, name); both {
			w.add(finding{code: CodeBothSpellings, severity: Error, node: int32(c), rule: "names/one-spelling",
				start: int(nd.keyStart), end: int(nd.keyEnd),
				message: fmt.Sprintf("got %s and %s, want one of them; both mean %s", key, w.t.key(other), name),
				fix:     w.removal(c, "remove "+key+", keep "+name)})
			continue
		}
		w.changes = append(w.changes, change{kind: "renamed", field: id, node: int32(c),
			start: int(nd.keyStart), end: int(nd.keyEnd), message: key + " is sent as " + name})
	}
}

// anyCamel reports whether a member of object i is a property of p in the SDK's spelling.
func (t *tape) anyCamel(i uint32, p *plan) bool {
	for c := i + 1; c < t.nodes[i].next; c = t.nodes[c].next {
		if s := p.spelt(t.keyBytes(c)); s != nil && s.camel {
			return true
		}
	}
	return false
}

func (w *work) wrap(f *field, id int32, i uint32) {
	w.given[id].form = formWrapped
	if w.v.profile.PromptAs == "string" && id == w.v.id.prompt {
		w.given[id].form = formAsTyped
	} else {
		w.changed("wrapped", id, i, "a lone text is sent as a list of one")
	}
	p := f.plan
	if len(p.forms) > 0 {
		p = p.listForm(isString)
	}
	if p.unsure || p.minItems > 1 || p.maxItems == 0 || p.items != nil && !p.items.accept(&w.t, i) {
		w.doubt = append(w.doubt, id)
	}
}

func (w *work) drop(f *field, id int32, i uint32, how form, kind, why string) {
	w.given[id].form = how
	w.here &^= f.bit // it is not sent
	w.changed(kind, id, i, f.name+" is left out: "+why)
}

func (w *work) changed(kind string, id int32, i uint32, message string) {
	nd := &w.t.nodes[i]
	w.changes = append(w.changes, change{kind: kind, field: id, node: int32(i),
		start: int(nd.start), end: int(nd.end), message: message})
}

// sameField reports a field that was there already: the same key again, or its other spelling.
func (w *work) sameField(earlier, later uint32, sp *spelling) {
	f := &w.v.fields[sp.field]
	w.t.nodes[later].flags |= flagRepeated
	if w.t.key(earlier) == w.t.key(later) {
		w.duplicate(0, earlier)
		return
	}
	nd := &w.t.nodes[earlier]
	w.add(finding{code: CodeBothSpellings, severity: Error, node: int32(earlier), rule: "names/one-spelling",
		start: int(nd.keyStart), end: int(nd.keyEnd),
		message: fmt.Sprintf("got %s and %s, want one of them; both mean %s", w.t.key(earlier), w.t.key(later), f.name),
		fix:     w.removal(earlier, "remove "+w.t.key(earlier)+", keep "+w.t.key(later))})
}

func (w *work) duplicate(parent, earlier uint32) {
	nd := &w.t.nodes[earlier]
	nd.flags |= flagShadowed
	w.add(finding{code: CodeDuplicateKey, severity: Warning, node: int32(earlier), rule: "names/once",
		start: int(nd.keyStart), end: int(nd.keyEnd),
		message: quote(w.t.key(earlier)) + " stands again further on, and the last one counts",
		fix:     w.t.cutMember(parent, earlier, "remove this one, keep the last")})
}

// duplicateExtras reports members of the request that are no fields and stand there twice.
func (w *work) duplicateExtras() {
	if len(w.extras) < 2 {
		return
	}
	w.seen.reset(len(w.extras))
	for _, c := range w.extras {
		w.once(0, c)
	}
}

// duplicatesWithin reports keys that an object repeats, be it the value at i or one within.
func (w *work) duplicatesWithin(i uint32) {
	nodes := w.t.nodes
	for end := nodes[i].next; i < end; i++ {
		nd := &nodes[i]
		if nd.kind != kindObject || nd.n < 2 || nd.n <= few && w.t.allDiffer(i) {
			continue
		}
		w.seen.reset(int(nd.n))
		for c := i + 1; c < nd.next; c = nodes[c].next {
			w.once(i, c)
		}
	}
}

// few is how many keys are compared each with each before a table is worth its while.
const few = 8

// allDiffer reports whether the keys of object i, few ones, differ in what can be told at a glance.
func (t *tape) allDiffer(i uint32) bool {
	end := t.nodes[i].next
	for c := i + 1; c < end; c = t.nodes[c].next {
		if t.nodes[c].flags&(flagKeyEscaped|flagKeyLoose) != 0 {
			return false
		}
		key := t.src[t.nodes[c].keyStart:t.nodes[c].keyEnd]
		for d := i + 1; d < c; d = t.nodes[d].next {
			if string(t.src[t.nodes[d].keyStart:t.nodes[d].keyEnd]) == string(key) {
				return false
			}
		}
	}
	return true
}

func (w *work) once(parent, c uint32) {
	if earlier, again := w.seen.put(&w.t, c, w.t.keyBytes(c)); again {
		w.t.nodes[c].flags |= flagRepeated
		w.duplicate(parent, earlier)
	}
}

// keySet finds repeated keys of one object: a linear-probing table of tape indexes that is reused from object to
// object. A Go map of strings costs five times as much on 10,000 biases.
type keySet struct {
	slots       []uint32 // 0: empty
	shift       int      // the hash's bits above it are the slot
	seed        maphash.Seed
	first, last uint64 // random, so that nobody knows which keys collide
}

func (s *keySet) reset(keys int) {
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
func (s *keySet) hash(key []byte) uint64 {
	if len(key) > 16 {
		return maphash.Bytes(s.seed, key)
	}
	m := markOf(key)
	hi, lo := bits.Mul64(m.first^s.first, m.last+uint64(m.n)^s.last)
	return hi ^ lo
}

// put adds the key of c. If it is there already, c takes the place of the earlier one, which is returned.
func (s *keySet) put(t *tape, c uint32, key []byte) (earlier uint32, again bool) {
	for h := s.hash(key) >> s.shift; ; h = (h + 1) & uint64(len(s.slots)-1) {
		e := s.slots[h]
		if e == 0 {
			s.slots[h] = c
			return 0, false
		}
		if bytes.Equal(t.keyBytes(e), key) {
			s.slots[h] = c
			return e, true
		}
	}
}
