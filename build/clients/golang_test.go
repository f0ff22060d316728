package clients

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	official "github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/ssestream"
	community "github.com/sashabaranov/go-openai"
)

const key = "none is needed"

// runOfficial has OpenAI's client for Go carry out a request.
func runOfficial(ctx context.Context, base string, c testCase) (a answer) {
	cl := official.NewClient(option.WithBaseURL(base), option.WithAPIKey(key), option.WithMaxRetries(0))
	var params official.CompletionNewParams
	if err := json.Unmarshal(c.json(), &params); err != nil {
		panic(err)
	}
	add := func(piece *official.Completion) {
		a.Model = piece.Model
		for _, from := range piece.Choices {
			to := a.choice(int(from.Index))
			to.Text += from.Text
			if from.FinishReason != "" {
				to.Finish = string(from.FinishReason)
			}
			to.Tokens = append(to.Tokens, from.Logprobs.Tokens...)
			for _, l := range from.Logprobs.TokenLogprobs {
				to.Logprobs = append(to.Logprobs, new32(l))
			}
			for _, t := range from.Logprobs.TopLogprobs {
				to.Top = append(to.Top, map32(t))
			}
		}
		if piece.JSON.Usage.Valid() {
			a.Usage = &usage{piece.Usage.PromptTokens, piece.Usage.CompletionTokens}
		}
	}
	var err error
	if c.streams() {
		stream := cl.Completions.NewStreaming(ctx, params)
		for stream.Next() {
			piece := stream.Current()
			add(&piece)
		}
		err = stream.Err()
	} else {
		var whole *official.Completion
		if whole, err = cl.Completions.New(ctx, params); err == nil {
			add(whole)
		}
	}
	if err != nil {
		a.Failure = &failure{}
		var refused *official.Error
		var failed *ssestream.StreamError
		if errors.As(err, &refused) {
			a.Failure = &failure{refused.StatusCode, refused.Code, refused.Type, refused.Param, refused.Message}
		} else if errors.As(err, &failed) {
			var event struct {
				Error failure `json:"error"`
			}
			if json.Unmarshal(failed.Event.Data, &event) == nil {
				a.Failure = &event.Error
			}
		}
	}
	return a
}

// runCommunity has go-openai carry out a request.
func runCommunity(ctx context.Context, base string, c testCase) (a answer) {
	config := community.DefaultConfig(key)
	config.BaseURL = base
	cl := community.NewClientWithConfig(config)
	var params community.CompletionRequest
	if err := json.Unmarshal(c.json(), &params); err != nil {
		panic(err)
	}
	add := func(piece community.CompletionResponse) {
		a.Model = piece.Model
		for _, from := range piece.Choices {
			to := a.choice(from.Index)
			to.Text += from.Text
			if from.FinishReason != "" {
				to.Finish = from.FinishReason
			}
			to.Tokens = append(to.Tokens, from.LogProbs.Tokens...)
			for _, l := range from.LogProbs.TokenLogprobs {
				to.Logprobs = append(to.Logprobs, new32(float64(l)))
			}
			to.Top = append(to.Top, from.LogProbs.TopLogprobs...)
		}
		if piece.Usage != nil {
			a.Usage = &usage{int64(piece.Usage.PromptTokens), int64(piece.Usage.CompletionTokens)}
		}
	}
	err := func() error {
		if !c.streams() {
			whole, err := cl.CreateCompletion(ctx, params)
			if err == nil {
				add(whole)
			}
			return err
		}
		stream, err := cl.CreateCompletionStream(ctx, params)
		if err != nil {
			return err
		}
		defer stream.Close()
		for {
			piece, err := stream.Recv()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			add(piece)
		}
	}()
	if err != nil {
		a.Failure = &failure{}
		var refused *community.APIError
		var failed *community.RequestError
		if errors.As(err, &refused) {
			code, _ := refused.Code.(string)
			a.Failure = &failure{Status: refused.HTTPStatusCode, Code: code, Type: refused.Type, Message: refused.Message}
			if refused.Param != nil {
				a.Failure.Param = *refused.Param
			}
		} else if errors.As(err, &failed) {
			a.Failure.Status = failed.HTTPStatusCode
		}
	}
	return a
}

func new32(f float64) *float32 {
	small := float32(f)
	return &small
}

func map32(from map[string]float64) map[string]float32 {
	var to map[string]float32
	for token, logprob := range from {
		if to == nil {
			to = map[string]float32{}
		}
		to[token] = float32(logprob)
	}
	return to
}
