package check

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/loose"
	"github.com/completion-playground/playground/core/internal/paste"
)

// Reading is a text as it was read.
type Reading struct {
	jsontape.Tape
	Limits  *jsontape.Limits
	Dialect loose.Dialect
	Syntax  bool   // the text has a syntax error: what is missing may only not have been read
	cut     uint32 // a number that may not have been typed to its end, as the text is over; 0 where there is none
}

// read reads a text: as strict JSON where it is that, and otherwise as whatever it may be. Without nodes there is nothing
// to go on with, and a finding says why.
func (r *Reading) read(src []byte, limits *jsontape.Limits, names loose.Names, out *finding.List) {
	r.Limits, r.Dialect, r.Syntax, r.cut = limits, loose.JSON, false, 0
	if len(src) > limits.Bytes {
		r.Nodes, r.Src = r.Nodes[:0], nil
		out.Add(finding.Finding{Code: finding.TooLarge, Severity: finding.Error, Node: -1, End: 0, Rule: "limits/bytes",
			Message: fmt.Sprintf("got %s, want at most %s", finding.ByteSize(len(src)), finding.ByteSize(limits.Bytes))})
		return
	}
	if r.Scan(src, *limits) {
		if r.Nodes[0].Kind == jsontape.String && !r.pasted(src, out) { // a request may stand in the text
			r.Scan(src, *limits)
		}
		return
	}
	if !paste.BeginsAsJSON(src) && r.pasted(src, out) {
		return
	}
	var found []finding.Finding
	found, r.Dialect = loose.Reread(&r.Tape, src, *limits, names)
	for _, f := range found {
		out.Add(f)
		r.Syntax = r.Syntax || f.Severity == finding.Error
	}
	if last := len(r.Nodes) - 1; last > 0 && r.Nodes[last].Kind == jsontape.Number && int(r.Nodes[last].End) == len(src) {
		r.cut = uint32(last)
		r.Nodes[last].Kind = jsontape.Bad // that the text ends too early is an issue already
	}
}

// describe says what stands at i, as the "got" of a message.
func (r *Reading) describe(i uint32) string {
	nd := &r.Nodes[i]
	switch nd.Kind {
	case jsontape.Null:
		return "null"
	case jsontape.True:
		return "true"
	case jsontape.False:
		return "false"
	case jsontape.Number:
		return finding.QuoteRaw(r.Raw(i))
	case jsontape.String:
		return "the text " + finding.Quote(r.Text(i))
	case jsontape.Array:
		switch nd.N {
		case 0:
			return "an empty list"
		case 1:
			return "a list of one"
		}
		return fmt.Sprintf("a list of %d", nd.N)
	case jsontape.Object:
		return "an object"
	}
	return "something unreadable"
}

// Counts reports whether a member is the last one of its name.
func (r *Reading) Counts(c uint32) bool { return r.Nodes[c].Flags&jsontape.Shadowed == 0 }

// sameText reports whether two texts say the same.
func (r *Reading) sameText(a, b uint32) bool {
	x, y := &r.Nodes[a], &r.Nodes[b]
	switch {
	case x.Kind != jsontape.String || y.Kind != jsontape.String:
		return false
	case (x.Flags|y.Flags)&(jsontape.Escaped|jsontape.Loose) == 0:
		return bytes.Equal(r.Raw(a), r.Raw(b))
	case (x.Flags|y.Flags)&jsontape.Loose == 0 && r.differ(a, b):
		return false
	}
	return r.Text(a) == r.Text(b)
}

// differ reports whether two strict texts begin with different bytes, as most do. It need not decode them.
func (r *Reading) differ(a, b uint32) bool {
	var first [2]byte
	for k, i := range [2]uint32{a, b} {
		raw := r.Raw(i)
		if first[k] = raw[1]; raw[1] == '\\' {
			if raw[2] == 'u' {
				return false
			}
			first[k] = jsontape.SimpleEscape(raw[2])
		}
	}
	return first[0] != first[1]
}

// Integer returns the whole number at i, if that is what stands there and 64 bits hold it.
func (r *Reading) Integer(i uint32) (int64, bool) {
	if r.Nodes[i].Kind != jsontape.Number {
		return 0, false
	}
	if r.Nodes[i].Flags&jsontape.Loose == 0 {
		if n := jsontape.ReadNumeral(r.Raw(i)); n.Kind == jsontape.Integer {
			return n.Int, true
		}
	}
	token, whole := jsontape.IntegerToken(r.Number(i))
	n, err := strconv.ParseInt(token, 10, 64)
	return n, whole && err == nil
}

// Double returns the number at i as the nearest double, unless that is infinite.
func (r *Reading) Double(i uint32) (float64, bool) {
	if r.Nodes[i].Kind != jsontape.Number {
		return 0, false
	}
	if r.Nodes[i].Flags&jsontape.Loose == 0 {
		if n := jsontape.ReadNumeral(r.Raw(i)); n.Kind != jsontape.Unread {
			return n.Float, true
		}
	}
	f, err := strconv.ParseFloat(r.Number(i), 64)
	return f, err == nil
}
