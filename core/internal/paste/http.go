package paste

import (
	"bytes"
	"strings"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/utf"
)

// methods are those that a request line may start with.
var methods = strings.Fields("POST GET PUT PATCH DELETE HEAD OPTIONS QUERY")

// requestLine splits "POST target HTTP/1.1" and reports whether a line is one.
func requestLine(line []byte) (method, target string, ok bool) {
	fields := bytes.Fields(line[:min(len(line), 4<<10)])
	if len(fields) < 2 || len(fields) > 3 {
		return "", "", false
	}
	method, target = string(fields[0]), string(fields[1])
	if !contains(methods, method) || len(fields) == 3 && !bytes.HasPrefix(fields[2], []byte("HTTP/")) {
		return "", "", false
	}
	return method, target, strings.HasPrefix(target, "/") || strings.HasPrefix(target, "{{") || strings.Contains(target, "://") ||
		len(fields) == 3 || strings.Contains(target, "/v1/")
}

// looksHTTP tells whether a request line stands before anything but comments, blank lines and variables.
func looksHTTP(src []byte) bool {
	for i := 0; i < len(src); i = lineEnd(src, i) {
		line := bytes.TrimSpace(src[i:lineEnd(src, i)])
		switch {
		case len(line) == 0 || line[0] == '#' || utf.HasPrefix(line, "//") || line[0] == '@' || line[0] == ':':
			if utf.HasPrefix(line, ":method:") {
				return true
			}
		default:
			_, _, ok := requestLine(line)
			return ok
		}
	}
	return false
}

// readHTTP reads requests as they are on a connection (RFC 9112), and in files of editors that send them: with variables,
// and ### between them.
func readHTTP(src []byte, d *Draft) bool {
	vars := map[string]string{}
	var starts []int // of the requests
	open := true
	for i := 0; i < len(src); i = lineEnd(src, i) {
		line := bytes.TrimSpace(src[i:lineEnd(src, i)])
		switch {
		case utf.HasPrefix(line, "###"):
			open = true
		case !open || len(line) == 0:
		case line[0] == '@':
			if name, value, ok := strings.Cut(string(line[1:]), "="); ok {
				w := template([]byte(strings.TrimSpace(value)), place{}, vars)
				if len(w.holes) == 0 {
					vars[strings.TrimSpace(name)] = string(w.text)
				}
			}
		case line[0] == '#' || utf.HasPrefix(line, "//"):
		default:
			if open = false; len(starts) < mostWords {
				starts = append(starts, i)
			}
		}
	}
	return d.choose(len(starts), func(n int, d *Draft) {
		h := httpText{src: src, d: d, vars: vars, i: starts[n]}
		h.read()
	})
}

// httpText is one request as a text.
type httpText struct {
	src  []byte
	d    *Draft
	vars map[string]string
	i    int
	// chunked: the body comes in pieces, each with its length before it.
	chunked bool
}

func (h *httpText) line() (start, end int) {
	start = h.i
	h.i = lineEnd(h.src, start)
	end = h.i
	for end > start && utf.IsBreak(h.src[end-1]) {
		end--
	}
	return start, end
}

func (h *httpText) template(start, end int) word {
	return template(h.src[start:end], place{start, end, true}, h.vars)
}

func (h *httpText) read() {
	src := h.src
	var url word
	host, scheme := "", ""
	if src[h.i] != ':' { // else a list of HTTP/2 headers
		start, end := h.line()
		line := src[start:end]
		blank := len(line) - len(bytes.TrimLeft(line, " \t"))
		var target string
		h.d.Method, target, _ = requestLine(line)
		if h.d.Method == "" {
			h.d.note(Unreadable, start, end, "no request line")
			return
		}
		at := start + blank + len(h.d.Method) + bytes.Index(line[blank+len(h.d.Method):], []byte(target))
		url = h.template(at, at+len(target))
		for h.i < len(src) && (src[h.i] == ' ' || src[h.i] == '\t') { // the rest of a long address
			start, end = h.line()
			part := bytes.TrimSpace(src[start:end])
			if len(part) == 0 {
				break
			}
			if part[0] != '?' && part[0] != '&' {
				h.i = start
				break
			}
			url.add(template(part, place{start, end, false}, h.vars))
		}
	}
	for h.i < len(src) {
		start, end := h.line()
		line := bytes.TrimSpace(src[start:end])
		if len(line) == 0 || utf.HasPrefix(line, "###") {
			break
		}
		if line[0] == '{' { // the blank line is missing, as in documentation
			h.i = start
			break
		}
		if line[0] == '#' || utf.HasPrefix(line, "//") {
			continue
		}
		name, value, _ := strings.Cut(strings.TrimLeft(string(line), ":"), ":")
		switch lower := strings.ToLower(strings.TrimSpace(name)); {
		case lower == "host" || lower == "authority" && line[0] == ':':
			host = strings.TrimSpace(value)
		case line[0] == ':' && lower == "method":
			h.d.Method = strings.TrimSpace(value)
		case line[0] == ':' && lower == "scheme":
			scheme = strings.TrimSpace(value) + "://"
		case line[0] == ':' && lower == "path":
			url.text = append(url.text, strings.TrimSpace(value)...)
			url.start, url.end = start, end
		case lower == "transfer-encoding" && strings.HasSuffix(strings.ToLower(strings.TrimSpace(value)), "chunked"):
			h.chunked = true
		case lower == "content-encoding" && strings.TrimSpace(value) != "" && !strings.EqualFold(strings.TrimSpace(value), "identity"):
			h.d.note(Unreadable, start, end, "a body in this encoding cannot be read")
		default:
			h.d.header(src, h.template(start, end))
		}
	}
	if host != "" && bytes.HasPrefix(url.text, []byte("/")) {
		before := template([]byte(scheme+host), place{url.start, url.end, false}, h.vars)
		before.start, before.end = url.start, url.end
		before.add(url)
		url = before
	}
	h.d.address(src, url)
	h.body()
}

// body reads what follows the headers, up to the next request.
func (h *httpText) body() {
	start := h.i
	if h.chunked {
		if i := jsontape.SkipSpace(h.src, start); i < len(h.src) && h.src[i] != '{' { // else a program shows it in one piece
			h.pieces(i)
			return
		}
	}
	end := start
	for h.i < len(h.src) {
		from, to := h.line()
		line := bytes.TrimSpace(h.src[from:to])
		if utf.HasPrefix(line, "###") || utf.HasPrefix(line, "> {%") || utf.HasPrefix(line, "<> ") || utf.HasPrefix(line, "HTTP/1.") || utf.HasPrefix(line, "HTTP/2") {
			break
		}
		end = h.i
	}
	text := bytes.TrimSpace(h.src[start:end])
	if bytes.HasPrefix(text, []byte("< ")) || bytes.HasPrefix(text, []byte("<@ ")) {
		at := start + bytes.IndexByte(h.src[start:end], '<')
		h.d.note(OtherFile, at, at+len(text), "the body stands in another file")
		return
	}
	h.d.take(h.src, h.template(start, end))
}

// pieces reads the chunks at i (RFC 9112, 7.1): a length in hexadecimal digits on a line of its own, and so many bytes.
// Where a text passed through a program that makes one character of a line break, the lengths are those of two.
func (h *httpText) pieces(i int) {
	w := word{start: i}
	for {
		start := i
		length := 0
		for i < len(h.src) && length < len(h.src) && jsontape.HexDigit(h.src[i]) >= 0 {
			length = length<<4 | int(jsontape.HexDigit(h.src[i]))
			i++
		}
		if i == start || i < len(h.src) && h.src[i] != ';' && h.src[i] > ' ' {
			h.d.note(Unreadable, start, min(start+1, len(h.src)), "here the length of a chunk is missing")
			return
		}
		i = lineEnd(h.src, i) // and what a program adds to the length
		if length == 0 {
			break
		}
		end := h.pieceEnd(i, length)
		if end < 0 {
			h.d.note(Unreadable, start, lineEnd(h.src, start), "this is not the length of the chunk behind it")
			return
		}
		w.text = append(w.text, h.src[i:end]...)
		i = end + utf.BreakLen(h.src[end:])
	}
	w.end = i
	h.d.take(h.src, w)
}

// pieceEnd returns where a chunk of a length ends, -1 where that is not clear. Each line break may have been two bytes.
func (h *httpText) pieceEnd(i, length int) int {
	plain, joined := i+length, i
	for n := 0; n < length && joined < len(h.src); n++ {
		if h.src[joined] == '\n' && (joined == 0 || h.src[joined-1] != '\r') {
			n++
		}
		joined++
	}
	fits := func(end int) bool { // the length of the next one follows
		if end >= len(h.src) {
			return false
		}
		n := utf.BreakLen(h.src[end:])
		return n > 0 && end+n < len(h.src) && jsontape.HexDigit(h.src[end+n]) >= 0
	}
	switch {
	case fits(plain) && (plain == joined || !fits(joined)):
		return plain
	case fits(joined) && !fits(plain):
		return joined
	}
	return -1
}
