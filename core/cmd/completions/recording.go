package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// The recording's format is the one of the playground's page, web/src/net/recording/format.ts, which says what its members
// are. Beyond mostRecorded bytes of the answer a recording is cut.
const (
	recordingFormat  = "completion-playground/recording"
	recordingVersion = 1
	mostRecorded     = 64 << 20
)

// recorder is a transport that keeps what comes of one request, and when.
type recorder struct {
	next    http.RoundTripper
	secrets []string // which are overwritten wherever they appear
	now     func() time.Time

	mutex    sync.Mutex // the answer may still be read when it is written down
	start    time.Time
	request  *http.Request
	response *http.Response
	headMS   float64
	chunks   []timed
	size     int
	end      string
	endMS    float64
}

// timed is what one read brought.
type timed struct {
	ms   float64
	text []byte
}

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	r.mutex.Lock()
	r.start, r.request = r.now(), request
	r.mutex.Unlock()
	response, err := r.next.RoundTrip(request)
	if err != nil {
		return response, err
	}
	r.mutex.Lock()
	r.response, r.headMS = response, r.elapsed()
	r.mutex.Unlock()
	kept := *response
	kept.Body = &tap{response.Body, r}
	return &kept, nil
}

// elapsed returns the milliseconds since the request, to the microsecond.
func (r *recorder) elapsed() float64 { return float64(r.now().Sub(r.start).Microseconds()) / 1000 }

// tap hands on what is read, and keeps it.
type tap struct {
	io.ReadCloser
	r *recorder
}

func (t *tap) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	r := t.r
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if n > 0 && r.end == "" {
		if r.size += n; r.size > mostRecorded {
			r.end, r.endMS = "cut", r.elapsed()
		} else {
			r.chunks = append(r.chunks, timed{r.elapsed(), bytes.Clone(p[:n])})
		}
	}
	if err != nil && r.end == "" {
		r.end, r.endMS = "broken", r.elapsed()
		switch ctx := r.request.Context(); {
		case errors.Is(err, io.EOF):
			r.end = "ended"
		case ctx.Err() != nil:
			r.end = "stopped"
		}
	}
	return n, err
}

// recording returns the recording as the text of a file. No key stands in it.
func (r *recorder) recording(profile string, body []byte) ([]byte, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.request == nil {
		return nil, errors.New("nothing was sent")
	}
	var asked struct {
		Stream bool `json:"stream"`
		Echo   bool `json:"echo"`
	}
	if err := json.Unmarshal(body, &asked); err != nil {
		return nil, err
	}
	address := *r.request.URL
	address.User = nil
	var response any
	if r.response != nil {
		end, endMS := r.end, r.endMS
		if end == "" {
			end, endMS = "stopped", r.elapsed()
		}
		response = map[string]any{
			"status": r.response.StatusCode, "headers": r.headers(r.response.Header, func(name string) bool {
				return name != "Set-Cookie" && name != "Set-Cookie2"
			}),
			"headMs": r.headMS, "chunks": r.clean(), "end": end, "endMs": endMS,
		}
	}
	text, err := json.Marshal(map[string]any{
		"format": recordingFormat, "version": recordingVersion, "recordedAt": r.start.UTC().Format("2006-01-02T15:04:05.000Z07:00"),
		"title": "", "profile": profile,
		"expect": map[string]any{"choices": choices(body), "stream": asked.Stream, "echo": asked.Echo},
		"request": map[string]any{
			"method": r.request.Method, "url": r.starred(address.String()), "body": r.starred(string(body)),
			"headers": r.headers(r.request.Header, func(name string) bool { return name == "Accept" || name == "Content-Type" }),
		},
		"response": response,
	})
	return append(text, '\n'), err
}

// headers returns those that are wanted as pairs, sorted.
func (r *recorder) headers(all http.Header, wanted func(name string) bool) [][2]string {
	pairs := [][2]string{}
	for name, values := range all {
		for _, value := range values {
			if wanted(name) {
				pairs = append(pairs, [2]string{strings.ToLower(name), r.starred(value)})
			}
		}
	}
	slices.SortFunc(pairs, func(a, b [2]string) int { return strings.Compare(a[0]+"\x00"+a[1], b[0]+"\x00"+b[1]) })
	return pairs
}

// starred returns a text with asterisks over the secrets, in the spellings that JSON and URLs have for them.
func (r *recorder) starred(text string) string {
	for _, secret := range r.spellings() {
		text = strings.ReplaceAll(text, secret, strings.Repeat("*", len(secret)))
	}
	return text
}

// spellings returns how the secrets may appear, the longest first, since one may be a part of another.
func (r *recorder) spellings() (all []string) {
	for _, secret := range r.secrets {
		quoted, _ := json.Marshal(secret) // a text can always be written
		inJSON := string(quoted[1 : len(quoted)-1])
		all = append(all, secret, inJSON, strings.ReplaceAll(inJSON, "/", `\/`), url.QueryEscape(secret), url.PathEscape(secret))
	}
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(all)
}

// clean returns the reads as pairs of milliseconds and base64. A secret may be cut in two by them, so it is looked for in
// all of the bytes; its length stays, and with it the cuts.
func (r *recorder) clean() [][2]any {
	var whole []byte
	for _, c := range r.chunks {
		whole = append(whole, c.text...)
	}
	whole = []byte(r.starred(string(whole)))
	pairs := [][2]any{}
	for _, c := range r.chunks {
		pairs = append(pairs, [2]any{c.ms, base64.StdEncoding.EncodeToString(whole[:len(c.text)])})
		whole = whole[len(c.text):]
	}
	return pairs
}
