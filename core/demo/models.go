package demo

import (
	"slices"
	"strings"
	"time"
)

// ModelInfo is one entry of the model list.
type ModelInfo struct {
	ID          string `json:"id"`
	Description string `json:"description"` // one sentence: what the name is good for trying out
}

// behaviour is what a model name stands for. All names share one language model.
type behaviour struct {
	ModelInfo
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
		ModelInfo: ModelInfo{"demo-small", "A tiny model that writes about forty tokens a second; it also answers for every name that is not listed."},
		first:     typingFirst, each: typingEach,
	},
	{
		ModelInfo: ModelInfo{"demo-fast", "The same model without any delay."},
	},
	{
		ModelInfo: ModelInfo{"demo-slow", "The same model at three tokens a second, with a second to think first."},
		first:     time.Second, each: 333 * time.Millisecond,
	},
	{
		ModelInfo: ModelInfo{"demo-401", "Refuses the API key."},
		refuse: refuse(newProblem(401, "invalid_request_error", "", "invalid_api_key",
			"the API key is not valid (demo-401 says so to every key)")),
	},
	{
		ModelInfo: ModelInfo{"demo-429", "Is over its rate limit and names a time to try again."},
		refuse: refuse(newProblem(429, "requests", "", "rate_limit_exceeded",
			"too many requests; try again in 5 seconds"), [2]string{"Retry-After", "5"}),
	},
	{
		ModelInfo: ModelInfo{"demo-500-html", "Fails the way a gateway does, with a page of HTML."},
		refuse: &refusal{500, [][2]string{{"Content-Type", "text/html; charset=utf-8"}}, []byte(
			"<!DOCTYPE html>\n<html lang=\"en\">\n<head><title>500 Internal Server Error</title></head>\n" +
				"<body><h1>Internal Server Error</h1><p>The gateway could not reach the model.</p></body>\n</html>\n")},
	},
	{
		ModelInfo: ModelInfo{"demo-error-midstream", "Sends a few tokens and then an error inside the stream."},
		first:     typingFirst, each: typingEach, fault: faultError,
	},
	{
		ModelInfo: ModelInfo{"demo-cut", "Ends the answer early, without a finish reason and without [DONE]."},
		first:     typingFirst, each: typingEach, fault: faultCut,
	},
	{
		ModelInfo: ModelInfo{"demo-reset", "Breaks the connection in the middle of the answer."},
		first:     typingFirst, each: typingEach, fault: faultReset,
	},
	{
		ModelInfo: ModelInfo{"demo-no-done", "Streams a complete answer with keep-alive comments, but never sends [DONE]."},
		first:     typingFirst, each: typingEach, fault: faultNoDone,
	},
	{
		ModelInfo: ModelInfo{"demo-empty", "Answers with status 200 and an empty body."},
		first:     typingFirst, fault: faultEmptyBody,
	},
	{ModelInfo: ModelInfo{"demo-own-fields", "Takes fields of its own as vLLM has them: top_k, min_p, min_tokens, stop_token_ids and others."}, quirk: hasOwnFields},
	// Each of these does one thing otherwise than asked, without delay. They come last: they are for those who look for
	// them.
	{ModelInfo: ModelInfo{"demo-ignores-seed", "Takes a seed and draws as if there were none."}, quirk: ignoresSeed},
	{ModelInfo: ModelInfo{"demo-short-seed", "Keeps the lower 32 bits of a seed."}, quirk: shortSeed},
	{ModelInfo: ModelInfo{"demo-ignores-temperature", "Takes a temperature and draws at 1."}, quirk: ignoresTemperature},
	{ModelInfo: ModelInfo{"demo-clamps-temperature", "Takes any temperature and lowers it to 1."}, quirk: clampsTemperature},
	{ModelInfo: ModelInfo{"demo-ignores-top-p", "Takes top_p and draws from all tokens."}, quirk: ignoresTopP},
	{ModelInfo: ModelInfo{"demo-ignores-penalties", "Takes both penalties and applies neither."}, quirk: ignoresPenalties},
	{ModelInfo: ModelInfo{"demo-ignores-bias", "Takes logit_bias and biases nothing."}, quirk: ignoresBias},
	{ModelInfo: ModelInfo{"demo-ignores-stop", "Takes stop texts and goes on past them."}, quirk: ignoresStop},
	{ModelInfo: ModelInfo{"demo-ignores-suffix", "Takes a suffix and does not lead to it."}, quirk: ignoresSuffix},
	{ModelInfo: ModelInfo{"demo-ignores-best-of", "Takes best_of and makes no more than n candidates."}, quirk: ignoresBestOf},
	{ModelInfo: ModelInfo{"demo-no-echo", "Takes echo and returns the completion alone."}, quirk: noEcho},
	{ModelInfo: ModelInfo{"demo-drops-logprobs", "Takes logprobs and returns none."}, quirk: dropsLogprobs},
	{ModelInfo: ModelInfo{"demo-few-logprobs", "Returns two alternatives at most."}, quirk: fewLogprobs},
	{ModelInfo: ModelInfo{"demo-one-choice", "Returns one choice, whatever n says."}, quirk: oneChoice},
	{ModelInfo: ModelInfo{"demo-one-prompt", "Answers the first prompt of a list."}, quirk: onePrompt},
	{ModelInfo: ModelInfo{"demo-more-tokens", "Gives two tokens more than max_tokens."}, quirk: moreTokens},
	{ModelInfo: ModelInfo{"demo-no-stream", "Answers in one piece though a stream is asked for."}, quirk: noStream},
	{ModelInfo: ModelInfo{"demo-no-usage", "Counts no tokens, asked or not."}, quirk: noUsage},
	{ModelInfo: ModelInfo{"demo-refuses-unknown", "Refuses fields that it does not know."}, quirk: refusesUnknown},
	{ModelInfo: ModelInfo{"demo-deaf-own-fields", "Checks the fields of demo-own-fields and does nothing with them."}, quirk: deafOwnFields},
}

func refuse(p *problem, header ...[2]string) *refusal {
	return &refusal{p.status, append([][2]string{{"Content-Type", contentJSON}}, header...), p.json()}
}

// behaviourOf returns what a model name stands for. Foreign names, such as one in a pasted example, stand for the
// first; nil is a name that looks like one of ours and is not.
func behaviourOf(name string) *behaviour {
	i := slices.IndexFunc(behaviours, func(b behaviour) bool { return b.ID == name })
	if i < 0 && strings.HasPrefix(name, "demo-") {
		return nil
	}
	return &behaviours[max(i, 0)]
}

// Models lists the names; the first is the normal one.
func Models() []ModelInfo {
	list := make([]ModelInfo, len(behaviours))
	for i, b := range behaviours {
		list[i] = b.ModelInfo
	}
	return list
}

// listedSince is the time that the model list gives for every model: 2025-01-01, in Unix seconds.
const listedSince = 1735689600

// modelEntry is a model as lists and single answers show it.
type modelEntry struct {
	ID          string `json:"id"`
	Object      string `json:"object"`
	Created     int64  `json:"created"`
	OwnedBy     string `json:"owned_by"`
	Description string `json:"description"`
}

// ModelList returns the body of GET /v1/models.
func ModelList() []byte {
	entries := make([]modelEntry, len(behaviours))
	for i, b := range behaviours {
		entries[i] = modelEntry{b.ID, "model", listedSince, "demo", b.Description}
	}
	return marshal(struct {
		Object string       `json:"object"`
		Data   []modelEntry `json:"data"`
	}{"list", entries})
}

// ModelEntry returns the body of GET /v1/models/ID, and false for a model that there is not.
func ModelEntry(id string) ([]byte, bool) {
	for _, b := range behaviours {
		if b.ID == id {
			return marshal(modelEntry{b.ID, "model", listedSince, "demo", b.Description}), true
		}
	}
	return nil, false
}
