package paste

import "strings"

// java is read for maps and lists, for objects of the usual JSON libraries, and for builders of requests.
var java = tongue{
	kind: hostOf("java").kind, name: hostOf("java").name, typed: true,
	words:     map[string]string{"true": "true", "false": "false", "null": "null"},
	prefix:    nameSet("return new throw final"),
	infix:     nameSet("instanceof"),
	texts:     textsOf(hostOf("java")),
	number:    (*program).numeral,
	composite: (*program).javaArray,
	result:    (*program).javaResult,
	called:    (*program).javaCall,
	set:       (*program).setting,
}

// kotlin is java with pairs of a name and a value.
var kotlin = tongue{
	kind: hostOf("kotlin").kind, name: hostOf("kotlin").name, typed: true, arguments: true,
	words: java.words, prefix: nameSet("return throw"), infix: nameSet("to as is in"),
	texts: textsOf(hostOf("kotlin")), number: java.number,
	result: (*program).javaResult, called: (*program).javaCall, set: (*program).setting,
}

// javaMarks stand in programs that make JSON of values.
var javaMarks = []string{"Map.of", "new HashMap", "new LinkedHashMap", "new JSONObject", "new JsonObject", "createObjectNode", "createObjectBuilder", "CompletionCreateParams.builder(", "CompletionRequest.builder("}

// javaArray reads new String[]{…}.
func (p *program) javaArray() *value {
	if v := p.cast(); v != nil {
		return v
	}
	if !p.ahead("new ") {
		return nil
	}
	start := p.i
	i := p.i + len("new ")
	end := p.typeEnd(i)
	if end < i || !strings.HasSuffix(string(p.src[i:end]), "[]") {
		return nil
	}
	p.i = end
	if p.space(); p.peek() != '{' || p.depth >= mostDepth {
		return &value{start: start, end: p.i}
	}
	v := p.bracket(listed)
	v.start = start
	return v
}

var (
	// javaMaps are what makes an empty object.
	javaMaps = nameSet("HashMap LinkedHashMap TreeMap JSONObject JsonObject createObjectNode createObjectBuilder builder")
	// javaLists are what makes a list of its arguments.
	javaLists = nameSet("listOf arrayOf mutableListOf List.of Set.of Arrays.asList Collections.singletonList ImmutableList.of Stream.of")
	// javaSame are functions that return their argument.
	javaSame = nameSet("create ofString valueOf intValue toString build ofByteArray String StringEntity")
	// javaPuts give a member to what they are called of.
	javaPuts = nameSet("put add addProperty set putPOJO putIfAbsent")
)

func (p *program) javaResult(c *value) *value {
	name, arg := last(c.text), c.at(0)
	of := c.base
	switch {
	case (name == "create" || name == "createCompletion") && arg != nil && arg.form == anObject:
		p.take(arg, paramsCall)
	case c.text == "Map.of" || c.text == "ImmutableMap.of":
		v := &value{form: anObject, start: c.start, end: c.end, below: c.below}
		for n := 0; n+1 < len(c.items); n += 2 {
			v.put(c.items[n], c.items[n+1].value)
		}
		return v
	case c.text == "Map.ofEntries", c.text == "mapOf", c.text == "mutableMapOf", c.text == "hashMapOf", c.text == "linkedMapOf":
		v := &value{form: anObject, start: c.start, end: c.end, below: c.below}
		for _, it := range c.items {
			if e := it.value; last(e.text) == "entry" && len(e.items) == 2 {
				e.items[0].above = append(it.above, e.items[0].above...)
				v.put(e.items[0], e.items[1].value)
			} else {
				v.items = append(v.items, it)
			}
		}
		return v
	case javaLists[c.text], name == "JSONArray" && arg == nil, name == "JsonArray", name == "ArrayList" && arg == nil, name == "createArrayBuilder":
		return &value{form: aList, items: c.items, start: c.start, end: c.end, below: c.below}
	case name == "builder" && !strings.Contains(c.text, "CompletionRequest") && !strings.Contains(c.text, "CompletionCreateParams"):
	case javaMaps[name] && arg == nil:
		v := &value{form: anObject, start: c.start, end: c.end}
		if name == "builder" {
			v.text = name
		}
		return v
	case javaMaps[name] && arg.known(): // a copy of another, or JSON
		return arg
	case of.known() && of.form == anObject && of.text == "builder" && len(c.text) == len(name):
		if name != "build" && len(c.items) == 1 && arg != nil {
			of.items = append(of.items, item{key: snake(name), keyed: true, start: arg.start, end: arg.end, above: c.items[0].above, value: arg})
		}
		return of
	case of.known() && of.form == anObject && javaPuts[name] && len(c.items) == 2:
		of.put(c.items[0], c.items[1].value)
		return of
	case of.known() && of.form == anObject && (name == "putArray" || name == "putObject") && len(c.items) == 1:
		inner := &value{form: anObject, start: c.start, end: c.end}
		if name == "putArray" {
			inner.form = aList
		}
		of.put(c.items[0], inner)
		return inner
	case of.known() && of.form == aList && (name == "add" || name == "put") && len(c.items) == 1:
		of.items = append(of.items, c.items[0])
		return of
	case of.known() && of.form != aText && name == "toString" && len(c.items) == 0, name == "asText" && of.known():
		return c.json(of)
	case (name == "writeValueAsString" || name == "toJson" || name == "toJSONString" || name == "writeValueAsBytes") && arg != nil:
		return c.json(arg)
	case of.known() && len(c.items) == 0 && javaSame[name]:
		return of
	case javaSame[name] && len(c.items) > 0 && len(c.items) < 3:
		for _, it := range c.items {
			if it.value.known() && !strings.Contains(it.value.text, "/json") {
				return it.value
			}
		}
	}
	return nil
}

// put adds a member whose name is an argument.
func (v *value) put(key item, to *value) {
	it := item{start: key.start, above: key.above, value: to, end: to.end}
	if to.start < key.start {
		it.end = 0
	}
	if it.key, it.keyed = key.value.plain(); !it.keyed {
		it.of = key.value
	}
	v.items = append(v.items, it)
}

func (p *program) javaCall(c *value) {
	path, arg := c.text, c.at(0)
	name := last(path)
	switch {
	case name == "uri" || name == "url" || name == "HttpPost" || name == "URL":
		p.goes(arg)
	case strings.HasPrefix(name, "postFor") || name == "post" && arg != nil && arg.form == aText && !plausible(arg):
		p.goes(arg)
		if body := c.at(1); plausible(body) {
			p.take(body, sentAsIs)
		}
	case name == "POST" || name == "post" || name == "setEntity" || name == "bodyValue" || name == "body" || name == "setBody":
		if plausible(arg) {
			p.sends(nil, arg, nil, "POST")
		}
	case (name == "header" || name == "addHeader" || name == "setHeader" || name == "setRequestProperty" || name == "headers") && len(c.items) == 2:
		if n, ok := arg.plain(); ok {
			p.oneHeader(n, c.at(1))
		}
	case name == "apiKey" || name == "baseUrl" || name == "OpenAiService":
		if name == "OpenAiService" {
			name = "apiKey"
		}
		if arg != nil {
			p.member(item{key: name, value: arg})
		}
	case name == "write" && plausible(arg):
		p.sends(nil, arg, nil, "POST")
	default:
		p.offer(arg)
	}
}
