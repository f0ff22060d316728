package paste

// dart is read as JavaScript is, but for what a dollar sign stands for in texts.
var dart = tongue{
	kind: hostOf("dart").kind, name: hostOf("dart").name, typed: true, arguments: true,
	words: javascript.words, prefix: nameSet("return await new const final"), infix: nameSet("is as"),
	texts: func(p *program) *value {
		start := p.i
		v := p.scriptText()
		if v != nil && v.form == aText {
			p.marks(v, &quoting{inside: "\\"}, start)
		}
		return v
	},
	number: (*program).numeral,
	result: func(p *program, c *value) *value {
		switch arg := c.at(0); {
		case c.text == "jsonEncode" && arg != nil:
			return c.json(arg)
		case c.text == "Uri.parse":
			return arg
		}
		return nil
	},
	called: func(p *program, c *value) {
		if last(c.text) == "post" {
			p.sends(c.at(0), c.first("body", "data"), c.get("headers"), "POST")
		}
	},
	set: (*program).setting,
}

var dartMarks = []string{"jsonEncode(", "Uri.parse("}
