package jsontape_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/effort"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/jsontape/tapetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// generous lets every test document through that is not about limits.
var generous = jsontape.Limits{Depth: 1000, Digits: 4000, Exponent: 4000}.WithDefaults()

func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,-0.5e+3,"é\u00e9\ud800",true,false,null],"":{}}`, `[]`, ` "\"\\\/\b\f\n\r\t" `, `[1,]`, `{"a" 1}`, `01`, "\"\x80\"", "\"a\tb\"",
		`"0123456789012345678901234567890123456789é0123456789"`, `[[[[]]],{}]`, tapetest.TypicalRequest,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		var tp jsontape.Tape
		got := tp.Scan(src, generous)
		if want := strictJSON(src); got != want && !(want && beyond(src, generous)) {
			t.Fatalf("scan says %v about %q", got, src)
		}
		if got {
			tapetest.Require(t, &tp)
			requireSameValue(t, &tp)
		}
	})
}

func strictJSON(src []byte) bool { return utf8.Valid(src) && json.Valid(src) }

// beyond tells, with a reader of its own, whether a valid document exceeds the limits.
func beyond(src []byte, lim jsontape.Limits) bool {
	d := json.NewDecoder(bytes.NewReader(src))
	d.UseNumber()
	depth := 0
	for {
		token, err := d.Token()
		if err != nil {
			return false
		}
		switch v := token.(type) {
		case json.Delim:
			if depth--; v == '{' || v == '[' {
				depth += 2
			}
			if depth > lim.Depth {
				return true
			}
		case json.Number:
			mantissa, exponent, _ := strings.Cut(strings.ToLower(v.String()), "e")
			if len(strings.Trim(mantissa, "-")) > lim.Digits || len(strings.TrimLeft(exponent, "+-0")) > 3 {
				return true
			}
		}
	}
}

// requireSameValue compares the jsontape.Tape with what encoding/json reads.
func requireSameValue(t *testing.T, tp *jsontape.Tape) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(tp.Src))
	d.UseNumber()
	var want any
	require.NoError(t, d.Decode(&want))
	require.Equal(t, want, tp.Value(0))
	require.True(t, json.Valid(tp.AppendJSON(nil, 0)))
	require.Equal(t, !bytes.ContainsFunc(tp.Src, func(r rune) bool { return r >= utf8.RuneSelf }), tp.ASCII)
}

func TestScanAgreesWithEncodingJSONOnMutations(t *testing.T) {
	t.Parallel()
	rounds := effort.Rounds(20_000)
	r := rand.New(rand.NewPCG(1, 2))
	pieces := []string{`"`, `\`, `{`, `}`, `[`, `]`, `,`, `:`, ` `, "\n", `0`, `-`, `.`, `e`, `é`, "\x80", "\xff", `\u`, `\ud83d`, `true`, `nul`, "\x00", "\x1f", `"",`, `//`}
	seeds := []string{tapetest.TypicalRequest, `[{"a":"bcdefghijklmnopqrstuvwxyz0123456789","é":[1.5e-3,[],{}]},"\u00e9\\\"",[null,true,false,-0]]`}
	var tp jsontape.Tape
	accepted := 0
	for range rounds {
		doc := seeds[r.IntN(len(seeds))]
		for range 1 + r.IntN(2) {
			at := r.IntN(len(doc))
			to := min(len(doc), at+r.IntN(3))
			doc = doc[:at] + pieces[r.IntN(len(pieces))] + doc[to:]
		}
		want := strictJSON([]byte(doc)) && !beyond([]byte(doc), generous)
		if tp.Scan([]byte(doc), generous) != want {
			t.Fatalf("want %v for %q", want, doc)
		}
		if want {
			accepted++
			tapetest.Require(t, &tp)
			requireSameValue(t, &tp)
		}
	}
	assert.Greater(t, accepted, rounds/50, "mutations that stay valid")
}

func TestScanKeepsToTheLimits(t *testing.T) {
	lim := jsontape.Limits{Depth: 3, Digits: 5, Exponent: 20}.WithDefaults()
	for src, want := range map[string]bool{
		`[[[1]]]`: true, `[[[[1]]]]`: false, `{"a":{"b":{}}}`: true, `{"a":{"b":{"c":[]}}}`: false, `[[[]],[[]],[[]]]`: true,
		`12345`: true, `123456`: false, `-12.345`: true, `12.3456`: false,
		`1e20`: true, `1e21`: false, `1e-20`: true, `1E-21`: false, `1e+0000000000000000000000020`: true, `1e99999999999999999999`: false,
	} {
		assert.Equal(t, want, new(jsontape.Tape).Scan([]byte(src), lim), src)
	}
}

func TestScanAllocatesNothingOnAReusedTape(t *testing.T) {
	var tp jsontape.Tape
	src := []byte(tapetest.TypicalRequest)
	require.True(t, tp.Scan(src, generous))
	assert.Zero(t, testing.AllocsPerRun(100, func() { tp.Scan(src, generous) }))
}

func TestTapeKnowsPlaces(t *testing.T) {
	var tp jsontape.Tape
	src := `{"model":"m","a/b~c":[10,{"k\u0065y":"v\n"}],"model":"n"}`
	require.True(t, tp.Scan([]byte(src), generous))
	for i := range uint32(len(tp.Nodes)) {
		p := tp.Pointer(i)
		at, ok := tp.At(p)
		require.True(t, ok, p)
		if i == 1 { // the first of two members of one name is shadowed
			assert.Equal(t, "n", tp.Text(at))
			continue
		}
		assert.Equal(t, i, at, p)
	}
	at, ok := tp.At("/a~1b~0c/1/key")
	require.True(t, ok)
	assert.Equal(t, "v\n", tp.Text(at))
	assert.Equal(t, "key", tp.Key(at))
	assert.True(t, tp.KeyIs(at, "key"))
	assert.False(t, tp.KeyIs(at, "kez"))
	up := tp.Parent(at)
	assert.Equal(t, "/a~1b~0c/1", tp.Pointer(up))
	assert.Equal(t, "/a~1b~0c", tp.Pointer(tp.Parent(up)))
	assert.Equal(t, jsontape.NoNode, tp.Parent(0))
	assert.Equal(t, `[10,{"k\u0065y":"v\n"}]`, string(tp.AppendJSON(nil, tp.Parent(up))))
	for _, missing := range []string{"model", "/x", "/a~1b~0c/2", "/a~1b~0c/01", "/a~1b~0c/-", "/model/0", "/a~1b~0c/1/key/x"} {
		_, ok := tp.At(missing)
		assert.False(t, ok, missing)
	}
	_, ok = new(jsontape.Tape).At("")
	assert.False(t, ok, "an empty jsontape.Tape has no root")
}

func TestLoneSurrogatesDecodeToTheReplacementCharacter(t *testing.T) {
	for src, want := range map[string]string{
		`"\ud800"`: "\uFFFD", `"\udc00x"`: "\uFFFDx", `"\ud83d\ude00"`: "😀", `"\uD83D\uD83D\uDE00"`: "\uFFFD😀", `"\ud800\u0041"`: "\uFFFDA", `"\ud800\n"`: "\uFFFD\n",
	} {
		var tp jsontape.Tape
		require.True(t, tp.Scan([]byte(src), generous), src)
		assert.Equal(t, want, tp.Text(0), src)
	}
}

func TestIntegerToken(t *testing.T) {
	for lit, want := range map[string]string{
		"0": "0", "-0": "0", "-0.0e5": "0", "1": "1", "-12": "-12", "1.0": "1", "1.50e1": "15", "1e2": "100", "10e-1": "1", "100E-2": "1", "-2.500e+3": "-2500",
		"9007199254740993": "9007199254740993", "9007199254740993.00": "9007199254740993", "0.001e3": "1", "0e999": "0",
	} {
		got, ok := jsontape.IntegerToken(lit)
		assert.True(t, ok, lit)
		assert.Equal(t, want, got, lit)
	}
	for _, lit := range []string{"0.5", "1e-1", "12.34e1", "1e999999999", "1e99999999999999999999", "15e-1"} {
		_, ok := jsontape.IntegerToken(lit)
		assert.False(t, ok, lit)
	}
}

func TestAppendQuotedIsStrictAndFaithful(t *testing.T) {
	for _, s := range []string{"", "plain", "q\"b\\s/", "\x00\x01\x1f\x7f", "\b\f\n\r\t", "é\u2028😀", "bad \xff\xe2\x82 end"} {
		quoted := jsontape.AppendQuoted(nil, s)
		require.True(t, strictJSON(quoted), "%q", quoted)
		var back string
		require.NoError(t, json.Unmarshal(quoted, &back))
		assert.Equal(t, string([]rune(s)), back)
	}
}
