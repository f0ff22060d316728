package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core/client"
)

const secret = "sk-0123456789abcdef/x"

// The key comes from the environment or a file, goes to the server that the command line names, and is printed nowhere.
func TestSendWithAKey(t *testing.T) {
	s := completionServer(t)
	dir := folder(t, file("r.json", `{"model":"m","prompt":["Hello"],"max_tokens":5}`), file("missing.json", `{"model":"missing","prompt":["Hello"],"max_tokens":5}`),
		file("key", secret+"\n"))
	env := map[string]string{"API_KEY": secret, "MINE": secret, "OTHER": "other-value"}
	for _, c := range []struct{ flags, want string }{
		{"", "Bearer " + secret}, {"-key-env MINE", "Bearer " + secret}, {"-key-file key", "Bearer " + secret}, {"-key-file key -header X-Api-Key=OTHER", "Bearer " + secret},
	} {
		r := runIn(t, dir, "", env, words(strings.TrimSpace("send -base "+s.URL+" r.json "+c.flags))...)
		assert.Equal(t, result{", world!", "", exitOK}, r, c.flags)
		headers, bodies := s.seen()
		assert.Equal(t, c.want, headers[len(headers)-1].Get("Authorization"), c.flags)
		assert.JSONEq(t, `{"model":"m","prompt":["Hello"],"max_tokens":5,"stream":true}`, bodies[len(bodies)-1])
	}
	headers, _ := s.seen()
	assert.Equal(t, "other-value", headers[len(headers)-1].Get("X-Api-Key"))

	r := runIn(t, dir, "", env, "send", "-base", s.URL, "missing.json")
	assert.Equal(t, exitFailed, r.code)
	assert.Contains(t, r.err, "no such model")
	assert.NotContains(t, r.err, secret)

	for _, flags := range []string{"-key-env NONE", "-key-file none", "-key-file key -key-env MINE", "-header X=NONE", "-header X", "-header Host=OTHER"} {
		r := runIn(t, dir, "", env, words("send -base "+s.URL+" r.json "+flags)...)
		assert.Equal(t, exitUsage, r.code, flags)
		assert.NotContains(t, r.err, secret)
	}
}

// A request in a command goes to the command's server with the command's key. The key of the environment goes with it only
// where -key-env says so: the file names a server that nobody on the command line has named.
func TestSendToTheServerOfACommand(t *testing.T) {
	s := completionServer(t)
	const body = `'{"model":"m","prompt":"Hello","max_tokens":5}'`
	dir := folder(t, file("bare.sh", "curl "+s.URL+"/v1/completions -d "+body), file("key.sh", "curl "+s.URL+"/v1/completions -H 'Authorization: Bearer key-of-the-file-1' -d "+body),
		file("own.sh", "curl "+s.URL+"/v1/completions -H 'x-api-key: key-of-the-file-2' -d "+body))
	env := map[string]string{"API_KEY": secret}
	for _, c := range []struct{ line, authorization, own string }{
		{"send bare.sh", "", ""}, {"send -key-env API_KEY bare.sh", "Bearer " + secret, ""}, {"send key.sh", "Bearer key-of-the-file-1", ""}, {"send own.sh", "", "key-of-the-file-2"},
		{"send key.sh -base " + s.URL, "Bearer " + secret, ""},
	} {
		r := runIn(t, dir, "", env, words(c.line)...)
		assert.Equal(t, exitOK, r.code, r)
		headers, _ := s.seen()
		assert.Equal(t, c.authorization, headers[len(headers)-1].Get("Authorization"), c.line)
		assert.Equal(t, c.own, headers[len(headers)-1].Get("X-Api-Key"), c.line)
	}
}

// Nothing is sent of a request with an error, unless -draft says so.
func TestSendChecksFirst(t *testing.T) {
	s := completionServer(t)
	dir := folder(t, file("r.json", `{"model":"m","prompt":["Hello"],"max_tokens":5,"temperature":9}`), file("ok.json", `{"model":"m","prompt":["Hello"],"max_tokens":5}`))
	r := runIn(t, dir, "", nil, "send", "-base", s.URL, "r.json")
	assert.Equal(t, exitFound, r.code)
	assert.Contains(t, r.err, "r.json:1:62: error: temperature: got 9, want at most 2 [out-of-range]")
	r = runIn(t, dir, "", nil, "send", "-base", s.URL, "-n", "-1", "ok.json")
	assert.Equal(t, exitUsage, r.code)
	assert.Contains(t, r.err, "n: got -1")
	headers, _ := s.seen()
	assert.Empty(t, headers)
	r = runIn(t, dir, "", nil, "send", "-base", s.URL, "-draft", "-stream=false", "r.json")
	assert.Equal(t, exitOK, r.code, r)
	assert.Equal(t, ", world!", r.out)
	_, bodies := s.seen()
	assert.Equal(t, []string{`{"model":"m","prompt":["Hello"],"max_tokens":5,"temperature":9}`}, bodies)
}

// Who ends the program keeps what has come, is told that it is a part, and has a recording of it.
func TestStoppedSend(t *testing.T) {
	s := completionServer(t)
	s.half = true
	t.Chdir(folder(t, file("r.json", `{"model":"m","prompt":["Hello"],"max_tokens":5}`)))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var errs bytes.Buffer
	out := watched{until: "world", then: stop}
	code := run(ctx, words("send -base "+s.URL+" -record tape.json r.json"), nil, &out, &errs, func(string) string { return "" })
	assert.Equal(t, exitFailed, code)
	assert.Equal(t, ", world", out.text.String())
	assert.Contains(t, errs.String(), "stopped; what stands above is a part of the answer")
	assert.Contains(t, read(t, "tape.json"), `"end":"stopped"`)
}

// watched is a writer that does something when a text has been written.
type watched struct {
	text  bytes.Buffer
	until string
	then  func()
}

func (w *watched) Write(p []byte) (int, error) {
	n, err := w.text.Write(p)
	if strings.Contains(w.text.String(), w.until) {
		w.then()
	}
	return n, err
}

// A recording has what the page needs to play the answer again, and no key, though the server sends it back.
func TestRecording(t *testing.T) {
	s := completionServer(t)
	dir := folder(t, file("r.json", `{"model":"missing","prompt":["a","b"],"n":2,"echo":false}`), file("taken.json", "x"))
	env := map[string]string{"API_KEY": secret}
	r := runIn(t, dir, "", env, "send", "-base", s.URL, "-record", "tape.json", "r.json")
	assert.Equal(t, exitFailed, r.code)
	text := read(t, dir, "tape.json")
	if info, err := os.Stat(filepath.Join(dir, "tape.json")); assert.NoError(t, err) && runtime.GOOS != "windows" {
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
	assert.NotContains(t, text, secret)
	var tape struct {
		Format, Profile, RecordedAt string
		Version                     int
		Expect                      struct {
			Choices      int
			Stream, Echo bool
		}
		Request struct {
			Method, URL, Body string
			Headers           [][2]string
		}
		Response struct {
			Status        int
			HeadMs, EndMs float64
			Chunks        [][2]any
			End           string
		}
	}
	require.NoError(t, json.Unmarshal([]byte(text), &tape))
	assert.Equal(t, "completion-playground/recording", tape.Format)
	assert.Equal(t, 1, tape.Version)
	assert.Equal(t, 4, tape.Expect.Choices)
	assert.True(t, tape.Expect.Stream)
	assert.Equal(t, [][2]string{{"accept", "text/event-stream"}, {"content-type", "application/json"}}, tape.Request.Headers)
	assert.Equal(t, 404, tape.Response.Status)
	assert.Equal(t, "ended", tape.Response.End)
	var whole []byte
	last := tape.Response.HeadMs
	for _, c := range tape.Response.Chunks {
		part, err := base64.StdEncoding.DecodeString(c[1].(string))
		require.NoError(t, err)
		whole = append(whole, part...)
		assert.GreaterOrEqual(t, c[0].(float64), last)
		last = c[0].(float64)
	}
	assert.GreaterOrEqual(t, tape.Response.EndMs, last)
	assert.NotContains(t, string(whole), secret)
	assert.Contains(t, string(whole), strings.Repeat("*", len(secret)))

	r = runIn(t, dir, "", nil, "send", "-base", s.URL, "-record", "taken.json", "r.json")
	assert.Equal(t, exitFailed, r.code)
	assert.Contains(t, r.err, "there is such a file already")
	assert.Equal(t, "x", read(t, dir, "taken.json"))
}

func TestChoices(t *testing.T) {
	for body, want := range map[string]int{
		`{"prompt":"x"}`: 1, `{"prompt":["x","y"],"n":3}`: 6, `{"prompt":[1,2,3],"n":2}`: 2, `{"prompt":[[1],[2,3]]}`: 2, `{"prompt":["1"]}`: 1, `[]`: 1, `{}`: 1,
	} {
		assert.Equal(t, want, choices([]byte(body)), body)
	}
}

// A grid keeps to its width, and shows nothing that a terminal would obey.
func TestGrid(t *testing.T) {
	list := []client.Choice{
		{Index: 0, Text: "one two three four five six seven eight nine ten", RawFinish: "stop"},
		{Index: 1, Text: "a\n\x1b[2Jb", RawFinish: "length"},
		{Index: 2, Text: strings.Repeat("x", 70)},
	}
	got := gridOf(list, 60, false)
	assert.Equal(t, `0 stop                       | 1 length
one two three four five six  | a
seven eight nine ten         | \u001b[2Jb

2
xxxxxxxxxxxxxxxxxxxxxxxxxxxx
xxxxxxxxxxxxxxxxxxxxxxxxxxxx
xxxxxxxxxxxxxx

`, strings.ReplaceAll(got, " \n", "\n"))
	for row := range strings.Lines(gridOf(list, 100, false)) {
		assert.LessOrEqual(t, len(row), 101)
	}
	assert.Contains(t, gridOf(list, 60, true), "\x1b[36m0 stop\x1b[0m")
	assert.Empty(t, gridOf(nil, 80, false))
}

// A probe that is stopped at once, or refused, says so, and prints what it has.
func TestProbeEndsEarly(t *testing.T) {
	s := completionServer(t)
	r := runIn(t, t.TempDir(), "", nil, "probe", "-base", s.URL, "-model", "missing")
	assert.Equal(t, exitFailed, r.code)
	assert.Contains(t, r.out, "FIELD")
	assert.Contains(t, r.err, "completions: ")
	r = runIn(t, t.TempDir(), "", nil, "probe", "-base", s.URL, "-model", "missing", "-json")
	var report struct {
		End     string
		Account string
	}
	require.NoError(t, json.Unmarshal([]byte(r.out), &report))
	assert.Equal(t, "no-model", report.End)
}

// A probe's profile can be used like any other.
func TestProbeWritesAProfile(t *testing.T) {
	s := completionServer(t)
	dir := folder(t, file("a.json", spelt))
	r := runIn(t, dir, "", nil, "probe", "-base", s.URL, "-model", "m", "-write", "mine.json")
	require.FileExists(t, filepath.Join(dir, "mine.json"), r.err)
	assert.Contains(t, r.out, "FIELD")
	r = runIn(t, dir, "", nil, "check", "-quiet", "-level", "error", "-profile", "mine.json", "a.json")
	assert.Equal(t, result{}, r)
}

// What cannot be written afterwards is told before anything is sent.
func TestWhatIsThereIsToldBefore(t *testing.T) {
	s := completionServer(t)
	dir := folder(t, file("r.json", spelt), file("there", "precious"))
	for _, line := range []string{"send -record there r.json -base ", "probe -write there -model m -base "} {
		r := runIn(t, dir, "", nil, words(line+s.URL)...)
		assert.Equal(t, exitFailed, r.code, r)
		assert.Contains(t, r.err, "there is such a file already")
	}
	_, bodies := s.seen()
	assert.Empty(t, bodies)
	assert.Equal(t, "precious", read(t, dir, "there"))
}

// A text that the server cannot score is told with the reason, and the others are scored.
func TestScore(t *testing.T) {
	s := completionServer(t)
	dir := folder(t, file("a.txt", "Hello"), file("empty.txt", ""))
	r := runIn(t, dir, "", nil, "score", "-profile", "vllm", "-base", s.URL, "-model", "m", "-json", "a.txt", "empty.txt")
	assert.Equal(t, exitFailed, r.code)
	rows := strings.Split(strings.TrimSpace(r.out), "\n")
	require.Len(t, rows, 2)
	var scored scoredText
	require.NoError(t, json.Unmarshal([]byte(rows[0]), &scored))
	assert.InDelta(t, -2, scored.Score.Sum, 1e-9)
	assert.Contains(t, rows[1], `"score":null`)
	assert.Contains(t, r.err, "empty.txt: ")
	r = runIn(t, dir, "", nil, "score", "-profile", "ollama", "-base", s.URL, "-model", "m", "a.txt")
	assert.Equal(t, exitFailed, r.code)
	assert.Contains(t, r.err, "a.txt: ")
	assert.Empty(t, r.out)
}

// A file of requests is sent, what has an error is left out, and the same command sends nothing again.
func TestBatch(t *testing.T) {
	s := completionServer(t)
	dir := folder(t, file("in.jsonl", `{"model":"m","prompt":["a"],"max_tokens":5}`+"\n"+`{"model":"m","prompt":["b"],"n":0}`+"\n"))
	line := words("batch -base " + s.URL + " -out out.jsonl in.jsonl")
	r := runIn(t, dir, "", map[string]string{"API_KEY": secret}, line...)
	assert.Equal(t, exitFound, r.code, r)
	assert.Equal(t, "2 requests: 1 answered, 0 without success, 1 invalid, 0 done before\n", r.err)
	assert.Contains(t, read(t, dir, "out.jsonl"), "world!")
	r = runIn(t, dir, "", nil, line...)
	assert.Contains(t, r.err, "2 done before")
	headers, _ := s.seen()
	require.Len(t, headers, 1)
	assert.Equal(t, "Bearer "+secret, headers[0].Get("Authorization"))
	for _, name := range only(t, dir) {
		assert.NotContains(t, read(t, dir, name), secret)
	}
}
