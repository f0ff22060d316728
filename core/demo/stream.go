package demo

import "time"

// brokenAfter is the number of chunks that a failing stream sends at most. It fails before the first finish reason.
const brokenAfter = 6

// stream is an answer in server-sent events. Choices grow together, one token each per round, and their chunks are
// interleaved by index.
type stream struct {
	*job
	behaviour *behaviour
	head      completion
	cursors   []cursor
	started   bool
	wait      time.Duration // delay owed before the next chunk
	chunks    int
}

// cursor is how far one choice has been sent.
type cursor struct {
	*candidate
	text   int // bytes
	tokens int
	primed bool // the echoed prompt, if any, has been sent
	ended  bool
}

func streamed(j *job, b *behaviour, head completion) *Answer {
	s := &stream{job: j, behaviour: b, head: head}
	header := [][2]string{{"Content-Type", contentStream}, {"Cache-Control", "no-cache"}}
	return &Answer{Status: statusOK, Header: header, more: s.round}
}

// round returns the steps of the next token of every choice; at least one unless the stream has ended.
func (s *stream) round() []Step {
	if !s.started {
		s.started = true
		s.wait = s.behaviour.first
		if s.behaviour.fault == faultEmptyBody {
			return []Step{{Delay: s.wait}}
		}
		s.begin()
	}
	var steps []Step
	for len(steps) == 0 {
		if len(s.cursors) == 0 {
			return nil
		}
		if s.behaviour.fault == faultNoDone {
			steps = append(steps, Step{Data: []byte(": keep-alive\n\n")})
		}
		open := false
		for i := range s.cursors {
			for _, c := range s.advance(&s.cursors[i], i) {
				if s.breaks(c) {
					s.cursors = nil
					return append(steps, s.broken()...)
				}
				steps = append(steps, s.event(c))
				s.chunks++
			}
			open = open || !s.cursors[i].ended
		}
		s.wait += s.behaviour.each
		if !open {
			steps = append(steps, s.end()...)
			s.cursors = nil
		}
	}
	return steps
}

func (s *stream) begin() {
	s.scorePrompts()
	s.cursors = make([]cursor, len(s.prompts)*s.candidates)
	for i := range s.cursors {
		s.cursors[i].candidate = s.job.begin(i)
	}
}

// advance makes one token of a choice and returns the chunks that can be sent: the echoed prompt first, then text that
// no stop sequence can take back, at last an empty one with the finish reason.
func (s *stream) advance(c *cursor, index int) (chunks []choice) {
	if c.ended {
		return nil
	}
	if !c.primed {
		c.primed = true
		if c.echoed > 0 {
			chunks = append(chunks, s.take(c, index, c.echoed))
		}
	}
	finished := c.reason != ""
	c.step()

	upTo := len(c.out.tokens)
	switch {
	case finished && c.tokens+1 < upTo: // a suffix decided about the end beforehand: show one token at a time
		upTo = c.tokens + 1
	case c.reason == "":
		safe := len(c.out.text) - c.stops.held()
		for upTo > c.tokens && !c.out.complete(upTo-1, safe) {
			upTo--
		}
	}
	if upTo > c.tokens {
		chunks = append(chunks, s.take(c, index, upTo))
	}
	if c.reason != "" && c.tokens == len(c.out.tokens) {
		c.ended = true
		chunks = append(chunks, choice{Index: index, FinishReason: &c.reason})
	}
	return chunks
}

// take returns a chunk with the tokens of a choice up to a number.
func (s *stream) take(c *cursor, index, tokens int) choice {
	end := c.out.end(tokens - 1)
	ch := choice{Text: string(c.out.text[c.text:end]), Index: index}
	if s.wantLogs {
		ch.Logprobs = c.stats(c.tokens, tokens)
	}
	c.text, c.tokens = end, tokens
	return ch
}

// event returns the step that sends a chunk with one choice.
func (s *stream) event(c choice) Step {
	s.head.Choices = []choice{c}
	step := Step{Delay: s.wait, Data: s.data(nil)}
	s.wait = 0
	return step
}

// data returns the event of the chunk at hand. Where usage was asked for, every chunk has the member, null until the
// last.
func (s *stream) data(u *usage) []byte {
	chunk := s.head
	chunk.Usage = u
	if s.usage {
		return event(marshal(chunk))
	}
	return event(marshal(plainChunk{completion: chunk}))
}

func event(data []byte) []byte {
	return append(append([]byte("data: "), data...), "\n\n"...)
}

// end returns what follows the last choice.
func (s *stream) end() (steps []Step) {
	if s.usage && !s.uncounted {
		drawn := 0
		for i := range s.cursors {
			drawn += s.cursors[i].drawn
		}
		s.head.Choices = []choice{}
		steps = append(steps, Step{Data: s.data(s.usageOf(drawn))})
	}
	if s.behaviour.fault != faultNoDone {
		steps = append(steps, Step{Data: event([]byte("[DONE]"))})
	}
	return steps
}

// breaks reports whether the stream fails instead of sending a chunk.
func (s *stream) breaks(c choice) bool {
	switch s.behaviour.fault {
	case faultError, faultCut, faultReset:
		return s.chunks == brokenAfter || c.FinishReason != nil
	}
	return false
}

// broken returns how the stream fails.
func (s *stream) broken() []Step {
	switch s.behaviour.fault {
	case faultError:
		return []Step{{Delay: s.wait, Data: event(midway.json())}}
	case faultReset:
		return []Step{{Delay: s.wait, Cut: true}}
	}
	return nil
}
