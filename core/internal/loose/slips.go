package loose

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/utf"
)

// slipKind is what a hand did wrong.
type slipKind uint8

const (
	slipMissing slipKind = iota // a character is not there
	slipExtra                   // one stands where none belongs
	slipOther                   // one stands where another belongs
	slipSwapped                 // two changed places
	slipQuotes                  // quotes within a text lack their backslashes
	slipApart                   // one text was written as two
	slipDoubled                 // the quotes around a text stand twice
	slipNothing                 // not a slip: something was never written, or cannot be read
)

// slip is one mistake in the structure of a text and what mends it.
type slip struct {
	before  *slip
	kind    slipKind
	at, del int    // in the source
	ins     string // instead
	quotes  []int  // with slipQuotes: where a backslash is missing
	want    want   // what the place waited for
	token   int    // where the token stands that it is about
	open    int    // where the bracket of the container stands, -1 if that is not known
}

// slipsAt tries what may have gone wrong with the token that follows mark m of a reading.
func (f *finder) slipsAt(r *reading, m *place, last bool) {
	t, comments := r.gap(m.i)
	if comments > 0 && m.want < wantColon { // which may be the beginning of a text
		at := m.i
		for utf.SpaceLen(r.src, at) > 0 {
			at++
		}
		f.token = r.inSource(at)
		f.try(r, m, slipMissing, at, 0, `"`, 0)
	}
	if t >= len(r.src) {
		f.token = r.inSource(t)
		f.missing(r, m, len(r.src))
		return
	}
	f.token = r.inSource(t)
	end := f.tokenEnd(r, m, t)
	f.missing(r, m, t)
	c := r.src[t]
	if strings.IndexByte(`{}[]:,"'=;\`, c) >= 0 {
		f.try(r, m, slipExtra, t, 1, "", 0)
		for _, other := range fitting(m) {
			if other != string(c) && c != '\\' {
				f.try(r, m, slipOther, t, 1, other, 0)
			}
		}
	}
	f.swap(r, m, t)
	f.swap(r, m, end)
	if end < len(r.src) && r.wordEnd(t) == end && strings.IndexByte("{}[]:,\"\\", r.src[end]) >= 0 { // without it the word reads otherwise
		f.try(r, m, slipExtra, end, 1, "", 0)
	}
	for i := max(t+1, end-4); i < end; i++ {
		f.swap(r, m, i)
	}
	if (c == '"' || c == '\'') && (m.want == wantKey || m.want == wantValue || m.want == wantItem) {
		f.quotesOf(r, m, t, end)
	}
	f.nothing(r, m, t, last)
}

// tokenEnd returns where the token at t ends.
func (f *finder) tokenEnd(r *reading, m *place, t int) int {
	p := *m
	before := *r.steps
	state := r.step(&p)
	*r.steps = before - 1
	switch {
	case state == within:
		return len(r.src)
	case state == walking:
		return p.i
	case r.wordEnd(t) > t:
		return r.wordEnd(t)
	case r.src[t] == '"' || r.src[t] == '\'':
		if end := r.quoted(t); end > 0 {
			return end
		}
		return len(r.src)
	}
	return t + 1
}

// fitting returns the signs that may stand at a place.
func fitting(m *place) []string {
	switch m.want {
	case wantKey:
		return []string{`"`, "}"}
	case wantColon:
		return []string{":"}
	case wantValue:
		return []string{`"`, "[", "{"}
	case wantItem:
		return []string{`"`, "[", "{", "]"}
	case wantComma:
		if m.top.object {
			return []string{",", "}"}
		}
		return []string{",", "]"}
	}
	return nil
}

// missing tries each sign that may stand before the token at t: what closes or parts directly behind the token before.
func (f *finder) missing(r *reading, m *place, t int) {
	for _, sign := range fitting(m) {
		at := m.i
		if strings.Contains(`"[{`, sign) {
			if at = t; t == len(r.src) {
				continue
			}
		}
		f.try(r, m, slipMissing, at, 0, sign, 0)
	}
}

// swap tries the characters at i and i+1 the other way round.
func (f *finder) swap(r *reading, m *place, i int) {
	const signs = `{}[]:,"\`
	if i+1 >= len(r.src) || i < r.from || r.src[i] == r.src[i+1] || r.src[i]|r.src[i+1] >= utf8.RuneSelf {
		return
	}
	if strings.IndexByte(signs, r.src[i]) < 0 && strings.IndexByte(signs, r.src[i+1]) < 0 {
		return
	}
	if pair := string(r.src[i : i+2]); pair == ` "` || pair == `" ` { // a text with a space more is as good as one with a space less
		return
	}
	if i < m.i { // the end of the token before, which must be read again
		return
	}
	if tears(r.src, i) {
		return
	}
	f.try(r, m, slipSwapped, i, 2, string([]byte{r.src[i+1], r.src[i]}), 0)
}

// tears reports whether a word falls apart where src[i] and src[i+1], a sign and a letter or digit of it, change places.
func tears(src []byte, i int) bool {
	word := func(k int) bool { return k >= 0 && k < len(src) && src[k] < utf8.RuneSelf && isWordRune(rune(src[k])) }
	return word(i+1) && word(i+2) || word(i) && word(i-1)
}

// quotesOf tries what may be wrong with the quotes of the text src[t:end].
func (f *finder) quotesOf(r *reading, m *place, t, end int) {
	const first, most = 6, 24
	stop := min(end, t+1<<14)
	delim := r.src[t : t+1]
	closed := end > t+1 && r.src[end-1] == delim[0]
	if closed {
		cost := 0 // a quote that stands where one may end or begin a text is rather not the wrong one
		if next, _ := r.gap(end); next < len(r.src) && strings.IndexByte(",:]}", r.src[next]) >= 0 ||
			strings.IndexByte(" ,:[{\n", r.src[end-2]) >= 0 && end < len(r.src) && strings.IndexByte(" ,:]}\"\\\n\t", r.src[end]) < 0 {
			cost = costStrange
		}
		f.try(r, m, slipExtra, end-1, 1, "", cost)
		if r.src[end-2] == '\\' {
			f.try(r, m, slipExtra, end-2, 1, "", 0)
		}
	}
	if end == t+2 && closed && end < len(r.src) && (wordByte(r.src[end]) || r.src[end] >= utf8.RuneSelf) {
		line := r.src[end:min(len(r.src), end+1<<10)]
		line = line[:utf.LineLen(line)]
		if n := bytes.IndexByte(line, delim[0]); n > 0 && n+1 < len(line) && line[n+1] == delim[0] {
			f.try(r, m, slipDoubled, t, n+4, string(r.src[t+1:end+n+1]), 0)
		}
	}
	for i, n := t+1, 0; !r.t.ASCII && i < stop && n < first; i++ { // a typographic one in its place
		if ch, size := utf8.DecodeRune(r.src[i:]); size > 1 && smartClass(ch) == smartDouble {
			f.try(r, m, slipOther, i, size, `"`, costWrong-costSlip)
			n++
		}
	}
	// A quote is missing before one of the signs within, and what seems to end the text begins another one.
	var spots []int
	for i := t + 1; i < stop; i++ {
		if c := r.src[i]; strings.IndexByte(",:]}\n", c) < 0 || c == ':' && m.want != wantKey {
			continue
		}
		spot := max(r.trimEnd(i), t+1)
		if n := len(spots); n == 0 || spots[n-1] < spot {
			spots = append(spots, spot)
		}
	}
	for n, at := range spots {
		if n < first || n >= len(spots)-most {
			f.try(r, m, slipMissing, at, 0, string(delim), 0)
		}
	}
	if end >= len(r.src) { // nothing follows that would show where the text ended
		f.try(r, m, slipMissing, r.trimEnd(end), 0, string(delim), 0)
	}
	var escaped []int // quotes with a backslash
	for i := t + 1; i+1 < stop; i++ {
		if r.src[i] == '\\' {
			if i++; r.src[i] == delim[0] {
				escaped = append(escaped, i)
			}
		}
	}
	for n, i := range escaped {
		if n < first || n >= len(escaped)-first {
			f.try(r, m, slipExtra, i-1, 1, "", 0)
			f.try(r, m, slipMissing, i, 0, `\`, 0)
			f.swap(r, m, i)
			f.swap(r, m, i-2)
		}
	}
	if closed && m.want != wantKey { // no name has quotes in it
		f.innerQuotes(r, m, t, end)
	}
}

// Bounds of what is looked at behind a text whose quotes may lack backslashes.
const (
	mostInner  = 2000    // quotes
	mostEnds   = 150     // of them that could end the text
	innerBytes = 1 << 15 // of text
	triedEnds  = 6
	endTokens  = 12
)

// innerQuotes tries to read on from src[t:end], a text that ends too early, to each later quote that makes sense as its end.
func (f *finder) innerQuotes(r *reading, m *place, t, end int) {
	if end-1 < r.from { // the slip before put that quote there
		return
	}
	var best []*reading
	delim := r.src[t]
	quotes := append(f.quotes[:0], r.inSource(end-1))
	base := costSlip
	if next, _ := r.gap(end); next < len(r.src) && r.src[next] == ',' && r.swallowed(next, min(len(r.src), next+64)) > 0 && r.keyAhead(r.skipTrivia(next+1)) {
		base += costSkip // what follows is the next member rather
	}
	ends := 0
	stop := min(len(r.src), end+innerBytes)
	before := f.again(r, m)
	before.place.i, before.marks = t, nil
	n := f.fresh()
	for i := end; i < stop && len(quotes) < mostInner && ends < mostEnds; i++ {
		if r.src[i] == '\\' {
			i++
			continue
		}
		if r.src[i] != delim {
			continue
		}
		if next := r.skipTrivia(i + 1); next < len(r.src) && r.couldEnd(m, next) {
			ends++
			*n = *before
			n.take(&n.place, t, i+1)
			n.tokens++
			n.cost += base + 2*costStrange*min(r.swallowed(end-1, i), 4)
			if r.src[end-2]-'0' > 9 { // no sign of inches
				n.cost += min(margin*(len(quotes)-1), 3*margin)
			}
			n.since = n.tokens
			at := n.place
			for k := 0; k < endTokens && n.state == walking; k++ {
				n.state = n.step(&n.place)
			}
			if n.rank = n.total(); n.rank < f.bound {
				if kept := f.roomFor(&best, n.rank); kept != nil {
					*kept = *n
					kept.place, kept.state = at, walking
					kept.slips = &slip{before: r.slips, kind: slipQuotes, at: r.inSource(t), del: i + 1 - t, quotes: quotes[:len(quotes):len(quotes)], want: m.want}
				}
			}
		}
		quotes = append(quotes, r.inSource(i))
	}
	f.free = append(f.free, n, before)
	f.quotes = quotes
	if len(best) > 0 {
		quotes = slices.Clone(quotes)
	}
	for _, n := range best {
		k := len(n.slips.quotes)
		n.slips.quotes = quotes[:k:k]
	}
	for len(best) > 0 {
		k := 0
		for i := range best {
			if best[i].rank < best[k].rank {
				k = i
			}
		}
		n := best[k]
		if best = slices.Delete(best, k, k+1); !f.run(n) {
			f.free = append(f.free, n)
		}
	}
}

// roomFor returns the place of another reading at the end of a list that holds triedEnds at most, the best; nil where it is
// none of them.
func (f *finder) roomFor(best *[]*reading, rank int) *reading {
	list := *best
	if len(list) < triedEnds {
		*best = append(list, f.fresh())
		return (*best)[len(list)]
	}
	worst := 0
	for i := range list {
		if list[i].rank >= list[worst].rank {
			worst = i
		}
	}
	room := list[worst]
	if rank >= room.rank {
		return nil
	}
	*best = append(slices.Delete(list, worst, worst+1), room)
	return room
}

// couldEnd reports whether what stands at i may follow the text that is read at m.
func (r *reading) couldEnd(m *place, i int) bool {
	switch r.src[i] {
	case ':':
		return m.want == wantKey
	case ',':
		return m.want != wantKey
	case '}':
		return m.want != wantKey && m.top.object
	case ']':
		return m.want != wantKey && !m.top.object
	}
	return false
}

// nothing goes on where no slip explains what stands at t.
func (f *finder) nothing(r *reading, m *place, t int, last bool) {
	c := r.src[t]
	if m.want == wantComma && m.text && (c == '+' || c == '"' || c == '\'') {
		f.apart(r, m, t)
	}
	noValue := m.want == wantValue && m.top != nil && m.top.object && r.keyAhead(t)
	if !last && !noValue || m.top == nil {
		return
	}
	n := f.again(r, m)
	n.place.i = t
	cost := costSkip
	switch {
	case m.want == wantComma && strings.IndexByte("*%?|&<>^!", c) >= 0, m.want == wantComma && c == '.' && m.i == t:
		n.place.i = max(t+1, n.expression(t))
	case m.want != wantNothing && !n.structural(t):
		for n.place.i < len(n.src) && !n.structural(n.place.i) && utf.SpaceLen(n.src, n.place.i) == 0 {
			_, size := utf8.DecodeRune(n.src[n.place.i:])
			n.place.i += size
		}
	case m.want == wantValue && strings.IndexByte(",}]", c) >= 0:
		n.want, cost = wantComma, costNoValue
	case noValue:
		n.want, cost = wantKey, costNoValue
	case m.want == wantColon && strings.IndexByte(",}", c) >= 0:
		n.want = wantComma
	case m.want == wantKey && strings.IndexByte("{[(", c) >= 0:
		n.place.i, n.want = max(t+1, n.expression(t)), wantComma
	default:
		return
	}
	n.comma = false
	n.cost += cost
	n.slips = &slip{before: r.slips, kind: slipNothing, at: r.inSource(t), want: m.want}
	n.since = n.tokens
	if !f.run(n) {
		f.free = append(f.free, n)
	}
}

// structural reports whether what stands at i can be a part of what is read: neither a stray sign nor half a character.
func (r *reading) structural(i int) bool {
	if c := r.src[i]; c < utf8.RuneSelf {
		return wordByte(c) || strings.IndexByte("{}[]():,;=\"'`\\+<@#/", c) >= 0
	}
	ch, _ := utf8.DecodeRune(r.src[i:])
	return isWordRune(ch) || smartClass(ch) != 0 || plainPunctuation(ch) != 0
}

// apart tries to join the text that ends before m with the one that follows, with or without a plus sign between.
func (f *finder) apart(r *reading, m *place, t int) {
	cost := costWrong - costSlip
	if !m.top.object { // rather two items without a comma
		cost = costWrong
	}
	line := bytes.IndexByte(r.src[m.i:t], '\n') >= 0
	if r.src[t] == '+' {
		t, _ = r.gap(t + 1)
		cost = margin - costSlip
	}
	if t >= len(r.src) || m.i < r.from+2 || r.src[m.i-1] != r.src[t] || r.src[t] != '"' && r.src[t] != '\'' {
		return
	}
	if before := r.src[m.i-2]; cost > 0 && line && (before == ' ' || before == 'n' && r.src[m.i-3] == '\\') {
		cost = 0 // as a sentence that goes on in the next line
	}
	end := r.quoted(t)
	if end < 0 {
		return
	}
	n := f.again(r, m)
	n.cost += costSlip + cost
	for from, joins := m.i, 0; ; joins++ {
		n.read('+', n.content(t, end))
		n.place.i = end
		n.slips = &slip{before: n.slips, kind: slipApart, at: r.inSource(from - 1), del: t + 2 - from, want: m.want, token: r.inSource(t)}
		if from = end; !m.top.object || joins == mostEdits {
			break
		}
		if t, _ = r.gap(end); t < len(r.src) && r.src[t] == '+' {
			t, _ = r.gap(t + 1)
		}
		if t >= len(n.src) || r.src[t] != r.src[end-1] {
			break
		}
		if end = r.quoted(t); end < 0 || end > len(n.src) {
			break
		}
		if next, _ := r.gap(end); next < len(r.src) && r.src[next] == ':' { // a name
			break
		}
	}
	n.since = n.tokens
	if !f.run(n) {
		f.free = append(f.free, n)
	}
}
