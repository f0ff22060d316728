package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// The exit codes. Where several fit, usage goes before failed, and failed before found.
const (
	exitOK     = 0 // all is well
	exitFound  = 1 // issues were found, or texts would change under -diff
	exitUsage  = 2 // the command line is wrong
	exitFailed = 3 // something could not be read, written or sent
)

// A command is a row of the table.
type command struct {
	name string
	args string // what follows the flags, for the synopsis
	// setup adds the command's flags and returns what runs it once they are read.
	setup func(f *flag.FlagSet) runner
}

// A runner runs a command with the arguments that are no flags and returns its exit code.
type runner func(ctx context.Context, c *console, args []string) int

// commands go from what is used most to what is used least. Each has its text in help/NAME.txt.
var commands []command

func init() { // in init, because help reads the table
	commands = []command{
		{"check", "[FILE|-]...", setupCheck},
		{"body", "FILE|-", setupBody},
		{"convert", "FILE|-", setupConvert},
		{"send", "FILE|-", setupSend},
		{"batch", "FILE|-", setupBatch},
		{"probe", "", setupProbe},
		{"score", "FILE|-...", setupScore},
		{"schema", "", setupSchema},
		{"serve", "", setupServe},
		{"codes", "[CODE]...", setupCodes},
		{"completion", "bash|zsh|fish", setupCompletion},
		{"version", "", setupVersion},
		{"help", "[COMMAND]", setupHelp},
	}
}

// console is where a command reads and writes, and what it knows of its surroundings.
type console struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) string
}

// fail writes a message for people and returns the code for what could not be read, written or sent.
func (c *console) fail(format string, args ...any) int {
	fmt.Fprintf(c.err, "completions: %s\n", visible(fmt.Sprintf(format, args...)))
	return exitFailed
}

// misused writes a message about the command line and returns the code for it.
func (c *console) misused(name, format string, args ...any) int {
	fmt.Fprintf(c.err, "completions %s: %s\nRun \"completions help %[1]s\" for how it is used.\n", name, visible(fmt.Sprintf(format, args...)))
	return exitUsage
}

// run is the program: it reads args, which are without the program's name, and returns the exit code. It writes nowhere
// but to stdout, stderr and the files that a command names. When ctx ends, it ends too, with what it has until then.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, env func(string) string) int {
	c := &console{in: stdin, out: stdout, err: stderr, env: env}
	if len(args) == 0 {
		fmt.Fprint(stderr, overview())
		return exitUsage
	}
	name, rest := args[0], args[1:]
	switch name {
	case "-h", "-help", "--help":
		name = "help"
	case "-version", "--version":
		name = "version"
	}
	n := slices.IndexFunc(commands, func(m command) bool { return m.name == name })
	if n < 0 {
		fmt.Fprintf(stderr, "completions: there is no command %s; \"completions help\" lists them\n", quoted(name))
		return exitUsage
	}
	m := commands[n]
	f := flag.NewFlagSet(m.name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	runs := m.setup(f)
	operands, err := parse(f, rest)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, m.help())
		return exitOK
	}
	if err != nil {
		return c.misused(m.name, "%v", err)
	}
	return runs(ctx, c, operands)
}

// parse reads flags wherever they stand among the operands, which it returns. Behind "--" nothing is a flag.
func parse(f *flag.FlagSet, args []string) (operands []string, err error) {
	for {
		if err := f.Parse(args); err != nil {
			return nil, err
		}
		rest := f.Args()
		if n := len(args) - len(rest); len(rest) == 0 || n > 0 && args[n-1] == "--" {
			return append(operands, rest...), nil
		}
		operands, args = append(operands, rest[0]), rest[1:]
	}
}

// oneOf is a flag whose value is one of several words.
type oneOf struct {
	value *string
	words []string
}

func (o oneOf) String() string {
	if o.value == nil {
		return ""
	}
	return *o.value
}

func (o oneOf) Set(word string) error {
	if !slices.Contains(o.words, word) {
		return fmt.Errorf("it is one of %s", strings.Join(o.words, ", "))
	}
	*o.value = word
	return nil
}

// choose adds a flag whose value is one of the words, the first unless another is given.
func choose(f *flag.FlagSet, name, usage string, words ...string) *string {
	value := words[0]
	f.Var(oneOf{&value, words}, name, usage+": `"+strings.Join(words, "|")+"`")
	return &value
}
