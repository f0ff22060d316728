package loose

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// How far mending looks.
const (
	lookBack   = 14      // tokens before the place where a reading fails
	lookAhead  = 1 << 14 // bytes behind it
	mostSlips  = 2       // slips that are thought of together
	mostEnding = 24      // readings that are compared
	kept       = 5       // readings that are followed when each of them fails again
	settled    = 16      // tokens after which a reading that fails has proved itself
	mostMends  = 120     // of one text; the rest is for the next look at it
)

// reading is one way to read a text from some place on.
type reading struct {
	walk
	place
	slips *slip // the last first
	state outcome
	since int     // tokens before the last slip
	marks []place // the last places between tokens
	next  place   // the first one behind the last slip
	found bool    // next is known
	owns  bool    // its text is its own
	front bool    // it is followed further
	whole bool    // its text ends where the source ends
	rank  int
}

// total is what the reading costs, with what is likely to be wrong behind the place where it ended.
func (r *reading) total() int {
	cost := r.cost
	switch r.state {
	case failed, refused:
		read := r.tokens - r.since
		if n := len(r.marks); n > 3 && read > 6 { // the last tokens may be a part of what is wrong there
			cost = r.marks[n-3].cost
		}
		return cost + costFailed + 8*max(0, settled-read)
	case done:
		if r.trailing && r.slips != nil { // a slip that shuts out what follows explains nothing
			cost += 2 * costFailed
		}
	case over, within:
		if r.state == within && r.slips != nil && r.tokens <= r.since+1 { // a text that takes in all the rest explains nothing
			cost += costFailed
		}
		if !r.whole {
			return cost
		}
		if r.state == within {
			cost += costWrong
		}
		if r.want == wantColon || r.want == wantValue {
			cost += costWrong
		}
		for l := r.top; l != nil; l = l.up {
			if l.up != nil || !r.braces {
				cost += costStrange
			}
		}
		if r.top != nil && (r.top.up != nil || !r.braces) {
			cost += costSlip - costStrange
		}
	}
	return cost
}

// mend is what makes the structure of a text right.
type mend struct {
	slips []*slip // in the order of the text
	doubt bool    // there is another reading as good
}

// finder looks for the slips that explain why a text cannot be read.
type finder struct {
	reading    // the reading of all of the text
	mends      []mend
	rooms      [][]byte // of readings that were given up
	free       []*reading
	quotes     []int // room for a list of places
	spareMarks []place
	wides      []*wide
	steps      int
	ends       []*reading // readings of the current failure
	stopped    int        // where it gave up, -1 if it did not
	bound      int        // what a reading may not cost to be looked at
	crooked    []place    // the places before the first line that is indented otherwise than it should
	token      int        // where the token that is looked at stands in the source
	failedAt   int        // where the reading failed last
	tries      int        // how often it failed there again
	floor      int        // nothing before this place is looked at again
}

// findSlips walks the text from the inside of its outermost value, which r has just opened.
func findSlips(r *reader, names Names) *finder {
	f := &finder{stopped: -1, failedAt: -1, steps: 1<<20 + 2*len(r.src)}
	f.reading.walk = walk{reader: reader{src: r.src, lim: r.lim, stop: r.stop, t: r.t, parent: jsontape.NoNode, parens: r.parens, braces: r.braces, counts: r.counts},
		names: names, main: true, steps: &f.steps}
	root := &level{object: r.t.Nodes[0].Kind == jsontape.Object, depth: 1, start: place{i: r.i - 1, want: wantValue}}
	if r.braces {
		root.start.i = r.i
	}
	f.place = place{i: r.i, want: wantItem, top: root}
	if root.object {
		f.want = wantKey
		i, _ := f.gap(r.i)
		f.bare = i < len(r.src) && f.wordEnd(i) > i && f.keyAhead(i)
	} else {
		f.cost = costWrong
	}
	f.reading.whole = true
	for {
		f.proceed(&f.reading)
		if f.state == refused || f.state == done && !f.trailing || len(f.mends) == mostMends || !f.choose() {
			break
		}
	}
	if n := len(f.marks); f.state == over && n > 0 && f.stopped < 0 { // a comment at the end may be a text without its quote
		if rest := f.src[f.marks[n-1].i:]; bytes.IndexByte(rest, '"') >= 0 {
			f.stopped, f.floor = f.marks[n-1].i, f.marks[n-1].i
		}
	}
	for w := f.wide; w != nil; w = w.before {
		f.wides = append(f.wides, w)
	}
	return f
}

// proceed reads until something is wrong or the text is over.
func (f *finder) proceed(r *reading) {
	for r.state == walking {
		if len(r.marks) >= 4*lookBack {
			r.marks = append(r.marks[:0], r.marks[len(r.marks)-lookBack:]...)
		}
		r.marks = append(r.marks, r.place)
		r.state = r.step(&r.place)
		if r.crooked && f.crooked == nil { // what is wrong may be found long after
			f.crooked = slices.Clone(r.marks[max(0, len(r.marks)-lookBack):])
		}
		if r.state == walking && !r.found && r.i >= r.from {
			r.next, r.found = r.place, true
		}
		if f.steps < 0 && r != &f.reading {
			r.state = refused
		}
	}
}

// again starts another reading of r's text at mark m.
func (f *finder) again(r *reading, m *place) *reading {
	n := f.fresh()
	*n = reading{walk: r.walk, place: *m, slips: r.slips, whole: true, marks: n.marks[:0]}
	if r == &f.reading {
		if stop := r.place.i + lookAhead; stop < len(r.src) {
			n.src, n.whole = r.src[:stop], false
		}
	} else {
		n.whole = r.whole
	}
	n.main, n.walk.crooked = false, false
	n.notClosers = 0
	return n
}

// try starts a reading in which del bytes at place at of r's text are ins.
func (f *finder) try(r *reading, m *place, kind slipKind, at, del int, ins string, cost int) {
	if at < r.from || m.cost+costSlip+cost >= f.bound || f.steps < 0 {
		return
	}
	n := f.again(r, m)
	src := n.src
	if at+del > len(src) {
		f.free = append(f.free, n)
		return
	}
	var buf []byte
	if k := len(f.rooms) - 1; k >= 0 {
		buf, f.rooms = f.rooms[k], f.rooms[:k]
	}
	buf = slices.Grow(buf[:0], len(src)-m.i+len(ins))
	buf = append(append(append(buf, src[m.i:at]...), ins...), src[at+del:]...)
	f.steps -= len(buf) / 16
	n.before, n.off, n.from = r.inSource(at)-(at-m.i), r.inSource(at+del)-(at-m.i+len(ins)), at-m.i+len(ins)
	n.src, n.stop = buf, len(buf)
	n.place.i = 0
	n.cost += costSlip + cost
	n.slips = &slip{before: r.slips, kind: kind, at: r.inSource(at), del: del, ins: ins, want: m.want, token: f.token, open: f.opening(r, m)}
	n.since = n.tokens
	if n.owns = true; !f.run(n) {
		f.rooms, f.free = append(f.rooms, buf), append(f.free, n)
	}
}

// fresh returns a reading with anything in it, one that was given up where there is any.
func (f *finder) fresh() *reading {
	k := len(f.free) - 1
	if k < 0 {
		return new(reading)
	}
	n := f.free[k]
	f.free = f.free[:k]
	return n
}

// run follows a reading to its end, and reports whether it is kept.
func (f *finder) run(n *reading) bool {
	n.state = walking
	if cap(n.marks) == 0 {
		n.marks, f.spareMarks = f.spareMarks[:0], nil
	}
	f.proceed(n)
	same := n.top == f.top || n.top != nil && f.top != nil && n.top.depth == f.top.depth
	if n.state == failed && f.state == failed && n.inSource(n.i) == f.place.i && n.want == f.want && same { // it fails all the same
		f.spareMarks, n.marks = n.marks, nil
		return false
	}
	if total := n.total(); total < f.bound || n.state == failed && n.tokens > n.since && n.cost+costSlip < f.bound {
		if f.ends = append(f.ends, n); len(f.ends) == 2*mostEnding {
			slices.SortStableFunc(f.ends, func(a, b *reading) int { return cmp.Compare(a.total(), b.total()) })
			f.release(mostEnding)
		}
		return true
	}
	f.spareMarks, n.marks = n.marks, nil
	return false
}

// release gives up the readings from the n-th on. Those that are being followed keep their room.
func (f *finder) release(n int) {
	for _, e := range f.ends[n:] {
		if n > 0 && e.front {
			continue
		}
		if e.owns {
			f.rooms = append(f.rooms, e.src)
		}
		f.free = append(f.free, e)
	}
	f.ends = f.ends[:n]
}

// choose finds the best way to go on from where the reading ended, and reports whether to go on at all.
func (f *finder) choose() bool {
	r := &f.reading
	if r.state == failed && r.i <= f.failedAt {
		if f.tries++; f.tries > 1 { // what was mended here did not help
			for n := max(0, len(f.mends)-f.tries); n < len(f.mends); n++ {
				f.mends[n].doubt = true
			}
			f.stopped = r.i
			return false
		}
	} else {
		f.failedAt, f.tries = r.i, 0
	}
	leave := *r
	leave.since = r.tokens
	f.release(0)
	most := leave.total()
	if r.state == failed { // then nothing that follows can be told
		most += 2 * costTrailing
	}
	f.bound = most + margin
	front := []*reading{r}
	for depth := 1; depth <= mostSlips && len(front) > 0; depth++ {
		for _, b := range front {
			f.slipsOf(b)
		}
		slices.SortStableFunc(f.ends, func(a, b *reading) int { return cmp.Compare(a.total(), b.total()) })
		if len(f.ends) > 0 {
			f.bound = min(f.bound, f.ends[0].total()+4*margin)
			if f.ends[0].total()+margin <= (depth+1)*costSlip && f.ends[0].state != failed {
				break
			}
		}
		front = front[:0:0]
		seen := map[uint64]bool{}
		for _, e := range f.ends {
			if at := e.hash + uint64(e.inSource(e.i)); e.state == failed && depthOf(e.slips) == depth && !seen[at] && len(front) < kept {
				seen[at] = true
				front = append(front, e)
				e.front = true
			}
		}
	}
	if len(f.ends) > 0 && f.typing(f.ends[0]) {
		if rest := r.src[min(r.i, len(r.src)):]; r.state == failed && bytes.ContainsAny(bytes.TrimLeft(rest, `"`), `{}[]:,"`) {
			f.stopped = r.i // more than one word stands where nothing can be read any more
		}
		return false
	}
	if len(f.ends) == 0 || f.ends[0].total() >= most || f.ends[0].state == failed && (!f.ends[0].found || f.ends[0].tokens-f.ends[0].since < 3) {
		if r.state == failed || r.state == refused {
			f.stopped = r.i
		}
		return false
	}
	best := f.ends[0]
	runner := most
	for _, e := range f.ends[1:] {
		if e.hash != best.hash {
			runner = min(runner, e.total())
			break
		}
	}
	return f.commit(best, runner-best.total() < margin)
}

// typing reports whether a text that ends too early is rather not yet typed to its end than to be read as best has it. What
// makes all of it fit by one slip is no accident.
func (f *finder) typing(best *reading) bool {
	if f.state == over || f.state == within {
		s := best.slips
		last := s.kind == slipOther && s.at == s.token && s.at >= f.marks[max(0, len(f.marks)-2)].i
		return last || best.state != done || best.trailing || s.before != nil
	}
	return f.state == failed && best.whole && (best.state == over || best.state == within) && best.tokens-best.since <= 1
}

func depthOf(s *slip) (n int) {
	for ; s != nil; s = s.before {
		n++
	}
	return n
}

// slipsOf tries all that may have gone wrong in the tokens before a reading's end, and in the brackets that are open there.
func (f *finder) slipsOf(r *reading) {
	from := max(0, len(r.marks)-lookBack)
	for k := len(r.marks) - 1; k >= from; k-- {
		if m := &r.marks[k]; r != &f.reading || m.i >= f.floor {
			f.slipsAt(r, m, k == len(r.marks)-1)
		}
	}
	if r != &f.reading || len(r.marks) == 0 {
		return
	}
	oldest := r.marks[from].i
	for k := len(f.crooked) - 1; k >= 0; k-- {
		if m := &f.crooked[k]; m.i >= f.floor && m.i < oldest {
			f.slipsAt(r, m, false)
		}
	}
	for l := r.top; l != nil; l = l.up {
		i, _ := r.gap(l.start.i)
		inner, _ := r.gap(i + 1)
		wrapped := l.start.top == nil && !l.object && inner < len(r.src) && r.src[inner] == '{'
		if (l.start.top != nil && l.start.i < oldest || wrapped) && l.start.i >= f.floor {
			f.try(r, &l.start, slipExtra, i, 1, "", 0)
		}
		if l.split != nil && l.split.i >= f.floor {
			f.try(r, l.split, slipMissing, l.split.i, 0, "}", 0)
		}
	}
}

// commit takes the slips of the best reading for true, and goes on behind them.
func (f *finder) commit(best *reading, doubt bool) bool {
	m := mend{doubt: doubt}
	for s := best.slips; s != nil; s = s.before {
		if s.kind != slipNothing {
			m.slips = append(m.slips, s)
		}
	}
	slices.Reverse(m.slips)
	if len(m.slips) > 0 {
		f.mends = append(f.mends, m)
	}
	if !best.found {
		if best.whole { // nothing is left to read
			f.place.wide = best.wide
			return false
		}
		f.stopped = f.place.i
		return false
	}
	p := best.next
	p.i = best.inSource(p.i)
	p.cost, p.tokens = 0, 0
	f.place, f.state, f.floor = p, walking, p.i
	f.marks = f.marks[:0]
	f.crooked, f.walk.crooked = nil, false
	return true
}

// opening returns where the bracket of the container at m stands in the source, -1 if it is not sure.
func (f *finder) opening(r *reading, m *place) int {
	if r != &f.reading {
		return -1
	}
	if m.top == nil {
		return m.i
	}
	i, _ := r.gap(m.top.start.i)
	return i
}
