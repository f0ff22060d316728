package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core/internal/effort"
)

// What cannot be read is told in a line for each file, and the other files are checked all the same.
func TestUnreadableFiles(t *testing.T) {
	dir := folder(t, file("folder/x", ""), file("binary.json", "a\x00b"), file("bad.json.gz", "\x1f\x8b rubbish"), file("cut.json.gz", packed(t, "{}")[:15]),
		file("empty.json", ""), file("ok.json", spelt))
	r := runIn(t, dir, "", nil, "check", "folder", "binary.json", "bad.json.gz", "cut.json.gz", "gone.json", "empty.json", "ok.json")
	assert.Equal(t, exitFailed, r.code)
	for _, want := range []string{"folder: it is a folder", "binary.json: it is no text", "bad.json.gz: it is a damaged gzip file",
		"cut.json.gz: it is a damaged gzip file", "gone.json: there is no such file"} {
		assert.Contains(t, r.err, want)
	}
	assert.Contains(t, r.out, "empty.json:1:1: error:")
}

func packed(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err := z.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return out.String()
}

// A compressed file that unpacks without end is given up at the limit.
func TestLargeFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("unpacks much")
	}
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	space := bytes.Repeat([]byte(" "), 1<<20)
	for range longest>>20 + 1 {
		_, err := z.Write(space)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	r := runIn(t, folder(t, file("bomb.json.gz", bomb.String())), "", nil, "check", "bomb.json.gz")
	assert.Equal(t, exitFailed, r.code)
	assert.Contains(t, r.err, "more than 64 MiB")
}

// A text with more requests than are looked at is no text without mistakes, whatever stands around them.
func TestTooManyRequests(t *testing.T) {
	const body = `{"model":"m","prompt":"x","max_tokens":5}`
	filler := "#" + strings.Repeat(" filler", 50) + "\n"
	for name, text := range map[string]string{
		"a.sh":   filler + "curl http://h/v1/completions -d '" + body + "'\n",
		"a.http": "###\n" + filler + "POST http://h/v1/completions\n\n" + body + "\n",
		"a.py":   filler + "client.completions.create(model='m', prompt='x', max_tokens=5)\n",
		"a.md":   "```json\n" + body + "\n```\n",
	} {
		dir := folder(t, file(name, strings.Repeat(text, mostRequests-1)), file("more/"+name, strings.Repeat(text, mostRequests+2)))
		r := runIn(t, dir, "", nil, "check", "-level", "error", name)
		assert.Equal(t, exitOK, r.code, r)
		assert.Contains(t, r.err, "0 hints in 999 requests")
		r = runIn(t, dir, "", nil, "check", "-level", "error", "more/"+name)
		assert.Equal(t, exitFound, r.code, r)
		assert.Contains(t, r.out, "those from here on were not checked [not-checked]")
		assert.Equal(t, 1, strings.Count(r.out, "\n"), r.out)
		before := read(t, dir, "more", name)
		runIn(t, dir, "", nil, "check", "-fix", "more/"+name)
		assert.Equal(t, before, read(t, dir, "more", name))
	}
}

// Requests behind much text are found as well, and what stands before them is not read again for each.
func TestRequestsFarBehind(t *testing.T) {
	if testing.Short() {
		t.Skip("reads much")
	}
	filler := strings.Repeat("# nothing\n", 2<<20)
	for name, text := range map[string]string{
		"a.sh":   filler + "curl http://h/v1/completions -d '" + misspelt + "'\n",
		"a.http": filler + "###\nPOST http://h/v1/completions\n\n" + misspelt,
		"a.py":   filler + "client.completions.create(model='m', prompt='x', max_token=5)\n",
	} {
		r := runIn(t, folder(t, file(name, text)), "", nil, "check", name)
		assert.Contains(t, r.out, "[unknown-field]", name)
	}
}

// Neither a line of redirections nor brackets without end cost more than their length.
func TestCostOfOddTexts(t *testing.T) {
	for language, text := range map[string]string{"sh": "< ", "bash": "a<<b ", "console": "<<- ", "ipynb": "["} {
		find := languages[language]
		n := effort.Size(400_000)
		small, large := []byte(strings.Repeat(text, n)), []byte(strings.Repeat(text, 4*n))
		effort.RequireLinear(t, language, func() { find(piece{text: small}) }, func() { find(piece{text: large}) })
	}
	open := []byte(strings.Repeat("[", 1<<20))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	assert.Empty(t, notebookCells(piece{text: open}))
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(16*len(open)), "allocated for brackets")
}

// An error of the input or the output ends the program with the code for it.
func TestBrokenStreams(t *testing.T) {
	broken := errors.New("broken")
	none := func(string) string { return "" }
	var errs bytes.Buffer
	assert.Equal(t, exitFailed, run(t.Context(), []string{"check", "-"}, iotest.ErrReader(broken), io.Discard, &errs, none))
	assert.Contains(t, errs.String(), "<stdin>: broken")
	for _, args := range [][]string{{"help"}, {"check", "-"}, {"check", "-format", "sarif", "-"}, {"check", "-format", "junit", "-"}, {"codes"}, {"schema"}} {
		errs.Reset()
		code := run(t.Context(), args, strings.NewReader("{}"), brokenWriter{broken}, &errs, none)
		assert.Equal(t, exitFailed, code, args)
		assert.Contains(t, errs.String(), "cannot write: broken", args)
	}
}

type brokenWriter struct{ err error }

func (b brokenWriter) Write([]byte) (int, error) { return 0, b.err }

// Who stops the program gets what was found until then, and is told that it is not all.
func TestStoppedCheck(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var out, errs bytes.Buffer
	dir := folder(t, file("a.json", misspelt))
	t.Chdir(dir)
	assert.Equal(t, exitFailed, run(ctx, []string{"check", "a.json"}, nil, &out, &errs, os.Getenv))
	assert.Contains(t, errs.String(), "stopped before a.json")
}
