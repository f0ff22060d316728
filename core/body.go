package core

import "strconv"

// body returns the canonical wire JSON of a text without errors: the fields in order, then what else was typed.
func (w *work) body() []byte {
	b := make([]byte, 1, len(w.t.src)+16)
	b[0] = '{'
	for id := range w.v.fields {
		f := &w.v.fields[id]
		if w.form[id] == formAbsent || w.form[id] == formDropped || w.form[id] == formOmitted {
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
	i := w.at[id]
	switch w.form[id] {
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

// request returns the typed request of a text without errors.
func (w *work) request() *CompletionRequest {
	r := &CompletionRequest{}
	w.shared = ""
	if len(w.t.src) <= maxShared {
		w.shared = string(w.t.src)
	}
	for id := range w.v.fields {
		switch w.form[id] {
		case formAbsent, formDropped, formOmitted:
			continue
		}
		w.fill(r, int32(id))
	}
	for _, c := range w.extras {
		if w.counts(c) {
			r.Extra = append(r.Extra, Member{Name: w.t.key(c), Value: w.t.appendJSON(nil, c)})
		}
	}
	return r
}

// maxShared is the size up to which all texts of a request share one copy of the source: one allocation for all of them,
// of which a kept request keeps little more than it needs.
const maxShared = 4 << 10

// text returns the decoded text at i.
func (w *work) text(i uint32) string {
	nd := &w.t.nodes[i]
	if w.shared != "" && nd.flags&(flagEscaped|flagLoose) == 0 {
		return w.shared[nd.start+1 : nd.end-1]
	}
	return w.t.text(i)
}

// fill sets the field of r that f names. A foreign schema may allow values that the typed request has no room for;
// they go to Extra, so that nothing is lost.
func (w *work) fill(r *CompletionRequest, id int32) {
	name, i := w.v.fields[id].name, w.at[id]
	ok := true
	switch name {
	case "model":
		var o Opt[string]
		ok = w.fillText(&o, i)
		r.Model = o.Value
	case "prompt":
		ok = w.fillPrompt(&r.Prompt, i)
	case "suffix":
		ok = w.fillText(&r.Suffix, i)
	case "echo":
		ok = w.fillBool(&r.Echo, i)
	case "max_tokens":
		ok = w.fillInt(&r.MaxTokens, i)
	case "stop":
		r.Stop.Value, ok = w.texts(i)
		r.Stop.Set = ok
	case "temperature":
		ok = w.fillFloat(&r.Temperature, i)
	case "top_p":
		ok = w.fillFloat(&r.TopP, i)
	case "frequency_penalty":
		ok = w.fillFloat(&r.FrequencyPenalty, i)
	case "presence_penalty":
		ok = w.fillFloat(&r.PresencePenalty, i)
	case "logit_bias":
		r.LogitBias.Value, ok = w.bias(i)
		r.LogitBias.Set = ok
	case "seed":
		ok = w.fillInt(&r.Seed, i)
	case "n":
		ok = w.fillInt(&r.N, i)
	case "best_of":
		ok = w.fillInt(&r.BestOf, i)
	case "logprobs":
		ok = w.fillInt(&r.Logprobs, i)
	case "stream":
		ok = w.fillBool(&r.Stream, i)
	case "stream_options":
		ok = w.fillStreamOptions(&r.StreamOptions, i)
	case "user":
		ok = w.fillText(&r.User, i)
	default:
		ok = false
	}
	if !ok {
		r.Extra = append(r.Extra, Member{Name: name, Value: w.appendField(nil, id)})
	}
}

func (w *work) fillText(o *Opt[string], i uint32) bool {
	if w.t.nodes[i].kind != kindString {
		return false
	}
	*o = Some(w.text(i))
	return true
}

func (w *work) fillBool(o *Opt[bool], i uint32) bool {
	k := w.t.nodes[i].kind
	if k != kindTrue && k != kindFalse {
		return false
	}
	*o = Some(k == kindTrue)
	return true
}

func (w *work) fillInt(o *Opt[int64], i uint32) bool {
	if w.t.nodes[i].kind != kindNumber {
		return false
	}
	n, ok := smallInt(w.t.raw(i))
	if !ok {
		token, whole := integerToken(w.t.number(i))
		var err error
		if n, err = strconv.ParseInt(token, 10, 64); !whole || err != nil {
			return false
		}
	}
	*o = Some(n)
	return true
}

func (w *work) fillFloat(o *Opt[float64], i uint32) bool {
	f, ok := w.float(i)
	if ok {
		*o = Some(f)
	}
	return ok
}

func (w *work) float(i uint32) (float64, bool) {
	if w.t.nodes[i].kind != kindNumber {
		return 0, false
	}
	if w.t.nodes[i].flags&flagLoose == 0 {
		if f, _, ok := exactFloat(w.t.raw(i)); ok {
			return f, true
		}
	}
	f, err := strconv.ParseFloat(w.t.number(i), 64)
	return f, err == nil
}

func (w *work) fillPrompt(p *Prompt, i uint32) bool {
	var ok bool
	if p.Texts, ok = w.texts(i); ok {
		return true
	}
	if w.t.nodes[i].kind != kindArray {
		return false
	}
	if ids, ok := w.tokens(i); ok {
		p.Tokens = [][]int64{ids}
		return true
	}
	nd := &w.t.nodes[i]
	lists := make([][]int64, 0, nd.n)
	for c := i + 1; c < nd.next; c = w.t.nodes[c].next {
		ids, ok := w.tokens(c)
		if !ok {
			return false
		}
		lists = append(lists, ids)
	}
	p.Tokens = lists
	return true
}

func (w *work) texts(i uint32) ([]string, bool) {
	nd := &w.t.nodes[i]
	if nd.kind == kindString {
		return []string{w.text(i)}, true
	}
	if nd.kind != kindArray {
		return nil, false
	}
	list := make([]string, 0, nd.n)
	for c := i + 1; c < nd.next; c = w.t.nodes[c].next {
		if w.t.nodes[c].kind != kindString {
			return nil, false
		}
		list = append(list, w.text(c))
	}
	return list, true
}

func (w *work) tokens(i uint32) ([]int64, bool) {
	nd := &w.t.nodes[i]
	if nd.kind != kindArray {
		return nil, false
	}
	ids := make([]int64, 0, nd.n)
	for c := i + 1; c < nd.next; c = w.t.nodes[c].next {
		var o Opt[int64]
		if !w.fillInt(&o, c) {
			return nil, false
		}
		ids = append(ids, o.Value)
	}
	return ids, true
}

func (w *work) bias(i uint32) (LogitBias, bool) {
	nd := &w.t.nodes[i]
	if nd.kind != kindObject {
		return nil, false
	}
	list := make(LogitBias, 0, nd.n)
	for c := i + 1; c < nd.next; c = w.t.nodes[c].next {
		if !w.counts(c) {
			continue
		}
		bias, ok := w.float(c)
		if !ok {
			return nil, false
		}
		var id uint64
		for _, d := range w.t.keyBytes(c) {
			if d-'0' > 9 || id > (1<<64-1)/10-1 {
				return nil, false
			}
			id = id*10 + uint64(d-'0')
		}
		list = append(list, TokenBias{Token: id, Bias: bias})
	}
	return list, true
}

func (w *work) fillStreamOptions(o *Opt[StreamOptions], i uint32) bool {
	nd := &w.t.nodes[i]
	if nd.kind != kindObject {
		return false
	}
	var s StreamOptions
	for c := i + 1; c < nd.next; c = w.t.nodes[c].next {
		if !w.counts(c) {
			continue
		}
		if name := w.t.key(c); name != "include_usage" && name != "includeUsage" || !w.fillBool(&s.IncludeUsage, c) {
			return false
		}
	}
	*o = Some(s)
	return true
}
