package core

import (
	"encoding/json"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hostileCase is one entry of testdata/hostile.json: a text that grows with the number of its items. The same file is
// read by web/test/wasm/hostile.test.ts.
type hostileCase struct {
	Name, Start, Item, Join, End string
	Times                        int
	Codes                        []string
}

func (c hostileCase) text(times int) []byte {
	var b strings.Builder
	b.WriteString(c.Start)
	for i := range times {
		if i > 0 {
			b.WriteString(c.Join)
		}
		b.WriteString(strings.ReplaceAll(c.Item, "@", strconv.Itoa(i)))
	}
	b.WriteString(c.End)
	return []byte(b.String())
}

func hostileCases(t *testing.T) (list []hostileCase) {
	text, err := os.ReadFile("testdata/hostile.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &list))
	return list
}

func TestExplore(t *testing.T) {
	v := Default()
	for _, c := range hostileCases(t) {
		if os.Getenv("FROM") > "" { if c.Name == os.Getenv("FROM") { os.Setenv("FROM","") } else { continue } }
		for _, times := range []int{c.Times, 2 * c.Times} {
			src := c.text(times)
			line := ""
			for _, op := range []struct {
				n string
				f func()
			}{{"check", func() { v.Check(src) }}, {"inspect", func() { v.Inspect(src) }}, {"valid", func() { v.Valid(src) }},
				{"fixall", func() { v.FixAll(src) }}, {"format", func() { v.Format(src) }}} {
				var a, b runtime.MemStats
				runtime.ReadMemStats(&a)
				s := time.Now()
				op.f()
				d := time.Since(s)
				runtime.ReadMemStats(&b)
				line += " " + op.n + "=" + strconv.FormatFloat(float64(d.Microseconds())/1000, 'f', 1, 64) + "ms/" + strconv.Itoa(int((b.TotalAlloc-a.TotalAlloc)>>20)) + "MB"
			}
			if times == c.Times {
				codes := map[Code]bool{}
				for _, i := range v.Check(src).Issues {
					if i.Severity == Error {
						codes[i.Code] = true
					}
				}
				t.Logf("%s: %v", c.Name, codes)
			}
			t.Logf("   %8d%s", len(src), line)
		}
	}
	_ = assert.Equal
}
