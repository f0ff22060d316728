package serve

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// Site is web/dist in memory: a few megabytes, read once.
type Site map[string]*staticFile // by path, such as "/index.html"

type staticFile struct {
	contentType  string
	cacheControl string
	etag         string            // without quotes and without the encoding
	encodings    map[string][]byte // "identity" and, where precompressed, "br" and "gzip"
}

// contentTypes is our own table: the machine's (mime.TypeByExtension) differs from one system to the next, and a wrong
// type for .wasm costs streaming compilation, for .js it stops the page.
var contentTypes = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".json": "application/json",
	".map":  "application/json",
	".png":  "image/png",
	".svg":  "image/svg+xml",
	".txt":  "text/plain; charset=utf-8",
	".wasm": "application/wasm",
}

// ContentType returns the type of a file of the page by its name; "" for a kind that no page has.
func ContentType(name string) string { return contentTypes[path.Ext(name)] }

var hashed = regexp.MustCompile(`-[A-Z2-7]{8}\.`)

// NewSite arranges built files, by name, for serving. transform, if not nil, may change the text of index.html.
func NewSite(files map[string][]byte, transform func(html string) string) (Site, error) {
	out := Site{}
	for name, data := range files {
		if ext := path.Ext(name); ext == ".br" || ext == ".gz" {
			continue
		}
		f := &staticFile{
			contentType:  ContentType(name),
			cacheControl: CacheControl(name),
			etag:         tag(data),
			encodings:    map[string][]byte{"identity": data},
		}
		if f.contentType == "" {
			return nil, fmt.Errorf("web/dist/%s: no content type is known for %q", name, path.Ext(name))
		}
		for encoding, suffix := range map[string]string{"br": ".br", "gzip": ".gz"} {
			if packed, ok := files[name+suffix]; ok && len(packed) < len(data) {
				f.encodings[encoding] = packed
			}
		}
		out["/"+name] = f
	}
	index, ok := out["/index.html"]
	if !ok {
		return nil, errors.New("web/dist has no index.html; \"make build\" makes it")
	}
	if transform != nil {
		// The precompressed copies hold the old text; the page is a few kilobytes, so it goes out as it is.
		text := []byte(transform(string(index.encodings["identity"])))
		index.encodings = map[string][]byte{"identity": text}
		index.etag = tag(text)
	}
	out["/"] = index
	return out, nil
}

// CacheControl lets a browser keep what has a hash of its contents in its name, and ask each time for what has none.
func CacheControl(name string) string {
	if hashed.MatchString(name) {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}

func tag(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

func (s Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := s[r.URL.Path]
	if !ok {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	encoding := negotiate(r.Header.Values("Accept-Encoding"), f.encodings)
	body := f.encodings[encoding]
	etag := `"` + f.etag + `"`
	if encoding != "identity" {
		etag = `"` + f.etag + "-" + encoding + `"`
		w.Header().Set("Content-Encoding", encoding)
	}
	w.Header().Add("Vary", "Accept-Encoding")
	w.Header().Set("Cache-Control", f.cacheControl)
	w.Header().Set("ETag", etag)
	if matches(r.Header.Values("If-None-Match"), etag) {
		w.Header().Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", f.contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the client has gone; there is nobody to tell
	}
}

// negotiate picks the best stored encoding by RFC 9110, section 12.5.3: the highest weight, and of equal weights the
// smaller one (br, gzip, identity). A header that allows nothing we have gets identity all the same.
func negotiate(header []string, have map[string][]byte) string {
	weights := map[string]float64{}
	for part := range strings.SplitSeq(strings.Join(header, ","), ",") {
		name, parameters, _ := strings.Cut(part, ";")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.TrimSpace(parameters), "q="); ok {
			var err error
			if weight, err = strconv.ParseFloat(q, 64); err != nil {
				weight = 0
			}
		}
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
			weights[name] = weight
		}
	}
	best, most := "identity", 0.0
	for _, encoding := range []string{"br", "gzip", "identity"} {
		weight, named := weights[encoding]
		if !named {
			weight = weights["*"]
		}
		if _, ok := have[encoding]; ok && weight > most {
			best, most = encoding, weight
		}
	}
	return best
}

// matches compares weakly, as If-None-Match wants it (RFC 9110, section 13.1.2).
func matches(header []string, etag string) bool {
	for candidate := range strings.SplitSeq(strings.Join(header, ","), ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == etag || candidate == "*" {
			return true
		}
	}
	return false
}

// markGateway tells the page that /v1 on its own origin leads to host, by an attribute of its element.
func markGateway(page, host string) string {
	return strings.Replace(page, "<completion-playground", `<completion-playground gateway="`+html.EscapeString(host)+`"`, 1)
}
