package paste

import (
	"bytes"
	"strings"
)

// host is a language whose programs hold requests as JSON in a literal.
type host struct {
	kind  Kind
	name  string
	marks []string // one of them stands in its programs
	quoting
}

// hosts go from the most to the least particular; the last fits any program.
var hosts = []host{
	{"php", "a program in PHP", []string{"<?php", "curl_setopt", "json_encode", "$curl", "$client->"}, quoting{single: true, lines: true, inside: "$", join: '.', here: "<<<"}},
	{"ruby", "a program in Ruby", []string{"Net::HTTP", "require '", "require \"", ".to_json", "HTTParty", "Faraday", "OpenAI::Client"}, quoting{single: true, lines: true, inside: "#", join: '+', here: "<<"}},
	{"rust", "a program in Rust", []string{"reqwest", "r#\"", "fn main", "let mut ", "json!(", "&str"}, quoting{lines: true, hashed: true, join: '+'}},
	{"csharp", "a program in C#", []string{"using System", "StringContent", "HttpRequestMessage", "@\"", "$\"", "JsonSerializer", "RestRequest"}, quoting{verbatim: true, triple: true, block: true, join: '+'}},
	{"kotlin", "a program in Kotlin", []string{"\nval ", " val ", "fun main", "trimIndent", ".toRequestBody"}, quoting{triple: true, inside: "\\", join: '+'}},
	{"java", "a program in Java", []string{"HttpRequest", "public class", "OkHttp", "RequestBody", "String ", "System.out"}, quoting{triple: true, block: true, escapes: true, join: '+'}},
	{"go", "a program in Go", []string{":=", "package ", "func ", "strings.NewReader", "[]byte("}, quoting{ticks: true, join: '+'}},
	{"swift", "a program in Swift", []string{"URLSession", "URLRequest", "let "}, quoting{triple: true, block: true, escapes: true, inside: "(", join: '+'}},
	{"dart", "a program in Dart", dartMarks, quoting{alike: true, triple: true, escapes: true}},
	{"literal", "a text in a program", []string{""}, quoting{alike: true, triple: true, escapes: true}},
}

// hostOf returns the language of a kind.
func hostOf(kind Kind) *host {
	for n := range hosts {
		if hosts[n].kind == kind {
			return &hosts[n]
		}
	}
	return nil
}

func looksLikeLiterals(src []byte) bool {
	t := bytes.TrimSpace(src)
	return !startsJSON(t) && bytes.ContainsAny(t, "\"`'<") &&
		(bytes.Contains(t, []byte("prompt")) || bytes.Contains(t, []byte("messages")) || bytes.Contains(t, []byte("inputs")))
}

// readLiterals reads the first literal of a program that is a request, and what others say about the address and the key.
func readLiterals(src []byte, d *Draft) bool {
	var h *host
	for n := range hosts {
		h = &hosts[n]
		if containsAny(src, h.marks) {
			break
		}
	}
	t := tongue{hash: h.kind == "ruby"}
	l := literals{program: newProgram(&t, src, d)}
	for l.i < len(src) {
		l.space()
		at := l.i
		v := l.joined(&h.quoting)
		switch {
		case l.i >= len(src) && v == nil:
		case v == nil && l.peek() == '#' && h.kind == "php":
			l.hash = true
			l.space()
			l.hash = false
		case v == nil && l.peek() == '\'' && !h.single && !h.alike:
			l.runeLiteral()
		case v == nil:
			l.i += max(l.word(l.i), 1)
		case v.form == aText:
			l.said(v, at)
		}
	}
	if !l.found && l.broken != nil {
		l.take(l.broken)
	}
	if !l.found {
		return false
	}
	d.Kind, d.Name = h.kind, h.name
	return true
}

//go:noinline
func containsAny(src []byte, marks []string) bool {
	for _, mark := range marks {
		if bytes.Contains(src, []byte(mark)) {
			return true
		}
	}
	return false
}

// literals are those of a program, in turn.
type literals struct {
	*program
	found  bool
	broken *value // the first that may be a request, and is no JSON
	before string // the literal before
}

// said takes over what a literal says that begins at i.
func (l *literals) said(v *value, i int) {
	t := strings.TrimSpace(v.text)
	before := l.before
	l.before = strings.ToLower(t)
	whole := len(v.holes) == 0
	switch {
	case strings.HasPrefix(t, "{"):
		if tape, ok := scanned([]byte(t)); ok && requests(&tape) {
			if l.found {
				l.say(Left, v, "a further request")
			} else {
				l.filledIn(v, i)
				l.take(v)
			}
		} else if l.broken == nil && looksLikeRequest([]byte(t)) {
			l.broken = v
		}
	case strings.HasPrefix(t, "http://") || strings.HasPrefix(t, "https://"):
		if whole && (l.d.URL == "" || strings.Contains(t, "completions") && !strings.Contains(l.d.URL, "completions")) {
			l.d.goesTo(t, v)
		}
	case strings.EqualFold(t, "post"):
		l.d.Method = "POST"
	case strings.HasPrefix(t, "Bearer "), namesKey(before) && t != "Bearer", before == "bearer":
		key := strings.TrimPrefix(t, "Bearer ")
		if whole {
			l.d.secret(key, span{v.start, v.end}, false)
		} else {
			l.say(NotLiteral, v, "the key is known only to the program")
		}
	default:
		if name, said, ok := strings.Cut(t, ":"); ok && namesKey(strings.TrimSpace(name)) {
			if l.oneHeader(name, &value{form: aText, text: strings.TrimSpace(said), holes: v.holes, start: v.start, end: v.end}); before == "" {
				l.before = ""
			}
		}
	}
}

func (l *literals) take(v *value) {
	l.found = true
	w := newWriting(l.d, l.src)
	for _, h := range v.holes {
		w.hole("", h)
	}
	l.d.written(v.text, v.start, v.end)
}

// filledIn notes that a function puts values in the place of marks such as %s.
func (l *literals) filledIn(v *value, i int) {
	before := strings.TrimRight(string(l.src[max(i-20, 0):i]), " \t\n$@")
	if strings.HasSuffix(before, "printf(") || strings.HasSuffix(before, "ormat(") || strings.HasSuffix(before, "ormat!(") {
		if strings.ContainsAny(v.text, "%") {
			l.say(NotLiteral, v, "values that only the program knows come in the place of marks in this text")
		}
	}
}
