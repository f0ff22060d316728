package main

import (
	"bytes"
	"regexp"
	"slices"
)

// pythonCall matches the beginning of a call that may send a request, up to its parenthesis.
var pythonCall = regexp.MustCompile(`[\w.]*\b(?:completions(?:\.\w+)?\.create|Completion\.a?create|text_completion|post|request|stream|urlopen|Request)\s*\(`)

// pythonSure matches the callee of a call that is one of completions by its name.
var pythonSure = regexp.MustCompile(`\b(?:completions(?:\.\w+)?\.create|Completion\.a?create|text_completion)\s*\($`)

// findInPython finds the calls of a program that send requests. Each is read together with what stands around it, where the
// variables that it uses may have their values.
func findInPython(p piece) (found []request) {
	calls := pythonCalls(p.text)
	for n, call := range calls[:min(len(calls), mostRequests)] {
		callee := p.text[call.start : call.start+bytes.IndexByte(p.text[call.start:], '(')+1]
		if chatCall.Match(callee) {
			continue
		}
		in, text := p.cut(call.start, call.end), p.text[call.start:call.end]
		if len(p.text) <= mostContext {
			in, text = p, slices.Clone(p.text[:call.end])
			for _, other := range calls[:n] {
				copy(text[other.start:], masked(text[other.start:other.end]))
				text[other.start] = '0' // a value, so that the statement stays one
			}
		} else {
			call = span{0, len(text)}
		}
		if r, ok := importedPart(in, text, call, pythonSure.Match(callee)); ok {
			found = append(found, r)
		}
	}
	if len(calls) > mostRequests {
		found = append(found, passedOver(p, calls[mostRequests].start))
	}
	return found
}

// pythonCalls returns the calls that may send a request; of those within each other, the outer one.
func pythonCalls(text []byte) (calls []span) {
	code := pythonCode(text)
	for at := 0; at < len(code); {
		m := pythonCall.FindIndex(code[at:])
		if m == nil {
			break
		}
		start, i := at+m[0], at+m[1]
		for depth := 1; i < len(code) && depth > 0; i++ {
			switch code[i] {
			case '(', '[', '{':
				depth++
			case ')', ']', '}':
				depth--
			}
		}
		calls = append(calls, span{start, i})
		at = i
	}
	return calls
}

// pythonCode returns a text in which white space stands for what is in comments and strings (The Python Language Reference,
// 2.1.3 and 2.4.1), and every offset stays.
func pythonCode(text []byte) []byte {
	code := slices.Clone(text)
	blank := func(start, end int) { copy(code[start:], masked(text[start:end])) }
	for i := 0; i < len(text); {
		switch c := text[i]; c {
		case '#':
			end := i + bytes.IndexByte(text[i:], '\n')
			if end < i {
				end = len(text)
			}
			blank(i, end)
			i = end
		case '"', '\'':
			quote := []byte{c}
			if bytes.HasPrefix(text[i:], []byte{c, c, c}) {
				quote = []byte{c, c, c}
			}
			end := i + len(quote)
			for end < len(text) && !bytes.HasPrefix(text[end:], quote) && (len(quote) == 3 || text[end] != '\n') {
				if text[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end+len(quote), len(text))
			blank(i, end)
			i = end
		default:
			i++
		}
	}
	return code
}
