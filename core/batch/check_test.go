package batch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
)

const (
	good      = `{"model":"m","prompt":["x"],"max_tokens":5}`
	goodLine  = `{"custom_id":"a","method":"POST","url":"/v1/completions","body":` + good + `}`
	otherLine = `{"custom_id":"b","method":"POST","url":"/v1/completions","body":` + good + `}`
)

// told lists what Check says, one issue a line, behind the line's number.
func told(t *testing.T, input string, o Options) (list []string) {
	t.Helper()
	for l, err := range Check(t.Context(), strings.NewReader(input), o) {
		require.NoError(t, err)
		if len(l.Report.Issues) == 0 {
			list = append(list, fmt.Sprintf("%d ok", l.Number))
		}
		for _, i := range l.Report.Issues {
			list = append(list, fmt.Sprintf("%d %s", l.Number, strings.TrimPrefix(i.String(), "1:")))
		}
	}
	return list
}

func TestCheckTellsOfLines(t *testing.T) {
	for _, c := range []struct {
		name, input string
		want        []string
	}{
		{"nothing", "", nil},
		{"blank lines", "\n \t\r\n" + good + "\n\n", []string{"3 ok"}},
		{"no line break at the end", good + "\r\n" + good, []string{"1 ok", "2 ok"}},
		{"a byte order mark", "\ufeff" + good + "\n" + good, []string{
			"1 1: warning: the input starts with a byte order mark, which JSON does not allow [byte-order-mark]", "2 ok"}},
		{"nothing but a byte order mark", "\ufeff\r\n", nil},
		{"no JSON", good + "\n{bad}\n" + good, []string{"1 ok",
			"2 2: error: the line is no JSON: invalid character 'b' looking for beginning of object key string [line-not-json]", "3 ok"}},
		{"JSON that people write", good[:len(good)-1] + ",} // why not\n", []string{
			"1 44: error: the line is no JSON: invalid character '}' looking for beginning of object key string [line-not-json]"}},
		{"half a line", goodLine + "\n" + goodLine[:40], []string{"1 ok",
			"2 40: error: the line is no JSON: unexpected end of JSON input [line-not-json]"}},
		{"a mistake", strings.Replace(good, "5", "-5", 1), []string{
			"1 42: error: max_tokens: got -5, want at least 0 [out-of-range]"}},
		{"no object", "[1]\n" + goodLine, []string{
			"1 1: error: got a list of one, want an object with model and prompt [not-an-object]", "2 ok"}},
		{"no object among envelopes", goodLine + "\n [1]", []string{"1 ok",
			"2 2: error: got [1], want an object with custom_id, method, url, body [not-an-object]"}},
		{"a mistake in an envelope behind letters of several bytes",
			strings.Replace(strings.Replace(goodLine, `"a"`, `"ä😀"`, 1), "5", "-5", 1), []string{
				"1 107: error: body/max_tokens: got -5, want at least 0 [out-of-range]"}},
		{"an id twice", goodLine + "\n" + otherLine + "\n" + strings.Replace(goodLine, `"a"`, `"\u0061"`, 1), []string{"1 ok", "2 ok",
			"3 14: error: custom_id: line 1 has this custom_id already [duplicate-id]"}},
		{"an empty envelope", goodLine + "\n{}", []string{"1 ok",
			"2 2: error: custom_id is missing; want a text that no other line has [missing-field]",
			`2 2: error: method is missing; want "POST" [missing-field]`,
			`2 2: error: url is missing; want "/v1/completions" [missing-field]`,
			"2 2: error: body is missing; want the request [missing-field]"}},
		{"another endpoint, whose request is not looked at",
			`{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"messages":[]}}`, []string{
				`1 40: error: url: got "/v1/chat/completions", want "/v1/completions" [other-endpoint]`}},
		{"wrong types", `{"custom_id":7,"method":null,"url":"/v1/completions","body":[]}`, []string{
			"1 14: error: custom_id: got 7, want a text [wrong-type]",
			"1 25: error: method: got null, want a text [wrong-type]",
			"1 61: error: body: got an empty list, want an object with model and prompt [not-an-object]"}},
		{"an empty id", strings.Replace(goodLine, `"a"`, `""`, 1), []string{
			"1 14: error: custom_id: got an empty text, want one that no other line has [too-short]"}},
		{"members that do not belong there", `{"a/b":1,"method":"GET",` + goodLine[1:], []string{
			`1 2: warning: a~1b: "a/b" is no member of a batch line; it has custom_id, method, url, body [unknown-field]`,
			`1 10: warning: method: "method" stands again further on, and the last one counts [duplicate-key]`}},
		{"not UTF-8 in an envelope", strings.Replace(goodLine, `"a"`, "\"\xff\"", 1) + "\n" + goodLine, []string{
			"1 15: error: 1 byte is not UTF-8, the first is 0xFF [invalid-utf8]", "2 ok"}},
	} {
		o := Options{}
		if c.name == "not UTF-8 in an envelope" {
			o.Form = FormOpenAI // the first line cannot tell
		}
		assert.Equal(t, c.want, told(t, c.input, o), c.name)
	}
}

func TestCheckSaysWhereLinesAre(t *testing.T) {
	input := "\ufeff" + goodLine + "\r\n\n" + otherLine
	var lines []Line
	for l, err := range Check(t.Context(), iotest.OneByteReader(strings.NewReader(input)), Options{}) {
		require.NoError(t, err)
		assert.Equal(t, input[l.Offset:l.Offset+l.Length], string(l.Text))
		assert.Equal(t, good, string(l.Body()))
		assert.Equal(t, FormOpenAI, l.Form)
		lines = append(lines, l)
	}
	require.Len(t, lines, 2)
	assert.Equal(t, []any{int64(1), "a", int64(3), "b"}, []any{lines[0].Number, lines[0].ID, lines[1].Number, lines[1].ID})
	assert.Equal(t, int64(0), lines[0].Offset)
	assert.True(t, lines[0].Report.Valid(), "a byte order mark is a warning")
}

func TestCheckMovesFixes(t *testing.T) {
	line := `{"custom_id":"ä😀","method":"POST","url":"/v1/completions","body":{"model":"m","prompt":["x"],"max_token":5}}`
	for _, front := range []string{"", "\ufeff"} {
		for l, err := range Check(t.Context(), strings.NewReader(front+line), Options{}) {
			require.NoError(t, err)
			i := slices.IndexFunc(l.Report.Issues, func(i core.Issue) bool { return i.Code == core.CodeUnknownField })
			require.GreaterOrEqual(t, i, 0, "%v", l.Report.Issues)
			issue := l.Report.Issues[i]
			assert.Equal(t, "/body/max_token", issue.Path)
			fixed, err := core.Apply(l.Text, issue.Fix.Edits)
			require.NoError(t, err)
			assert.Equal(t, front+strings.Replace(line, "max_token", "max_tokens", 1), string(fixed))
			at, ok := core.ByteOffset(l.Text, issue.Fix.Edits[0].Start16)
			assert.True(t, ok)
			assert.Equal(t, issue.Fix.Edits[0].Start, at)
		}
	}
}

func TestCheckBoundsLines(t *testing.T) {
	fits := strings.Replace(good, "x", strings.Repeat("y", 100_000), 1)
	o := Options{MaxLine: len(fits)}
	input := fits + "\r\n" + fits + " \n" + strings.Repeat("z", 300_000) + "\r\n" + good
	var lengths []int64
	for l, err := range Check(t.Context(), strings.NewReader(input), o) {
		require.NoError(t, err)
		lengths = append(lengths, l.Length)
		if l.Length > int64(o.MaxLine) {
			assert.Nil(t, l.Text)
			assert.Nil(t, l.Body())
		}
	}
	n := int64(len(fits))
	assert.Equal(t, []int64{n, n + 1, 300_000, int64(len(good))}, lengths)
	assert.Equal(t, []string{"1 ok", "2 1: error: the line has 98 KiB, want at most 98 KiB [too-large]",
		"3 1: error: the line has 293 KiB, want at most 98 KiB [too-large]", "4 ok"}, told(t, input, o))
}

func TestCheckBoundsWhatItSaysOfMembers(t *testing.T) {
	members := strings.Repeat(`"a":1,`, 50_000)
	list := told(t, "{"+members+goodLine[1:], Options{Form: FormOpenAI})
	assert.Len(t, list, mostOdd+1)
	assert.Contains(t, list[mostOdd], fmt.Sprintf("and %d more members that do not count", 50_000-mostOdd))
}

func TestCheckBoundsIDs(t *testing.T) {
	input := goodLine + "\n" + otherLine + "\n" + otherLine + "\n" + goodLine
	duplicates := func(most int) (lines []int64) {
		for l, err := range Check(t.Context(), strings.NewReader(input), Options{MaxIDs: most}) {
			require.NoError(t, err)
			if !l.Report.Valid() {
				assert.Equal(t, DuplicateID, l.Report.Issues[0].Code)
				assert.Nil(t, l.Report.Request)
				lines = append(lines, l.Number)
			}
		}
		return lines
	}
	assert.Equal(t, []int64{3, 4}, duplicates(0))
	assert.Equal(t, []int64{4}, duplicates(1))
	assert.Empty(t, duplicates(-1))
}

func TestIDsGrow(t *testing.T) {
	table := newIDs(100_000)
	for n := range int64(100_000) {
		require.Zero(t, table.add(hashID(fmt.Sprint(n)), n+1))
	}
	for n := range int64(100_000) {
		require.Equal(t, n+1, table.add(hashID(fmt.Sprint(n)), n+1_000_000))
	}
	assert.LessOrEqual(t, 16*len(table.slots), 43*100_000, "bytes")
}

func TestCheckEndsWithTheInput(t *testing.T) {
	broken := errors.New("broken")
	input := io.MultiReader(strings.NewReader(good+"\n"+good+"\n"+good[:9]), iotest.ErrReader(broken))
	lines := 0
	var last error
	for l, err := range Check(t.Context(), input, Options{}) {
		if last = err; err == nil {
			lines++
		} else {
			assert.Zero(t, l.Number)
		}
	}
	assert.Equal(t, 2, lines)
	assert.ErrorIs(t, last, broken)
}

// endless repeats a line.
type endless struct{ line string }

func (e endless) Read(p []byte) (n int, err error) {
	for len(p)-n >= len(e.line) {
		n += copy(p[n:], e.line)
	}
	return n, nil
}

// stuck is a reader that gives a line, then nothing until it is released.
type stuck struct {
	line    io.Reader
	release chan struct{}
}

func (s stuck) Read(p []byte) (int, error) {
	if n, err := s.line.Read(p); err == nil {
		return n, nil
	}
	<-s.release
	return 0, io.EOF
}

// A bubble of synctest fails if a goroutine is left in it.
func TestCheckLeavesNothingBehind(t *testing.T) {
	core.Default()
	t.Run("after a break", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			lines := 0
			for _, err := range Check(t.Context(), endless{good + "\n"}, Options{Workers: 4}) {
				require.NoError(t, err)
				if lines++; lines == 5000 {
					break
				}
			}
			assert.Equal(t, 5000, lines)
		})
	})
	t.Run("after the context's end", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			lines := 0
			var last error
			for _, last = range Check(ctx, endless{good + "\n"}, Options{Workers: 4}) {
				if lines++; lines == 5000 {
					cancel()
				}
			}
			assert.ErrorIs(t, last, context.Canceled)
		})
	})
	t.Run("with a read that does not return", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			release := make(chan struct{})
			var last error
			for l, err := range Check(ctx, stuck{strings.NewReader(good + "\n"), release}, Options{}) {
				if last = err; err == nil {
					assert.Equal(t, int64(1), l.Number, "what is there is told of at once")
					cancel()
				}
			}
			assert.ErrorIs(t, last, context.Canceled)
			close(release)
		})
	})
}

func TestTotals(t *testing.T) {
	input := strings.Join([]string{
		`{"model":"m","prompt":["x","y"],"n":3,"max_tokens":10}`,
		`{"model":"m","prompt":"x"}`,
		`{"model":"m"}`,
	}, "\n")
	var totals Totals
	for l, err := range Check(t.Context(), strings.NewReader(input), Options{}) {
		require.NoError(t, err)
		totals.Add(&l)
	}
	assert.Equal(t, Totals{Lines: 3, Valid: 2, Bytes: int64(len(input)), Prompts: 3, Choices: 7, MaxTokens: 60, Unbounded: 1,
		Issues: map[core.Severity]int64{core.Error: 1, core.Hint: 2},
		Codes:  map[core.Code]int64{core.CodeMissingField: 1, core.CodeMaxTokensUnset: 2}}, totals)
	assert.Equal(t, int64(math.MaxInt64), sum(math.MaxInt64-1, 2))
	assert.Equal(t, int64(math.MaxInt64), product(math.MaxInt64/2, 3))
	assert.Equal(t, int64(6), product(2, 3))
}
