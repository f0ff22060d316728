package batch

import (
	"context"
	"io"
	"sync"
)

// pipeline is what Check has begun: one goroutine that cuts the input into chunks of whole lines, and the workers that check
// them.
//
//	splitter ──▶ work ────▶ workers
//	    └──────▶ ordered ─▶ whoever ranges, who waits for each chunk to be done, and gives it back to free
//
// There is a fixed number of chunks, which bounds the memory and lets the splitter wait for the reader of the results.
type pipeline struct {
	ctx     context.Context
	cancel  context.CancelFunc
	free    chan *chunk
	work    chan *chunk
	ordered chan *chunk
	workers sync.WaitGroup
}

// chunk is some lines that are checked by one worker.
type chunk struct {
	text  []byte // of the lines, one behind the other
	lines []checked
	last  bool  // the input ends behind these lines,
	err   error // and with this error, if not properly
	done  chan struct{}
}

const (
	chunkBytes = 128 << 10
	// chunkLines bounds the reports that are held at the same time where lines are short.
	chunkLines = 512
	// keptBytes is the most room that a chunk keeps once it has been read.
	keptBytes = 1 << 20
)

func startPipeline(ctx context.Context, r io.Reader, o *Options) *pipeline {
	p := &pipeline{}
	p.ctx, p.cancel = context.WithCancel(ctx)
	n := 2*o.Workers + 2
	p.free = make(chan *chunk, n)
	p.work = make(chan *chunk, n)
	p.ordered = make(chan *chunk, n)
	for range n {
		p.free <- &chunk{done: make(chan struct{}, 1)}
	}
	go p.split(r, o)
	for range o.Workers {
		p.workers.Go(func() {
			p.takeWork(&worker{options: o})
		})
	}
	return p
}

// split reads the input to its end. It decides the form, so that no worker has to wait for another one.
func (p *pipeline) split(r io.Reader, o *Options) {
	s := splitter{r: r, most: o.MaxLine}
	form := o.Form
	for {
		var c *chunk
		select {
		case c = <-p.free:
		case <-p.ctx.Done():
			return
		}
		s.next(c)
		if p.ctx.Err() != nil {
			return
		}
		form = c.takeForm(form)
		p.work <- c // there is room for all chunks
		p.ordered <- c
		if c.last {
			return
		}
	}
}

// reuse takes a chunk back whose lines nobody reads any more.
func (p *pipeline) reuse(c *chunk) {
	if cap(c.text) > keptBytes {
		c.text = nil
	}
	p.free <- c // there is room for all chunks
}

// end ends everything and waits for the workers. The splitter may hang in a call of Read.
func (p *pipeline) end() {
	p.cancel()
	p.workers.Wait()
}

// next returns the next chunk once it is checked; none at the end of the context.
func (p *pipeline) next() *chunk {
	var c *chunk
	select {
	case c = <-p.ordered:
	case <-p.ctx.Done():
		return nil
	}
	select {
	case <-c.done:
		return c
	case <-p.ctx.Done():
		return nil
	}
}

// takeWork checks chunks until the context ends.
func (p *pipeline) takeWork(w *worker) {
	for {
		select {
		case c := <-p.work:
			w.check(c)
			c.done <- struct{}{}
		case <-p.ctx.Done():
			return
		}
	}
}
