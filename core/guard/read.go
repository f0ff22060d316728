package guard

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
)

// fault is why a body cannot be checked.
type fault struct {
	problem
	status int
}

func failed(status int, code, format string, args ...any) *fault {
	return &fault{problem{Message: fmt.Sprintf(format, args...), Code: code}, status}
}

// read reads and decompresses the body, no more than limit bytes before and after.
func read(w http.ResponseWriter, r *http.Request, limit int) ([]byte, *fault) {
	if f := checkType(r.Header.Values("Content-Type")); f != nil {
		return nil, f
	}
	zipped, f := coding(r.Header.Values("Content-Encoding"))
	if f != nil {
		return nil, f
	}
	if r.ContentLength > int64(limit) {
		return nil, tooLarge(limit)
	}
	if r.Body == nil {
		return nil, nil
	}
	raw := http.MaxBytesReader(w, r.Body, int64(limit))
	var from io.Reader = raw
	if zipped {
		unzip, err := gzip.NewReader(raw)
		if err != nil {
			return nil, unread(err, limit)
		}
		from = unzip
	}
	text, err := io.ReadAll(io.LimitReader(from, int64(limit)+1))
	if err != nil {
		return nil, unread(err, limit)
	}
	if len(text) > limit {
		return nil, tooLarge(limit)
	}
	return text, nil
}

func tooLarge(limit int) *fault {
	return failed(http.StatusRequestEntityTooLarge, "too-large", "the body is larger than %d bytes", limit)
}

// unread says why a body could not be read. Nothing of the body is in it.
func unread(err error, limit int) *fault {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return tooLarge(limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return failed(http.StatusRequestTimeout, "timeout", "the body did not come in time")
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return failed(http.StatusBadRequest, "bad-coding", "the body is no gzip, as its Content-Encoding says")
	}
	return failed(http.StatusBadRequest, "unreadable", "the body cannot be read to its end")
}

// checkType refuses all types but JSON in UTF-8. A form, which is what a browser sends without asking, is none.
func checkType(values []string) *fault {
	const want = "want the header Content-Type: application/json"
	if len(values) != 1 {
		return failed(http.StatusUnsupportedMediaType, "content-type", "got %d types, %s", len(values), want)
	}
	kind, params, err := mime.ParseMediaType(values[0])
	if err != nil || kind != "application/json" {
		return failed(http.StatusUnsupportedMediaType, "content-type", "got another type, %s", want)
	}
	if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return failed(http.StatusUnsupportedMediaType, "content-type", "got another character set, want UTF-8")
	}
	return nil
}

// coding reports whether the body is compressed with gzip, and refuses all other codings.
func coding(values []string) (zipped bool, f *fault) {
	for _, value := range values {
		for name := range strings.SplitSeq(value, ",") {
			switch name = strings.ToLower(strings.TrimSpace(name)); {
			case name == "" || name == "identity":
			case (name == "gzip" || name == "x-gzip") && !zipped:
				zipped = true
			default:
				return false, failed(http.StatusUnsupportedMediaType, "content-encoding", "the body is compressed in a way that is not read here; send it as it is, or with gzip alone")
			}
		}
	}
	return zipped, nil
}
