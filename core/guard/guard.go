package guard

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/completion-playground/playground/core"
)

// DefaultPath is the path that a Guard without Paths checks.
const DefaultPath = "/v1/completions"

// Guard says what is checked. The zero Guard checks DefaultPath as core.Check does. Its fields must not change once it is
// in use; it is then safe for concurrent use.
type Guard struct {
	// Validator knows the server behind, and has the limits; nil stands for core.Default().
	Validator *core.Validator
	// Paths are those that take completion requests; nil means DefaultPath. A path is compared without "//", "/." and a
	// slash at its end, and in any case, as there are servers that do not care either. Requests for other paths pass as they are.
	Paths []string
	// Refused, if not nil, is told of each request that is refused for its issues, before the answer is written. The report
	// repeats words of the request; its LogValue does not.
	Refused func(*http.Request, core.Report)
}

// Handler returns a handler that checks what goes to next.
func (g *Guard) Handler(next http.Handler) http.Handler {
	paths := []string{DefaultPath}
	if g.Paths != nil {
		paths = nil
		for _, p := range g.Paths {
			paths = append(paths, path.Clean("/"+p))
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to := path.Clean("/" + r.URL.Path)
		if !slices.ContainsFunc(paths, func(p string) bool { return strings.EqualFold(p, to) }) {
			next.ServeHTTP(w, r)
			return
		}
		switch r.Method {
		case http.MethodPost:
			g.check(w, r, next)
		case http.MethodGet, http.MethodHead, http.MethodOptions: // a preflight, and what asks for no completion
			next.ServeHTTP(w, r)
		default:
			w.Header().Set("Allow", "GET, HEAD, OPTIONS, POST")
			refuse(w, http.StatusMethodNotAllowed, problem{Message: "a completion is asked for by POST", Code: "method-not-allowed"}, nil)
		}
	})
}

// check reads a request, and passes it on or refuses it.
func (g *Guard) check(w http.ResponseWriter, r *http.Request, next http.Handler) {
	text, fault := read(w, r, g.Validator.Limits().Bytes)
	if fault != nil {
		if fault.status == http.StatusUnsupportedMediaType {
			w.Header().Set("Accept-Encoding", "gzip")
		}
		refuse(w, fault.status, fault.problem, nil)
		return
	}
	body, report := g.Validator.Canonicalize(text)
	if err := report.Err(); err != nil {
		if g.Refused != nil {
			g.Refused(r, report)
		}
		refuseReport(w, report, err)
		return
	}
	next.ServeHTTP(w, passedOn(r, body, report))
}

// passedOn returns r with another body, and with nothing that is said of the old one.
func passedOn(r *http.Request, body []byte, report core.Report) *http.Request {
	r = r.WithContext(context.WithValue(r.Context(), reportKey{}, report))
	r.Header = r.Header.Clone()
	for _, name := range []string{"Content-Encoding", "Content-Digest", "Content-Md5", "Digest", "Repr-Digest", "Trailer", "Transfer-Encoding"} {
		r.Header.Del(name)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	r.ContentLength, r.TransferEncoding, r.Trailer = int64(len(body)), nil, nil
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	return r
}

type reportKey struct{}

// FromContext returns the report on the request that a handler behind the guard gets, with the typed request and whatever
// warnings and hints there were, and false where the request was not checked.
func FromContext(ctx context.Context) (core.Report, bool) {
	report, ok := ctx.Value(reportKey{}).(core.Report)
	return report, ok
}
