package paste

import "strings"

// part returns a member of a value.
func (p *program) part(v *value, name string, bare bool) *value {
	start, variable := v.start, v.text
	if bare {
		if found := p.lookup(v); found.known() {
			v = found
		}
	}
	if member := v.latest(name); member.known() {
		p.used = true
		return member
	}
	if name == "to_json" && v.known() {
		return &value{form: asJSON, items: []item{{value: v}}, start: v.start, end: p.i}
	}
	path := name
	if v.text != "" && (v.form == opaque || v.form == aCall) {
		path = tail(v.text) + "." + name
	}
	out := &value{text: path, start: start, end: p.i, base: v.base}
	if bound, ok := p.names[variable]; bare && ok && v.form != opaque {
		out.apart = bound.block != p.here()
	}
	if v.form != opaque {
		out.base = v
	}
	return out
}

// tail returns the last two names of a path, enough to tell what is called.
//
//go:noinline
func tail(path string) string {
	if i := strings.LastIndexByte(path, '.'); i > 0 {
		if i = strings.LastIndexByte(path[:i], '.'); i > 0 {
			return path[i+1:]
		}
	}
	return path
}

// lookup returns what a variable stands for, if it got its value where the program surely has been.
func (p *program) lookup(v *value) *value {
	b, ok := p.names[v.text]
	if !ok || !p.inside(b.block) {
		return v
	}
	p.used = true
	if b.value.form == opaque || b.value.form == aCall {
		return &value{text: v.text, start: v.start, end: v.end, base: b.value}
	}
	return b.value
}

// invoke returns the value of a call.
func (p *program) invoke(v, args *value) *value {
	c := &value{form: aCall, text: v.text, items: args.items, below: args.below, start: v.start, end: p.i, base: v.base}
	if v.form == aCall {
		c.text, c.base = "()", v
	}
	last := c.text[strings.LastIndexByte(c.text, '.')+1:]
	if v.apart && changes[last] { // it depends
		for n := range c.items {
			if it := &c.items[n]; n > 0 || len(c.items) == 1 {
				it.value = &value{start: it.value.start, end: it.value.end}
			}
		}
	}
	switch {
	case c.text == "json.dumps" || c.text == "JSON.stringify" || c.text == "json.encode" || last == "dumps" || c.text == "json_encode" || c.text == "JSON.generate" || c.text == "JSON.dump":
		if inner := c.at(0); inner != nil {
			return c.json(inner)
		}
	case c.text == "JSON.parse" || c.text == "json.loads":
		if inner, ok := c.at(0).plain(); ok {
			return &value{form: asTyped, text: inner, start: c.at(0).start, end: c.at(0).end}
		}
	case (last == "encode" || last == "toString") && c.base.known() && c.base.form != aText && len(c.text) <= len(last):
		return c.base
	case c.text == "dict" && p.indents && c.at(0) == nil:
		return &value{form: anObject, items: c.items, start: c.start, end: c.end}
	case c.text == "dict" && p.indents && c.at(0).form == anObject:
		return &value{form: anObject, start: c.start, end: c.end,
			items: append([]item{{all: true, value: c.at(0)}}, c.items[1:]...)}
	case c.base.known() && (c.base.form == anObject || c.base.form == aList):
		c.base.change(last, c)
	}
	if text := p.folded(last, c); text != nil {
		return text
	}
	if last == "getenv" || last == "get" || last == "getOrDefault" {
		p.fallsBack(c, c.at(1))
	}
	if p.result != nil {
		if v := p.result(p, c); v != nil {
			if v.form == asJSON && p.made == nil && plausible(v) {
				p.made, p.used = v, true
			}
			return v
		}
	}
	if c.text == "array" && p.dots {
		args.text = ""
		if len(args.items) > 0 && (args.items[0].keyed || args.items[0].of != nil) {
			args.form = anObject
		}
		return args
	}
	p.called(p, c)
	return c
}

// changes are methods that give an object a member or a list an element.
var changes = nameSet("update append push put add addProperty set putPOJO putIfAbsent Add")

// change does to an object or a list what a method does to it.
func (v *value) change(method string, c *value) {
	arg := c.at(0)
	switch method {
	case "update":
		if v.form == anObject {
			for _, it := range c.items {
				it.all = !it.keyed
				v.items = append(v.items, it)
			}
		}
	case "append", "push":
		if v.form == aList && arg != nil {
			v.items = append(v.items, c.items...)
		}
	case "extend", "pop", "remove", "insert", "clear", "sort", "reverse", "popitem", "setdefault", "splice", "shift", "unshift":
		v.form, v.text = opaque, ""
	}
}

// inside reports whether a block is one of those around the place of reading.
func (p *program) inside(id int) bool { return p.alive[id] }

func (p *program) enter(indent int) {
	p.blocks = append(p.blocks, scope{len(p.alive), indent})
	p.alive = append(p.alive, true)
}

// leave ends the innermost block. What got a value in it may or may not have it from here on.
func (p *program) leave() {
	if n := len(p.blocks) - 1; n > 0 {
		p.alive[p.blocks[n].id] = false
		p.blocks = p.blocks[:n]
	}
}

//go:noinline
func (p *program) here() int { return p.blocks[len(p.blocks)-1].id }

// parameters reads those of a function, whose names stand for nothing known from here on.
func (p *program) parameters() {
	start := p.i
	p.bracket('(')
	p.forget(start, p.i)
}

// forget drops what the names in a part of the text stand for.
func (p *program) forget(i, end int) {
	for i < end {
		n := p.word(i)
		if n > 0 {
			delete(p.names, string(p.src[i:i+n]))
		}
		i += max(n, 1)
	}
}

// target is what an assignment changes.
type target struct {
	path  []string // the variable, and the members on the way
	start int
}

// target reads one, if the statement at i begins with it.
func (p *program) target() (t target, ok bool) {
	t.start = p.i
	n := p.word(p.i)
	if n == 0 {
		return t, false
	}
	t.path = append(t.path, string(p.src[p.i:p.i+n]))
	p.i += n
	for len(t.path) < mostDepth {
		switch p.peek() {
		case '.':
			n = p.word(p.i + 1)
			if n == 0 {
				return t, false
			}
			t.path = append(t.path, string(p.src[p.i+1:p.i+1+n]))
			p.i += 1 + n
			continue
		case '[':
			p.i++
			v := (*value)(nil)
			if p.peek() == '"' || p.peek() == '\'' {
				v = p.texts(p)
			}
			name, known := v.plain()
			if !known || p.peek() != ']' {
				return t, false
			}
			t.path = append(t.path, name)
			p.i++
			continue
		}
		break
	}
	p.space()
	return t, true
}

// assign gives a value to a variable or a member.
func (p *program) assign(t target, v *value) {
	name := t.path[0]
	if len(t.path) == 1 {
		p.names[name] = bound{v, p.here()}
		if (v.form == anObject || v.form == asJSON && p.typed) && plausible(v) && (p.indents || p.declared) {
			p.made = v
			p.used = p.used || p.typed && v.get("prompt") != nil
		}
		p.set(p, name, v)
		return
	}
	b, ok := p.names[name]
	if !ok || !b.value.known() {
		p.set(p, strings.Join(t.path, "."), v)
		return
	}
	o := b.value
	for _, step := range t.path[1 : len(t.path)-1] {
		o = o.latest(step)
	}
	if o == nil || o.form != anObject {
		return
	}
	if b.block != p.here() {
		v = &value{text: name + "." + t.path[len(t.path)-1], start: v.start, end: v.end} // it depends
	}
	o.items = append(o.items, item{key: t.path[len(t.path)-1], keyed: true, start: t.start, value: v})
}

// add appends to what a variable or a member stands for.
func (p *program) add(t target, v *value) {
	sum := &value{text: strings.Join(t.path, "."), start: t.start, end: p.endOf(v, t.start)}
	b := p.names[t.path[0]]
	old := b.value
	for _, step := range t.path[1:] {
		old = old.latest(step)
	}
	if b.block == p.here() && old != nil && old.form == aText && v.form == aText {
		if p.spend(len(old.text)) {
			sum = &value{form: aText, text: old.text + v.text, start: old.start, end: old.end}
			sum.holes = append(append(sum.holes, old.holes...), v.holes...)
		}
	}
	p.assign(t, sum)
}
