package main

import (
	"fmt"
	"time"
)

// progress tells on a terminal how far the reading of a long file is: the share, the rate and the time that is left. What
// is written to no terminal is left alone, and so is what is done within a second.
type progress struct {
	c     *console
	s     *source
	shown bool
	off   bool
	start time.Time
	last  time.Time
	now   func() time.Time
}

func newProgress(c *console, s *source, quiet bool) *progress {
	p := &progress{c: c, s: s, off: quiet || !isTerminal(c.err), now: time.Now}
	p.start = p.now()
	p.last = p.start
	return p
}

// step looks whether it is time to tell.
func (p *progress) step() {
	if p == nil || p.off {
		return
	}
	now := p.now()
	if now.Sub(p.last) < time.Second {
		return
	}
	p.last, p.shown = now, true
	fmt.Fprintf(p.c.err, "\r\x1b[K%s", p.line(p.s.read.Load(), now.Sub(p.start)))
}

// line returns what is shown after a while.
func (p *progress) line(read int64, passed time.Duration) string {
	rate := float64(read) / max(passed.Seconds(), 0.001)
	line := fmt.Sprintf("%s: %.1f MB", visible(p.s.name), float64(read)/1e6)
	if p.s.size > 0 {
		line += fmt.Sprintf(" of %.1f MB, %d %%", float64(p.s.size)/1e6, read*100/p.s.size)
	}
	line += fmt.Sprintf(", %.1f MB/s", rate/1e6)
	if p.s.size > read && rate > 0 {
		line += fmt.Sprintf(", %s left", (time.Duration(float64(p.s.size-read)/rate) * time.Second).String())
	}
	return line
}

// end takes the line away.
func (p *progress) end() {
	if p.shown {
		fmt.Fprint(p.c.err, "\r\x1b[K")
	}
}
