package core

import (
	"bytes"
	"strconv"
	"strings"
)

// longestArgument keeps a body well under the 128 KiB that Linux allows one argument of a program.
const longestArgument = 96 << 10

// Curl returns the request as a command for a POSIX shell, one option a line. The key is never in it; it stands as
// $API_KEY for the shell to fill in, and the value of an own header such as "api-key" as $HEADER_API_KEY. The body passes byte for byte, except that a NUL, which no command line can carry,
// is left out, and that a body too long for an argument stands in a here-document, which ends it with a line break.
func Curl(r HTTPRequest) string {
	const next = " \\\n  "
	var b strings.Builder
	b.WriteString("curl ")
	if r.Stream {
		b.WriteString("-N ") // print each event as it comes
	}
	b.WriteString(quoteShell(r.URL))
	for _, h := range r.SecretHeaders() {
		b.WriteString(next + `-H "` + h.Name + ": " + h.Prefix + "$" + h.Variable + `"`)
	}
	r.key, r.own = Secret{}, nil
	for name, value := range r.Headers() {
		b.WriteString(next + "-H " + quoteShell(name+": "+value))
	}
	body := string(bytes.ReplaceAll(r.Body, []byte{0}, nil))
	if len(body) > longestArgument {
		mark := endMark(body)
		b.WriteString(next + "--data-binary @- <<'" + mark + "'\n" + body + "\n" + mark + "\n")
		return b.String()
	}
	option := "--data-binary "
	if strings.HasPrefix(body, "@") {
		option = "--data-raw " // the other one would read the file of that name
	}
	b.WriteString(next + option + quoteShell(body) + "\n")
	return b.String()
}

// quoteShell returns s as one word of a POSIX shell. Within single quotes everything but the quote itself is literal.
func quoteShell(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// endMark returns a word that does not occur in the body.
func endMark(body string) string {
	mark := "END_OF_BODY"
	for n := 2; strings.Contains(body, mark); n++ {
		mark = "END_OF_BODY_" + strconv.Itoa(n)
	}
	return mark
}
