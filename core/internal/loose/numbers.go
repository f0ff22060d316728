package loose

import (
	"math/big"
	"strings"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
)

// numberValue reads a value that starts like a number.
func (r *reader) numberValue(k *literal) {
	start := r.i
	end := r.numberEnd(start)
	at := int32(len(r.t.Nodes))
	lit := string(r.src[start:end])
	if end == start || strings.Trim(lit, "+-.") == "" && !r.atEnd(end) {
		if e := r.unquotedEnd(start); e > end {
			r.unquoted(start, e, k)
			return
		}
		end = max(end, start+1)
		fix := one(start, end, "null")
		if lit != "" { // a sign or a point whose digits are still to come
			fix = nil
		}
		r.reportAt(at, finding.BadNumber, start, end, "write null", fix, "%s is not a number", finding.Excerpt(r.src[start:end]))
		r.scalar(jsontape.Bad, start, end, k)
		return
	}
	if notANumber(lit) {
		r.reportAt(at, finding.NotANumber, start, end, "", nil, "JSON has no %s", lit)
		r.scalar(jsontape.Bad, start, end, k)
		return
	}
	token, strict, ok := r.canonicalNumber(lit)
	if !ok {
		zeros := strings.TrimLeft(strings.TrimLeft(lit, "-"), "0")
		sign := lit[:len(lit)-len(strings.TrimLeft(lit, "-"))]
		if zeros == "" || zeros[0]-'0' > 9 {
			zeros = "0" + zeros
		}
		if t, s, good := r.canonicalNumber(sign + zeros); good && s && strings.HasPrefix(lit[len(sign):], "0") {
			if r.numberTooLarge(t, start, end, k) {
				return
			}
			fix := one(start, end, t)
			if start > 1 && r.src[start-1] == ',' && r.src[start-2]-'0' < 10 { // perhaps the comma belongs behind the zero
				fix = nil
			}
			r.reportAt(at, finding.BadNumber, start, end, "write "+t, fix, "%s has leading zeros", finding.Quote(lit))
			r.numberNode(start, end, t, false, k)
			return
		}
		if r.atEnd(end) && r.parent != jsontape.NoNode { // 1e, 0x or - while it is being typed
			if _, _, good := r.canonicalNumber(lit + "0"); good {
				r.tail = tail{cut: true, start: start, append: "0"}
				if strings.HasPrefix(lit, "+") || strings.Contains(lit, "_") || strings.HasPrefix(strings.TrimLeft(lit, "+-"), "0") || strings.Contains(lit, ".") {
					r.tail.edits, r.tail.append = one(start, end, "0"), ""
				}
				r.scalar(jsontape.Bad, start, end, k)
				return
			}
		}
		if e := r.unquotedEnd(start); e > end && !r.atEnd(e) {
			r.unquoted(start, e, k)
			return
		}
		fix := one(start, end, string(jsontape.AppendQuoted(nil, strings.ToValidUTF8(lit, "\uFFFD"))))
		if _, _, good := r.canonicalNumber(lit + "0"); good { // 1e or 0x, not yet written to its end
			fix = nil
		}
		r.reportAt(at, finding.BadNumber, start, end, "put quotes around it", fix, "%s is not a number", finding.Quote(lit))
		r.scalar(jsontape.Bad, start, end, k)
		return
	}
	if r.numberTooLarge(token, start, end, k) {
		return
	}
	if e, fixed, ok := r.decimalComma(lit, end); ok && strict {
		if r.numberTooLarge(fixed, start, e, k) {
			return
		}
		r.reportAt(at, finding.BadNumber, start, e, "write "+fixed, one(start, e, fixed), "%s has a comma in the number", finding.Excerpt(r.src[start:e]))
		r.numberNode(start, e, fixed, false, k)
		return
	}
	if next := jsontape.SkipSpace(r.src, end); !r.endsValue(end) && r.src[next]-'0' > 9 && r.src[next] != '-' { // 3 apples, 2024-01-01 10:00
		if e := r.unquotedEnd(start); e > end && !r.isProgram("", start, end) && (r.parent == jsontape.NoNode || !r.atEnd(e)) {
			r.unquoted(start, e, k)
			return
		}
	}
	if !strict {
		r.relax(looseNumber, finding.Edit{Start: start, End: end, Text: token})
	}
	r.numberNode(start, end, token, strict, k)
}

// numberTooLarge reports a number whose token is beyond the limits, and moves behind it.
func (r *reader) numberTooLarge(token string, start, end int, k *literal) bool {
	if jsontape.ScanNumber([]byte(token), 0, &r.lim) == len(token) {
		return false
	}
	r.reportAt(int32(len(r.t.Nodes)), finding.NumberTooLarge, start, end, "", nil, "a number with more than %d digits or an exponent beyond %d", r.lim.Digits, r.lim.Exponent)
	r.scalar(jsontape.Bad, start, end, k)
	return true
}

func (r *reader) numberNode(start, end int, token string, strict bool, k *literal) {
	r.push(jsontape.Node{Kind: jsontape.Number, Start: uint32(start), End: uint32(end)}, token, !strict, k)
	r.after(end)
}

// numberEnd returns the end of what looks like one number at i.
func (r *reader) numberEnd(i int) int {
	start := i
	if r.src[i] == '+' {
		i++
	}
	for i < len(r.src) {
		c := r.src[i]
		if c == '+' && i > start && r.src[i-1]|0x20 == 'e' {
			i++
			continue
		}
		if !wordByte(c) {
			break
		}
		i++
	}
	return i
}

// decimalComma recognises 0,7 in an object, and 1,000, which means a thousand.
func (r *reader) decimalComma(lit string, end int) (int, string, bool) {
	if !r.isObject() {
		return 0, "", false
	}
	return r.commaDecimal(lit, end)
}

func (r *reader) commaDecimal(lit string, end int) (int, string, bool) {
	if end >= len(r.src) || r.src[end] != ',' || strings.ContainsAny(lit, ".eE") {
		return 0, "", false
	}
	stop := jsontape.SkipDigits(r.src, end+1)
	if stop == end+1 || stop-end > 20 {
		return 0, "", false
	}
	i := jsontape.SkipSpace(r.src, stop)
	if i < len(r.src) && strings.IndexByte(",}\n", r.src[i]) < 0 {
		return 0, "", false
	}
	digits := string(r.src[end+1 : stop])
	if len(digits) == 3 && strings.TrimLeft(lit, "-") != "0" {
		return stop, lit + digits, true
	}
	return stop, lit + "." + digits, true
}

// canonicalNumber turns a JSON or JavaScript number into its JSON token.
func (r *reader) canonicalNumber(lit string) (token string, strict, ok bool) {
	wide := jsontape.Limits{Digits: len(lit) + 1, Exponent: jsontape.MostExponent}
	if c := lit[0]; (c == '-' || c-'0' < 10) && jsontape.ScanNumber([]byte(lit), 0, &wide) == len(lit) {
		return lit, true, true
	}
	sign, s := "", lit
	switch s[0] {
	case '-':
		sign, s = "-", s[1:]
	case '+':
		s = s[1:]
	}
	if strings.Contains(s, "_") {
		if strings.HasPrefix(s, "_") || strings.HasSuffix(s, "_") || strings.Contains(s, "__") {
			return "", false, false
		}
		s = strings.ReplaceAll(s, "_", "")
	}
	whole := strings.TrimSuffix(s, "n")
	if len(whole) > 2 && whole[0] == '0' && strings.IndexByte("xXoObB", whole[1]) >= 0 {
		base := map[byte]int{'x': 16, 'o': 8, 'b': 2}[whole[1]|0x20]
		if base != 16 {
			whole = strings.TrimSuffix(s, "n")
		}
		if len(whole) > 4*r.lim.Digits+2 { // at most this many binary digits for one decimal one
			for _, c := range []byte(whole[2:]) {
				if d := jsontape.HexDigit(c); d < 0 || int(d) >= base {
					return "", false, false
				}
			}
			return strings.Repeat("9", r.lim.Digits+1), false, true
		}
		n, good := new(big.Int).SetString(whole[2:], base)
		if !good || whole[2] == '+' || whole[2] == '-' {
			return "", false, false
		}
		return sign + n.String(), false, true
	}
	if whole != s && strings.Trim(whole, "0123456789") != "" { // a bigint has no fraction
		return "", false, false
	}
	s = whole
	if strings.HasPrefix(s, ".") {
		s = "0" + s
	}
	if dot := strings.IndexByte(s, '.'); dot >= 0 && (dot+1 == len(s) || s[dot+1]|0x20 == 'e') {
		s = s[:dot] + s[dot+1:]
		if lit == "." || strings.TrimLeft(lit, "+-")[0] == '.' {
			return "", false, false
		}
	}
	if s == "" || s[0]-'0' > 9 || jsontape.ScanNumber([]byte(s), 0, &wide) != len(s) {
		return "", false, false
	}
	return sign + s, false, true
}
