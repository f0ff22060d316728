package client_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core/client"
)

// decoded is an event with data of its own.
type decoded struct{ Name, Data string }

func decodeAll(r io.Reader, limit int) (events []decoded, err error) {
	d := client.NewDecoder(r, limit)
	for {
		event, err := d.Next()
		if err != nil {
			return events, err
		}
		events = append(events, decoded{event.Name, string(event.Data)})
	}
}

// interpret is the standard's algorithm on a text that is there as a whole. It reports false where Decoder departs from
// it on purpose: for lines that are an event of their own, for fields named error, and for an event that the end cuts off.
func interpret(src string) (events []decoded, ok bool) {
	src = strings.TrimPrefix(src, "\ufeff")
	src = strings.ReplaceAll(strings.ReplaceAll(src, "\r\n", "\n"), "\r", "\n")
	name, data := "", "" // each data line adds itself and an LF
	lines := strings.Split(src, "\n")
	for i, line := range lines {
		if line == "" && i < len(lines)-1 {
			if data != "" {
				events = append(events, decoded{name, data[:len(data)-1]})
			}
			name, data = "", ""
			continue
		}
		field, value, _ := strings.Cut(line, ":")
		switch value = strings.TrimPrefix(value, " "); {
		case strings.HasPrefix(line, "{"), strings.HasPrefix(line, "[DONE]"), field == "error":
			return nil, false
		case field == "event":
			name = value
		case field == "data":
			data += value + "\n"
		}
	}
	return events, data == ""
}

// cutReader reads in pieces of random length, some of them empty.
type cutReader struct {
	rest   []byte
	random *rand.Rand
}

func (r *cutReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.rest[:r.random.IntN(min(len(r.rest), 7)+1)])
	r.rest = r.rest[n:]
	return n, nil
}

var streams = []string{
	"",
	"data: a\n\n",
	"data: a\r\n\r\ndata: b\r\rdata: c\n\r\ndata: d\r\n\n",
	"\ufeffdata: a\n\n\ufeffdata: b\n\n",
	"\ufeff\ufeffdata: a\n\ndata: b\n\n",
	": comment\n\n:\n\nid: 1\n\nretry: 5\n\nevent: ping\n\ndata: after\n\n",
	"data\n\ndata:\n\ndata: \n\ndata:  two spaces\n\n",
	"data: one\ndata: two\ndata\ndata: four\n\n",
	"event: a\r\ndata: one\r\ndata: two\r\n\r\ndata: three\r\n\r\n",
	"event: a\nevent: b\ndata: x\n\ndata: y\n\n",
	"error: {\"code\":500}\n\ndata: [DONE]\n\n",
	"data: a\u2028b\u2029c\u0085d\ve\ff\n\n",
	"data: é漢😀\n\n",
	"data: \xff\xfe\n\n",
	"data: {\"a\":1}",
	"data: {\"a\":1}\n",
	"data: [DONE]",
	"data: {\"a\":\ndata: 1}\nda",
	"data: {\"a\":",
	"data: torn\nevent: x\n",
	"event: only\n",
	"\r\n\r\r\n\n",
	"data:x:y: z\n\n data: no field\n\n",
	"data: a\x00b\n\nid: \x00\ndata: c\n\n",
}

func TestDecoder(t *testing.T) {
	events, err := decodeAll(strings.NewReader("\ufeff: hi\r\nevent: a\rdata: 1\ndata:2\r\n\r\ndata\n\nerror: no\n\ndata: [DONE]"), 0)
	assert.Equal(t, io.EOF, err)
	assert.Equal(t, []decoded{{"a", "1\n2"}, {"", ""}, {"error", "no"}, {"", "[DONE]"}}, events)
}

// FuzzDecode holds the decoder to the standard's algorithm, whatever the bytes, and to itself, however they are cut.
func FuzzDecode(f *testing.F) {
	for i, s := range streams {
		f.Add([]byte(s), uint64(i))
	}
	f.Fuzz(func(t *testing.T, src []byte, seed uint64) {
		whole, end := decodeAll(bytes.NewReader(src), 0)
		require.Contains(t, []error{io.EOF, client.ErrTruncated}, end)
		if want, ok := interpret(string(src)); ok {
			require.Equal(t, want, whole)
			require.Equal(t, io.EOF, end)
		}
		for name, r := range map[string]io.Reader{
			"with the end":  iotest.DataErrReader(bytes.NewReader(src)),
			"byte by byte":  iotest.OneByteReader(bytes.NewReader(src)),
			"random pieces": &cutReader{rest: src, random: rand.New(rand.NewPCG(seed, 1))},
		} {
			got, err := decodeAll(r, 0)
			require.Equal(t, end, err, name)
			require.Equal(t, whole, got, name)
		}
	})
}

// TestDecoderCost reads a 10 MB event in pieces of 1 KB. Joining the pieces anew with each read would take gigabytes.
func TestDecoderCost(t *testing.T) {
	const size = 10 << 20
	for name, src := range map[string]string{
		"one line":           "data: " + strings.Repeat("x", size) + "\n\n",
		"many lines":         strings.Repeat("data: 0123456789\n", size/10) + "\n",
		"many lines with CR": strings.Repeat("data: 0123456789\r", size/10) + "\r",
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		d := client.NewDecoder(&pieceReader{src: src, size: 1 << 10}, 2*size)
		event, err := d.Next()
		runtime.ReadMemStats(&after)
		require.NoError(t, err, name)
		assert.GreaterOrEqual(t, len(event.Data), size, name)
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(12*size), name)
	}
}

type pieceReader struct {
	src  string
	size int
}

func (r *pieceReader) Read(p []byte) (int, error) {
	if r.src == "" {
		return 0, io.EOF
	}
	n := copy(p, r.src[:min(r.size, len(r.src))])
	r.src = r.src[n:]
	return n, nil
}

func TestDecoderLimit(t *testing.T) {
	for name, src := range map[string]string{
		"a line without end":    "data: " + strings.Repeat("x", 200),
		"a line":                "data: " + strings.Repeat("x", 200) + "\n\n",
		"a comment":             ": " + strings.Repeat("x", 200) + "\n\n",
		"many lines":            strings.Repeat("data: 0123456789\n", 20) + "\n",
		"many lines without LF": strings.Repeat("data\n", 300) + "\n",
	} {
		d := client.NewDecoder(iotest.OneByteReader(strings.NewReader("data: fine\n\n"+src+"data: lost\n\n")), 100)
		event, err := d.Next()
		require.NoError(t, err, name)
		require.Equal(t, "fine", string(event.Data), name)
		for range 2 { // the error stays
			_, err = d.Next()
			var size *client.SizeError
			require.ErrorAs(t, err, &size, name)
			assert.Equal(t, client.SizeError{Part: "event", Limit: 100}, *size, name)
		}
		assert.EqualError(t, err, "event longer than 100 bytes")
	}
}

func TestDecoderReaderFails(t *testing.T) {
	broken := errors.New("broken")
	events, err := decodeAll(io.MultiReader(strings.NewReader("data: a\n\ndata: {}\ndata: "), iotest.ErrReader(broken)), 0)
	assert.Equal(t, broken, err)
	assert.Equal(t, []decoded{{"", "a"}, {"", "{}\n"}}, events, "whole JSON counts though the connection broke after it")
	events, err = decodeAll(io.MultiReader(strings.NewReader("data: {"), iotest.ErrReader(broken)), 0)
	assert.Equal(t, broken, err, "a torn event does not hide that the connection broke")
	assert.Empty(t, events)
}

func BenchmarkDecoder(b *testing.B) {
	const chunk = `data: {"id":"cmpl-1","object":"text_completion","created":1760000000,"model":"m","choices":[{"index":0,"text":" word","logprobs":null,"finish_reason":null}]}` + "\n\n"
	src := strings.Repeat(chunk, 1000)
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		d := client.NewDecoder(strings.NewReader(src), 0)
		for {
			if _, err := d.Next(); err != nil {
				break
			}
		}
	}
}
