package paste

import (
	"bytes"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// valued are the long options of curl that take an argument and say nothing about the request itself (curl.1).
var valued = " " + strings.Join(strings.Fields(`abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config
	connect-timeout connect-to continue-at cookie-jar create-file-mode crlfile curves delegation dns-interface dns-ipv4-addr
	dns-ipv6-addr dns-servers doh-url dump-header ech egd-file engine etag-compare etag-save expect100-timeout ftp-account
	ftp-alternative-to-user ftp-method ftp-port ftp-ssl-ccc-mode happy-eyeballs-timeout-ms haproxy-clientip hostpubmd5
	hostpubsha256 hsts interface ip-tos ipfs-gateway keepalive-cnt keepalive-time key key-type krb libcurl limit-rate local-port
	login-options mail-auth mail-from mail-rcpt max-filesize max-redirs max-time netrc-file noproxy output output-dir
	parallel-max parallel-max-host pass pinnedpubkey preproxy proto proto-default proto-redir proxy proxy-cacert proxy-capath
	proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile proxy-header proxy-key proxy-key-type proxy-pass proxy-pinnedpubkey
	proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype proxy-tlspassword proxy-tlsuser proxy-user proxy1.0 pubkey quote
	random-file range rate referer request-target resolve retry retry-delay retry-max-time sasl-authzid service-name sigalgs
	socks4 socks4a socks5 socks5-gssapi-service socks5-hostname speed-limit speed-time stderr telnet-option tftp-blksize
	time-cond tls-max tls13-ciphers tlsauthtype tlspassword tlsuser trace trace-ascii trace-config unix-socket user-agent
	variable vlan-priority write-out`), " ") + " "

// shorts are the long names of curl's short options that take an argument.
var shorts = map[byte]string{
	'A': "user-agent", 'b': "cookie", 'c': "cookie-jar", 'C': "continue-at", 'd': "data", 'D': "dump-header", 'e': "referer",
	'E': "cert", 'F': "form", 'H': "header", 'K': "config", 'm': "max-time", 'o': "output", 'P': "ftp-port", 'Q': "quote",
	'r': "range", 't': "telnet-option", 'T': "upload-file", 'u': "user", 'U': "proxy-user", 'w': "write-out", 'x': "proxy",
	'X': "request", 'y': "speed-time", 'Y': "speed-limit", 'z': "time-cond",
}

// curl reads the arguments of curl.
type curl struct {
	src   []byte
	d     *Draft
	in    input
	data  word
	found bool // there is data, perhaps none that can be read
	urls  int
	torn  bool // a quote within the data ended it
	over  bool // what follows are pieces of the data
}

// readArguments reads all arguments. A call has one request, up to --next.
func (c *curl) readArguments(args []word) {
	list := arguments{words: args}
	for !c.over && list.next() {
		w, text := list.word, list.text
		c.torn = c.torn || w.broken
		switch {
		case text == "--next" || text == "-:":
			c.d.note(Left, w.start, w.end, "what follows is another request")
			list.words = nil
		case strings.HasPrefix(text, "--"):
			name, _, given := strings.Cut(text[2:], "=")
			from := 0
			if given {
				from = len(name) + 3
			}
			if known(name) || strings.Contains(valued, " "+name+" ") {
				c.option(name, list.value(from))
			} else if name == "get" {
				c.d.note(Left, w.start, w.end, "--get puts the data into the address")
			}
		case len(text) > 1 && text[0] == '-':
			c.short(&list)
		case strings.TrimSpace(text) == "":
		default:
			c.url(w)
		}
	}
	if c.over && c.d.Method == "" {
		c.d.Method = "POST"
	}
	if c.found && !c.over {
		if c.d.Method == "" {
			c.d.Method = "POST"
		}
		if text := bytes.TrimSpace(c.data.text); bytes.HasPrefix(text, []byte("\u2018")) || bytes.HasPrefix(text, []byte("\u201c")) {
			c.torn = true
			c.d.note(Unreadable, c.data.start, c.data.end, "typographic quotes quote nothing here")
		}
		if c.d.take(c.src, c.data); c.torn && !isJSON(c.d.Body) {
			c.d.Body = nil // what is left of it is not what was meant
		}
	}
}

func isJSON(text []byte) bool {
	var t jsontape.Tape
	return t.Scan(text, jsontape.Limits{}.WithDefaults())
}

// short reads options of one letter, of which several may share a dash. The value of the last may follow at once.
func (c *curl) short(list *arguments) {
	for k := 1; k < len(list.text); k++ {
		switch long := shorts[list.text[k]]; {
		case long != "":
			from := k + 1
			if long == "request" && strings.HasPrefix(list.text[from:], "=") {
				from++
			}
			if from >= len(list.text) {
				from = 0
			}
			c.option(long, list.value(from))
			return
		case list.text[k] == 'G':
			c.d.note(Left, list.word.start, list.word.end, "-G puts the data into the address")
		}
	}
}

// arguments goes through the arguments of a program.
type arguments struct {
	words []word // those that follow
	word  word
	text  string // of the word
}

func (a *arguments) next() bool {
	if len(a.words) == 0 {
		return false
	}
	a.word, a.words = a.words[0], a.words[1:]
	a.text = string(a.word.text)
	return true
}

// value returns the value of the option at hand: what its word holds from a place on, or the next word where that is 0.
func (a *arguments) value(from int) word {
	switch {
	case from > 0:
		return a.word.cut(from)
	case len(a.words) == 0:
		return word{start: a.word.end, end: a.word.end}
	}
	w := a.words[0]
	a.words = a.words[1:]
	return w
}

// option splits --name=value and returns the name, and where the value starts; 0 without one.
func (a *arguments) option() (name string, from int) {
	name, _, given := strings.Cut(a.text, "=")
	if given {
		from = len(name) + 1
	}
	return name, from
}

// cut returns a word without its first bytes.
//
//go:noinline
func (w word) cut(n int) word {
	holes := w.holes
	w.holes = nil
	for _, h := range holes {
		if h.at >= n {
			w.holes = append(w.holes, h.moved(-n))
		}
	}
	w.text = w.text[n:]
	return w
}

func known(name string) bool {
	switch name {
	case "url", "request", "header", "user", "oauth2-bearer", "cookie", "form", "form-string", "upload-file", "url-query", "json",
		"data", "data-ascii", "data-binary", "data-raw", "data-urlencode":
		return true
	}
	return false
}

func (c *curl) url(w word) {
	switch c.urls++; {
	case c.urls == 1 && !bytes.ContainsAny(w.text, `"{}`+"\n"), c.urls == 1 && bytes.Contains(w.text, []byte("{{")):
		c.d.address(c.src, w)
	case bytes.ContainsAny(w.text, `"{}`):
		c.urls--
		c.torn = true
		c.d.note(Unreadable, w.start, w.end, "this stands outside of the quotes: one within the text before it ends it")
	default:
		c.d.note(Left, w.start, w.end, "this is one address more")
	}
}

func (c *curl) option(name string, w word) {
	c.torn = c.torn || w.broken
	switch name {
	case "url":
		c.url(w)
	case "request":
		c.d.Method = strings.ToUpper(string(w.text))
	case "header":
		if bytes.HasPrefix(w.text, []byte("@")) {
			c.d.note(OtherFile, w.start, w.end, "the headers stand in another file")
			return
		}
		c.d.header(c.src, w)
	case "user":
		c.d.login(string(w.text), span{w.start, w.end}, len(w.holes) > 0)
	case "oauth2-bearer":
		c.d.secret(string(w.text), span{w.start, w.end}, len(w.holes) > 0)
	case "cookie":
		c.d.cookies(string(w.text), span{w.start, w.end})
	case "form", "form-string":
		c.d.note(Left, w.start, w.end, "this is a part of a form, want JSON")
	case "upload-file":
		c.d.note(OtherFile, w.start, w.end, "what is sent stands in another file")
	case "data-urlencode", "url-query":
		c.d.note(Left, w.start, w.end, "this is a field of a form, want JSON")
	case "data", "data-ascii", "data-binary", "json":
		if bytes.HasPrefix(w.text, []byte("@")) {
			c.file(w, name)
			return
		}
		fallthrough
	case "data-raw":
		if c.over = c.logged(w); !c.over {
			c.add(w, name)
		}
	}
}

// logged takes over data that a program in Python wrote into its log as a command, without a thought for a shell's quotes:
// -d '{'model': 'm'}'. A shell makes words of it that nobody meant.
func (c *curl) logged(w word) bool {
	start := w.start + 1
	if s := c.src[w.start:]; !bytes.HasPrefix(s, []byte("'{'")) || len(s) < 4 || !isLetter(s[3]) {
		return false
	}
	end := objectEnd(c.src, start)
	if end < 0 || end == len(c.src) || c.src[end] != '\'' || !c.d.printed(c.src, start, end) {
		return false
	}
	c.d.Notes = slices.DeleteFunc(c.d.Notes, func(n Note) bool { return n.Code == Unreadable && n.Start > start && n.Start <= end })
	return true
}

// file reads @file, which can only be read where it is standard input.
func (c *curl) file(w word, name string) {
	file := string(w.text[1:])
	if text := c.in.file(file); text != nil {
		c.add(*text, name)
		return
	}
	c.found = true
	what := "the body stands in another file"
	if file == "-" {
		what = "the body comes from another program"
	}
	c.data.broken = true
	c.d.note(OtherFile, w.start, w.end, what)
}

// add appends data: what several options give is joined by &, except for --json.
func (c *curl) add(w word, name string) {
	if !c.found {
		c.data, c.found = w, true
		return
	}
	if name != "json" {
		c.data.text = append(c.data.text, '&')
	}
	c.data.add(w)
	c.data.end = w.end
}
