package loose

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/utf"
)

// invalidUTF8 reports all bytes that are no UTF-8, except where another fix replaces them anyway.
func (r *reader) invalidUTF8() {
	bad := invalidRuns(r.src)
	if len(bad) == 0 {
		return
	}
	var taken []finding.Edit
	for n := range r.found {
		if fix := r.found[n].Fix; fix != nil {
			taken = append(taken, fix.Edits...)
		}
	}
	slices.SortFunc(taken, finding.ByPlace)
	n := 0
	left := bad[:0:0]
	for _, e := range bad {
		for n < len(taken) && taken[n].End <= e.Start {
			n++
		}
		if n == len(taken) || taken[n].Start >= e.End {
			left = append(left, e)
		}
	}
	if len(left) == 0 {
		return
	}
	count := 0
	for _, e := range left {
		count += e.End - e.Start
	}
	r.found = append(r.found, finding.Finding{Code: finding.InvalidUTF8, Severity: finding.Error, Node: -1, Start: left[0].Start, End: left[0].End, Rule: "syntax",
		Message: finding.Plural(count, "byte is", "bytes are") + fmt.Sprintf(" not UTF-8, the first is 0x%02X", r.src[left[0].Start]), Fix: &finding.Fix{Title: "write U+FFFD instead", Edits: left}})
}

// foreignEncoding reports UTF-16 text, about which one finding says everything.
func (r *reader) foreignEncoding() bool {
	little := bytes.HasPrefix(r.src, []byte{0xFF, 0xFE}) || len(r.src) >= 4 && r.src[0] != 0 && r.src[1] == 0 && r.src[2] != 0 && r.src[3] == 0
	big := bytes.HasPrefix(r.src, []byte{0xFE, 0xFF}) || len(r.src) >= 4 && r.src[0] == 0 && r.src[1] != 0 && r.src[2] == 0 && r.src[3] != 0
	if !little && !big {
		return false
	}
	r.report(finding.InvalidUTF8, 0, len(r.src), "convert to UTF-8", one(0, len(r.src), utf.FromUTF16(r.src, big)), "the text is encoded as UTF-16, want UTF-8")
	return true
}

func (r *reader) byteOrderMark() {
	if !utf.HasPrefix(r.src, "\uFEFF") {
		return
	}
	r.i = 3
	r.found = append(r.found, finding.Finding{Code: finding.ByteOrderMark, Severity: finding.Warning, Node: -1, Start: 0, End: 3, Rule: "syntax",
		Message: "the text starts with a byte order mark, which JSON does not allow", Fix: &finding.Fix{Title: "remove it", Edits: one(0, 3, "")}})
}

// invalidRuns returns an edit for each run of bytes in src that are not UTF-8.
func invalidRuns(src []byte) (runs []finding.Edit) {
	for i := 0; i < len(src); {
		if n := utf.PlainRun(src[i:], false); n > 0 {
			i += n
			continue
		}
		start := i
		for i < len(src) && src[i] >= utf8.RuneSelf {
			ch, n := utf8.DecodeRune(src[i:])
			if ch != utf8.RuneError || n > 1 {
				break
			}
			i++
		}
		if i > start {
			runs = append(runs, finding.Edit{Start: start, End: i, Text: strings.Repeat("\uFFFD", i-start)})
			continue
		}
		size, _ := utf.RuneAt(src, i)
		i += size
	}
	return runs
}
