package core

// cutMember is the edit that takes child c out of parent, with exactly one comma and with its line
// where it has one of its own. Edits for neighbours do not overlap, except for the last one's, which needs the comma
// before it.
func (t *tape) cutMember(parent, c uint32) byteEdit {
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
				return byteEdit{start: from, end: end + n}
			}
		}
		return byteEdit{start: start, end: end}
	}
	if previous := t.siblingBefore(parent, c); previous != 0 {
		if comma := t.commaAfter(int(t.nodes[previous].end), start); comma >= 0 {
			start = comma
		}
	}
	return byteEdit{start: start, end: end}
}

// commaAfter returns where the comma stands that follows at i, behind white space and comments only, or -1.
func (t *tape) commaAfter(i, end int) int {
	for {
		kind, next := triviaAt(t.src, i, end)
		switch kind {
		case triviaComma:
			return i
		case triviaSpace, triviaBreak, triviaLine, triviaBlock:
			i = next
		default:
			return -1
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
