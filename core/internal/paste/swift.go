package paste

import "strings"

// swift is read for dictionaries and arrays that become JSON.
var swift = tongue{
	kind: hostOf("swift").kind, name: hostOf("swift").name, arguments: true, rockets: true,
	words:  map[string]string{"true": "true", "false": "false", "nil": "null"},
	prefix: nameSet("return try await"),
	infix:  nameSet("as is"),
	texts:  textsOf(hostOf("swift")),
	number: (*program).numeral,
	result: func(p *program, c *value) *value {
		if of := c.get("withJSONObject"); of != nil {
			return c.json(of)
		} else if c.text == "URL" {
			return c.get("string")
		}
		return nil
	},
	called: func(p *program, c *value) {
		switch last(c.text) {
		case "URLRequest":
			p.goes(c.get("url"))
		case "setValue", "addValue":
			if name, ok := c.get("forHTTPHeaderField").plain(); ok && c.at(0) != nil {
				p.oneHeader(name, c.at(0))
			}
		default:
			p.offer(c.at(0))
		}
	},
	set: func(p *program, path string, v *value) {
		switch last(path) {
		case "httpBody":
			p.take(v, sentAsIs)
		case "httpMethod":
			method, _ := v.plain()
			p.d.Method = strings.ToUpper(method)
		}
	},
}

var swiftMarks = []string{"[String: Any]", "[String : Any]", "withJSONObject"}

// swiftHole reads the expression in \(…), which stands in the text in other marks: a backslash would be an escape in JSON.
func (p *program) swiftHole(b []byte) []byte {
	p.i += len(`\(`)
	start := p.i
	for depth := 1; p.i < len(p.src) && p.src[p.i] != '\n'; p.i++ {
		if c := p.src[p.i]; c == '(' {
			depth++
		} else if c == ')' {
			if depth--; depth == 0 {
				p.i++
				return append(append(append(b, "${"...), p.src[start:p.i-1]...), '}')
			}
		}
	}
	return append(append(b, `\\(`...), p.src[start:p.i]...)
}
