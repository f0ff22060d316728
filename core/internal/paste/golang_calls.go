package paste

import (
	"strings"
)

var (
	paramsCall       = &calling{}
	paramsStreamCall = &calling{stream: true}
)

// goSame are functions that return their only argument, in another type at most; goPointers those that return what is
// there even if it is zero.
var (
	goSame     = nameSet("int int32 int64 uint float32 float64 string any NewBuffer NewBufferString NewReader NopCloser")
	goPointers = nameSet("String Int Float Bool F Ptr ToPtr NewOpt Opt Some Int32 Int64 Float32 Float64 Pointer Of")
)

func (p *program) goResult(c *value) *value {
	arg := c.at(0)
	switch name := last(strings.TrimSuffix(c.text, ".[]")); { // without the type in F[T](…)
	case c.text == "json.Marshal" || c.text == "json.MarshalIndent":
		if arg != nil {
			return c.json(arg)
		}
	case goSame[name] && len(c.items) == 1 && arg.known():
		return arg
	case goPointers[name] && len(c.items) == 1 && arg.known():
		return arg.pointed(c)
	}
	return nil
}

// pointed returns a value that is no zero, whatever it is.
func (v *value) pointed(by *value) *value {
	out := *v
	out.base = by
	return &out
}

func (p *program) goCall(c *value) {
	path, arg := c.text, c.at(0)
	name := last(path)
	switch {
	case strings.HasPrefix(name, "NewRequest"):
		n := 0
		if strings.HasSuffix(name, "WithContext") {
			n = 1
		}
		method, ok := c.at(n).plain()
		if !ok && c.at(n) != nil && strings.HasPrefix(last(c.at(n).text), "Method") { // http.MethodPost
			method = strings.TrimPrefix(last(c.at(n).text), "Method")
		}
		p.sends(c.at(n+1), c.at(n+2), nil, method)
	case path == "http.Post":
		p.sends(arg, c.at(2), nil, "POST")
	case name == "Post" && arg != nil:
		p.goes(arg)
		p.d.Method = "POST"
	case name == "SetHeader", (name == "Set" || name == "Add") && strings.Contains(path, "Header"):
		if n, ok := arg.plain(); ok {
			p.oneHeader(n, c.at(1))
		}
	case name == "SetHeaders":
		p.headers(arg)
	case name == "SetAuthToken", name == "WithAPIKey", name == "NewClient", name == "DefaultConfig", name == "WithToken":
		if arg != nil && (name != "NewClient" || arg.form == aText) {
			p.member(item{key: "api_key", value: arg})
		}
	case name == "WithBaseURL" || name == "SetBaseURL":
		p.member(item{key: "base_url", value: arg})
	case name == "WithJSONSet":
		if n, ok := arg.plain(); ok && c.at(1) != nil && !strings.ContainsAny(n, `.*?|#@`) {
			p.beside = append(p.beside, item{key: n, keyed: true, value: c.at(1), start: arg.start})
		}
	case name == "SetBody" && plausible(arg):
		p.take(arg, sentAsIs)
	case strings.HasPrefix(name, "CreateCompletion") || strings.HasPrefix(name, "CreateChatCompletion") || strings.HasSuffix(path, "ompletions.New") || strings.HasSuffix(path, "ompletions.NewStreaming"):
		how := paramsCall
		if strings.HasSuffix(name, "Stream") || strings.HasSuffix(name, "Streaming") {
			how = paramsStreamCall
		}
		if request := c.at(1); request != nil && request.form == anObject {
			p.take(request, how)
		}
	default:
		p.offer(arg)
	}
}
