package faulty

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A Scenario is a script with what a client has to make of it.
type Scenario struct {
	Name  string `json:"name"`
	About string `json:"about"` // what the server does
	// Row is the behaviour of a real server, or the fault of a real client, that the scenario restates, with its
	// public source where there is one.
	Row     string          `json:"row"`
	Request json.RawMessage `json:"request"` // the body to send
	Script  Script          `json:"script"`
	Want    Want            `json:"want"`
	// Browser is the outcome in a browser where that cannot see what other clients see.
	Browser *Want `json:"browser,omitempty"`
}

// Want is an outcome.
type Want struct {
	End string `json:"end"` // "complete", "ended-early", "empty", "failed", or "stopped": the client has to leave
	// Texts are the choices' texts by index. Where Prefix is set, the last may have come in part only.
	Texts  []string `json:"texts,omitempty"`
	Prefix bool     `json:"prefix,omitempty"`
	// Length is the length of the only text where that is too long to list; it is all ASCII.
	Length int `json:"length,omitempty"`
	// Finish are the finish reasons by index, in the words of package client; "" for a choice that has none.
	Finish []string `json:"finish,omitempty"`
	// Tokens are the tokens of the first choice that have log probabilities.
	Tokens      []string `json:"tokens,omitempty"`
	TotalTokens int      `json:"totalTokens,omitempty"` // of the usage
	// Error is the kind of a failure: "api" for an answer that is no completion, "stream" for a failure after the
	// beginning, "redirect", "transport" for a broken connection, "size" for an answer too large to hold.
	Error      string `json:"error,omitempty"`
	Status     int    `json:"status,omitempty"`
	Code       string `json:"code,omitempty"`
	Message    string `json:"message,omitempty"`    // a part of it
	RetryAfter int    `json:"retryAfter,omitempty"` // seconds
}

// Outcomes.
const (
	complete   = "complete"
	endedEarly = "ended-early"
	empty      = "empty"
	failed     = "failed"
	stopped    = "stopped"
)

const done = "data: [DONE]\n\n"

// Scenarios returns the table. It is a new one each time.
func Scenarios() []Scenario {
	return slices.Concat(ends(), failures(), wholes(), refusals(), framing(), chunks(), connections())
}

// one is the body of a request for a single choice.
var one = json.RawMessage(`{"model":"faulty","prompt":["Say hello"],"stream":true}`)

// stream is a scenario with a single choice, streamed.
func stream(name, about, row string, want Want, data ...string) Scenario {
	return Scenario{Name: name, About: about, Row: row, Request: one, Script: Script{Steps: steps(data...)}, Want: want}
}

func steps(data ...string) []Step {
	var list []Step
	for _, d := range data {
		list = append(list, Step{Data: d})
	}
	return list
}

// event is an event with one data line.
func event(data string) string { return "data: " + data + "\n\n" }

// chunk is a chunk in the shape of OpenAI and vLLM. A finish reason of "" is null.
func chunk(index int, text, finish string) string {
	return wrap(fmt.Sprintf(`{"index":%d,"text":%s,"logprobs":null,"finish_reason":%s}`, index, quote(text), orNull(finish)))
}

// wrap is a chunk with the choices given.
func wrap(choices string) string {
	return `{"id":"cmpl-1","object":"text_completion","created":1760000000,"model":"faulty","choices":[` + choices + `]}`
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always marshals
	}
	return string(b)
}

func orNull(s string) string {
	if s == "" {
		return "null"
	}
	return quote(s)
}

// text and last are events of the only choice.
func text(s string) string         { return event(chunk(0, s, "")) }
func last(s, finish string) string { return event(chunk(0, s, finish)) }

// usage is the event that counts.
const usage = `data: {"id":"cmpl-1","object":"text_completion","created":1760000000,"model":"faulty","choices":[],` +
	`"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}` + "\n\n"

func whole(texts ...string) Want {
	w := Want{End: complete, Texts: texts}
	for range texts {
		w.Finish = append(w.Finish, "stop")
	}
	return w
}

func (w Want) with(change func(*Want)) Want {
	change(&w)
	return w
}

func counted(w *Want) { w.TotalTokens = 5 }

// broken is a failure in the stream after a part of the text.
func broken(text, code, message string) Want {
	w := Want{End: failed, Error: "stream", Code: code, Message: message}
	if text != "" {
		w.Texts, w.Finish = []string{text}, []string{""}
	}
	return w
}

// ends are the ways in which streams end without an error.
func ends() []Scenario {
	two := stream("missing-choice", "two choices are asked for, one comes, the stream ends properly without [DONE]",
		"end of stream: some index lacks a finish reason",
		Want{End: endedEarly, Texts: []string{"Hello"}, Finish: []string{"stop"}},
		text("Hel"), last("lo", "stop"))
	two.Request = json.RawMessage(`{"model":"faulty","prompt":["Say hello"],"n":2,"stream":true}`)
	open := stream("open-after-done", "the connection stays open after [DONE]",
		"end of stream: finish right after [DONE] (openai/openai-node#2317)", whole("Hello"),
		text("Hel"), last("lo", "stop"), done)
	open.Script.Steps = append(open.Script.Steps, Step{Then: Stall})
	silence := stream("keep-alive", "comments come every 15 ms, and no [DONE]",
		"Atoma: keep-alive comments, usage, a signature on each chunk, never [DONE]",
		whole("Hello").with(counted))
	signed := strings.Replace(usage, `"usage"`, `"signature":"c2ln","response_hash":"aGFzaA==","usage"`, 1)
	for _, data := range []string{text("Hel"), ": keep-alive\n\n", ": keep-alive\n\n", last("lo", "stop"), signed} {
		silence.Script.Steps = append(silence.Script.Steps, Step{Delay: 15, Data: data})
	}
	return []Scenario{
		stream("plain", "a short text and [DONE]", "OpenAI, vLLM, SGLang: the normal case",
			whole("Hello"), text("Hel"), last("lo", "stop"), done),
		stream("usage", "usage in a chunk of its own without choices", "OpenAI: include_usage",
			whole("Hello").with(counted),
			strings.Replace(text("Hel"), `]}`, `],"usage":null}`, 1), last("lo", "stop"), usage, done),
		stream("usage-with-choice", "usage on the last chunk, beside a choice with empty text",
			"llama.cpp: usage with the final choice, extra timings", whole("Hello").with(counted),
			text("Hel"), text("lo"),
			event(`{"choices":[{"text":"","index":0,"logprobs":null,"finish_reason":"stop"}],`+
				`"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5},"timings":{"predicted_ms":1.5}}`), done),
		stream("usage-on-each", "zeros on each chunk, the true usage at the end", "Ollama: include_usage",
			whole("Hello").with(counted),
			strings.Replace(text("Hel"), `]}`, `],"usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}`, 1),
			last("lo", "stop"), usage, done),
		silence,
		stream("relay-cut", "the stream ends properly in the middle of the text",
			"Atoma: a broken node connection ends the client's stream properly",
			Want{End: endedEarly, Texts: []string{"Hel"}, Finish: []string{""}}, ": keep-alive\n\n", text("Hel")),
		stream("error-as-empty-text", "a failure becomes a chunk with empty text, then the stream ends",
			"Ollama: the error text is lost",
			Want{End: endedEarly, Texts: []string{"Hel"}, Finish: []string{""}}, text("Hel"), text("")),
		two,
		open,
		stream("done-without-reason", "[DONE] though no finish reason came", "end of stream: [DONE] decides",
			Want{End: complete, Texts: []string{"Hello"}, Finish: []string{""}}, text("Hello"), done),
		stream("done-only", "[DONE] and nothing else", "end of stream: [DONE] decides", Want{End: complete}, done),
		stream("after-done", "events follow [DONE]", "end of stream: what follows [DONE] does not count",
			whole("Hello"), last("Hello", "stop"), done, text(" again"), event(`{"error":{"message":"too late"}}`)),
		stream("nothing", "200 without a body", "end of stream: nothing delivered (earendil-works/pi#2537)",
			Want{End: empty}),
		stream("comments-only", "200 with nothing but comments and usage", "end of stream: nothing delivered",
			Want{End: empty, TotalTokens: 5}, ": ping\n\n", usage),
	}
}

// failures are errors that come in the middle of a stream.
func failures() []Scenario {
	openrouter := event(`{"id":"gen-1","object":"text_completion","model":"faulty","provider":"Somebody",` +
		`"error":{"code":"server_error","message":"Provider disconnected"},` +
		`"choices":[{"index":0,"text":"","finish_reason":"error","native_finish_reason":"error"}]}`)
	return []Scenario{
		stream("error-event", "an event named error", "OpenAI: event: error",
			broken("Hel", "server_error", "The server had an error"),
			text("Hel"), "event: error\n"+event(`{"error":{"message":"The server had an error","type":"server_error","param":null,"code":"server_error"}}`)),
		stream("error-event-text", "an event named error whose data is no JSON", "gateways: event: error",
			broken("Hel", "", "upstream died"), text("Hel"), "event: error\ndata: upstream died\n\n"),
		stream("error-data", "an error object as data, then the end", "OpenAI; llama.cpp now: no [DONE] after it",
			broken("Hel", "500", "context shift failed"),
			text("Hel"), event(`{"error":{"code":500,"message":"context shift failed","type":"server_error"}}`)),
		stream("error-then-done", "an error object as data, then [DONE]", "vLLM: [DONE] even after an error",
			broken("Hel", "400", "engine is dead"),
			text("Hel"), event(`{"error":{"message":"engine is dead","type":"BadRequestError","param":null,"code":400}}`), done),
		stream("error-flat", "the data is the error object itself, then [DONE]", "vLLM, older",
			broken("Hel", "400", "engine is dead"),
			text("Hel"), event(`{"object":"error","message":"engine is dead","type":"BadRequestError","param":null,"code":400}`), done),
		stream("error-wrapped", "an error object of object error, then [DONE]", "SGLang",
			broken("Hel", "500", "out of memory"),
			text("Hel"), event(`{"error":{"object":"error","message":"out of memory","type":"InternalServerError","param":null,"code":500}}`), done),
		stream("error-field", "a line whose field name is error, then [DONE]", "llama.cpp, older",
			broken("Hel", "500", "slot is gone"),
			text("Hel"), `error: {"code":500,"message":"slot is gone","type":"server_error"}`+"\n\n", done),
		stream("error-tgi", "an error with a status inside, then [DONE]", "TGI",
			broken("Hel", "500", "Request failed during generation"),
			text("Hel"), event(`{"error":{"message":"Request failed during generation: Server error","http_status_code":500}}`), done),
		stream("error-signed", "an error object among signatures, then the end", "Atoma: vLLM's error is signed and relayed",
			broken("Hel", "400", "engine is dead"),
			text("Hel"), event(`{"error":{"message":"engine is dead","type":"BadRequestError","param":null,"code":400},"signature":"c2ln","response_hash":"aGFzaA=="}`)),
		stream("error-with-choice", "an error beside a choice that finishes with error, then the end", "OpenRouter",
			Want{End: failed, Error: "stream", Code: "server_error", Message: "Provider disconnected", Texts: []string{"Hel"}, Finish: []string{"error"}},
			text("Hel"), openrouter, done),
		stream("error-first", "an error object before any text", "llama.cpp, vLLM: the first result fails after the header",
			broken("", "503", "loading model"), event(`{"error":{"code":503,"message":"loading model","type":"unavailable_error"}}`)),
		stream("aborted", "a choice finishes with abort, then [DONE]", "vLLM, SGLang: abort is a failure",
			Want{End: failed, Error: "stream", Message: "abort", Texts: []string{"Hel"}, Finish: []string{"abort"}},
			text("Hel"), last("", "abort"), done),
		stream("no-json", "an event that is no JSON", "data that cannot be a chunk",
			broken("Hel", "", "no JSON"), text("Hel"), event(`{"choices":[{"text":`), text("lo"), done),
	}
}

// wholes are answers in one piece although a stream was asked for.
func wholes() []Scenario {
	body := func(name, about, row, mediaType, body string, want Want) Scenario {
		return Scenario{Name: name, About: about, Row: row, Request: one, Want: want,
			Script: Script{Header: map[string]string{"Content-Type": mediaType}, Steps: steps(body)}}
	}
	const answer = `{"id":"cmpl-1","object":"text_completion","created":1760000000,"model":"faulty",` +
		`"choices":[{"text":"Hello","index":0,"logprobs":null,"finish_reason":"stop"}],` +
		`"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}`
	return []Scenario{
		body("json", "a whole answer instead of a stream", "servers and proxies without streaming", "application/json",
			answer, whole("Hello").with(counted)),
		body("json-as-stream", "a whole answer that is declared as a stream", "proxies that set the type by the request",
			"text/event-stream", "\n"+answer+"\n", whole("Hello").with(counted)),
		body("stream-as-json", "a stream that is declared as JSON", "proxies that set the type by the path",
			"application/json", text("Hel")+last("lo", "stop")+done, whole("Hello")),
		body("json-no-index", "two choices without an index", "Together: no index outside streams (vercel/ai#4031)",
			"application/json", `{"choices":[{"text":"Hello","finish_reason":"eos"},{"text":"Hi","finish_reason":"length"}]}`,
			Want{End: complete, Texts: []string{"Hello", "Hi"}, Finish: []string{"stop", "length"}}),
		body("json-no-choices", "a whole answer without choices", "nothing delivered", "application/json",
			`{"id":"cmpl-1","object":"text_completion","choices":[]}`, Want{End: empty}),
		body("json-cut", "a whole answer that stops in the middle", "proxies that cut bodies", "application/json",
			answer[:80], Want{End: failed, Error: "stream", Message: "no JSON"}),
		body("error-in-200", "success, and an error in the body", "OpenRouter: HTTP 200 with an error",
			"application/json", `{"error":{"code":429,"message":"Provider returned error","metadata":{"raw":"slow down","provider_name":"Somebody"}},"user_id":"u1"}`,
			Want{End: failed, Error: "api", Status: 200, Code: "429", Message: "slow down"}),
		body("page-in-200", "success, and a web page", "wrong base URL, login pages", "text/html; charset=utf-8",
			"<!doctype html>\n<html><head><title>Sign in &amp; go on</title></head><body>…</body></html>",
			Want{End: failed, Error: "api", Status: 200, Message: "Sign in & go on"}),
	}
}

// refusals are answers with a status other than success.
func refusals() []Scenario {
	refuse := func(name, row string, status int, mediaType, body string, want Want) Scenario {
		want.End, want.Error, want.Status = failed, "api", status
		return Scenario{Name: name, About: fmt.Sprintf("status %d with a body of %s", status, mediaType), Row: row,
			Request: one, Want: want, Script: Script{Status: status, Header: map[string]string{"Content-Type": mediaType}, Steps: steps(body)}}
	}
	const js, plain, page = "application/json", "text/plain", "text/html"
	retry := refuse("retry-after", "OpenAI, OpenRouter: 429 with Retry-After in seconds", 429, js,
		`{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}`,
		Want{Code: "rate_limit_exceeded", Message: "Rate limit reached", RetryAfter: 7})
	retry.Script.Header["Retry-After"] = "7"
	retry.Script.Header["Access-Control-Expose-Headers"] = "Retry-After"
	retryDate := refuse("retry-after-date", "Retry-After as a date", 503, plain, "busy", Want{Message: "busy", RetryAfter: 120})
	retryDate.Script.Header["Date"] = "Thu, 01 Jan 2026 00:00:00 GMT"
	retryDate.Script.Header["Retry-After"] = "Thu, 01 Jan 2026 00:02:00 GMT"
	retryDate.Script.Header["Access-Control-Expose-Headers"] = "Retry-After, Date"
	unreadable := &Want{End: failed, Error: "transport"} // a browser does not tell the page what it may not read
	hidden := refuse("key-refused", "vLLM, SGLang: an error text, and no CORS header on it", 401, js,
		`{"error":"Unauthorized"}`, Want{Message: "Unauthorized"})
	hidden.Script.CORS, hidden.Browser = CORSPreflight, unreadable
	origin := refuse("origin-refused", "Ollama: 403 without a body for other origins (ollama/ollama#2425)", 403, plain,
		"", Want{Message: "no more than that"})
	origin.Script.CORS, origin.Browser = CORSOff, unreadable
	redirect := Scenario{Name: "redirect", About: "status 307 to another scenario", Row: "redirects are not followed with a key",
		Request: one, Want: Want{End: failed, Error: "redirect", Status: 307}, Browser: &Want{End: failed, Error: "redirect"},
		Script: Script{Status: 307, Header: map[string]string{"Location": "/plain/v1/completions"}}}
	atoma := func(name string, status int, code, message string) Scenario {
		return refuse(name, "Atoma: code in capitals", status, js, `{"error":{"code":"`+code+`","message":"`+message+`"}}`,
			Want{Code: code, Message: message})
	}
	return []Scenario{
		refuse("bad-request", "OpenAI, Ollama, Together, Fireworks: message, type, param, code", 400, js,
			`{"error":{"message":"'$.stop' is invalid","type":"invalid_request_error","param":"stop","code":"array_above_max_length"}}`,
			Want{Code: "array_above_max_length", Message: "'$.stop' is invalid"}),
		refuse("bad-request-vllm", "vLLM: code is the status as a number", 404, js,
			`{"error":{"message":"The model does not exist","type":"NotFoundError","param":"model","code":404}}`,
			Want{Code: "404", Message: "The model does not exist"}),
		refuse("bad-request-llamacpp", "llama.cpp: code, message, type", 400, js,
			`{"error":{"code":400,"message":"Unsupported param: best_of","type":"invalid_request_error"}}`,
			Want{Code: "400", Message: "Unsupported param: best_of"}),
		atoma("atoma-balance", 402, "BALANCE_ERROR", "not enough credit"),
		atoma("atoma-locked", 423, "LOCKED", "the stack is locked"),
		atoma("atoma-stack", 425, "UNAVAILABLE_STACK", "the stack is used up"),
		atoma("atoma-busy", 429, "TOO_MANY_REQUESTS", "the node is overloaded"),
		atoma("atoma-hidden-400", 500, "INTERNAL_ERROR", "Bad Request"),
		refuse("credits", "OpenRouter: metadata and a user id", 402, js,
			`{"error":{"code":402,"message":"Insufficient credits","metadata":{}},"user_id":"u1"}`,
			Want{Code: "402", Message: "Insufficient credits"}),
		refuse("flat", "SGLang; vLLM, older: the body is the error", 400, js,
			`{"object":"error","message":"Prompt cannot be empty","type":"BadRequest","param":null,"code":400}`,
			Want{Code: "400", Message: "Prompt cannot be empty"}),
		hidden,
		refuse("tgi", "TGI: error text and error_type", 422, js,
			"{\"error\":\"Input validation error: `top_p` must be > 0.0 and < 1.0\",\"error_type\":\"validation\"}",
			Want{Message: "`top_p` must be > 0.0"}),
		refuse("detail", "FastAPI: detail as text", 401, js, `{"detail":"Not authenticated"}`, Want{Message: "Not authenticated"}),
		refuse("detail-list", "FastAPI: detail as list", 422, js,
			`{"detail":[{"loc":["body","prompt"],"msg":"Field required","type":"missing"}]}`,
			Want{Message: "body.prompt: Field required"}),
		refuse("plain-text", "axum in TGI and Atoma; llama.cpp's last resort", 422, plain,
			"Failed to deserialize the JSON body into the target type", Want{Message: "Failed to deserialize"}),
		refuse("gateway-page", "gateways: a web page", 502, page,
			"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502</h1></body></html>\r\n",
			Want{Message: "502 Bad Gateway"}),
		origin,
		retry,
		retryDate,
		redirect,
	}
}
