package batch

import (
	"context"
	"io"
	"iter"
	"runtime"

	"github.com/completion-playground/playground/core"
)

// Form is what the lines of a file hold.
type Form string

// The forms of a file. One file has one form.
const (
	// FormAuto takes the form of the first line that holds an object: OpenAI's if it has one of the envelope's members.
	FormAuto Form = ""
	// FormRequests is one request a line.
	FormRequests Form = "requests"
	// FormOpenAI is one envelope a line: {"custom_id", "method": "POST", "url": "/v1/completions", "body": a request}.
	FormOpenAI Form = "openai"
)

// The limits of Options that set none.
const (
	DefaultMaxLine = 16 << 20 // bytes
	DefaultMaxIDs  = 1 << 24  // ids
)

// Options adjusts Check. The zero value is ready for use.
type Options struct {
	// Validator checks the requests; nil means core.Default().
	Validator *core.Validator
	// Form is what the lines hold.
	Form Form
	// Workers is how many lines are checked at the same time; 0 means one for each processor that Go may use.
	Workers int
	// MaxLine is the most bytes that a line may have, its line break not counted; 0 means DefaultMaxLine. A longer one is
	// told of in one issue, core.CodeTooLarge, and passed over.
	MaxLine int
	// MaxIDs is how many custom_ids are remembered to find those that come twice; 0 means DefaultMaxIDs, and none are with a
	// number below 0. Each takes at most 43 bytes, and while the table grows, once half of that more. Of later ids it is
	// still known whether they repeat one of these.
	MaxIDs int
}

// Line is one line of a file, and what was found in it.
type Line struct {
	Number int64 // from 1; blank lines count, though they are not handed out
	Offset int64 // of the line's first byte in the input
	Length int64 // in bytes, without the line break
	// Text is the line without its line break, LF or CRLF. It stays as it is until the next line is asked for. A line beyond
	// Options.MaxLine has none.
	Text []byte
	// Form is how the line was read; FormAuto of one that holds no object and came before any that does.
	Form Form
	// ID is the custom_id; "" where the line has none that is a text.
	ID string
	// BodyStart and BodyEnd are where the request stands in Text, half open: in FormRequests all of it, but for a byte
	// order mark. Both are 0 where there is none.
	BodyStart, BodyEnd int
	// Report is the verdict on the line. Its places are in Text, also those of a request in an envelope, whose paths begin
	// with /body. A line that is no JSON has one issue, NotJSON.
	Report core.Report
}

// Body returns the request as it stands in the line, nil if there is none. It is a part of Text.
func (l *Line) Body() []byte {
	if l.BodyEnd == 0 {
		return nil
	}
	return l.Text[l.BodyStart:l.BodyEnd]
}

// Check reads a file of requests and yields its lines in order, each with what was found in it. Mistakes in a line are
// issues of its report and stop nothing.
//
// The input is JSON Lines: UTF-8, lines that end in LF or CRLF, the last one perhaps without. Lines of nothing but white
// space are passed over. A byte order mark at the start is a warning about the first line. Nothing is read before the
// sequence is ranged over, and it can be ranged over once. The memory in use does not grow with the input, but for the
// custom_ids; see Options.MaxIDs. It is a few megabytes for each worker, and where lines are long, some times MaxLine.
//
// An error ends the sequence and comes with a zero Line: that of the reader, behind all whole lines that came before it, or
// that of the context. Whoever leaves the loop, or ends the context, ends all that Check had begun. A call of Read that
// does not return is not waited for; nothing reads on after it.
func Check(ctx context.Context, r io.Reader, o Options) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		o = o.withDefaults()
		p := startPipeline(ctx, r, &o)
		defer p.end()
		ids := newIDs(o.MaxIDs)
		for {
			c := p.next()
			if c == nil {
				yield(Line{}, ctx.Err())
				return
			}
			for i := range c.lines {
				if err := ctx.Err(); err != nil {
					yield(Line{}, err)
					return
				}
				l := &c.lines[i]
				if l.hasID {
					if first := ids.add(l.hash, l.Number); first > 0 {
						l.repeats(first)
					}
				}
				if !yield(l.Line, nil) {
					return
				}
			}
			if c.last {
				if c.err != nil {
					yield(Line{}, c.err)
				}
				return
			}
			p.reuse(c)
		}
	}
}

func (o Options) withDefaults() Options {
	if o.Validator == nil {
		o.Validator = core.Default()
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.MaxLine <= 0 {
		o.MaxLine = DefaultMaxLine
	}
	if o.MaxIDs == 0 {
		o.MaxIDs = DefaultMaxIDs
	}
	return o
}
