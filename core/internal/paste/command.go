package paste

import (
	"bytes"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/utf"
)

// command is one command of a shell with what comes through its standard input.
type command struct {
	words  []word
	stdin  *word    // a here-document or a here-string
	source *command // the command whose output is its input
	output string   // the file that its output goes to
	stray  *word    // an option on a line of its own behind it
}

// looksShell tells whether a line of a text calls one of some programs.
//
//go:noinline
func looksShell(programs ...string) func(src []byte) bool {
	return func(src []byte) bool {
		if !slices.ContainsFunc(programs, func(name string) bool {
			return bytes.Contains(src, []byte(name+" ")) || bytes.Contains(src, []byte(name+"\t")) || bytes.Contains(src, []byte(name+nbsp))
		}) {
			return false
		}
		_, _, ok := shellStart(src, programs)
		return ok
	}
}

// readShell reads the text from its first command on, and of all calls of these programs the first one that has a body.
//
//go:noinline
func readShell(programs ...string) func(src []byte, d *Draft) bool {
	return func(src []byte, d *Draft) bool {
		start, prompt, _ := shellStart(src, programs)
		var lexed Draft // its notes alone
		s := newShell(src, start, &lexed)
		s.prompt = prompt
		var calls []*command
		files := map[string]*command{} // and what writes them
		all := s.commands()
		for n, c := range all {
			if next := n + 1; next < len(all) && len(all[next].words) > 0 && bytes.HasPrefix(all[next].words[0].text, []byte("-")) {
				c.stray = &all[next].words[0]
			}
			if c.output != "" {
				files[c.output] = c
			}
			if name, args := c.program(); contains(programs, name) && slices.ContainsFunc(args, word.addresses) {
				calls = append(calls, c)
			}
		}
		spare := func(d *Draft) {
			if d.Key == "" {
				d.spare(string(s.spare.text), span{s.spare.start, s.spare.end})
			}
		}
		if len(calls) == 0 {
			found := d.script(all, programs)
			spare(d)
			return found
		}
		return d.choose(len(calls), func(n int, d *Draft) {
			for _, note := range lexed.Notes {
				if calls[n].holds(note.Start) {
					d.Notes = append(d.Notes, note)
				}
			}
			if w := calls[n].stray; w != nil {
				d.note(Unreadable, w.start, w.end, "this belongs to no command: the one before ends with its line")
			}
			_, args := calls[n].program()
			readers[programs[0]](src, args, input{calls[n], files}, d)
			spare(d)
		})
	}
}

// script reads the first text of a command that another shell runs: sh -c '…', ssh host '…'.
func (d *Draft) script(all []*command, programs []string) bool {
	for _, c := range all {
		name, args := c.program()
		if !contains(launchers, name) && !contains(shells, name) {
			continue
		}
		for _, w := range args {
			if bytes.ContainsAny(w.text, " \t") && looksShell(programs...)(w.text) && d.moved(w.text, span{w.start, w.end}) {
				return true
			}
		}
	}
	return false
}

// holds reports whether a place of the source belongs to a command or to what is piped into it.
func (c *command) holds(at int) bool {
	for ; c != nil; c = c.source {
		if c.stdin != nil && at >= c.stdin.start && at <= c.stdin.end {
			return true
		}
		if n := len(c.words); n > 0 && at >= c.words[0].start && at <= c.words[n-1].end {
			return true
		}
	}
	return false
}

// readers read the arguments of programs that send requests.
var readers = map[string]func(src []byte, args []word, in input, d *Draft){
	"curl": func(src []byte, args []word, in input, d *Draft) {
		c := curl{src: src, d: d, in: in}
		c.readArguments(args)
	},
	"wget": readWget,
	"http": readHTTPie,
}

// choose makes the first of several requests that has a body the draft, the first of all without one, and tells of the
// others. It reports false where there is none.
func (d *Draft) choose(n int, read func(n int, d *Draft)) bool {
	if n == 0 {
		return false
	}
	var first Draft
	for k := range n {
		one := Draft{Kind: d.Kind, Name: d.Name}
		read(k, &one)
		if k == 0 {
			first = one
		}
		if one.Body != nil {
			first = one
			break
		}
	}
	first.Notes = append(slices.Clip(d.Notes), first.Notes...)
	if *d = first; n > 1 {
		d.note(Left, 0, 0, finding.Plural(n-1, "other request stands", "other requests stand")+" in this text")
	}
	return true
}

// starters are the words that a line of a shell starts with before any program that sends requests.
var starters = append(strings.Fields("sudo time env export set echo cat printf declare local readonly set for while until if command nohup exec function source read . cd"), append(shells, append(launchers, "jq")...)...)

// shells run a text that they are given.
var shells = strings.Fields("sh bash zsh dash ash ksh fish eval su")

// launchers run the program that stands somewhere among their arguments.
var launchers = strings.Fields("docker podman kubectl ssh watch xargs timeout nice")

// codeWords are the words that a line of a program starts with.
var codeWords = strings.Fields("import from def class const let var async await function return package func public using")

// wrappers are words before the name of a program that change nothing of what it sends.
var wrappers = strings.Fields("sudo time env command exec nohup do then else if while until ! { ( $ % > # ❯ ➜")

// shellStart returns where the first command of a text starts, and whether a prompt stands before it. Before it there
// are only comments and prose, without what code is made of.
func shellStart(src []byte, programs []string) (start int, prompt, ok bool) {
	for i := 0; i < len(src); i = lineEnd(src, i) {
		line := src[i : i+utf.LineLen(src[i:])]
		at, prompt := promptEnd(line, programs)
		rest := line[at:]
		first := string(rest[:wordLen(rest)])
		switch {
		case isProgram(first, programs) || contains(starters, first) && (at > 0 || len(rest) > len(first)):
			return i + at, prompt, true
		case nameLen(rest) > 0 && nameLen(rest) < len(rest) && rest[nameLen(rest)] == '=' && len(rest) > nameLen(rest)+1 &&
			rest[nameLen(rest)+1] != ' ' && rest[nameLen(rest)+1] != '=':
			return i + at, prompt, true
		case utf.HasPrefix(rest, "#!") && bytes.Contains(rest, []byte("sh")), nameLen(rest) > 0 && utf.HasPrefix(rest[nameLen(rest):], "() {"):
			return i + at, prompt, true
		case len(rest) > 0 && rest[0] == '#':
		case bytes.ContainsAny(rest, "{;=`<") || bytes.Contains(rest, []byte("()")) || contains(codeWords, first):
			return 0, false, false
		}
	}
	return 0, false, false
}

// addresses reports whether a word may be an option or an address: "curl" and "http" are words of English too.
func (w word) addresses() bool {
	return len(w.holes) > 0 || bytes.ContainsAny(w.text, ":/.%@{") || bytes.HasPrefix(w.text, []byte("-")) || bytes.HasPrefix(w.text, []byte("localhost"))
}

//go:noinline
func wordLen(s []byte) int {
	if n := bytes.IndexAny(s, " \t\r\n"+nbsp); n >= 0 {
		return n
	}
	return len(s)
}

// isProgram reports whether a word calls one of some programs.
func isProgram(first string, programs []string) bool {
	return contains(programs, baseName(first))
}

func baseName(path string) string {
	path = path[strings.LastIndexAny(path, `/\`)+1:]
	return strings.TrimSuffix(path, ".exe")
}

// promptEnd returns where the command of a line starts that may have a prompt before it.
func promptEnd(line []byte, programs []string) (at int, prompt bool) {
	blank := len(line) - len(bytes.TrimLeft(line, " \t"))
	rest := line[blank:]
	if len(rest) > 1 && rest[0] == '!' && isProgram(string(rest[1:1+wordLen(rest[1:])]), programs) { // a cell of a notebook
		return blank + 1, true
	}
	for i := 0; i < min(len(rest), 80); i++ {
		if strings.IndexByte("\"'`={", rest[i]) >= 0 {
			break
		}
		n := 0
		for _, end := range []string{"$ ", "# ", "% ", "> ", "❯ ", "➜ "} {
			if utf.HasPrefix(rest[i:], end) {
				n = len(end)
			}
		}
		if n == 0 {
			continue
		}
		after := rest[i+n:]
		space := len(after) - len(bytes.TrimLeft(after, " \t"))
		first := string(after[space : space+wordLen(after[space:])])
		if isProgram(first, programs) || contains(starters, first) || i == 0 && rest[0] == '$' {
			return blank + i + n + space, true
		}
	}
	return blank, false
}

// mostWords bounds how many words are kept of a text: no command that a person pastes has as many.
const mostWords = 20_000

// commands reads all commands.
func (s *shell) commands() []*command {
	var all []*command
	c := &command{}
	words := 0
	clean := true // all words of the command are assignments
	var before []setting
	end := func(piped bool) {
		clean, before = true, before[:0]
		s.assign(c)
		next := &command{}
		if piped {
			next.source = c
		}
		if len(c.words) > 0 {
			all = append(all, c)
		}
		c = next
	}
	for {
		s.blank()
		if s.i >= len(s.src) || words > mostWords {
			end(false)
			return all
		}
		switch s.src[s.i] {
		case '\n':
			s.i++
			s.documents()
			s.assignRead(c)
			if len(c.words) > 0 || c.source == nil { // a pipe at the end of a line goes on
				end(false)
			}
		case ';', '(', ')':
			s.i++
			end(false)
		case '&':
			if s.i++; s.at(">") {
				s.redirect(c)
				continue
			}
			end(false)
		case '|':
			s.i++
			if s.at("|") {
				s.i++
				end(false)
				continue
			}
			if s.at("&") {
				s.i++
			}
			end(true)
		case '<', '>':
			s.redirect(c)
		default:
			if n := digits(s.src[s.i:]); n > 0 && s.i+n < len(s.src) && (s.src[s.i+n] == '<' || s.src[s.i+n] == '>') {
				s.i += n
				s.redirect(c)
				continue
			}
			if n := nameLen(s.src[s.i:]); clean && (n == 0 || s.i+n >= len(s.src) || s.src[s.i+n] != '=') {
				clean = false
				s.unset(before) // what stands before a program's name is set for that program alone
			}
			w := s.word()
			words++
			if c.words = append(c.words, w); clean {
				before = append(before, s.set(w))
			}
		}
	}
}

func digits(s []byte) int {
	n := 0
	for n < len(s) && s[n]-'0' < 10 {
		n++
	}
	return n
}

// redirect reads a redirection.
func (s *shell) redirect(c *command) {
	in := s.src[s.i] == '<'
	n := 1
	for s.i+n < len(s.src) && strings.IndexByte("<>&|", s.src[s.i+n]) >= 0 && n < 3 {
		n++
	}
	op := string(s.src[s.i : s.i+n])
	s.i += n
	if op == "<<" || op == "<<-" || op == "<<" && s.at("-") {
		tabs := s.at("-")
		if tabs {
			s.i++
		}
		c.stdin = s.announce(tabs)
		return
	}
	if (op == "<" || op == ">") && s.at("(") { // a process as a file
		start := s.i - 1
		s.i = s.bracketed(s.i+1, ')', 0)
		w := word{start: start, end: s.i}
		s.hole(&w, start)
		c.words = append(c.words, w)
		return
	}
	s.blank()
	w := s.word()
	switch {
	case op == "<<<":
		w.text = append(w.text, '\n')
		c.stdin = &w
	case op == ">":
		c.output = string(w.text)
	case in && op == "<":
		c.stdin = &word{start: w.start, end: w.end, broken: true}
		s.d.note(OtherFile, w.start, w.end, "what is read here stands in another file")
	}
}

// program returns the name of the program that a command calls, and its arguments.
func (c *command) program() (name string, args []word) {
	words := c.words
	for len(words) > 0 {
		text := string(words[0].text)
		n := strings.IndexByte(text, '=')
		switch {
		case n > 0 && nameLen(words[0].text) == n:
		case contains(wrappers, text):
			for len(words) > 1 && len(words[1].text) > 1 && bytes.HasPrefix(words[1].text, []byte("-")) {
				if words = words[1:]; (string(words[0].text) == "-u" || string(words[0].text) == "-g") && len(words) > 1 {
					words = words[1:] // sudo's, with a name
				}
			}
		case contains(launchers, text):
			for n, w := range words {
				if contains([]string{"curl", "wget", "http"}, string(w.text)) {
					return string(w.text), words[n+1:]
				}
			}
			return text, words[1:]
		default:
			return baseName(text), words[1:]
		}
		words = words[1:]
	}
	return "", nil
}

// input is what a command can read of which the same text tells.
type input struct {
	command *command
	files   map[string]*command
}

// file returns what stands in a file, and nil where the text does not say. A dash is the standard input.
func (in input) file(name string) *word {
	if name == "-" || name == "/dev/stdin" {
		return in.stdin()
	}
	if writer := in.files[name]; writer != nil {
		return writer.printed()
	}
	return nil
}

func (in input) stdin() *word {
	switch c := in.command; {
	case c == nil:
	case c.stdin != nil:
		return c.stdin
	case c.source != nil:
		return c.source.printed()
	}
	return nil
}

// printed returns what a command writes to its standard output, nil where only a shell knows.
func (c *command) printed() *word {
	switch name, args := c.program(); name {
	case "cat", "tee":
		if len(args) == 0 || string(args[0].text) == "-" {
			return c.stdin
		}
	case "echo", "printf":
		for len(args) > 0 && len(args[0].text) > 1 && args[0].text[0] == '-' && bytes.Trim(args[0].text[1:], "neE") == nil {
			args = args[1:]
		}
		if name == "printf" && len(args) > 1 && bytes.HasPrefix(args[0].text, []byte("%s")) {
			args = args[1:2]
		} else if len(args) == 0 || name == "printf" && bytes.ContainsAny(args[0].text, `%\`) {
			return nil
		}
		w := word{start: args[0].start, end: args[len(args)-1].end}
		for n, a := range args {
			if n > 0 {
				w.text = append(w.text, ' ')
			}
			w.add(a)
		}
		return &w
	case "jq":
		w, at := made(args, input{command: c}.stdin())
		if w == nil && at != nil { // which the filter is to blame for
			w = &word{start: at.start, end: at.end, unread: true}
		}
		return w
	case "base64":
		in := input{command: c}.stdin()
		if len(args) == 1 && contains([]string{"-d", "-D", "--decode"}, string(args[0].text)) && in != nil && len(in.holes) == 0 {
			if text, ok := fromBase64(bytes.TrimSpace(in.text)); ok {
				return &word{text: text, start: in.start, end: in.end}
			}
		}
	}
	return nil
}
