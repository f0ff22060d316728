package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/batch"
)

// The files that are checked are made of the typical request, on one line, whose prompt has the line's number. In one of them
// each line is in an envelope, and in one a tenth of the lines has a value out of range.
type fileKind struct {
	name, title string
	enveloped   bool
	wrongEvery  int // lines; 0 for none
}

var fileKinds = []fileKind{
	{name: "requests", title: "one request a line"},
	{name: "wrong", title: "one request a line, in a tenth of them a mistake", wrongEvery: 10},
	{name: "openai", title: "OpenAI's envelopes", enveloped: true},
}

// lineMaker makes the lines of a file.
type lineMaker struct {
	kind          fileKind
	before, after string
	n             int
	line          []byte
}

func newLineMaker(k fileKind) *lineMaker {
	var line bytes.Buffer
	if err := json.Compact(&line, typical); err != nil {
		panic(err) // the embedded file is at fault
	}
	before, after, _ := strings.Cut(line.String(), "Write a short story")
	return &lineMaker{kind: k, before: before, after: " Write a short story" + after + "\n"}
}

// next returns the next line, which is the maker's until the one after it.
func (m *lineMaker) next() []byte {
	m.n++
	b := m.line[:0]
	if m.kind.enveloped {
		b = append(b, `{"custom_id":"request-`...)
		b = strconv.AppendInt(b, int64(m.n), 10)
		b = append(b, `","method":"POST","url":"/v1/completions","body":`...)
	}
	b = strconv.AppendInt(append(b, m.before...), int64(m.n), 10)
	after := m.after
	if m.kind.wrongEvery > 0 && m.n%m.kind.wrongEvery == 0 {
		after = strings.Replace(after, `"temperature":0.7`, `"temperature":7.5`, 1)
	}
	if b = append(b, after...); m.kind.enveloped {
		b = append(b[:len(b)-1], "}\n"...)
	}
	m.line = b
	return b
}

// madeInput is a reader of size bytes, or of up to a line more.
type madeInput struct {
	maker *lineMaker
	size  int64
	rest  []byte
}

// Read makes as many lines as fit.
func (r *madeInput) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(r.rest) == 0 {
			if r.size <= 0 {
				break
			}
			r.rest = r.maker.next()
			r.size -= int64(len(r.rest))
		}
		k := copy(p[n:], r.rest)
		r.rest = r.rest[k:]
		n += k
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// makeFile writes size bytes of a kind and returns how many lines that are, and how many of them are valid.
func makeFile(path string, k fileKind, size int64) (lines, valid int, err error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, 0, err
	}
	m := newLineMaker(k)
	_, err = io.Copy(f, &madeInput{maker: m, size: size})
	if closed := f.Close(); err == nil {
		err = closed
	}
	lines = m.n
	if valid = lines; k.wrongEvery > 0 {
		valid -= lines / k.wrongEvery
	}
	return lines, valid, err
}

// filePeer checks a file in a process of its own, so that its processor time can be told.
type filePeer struct {
	name    string
	command []string // to which the file is added
	prints  bool     // the number of valid lines; others fail if a line is invalid
}

const (
	fileBytes  = 64 << 20
	fileRounds = 3
)

// measureBatch prints how fast files are checked. script is Ajv's, other is sourcemeta's program, "" leaves it out.
func measureBatch(script, other string) error {
	own, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "bench-batch-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	schema := filepath.Join(dir, "schema.json")
	if err := os.WriteFile(schema, core.Default().Schema(), 0o644); err != nil {
		return err
	}
	fmt.Printf("%s, %s/%s, %s, %d CPUs, %s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, processor(), runtime.NumCPU(), time.Now().Format("2 January 2006"))
	if load, err := os.ReadFile("/proc/loadavg"); err == nil { // what else goes on, where the system tells
		fmt.Printf("load average when it began: %s\n", strings.Fields(string(load))[0])
	}
	for _, k := range fileKinds {
		peers := []filePeer{
			{"core/batch, 1 processor", []string{own, "-batch-peer", "core", "-cores", "1"}, true},
			{"core/batch, 2 processors", []string{own, "-batch-peer", "core", "-cores", "2"}, true},
			{"a loop of encoding/json + jsonschema v5", []string{own, "-batch-peer", "v5", "-cores", "1"}, true},
		}
		if !k.enveloped {
			peers = append(peers, filePeer{"a loop of JSON.parse + Ajv, compiled, in Node", []string{"node", script}, true})
		}
		if !k.enveloped && k.wrongEvery == 0 && other != "" {
			peers = append(peers, filePeer{"jsonschema of sourcemeta, validate --fast", []string{other, "validate", "--fast", schema}, false})
		}
		path := filepath.Join(dir, k.name+".jsonl")
		lines, valid, err := makeFile(path, k, fileBytes)
		if err != nil {
			return err
		}
		fmt.Printf("\n### %d MiB, %s: %d lines\n\n| | lines/s | MB/s | processor time for a line | × core/batch on 1 |\n|---|--:|--:|--:|--:|\n", fileBytes>>20, k.title, lines)
		if err := compareFiles(peers, path, lines, valid); err != nil {
			return err
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return measureSizes(own, dir)
}

// compareFiles lets the peers take turns, and prints their medians.
func compareFiles(peers []filePeer, path string, lines, valid int) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	used := make([][]time.Duration, len(peers))
	took := make([][]time.Duration, len(peers))
	for range fileRounds {
		for i, p := range peers {
			cmd := exec.CommandContext(context.Background(), p.command[0], append(slices.Clone(p.command[1:]), path)...)
			if strings.HasSuffix(p.command[len(p.command)-1], ".mjs") {
				cmd.Args = append(cmd.Args, core.DefaultProfile)
			}
			cmd.Stderr = os.Stderr
			start := time.Now()
			out, err := cmd.Output()
			took[i] = append(took[i], time.Since(start))
			if err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			if count, _, _ := strings.Cut(string(out), "\n"); p.prints && count != strconv.Itoa(valid) {
				return fmt.Errorf("%s finds %q valid lines, want %d", p.name, count, valid)
			}
			used[i] = append(used[i], cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
		}
	}
	for i, p := range peers {
		ratios := make([]float64, fileRounds)
		for k := range ratios {
			ratios[k] = float64(used[i][k]) / float64(used[0][k])
		}
		slices.Sort(ratios)
		slices.Sort(took[i])
		slices.Sort(used[i])
		seconds := took[i][fileRounds/2].Seconds()
		fmt.Printf("| %s | %.0f | %.0f | %s | %.2f |\n", p.name, float64(lines)/seconds, float64(info.Size())/1e6/seconds,
			readable(used[i][fileRounds/2]/time.Duration(lines)), ratios[fileRounds/2])
	}
	return nil
}

// measureSizes prints the memory and the speed on inputs of several sizes, and on a file of a gigabyte.
func measureSizes(own, dir string) error {
	fmt.Printf("\n### Memory of core/batch on 2 processors, by the size of the input\n\n| | lines | seconds | MB/s | from the system, MiB |\n|---|--:|--:|--:|--:|\n")
	path := filepath.Join(dir, "large.jsonl")
	if _, _, err := makeFile(path, fileKinds[0], 1e9); err != nil {
		return err
	}
	for _, c := range []struct {
		title, kind, input string
		size               int64
	}{
		{"10 MB, made while it is read", "requests", "", 1e7},
		{"100 MB", "requests", "", 1e8},
		{"1 GB", "requests", "", 1e9},
		{"5 GB", "requests", "", 5e9},
		{"1 GB, read from a file", "requests", path, 1e9},
		{"1 GB of envelopes, whose ids are remembered", "openai", "", 1e9},
	} {
		args := []string{"-batch-peer", "core", "-cores", "2", "-batch-size", strconv.FormatInt(c.size, 10), "-batch-kind", c.kind}
		if c.input != "" {
			args = []string{"-batch-peer", "core", "-cores", "2", c.input}
		}
		start := time.Now()
		cmd := exec.CommandContext(context.Background(), own, args...)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return err
		}
		seconds := time.Since(start).Seconds()
		var lines, system int64
		if _, err := fmt.Sscan(string(out), &lines, &system); err != nil {
			return err
		}
		fmt.Printf("| %s | %d | %.1f | %.0f | %d |\n", c.title, lines, seconds, float64(c.size)/1e6/seconds, system>>20)
	}
	return measureCommand(dir, path)
}

// checked finds how many requests a run of the command tells of.
var checked = regexp.MustCompile(`in (\d+) requests? of 1 file`)

// measureCommand prints a line on "completions check" for the same file, reports included.
func measureCommand(dir, path string) error {
	program := filepath.Join(dir, "completions")
	if out, err := exec.Command("go", "build", "-o", program, "github.com/completion-playground/playground/core/cmd/completions").CombinedOutput(); err != nil {
		return fmt.Errorf("building the command: %w\n%s", err, out)
	}
	start := time.Now()
	var told bytes.Buffer
	cmd := exec.Command(program, "check", "-level", "error", path)
	cmd.Stderr = &told
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("completions check: %w\n%s", err, told.String())
	}
	seconds := time.Since(start).Seconds()
	m := checked.FindStringSubmatch(told.String())
	if m == nil {
		return fmt.Errorf("completions check tells of no requests: %s", told.String())
	}
	fmt.Printf("| the same file, by the command completions check | %s | %.1f | %.0f | – |\n", m[1], seconds, 1e9/1e6/seconds)
	return nil
}

// batchPeer is what a process of measureBatch does: it checks a file, or an input of a size, and prints how many lines are
// valid, then how many bytes of memory it has from the system.
func batchPeer(name string, cores int, file, kind string, size int64) error {
	runtime.GOMAXPROCS(cores)
	var input io.Reader
	if file != "" {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		defer f.Close()
		input = f
	} else {
		i := slices.IndexFunc(fileKinds, func(k fileKind) bool { return k.name == kind })
		if i < 0 {
			return fmt.Errorf("no kind of file %q", kind)
		}
		input = &madeInput{maker: newLineMaker(fileKinds[i]), size: size}
	}
	count := checkWithCore
	if name == "v5" {
		count = checkWithV5
	}
	valid, err := count(input)
	if err != nil {
		return err
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	_, err = fmt.Printf("%d\n%d\n", valid, m.Sys)
	return err
}

func checkWithCore(input io.Reader) (int64, error) {
	var totals batch.Totals
	for l, err := range batch.Check(context.Background(), input, batch.Options{}) {
		if err != nil {
			return 0, err
		}
		totals.Add(&l)
	}
	return totals.Valid, nil
}

// checkWithV5 is what a program would do without this library. It does not look for ids that come twice.
func checkWithV5(input io.Reader) (valid int64, err error) {
	p, err := withV5(core.Default().Schema())
	if err != nil {
		return 0, err
	}
	lines := bufio.NewScanner(input)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		text := lines.Bytes()
		if bytes.HasPrefix(text, []byte(`{"custom_id"`)) {
			var envelope struct {
				ID     string          `json:"custom_id"`
				Method string          `json:"method"`
				URL    string          `json:"url"`
				Body   json.RawMessage `json:"body"`
			}
			if json.Unmarshal(text, &envelope) != nil || envelope.ID == "" || envelope.Method != "POST" || envelope.URL != "/v1/completions" {
				continue
			}
			text = envelope.Body
		}
		if p.check(text) {
			valid++
		}
	}
	return valid, lines.Err()
}
