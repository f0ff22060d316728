package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/completion-playground/playground/core"
)

// hostile is a family of texts, each with more items than the last. The tests of package core hold it to bounds.
type hostile struct {
	Name  string
	Start string
	Item  string // "@" stands for the item's index
	Join  string
	End   string
}

// hostileFamilies reads those of the core's tests, which stand beside this module in the checkout.
func hostileFamilies() (list []hostile, err error) {
	text, err := os.ReadFile(filepath.Join("..", "..", "core", "testdata", "hostile.json"))
	if err == nil {
		err = json.Unmarshal(text, &list)
	}
	return list, err
}

// text returns a text of about size bytes.
func (h *hostile) text(size int) []byte {
	var b strings.Builder
	b.WriteString(h.Start)
	for i := 0; b.Len() < size; i++ {
		if i > 0 {
			b.WriteString(h.Join)
		}
		b.WriteString(strings.ReplaceAll(h.Item, "@", strconv.Itoa(i)))
	}
	b.WriteString(h.End)
	return []byte(b.String())
}

// measureHostile prints what FixAll costs on 1 MB of each family, and how many times that on 2 MB.
func measureHostile() error {
	families, err := hostileFamilies()
	if err != nil {
		return err
	}
	v := core.Default()
	fmt.Printf("\n### FixAll, 1 MB of each hostile family\n\n| | time | × for 2 MB | bytes allocated for each | edits |\n|---|--:|--:|--:|--:|\n")
	for _, h := range families {
		small, large := h.text(1_000_000), h.text(2_000_000)
		edits, err := v.FixAll(small)
		if err != nil {
			return err
		}
		took := fastestFixAll(v, small)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := v.FixAll(small); err != nil {
			return err
		}
		runtime.ReadMemStats(&after)
		each := float64(after.TotalAlloc-before.TotalAlloc) / float64(len(small))
		fmt.Printf("| %s | %s | %.1f | %.1f | %d |\n", h.Name, readable(took), float64(fastestFixAll(v, large))/float64(took), each, len(edits))
	}
	return nil
}

// fastestFixAll returns the time of the fastest of a few.
func fastestFixAll(v *core.Validator, text []byte) time.Duration {
	fastest := time.Hour
	for range 3 {
		runtime.GC()
		start := time.Now()
		_, _ = v.FixAll(text)
		fastest = min(fastest, time.Since(start))
	}
	return fastest
}
