package loose

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/utf"
)

// member reads one member of an object.
func (r *reader) member() {
	if !r.startsItem() {
		r.junk()
		return
	}
	r.needComma()
	start := r.i
	c := r.src[r.i]
	if end := r.placeholderEnd(r.i); end > r.i && !r.keyAhead(r.i) {
		r.placeholder(int32(r.parent), end)
		r.after(end)
		return
	}
	if c == '{' || c == '[' || c == '(' || utf.HasPrefix(r.src[r.i:], "...") {
		end := r.expression(r.i)
		if c == '{' || c == '(' {
			r.report(finding.MissingKey, start, end, "", nil, "a value without a key in an object")
		} else {
			r.report(finding.UnsupportedExpression, start, end, "", nil, "this cannot be read without running it: %s", finding.Excerpt(r.src[start:end]))
		}
		r.after(end)
		return
	}
	k := r.keyLiteral()
	if k.template {
		r.report(finding.UnsupportedExpression, k.start, k.end, "", nil, "a key cannot be computed")
		k.text = string(r.src[k.start:k.end])
	}
	r.i, r.last = k.next, k.end
	r.space()
	if r.i >= len(r.src) {
		r.cutKey(&k)
		return
	}
	switch c := r.src[r.i]; {
	case c == ':':
		r.reportMissingQuote(&k, "")
		colon := r.i
		r.i++
		if r.i < len(r.src) && r.src[r.i] == '=' { // :=
			r.report(finding.WrongSeparator, colon, r.i+1, "write a colon", one(r.i, r.i+1, ""), "%q where a colon belongs", ":=")
			r.i++
		}
		r.last = r.i
	case c == '=' || c == '-' && utf.HasPrefix(r.src[r.i:], "->"):
		r.reportMissingQuote(&k, "")
		end := r.i + 1
		if end < len(r.src) && (r.src[end] == '>' || r.src[end] == '=') {
			end++
		}
		r.report(finding.WrongSeparator, r.i, end, "write a colon", one(r.i, end, ":"), "%q where a colon belongs", r.src[r.i:end])
		r.i, r.last = end, end
	case strings.IndexByte(",;}])", c) >= 0:
		r.reportNoValue(&k, ": null")
		r.slot = slotValue
		return
	case r.keyAhead(r.i):
		r.reportNoValue(&k, ": null,")
		r.slot = slotComma
		r.comma = -1
		return
	case r.startsItem():
		r.reportMissingQuote(&k, ":")
		if !k.missing {
			r.report(finding.MissingColon, k.start, k.end, "insert a colon", one(k.end, k.end, ":"), "a colon is missing after the key %s", finding.Quote(k.text))
		}
	default:
		r.junk()
		r.space()
		if r.i < len(r.src) && r.src[r.i] == ':' {
			r.i++
			r.last = r.i
		} else {
			r.reportNoValue(&k, ": null")
			r.slot = slotValue
			return
		}
		r.reportMissingQuote(&k, "")
	}
	r.looseKey(&k)
	r.memberValue(&k)
}

// memberValue reads what follows the colon.
func (r *reader) memberValue(k *literal) {
	for {
		r.space()
		if r.i >= len(r.src) {
			r.tail = tail{cut: true, start: k.start, append: " null"}
			end := r.last
			r.push(jsontape.Node{Kind: jsontape.Bad, Start: uint32(end), End: uint32(end)}, "", false, k)
			r.slot = slotValue
			return
		}
		c := r.src[r.i]
		insert := ""
		switch {
		case strings.IndexByte(",;}])", c) >= 0:
			insert = " null"
		case r.keyAhead(r.i):
			insert = " null,"
		case !r.startsItem():
			r.junk()
			continue
		default:
			r.value(k)
			return
		}
		r.reportAt(int32(len(r.t.Nodes)), finding.MissingValue, k.start, r.last, "write null", one(r.last, r.last, insert), "%s has no value", finding.Quote(k.text))
		r.push(jsontape.Node{Kind: jsontape.Bad, Start: uint32(r.last), End: uint32(r.last)}, "", false, k)
		r.slot = slotValue
		if insert == " null," {
			r.slot, r.comma = slotComma, -1
		}
		return
	}
}

// reportNoValue complains about a key with neither colon nor value. Such a key gets no node: half a name while it is
// being typed must not count as an unknown field.
func (r *reader) reportNoValue(k *literal, insert string) {
	if k.missing {
		r.reportMissingQuote(k, insert)
		return
	}
	r.report(finding.MissingValue, k.start, k.end, "write null", one(k.end, k.end, insert), "%s has no value", finding.Quote(k.text))
}

// cutKey handles a key at which the text ends.
func (r *reader) cutKey(k *literal) {
	r.tail = tail{cut: true, start: k.start, quote: k.missing}
	switch {
	case k.missing:
		r.tail.edits, r.tail.append = k.cut, string(k.delim)+": null"
	case k.delim == 0:
		r.tail.edits, r.tail.append = one(k.start, k.start, `"`), `": null`
	default:
		r.tail.append = ": null"
	}
	r.slot = slotValue
}

// keyAhead reports whether a key and its colon stand at i, on one line.
func (r *reader) keyAhead(i int) bool {
	if i >= len(r.src) {
		return false
	}
	end := i
	switch c := r.src[i]; {
	case c == '"' || c == '\'':
		for end++; ; end++ {
			if end >= len(r.src) || r.src[end] == '\n' {
				return false
			}
			if r.src[end] == '\\' {
				end++
			} else if r.src[end] == c {
				break
			}
		}
		end++
	default:
		if end = r.wordEnd(i); end == i {
			return false
		}
	}
	for end < len(r.src) && (r.src[end] == ' ' || r.src[end] == '\t') {
		end++
	}
	return end < len(r.src) && r.src[end] == ':' && !(end+1 < len(r.src) && r.src[end+1] == '/')
}

// keyLiteral reads the key at r.i, which startsItem.
func (r *reader) keyLiteral() literal {
	start := r.i
	if r.quoteStarts(start) {
		return r.stringLiteral(start, true)
	}
	end := r.bareKeyEnd(start)
	if end == start { // a character that may start a value only
		_, n := utf8.DecodeRune(r.src[start:])
		end = max(r.wordEnd(start+n), start+n)
	}
	if end < len(r.src) && (r.src[end] == '"' || r.src[end] == '\'') && stringPrefix(string(r.src[start:end])) {
		r.report(finding.PythonLiteral, start, end, "remove the prefix", one(start, end, ""), "got the string prefix %s of Python", r.src[start:end])
		return r.stringLiteral(end, true)
	}
	k := literal{start: start, end: end, next: end, text: r.bareKey(string(r.src[start:end]))}
	if end < len(r.src) && (r.src[end] == '"' || r.src[end] == '\'') {
		if i := jsontape.SkipSpace(r.src, end+1); i < len(r.src) && r.src[i] == ':' {
			r.report(finding.UnclosedString, start, end+1, "insert the quote", one(start, start, string(r.src[end])), "the key %s has no opening quote", finding.Quote(k.text))
			k.end, k.next = end+1, end+1
			k.delim = r.src[end]
		}
	}
	return k
}

// bareKey returns what a name without quotes is: JavaScript reads its escapes, and a number as the number's usual form.
func (r *reader) bareKey(word string) string {
	word = strings.ToValidUTF8(word, "\uFFFD")
	if c := word[0]; c-'0' < 10 || c == '.' && len(word) > 1 {
		token, strict, ok := r.canonicalNumber(word)
		if !ok || strict && strings.Trim(token, "0123456789") == "" || strings.HasSuffix(word, "n") {
			return cmp.Or(token, word)
		}
		f, err := strconv.ParseFloat(token, 64)
		if err != nil {
			return word
		}
		if f >= 1e21 || f < 1e-6 && f > 0 {
			text := strconv.FormatFloat(f, 'e', -1, 64)
			return strings.NewReplacer("e+0", "e+", "e-0", "e-").Replace(text)
		}
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	if strings.IndexByte(word, '\\') < 0 {
		return word
	}
	var b strings.Builder
	for i := 0; i < len(word); {
		if word[i] != '\\' {
			b.WriteByte(word[i])
			i++
			continue
		}
		text, n, _ := jsEscape([]byte(word[i:]))
		b.WriteString(text)
		i += n
	}
	return b.String()
}

// looseKey notes a key that is no JSON string.
func (r *reader) looseKey(k *literal) {
	if k.delim == 0 && !k.strict {
		r.relax(looseKey, finding.Edit{Start: k.start, End: k.end, Text: string(jsontape.AppendQuoted(nil, k.text))})
	}
}

// reportMissingQuote complains about a string that does not end, once it is known what has to follow the quote.
func (r *reader) reportMissingQuote(k *literal, then string) {
	if k.missing {
		edits := append(slices.Clone(k.cut), finding.Edit{Start: k.end, End: k.end, Text: string(k.delim) + then})
		r.report(finding.UnclosedString, k.start, k.end, "insert the quote", edits, "the string %s is never closed", finding.Quote(k.text))
	}
}
