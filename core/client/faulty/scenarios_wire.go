package faulty

import (
	"encoding/json"
	"strings"
)

// framing are the ways to write an event stream.
func framing() []Scenario {
	plain := text("Hel") + last("lo", "stop") + done
	raw := stream("characters", "line separators of other formats, and characters of two, three and four bytes, unescaped",
		"framing: only CR and LF end lines (florimondmanca/httpx-sse#34, langchain-ai/langgraph#2560); "+
			"characters split between reads (api7/aisix#111)",
		whole("a\u2028b\u2029c\u0085d é 漢 😀"))
	for _, s := range []string{"a\u2028b\u2029", "c\u0085d é", " 漢 😀"} {
		// json.Marshal would escape the separators
		raw.Script.Steps = append(raw.Script.Steps, Step{Data: event(wrap(`{"index":0,"text":"` + s + `","finish_reason":null}`))})
	}
	raw.Script.Steps = append(raw.Script.Steps, steps(last("", "stop"), done)...)
	invalid := stream("invalid-utf8", "a byte that is no UTF-8 within the text", "framing: decoding does not fail",
		whole("a\ufffdb"))
	invalid.Script.Steps = []Step{{Raw: []byte("data: " + wrap("{\"index\":0,\"text\":\"a\xffb\",\"finish_reason\":\"stop\"}") + "\n\n")}, {Data: done}}
	big := stream("big-event", "an event of 10 MB in writes of 1 KB",
		"framing: no quadratic cost (openai/openai-node#2324, rexxars/eventsource-parser#28; openai/openai-go#368)",
		Want{End: complete, Length: 10 << 20, Finish: []string{"stop"}})
	big.Script.Steps = []Step{
		{Data: `data: {"choices":[{"index":0,"text":"`},
		{Data: strings.Repeat("0123456789abcdef", 64), Repeat: 10 << 10},
		{Data: `","finish_reason":"stop"}]}` + "\n\n" + done},
	}
	endless := stream("endless-event", "an event of 40 MiB", "framing: the buffer is bounded (rexxars/eventsource-parser#32)",
		Want{End: failed, Error: "size"})
	endless.Script.Steps = []Step{{Data: "data: "}, {Data: strings.Repeat("x", 1<<20), Repeat: 40}}
	return []Scenario{
		stream("crlf", "lines end in CRLF", "framing: CRLF split between reads (rexxars/eventsource-parser#17)",
			whole("Hello"), "data: {\"choices\":[\r\ndata: {\"index\":0,\"text\":\"Hel\"}]}\r\n\r\n", strings.ReplaceAll(last("lo", "stop")+done, "\n", "\r\n")),
		stream("cr", "lines end in CR", "framing: CR alone", whole("Hello"), strings.ReplaceAll(plain, "\n", "\r")),
		stream("mixed-ends", "lines end in CR, LF and CRLF, mixed",
			"framing (openai/openai-node#2309, EventSource/eventsource#326)", whole("Hello"),
			"data: "+chunk(0, "Hel", "")+"\r\n\ndata: "+chunk(0, "l", "")+"\n\r\n", "data: "+chunk(0, "o", "stop")+"\r\r", done),
		stream("bom", "a byte order mark in front", "framing (openai/openai-ruby#623)", whole("Hello"), "\ufeff"+plain),
		stream("meta-only", "blocks without data: comments, id, retry, event",
			"framing: they are no events (openai/openai-python#2722, openai/openai-go#621)", whole("Hello"),
			": ping\n\nid: 1\n\nretry: 5\n\nevent: ping\n\nid\n\n", plain),
		stream("other-fields", "id, retry and unknown fields beside data, an event of a gateway's own",
			"framing: unknown fields are ignored", whole("Hello"),
			"id: 7\nretry: 10\nx-thing: 1\n"+text("Hel"), "event: ping\ndata: pong\n\n", "event: message\n"+last("lo", "stop"), done),
		stream("comment-data", "comments that look like data", "framing: comments stay comments (mnfst/llm-gateway#2053)",
			whole("Hello"), ":"+text("no"), ": OPENROUTER PROCESSING\n\n", plain, ":data: [DONE]\n\n"),
		stream("empty-data", "data lines without data", "framing: skipped (router-for-me/CLIProxyAPI#2460, theopenco/llmgateway#2334)",
			whole("Hello"), "data:\n\ndata: \n\ndata\n\ndata:  \n\n", plain),
		stream("no-space", "no space after the colon, and colons in the text",
			"framing: at most one space goes (ai-forever/gigachat-js#12)", whole("a: b"),
			"data:"+chunk(0, "a: b", "stop")+"\n\n", "data:[DONE]\n\n"),
		stream("several-lines", "one event in several data lines", "framing: joined by LF", whole("Hello"),
			"data: {\"choices\":[{\"index\":0,\ndata: \"text\":\"Hello\",\"finish_reason\":\"stop\"}]}\n\n", done),
		stream("several-events", "several events in one write", "framing (ggml-org/llama.cpp#14268)", whole("Hello"),
			text("H")+text("e")+text("l")+text("l")+last("o", "stop")+done),
		stream("unterminated-chunk", "the last event lacks its blank line",
			"end of stream: it counts if it is JSON (openai/openai-node#2725)", whole("Hello"),
			text("Hel"), strings.TrimRight(last("lo", "stop"), "\n")),
		stream("unterminated-done", "[DONE] lacks its blank line", "end of stream: it counts (openai/openai-node#2725)",
			Want{End: complete, Texts: []string{"Hello"}, Finish: []string{""}}, text("Hello"), "data: [DONE]"),
		stream("torn-event", "the stream ends properly within an event", "end of stream: the event is lost",
			Want{End: endedEarly, Texts: []string{"Hel"}, Finish: []string{""}}, text("Hel"), last("lo", "stop")[:40]),
		stream("torn-first", "the stream ends properly within its first event", "end of stream: nothing delivered",
			Want{End: empty}, last("Hello", "stop")[:40]),
		stream("torn-usage", "the stream ends properly within the usage, after the finish reason",
			"Atoma: usage lost; each index has a finish reason", whole("Hello"), last("Hello", "stop"), usage[:40]),
		raw,
		invalid,
		big,
		endless,
	}
}

// chunks are the shapes of chunks.
func chunks() []Scenario {
	var interleaved []string
	for _, c := range []struct {
		index        int
		text, finish string
	}{{0, "a", ""}, {2, "c", ""}, {1, "b", ""}, {3, "d", "length"}, {2, "C", "stop"}, {0, "A", "stop"}, {1, "B", ""}, {1, "", "stop"}} {
		interleaved = append(interleaved, event(chunk(c.index, c.text, c.finish)))
	}
	several := stream("interleaved", "two prompts with two choices each, mixed",
		"chunks: vLLM, SGLang number choices prompt * n + i",
		Want{End: complete, Texts: []string{"aA", "bB", "cC", "d"}, Finish: []string{"stop", "stop", "stop", "length"}}, interleaved...)
	several.Request = json.RawMessage(`{"model":"faulty","prompt":["One","Two"],"n":2,"stream":true}`)
	tokens := func(w *Want) { w.Tokens = []string{"Hel", "lo"} }
	logprobs := func(text, finish, logprobs string) string {
		return event(wrap(`{"index":0,"text":` + quote(text) + `,"finish_reason":` + orNull(finish) + `,"logprobs":` + logprobs + `}`))
	}
	return []Scenario{
		several,
		stream("choices-missing", "chunks without choices, with null and with an empty list",
			"chunks (vercel/ai#7417, sgl-project/sglang#5451)", whole("Hello").with(counted),
			event(`{"id":"cmpl-1","object":"text_completion"}`), event(`{"choices":null}`), event(`{"choices":[]}`),
			text("Hel"), last("lo", "stop"),
			event(`{"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}`), done),
		stream("index-missing", "choices without an index", "chunks: it is 0 (vercel/ai#4031)", whole("Hello"),
			event(`{"choices":[{"text":"Hel","finish_reason":null}]}`),
			event(`{"choices":[{"text":"lo","index":null,"finish_reason":"stop"}]}`), done),
		stream("reason-empty", "an empty finish reason until the end",
			"chunks: SGLang, older (sgl-project/sglang#3912); TGI: not finished", Want{End: endedEarly, Texts: []string{"Hello"}, Finish: []string{""}},
			event(`{"choices":[{"index":0,"text":"Hel","finish_reason":""}]}`),
			event(`{"choices":[{"index":0,"text":"lo","finish_reason":""}]}`)),
		stream("reason-eos", "TGI's word for a natural end", "chunks: eos_token (huggingface/text-generation-inference#2336)",
			whole("Hello"), event(`{"id":"","choices":[{"index":0,"text":"Hel","finish_reason":""}]}`),
			event(`{"id":"","choices":[{"index":0,"text":"lo","finish_reason":"eos_token"}],"usage":null}`)),
		stream("reason-unknown", "a word that nobody knows", "chunks: kept as it is, and it is an end",
			Want{End: complete, Texts: []string{"Hello"}, Finish: []string{"other"}}, last("Hello", "repetition_detected")),
		stream("together", "token, delta and text side by side", "chunks: Together",
			whole("Hello").with(tokens),
			event(`{"object":"completion.chunk","choices":[{"index":0,"text":"Hel","delta":{"content":"Hel"},"finish_reason":null}],"token":{"id":5,"text":"Hel","logprob":-0.5,"special":false},"usage":null}`),
			event(`{"object":"completion.chunk","choices":[{"index":0,"delta":{"content":"lo"}}],"token":{"id":6,"text":"lo","logprob":-0.25,"special":false},"finish_reason":"eos"}`), done),
		stream("chat", "deltas of a chat", "chunks: servers that answer every path as a chat", whole("Hello"),
			event(`{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}`),
			event(`{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}]}`),
			event(`{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`), done),
		stream("extra", "members that nobody asked for", "chunks: vLLM, llama.cpp, OpenRouter add their own", whole("Hello"),
			event(`{"choices":[{"index":0,"text":"Hello","finish_reason":"stop","stop_reason":null,"native_finish_reason":"STOP"}],"provider":"Somebody","prompt_progress":{"total":3}}`), done),
		stream("logprobs-arrays", "log probabilities as parallel arrays, null for the first token",
			"log probabilities: OpenAI, vLLM, SGLang", whole("Hello").with(tokens),
			logprobs("Hel", "", `{"tokens":["Hel"],"token_logprobs":[null],"top_logprobs":[null],"text_offset":[0]}`),
			logprobs("lo", "stop", `{"tokens":["lo"],"token_logprobs":[-0.25],"top_logprobs":[{"lo":-0.25,"p":-2.5}],"text_offset":[3]}`), done),
		stream("logprobs-content", "log probabilities as a list of tokens", "log probabilities: llama.cpp, Fireworks",
			whole("Hello").with(tokens),
			logprobs("Hello", "stop", `{"content":[{"id":5,"token":"Hel","bytes":[72,101,108],"logprob":-0.5,"top_logprobs":[]},`+
				`{"id":6,"token":"lo","bytes":[108,111],"logprob":-0.25,"top_logprobs":[{"id":6,"token":"lo","bytes":[108,111],"logprob":-0.25}]}]}`), done),
		stream("logprobs-ids", "log probabilities as arrays with token ids", "log probabilities: Together",
			whole("Hello").with(tokens),
			logprobs("Hello", "eos", `{"token_ids":[5,6],"tokens":["Hel","lo"],"token_logprobs":[-0.5,-0.25]}`), done),
	}
}

// connections are faults below HTTP's body, and what a client has to leave.
func connections() []Scenario {
	act := func(name, about, row string, action Action, want Want) Scenario {
		s := stream(name, about, row, want, text("Hel"))
		s.Script.Steps = append(s.Script.Steps, Step{Then: action})
		return s
	}
	cut := Want{End: failed, Error: "transport", Texts: []string{"Hel"}, Finish: []string{""}, Prefix: true}
	short := stream("length-too-long", "a Content-Length beyond the end of the body", "any: truncated body", cut, text("Hel"))
	short.Script.Length = 100_000
	long := stream("length-too-short", "a Content-Length that cuts the body", "any: the rest is not read",
		Want{End: endedEarly, Texts: []string{"Hel"}, Finish: []string{""}}, text("Hel"), last("lo", "stop"), done)
	long.Script.Length = len(text("Hel")) + 30
	zipped := stream("gzip", "a compressed stream", "proxies that compress", whole("Hello"), text("Hel"), last("lo", "stop"), done)
	zipped.Script.Gzip = true
	zippedCut := act("gzip-cut", "a compressed stream that breaks off", "any: truncated body", Truncate, cut)
	zippedCut.Script.Gzip = true
	beforeHeader := stream("stall-before-header", "no answer at all", "the client has to leave", Want{End: stopped})
	beforeHeader.Script.Steps = []Step{{Then: Stall}}
	afterHeader := stream("stall-after-header", "a header, and no event", "the client has to leave", Want{End: stopped})
	afterHeader.Script.Steps = []Step{{}, {Then: Stall}}
	return []Scenario{
		act("reset", "a TCP reset after some text", "any: TCP reset", Reset, cut),
		act("truncated", "the connection closes within a chunked body", "any: truncated chunked body", Truncate, cut),
		{Name: "reset-at-once", About: "a TCP reset instead of an answer", Row: "any: TCP reset", Request: one,
			Script: Script{Steps: []Step{{Then: Reset}}}, Want: Want{End: failed, Error: "transport"}},
		short,
		long,
		zipped,
		zippedCut,
		act("stall", "silence after some text", "the client has to leave", Stall,
			Want{End: stopped, Texts: []string{"Hel"}, Finish: []string{""}}),
		beforeHeader,
		afterHeader,
	}
}
