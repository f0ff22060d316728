package paste

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// decode takes off one encoding: quotes around a JSON text, backslashes before its quotes, HTML's entities, percent signs,
// base64.
func decode(text []byte) ([]byte, bool) {
	for _, d := range []func([]byte) ([]byte, bool){unquoted, unescaped, withoutEntities, withoutPercents, fromBase64} {
		if plain, ok := d(text); ok {
			return plain, true
		}
	}
	return nil, false
}

// looksEncoded reports whether a text has the look of one of these.
func looksEncoded(src []byte) bool {
	_, ok := decode(bytes.TrimSpace(src))
	return ok
}

func readEncoded(src []byte, d *Draft) bool {
	return d.decoded(src, 0, len(src))
}

// unquoted reads one literal that is all of the text.
func unquoted(text []byte) ([]byte, bool) {
	text = bytes.TrimRight(text, ",; \t\r\n")
	if len(text) < 4 {
		return nil, false
	}
	if n := bytes.IndexByte([]byte("bru"), text[0]); n >= 0 && (text[1] == '\'' || text[1] == '"') {
		p := newProgram(&python, text, new(Draft))
		v := p.pythonTexts()
		return []byte(v.text), v.form == aText && p.i == len(text)
	}
	if c := text[0]; c != '"' && c != '\'' && c != '`' {
		return nil, false
	}
	p := newProgram(&javascript, text, new(Draft))
	v := p.scriptText()
	if v == nil || v.form != aText || p.i != len(text) {
		return nil, false
	}
	return []byte(v.text), true
}

// unescaped takes backslashes off the quotes of a JSON text that was cut out of a literal.
func unescaped(text []byte) ([]byte, bool) {
	if len(text) < 4 || text[0] != '{' && text[0] != '[' && !bytes.HasPrefix(text, []byte(`\"`)) {
		return nil, false
	}
	rest := text[1:]
	if text[0] == '\\' {
		rest = text // a text in quotes that was cut out
	}
	for {
		rest = bytes.TrimLeft(rest, " \t\r\n")
		if !bytes.HasPrefix(rest, []byte(`\n`)) && !bytes.HasPrefix(rest, []byte(`\r`)) && !bytes.HasPrefix(rest, []byte(`\t`)) {
			break
		}
		rest = rest[2:]
	}
	if n := len(rest) - len(bytes.TrimLeft(rest, `\`)); n == 0 || n >= len(rest) || rest[n] != '"' {
		return nil, false
	}
	all := make([]byte, 0, len(text))    // every escape undone
	quotes := make([]byte, 0, len(text)) // only those of quotes undone
	p := program{tongue: &javascript, src: text}
	for p.i < len(text) {
		c := text[p.i]
		if c == '"' {
			return nil, false // one that needs no backslash
		}
		if c != '\\' || p.i+1 == len(text) {
			all, quotes = append(all, c), append(quotes, c)
			p.i++
			continue
		}
		at := p.i
		var ok bool
		if text[at+1] == '/' {
			all = append(all, '/')
			p.i += 2
		} else if all, ok = p.escape(all); !ok {
			all = append(all, c)
			p.i++
		}
		if text[at+1] == '"' || text[at+1] == '\\' {
			quotes = append(quotes, text[at+1])
		} else {
			quotes = append(quotes, text[at:p.i]...)
		}
	}
	if _, ok := scanned(all); !ok {
		if _, ok = scanned(quotes); ok {
			return quotes, true
		}
	}
	return all, true
}

// entities are those of HTML that JSON and programs are likely to become full of.
var entities = map[string]string{"quot": `"`, "amp": "&", "lt": "<", "gt": ">", "apos": "'", "nbsp": " ", "lbrace": "{", "rbrace": "}",
	"lcub": "{", "rcub": "}", "lsqb": "[", "rsqb": "]", "colon": ":", "comma": ",", "NewLine": "\n", "Tab": "\t", "bsol": `\`, "sol": "/"}

// withoutEntities reads a text whose quotes are HTML entities. One that has quotes of its own keeps its entities: they
// may be what a model is asked about.
func withoutEntities(text []byte) ([]byte, bool) {
	if bytes.IndexByte(text, '"') >= 0 || !bytes.Contains(text, []byte("&quot;")) && !bytes.Contains(text, []byte("&#34;")) && !bytes.Contains(text, []byte("&#x22;")) {
		return nil, false
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		const longest = 10
		c := text[i]
		if c == '&' {
			if n := bytes.IndexByte(text[i:min(i+longest, len(text))], ';'); n > 1 {
				name := string(text[i+1 : i+n])
				s, ok := entities[name]
				if name[0] == '#' && len(name) > 1 {
					base, digits := 10, name[1:]
					if digits[0]|0x20 == 'x' {
						base, digits = 16, digits[1:]
					}
					r, err := strconv.ParseUint(digits, base, 32)
					if ok = err == nil && r > 0 && r <= utf8.MaxRune; ok {
						s = string(rune(r))
					}
				}
				if ok {
					out = append(out, s...)
					i += n + 1
					continue
				}
			}
		}
		out = append(out, c)
		i++
	}
	return withoutTags(out), true
}

// withoutTags takes the elements off that stand around an object: <pre>, <code>.
func withoutTags(text []byte) []byte {
	for len(text) > 0 && text[0] == '<' {
		n := bytes.IndexByte(text, '>')
		if n < 0 {
			break
		}
		text = bytes.TrimSpace(text[n+1:])
	}
	for len(text) > 0 && text[len(text)-1] == '>' {
		n := bytes.LastIndex(text, []byte("</"))
		if n < 0 {
			break
		}
		text = bytes.TrimSpace(text[:n])
	}
	return text
}

// withoutPercents reads a text that was made part of an address.
func withoutPercents(text []byte) ([]byte, bool) {
	if len(text) < 6 || text[0] != '%' && !bytes.HasPrefix(text, []byte("{%22")) || bytes.ContainsAny(text, " \n\"") {
		return nil, false
	}
	plus := !bytes.Contains(text, []byte("%20")) // where one is spelled as a percent sign, none is spelled as a plus
	return fromPercents(text, plus), true
}

// fromBase64 reads an object in base64, of either alphabet, which may be a data address.
func fromBase64(text []byte) ([]byte, bool) {
	if n := bytes.IndexByte(text, ','); bytes.HasPrefix(text, []byte("data:")) && n > 0 && bytes.HasSuffix(text[:n], []byte(";base64")) {
		text = text[n+1:]
	}
	if len(text) < 16 || text[0] != 'e' || text[1] != 'y' && text[1] != 'w' { // how a brace begins, and a quote or white space behind it
		return nil, false
	}
	coding := base64.RawStdEncoding
	if bytes.ContainsAny(text, "-_") {
		coding = base64.RawURLEncoding
	}
	plain := make([]byte, coding.DecodedLen(len(text)))
	n, err := coding.Decode(plain, bytes.TrimRight(text, "="))
	return plain[:n], err == nil && startsObject(plain[:n])
}

// fromPercents reads what forms and addresses are encoded in.
func fromPercents(s []byte, plus bool) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' {
			if r, ok := jsontape.HexRune(s, i+1, 2); ok {
				c = byte(r)
				i += 2
			}
		} else if c == '+' && plus {
			c = ' '
		}
		out = append(out, c)
	}
	return out
}
