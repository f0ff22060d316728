package core

// cutMember takes child c out of parent, with exactly one comma and with its line where it has one of its own. Edits for
// neighbours do not overlap, except for the last one's, which needs the comma before it. It returns nil where anything
// but comments stands between the child and what ends it: that is a mistake to be mended first.
func (t *tape) cutMember(parent, c uint32, title string) *remedy {
	nd := &t.nodes[c]
	start, end := int(nd.start), int(nd.end)
	if nd.keyEnd > 0 {
		start = int(nd.keyStart)
	}
	limit := int(t.nodes[parent].end)
	if comma := t.commaAfter(end, limit); comma >= 0 {
		end = skipBlank(t.src, comma+1, limit)
		if from, first := blankStart(t.src, start); first {
			if n := breakLen(t.src[end:]); n > 0 {
				return &remedy{title, []byteEdit{{start: from, end: end + n}}}
			}
		}
		return &remedy{title, []byteEdit{{start: start, end: end}}}
	}
	if !t.endsAfter(end, limit) {
		return nil
	}
	if previous := t.siblingBefore(parent, c); previous != 0 {
		if comma := t.commaAfter(int(t.nodes[previous].end), start); comma >= 0 {
			start = comma
		}
	}
	return &remedy{title, []byteEdit{{start: start, end: end}}}
}

// commaAfter returns where the comma stands that follows at i, behind white space and comments only, or -1.
func (t *tape) commaAfter(i, end int) int {
	if kind, at := t.pastTrivia(i, end); kind == triviaComma {
		return at
	}
	return -1
}

// endsAfter reports whether a container that ends at end is over behind i: its bracket follows, or nothing where it has
// none.
func (t *tape) endsAfter(i, end int) bool {
	kind, at := t.pastTrivia(i, end)
	return kind == triviaEnd || kind == triviaOther && at == end-1 && (t.src[at] == '}' || t.src[at] == ']')
}

// pastTrivia skips white space and comments and returns what follows, and where.
func (t *tape) pastTrivia(i, end int) (trivia, int) {
	for {
		kind, next := triviaAt(t.src, i, end)
		switch kind {
		case triviaSpace, triviaBreak, triviaLine, triviaBlock:
			i = next
		default:
			return kind, i
		}
	}
}

// siblingBefore returns the child of parent before c, 0 for the first.
func (t *tape) siblingBefore(parent, c uint32) uint32 {
	var previous uint32
	for i := parent + 1; i < c; i = t.nodes[i].next {
		previous = i
	}
	return previous
}

// insertBefore is the edit that puts a member in front of member c: on a line of its own if c has one, with c's
// indentation.
func (t *tape) insertBefore(c uint32, key, value string) byteEdit {
	at := int(t.nodes[c].keyStart)
	text := key + ": " + value + ","
	if from, first := blankStart(t.src, at); first && from > 0 {
		text += newlineOf(t.src) + string(t.src[from:at])
	} else {
		text += " "
	}
	return byteEdit{start: at, end: at, text: text}
}
