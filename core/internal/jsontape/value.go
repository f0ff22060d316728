package jsontape

import (
	"encoding/json"
)

// Raw returns the value as written.
func (t *Tape) Raw(i uint32) []byte { return t.Src[t.Nodes[i].Start:t.Nodes[i].End] }

// Text returns the string that node i stands for, "" if it is no string. Lone surrogates become U+FFFD.
func (t *Tape) Text(i uint32) string {
	v := &t.Nodes[i]
	switch {
	case v.Kind != String:
		return ""
	case v.Flags&Loose != 0:
		return t.Loose.Of(i)
	case v.Flags&Escaped != 0:
		return Unescape(t.Src[v.Start+1 : v.End-1])
	}
	return string(t.Src[v.Start+1 : v.End-1])
}

// Key returns the name under which node i stands in its object, "" for elements and the root.
func (t *Tape) Key(i uint32) string {
	v := &t.Nodes[i]
	switch {
	case v.KeyEnd == 0:
		return ""
	case v.Flags&KeyLoose != 0:
		return t.LooseKeys.Of(i)
	case v.Flags&KeyEscaped != 0:
		return Unescape(t.Src[v.KeyStart+1 : v.KeyEnd-1])
	}
	return string(t.Src[v.KeyStart+1 : v.KeyEnd-1])
}

// Number returns the JSON token of a number: as written where that is strict, otherwise its decimal equivalent. It is
// "" for everything else.
func (t *Tape) Number(i uint32) string {
	v := &t.Nodes[i]
	switch {
	case v.Kind != Number:
		return ""
	case v.Flags&Loose != 0:
		return t.Loose.Of(i)
	}
	return string(t.Src[v.Start:v.End])
}

// KeyIs is key(i) == name without the copy.
func (t *Tape) KeyIs(i uint32, name string) bool {
	v := &t.Nodes[i]
	if v.Flags&(KeyLoose|KeyEscaped) != 0 || v.KeyEnd == 0 {
		return v.KeyEnd != 0 && t.Key(i) == name
	}
	return string(t.Src[v.KeyStart+1:v.KeyEnd-1]) == name
}

// Value returns node i as jsonschema takes it: nil, bool, json.Number, string, []any or map[string]any. What could not be
// read is nil; the last of several members with one name counts.
func (t *Tape) Value(i uint32) any {
	v := &t.Nodes[i]
	switch v.Kind {
	case False:
		return false
	case True:
		return true
	case Number:
		return json.Number(t.Number(i))
	case String:
		return t.Text(i)
	case Array:
		a := make([]any, 0, v.N)
		for c := i + 1; c < v.Next; c = t.Nodes[c].Next {
			a = append(a, t.Value(c))
		}
		return a
	case Object:
		m := make(map[string]any, v.N)
		for c := i + 1; c < v.Next; c = t.Nodes[c].Next {
			m[t.Key(c)] = t.Value(c)
		}
		return m
	}
	return nil
}
