package core

// body returns the canonical wire JSON of a text without errors: the fields in order, then what else was typed.
func (w *work) body() []byte {
	b := make([]byte, 1, len(w.t.src)+16)
	b[0] = '{'
	for id := range w.v.fields {
		f := &w.v.fields[id]
		if w.node(int32(id)) == 0 {
			continue
		}
		b = appendComma(b)
		b = append(b, '"')
		b = append(b, f.name...)
		b = append(b, '"', ':')
		b = w.appendField(b, int32(id))
	}
	for _, c := range w.extras {
		if !w.counts(c) {
			continue
		}
		b = appendComma(b)
		b = w.t.appendKey(b, c)
		b = append(b, ':')
		b = w.t.appendJSON(b, c)
	}
	return append(b, '}')
}

// appendField appends the value of a field as it is sent.
func (w *work) appendField(b []byte, id int32) []byte {
	i := w.given[id].at
	switch w.given[id].form {
	case formWrapped:
		return append(w.t.appendJSON(append(b, '['), i), ']')
	case formRenamed:
		return w.appendRenamed(b, w.v.fields[id].plan, i)
	case formUnwrapped:
		return w.t.appendJSON(b, i+1)
	case formInteger:
		n, _ := integerToken(w.t.number(i))
		return append(b, n...)
	}
	return w.t.appendJSON(b, i)
}

// appendRenamed appends an object with the wire names of its members.
func (w *work) appendRenamed(b []byte, p *plan, i uint32) []byte {
	b = append(b, '{')
	first := len(b)
	for c := i + 1; c < w.t.nodes[i].next; c = w.t.nodes[c].next {
		if !w.counts(c) {
			continue
		}
		if len(b) > first {
			b = append(b, ',')
		}
		b = append(appendQuoted(b, p.wireName(w.t.key(c))), ':')
		b = w.t.appendJSON(b, c)
	}
	return append(b, '}')
}

func appendComma(b []byte) []byte {
	if len(b) > 1 {
		return append(b, ',')
	}
	return b
}

// counts reports whether a member is the last one of its name.
func (w *work) counts(c uint32) bool { return w.t.nodes[c].flags&flagShadowed == 0 }
