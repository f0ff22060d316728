package batch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/client"
)

const key = "sk-a-key-that-nobody-may-see"

// server answers requests without a network.
type server struct {
	// answer is called with a request's body and how often that has come, from 1. Nil answers all.
	answer func(body string, times int) (status int, header http.Header, text string, err error)

	hangs int // how many of the first requests get no answer

	mu     sync.Mutex
	bodies []string
	at     []time.Time
	times  map[string]int
	now    int // under way
	most   int
}

const completion = "{\"id\": \"cmpl\",\n \"choices\": [{\"text\": \"<b> 😀\"}], \"seed\": 9007199254740993}"

func (s *server) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	body := string(raw)
	s.mu.Lock()
	if s.times == nil {
		s.times = map[string]int{}
	}
	s.times[body]++
	s.bodies, s.at = append(s.bodies, body), append(s.at, time.Now())
	times := s.times[body]
	hangs := len(s.bodies) <= s.hangs
	s.now++
	s.most = max(s.most, s.now)
	s.mu.Unlock()
	time.Sleep(time.Millisecond) // of the bubble's time
	if hangs {
		<-r.Context().Done()
	}
	s.mu.Lock()
	s.now--
	s.mu.Unlock()
	if hangs {
		return nil, r.Context().Err()
	}
	status, header, text := http.StatusOK, http.Header{"X-Request-Id": {"r1"}}, completion
	if s.answer != nil {
		if status, header, text, err = s.answer(body, times); err != nil {
			return nil, err
		}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(text)), Request: r}, nil
}

// bench is the files and the options of runs in a test.
type bench struct {
	files Files
	o     RunOptions
}

func newBench(t *testing.T, s *server) bench {
	dir := t.TempDir()
	return bench{
		Files{filepath.Join(dir, "output"), filepath.Join(dir, "errors"), filepath.Join(dir, "journal")},
		RunOptions{Client: &client.Client{
			Endpoint: core.Endpoint{Base: "https://api.example.com", Key: core.NewSecret(key)},
			HTTP:     &http.Client{Transport: s},
		}},
	}
}

func (b *bench) run(t *testing.T, input string) (RunTotals, error) {
	return Run(t.Context(), strings.NewReader(input), b.files, b.o)
}

// lines reads a file's lines by their custom_id, and fails if one comes twice.
func lines(t *testing.T, path string) map[string]outputLine {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NotContains(t, string(text), key)
	all := map[string]outputLine{}
	for line := range bytes.Lines(text) {
		var l outputLine
		require.NoError(t, json.Unmarshal(line, &l), "%q", line)
		require.NotContains(t, all, l.CustomID)
		all[l.CustomID] = l
	}
	return all
}

// requests is a file of n requests, request-0 and so on, whose prompts are their numbers.
func requests(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"custom_id":"request-%d","method":"POST","url":"/v1/completions","body":{"model":"m","prompt":["%d"],"max_tokens":5}}`+"\n", i, i)
	}
	return b.String()
}

// bubble runs a test whose time passes when everything waits.
func bubble(t *testing.T, f func(t *testing.T)) {
	core.Default()
	synctest.Test(t, f)
}

func TestRunWritesWhatOpenAIWould(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := &server{answer: func(body string, _ int) (int, http.Header, string, error) {
			switch {
			case strings.Contains(body, "refuse"):
				return 400, nil, `{"error":{"message":"no"}}`, nil
			case strings.Contains(body, "page"):
				return 200, nil, "<html>", nil
			}
			return 200, http.Header{"X-Request-Id": {"r1"}}, completion, nil
		}}
		b := newBench(t, s)
		input := strings.Join([]string{
			goodLine,
			strings.Replace(otherLine, "5", "-5", 1),
			strings.NewReplacer(`"a"`, `"c"`, `"x"`, `"refuse"`).Replace(goodLine),
			"{bad}",
			strings.NewReplacer(`"a"`, `"d"`, `"x"`, `"page"`).Replace(goodLine),
			goodLine,
		}, "\n")
		totals, err := b.run(t, input)
		require.NoError(t, err)
		assert.Equal(t, RunTotals{Lines: 6, Invalid: 3, Answered: 1, Failed: 2, Sent: 3, Offset: int64(len(input))}, totals)

		text, err := os.ReadFile(b.files.Output)
		require.NoError(t, err)
		assert.Regexp(t, `^\{"id":"batch_req_1_[0-9a-f]{8}","custom_id":"a","response":\{"status_code":200,"request_id":"r1",`+
			`"body":\{"id":"cmpl","choices":\[\{"text":"<b> 😀"\}\],"seed":9007199254740993\}\},"error":null\}\n$`, string(text))
		text, err = os.ReadFile(b.files.Errors)
		require.NoError(t, err)
		got := string(text)
		for _, want := range []string{
			`"custom_id":"b","response":null,"error":{"code":"out-of-range","message":"column 106: body/max_tokens: got -5, want at least 0"}}`,
			`"custom_id":"c","response":{"status_code":400,"request_id":"","body":{"error":{"message":"no"}}},"error":null}`,
			`"custom_id":"line-4","response":null,"error":{"code":"line-not-json",`,
			`"custom_id":"d","response":{"status_code":200,"request_id":"","body":"<html>"},"error":null}`,
			`"custom_id":"a","response":null,"error":{"code":"duplicate-id",`,
		} {
			assert.Contains(t, got, want)
		}
		assert.Equal(t, 5, strings.Count(got, "\n"))

		again, err := b.run(t, input)
		require.NoError(t, err)
		assert.Equal(t, RunTotals{Lines: 6, Before: 6, Offset: int64(len(input))}, again)
		assert.Len(t, s.bodies, 3, "nothing is sent again")
	})
}

func TestRunSendsCanonicalBodiesWithoutStreams(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := &server{}
		b := newBench(t, s)
		b.o.Concurrency = 1
		b.files.Errors = "" // all in one file
		_, err := b.run(t, strings.Join([]string{
			`{"prompt": "x", "maxTokens": 5.0, "model": "m"}`,
			`{"model":"m","prompt":["x"],"stream":true,"stream_options":{"include_usage":true},"max_tokens":5}`,
			`{"model":"m","prompt":["x"],"stream":false,"max_tokens":5}`,
			`{"model":"m"}`,
		}, "\n"))
		require.NoError(t, err)
		assert.Equal(t, []string{
			`{"model":"m","prompt":["x"],"max_tokens":5}`,
			`{"model":"m","prompt":["x"],"max_tokens":5,"stream":false}`,
			`{"model":"m","prompt":["x"],"max_tokens":5,"stream":false}`,
		}, s.bodies)
		assert.Len(t, lines(t, b.files.Output), 4)
	})
}

func TestRunKeepsToItsConcurrency(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := &server{}
		b := newBench(t, s)
		b.o.Concurrency = 5
		told := int64(0)
		b.o.Progress = func(r RunTotals) {
			told++
			assert.Equal(t, told, r.Answered)
		}
		totals, err := b.run(t, requests(50))
		require.NoError(t, err)
		assert.Equal(t, int64(50), totals.Answered)
		assert.Equal(t, int64(50), told)
		assert.Equal(t, 5, s.most)
		assert.Len(t, lines(t, b.files.Output), 50)
	})
}

func TestRunKeepsToLimits(t *testing.T) {
	// In no minute more than the limit: the request of a number and that number before it are a minute apart.
	apart := func(t *testing.T, at []time.Time, limit int) {
		for i := limit; i < len(at); i++ {
			assert.GreaterOrEqual(t, at[i].Sub(at[i-limit]), time.Minute)
		}
	}
	bubble(t, func(t *testing.T) {
		s := &server{}
		b := newBench(t, s)
		b.o.RequestsPerMinute = 7
		start := time.Now()
		_, err := b.run(t, requests(30))
		require.NoError(t, err)
		apart(t, s.at, 7)
		assert.Less(t, time.Since(start), 5*time.Minute, "and not much less than the limit")
	})
	bubble(t, func(t *testing.T) {
		s := &server{}
		b := newBench(t, s)
		b.o.TokensPerMinute = 60 // ten requests of one and five tokens
		start := time.Now()
		_, err := b.run(t, requests(30))
		require.NoError(t, err)
		apart(t, s.at, 10)
		assert.Less(t, time.Since(start), 4*time.Minute)
	})
}

func TestTokensOf(t *testing.T) {
	for text, want := range map[string]int64{
		`{"model":"m","prompt":["12345","1"],"n":2,"max_tokens":10}`: 2 + 1 + 4*10,
		`{"model":"m","prompt":"1"}`:                                 1 + 16,
	} {
		assert.Equal(t, want, tokensOf(core.Check([]byte(text)).Request), text)
	}
	assert.Equal(t, int64(3+5), tokensOf(&core.CompletionRequest{Prompt: core.Prompt{Tokens: [][]int64{{1, 2, 3}}}, MaxTokens: core.Some(int64(5))}))
}

func TestRunHonoursRetryAfter(t *testing.T) {
	for name, value := range map[string]func() string{
		"seconds": func() string { return "20" },
		"a date":  func() string { return time.Now().Add(20 * time.Second).UTC().Format(http.TimeFormat) },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var asked time.Time
				s := &server{}
				s.answer = func(body string, times int) (int, http.Header, string, error) {
					if strings.Contains(body, `"3"`) && times <= 2 {
						asked = time.Now()
						return []int{429, 503}[times-1], http.Header{"Retry-After": {value()}}, "slow down", nil
					}
					return 200, nil, completion, nil
				}
				b := newBench(t, s)
				b.o.Concurrency, b.o.Attempts = 2, 1 // what the server puts off is no attempt
				totals, err := b.run(t, requests(40))
				require.NoError(t, err)
				assert.Equal(t, int64(40), totals.Answered)
				assert.Equal(t, int64(42), totals.Sent)
				assert.Len(t, lines(t, b.files.Output), 40)
				for _, at := range s.at {
					if d := at.Sub(asked); d > 0 {
						assert.GreaterOrEqual(t, d, 19*time.Second, "nobody begins meanwhile")
					}
				}
			})
		})
	}
}

func TestRunStopsWhereTheWaitIsTooLong(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := &server{answer: func(string, int) (int, http.Header, string, error) {
			return 429, http.Header{"Retry-After": {"7200"}}, "", nil
		}}
		b := newBench(t, s)
		_, err := b.run(t, requests(3))
		assert.ErrorContains(t, err, "the server asks to wait 2h0m0s, which is more than 1h0m0s")
		assert.Empty(t, lines(t, b.files.Errors))
	})
}

func TestRunTriesAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var at []time.Time
		s := &server{answer: func(body string, times int) (int, http.Header, string, error) {
			switch {
			case strings.Contains(body, `"1"`):
				at = append(at, time.Now())
				return 500, nil, "broken", nil
			case strings.Contains(body, `"2"`) && times < 3:
				return 0, nil, "", errors.New("connection reset by " + key)
			case strings.Contains(body, `"4"`):
				return 0, nil, "", errors.New("connection reset by " + key)
			}
			return 200, nil, completion, nil
		}}
		b := newBench(t, s)
		b.o.Attempts = 4
		totals, err := b.run(t, requests(6))
		require.NoError(t, err)
		assert.Equal(t, RunTotals{Lines: 6, Answered: 4, Failed: 2, Sent: 3 + 4 + 3 + 4, Offset: totals.Offset}, totals)
		require.Len(t, at, 4)
		for i, most := range []time.Duration{500, 1000, 2000} {
			pause := at[i+1].Sub(at[i]) - time.Millisecond
			assert.GreaterOrEqual(t, pause, most*time.Millisecond/2)
			assert.LessOrEqual(t, pause, most*time.Millisecond)
		}
		failures := lines(t, b.files.Errors)
		assert.Equal(t, 500, failures["request-1"].Response.Status)
		assert.Equal(t, `"broken"`, string(failures["request-1"].Response.Body))
		assert.Nil(t, failures["request-4"].Response)
		assert.Equal(t, "no-answer", failures["request-4"].Error.Code)
		assert.Contains(t, failures["request-4"].Error.Message, "[redacted]")
	})
}

func TestRunDoesNotWaitForEver(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := &server{hangs: 3}
		b := newBench(t, s)
		start := time.Now()
		totals, err := b.run(t, requests(20))
		require.NoError(t, err)
		assert.Equal(t, []int64{20, 23}, []int64{totals.Answered, totals.Sent})
		assert.GreaterOrEqual(t, time.Since(start), 10*time.Minute)
		assert.Len(t, lines(t, b.files.Output), 20)
	})
}

func TestBackoff(t *testing.T) {
	for attempt, most := range map[int]time.Duration{1: firstBackoff, 3: 4 * firstBackoff, 8: mostBackoff, 1000: mostBackoff} {
		for range 100 {
			d := backoff(attempt)
			assert.LessOrEqual(t, most/2, d)
			assert.LessOrEqual(t, d, most)
		}
	}
}

func TestRunStopsAtWhatConcernsAll(t *testing.T) {
	for name, answer := range map[string]func(string, int) (int, http.Header, string, error){
		"another address": func(string, int) (int, http.Header, string, error) {
			return 307, http.Header{"Location": {"https://example.com/" + key}}, "", nil
		},
		"a wrong key": func(string, int) (int, http.Header, string, error) { return 401, nil, "wrong key " + key, nil },
		"nobody there": func(string, int) (int, http.Header, string, error) {
			return 0, nil, "", errors.New("connection refused by " + key)
		},
		"a broken server": func(string, int) (int, http.Header, string, error) { return 502, nil, "<html>" + key, nil },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				for _, n := range []int{3, 100} {
					s := &server{answer: answer}
					b := newBench(t, s)
					b.o.Attempts, b.o.GiveUp = 2, 5
					totals, err := b.run(t, requests(n))
					require.Error(t, err)
					assert.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), key)
					assert.Zero(t, totals.Answered+totals.Failed)
					assert.LessOrEqual(t, len(s.bodies), 2*(5+8))
					assert.Empty(t, lines(t, b.files.Errors))

					s.answer = nil // all is well again
					totals, err = b.run(t, requests(n))
					require.NoError(t, err)
					assert.Equal(t, int64(n), totals.Answered)
					assert.Len(t, lines(t, b.files.Output), n)
				}
			})
		})
	}
}

func TestRunKeepsKeysOut(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := &server{answer: func(body string, _ int) (int, http.Header, string, error) {
			status := 200
			if strings.Contains(body, `"1"`) {
				status = 400
			}
			return status, http.Header{"X-Request-Id": {key}}, `{"choices":[{"text":"` + key + `"}],"key":"` + strings.Replace(key, "a", `\u0061`, 1) + `"}`, nil
		}}
		b := newBench(t, s)
		_, err := b.run(t, requests(3))
		require.NoError(t, err)
		output := lines(t, b.files.Output)
		assert.Equal(t, `{"choices":[{"text":"[redacted]"}],"key":"[redacted]"}`, string(output["request-0"].Response.Body))
		assert.Equal(t, "[redacted]", output["request-0"].Response.RequestID)
		assert.Len(t, lines(t, b.files.Errors), 1)
		journal, err := os.ReadFile(b.files.Journal)
		require.NoError(t, err)
		assert.NotContains(t, string(journal), key)
	})
}

func TestRunEndsWithItsContext(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := &server{}
		b := newBench(t, s)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		b.o.Progress = func(r RunTotals) {
			if r.Answered == 10 {
				cancel()
			}
		}
		totals, err := Run(ctx, strings.NewReader(requests(100)), b.files, b.o)
		require.ErrorIs(t, err, context.Canceled)
		assert.Less(t, totals.Answered, int64(100))
		done := lines(t, b.files.Output)
		assert.Len(t, done, int(totals.Answered))
		b.o.Progress = nil
		_, err = b.run(t, requests(100))
		require.NoError(t, err)
		assert.Len(t, lines(t, b.files.Output), 100)
		again := 0
		for body, times := range s.times {
			if times > 1 {
				again++
				assert.False(t, slices.ContainsFunc(mapKeys(done), func(id string) bool {
					return strings.Contains(body, `"`+strings.TrimPrefix(id, "request-")+`"`)
				}), "%s had an answer", body)
			}
		}
		assert.LessOrEqual(t, again, 8)
	})
}

func mapKeys[V any](m map[string]V) (list []string) {
	for k := range m {
		list = append(list, k)
	}
	return list
}
