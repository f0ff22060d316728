package detect

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/completion-playground/playground/schema"
)

// reading holds the answers by their paths, those that failed without a value.
type reading map[string]parsed

type parsed struct {
	value   any
	headers map[string]string
}

func readAnswers(answers []Answer) reading {
	read := reading{}
	for _, a := range answers {
		p := parsed{headers: a.Headers}
		if a.Status/100 == 2 && json.Unmarshal(a.Body, &p.value) != nil {
			p.value = nil
		}
		read[a.Path] = p
	}
	return read
}

// has reports whether a mark is there.
func (r reading) has(mark schema.ServerMark) bool {
	if mark.Header != "" {
		for _, p := range r {
			if value, ok := p.headers[mark.Header]; ok && (mark.Is == "" || strings.EqualFold(value, mark.Is)) {
				return true
			}
		}
		return false
	}
	return walk(r[mark.Path].value, nil, mark.At, func(value any, in map[string]any) bool {
		text, _ := value.(string)
		switch {
		case mark.Same != "":
			other, ok := in[mark.Same].(string)
			return ok && text == other
		case mark.Is != "":
			return strings.EqualFold(text, mark.Is)
		}
		return value != nil
	})
}

// text returns what stands at a mark's place, "" where that is no text that can be shown.
func (r reading) text(mark schema.ServerMark) (found string) {
	if mark.Header != "" {
		for _, p := range r {
			if value := p.headers[mark.Header]; shown(value) {
				return value
			}
		}
		return ""
	}
	walk(r[mark.Path].value, nil, mark.At, func(value any, _ map[string]any) bool {
		text, ok := value.(string)
		if ok && shown(text) {
			found = text
		}
		return found != ""
	})
	return found
}

// number returns the whole number at a place, 0 where there is none above it.
func (r reading) number(path, at string) (found int) {
	walk(r[path].value, nil, at, func(value any, _ map[string]any) bool {
		found = whole(value)
		return found > 0
	})
	return found
}

func whole(value any) int {
	n, _ := value.(float64)
	if n != math.Trunc(n) || n < 1 || n > math.MaxInt32 {
		return 0
	}
	return int(n)
}

// shown reports whether a text of a server is fit for a line.
func shown(text string) bool {
	return text != "" && utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !strconv.IsPrint(r) })
}

// walk calls accept with each value at a place, and the object that it is a member of, until it returns true.
func walk(value any, in map[string]any, at string, accept func(value any, in map[string]any) bool) bool {
	if at == "" {
		return accept(value, in)
	}
	name, rest, _ := strings.Cut(at[1:], "/")
	if rest != "" {
		rest = "/" + rest
	}
	switch value := value.(type) {
	case []any:
		if name != "*" {
			return false
		}
		for _, item := range value {
			if walk(item, nil, rest, accept) {
				return true
			}
		}
	case map[string]any:
		if member, ok := value[name]; ok {
			return walk(member, value, rest, accept)
		}
	}
	return false
}

// models reads OpenAI's {data: [{id}]}, Together's plain array, Ollama's {models: [{name}]}, and lists of bare names. It
// returns nil where there is no list.
func models(facts *schema.ServerFacts, answer any) []Model {
	for _, at := range facts.Models {
		var entries []any
		if walk(answer, nil, at, func(value any, _ map[string]any) (ok bool) { entries, ok = value.([]any); return ok }) {
			return listed(facts, entries)
		}
	}
	return nil
}

func listed(facts *schema.ServerFacts, entries []any) []Model {
	list := []Model{}
	seen := map[string]bool{}
	for _, entry := range entries {
		m := Model{}
		m.ID, _ = entry.(string)
		for _, name := range facts.Names {
			walk(entry, nil, "/"+name, func(value any, _ map[string]any) bool {
				if text, ok := value.(string); ok && m.ID == "" {
					m.ID = text
				}
				return false
			})
		}
		for _, place := range facts.Contexts {
			walk(entry, nil, "/"+place, func(value any, _ map[string]any) bool {
				if m.Context == 0 {
					m.Context = whole(value)
				}
				return false
			})
		}
		if m.ID == "" || len(m.ID) > facts.Limits.NameBytes || seen[m.ID] || !utf8.ValidString(m.ID) {
			continue
		}
		seen[m.ID] = true
		if list = append(list, m); len(list) == facts.Limits.Models {
			break
		}
	}
	return list
}
