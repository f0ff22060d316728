// Package answer holds what a server gave to a request, in one shape whoever read it, and compares it with what was asked.
//
// It sends nothing and reads no stream: package core/client and the playground's page do, and hand over an Answer.
package answer

// An Answer is what came of one request, put together. Its JSON is what the page hands over.
type Answer struct {
	// Status is the HTTP status, 0 if no response came.
	Status int `json:"status"`
	// Complete says that the whole answer came, by the rules of package core/client. What has ended early, was stopped or
	// failed is not complete.
	Complete bool `json:"complete"`
	// Streamed says that it came as a stream of events, asked for or not.
	Streamed bool `json:"streamed,omitempty"`
	// Model is the model's name in the server's words, "" if it gives none.
	Model string `json:"model,omitempty"`
	// Fingerprint is system_fingerprint, "" if the server gives none.
	Fingerprint string `json:"fingerprint,omitempty"`
	// Choices are in the order of their index.
	Choices []Choice `json:"choices"`
	// Usage is nil if the server counts nothing.
	Usage *Usage `json:"usage,omitempty"`
	// Error is the server's message, without a key, where it refused or failed; "" otherwise.
	Error string `json:"error,omitempty"`
	// Notes are the codes of schema/answers.json for what was peculiar.
	Notes []string `json:"notes,omitempty"`
}

// A Choice is one of the texts of an answer.
type Choice struct {
	// Index is the server's: prompt number × n + number of the choice.
	Index int    `json:"index"`
	Text  string `json:"text"`
	// Reasoning is what the server sent apart from the text.
	Reasoning string `json:"reasoning,omitempty"`
	// Finish is the finish reason in the server's word, "" if none came.
	Finish string `json:"finish,omitempty"`
	// Tokens are those of logprobs, nil if the choice has none.
	Tokens []Token `json:"tokens,omitempty"`
}

// A Token is one place of a choice's logprobs.
type Token struct {
	Text string `json:"text"`
	// Logprob is the natural logarithm of the probability; nil where the server gives none, as for an echoed prompt's
	// first token, or none that can be read.
	Logprob *float64 `json:"logprob"`
	// Top are the alternatives, the likeliest first.
	Top []Candidate `json:"top,omitempty"`
	// ID is the token's number where the server tells it.
	ID *int64 `json:"id,omitempty"`
	// Offset is where the token begins, in a unit of the server's own; nil where it does not say.
	Offset *int64 `json:"offset,omitempty"`
}

// A Candidate is a token that could have been chosen.
type Candidate struct {
	Text    string  `json:"text"`
	Logprob float64 `json:"logprob"`
}

// Usage is the server's count of tokens; nil for what it does not count.
type Usage struct {
	PromptTokens     *int64 `json:"promptTokens,omitempty"`
	CompletionTokens *int64 `json:"completionTokens,omitempty"`
	TotalTokens      *int64 `json:"totalTokens,omitempty"`
}
