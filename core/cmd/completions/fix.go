package main

import (
	"bytes"
	"errors"
	"slices"

	"github.com/completion-playground/playground/core"
)

// mostDoubts is how many requests of a file are tried one by one where their fixes together change what stands around them.
const mostDoubts = 50

var errAround = errors.New("the fixes would change what else stands in the file")

// fixed returns a file's text with the safe fixes of its requests. A request is left alone where its bytes stand in the file
// in another form, and where the file with its fixes would be read in another way than is meant.
func (k *checker) fixed(text []byte, found []request, find finder) ([]byte, error) {
	var mends []mend
	for n := range found {
		r := &found[n]
		if r.body == nil || r.at < 0 || !r.in.same(text, r.at, r.at+len(r.body)) {
			continue
		}
		edits, err := k.v.FixAll(r.body)
		if err != nil || len(edits) == 0 {
			continue // a text that is too large, which the report says
		}
		after, err := core.Apply(r.body, edits)
		if err != nil {
			return nil, err
		}
		for i := range edits {
			edits[i].Start += r.in.offset(r.at)
			edits[i].End += r.in.offset(r.at)
		}
		mends = append(mends, mend{n, edits, after})
	}
	after, err := mended(text, found, find, mends)
	if !errors.Is(err, errAround) || len(mends) > mostDoubts {
		return after, err
	}
	mends = slices.DeleteFunc(mends, func(m mend) bool {
		_, err := mended(text, found, find, []mend{m})
		return err != nil
	})
	return mended(text, found, find, mends)
}

// mend is what one request becomes.
type mend struct {
	n     int             // of the request
	edits []core.TextEdit // of the file
	after []byte
}

// mended applies fixes to a file, and reads it again: every request has to be what it was, or what its fixes make of it.
func mended(text []byte, found []request, find finder, mends []mend) ([]byte, error) {
	var edits []core.TextEdit
	want := make([][]byte, len(found))
	for n := range found {
		want[n] = found[n].body
	}
	for _, m := range mends {
		edits = append(edits, m.edits...)
		want[m.n] = m.after
	}
	if len(edits) == 0 {
		return text, nil
	}
	after, err := core.Apply(text, edits)
	if err != nil {
		return nil, err
	}
	again := find(piece{text: after})
	if len(again) != len(want) {
		return nil, errAround
	}
	for n := range again {
		if !bytes.Equal(again[n].body, want[n]) {
			return nil, errAround
		}
	}
	return after, nil
}
