package main

import (
	"bytes"
	"path"
	"strings"
)

// senders are the commands that send requests.
var senders = map[string]bool{"curl": true, "wget": true, "http": true, "https": true, "xh": true, "xhs": true}

// leading are words behind which a command may begin: reserved words, prompts, and commands that run another one or set
// variables.
var leading = map[string]bool{
	"if": true, "then": true, "else": true, "elif": true, "while": true, "until": true, "do": true, "!": true, "{": true,
	"time": true, "exec": true, "sudo": true, "env": true, "command": true, "nohup": true, "$": true, "%": true, "#": true, ">": true,
	"export": true, "local": true, "readonly": true, "declare": true, "typeset": true,
}

// findInShell finds the commands of a script, or of what was copied from a terminal, that send requests. Each is read
// together with the assignments before it.
func findInShell(p piece) (found []request) {
	s := shellScan{text: p.text, frames: []shellFrame{{start: -1}}}
	s.scan()
	for _, sends := range s.sends[:min(len(s.sends), mostRequests)] {
		if len(p.text) > mostContext {
			found = append(found, findImported(p.cut(sends.start, sends.end))...)
			continue
		}
		var keep []span
		for _, set := range s.sets {
			if set.end <= sends.start && !overlaps(set, s.sends) {
				keep = append(keep, set)
			}
		}
		if r, ok := importedPart(p, masked(p.text[:sends.end], append(keep, sends)...), sends, false); ok {
			found = append(found, r)
		}
	}
	if len(s.sends) > mostRequests {
		found = append(found, passedOver(p, s.sends[mostRequests].start))
	}
	return found
}

func overlaps(s span, others []span) bool {
	for _, o := range others {
		if s.start < o.end && o.start < s.end {
			return true
		}
	}
	return false
}

// shellScan finds where pipelines begin and end (POSIX, Shell Command Language, 2.9). It only has to know quotes,
// substitutions and here-documents; what a command means is for whoever imports it.
type shellScan struct {
	text   []byte
	frames []shellFrame // substitutions within each other
	here   []string     // marks of here-documents announced on this line
	sends  []span       // pipelines that send requests
	sets   []span       // those that are nothing but assignments
}

// shellFrame is a script or a substitution in one.
type shellFrame struct {
	start   int  // of the pipeline, -1 before its first word
	closing byte // what ends it, 0 for the end of the text
	quoted  bool // a double quote is open
	begun   bool // the command's name has been read
	sends   bool
	piped   bool // the line ends in a pipe
}

func (s *shellScan) top() *shellFrame { return &s.frames[len(s.frames)-1] }

// end ends the pipeline at i.
func (s *shellScan) end(i int) {
	f := s.top()
	switch {
	case f.start < 0:
	case f.sends:
		s.sends = append(s.sends, span{f.start, i})
	case !f.begun:
		s.sets = append(s.sets, span{f.start, i})
	}
	*f = shellFrame{start: -1, closing: f.closing, quoted: f.quoted}
}

func (s *shellScan) scan() {
	i := 0
	for i < len(s.text) {
		i = max(s.step(i), i+1) // what fits nowhere, such as a parenthesis too many, is passed over
	}
	for len(s.frames) > 0 {
		s.end(len(s.text))
		s.frames = s.frames[:len(s.frames)-1]
	}
}

// step reads what stands at i and returns where to go on.
func (s *shellScan) step(i int) int {
	f := s.top()
	c := s.text[i]
	if !f.quoted {
		switch c {
		case ' ', '\t', '\r':
			return i + 1
		case '\n':
			return s.newline(i)
		case '#':
			return i + len(s.line(i))
		case ';', '&':
			s.end(i)
			return i + 1
		case '|':
			if i+1 < len(s.text) && s.text[i+1] == '|' {
				s.end(i)
				return i + 2
			}
			f.begun, f.piped = false, true
			return i + 1
		case '(':
			s.push(')')
			return i + 1
		case '<':
			return s.redirection(i)
		}
	}
	if f.closing != 0 && c == f.closing && !f.quoted {
		s.end(i)
		s.frames = s.frames[:len(s.frames)-1]
		return i + 1
	}
	if f.quoted {
		return s.inWord(i)
	}
	return s.word(i)
}

func (s *shellScan) push(closing byte) {
	if len(s.frames) < 100 {
		s.frames = append(s.frames, shellFrame{start: -1, closing: closing})
	}
}

// word begins a word at i, which has no blank there.
func (s *shellScan) word(i int) int {
	f := s.top()
	end := i
	for end < len(s.text) && !strings.ContainsRune(" \t\r\n;&|()<>'\"`\\$", rune(s.text[end])) {
		end++
	}
	if end == i && s.text[i] == '$' && i+1 < len(s.text) && s.text[i+1] == ' ' {
		return i + 1 // a prompt
	}
	word := string(s.text[i:end])
	name, _, assigns := strings.Cut(word, "=")
	switch assigns = assigns && name != "" && !strings.ContainsAny(name, "-/.:{"); {
	case f.begun:
	case leading[word] && !assigns:
		return end
	case assigns:
		if f.start < 0 {
			f.start = i
		}
	default:
		if f.start < 0 {
			f.start = i
		}
		f.begun, f.piped = true, false
		f.sends = f.sends || senders[path.Base(strings.TrimPrefix(word, "!"))]
	}
	i = end
	for i < len(s.text) && len(s.frames) > 0 && !f.quoted && !strings.ContainsRune(" \t\r\n;&|()<>", rune(s.text[i])) {
		before := len(s.frames)
		if f.closing != 0 && s.text[i] == f.closing {
			return i
		}
		if i = s.inWord(i); len(s.frames) != before {
			return i
		}
	}
	return i
}

// inWord reads a character of a word, or a whole quoted text.
func (s *shellScan) inWord(i int) int {
	f := s.top()
	switch c := s.text[i]; {
	case c == '\\':
		return min(i+2, len(s.text))
	case c == '"':
		f.quoted = !f.quoted
	case c == '\'' && !f.quoted:
		if n := bytes.IndexByte(s.text[i+1:], '\''); n >= 0 {
			return i + n + 2
		}
		return len(s.text)
	case c == '`' && f.closing != '`':
		s.push('`')
	case c == '$' && i+1 < len(s.text) && s.text[i+1] == '(':
		s.push(')')
		return i + 2
	}
	return i + 1
}

// redirection reads < and what announces a here-document.
func (s *shellScan) redirection(i int) int {
	end := i + s.run(i, "<")
	if end-i != 2 {
		return end
	}
	end += s.run(end, "<-")
	start := i + 2
	if start < len(s.text) && s.text[start] == '-' {
		start++
	}
	start += s.run(start, " \t")
	stop := start
	for stop < len(s.text) && strings.IndexByte(" \t\r\n;&|()<>", s.text[stop]) < 0 {
		stop++
	}
	if word := hereQuotes.Replace(string(s.text[start:stop])); word != "" {
		s.here = append(s.here, word)
		end = stop
	}
	return end
}

var hereQuotes = strings.NewReplacer("'", "", `"`, "", `\`, "")

// run returns how many bytes at i are among those of a set.
func (s *shellScan) run(i int, set string) int {
	n := 0
	for i+n < len(s.text) && strings.IndexByte(set, s.text[i+n]) >= 0 {
		n++
	}
	return n
}

// line returns the rest of the line at i, without its end.
func (s *shellScan) line(i int) []byte {
	if n := bytes.IndexByte(s.text[i:], '\n'); n >= 0 {
		return s.text[i : i+n]
	}
	return s.text[i:]
}

// newline reads a line break and the here-documents behind it.
func (s *shellScan) newline(i int) int {
	next := i + 1
	for _, mark := range s.here {
		for next < len(s.text) {
			line := s.line(next)
			next = min(next+len(line)+1, len(s.text))
			if strings.TrimRight(strings.TrimLeft(string(line), "\t"), "\r") == mark {
				break
			}
		}
	}
	if len(s.here) > 0 {
		i = next
	}
	s.here = nil
	if !s.top().piped || s.top().begun {
		s.end(i)
	}
	return next
}
