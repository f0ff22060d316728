package main

import (
	"bytes"
	"errors"
	"slices"

	"github.com/completion-playground/playground/core"
)

// fixed returns a file's text with the safe fixes of its requests. A request is left alone where its bytes stand in the file
// in another form, and where the file with the fixes would be read in another way than is meant.
func (k *checker) fixed(text []byte, found []request, find finder) ([]byte, error) {
	var edits []core.TextEdit
	want := make([][]byte, len(found))
	changed := make([]bool, len(found))
	for n := range found {
		r := &found[n]
		want[n] = r.body
		if r.body == nil || r.at < 0 || !r.in.same(text, r.at, r.at+len(r.body)) {
			continue
		}
		fixes, err := k.v.FixAll(r.body)
		if err != nil || len(fixes) == 0 {
			continue // a text that is too large, which the report says
		}
		after, err := core.Apply(r.body, fixes)
		if err != nil {
			return nil, err
		}
		moved := slices.Clone(fixes)
		from := r.in.offset(r.at)
		for i := range moved {
			moved[i].Start += from
			moved[i].End += from
		}
		if !stays(text, moved, n, found, after, find) {
			continue
		}
		want[n], changed[n] = after, true
		edits = append(edits, moved...)
	}
	if !slices.Contains(changed, true) {
		return text, nil
	}
	after, err := core.Apply(text, edits)
	if err != nil {
		return nil, err
	}
	again := find(piece{text: after})
	if len(again) != len(want) {
		return nil, errors.New("the fixes would change what else stands in the file")
	}
	for n := range again {
		if !bytes.Equal(again[n].body, want[n]) {
			return nil, errors.New("the fixes would change what else stands in the file")
		}
	}
	return after, nil
}

// stays reports whether the edits of one request leave the file as it is read but for that request. In a text of one
// request, or of lines, there is nothing around it that could be read in another way.
func stays(text []byte, edits []core.TextEdit, n int, found []request, after []byte, find finder) bool {
	if !found[n].foreign {
		return true
	}
	whole, err := core.Apply(text, edits)
	if err != nil {
		return false
	}
	again := find(piece{text: whole})
	return len(again) == len(found) && bytes.Equal(again[n].body, after)
}
