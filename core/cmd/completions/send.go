package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/client"
)

// sender sends one request and shows the answer.
type sender struct {
	c      *console
	r      one
	events bool
	answer client.Accumulator
}

func setupSend(f *flag.FlagSet) runner {
	o := addChosen(f)
	t := addTarget(f)
	n := f.Int("n", 0, "ask for this `number` of choices for each prompt, which are shown side by side")
	stream := f.Bool("stream", true, "ask for a stream, whatever the request says; -stream=false leaves it as it is")
	events := f.Bool("json", false, "print each part of the answer as a line of JSON, as it comes")
	record := f.String("record", "", "write what came, and when, into a `file` that the playground's page can open")
	return func(ctx context.Context, c *console, args []string) int {
		r, code, ok := o.read(c, "send", args)
		if !ok {
			return code
		}
		var err error
		if *n != 0 {
			r.body, err = with(r.v, r.body, "/n", strconv.Itoa(*n))
		}
		if err == nil && *stream {
			r.body, err = with(r.v, r.body, "/stream", "true")
		}
		if err != nil {
			return c.misused("send", "%v", err)
		}
		if report := r.v.Check(r.body); !o.draft && !report.Valid() {
			return c.misused("send", "with the flags, %v", report.Err())
		}
		e, err := t.endpoint(c, &r.source)
		if err != nil {
			return c.misused("send", "%v", err)
		}
		s := &sender{c: c, r: r, events: *events}
		sends := &client.Client{Endpoint: e}
		if err := absent(*record); err != nil {
			return c.fail("-record %s: %v", *record, err)
		}
		var tape *recorder
		if *record != "" {
			tape = &recorder{next: http.DefaultTransport, secrets: secrets(e), now: time.Now}
			sends.HTTP = &http.Client{Transport: tape}
		}
		code = s.send(ctx, sends)
		if tape != nil {
			text, err := tape.recording(r.v.Profile().Name, r.body)
			if err == nil {
				err = create(*record, text, 0o600)
			}
			if err != nil {
				return c.fail("-record %s: %v", *record, err)
			}
		}
		return code
	}
}

// with returns a body with a field set.
func with(v *core.Validator, body []byte, path, value string) ([]byte, error) {
	edits, err := v.Set(body, path, []byte(value))
	if err != nil {
		return nil, err
	}
	return core.Apply(body, edits)
}

// choices returns how many choices the body asks for.
func choices(body []byte) int {
	var asked struct {
		N      int             `json:"n"`
		Prompt json.RawMessage `json:"prompt"`
	}
	if json.Unmarshal(body, &asked) != nil {
		return 1
	}
	prompts := 1
	var texts []json.RawMessage
	if json.Unmarshal(asked.Prompt, &texts) == nil && len(texts) > 0 && !isNumber(texts[0]) {
		prompts = len(texts)
	}
	return prompts * max(asked.N, 1)
}

func isNumber(value json.RawMessage) bool {
	var n json.Number
	return json.Unmarshal(value, &n) == nil && len(value) > 0 && value[0] != '"'
}

// send sends the request, shows what comes, and tells how it ended.
func (s *sender) send(ctx context.Context, to *client.Client) int {
	several := choices(s.r.body) > 1
	var failure error
	for chunk, err := range s.answer.Follow(to.StreamBody(ctx, s.r.body)) {
		if err != nil {
			failure = err
			break
		}
		switch {
		case s.events:
			err = s.event(partOf(chunk))
		case several:
			s.waiting()
		default:
			err = s.text(chunk)
		}
		if err != nil {
			return s.c.fail("cannot write: %v", err)
		}
	}
	done := s.answer.Completion()
	switch {
	case s.events:
		end := map[string]string{"type": "end", "end": string(client.EndOf(failure))}
		if failure != nil {
			end["error"] = failure.Error()
		}
		if err := s.event(end); err != nil {
			return s.c.fail("cannot write: %v", err)
		}
	case several:
		s.clear()
		if _, err := io.WriteString(s.c.out, s.grid(done.Choices)); err != nil {
			return s.c.fail("cannot write: %v", err)
		}
	case len(done.Choices) > 0 && !strings.HasSuffix(done.Choices[0].Text, "\n") && isTerminal(s.c.out):
		fmt.Fprintln(s.c.out)
	}
	return s.ending(done, failure)
}

// text writes what a chunk adds to the only choice.
func (s *sender) text(chunk client.Chunk) error {
	for _, d := range chunk.Choices {
		text := d.Text
		if isTerminal(s.c.out) {
			text = paint(s.c.colours(s.c.out) && d.Reasoning != "", dim, escaped(d.Reasoning, "\n\t")) + escaped(d.Text, "\n\t")
		}
		if _, err := io.WriteString(s.c.out, text); err != nil {
			return err
		}
	}
	return nil
}

// part is a chunk as -json writes it.
type part struct {
	Type    string        `json:"type"`
	Model   string        `json:"model,omitempty"`
	Choices []partChoice  `json:"choices"`
	Usage   *client.Usage `json:"usage,omitempty"`
	Notes   []string      `json:"notes,omitempty"`
}

type partChoice struct {
	Index     int         `json:"index"`
	Text      string      `json:"text"`
	Reasoning string      `json:"reasoning,omitempty"`
	Finish    string      `json:"finish,omitempty"` // in the server's word
	Tokens    []partToken `json:"tokens,omitempty"`
}

type partToken struct {
	Text    string   `json:"text"`
	Logprob *float64 `json:"logprob"` // null where it is not told or not finite
}

func partOf(c client.Chunk) part {
	p := part{Type: "chunk", Model: c.Model, Choices: []partChoice{}, Usage: c.Usage}
	for _, d := range c.Choices {
		choice := partChoice{Index: d.Index, Text: d.Text, Reasoning: d.Reasoning, Finish: d.RawFinish}
		for _, t := range d.Logprobs {
			token := partToken{Text: t.Text}
			if value, ok := t.Logprob.Get(); ok && value >= -1e300 {
				token.Logprob = &value
			}
			choice.Tokens = append(choice.Tokens, token)
		}
		p.Choices = append(p.Choices, choice)
	}
	for _, n := range c.Notes {
		p.Notes = append(p.Notes, n.Message)
	}
	return p
}

func (s *sender) event(value any) error {
	out := &errWriter{w: s.c.out}
	writeLine(out, value)
	return out.err
}

// ending tells how the answer ended, and what is odd about it.
func (s *sender) ending(done *client.Completion, failure error) int {
	colours := s.c.colours(s.c.err)
	say := func(colour, format string, args ...any) {
		fmt.Fprintln(s.c.err, paint(colours, colour, "completions: "+visible(fmt.Sprintf(format, args...))))
	}
	for _, n := range done.Notes {
		say(yellow, "%s", n.Message)
	}
	for _, d := range client.Compare(s.r.body, s.r.v, done, failure) {
		say(yellow, "%s", d.Message)
	}
	var facts []string
	for _, choice := range done.Choices {
		if choice.RawFinish != "" {
			facts = append(facts, choice.RawFinish)
		}
	}
	if u := done.Usage; u != nil && u.CompletionTokens >= 0 {
		facts = append(facts, counted(u.CompletionTokens, "token"))
	}
	switch client.EndOf(failure) {
	case client.Complete:
		if isTerminal(s.c.err) && len(facts) > 0 {
			say(dim, "%s", strings.Join(facts, ", "))
		}
		return exitOK
	case client.Stopped:
		say(red, "stopped; what stands above is a part of the answer")
		return exitFailed
	}
	say(red, "%v", failure)
	if x, ok := client.Explain(failure, s.r.v.Profile().Name); ok {
		for _, text := range append([]string{x.Detail}, x.Advice...) {
			say(dim, "%s", text)
		}
	}
	return exitFailed
}
