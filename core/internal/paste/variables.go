package paste

import "bytes"

// assign keeps the values of variables that a command does nothing but set.
func (s *shell) assign(c *command) {
	words := c.words
	if len(words) == 4 && string(words[0].text) == "set" && bytes.HasPrefix(words[1].text, []byte("-")) && nameLen(words[2].text) == len(words[2].text) { // fish
		s.fish = true
		s.keep(string(words[2].text), words[3])
		return
	}
	if len(words) > 0 && contains([]string{"export", "declare", "local", "readonly", "typeset"}, string(words[0].text)) {
		words = words[1:]
	}
	for len(words) > 0 && contains(wrappers, string(words[0].text)) {
		words = words[1:]
	}
	for _, w := range words {
		if w.assigned(s.src) == 0 && !bytes.HasPrefix(w.text, []byte("-")) {
			return
		}
	}
	for _, w := range words {
		s.set(w)
	}
}

// assignRead keeps the value of a variable that "read" gets from a here-document.
func (s *shell) assignRead(c *command) {
	name, args := c.program()
	if name != "read" || c.stdin == nil || len(args) == 0 {
		return
	}
	w := *c.stdin
	w.text = bytes.TrimSpace(w.text)
	if len(w.holes) == 0 {
		s.vars[string(args[len(args)-1].text)] = w
	}
}

// setting is what a variable was before it was set.
type setting struct {
	name  string
	value word
	had   bool
}

//go:noinline
func (s *shell) set(w word) (before setting) {
	if n := w.assigned(s.src); n > 0 {
		before.name = string(w.text[:n])
		before.value, before.had = s.vars[before.name]
		s.keep(before.name, w.cut(n+1))
	}
	return before
}

func (s *shell) keep(name string, v word) {
	if s.vars[name] = v; namesKey(name) && certain(string(v.text)) && len(v.holes) == 0 {
		s.spare = v
	}
}

func (s *shell) unset(list []setting) {
	for k := len(list) - 1; k >= 0; k-- {
		if delete(s.vars, list[k].name); list[k].had {
			s.vars[list[k].name] = list[k].value
		}
	}
}

// assigned returns the length of the name that a word sets, 0 if it sets none.
func (w word) assigned(src []byte) int {
	n := nameLen(src[w.start:])
	if n > 0 && w.start+n < len(src) && src[w.start+n] == '=' && len(w.text) > n {
		return n
	}
	return 0
}
