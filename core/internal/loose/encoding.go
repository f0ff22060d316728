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
	if r.t.ASCII {
		return
	}
	var (
		taken  []finding.Edit
		first  finding.Edit
		marks  string
		count  int // bytes
		places int
		behind int // of the taken edits: how many stand before the first place
	)
	bad := finding.NewRewrite(r.src)
	for n, start, end := 0, 0, 0; ; {
		if start, end = invalidRun(r.src, end); start == end {
			break
		}
		if taken == nil {
			taken = r.taken()
		}
		for n < len(taken) && taken[n].End <= start {
			n++
		}
		if n < len(taken) && taken[n].Start < end {
			continue
		}
		if size := len(mark) * (end - start); len(marks) < size {
			marks = strings.Repeat(mark, max(64, end-start))
		}
		e := finding.Edit{Start: start, End: end, Text: marks[:len(mark)*(end-start)]}
		if count += end - start; places == 0 {
			if first, behind = e, n; r.errorsBefore(start) >= r.lim.Issues { // it would not be shown
				return
			}
		}
		// What becomes one edit must not reach over those of other fixes. The rest is for the next look at the text.
		if places < finding.MostOfRewrite || n == behind {
			bad.Add(e)
		}
		places++
	}
	if places == 0 {
		return
	}
	r.found = append(r.found, finding.Finding{Code: finding.InvalidUTF8, Severity: finding.Error, Node: -1, Start: first.Start, End: first.End, Rule: "syntax",
		Message: finding.Plural(count, "byte is", "bytes are") + fmt.Sprintf(" not UTF-8, the first is 0x%02X", r.src[first.Start]), Fix: &finding.Fix{Title: "write U+FFFD instead", Edits: bad.Edits()}})
}

// mark stands for what cannot be read.
const mark = "\uFFFD"

// taken returns the edits of all fixes, sorted.
func (r *reader) taken() []finding.Edit {
	taken := []finding.Edit{}
	for n := range r.found {
		if fix := r.found[n].Fix; fix != nil {
			taken = append(taken, fix.Edits...)
		}
	}
	slices.SortFunc(taken, finding.ByPlace)
	return taken
}

// errorsBefore counts the errors that stand before place i.
func (r *reader) errorsBefore(i int) (n int) {
	for k := range r.found {
		if r.found[k].Severity == finding.Error && r.found[k].Start < i {
			n++
		}
	}
	return n
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

// invalidRun returns the next run of bytes in src from i on that are not UTF-8, an empty one at the end.
func invalidRun(src []byte, i int) (start, end int) {
	for i < len(src) {
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
			return start, i
		}
		size, _ := utf.RuneAt(src, i)
		i += size
	}
	return i, i
}

// invalidBytes counts the bytes that are not UTF-8.
func invalidBytes(src []byte) (count int) {
	for start, end := invalidRun(src, 0); start < end; start, end = invalidRun(src, end) {
		count += end - start
	}
	return count
}
