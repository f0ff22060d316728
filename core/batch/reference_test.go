package batch

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/internal/effort"
)

// plainLine is what the reference finds in a line.
type plainLine struct {
	Number, Offset, Length int64
	Text, ID, Body         string
	Codes                  []string // sorted, each with the text that it is about
}

// reference reads a file with nothing but encoding/json and core.Check, one line after another, all of it in memory.
func reference(input []byte, o Options) (list []plainLine) {
	form := o.Form
	seen := map[string]bool{}
	offset := 0
	for n, whole := range bytes.Split(input, []byte("\n")) {
		text := whole
		if offset+len(whole) < len(input) { // a line break follows
			text = bytes.TrimSuffix(text, []byte("\r"))
		}
		l := plainLine{Number: int64(n + 1), Offset: int64(offset), Length: int64(len(text)), Text: string(text)}
		marked := n == 0 && bytes.HasPrefix(text, []byte("\ufeff"))
		if marked {
			text = text[3:]
		}
		offset += len(whole) + 1
		if strings.Trim(string(text), " \t\r") == "" && l.Length <= int64(o.MaxLine) {
			continue
		}
		var object map[string]json.RawMessage
		isObject := json.Unmarshal(text, &object) == nil && object != nil
		if l.Length > int64(o.MaxLine) {
			l.Text = ""
			l.add("too-large", "")
			list = append(list, l)
			continue
		}
		if form == FormAuto && isObject {
			form = FormRequests
			for _, name := range envelopeMembers {
				if object[name] != nil {
					form = FormOpenAI
				}
			}
		}
		if marked {
			l.add("byte-order-mark", "\ufeff")
		}
		switch {
		case !json.Valid(text):
			l.add("line-not-json", "")
		case form == FormOpenAI && isObject:
			l.envelope(text, object, seen)
		case form == FormOpenAI:
			l.add("not-an-object", string(bytes.Trim(text, " \t\r")))
		default:
			if l.request(text); form == FormRequests {
				l.Body = string(text)
			}
		}
		slices.Sort(l.Codes)
		list = append(list, l)
	}
	return list
}

func (l *plainLine) add(code core.Code, about string) {
	l.Codes = append(l.Codes, fmt.Sprintf("%s %q", code, about))
}

func (l *plainLine) request(text []byte) {
	for _, i := range core.Check(text).Issues {
		l.add(i.Code, string(text[i.Span.Start.Byte:i.Span.End.Byte]))
	}
}

func (l *plainLine) envelope(text []byte, object map[string]json.RawMessage, seen map[string]bool) {
	want := map[string]string{"method": "POST", "url": "/v1/completions"}
	other := false
	for _, name := range envelopeMembers {
		raw := object[name]
		var value any
		_ = json.Unmarshal(raw, &value) // it has been read once already
		word, isText := value.(string)
		switch {
		case raw == nil:
			l.add("missing-field", "")
		case name == "body":
		case !isText:
			l.add("wrong-type", string(raw))
		case want[name] != "" && word != want[name]:
			l.add(map[string]core.Code{"method": OtherMethod, "url": OtherEndpoint}[name], string(raw))
			other = other || name == "url"
		case name == "custom_id" && word == "":
			l.add("too-short", string(raw))
		case name == "custom_id":
			if l.ID = word; seen[word] {
				l.add(DuplicateID, string(raw))
			}
			seen[word] = true
		}
	}
	if body := object["body"]; body != nil {
		if l.Body = string(body); !other {
			l.request(body)
		}
	}
	// Members of other names, and all but the last of each of the four.
	d := json.NewDecoder(bytes.NewReader(text))
	_, _ = d.Token()
	count := map[string]int{}
	for d.More() {
		name, _ := d.Token()
		var value json.RawMessage
		_ = d.Decode(&value)
		count[name.(string)]++
	}
	for name, n := range count {
		if !slices.Contains(envelopeMembers, name) {
			for range n {
				l.add("unknown-field", name)
			}
		}
		for ; slices.Contains(envelopeMembers, name) && n > 1; n-- {
			l.add("duplicate-key", name)
		}
	}
}

// plain is a line of Check in the shape of the reference.
func plain(l *Line) plainLine {
	p := plainLine{l.Number, l.Offset, l.Length, string(l.Text), l.ID, string(l.Body()), nil}
	for _, i := range l.Report.Issues {
		about := string(l.Text[i.Span.Start.Byte:i.Span.End.Byte])
		switch {
		case i.Code == NotJSON, i.Code == core.CodeMissingField && i.Rule == "envelope":
			about = ""
		case i.Rule == "envelope" && (i.Code == core.CodeUnknownField || i.Code == core.CodeDuplicateKey):
			name, _ := json.NewDecoder(strings.NewReader(about)).Token()
			about, _ = name.(string)
		}
		p.Codes = append(p.Codes, fmt.Sprintf("%s %q", i.Code, about))
	}
	slices.Sort(p.Codes)
	return p
}

// pieces are what random files are made of.
var pieces = []string{
	good, goodLine, otherLine, "{}", "[]", "null", "7", `"x"`, "", " ", "\t", "{bad}", good[:20], goodLine[:50], "\ufeff", "灯台",
	`{"model":"m","prompt":"x"}`, `{"model":"m","prompt":["é😀"],"temperature":3}`, `{"model":"m","prompts":["x"],"max_tokens":5}`,
	`{"custom_id":"c","method":"POST","url":"/v1/completions","body":{"model":"m","prompt":"é","n":0,"topP":2,"max_tokens":3}}`,
	`{"custom_id":"\u00e9\"","method":"GET","url":"/v1/completions","body":{"model":"m","prompt":[" "],"max_tokens":3},"é":[{"}":"]"}]}`,
	`{"body":{"messages":[]},"url":"/v1/chat/completions"}`, `{ "custom_id" : 1 , "custom_id" : "d" , "body" : [ ] , "x":tru }`,
	`{"model":"m","prompt":["x"],"max_tokens":5,}`, strings.Repeat("[", 200), "{\"model\":\"\\ud800\",\"prompt\":[\"x\"],\"max_tokens\":5}",
	`{"custom_id":"g","body":` + good + `,"url":"/v1/completions","method":"POST","more":{}}`,
	`{"body":{"model":"m","prompt":["x"],"max_tokens":5 } } `, `{"body":{"model":"m"},"body":` + good + `}`, `{"body":{}}}`, `{"body":}}`,
	`{"custom_id":"e","method":"POST","url":"/v1/completions","body":` + strings.Repeat(" ", 3000) + good + `}`,
	`{"custom_id":"f","method":"POST","url":"/v1/completions","body":{"model":"m","prompt":["x"],"max_tokens":1,"stop":[[1],{"a":"}"}]}}`,
}

func randomFile(random *rand.Rand) []byte {
	var b []byte
	for range random.IntN(40) {
		piece := []byte(pieces[random.IntN(len(pieces))])
		if random.IntN(8) == 0 && len(piece) > 0 { // ASCII, since encoding/json reads what is not UTF-8
			piece[random.IntN(len(piece))] = byte(random.IntN(95) + 32)
			piece = bytes.ToValidUTF8(piece, nil)
		}
		b = append(b, piece...)
		b = append(b, []string{"\n", "\n", "\r\n", "\n\n"}[random.IntN(4)]...)
	}
	return b[:len(b)-min(random.IntN(3), len(b))]
}

// fitful is a reader that brings pieces of any length.
type fitful struct {
	text   []byte
	random *rand.Rand
}

func (f *fitful) Read(p []byte) (int, error) {
	n := min(f.random.IntN(700), len(p), len(f.text))
	copy(p, f.text[:n])
	if f.text = f.text[n:]; len(f.text) == 0 && f.random.IntN(2) == 0 {
		return n, io.EOF
	}
	if n == 0 && len(f.text) == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func TestCheckIsTheReference(t *testing.T) {
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	lines := 0
	for round := range effort.Rounds(1000) {
		input := randomFile(random)
		o := Options{
			Form:    []Form{FormAuto, FormRequests, FormOpenAI}[random.IntN(3)],
			Workers: 1 + random.IntN(4),
			MaxLine: []int{100, 1000, DefaultMaxLine}[random.IntN(3)],
		}
		want := reference(input, o)
		n := 0
		for l, err := range Check(t.Context(), &fitful{input, random}, o) {
			require.NoError(t, err)
			require.Less(t, n, len(want), "seed %d, round %d: %q", seed, round, input)
			require.Equal(t, want[n], plain(&l), "seed %d, round %d: %+v of %q", seed, round, o, input)
			n++
		}
		require.Len(t, want, n, "seed %d, round %d: %q", seed, round, input)
		lines += n
	}
	require.Positive(t, lines)
}

// FuzzSplitter holds the splitter to bytes.Split, whatever the reader brings at a time.
func FuzzSplitter(f *testing.F) {
	f.Add([]byte("a\r\nb\n\nc"), uint64(1), uint16(3))
	f.Add([]byte("\ufeff\r\n\r\r\n \n"), uint64(2), uint16(0))
	f.Add(bytes.Repeat([]byte("xy\n"), 2000), uint64(3), uint16(1))
	f.Fuzz(func(t *testing.T, input []byte, seed uint64, most uint16) {
		s := splitter{r: &fitful{input, rand.New(rand.NewPCG(seed, 0))}, most: int(most)}
		var got []plainLine
		for c := (chunk{}); !c.last; {
			s.next(&c)
			require.NoError(t, c.err)
			require.LessOrEqual(t, len(c.lines), chunkLines)
			for _, l := range c.lines {
				got = append(got, plainLine{Number: l.Number, Offset: l.Offset, Length: l.Length, Text: string(c.text[l.from:l.to])})
			}
		}
		var want []plainLine
		offset := 0
		for n, whole := range strings.Split(string(input), "\n") {
			text := whole
			if offset+len(whole) < len(input) {
				text = strings.TrimSuffix(text, "\r")
			}
			l := plainLine{Number: int64(n + 1), Offset: int64(offset), Length: int64(len(text)), Text: text}
			offset += len(whole) + 1
			if len(text) > int(most) {
				l.Text = ""
			} else if content := text; strings.Trim(strings.TrimPrefix(content, map[bool]string{true: "\ufeff"}[n == 0]), " \t\r") == "" {
				continue
			}
			want = append(want, l)
		}
		require.Equal(t, want, got)
	})
}
