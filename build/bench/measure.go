package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

const (
	rounds = 7
	sample = 40 * time.Millisecond // about what one sample of one peer takes
)

// result is one peer on one input.
type result struct {
	peer          string
	time          time.Duration // median over the rounds
	ratio         float64       // median of how many times core Check's time it took in the same round
	allocs, bytes uint64
}

// measure prints one table for each input whose name contains only. The texts of all inputs are alive meanwhile, so that
// the garbage collector has as little to do as in a program at work; for the first of them also before, when it runs
// every four megabytes.
func measure(only string) error {
	fmt.Printf("%s, %s/%s, %s, %d CPUs\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, processor(), runtime.NumCPU())
	for _, dep := range dependencies() {
		fmt.Printf("%s\n", dep)
	}
	list := inputs()
	if strings.Contains(list[0].name, only) {
		if err := measureOne(list[0], list[0].text(), ", in an otherwise empty heap"); err != nil {
			return err
		}
	}
	texts := make([][]byte, len(list))
	for i, in := range list {
		texts[i] = in.text()
	}
	for i, in := range list {
		if strings.Contains(in.name, only) {
			if err := measureOne(in, texts[i], ""); err != nil {
				return err
			}
		}
	}
	runtime.KeepAlive(texts)
	if strings.Contains("hostile", only) {
		return measureHostile()
	}
	return nil
}

func measureOne(in input, text []byte, where string) error {
	list, err := peers(in.profile)
	if err != nil {
		return err
	}
	for _, p := range list {
		if !p.lenient && p.check(text) != in.valid {
			return fmt.Errorf("%s gives the wrong verdict on %s", p.name, in.name)
		}
	}
	fmt.Printf("\n### %s (%d bytes)%s\n\n| | time | × core Check | MiB/s | allocations | bytes |\n|---|--:|--:|--:|--:|--:|\n", in.title, len(text), where)
	for _, r := range compare(list, text) {
		speed := float64(len(text)) / (1 << 20) / r.time.Seconds()
		fmt.Printf("| %s | %s | %.2f | %.0f | %d | %d |\n", r.peer, readable(r.time), r.ratio, speed, r.allocs, r.bytes)
	}
	return nil
}

// compare lets the peers take turns, so that what else the machine does falls on all of them, and takes ratios within
// a turn.
func compare(list []peer, text []byte) []result {
	repeats := make([]int, len(list))
	results := make([]result, len(list))
	times := make([][]time.Duration, len(list))
	for i, p := range list {
		p.check(text) // first calls fill pools and caches
		repeats[i] = repeatsFor(p, text)
		results[i].peer = p.name
		results[i].allocs, results[i].bytes = allocations(p, text)
	}
	for range rounds {
		for i, p := range list {
			runtime.GC()                   // nobody pays for the garbage of the one before,
			clock(p, text, repeats[i]/2+1) // nor for the memory that went back to the system with it
			times[i] = append(times[i], clock(p, text, repeats[i]))
		}
	}
	for i := range results {
		ratios := make([]float64, rounds)
		for k := range ratios {
			ratios[k] = float64(times[i][k]) / float64(times[0][k])
		}
		slices.Sort(ratios)
		slices.Sort(times[i])
		results[i].ratio, results[i].time = ratios[rounds/2], times[i][rounds/2]
	}
	return results
}

// repeatsFor returns how many checks take as long as a sample.
func repeatsFor(p peer, text []byte) int {
	for n := 1; ; n *= 2 {
		if once := clock(p, text, n); once*time.Duration(n) >= sample/4 {
			return int(sample/once) + 1
		}
	}
}

// clock returns the time of one of n checks.
func clock(p peer, text []byte, n int) time.Duration {
	start := time.Now()
	for range n {
		p.check(text)
	}
	return time.Since(start) / time.Duration(n)
}

// allocations returns what one check allocates, as the mean of a few without a collection between them.
func allocations(p peer, text []byte) (allocs, bytes uint64) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	n := uint64(10)
	if len(text) > 1<<20 {
		n = 1
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range n {
		p.check(text)
	}
	runtime.ReadMemStats(&after)
	return (after.Mallocs - before.Mallocs) / n, (after.TotalAlloc - before.TotalAlloc) / n
}

func readable(d time.Duration) string {
	switch {
	case d < 10*time.Microsecond:
		return fmt.Sprintf("%d ns", d.Nanoseconds())
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f µs", float64(d.Nanoseconds())/1e3)
	}
	return fmt.Sprintf("%.1f ms", float64(d.Nanoseconds())/1e6)
}

// processor names the CPU where the system tells.
func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				return strings.TrimSpace(value)
			}
		}
	}
	return "unknown CPU"
}

// dependencies lists the compared modules with their versions.
func dependencies() []string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	var list []string
	for _, m := range info.Deps {
		if strings.Contains(m.Path, "jsonschema") {
			list = append(list, m.Path+" "+m.Version)
		}
	}
	return list
}
