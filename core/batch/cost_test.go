package batch

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core/internal/effort"
)

// generated is an input of a number of bytes that is made as it is read: lines with numbers, of which some have mistakes.
type generated struct {
	bytes  int64
	line   func(n int) string
	n      int
	unread string
}

func (g *generated) Read(p []byte) (n int, err error) {
	for n < len(p) && g.bytes > 0 {
		if g.unread == "" {
			g.unread = g.line(g.n)
			g.n++
		}
		k := copy(p[n:], g.unread)
		g.unread = g.unread[k:]
		n += k
		g.bytes -= int64(k)
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

var longPrompt = strings.Repeat("the keeper of the lighthouse climbs stairs every evening ", 8)

func plainRequest(n int) string {
	if n%10 == 0 {
		return fmt.Sprintf(`{"model":"m","prompt":["%d %s"],"temperature":3,"maxtoken":5}`+"\n", n, longPrompt)
	}
	return fmt.Sprintf(`{"model":"m","prompt":["%d %s"],"temperature":0.5,"max_tokens":5}`+"\n", n, longPrompt)
}

func enveloped(n int) string {
	return fmt.Sprintf(`{"custom_id":"request-%d","method":"POST","url":"/v1/completions","body":%s}`+"\n", n, strings.TrimSpace(plainRequest(n)))
}

// heap returns the bytes in use.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// The memory in use is bounded whatever the input: 24 MB here, gigabytes in the deep mode.
func TestCostInMemory(t *testing.T) {
	size := int64(24 << 20)
	if effort.Deep() {
		size = 5 << 30
	}
	const workers, samples = 2, 8
	// Chunks with their lines and reports, and the buffers of the checks.
	const bound = (2*workers + 2) * (2 << 20)
	const mostLine = 1 << 20
	hugeLine := strings.Repeat(" ", 5*mostLine) + "\n"
	for _, c := range []struct {
		name string
		line func(int) string
		id   int64 // bytes allowed for each line
	}{
		{"requests", plainRequest, 0},
		{"envelopes", enveloped, 43},
		{"lines of three bytes", func(int) string { return "{}\n" }, 0},
		{"lines beyond the limit", func(int) string { return hugeLine }, 0},
	} {
		before := heap()
		seen, at := int64(0), int64(0)
		read := size
		if c.name == "lines of three bytes" {
			read /= 16 // all of them have mistakes
		}
		for l, err := range Check(t.Context(), &generated{bytes: read, line: c.line}, Options{Workers: workers, MaxLine: mostLine}) {
			require.NoError(t, err)
			seen++
			if l.Offset >= at {
				at += read / samples
				assert.Less(t, heap()-before, bound+c.id*seen, "%s: behind %d bytes", c.name, l.Offset)
			}
		}
		assert.Positive(t, seen)
	}
}

// The work grows with the input, not faster, also with what hostile lines are made of.
func TestCostGrowsWithTheInput(t *testing.T) {
	for _, c := range []struct{ name, start, item, end string }{
		{"short lines", "", "{}\n", ""},
		{"blank lines", "", "\n", ""},
		{"one long line", `{"model":"m","prompt":["`, "x y ", `"]}`},
		{"unknown members", "{", `"a":1,`, `"custom_id":"a"}`},
		{"members that come again", "{", `"body":{},`, `"custom_id":"a"}`},
		{"open brackets in an envelope", `{"custom_id":"a","body":`, `[`, ""},
		{"closed brackets in an envelope", `{"custom_id":"a","body":[`, `[],`, ""},
		{"one id", "", goodLine + "\n", ""},
	} {
		input := func(size int) string { return c.start + strings.Repeat(c.item, size/len(c.item)) + c.end }
		small, large := input(effort.Size(1<<19)), input(4*effort.Size(1<<19))
		check := func(text string) func() {
			return func() {
				for _, err := range Check(t.Context(), strings.NewReader(text), Options{Workers: 1}) {
					require.NoError(t, err)
				}
			}
		}
		check(small)() // first calls fill pools
		effort.RequireLinear(t, c.name, check(small), check(large))
	}
}
