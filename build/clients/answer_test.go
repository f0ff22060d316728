package clients

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/completion-playground/playground/core/client"
)

// answer is what a client read. The drivers in other languages write the same as JSON.
type answer struct {
	Model   string   `json:"model"`
	Choices []choice `json:"choices"`
	Usage   *usage   `json:"usage"`
	Failure *failure `json:"failure"` // nil if the client was content
}

type choice struct {
	Index    int                  `json:"index"`
	Text     string               `json:"text"`
	Finish   string               `json:"finish"`
	Tokens   []string             `json:"tokens"`
	Logprobs []*float32           `json:"logprobs"` // nil for a token that has none
	Top      []map[string]float32 `json:"top"`
}

type usage struct {
	Prompt     int64 `json:"prompt"`
	Completion int64 `json:"completion"`
}

// failure is an error. One that no server described, such as a broken connection, has none of these.
type failure struct {
	Status  int    `json:"status"`
	Code    string `json:"code"`
	Type    string `json:"type"`
	Param   string `json:"param"`
	Message string `json:"message"`
}

// choice returns the choice with an index, which it adds if there is none.
func (a *answer) choice(index int) *choice {
	i := slices.IndexFunc(a.Choices, func(c choice) bool { return c.Index == index })
	if i < 0 {
		i = len(a.Choices)
		a.Choices = append(a.Choices, choice{Index: index})
	}
	return &a.Choices[i]
}

// reference returns what package core/client reads, in the same form.
func reference(c *client.Completion, err error) answer {
	var a answer
	if c != nil {
		a.Model = c.Model
		for _, from := range c.Choices {
			to := a.choice(from.Index)
			to.Text, to.Finish = from.Text, from.RawFinish
			for _, token := range from.Logprobs {
				to.Tokens = append(to.Tokens, token.Text)
				var logprob *float32
				var top map[string]float32
				if token.Logprob.Set {
					logprob = new(float32)
					*logprob = float32(token.Logprob.Value)
				}
				for _, t := range token.Top {
					if top == nil {
						top = map[string]float32{}
					}
					top[t.Text] = float32(t.Logprob)
				}
				to.Logprobs, to.Top = append(to.Logprobs, logprob), append(to.Top, top)
			}
		}
		if c.Usage != nil {
			a.Usage = &usage{int64(c.Usage.PromptTokens), int64(c.Usage.CompletionTokens)}
		}
	}
	if err != nil {
		a.Failure = &failure{}
		var refused *client.APIError
		var failed *client.StreamError
		switch {
		case errors.As(err, &refused):
			a.Failure = describe(refused.Problem)
			a.Failure.Status = refused.Status
		case errors.As(err, &failed):
			a.Failure = describe(failed.Problem)
		}
	}
	return a
}

// describe leaves out the words that package core/client finds for a body that is no JSON: every client has its own.
func describe(p client.Problem) *failure {
	if !json.Valid([]byte(p.Raw)) {
		return &failure{}
	}
	return &failure{Code: p.Code, Type: p.Type, Param: p.Param, Message: p.Message}
}

// parts returns the answer as named parts, those of choices with their number in front. What is empty has no part.
func (a answer) parts() map[string]string {
	parts := map[string]string{"choices": strconv.Itoa(len(a.Choices)), "model": a.Model}
	for _, c := range a.Choices {
		name := func(part string) string { return fmt.Sprintf("%d %s", c.Index, part) }
		parts[name("text")], parts[name("finish")] = c.Text, c.Finish
		if c.Tokens != nil {
			parts[name("tokens")] = text(c.Tokens)
			parts[name("logprobs")] = text(c.Logprobs)
		}
		if slices.ContainsFunc(c.Top, func(t map[string]float32) bool { return len(t) > 0 }) {
			parts[name("top")] = text(c.Top)
		}
	}
	if a.Usage != nil {
		parts["usage"] = text(a.Usage)
	}
	if f := a.Failure; f != nil {
		parts["failure"] = "yes"
		parts["code"], parts["type"], parts["param"], parts["message"] = f.Code, f.Type, f.Param, f.Message
		if f.Status/100 > 2 { // another says nothing of what is wrong
			parts["status"] = strconv.Itoa(f.Status)
		}
	}
	maps.DeleteFunc(parts, func(_, value string) bool { return value == "" })
	return parts
}

// text returns a value's JSON.
func text(value any) string {
	b, err := json.Marshal(value)
	if err != nil {
		return err.Error() // an infinite number; it differs from all that can be written
	}
	return string(b)
}
