package core

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/completion-playground/playground/internal/effort"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// generous lets every test document through that is not about limits.
var generous = Limits{Depth: 1000, Digits: 4000, Exponent: 4000}.withDefaults()

func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,-0.5e+3,"é\u00e9\ud800",true,false,null],"":{}}`, `[]`, ` "\"\\\/\b\f\n\r\t" `, `[1,]`, `{"a" 1}`, `01`, "\"\x80\"", "\"a\tb\"",
		`"0123456789012345678901234567890123456789é0123456789"`, `[[[[]]],{}]`, typicalRequest,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		var tp tape
		got := tp.scan(src, generous)
		if want := strictJSON(src); got != want && !(want && beyond(src, generous)) {
			t.Fatalf("scan says %v about %q", got, src)
		}
		if got {
			requireTape(t, &tp)
			requireSameValue(t, &tp)
		}
	})
}

func strictJSON(src []byte) bool { return utf8.Valid(src) && json.Valid(src) }

// beyond tells, with a reader of its own, whether a valid document exceeds the limits.
func beyond(src []byte, lim Limits) bool {
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

// requireTape holds the tape to its invariants: spans nested and in order, subtrees adding up.
func requireTape(t *testing.T, tp *tape) {
	t.Helper()
	want := func(ok bool, i uint32, what string) {
		if !ok {
			t.Helper()
			t.Fatalf("node %d of %q: %s", i, tp.src, what)
		}
	}
	for i := range uint32(len(tp.nodes)) {
		v := &tp.nodes[i]
		want(v.start <= v.end && int(v.end) <= len(tp.src), i, "span out of range")
		want(v.next > i && int(v.next) <= len(tp.nodes), i, "subtree out of range")
		here := func(m meaning) bool { return m.node == i }
		want(slices.ContainsFunc(tp.loose, here) == (v.flags&flagLoose != 0), i, "loose text without its flag, or the reverse")
		want(slices.ContainsFunc(tp.looseKeys, here) == (v.flags&flagKeyLoose != 0), i, "loose key without its flag, or the reverse")
		if v.kind != kindArray && v.kind != kindObject {
			want(v.next == i+1 && v.n == 0, i, "a scalar with children")
			continue
		}
		n, place := uint32(0), v.start
		for c := i + 1; c < v.next; c = tp.nodes[c].next {
			child := &tp.nodes[c]
			want((child.keyEnd != 0) == (v.kind == kindObject), c, "a key in an array, or a member without one")
			if v.kind == kindObject {
				want(place <= child.keyStart && child.keyStart <= child.keyEnd, c, "key out of order")
				place = child.keyEnd
			}
			want(place <= child.start && child.end <= v.end, c, "value out of order")
			place = child.end
			n++
		}
		want(n == v.n, i, "children miscounted")
	}
	want(len(tp.nodes) == 0 || int(tp.nodes[0].next) == len(tp.nodes), 0, "nodes outside of the root")
}

// requireSameValue compares the tape with what encoding/json reads.
func requireSameValue(t *testing.T, tp *tape) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(tp.src))
	d.UseNumber()
	var want any
	require.NoError(t, d.Decode(&want))
	require.Equal(t, want, tp.any(0))
	require.True(t, json.Valid(tp.appendJSON(nil, 0)))
	require.Equal(t, !bytes.ContainsFunc(tp.src, func(r rune) bool { return r >= utf8.RuneSelf }), tp.ascii)
}

func TestScanAgreesWithEncodingJSONOnMutations(t *testing.T) {
	t.Parallel()
	rounds := effort.Rounds(20_000)
	r := rand.New(rand.NewPCG(1, 2))
	pieces := []string{`"`, `\`, `{`, `}`, `[`, `]`, `,`, `:`, ` `, "\n", `0`, `-`, `.`, `e`, `é`, "\x80", "\xff", `\u`, `\ud83d`, `true`, `nul`, "\x00", "\x1f", `"",`, `//`}
	seeds := []string{typicalRequest, `[{"a":"bcdefghijklmnopqrstuvwxyz0123456789","é":[1.5e-3,[],{}]},"\u00e9\\\"",[null,true,false,-0]]`}
	var tp tape
	accepted := 0
	for range rounds {
		doc := seeds[r.IntN(len(seeds))]
		for range 1 + r.IntN(2) {
			at := r.IntN(len(doc))
			to := min(len(doc), at+r.IntN(3))
			doc = doc[:at] + pieces[r.IntN(len(pieces))] + doc[to:]
		}
		want := strictJSON([]byte(doc)) && !beyond([]byte(doc), generous)
		if tp.scan([]byte(doc), generous) != want {
			t.Fatalf("want %v for %q", want, doc)
		}
		if want {
			accepted++
			requireTape(t, &tp)
			requireSameValue(t, &tp)
		}
	}
	assert.Greater(t, accepted, rounds/50, "mutations that stay valid")
}

func TestScanKeepsToTheLimits(t *testing.T) {
	lim := Limits{Depth: 3, Digits: 5, Exponent: 20}.withDefaults()
	for src, want := range map[string]bool{
		`[[[1]]]`: true, `[[[[1]]]]`: false, `{"a":{"b":{}}}`: true, `{"a":{"b":{"c":[]}}}`: false, `[[[]],[[]],[[]]]`: true,
		`12345`: true, `123456`: false, `-12.345`: true, `12.3456`: false,
		`1e20`: true, `1e21`: false, `1e-20`: true, `1E-21`: false, `1e+0000000000000000000000020`: true, `1e99999999999999999999`: false,
	} {
		assert.Equal(t, want, new(tape).scan([]byte(src), lim), src)
	}
}

func TestScanAllocatesNothingOnAReusedTape(t *testing.T) {
	var tp tape
	src := []byte(typicalRequest)
	require.True(t, tp.scan(src, generous))
	assert.Zero(t, testing.AllocsPerRun(100, func() { tp.scan(src, generous) }))
}

func TestTapeKnowsPlaces(t *testing.T) {
	var tp tape
	src := `{"model":"m","a/b~c":[10,{"k\u0065y":"v\n"}],"model":"n"}`
	require.True(t, tp.scan([]byte(src), generous))
	for i := range uint32(len(tp.nodes)) {
		p := tp.pointer(i)
		at, ok := tp.at(p)
		require.True(t, ok, p)
		if i == 1 { // the first of two members of one name is shadowed
			assert.Equal(t, "n", tp.text(at))
			continue
		}
		assert.Equal(t, i, at, p)
	}
	at, ok := tp.at("/a~1b~0c/1/key")
	require.True(t, ok)
	assert.Equal(t, "v\n", tp.text(at))
	assert.Equal(t, "key", tp.key(at))
	assert.True(t, tp.keyIs(at, "key"))
	assert.False(t, tp.keyIs(at, "kez"))
	up := tp.parent(at)
	assert.Equal(t, "/a~1b~0c/1", tp.pointer(up))
	assert.Equal(t, "/a~1b~0c", tp.pointer(tp.parent(up)))
	assert.Equal(t, noNode, tp.parent(0))
	assert.Equal(t, `[10,{"k\u0065y":"v\n"}]`, string(tp.appendJSON(nil, tp.parent(up))))
	for _, missing := range []string{"model", "/x", "/a~1b~0c/2", "/a~1b~0c/01", "/a~1b~0c/-", "/model/0", "/a~1b~0c/1/key/x"} {
		_, ok := tp.at(missing)
		assert.False(t, ok, missing)
	}
	_, ok = new(tape).at("")
	assert.False(t, ok, "an empty tape has no root")
}

func TestLoneSurrogatesDecodeToTheReplacementCharacter(t *testing.T) {
	for src, want := range map[string]string{
		`"\ud800"`: "\uFFFD", `"\udc00x"`: "\uFFFDx", `"\ud83d\ude00"`: "😀", `"\uD83D\uD83D\uDE00"`: "\uFFFD😀", `"\ud800\u0041"`: "\uFFFDA", `"\ud800\n"`: "\uFFFD\n",
	} {
		var tp tape
		require.True(t, tp.scan([]byte(src), generous), src)
		assert.Equal(t, want, tp.text(0), src)
	}
}

func TestIntegerToken(t *testing.T) {
	for lit, want := range map[string]string{
		"0": "0", "-0": "0", "-0.0e5": "0", "1": "1", "-12": "-12", "1.0": "1", "1.50e1": "15", "1e2": "100", "10e-1": "1", "100E-2": "1", "-2.500e+3": "-2500",
		"9007199254740993": "9007199254740993", "9007199254740993.00": "9007199254740993", "0.001e3": "1", "0e999": "0",
	} {
		got, ok := integerToken(lit)
		assert.True(t, ok, lit)
		assert.Equal(t, want, got, lit)
	}
	for _, lit := range []string{"0.5", "1e-1", "12.34e1", "1e999999999", "1e99999999999999999999", "15e-1"} {
		_, ok := integerToken(lit)
		assert.False(t, ok, lit)
	}
}

func TestAppendQuotedIsStrictAndFaithful(t *testing.T) {
	for _, s := range []string{"", "plain", "q\"b\\s/", "\x00\x01\x1f\x7f", "\b\f\n\r\t", "é\u2028😀", "bad \xff\xe2\x82 end"} {
		quoted := appendQuoted(nil, s)
		require.True(t, strictJSON(quoted), "%q", quoted)
		var back string
		require.NoError(t, json.Unmarshal(quoted, &back))
		assert.Equal(t, string([]rune(s)), back)
	}
}
