package paste

import (
	"bytes"
	"strings"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/schema"
)

// calling tells how the arguments of a client library's call make a request.
type calling struct {
	names  map[string]string // names of its own; "" for those that are of no use here
	lifted []string          // arguments whose members are members of the request
	camel  bool              // names are spelled as in JavaScript
	native bool              // names of other endpoints are meant as these have them
	stream bool              // the call itself asks for a stream
	plain  bool              // not a client library: the object is sent as it is
}

var (
	sdkCall    = &calling{names: map[string]string{"engine": "model", "deployment_id": "model"}, lifted: []string{"extra_body", "extraBody"}}
	sentAsIs   = &calling{plain: true}
	camelCall  = &calling{names: sdkCall.names, lifted: sdkCall.lifted, camel: true}
	streamCall = &calling{names: sdkCall.names, lifted: sdkCall.lifted, camel: true, stream: true}
	agentNames = map[string]string{"max_output_tokens": "max_tokens", "stop_sequences": "stop", "max_retries": "", "abort_signal": "",
		"headers": "", "provider_options": "", "experimental_telemetry": "", "on_finish": "", "on_chunk": "", "tools": "", "system": ""}
	agentCall       = &calling{names: agentNames, camel: true, native: true}
	agentStreamCall = &calling{names: agentNames, camel: true, native: true, stream: true}
	chainCall       = &calling{names: map[string]string{"model_name": "model", "model_id": "model", "streaming": "stream", "stop_sequences": "stop", "verbose": "",
		"cache": "", "batch_size": "", "callbacks": "", "callback_manager": "", "tags": "", "metadata": "", "max_retries": "", "max_concurrency": "",
		"tiktoken_model_name": "", "allowed_special": "", "disallowed_special": "", "stream_usage": "", "configuration": "", "client": "",
		"use_responses_api": "", "tensor_parallel_size": "", "dtype": "", "gpu_memory_utilization": "", "openai_organization": "", "openai_proxy": ""}, lifted: []string{"model_kwargs", "modelKwargs", "extra_body", "additional_kwargs"}, camel: true}
	generateCall = &calling{native: true, names: map[string]string{"details": "", "stop_sequences": "stop", "watermark": ""}}
)

// addressNames are what client libraries call the base of the address.
var addressNames = nameSet("base_url api_base server_url base_path openai_api_base endpoint azure_endpoint inference_server_url host")

// snake spells a name of JavaScript as the wire does: openAIApiKey is open_ai_api_key.
func snake(name string) string {
	b := make([]byte, 0, len(name)+4)
	upper := func(i int) bool { return i < len(name) && name[i] >= 'A' && name[i] <= 'Z' }
	for i := range len(name) {
		c := name[i]
		if upper(i) {
			if i > 0 && name[i-1] != '_' && (!upper(i-1) || i+1 < len(name) && name[i+1]-'a' < 26) {
				b = append(b, '_')
			}
			c |= 0x20
		}
		b = append(b, c)
	}
	return string(b)
}

// settings takes over what the arguments of a client's constructor say about the address, the key and headers.
func (p *program) settings(c *value) {
	for _, it := range c.items {
		if !p.asks() {
			return
		}
		if it.all || !it.keyed && it.value.form == anObject {
			p.settings(it.value)
			continue
		}
		if it.keyed {
			p.member(it)
		}
	}
}

// member takes over one of them, and reports whether it was one.
func (p *program) member(it item) bool {
	if it.value == nil { // an argument that is not there
		return false
	}
	name := snake(it.key)
	said, known := it.value.plain()
	switch {
	case addressNames[name]:
		if known {
			if p.d.URL == "" {
				p.d.goesTo(said, it.value)
			}
		} else {
			p.say(NotLiteral, it.value, name+": the address is known only to the program")
		}
	case namesKey(name):
		if known {
			p.d.secret(said, span{it.value.start, it.value.end}, false)
		} else if it.value.form != aToken {
			p.say(NotLiteral, it.value, name+": the key is known only to the program")
		}
	case name == "default_headers" || name == "extra_headers" || name == "headers" || name == "http_headers":
		p.headers(it.value)
	case (name == "configuration" || name == "client_options") && it.value.form == anObject:
		p.settings(it.value)
	default:
		return false
	}
	return true
}

// headers takes over headers of an object, a list of pairs or a call that makes one of them.
func (p *program) headers(v *value) {
	if v == nil {
		return
	}
	if v.form == aCall && v.at(0) != nil {
		v = v.at(0)
	}
	for _, it := range v.items {
		if !p.asks() {
			return
		}
		if it.all {
			p.headers(it.value)
			continue
		}
		name, ok := it.key, it.keyed
		said := it.value
		if !ok && said.form == aList {
			name, ok = said.at(0).plain()
			said = said.at(1)
		}
		if ok {
			p.oneHeader(name, said)
		}
	}
}

func (p *program) oneHeader(name string, v *value) {
	if dull(name) {
		return
	}
	if said, known := v.plain(); known {
		p.d.pair(nil, name, said, word{start: v.start, end: v.end})
	} else if v != nil && v.form != aToken {
		if secretHeader(strings.ToLower(name)) {
			name += ": the key"
		} else {
			name += ": the header's value"
		}
		p.say(NotLiteral, v, name+" is known only to the program")
	}
}

//go:noinline
func (p *program) say(code Code, v *value, message string) {
	if len(p.d.Notes) < mostSaid {
		p.d.Notes = append(p.d.Notes, Note{code, v.start, v.end, message})
	}
}

// take keeps the first request of a program.
func (p *program) take(v *value, how *calling) {
	if v == nil || v.form != anObject && how != sentAsIs {
		return
	}
	if p.request != nil {
		if p.request != v {
			p.say(Left, v, "a further request")
		}
		return
	}
	p.request, p.rules = v, how
}

// finish writes the request of a program. It reports false where there is none.
func (p *program) finish() bool {
	v, how := p.request, p.rules
	if v == nil && p.maker != nil {
		v, how = &value{form: anObject, items: p.maker.items, start: p.maker.start, end: p.maker.end}, chainCall
		if o := p.maker.at(0); o != nil && o.form == anObject {
			v.items = o.items
		}
		v.items = append(v.items[:len(v.items):len(v.items)], p.options...)
		if p.prompt != nil {
			v.items = append(v.items[:len(v.items):len(v.items)], item{key: "prompt", keyed: true, value: p.prompt, start: p.prompt.start})
		}
	}
	if v == nil {
		return p.strange
	}
	w := newWriting(p.d, p.src)
	for v.form == asJSON {
		v = v.items[0].value
	}
	switch v.form {
	case anObject:
		members := w.members(v, 0)
		if how != nil && !how.plain {
			members = p.translated(w, members, how)
		}
		for _, m := range p.beside {
			members = replaced(members, m)
		}
		members = w.shaped(members)
		if w.object(members, v.below, 0); string(w.out) != "{}" || len(v.items) == 0 {
			p.d.Body = w.out
		}
	case aText, asTyped:
		for _, h := range v.holes {
			w.hole("", h)
		}
		p.d.written(v.text, v.start, v.end)
	default:
		w.unknown("the request", v)
	}
	if w.room < 0 {
		p.d.Body = nil
		w.note(Left, v.start, v.end, "variables make this request too large")
	}
	return true
}

// translated turns arguments into members.
func (p *program) translated(w *writing, args []item, how *calling) (out []item) {
	streamed := false
	for _, it := range args {
		name := it.key
		if how.camel {
			name = snake(name)
		}
		foreign, isForeign := schema.ForeignNames()[name]
		to, own := how.names[name]
		switch {
		case lifts(how, it.key) && it.value.form == anObject:
			inner := w.members(it.value, 1)
			if len(inner) > 0 {
				inner[0].above = append(it.above[:len(it.above):len(it.above)], inner[0].above...)
			}
			for _, m := range inner {
				out = replaced(out, m)
			}
			continue
		case name == "headers" || name == "extra_headers":
			p.headers(it.value)
			p.left(w, it, foreign.Note)
			continue
		case p.member(it):
			continue
		case own && to == "":
			p.left(w, it, foreign.Note)
			continue
		case own:
			name = to
		case isForeign && foreign.From == "sdk":
			p.left(w, it, foreign.Note)
			continue
		case isForeign && how.native && foreign.Means != "":
			name = foreign.Means
		}
		if v := it.value; name == "model" && v.form == aCall && v.at(0) != nil { // openai.completion("m")
			if _, ok := v.at(0).plain(); ok {
				it.value = v.at(0)
			}
		}
		streamed = streamed || name == "stream"
		it.key = name
		out = replaced(out, it)
	}
	if how.stream && !streamed {
		out = append(out, item{key: "stream", keyed: true, value: &value{form: aToken, text: "true"}})
	}
	return out
}

// replaced appends a member, in the place of one of its name.
func replaced(out []item, it item) []item {
	if len(out) < 64 { // arguments; more than these stand in data alone, which repeats nothing
		for i := range out {
			if out[i].key == it.key {
				out[i].value = it.value
				return out
			}
		}
	}
	return append(out, it)
}

func lifts(how *calling, name string) bool {
	for _, l := range how.lifted {
		if l == name {
			return true
		}
	}
	return false
}

// left says of an argument that it is no part of the request.
//
//go:noinline
func (p *program) left(w *writing, it item, why string) {
	if why == "" {
		why = "it is no part of a request"
	}
	w.note(Left, it.start, it.stop(), it.key+": "+why)
}

// written takes over a request that a text holds as JSON.
func (d *Draft) written(s string, start, end int) {
	body := bytes.TrimSpace([]byte(s))
	if t, ok := scanned(body); ok && t.Nodes[0].Kind == jsontape.Object {
		d.Body = body
		d.shape(&t, 0, span{start, end})
	} else if len(body) > 0 && body[0] == '{' {
		d.Body = body
	} else if !d.form(body, span{start, end}) {
		d.Notes = append(d.Notes, Note{Unreadable, start, end, "this is no JSON object"})
	}
}
