package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core"
)

// checker checks files and reports what is found.
type checker struct {
	c        *console
	v        *core.Validator
	report   reporter
	as       string
	fix      bool // write the fixes
	diff     bool // show them
	level    core.Severity
	fails    core.Severity
	code     int
	requests int
	files    int
	counts   [core.Error + 1]int // of issues by severity
}

func setupCheck(f *flag.FlagSet) runner {
	rules := addRules(f)
	format := choose(f, "format", "how to report", formats...)
	as := choose(f, "as", "the language of the files, whatever their names say", asLanguages...)
	level := choose(f, "level", "the least severe issues to report", "hint", "warning", "error")
	fails := choose(f, "fail", "the least severe issues that the exit code tells of", "error", "warning", "hint")
	fix := f.Bool("fix", false, "apply the fixes that keep every word, and write the files")
	diff := f.Bool("diff", false, "show what -fix would change, and write nothing")
	quiet := f.Bool("quiet", false, "write no summary and no progress")
	return func(ctx context.Context, c *console, args []string) int {
		switch {
		case len(args) == 0:
			return c.misused("check", "name a file, or - for the standard input")
		case *fix && *diff:
			return c.misused("check", "-fix and -diff do not go together")
		case *diff && *format != "text":
			return c.misused("check", "-diff writes a diff, which is no %s", *format)
		}
		v, err := rules.validator(c)
		if err != nil {
			return c.misused("check", "%v", err)
		}
		out := bufio.NewWriter(c.out)
		k := &checker{c: c, v: v, as: *as, fix: *fix, diff: *diff, level: severity(*level), fails: severity(*fails)}
		k.report = newReporter(*format, out, c.colours(c.out))
		if k.diff {
			k.report = silent{}
		}
		for _, name := range args {
			if ctx.Err() != nil {
				k.code = c.fail("stopped before %s", name)
				break
			}
			k.file(ctx, name, out, *quiet)
		}
		err = errors.Join(k.report.end(), out.Flush())
		if err != nil {
			return c.fail("cannot write: %v", err)
		}
		if *format == "text" && !k.diff && !*quiet {
			fmt.Fprintln(c.err, k.summary())
		}
		return k.code
	}
}

func severity(word string) (s core.Severity) {
	if err := s.UnmarshalText([]byte(word)); err != nil {
		panic("no severity: " + word)
	}
	return s
}

func (k *checker) summary() string {
	return fmt.Sprintf("%s, %s, %s in %s of %s", counted(k.counts[core.Error], "error"), counted(k.counts[core.Warning], "warning"),
		counted(k.counts[core.Hint], "hint"), counted(k.requests, "request"), counted(k.files, "file"))
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// file checks one file.
func (k *checker) file(ctx context.Context, name string, out io.Writer, quiet bool) {
	s, err := k.c.open(name)
	if err != nil {
		k.code = k.c.fail("%s: %v", name, err)
		return
	}
	defer s.close()
	k.files++
	k.report.file(s.name)
	language := k.as
	if language == "auto" {
		language = languageOf(s.bare())
	}
	switch {
	case languages[language] != nil && isLines(language) && !k.fix && !k.diff:
		err = k.lines(ctx, s, quiet)
	default:
		err = k.whole(s, language, out)
	}
	if err != nil {
		k.code = k.c.fail("%s: %v", s.name, err)
	}
}

func isLines(language string) bool { return language == "jsonl" || language == "ndjson" }

// whole checks a file that is read as a whole.
func (k *checker) whole(s *source, language string, out io.Writer) error {
	text, err := s.whole()
	if err != nil {
		return err
	}
	find := languages[language]
	if find == nil {
		find = findWhole
	}
	h := &host{text: text, line: 1}
	found := find(piece{text: text})
	if k.fix || k.diff {
		fixed, err := k.fixed(text, found, find)
		if err != nil {
			return err
		}
		if changed := !bytes.Equal(fixed, text); changed && k.diff {
			if err := writeDiff(out, s.name, text, fixed); err != nil {
				return err
			}
			k.code = max(k.code, exitFound)
		} else if k.fix && s.path == "" {
			if _, err := k.c.out.Write(fixed); err != nil {
				return err
			}
		} else if changed {
			if s.packed {
				return errors.New("the fixes cannot be written into a compressed file")
			}
			if err := replace(s.path, text, fixed); err != nil {
				return err
			}
			h.text = fixed
			found = find(piece{text: fixed})
		}
	}
	for n := range found {
		k.check(s.name, h, &found[n])
	}
	return nil
}

// lines checks a file of JSON Lines, of any length, a line at a time.
func (k *checker) lines(ctx context.Context, s *source, quiet bool) error {
	p := newProgress(k.c, s, quiet)
	defer p.end()
	in := bufio.NewReaderSize(s, 64<<10)
	for n := 1; ; n++ {
		if ctx.Err() != nil {
			return fmt.Errorf("stopped before line %d", n)
		}
		line, err := readLine(in)
		if err != nil && err != io.EOF {
			return fmt.Errorf("line %d: %w", n, reason(err))
		}
		h := &host{text: line, line: n}
		for _, r := range findInLines(piece{text: line}) {
			k.check(s.name, h, &r)
		}
		if err == io.EOF {
			return nil
		}
		p.step(*s.read)
	}
}

// readLine reads a line without its end. With the last one comes io.EOF.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > longest {
			return nil, fmt.Errorf("it has more than %d MiB", longest>>20)
		}
		if err != bufio.ErrBufferFull {
			return bytes.TrimSuffix(line, []byte("\n")), err
		}
	}
}

// check checks one request and reports what is found in it.
func (k *checker) check(name string, h *host, r *request) {
	k.requests++
	var issues []core.Issue
	if r.body != nil {
		issues = k.v.Check(r.body).Issues
	}
	found := findings(h, r, issues)
	found = slices.DeleteFunc(found, func(f finding) bool { return f.Severity < k.level })
	slices.SortStableFunc(found, func(a, b finding) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	for n := range found {
		found[n].File, found[n].Request = name, k.requests
		k.counts[found[n].Severity]++
		if found[n].Severity >= k.fails {
			k.code = max(k.code, exitFound)
		}
	}
	at := h.places(r.in.offset(0))[0]
	k.report.request(checked{name, at, k.requests, found})
}

// findings places issues of a request in its file. What another language leaves open is no mistake.
func findings(h *host, r *request, issues []core.Issue) (found []finding) {
	var offsets []int
	for _, i := range issues {
		if r.foreign && r.open(i) {
			continue
		}
		start, end := r.place(i)
		offsets = append(offsets, start, end)
		_, text, _ := strings.Cut(i.String(), ": ")
		found = append(found, finding{Severity: i.Severity, Code: string(i.Code), Path: i.Path, Field: i.Field, Message: i.Message, text: text, Fix: i.Fix})
	}
	for _, n := range r.notes {
		level := core.Hint
		if n.code == "unreadable" {
			level = core.Warning
		}
		offsets = append(offsets, n.start, n.end)
		found = append(found, finding{Severity: level, Code: n.code, Message: n.message, text: fmt.Sprintf("%s: %s [%s]", level, n.message, n.code)})
	}
	if len(found) > 0 {
		places := h.places(offsets...)
		for n := range found {
			start, end := places[2*n], places[2*n+1]
			found[n].Line, found[n].Column, found[n].EndLine, found[n].EndColumn = start.line, start.column, end.line, end.column
		}
	}
	return found
}

// open reports whether an issue is about a value that only a program that runs knows.
func (r *request) open(i core.Issue) bool {
	for _, n := range r.notes {
		if n.code != "not-literal" {
			continue
		}
		about := i.Code == core.CodeMissingField || i.Code == core.CodeMaxTokensUnset
		switch {
		case i.Code == core.CodeUnsupportedExpression:
			return true
		case about && strings.HasPrefix(n.message, "the value of "): // of several fields together
			return true
		case about && i.Field != "" && strings.HasPrefix(n.message, i.Field+": "):
			return true
		case i.Code == core.CodeMaxTokensUnset && strings.HasPrefix(n.message, "max_tokens: "):
			return true
		}
	}
	return r.foreign && i.Code == core.CodeLooseJSON
}

// place returns the place of an issue in the host: that of its bytes where they stand there, else of the one place where
// the name of its field stands in the request, else the beginning of the request.
func (r *request) place(i core.Issue) (start, end int) {
	if r.at >= 0 {
		return r.in.offset(r.at + i.Span.Start.Byte), r.in.offset(r.at + i.Span.End.Byte)
	}
	if n := onlyWord(r.in.text, i.Field); n >= 0 {
		return r.in.offset(n), r.in.offset(n + len(i.Field))
	}
	return r.in.offset(0), r.in.offset(0)
}

// onlyWord returns where a word stands in a text if it stands there once, else -1.
func onlyWord(text []byte, word string) int {
	at := -1
	for n := 0; word != ""; {
		i := bytes.Index(text[n:], []byte(word))
		if i < 0 {
			break
		}
		i += n
		n = i + len(word)
		if i > 0 && letter(text[i-1]) || n < len(text) && letter(text[n]) {
			continue
		}
		if at >= 0 {
			return -1
		}
		at = i
	}
	return at
}

func letter(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
