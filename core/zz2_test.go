package core

import (
	"fmt"
	"testing"
	"unsafe"
)

func TestZZ(t *testing.T) {
	fmt.Println(unsafe.Sizeof(CompletionRequest{}), unsafe.Sizeof(Report{}), unsafe.Sizeof(given{}), unsafe.Sizeof(node{}))
}
func BenchmarkNewReq(b *testing.B) {
	for b.Loop() {
		sinkR = &CompletionRequest{}
	}
}

var sinkR *CompletionRequest

func BenchmarkReqOnly(b *testing.B) {
	w := Default().begin(benchRequest, Hint)
	for b.Loop() {
		sinkR = w.request()
	}
}
func BenchmarkRules(b *testing.B) {
	w := Default().begin(benchRequest, Hint)
	for b.Loop() {
		w.applyRules()
	}
}
func BenchmarkCanon(b *testing.B) {
	w := Default().begin(benchRequest, Hint)
	for b.Loop() {
		clear(w.given)
		w.extras = w.extras[:0]
		w.doubt = w.doubt[:0]
		w.canonicalize()
	}
}
func BenchmarkScanOnly(b *testing.B) {
	w := Default().begin(benchRequest, Hint)
	for b.Loop() {
		w.t.scan(benchRequest, *w.limits)
	}
}
func BenchmarkBegin(b *testing.B) {
	for b.Loop() {
		w := Default().begin(benchRequest, Hint)
		w.v.end(w)
	}
}
func BenchmarkBeginV(b *testing.B) {
	for b.Loop() {
		w := Default().begin(benchRequest, Error)
		w.v.end(w)
	}
}
