package core

import (
	"github.com/completion-playground/playground/core/internal/edit"
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/utf"
)

// Set returns the edits that make the value at path the given one, which is strict JSON.
//
// The path is an RFC 6901 pointer in wire names; a member is found however the text spells it. What exists is replaced
// in place. What does not is added together with the parents it needs: a field behind the one that precedes it in the
// schema's order, any other member and an element ("-" or the next index) at the end. New text follows the
// indentation, line breaks, quotes, spelling and commas around it; everything else stays byte for byte. Tokens of value,
// numbers among them, are written as given. Of several members with one name the last is changed, the one that counts.
// Where a lone text stands for a list of one, adding an item makes it a list.
//
// The error is ErrNotJSON, ErrPath, ErrTooLarge or ErrUnreadable for errors.Is, and says for people what is wrong where.
func (v *Validator) Set(src []byte, path string, value []byte) ([]TextEdit, error) {
	v = v.ready()
	edits, err := edit.Set(v.check.Request, v.check.Limits, src, path, value)
	return textEdits(src, edits), err
}

// Unset returns the edits that remove what path, as in Set, points to: every member of that name, each with its comma,
// its line where it has one of its own, and the comment at the end of that line. There are no edits where there is no
// such value. The error is one of those of Set.
func (v *Validator) Unset(src []byte, path string) ([]TextEdit, error) {
	v = v.ready()
	edits, err := edit.Unset(v.check.Request, v.check.Limits, src, path)
	return textEdits(src, edits), err
}

// Apply returns src with the edits made. It fails when they are not sorted, overlap or reach beyond the text; those
// that come from one call of this package for the same text never do.
func Apply(src []byte, edits []TextEdit) ([]byte, error) {
	list := make([]finding.Edit, len(edits))
	for i, e := range edits {
		list[i] = finding.Edit{Start: e.Start, End: e.End, Text: e.Text}
	}
	return finding.Apply(src, list)
}

// Format returns the edits that lay the text out: two spaces a level, a line for each member of an object, lists on one
// line where they fit into 80 columns. Only white space changes: tokens, quotes, order and comments stay, as does the kind
// of line break; of several empty lines one stays. A statement around the object is left alone. Formatting twice is
// formatting once.
//
// Text with mistakes is laid out too, except where there is something between values that belongs to none; then the
// error, ErrUnreadable, names the line to mend first.
func (v *Validator) Format(src []byte) ([]TextEdit, error) {
	v = v.ready()
	edits, err := edit.Format(v.check.Request, v.check.Limits, src)
	return textEdits(src, edits), err
}

// textEdits resolves sorted edits.
func textEdits(src []byte, edits []finding.Edit) []TextEdit {
	if len(edits) == 0 {
		return nil
	}
	l := utf.NewLocator(src)
	list := make([]TextEdit, len(edits))
	for i, e := range edits {
		list[i] = TextEdit{Start: e.Start, End: e.End, Text: e.Text}
		list[i].Start16 = l.Position(e.Start).UTF16
		list[i].End16 = l.Position(e.End).UTF16
	}
	return list
}

// ByteOffset returns the byte offset of a place given in UTF-16 code units, as JavaScript counts them. It reports false
// for a place beyond the end or between the halves of a surrogate pair. Invalid bytes count as one unit each.
func ByteOffset(src []byte, utf16 int) (int, bool) { return utf.ByteOffset(src, utf16) }
