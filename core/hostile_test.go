package core

import (
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/completion-playground/playground/core/internal/jsontape"

	"github.com/completion-playground/playground/core/internal/effort"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hostileCase is a text that grows with the number of its items. Those of testdata/hostile.json also run through the
// compiled core, in web/test/wasm/hostile.test.ts.
type hostileCase struct {
	Name  string
	Start string
	Item  string // "@" stands for the item's index
	Join  string
	End   string
	Times int
	Codes []Code // errors among those reported; "*" stands for any, and none means that the text is valid
}

func (c *hostileCase) text(times int) []byte {
	b := []byte(c.Start)
	before, after, numbered := strings.Cut(c.Item, "@")
	for i := range times {
		if i > 0 {
			b = append(b, c.Join...)
		}
		b = append(b, before...)
		if numbered {
			b = append(strconv.AppendInt(b, int64(i), 10), after...)
		}
	}
	return append(b, c.End...)
}

func hostileCases(t *testing.T) []hostileCase {
	text, err := os.ReadFile("testdata/hostile.json")
	require.NoError(t, err)
	var list []hostileCase
	require.NoError(t, json.Unmarshal(text, &list))
	require.NotEmpty(t, list)
	return append(list, // what a JSON file and a JavaScript string cannot hold
		hostileCase{Name: "invalid UTF-8 in a text", Start: `{"model":"m","prompt":["`, Item: "a\xff\xc0\x80", Times: 10_000, End: `"]}`,
			Codes: []Code{CodeInvalidUTF8}},
		hostileCase{Name: "surrogates as UTF-8", Start: `{"model":"m","prompt":["`, Item: "\xed\xa0\x80", Times: 10_000, End: `"]}`,
			Codes: []Code{CodeInvalidUTF8}},
		hostileCase{Name: "invalid UTF-8 between values", Start: `{"model":"m","prompt":["x"],`, Item: "\xff ", Times: 10_000, End: `}`,
			Codes: []Code{"*"}},
		hostileCase{Name: "invalid keys", Start: `{"model":"m","prompt":["x"],`, Item: "\"\xfe@\":1", Join: ",", Times: 10_000, End: `}`,
			Codes: []Code{"*"}},
		hostileCase{Name: "issues below a long key", Start: `{"model":"m","prompt":["x"],"`, Item: "key ", Times: 1 << 18,
			End: `":{` + strings.Repeat(`"a":1,`, 1000) + `"a":1}}`, Codes: []Code{}},
	)
}

// hostileCalls is everything that reads a text.
var hostileCalls = []struct {
	name string
	call func(v *Validator, src []byte)
}{
	{"Check", func(v *Validator, src []byte) { v.Check(src) }},
	{"Inspect", func(v *Validator, src []byte) { n := v.NewInspector(); n.Inspect(src); n.Fields() }},
	{"Valid", func(v *Validator, src []byte) { v.Valid(src) }},
	{"FixAll", func(v *Validator, src []byte) { _, _ = v.FixAll(src) }},
	{"Format", func(v *Validator, src []byte) { _, _ = v.Format(src) }},
}

// Whatever a text holds: it is answered within 64 MB with the right verdict, and four times the text costs about four
// times as much. Run with -v to see the costs.
func TestHostileTexts(t *testing.T) {
	const mostBytes = 64 << 20
	v := Default()
	v.Check([]byte(`{"model":"m","prompt":[1],"temperatur":1}`)) // loads what is loaded once
	for _, c := range hostileCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			src := c.text(c.Times)
			reported := errorCodes(v, src)
			assert.Equal(t, len(c.Codes) == 0, len(reported) == 0, "%v", reported)
			for _, code := range c.Codes {
				assert.True(t, code == "*" || slices.Contains(reported, code), "%s is not among %v", code, reported)
			}
			for _, op := range hostileCalls {
				of := func(src []byte) func() { return func() { op.call(v, src) } }
				if testing.Short() {
					assert.LessOrEqual(t, effort.Measure(of(src)).Bytes, uint64(mostBytes), op.name)
					continue
				}
				cost := effort.RequireLinear(t, op.name, of(c.text(c.Times/4)), of(src)) // four times, as RequireLinear has it
				assert.LessOrEqual(t, cost.Bytes, uint64(mostBytes), op.name)
				t.Logf("%-8s %9d bytes %8.2f ms %8.2f MB", op.name, len(src), cost.Processor.Seconds()*1e3, float64(cost.Bytes)/(1<<20))
				if effort.Deep() || c.Times < 1000 {
					effort.RequireLinear(t, op.name, of(src), of(c.text(4*c.Times)))
				}
			}
		})
	}
}

func errorCodes(v *Validator, src []byte) []Code {
	codes := []Code{}
	for _, i := range v.Check(src).Issues {
		if i.Severity == Error {
			codes = append(codes, i.Code)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// What is refused by a limit is refused before any work is done.
func TestTooLargeCostsNothing(t *testing.T) {
	src := make([]byte, jsontape.Limits{}.WithDefaults().Bytes+1)
	cost := effort.Measure(func() {
		for _, op := range hostileCalls {
			op.call(Default(), src)
		}
	})
	assert.Less(t, cost.Bytes, uint64(1<<20))
	assert.Equal(t, []Code{CodeTooLarge}, errorCodes(Default(), src))
}

// FixAll allocates no more than thirty bytes for each byte of the text in all of its rounds and trials, each of which lets go
// of what the one before took, beyond what the limits on values and issues allow any text. What it returns is bounded by ten.
// No fix of a check holds more than the text it is about.
func TestFixesAreBounded(t *testing.T) {
	const most, allocated = 10, 30
	v := Default()
	for _, c := range hostileCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			times := max(1, (1<<20)/(len(c.Item)+len(c.Join)))
			small, large := c.text(times), c.text(2*times)
			var edits []TextEdit
			var err error
			cost := effort.Measure(func() { edits, err = v.FixAll(large) })
			require.NoError(t, err)
			assert.LessOrEqual(t, int(cost.Bytes), allocated*len(large)+freeGrowth, "bytes allocated")
			assert.LessOrEqual(t, sizeOf(edits), most*len(large), "what FixAll returns")
			for _, i := range v.Check(small).Issues {
				if i.Fix != nil {
					require.LessOrEqual(t, sizeOf(i.Fix.Edits), most*len(small), "a fix of %s", i.Code)
					require.LessOrEqual(t, len(i.Fix.Edits), 4096, "edits of a fix of %s", i.Code)
				}
			}
		})
	}
}

// freeGrowth is what buffers that double may take more where the text doubles.
const freeGrowth = 4 << 20

// sizeOf is about how much edits take in memory or as JSON.
func sizeOf(edits []TextEdit) (size int) {
	for _, e := range edits {
		size += 64 + len(e.Text)
	}
	return size
}
