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

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/batch"
)

// checker checks files and reports what is found.
type checker struct {
	c        *console
	v        *core.Validator
	out      *bufio.Writer
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
		to := c.out
		if *fix && slices.Contains(args, "-") {
			to = c.err // the fixed text goes to the standard output
		}
		out := bufio.NewWriter(to)
		k := &checker{c: c, v: v, out: out, as: *as, fix: *fix, diff: *diff, level: severity(*level), fails: severity(*fails)}
		k.report = newReporter(*format, out, c.colours(to))
		if k.diff {
			k.report = silent{}
		}
		for _, name := range args {
			if ctx.Err() != nil {
				k.fail("stopped before %s", name)
				break
			}
			k.file(ctx, name, *quiet)
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
func (k *checker) file(ctx context.Context, name string, quiet bool) {
	s, err := k.c.open(name)
	if err != nil {
		k.fail("%s: %v", name, err)
		return
	}
	defer s.close()
	k.files++
	k.report.file(s.name)
	language := k.as
	if language == "auto" {
		language = languageOf(s.bare())
	}
	if isLines(language) && !k.fix && !k.diff {
		p := newProgress(k.c, s, quiet)
		err = k.lines(ctx, s.name, s, p)
		p.end()
	} else {
		err = k.whole(ctx, s, language)
	}
	if err != nil {
		k.fail("%s: %v", s.name, err)
	}
}

// fail tells of what could not be read or written, behind what was reported so far.
func (k *checker) fail(format string, args ...any) {
	_ = k.out.Flush() // its error comes again at the end
	k.code = k.c.fail(format, args...)
}

func isLines(language string) bool { return language == "jsonl" || language == "ndjson" }

// whole checks a file that is read as a whole.
func (k *checker) whole(ctx context.Context, s *source, language string) error {
	text, err := s.whole()
	if err != nil {
		return err
	}
	find := languages[language]
	if find == nil {
		find = findWhole
	}
	found := find(piece{text: text})
	if k.fix || k.diff {
		fixed, err := k.fixed(text, found, find)
		if err != nil {
			return err
		}
		changed := !bytes.Equal(fixed, text)
		switch {
		case k.diff && changed:
			k.code = max(k.code, exitFound)
			return writeDiff(k.out, s.name, text, fixed, isTerminal(k.c.out))
		case k.fix && s.path == "":
			if _, err := k.c.out.Write(fixed); err != nil {
				return err
			}
			text = fixed
		case k.fix && changed && s.packed:
			return errors.New("the fixes cannot be written into a compressed file")
		case k.fix && changed:
			if err := replace(s.path, text, fixed); err != nil {
				return err
			}
			text = fixed
		}
	}
	if isLines(language) {
		return k.lines(ctx, s.name, bytes.NewReader(text), nil)
	}
	h := &host{text: text, line: 1}
	found = find(piece{text: text})
	for n := range found {
		k.check(s.name, h, &found[n])
	}
	return nil
}

// lines checks a file of JSON Lines, of any length, line by line. p may be nil.
func (k *checker) lines(ctx context.Context, name string, in io.Reader, p *progress) error {
	for line, err := range batch.Check(ctx, in, batch.Options{Validator: k.v}) {
		switch {
		case ctx.Err() != nil:
			return errors.New("stopped")
		case err != nil:
			return reason(err)
		}
		r := request{body: line.Body(), in: piece{text: line.Text}}
		k.tell(name, &host{text: line.Text, line: int(line.Number)}, &r, line.Report.Issues)
		p.step()
	}
	return nil
}

// check checks one request and reports what is found in it.
func (k *checker) check(name string, h *host, r *request) {
	var issues []core.Issue
	if r.body != nil {
		issues = k.v.Check(r.body).Issues
	}
	k.tell(name, h, r, issues)
}

// tell reports what was found in a request.
func (k *checker) tell(name string, h *host, r *request, issues []core.Issue) {
	k.requests++
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
