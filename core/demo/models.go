package demo

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/completion-playground/playground/schema"
)

// ModelInfo is one entry of the model list.
type ModelInfo struct {
	ID          string `json:"id"`
	Description string `json:"description"` // one sentence: what the name is good for trying out
}

// behaviour is what a model name stands for. All names share one language model.
type behaviour struct {
	id          string
	first, each time.Duration // before the first token and before each later one
	refuse      *refusal      // answers every request
	fault       fault         // what goes wrong once the answer has begun
	quirk       quirk         // what it does otherwise than asked
}

// refusal is an answer that has nothing to do with the request.
type refusal struct {
	status int
	header [][2]string
	body   []byte
}

// fault says how an answer ends.
type fault uint8

const (
	faultNone      fault = iota
	faultError           // an error object in mid-stream
	faultCut             // the body ends early, but properly
	faultReset           // the connection breaks
	faultNoDone          // complete, with keep-alive comments, but without [DONE]
	faultEmptyBody       // nothing at all
)

const (
	typingFirst = 150 * time.Millisecond
	typingEach  = 25 * time.Millisecond
)

var behaviours = []behaviour{
	{
		id:    "demo-small",
		first: typingFirst, each: typingEach,
	},
	{
		id: "demo-fast",
	},
	{
		id:    "demo-slow",
		first: time.Second, each: 333 * time.Millisecond,
	},
	{
		id: "demo-401",
		refuse: refuse(newProblem(401, "invalid_request_error", "", "invalid_api_key",
			"the API key is not valid (demo-401 says so to every key)")),
	},
	{
		id: "demo-429",
		refuse: refuse(newProblem(429, "requests", "", "rate_limit_exceeded",
			"too many requests; try again in 5 seconds"), [2]string{"Retry-After", "5"}),
	},
	{
		id: "demo-500-html",
		refuse: &refusal{500, [][2]string{{"Content-Type", "text/html; charset=utf-8"}}, []byte(
			"<!DOCTYPE html>\n<html lang=\"en\">\n<head><title>500 Internal Server Error</title></head>\n" +
				"<body><h1>Internal Server Error</h1><p>The gateway could not reach the model.</p></body>\n</html>\n")},
	},
	{
		id:    "demo-error-midstream",
		first: typingFirst, each: typingEach, fault: faultError,
	},
	{
		id:    "demo-cut",
		first: typingFirst, each: typingEach, fault: faultCut,
	},
	{
		id:    "demo-reset",
		first: typingFirst, each: typingEach, fault: faultReset,
	},
	{
		id:    "demo-no-done",
		first: typingFirst, each: typingEach, fault: faultNoDone,
	},
	{
		id:    "demo-empty",
		first: typingFirst, fault: faultEmptyBody,
	},
	{id: "demo-own-fields", quirk: hasOwnFields},
	// Each of these does one thing otherwise than asked, without delay. They come last: they are for those who look for
	// them.
	{id: "demo-ignores-seed", quirk: ignoresSeed},
	{id: "demo-short-seed", quirk: shortSeed},
	{id: "demo-ignores-temperature", quirk: ignoresTemperature},
	{id: "demo-clamps-temperature", quirk: clampsTemperature},
	{id: "demo-ignores-top-p", quirk: ignoresTopP},
	{id: "demo-ignores-penalties", quirk: ignoresPenalties},
	{id: "demo-ignores-bias", quirk: ignoresBias},
	{id: "demo-ignores-stop", quirk: ignoresStop},
	{id: "demo-ignores-suffix", quirk: ignoresSuffix},
	{id: "demo-ignores-best-of", quirk: ignoresBestOf},
	{id: "demo-no-echo", quirk: noEcho},
	{id: "demo-drops-logprobs", quirk: dropsLogprobs},
	{id: "demo-few-logprobs", quirk: fewLogprobs},
	{id: "demo-one-choice", quirk: oneChoice},
	{id: "demo-one-prompt", quirk: onePrompt},
	{id: "demo-more-tokens", quirk: moreTokens},
	{id: "demo-no-stream", quirk: noStream},
	{id: "demo-no-usage", quirk: noUsage},
	{id: "demo-refuses-unknown", quirk: refusesUnknown},
	{id: "demo-deaf-own-fields", quirk: deafOwnFields},
}

func refuse(p *problem, header ...[2]string) *refusal {
	return &refusal{p.status, append([][2]string{{"Content-Type", contentJSON}}, header...), p.json()}
}

// behaviourOf returns what a model name stands for. Foreign names, such as one in a pasted example, stand for the
// first; nil is a name that looks like one of ours and is not.
func behaviourOf(name string) *behaviour {
	i := slices.IndexFunc(behaviours, func(b behaviour) bool { return b.id == name })
	if i < 0 && strings.HasPrefix(name, "demo-") {
		return nil
	}
	return &behaviours[max(i, 0)]
}

// modelList is the body of GET /v1/models, as schema/demo-models.json has it: the page shows it without asking the model.
type modelList struct {
	Object string            `json:"object"`
	Data   []json.RawMessage `json:"data"`
}

var builtin = sync.OnceValue(func() (l modelList) {
	if err := json.Unmarshal(schema.DemoModelsJSON, &l); err != nil {
		panic("demo: demo-models.json: " + err.Error()) // it is built in, and a test reads it
	}
	return l
})

// Models lists the names; the first is the normal one.
func Models() []ModelInfo {
	models := make([]ModelInfo, len(builtin().Data))
	for i, entry := range builtin().Data {
		if err := json.Unmarshal(entry, &models[i]); err != nil {
			panic("demo: demo-models.json: " + err.Error()) // as above
		}
	}
	return models
}

// ModelList returns the body of GET /v1/models.
func ModelList() []byte { return marshal(builtin()) }

// ModelEntry returns the body of GET /v1/models/ID, and false for a model that there is not.
func ModelEntry(id string) ([]byte, bool) {
	i := slices.IndexFunc(Models(), func(m ModelInfo) bool { return m.ID == id })
	if i < 0 {
		return nil, false
	}
	return marshal(builtin().Data[i]), true
}
