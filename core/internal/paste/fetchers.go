package paste

import (
	"bytes"
	"strings"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// readWget reads the arguments of wget.
func readWget(src []byte, args []word, in input, d *Draft) {
	list := arguments{words: args}
	for list.next() {
		if !strings.HasPrefix(list.text, "-") {
			if list.text != "" && d.URL == "" {
				d.address(src, list.word)
			}
			continue
		}
		name, from := list.option()
		switch name {
		case "--post-data", "--body-data":
			if d.Method == "" {
				d.Method = "POST"
			}
			d.take(src, list.value(from))
		case "--post-file", "--body-file":
			v := list.value(from)
			if d.Method == "" {
				d.Method = "POST"
			}
			if text := in.file(string(v.text)); text != nil {
				d.take(src, *text)
				break
			}
			d.note(OtherFile, v.start, v.end, "the body stands in another file")
		case "--method":
			d.Method = strings.ToUpper(string(list.value(from).text))
		case "--header":
			d.header(src, list.value(from))
		case "--http-password", "--password":
			v := list.value(from)
			d.secret(string(v.text), span{v.start, v.end}, len(v.holes) > 0)
		case "--http-user", "--user", "--output-document", "-O", "-o", "--output-file", "-U", "--user-agent", "-T", "--timeout", "-t",
			"--tries", "--ca-certificate", "-P", "-e", "-a":
			list.value(from)
		}
	}
}

// readHTTPie reads the arguments of HTTPie: [METHOD] URL [ITEM…].
func readHTTPie(src []byte, args []word, in input, d *Draft) {
	var fields writer
	given := 0
	list := arguments{words: args}
	for list.next() {
		w, text := list.word, list.text
		name, from := list.option()
		switch {
		case strings.HasPrefix(text, "-"):
			switch name {
			case "--raw":
				d.take(src, list.value(from))
			case "-a", "--auth":
				v := list.value(from)
				d.login(string(v.text), span{v.start, v.end}, len(v.holes) > 0)
			case "-f", "--form", "--multipart":
				d.note(Left, w.start, w.end, "the fields are sent as a form, want JSON")
			case "-A", "--auth-type", "-o", "--output", "-p", "--print", "-s", "--style", "--pretty", "--timeout", "--session", "--verify", "-P",
				"--proxy", "--cert", "--cert-key", "--ssl", "--default-scheme", "--max-redirects", "--response-charset", "--format-options":
				list.value(from)
			}
		case d.URL == "" && d.Method == "" && text != "" && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "":
			d.Method = text
		case d.URL == "":
			if strings.HasPrefix(text, ":") {
				w.text = append([]byte("http://localhost"), w.text...)
				if strings.HasPrefix(text, ":/") {
					w.text = append([]byte("http://localhost"), text[1:]...)
				}
				w.holes = nil
			}
			d.address(src, w)
		default:
			given += httpieItem(src, w, &fields, given, d)
		}
	}
	if given > 0 {
		fields.close('}')
		d.Body = fields.out
	} else if text := in.stdin(); text != nil && d.Body == nil {
		d.take(src, *text)
	}
	if d.Body != nil && d.Method == "" {
		d.Method = "POST"
	}
}

// httpieItem reads name=text, name:=JSON, Name:header and what else there is, and returns how many members it wrote.
func httpieItem(src []byte, w word, fields *writer, before int, d *Draft) int {
	at := bytes.IndexAny(w.text, "=:@")
	if at <= 0 {
		return 0
	}
	name := string(w.text[:at])
	rest := w.text[at:]
	if strings.ContainsAny(name, "[]") && rest[0] != '@' {
		d.note(Unreadable, w.start, w.end, "fields within fields are not read")
		return 0
	}
	begin := func() {
		if before == 0 {
			fields.open('{')
		}
		fields.key(name)
	}
	switch {
	case bytes.HasPrefix(rest, []byte("=@")), bytes.HasPrefix(rest, []byte(":=@")), rest[0] == '@':
		d.note(OtherFile, w.start, w.end, "this value stands in another file")
	case bytes.HasPrefix(rest, []byte("==")):
		d.note(Left, w.start, w.end, "this is a part of the address")
	case bytes.HasPrefix(rest, []byte(":=")):
		v := w.cut(at + 2)
		var t jsontape.Tape
		if !t.Scan(v.text, jsontape.Limits{}.WithDefaults()) {
			d.note(Unreadable, w.start, w.end, "the value of this field is no JSON")
			return 0
		}
		begin()
		fields.token(string(bytes.TrimSpace(v.text)))
		d.unknown(src, v, "the body")
		return 1
	case rest[0] == '=':
		v := w.cut(at + 1)
		begin()
		fields.text(string(v.text))
		d.unknown(src, v, "the body")
		return 1
	default:
		d.header(src, w)
	}
	return 0
}
