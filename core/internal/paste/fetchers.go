package paste

import (
	"strings"
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
