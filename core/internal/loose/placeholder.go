package loose

import (
	"bytes"
	"strings"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/utf"
)

// placeholderEnd returns the end of the mark at i in whose place a template puts something: ${name}, {{name}}, <% … %>,
// {% … %}, %s, $NAME, <a few words>; and i where there is none. It stands on one line, and no quotes of JSON are in it.
func (r *reader) placeholderEnd(i int) int {
	const longest = 200
	rest := r.src[i:min(i+longest, len(r.src))]
	if len(rest) == 0 || strings.IndexByte("${<%", rest[0]) < 0 {
		return i
	}
	rest = rest[:utf.LineLen(rest)]
	closing := ""
	switch {
	case utf.HasPrefix(rest, "${"):
		closing = "}"
	case utf.HasPrefix(rest, "{{"):
		closing = "}}"
	case utf.HasPrefix(rest, "<%"):
		closing = "%>"
	case utf.HasPrefix(rest, "{%"):
		closing = "%}"
	case utf.HasPrefix(rest, "%"):
		if n := len(rest); n > 1 && strings.IndexByte("sdvfgiqx@", rest[1]) >= 0 && r.endsValue(i+2) && (n == 2 || !wordByte(rest[2])) {
			return i + 2
		}
		return i
	case utf.HasPrefix(rest, "$") && len(rest) > 1 && (rest[1]|0x20-'a' < 26 || rest[1] == '_'):
		if end := r.wordEnd(i); r.endsValue(end) && bytes.IndexByte(r.src[i:end], '.') < 0 && !r.keyAhead(i) {
			return end
		}
		return i
	case utf.HasPrefix(rest, "<") && len(rest) > 1 && rest[1]|0x20-'a' < 26:
		closing = ">"
	default:
		return i
	}
	n := bytes.Index(rest[1:], []byte(closing)) + 1
	if n < 1 {
		return i
	}
	inside := bytes.TrimLeft(rest[min(2, n):n], "{ -=#$%") // a template's own marks
	if rest[0] == '<' && rest[1] != '%' {
		inside = rest[1:n]
	}
	if len(inside) == 0 || bytes.ContainsAny(inside, "{}\"`") || !wordByte(inside[0]) {
		return i
	}
	return i + n + len(closing)
}

// placeholder says what stands at r.i, up to end.
func (r *reader) placeholder(at int32, end int) {
	r.reportAt(at, finding.UnsupportedExpression, r.i, end, "", nil, "a template puts a value in the place of %s; write one", finding.Excerpt(r.src[r.i:end]))
}
