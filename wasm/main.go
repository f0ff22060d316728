//go:build js && wasm

// Command wasm is the core as a WebAssembly module: text in, JSON out, no JavaScript values in between. Its caller is
// web/src/core/engine.ts; what the functions do stands in protocol.go.
package main

import (
	"runtime"
	"unsafe"
)

var current = newSession()

// main keeps the instance alive; the work happens in the exported functions.
func main() { select {} }

// settle makes what the first calls would make, and gives back what is no longer needed: the build freezes the instance
// then, and every one in a browser begins there. It is not called otherwise.
//
//go:wasmexport settle
func settle() {
	current.settle()
	for range 3 { // what has a finalizer takes a second collection, what that held a third
		runtime.GC()
	}
}

func address(b []byte) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(b)) }

// reserve_text returns the address of n bytes for a text, 0 if the text is too long.
//
//go:wasmexport reserve_text
func reserveText(n int32) unsafe.Pointer { return address(current.reserveText(int(n))) }

//go:wasmexport commit_text
func commitText(n int32) { current.commitText(int(n)) }

//go:wasmexport splice
func splice(from16, to16, n int32) int32 { return flag(current.splice(int(from16), int(to16), int(n))) }

// reserve_args returns the address of n bytes for arguments.
//
//go:wasmexport reserve_args
func reserveArgs(n int32) unsafe.Pointer { return address(current.reserveArgs(int(n))) }

// result tells of the last result, in the memory that both sides share. The number counts results; a caller that does not
// find the next one knows that the program has ended, whose exported functions still return.
var result struct{ number, address, length uint32 }

//go:wasmexport result_address
func resultAddress() unsafe.Pointer { return unsafe.Pointer(&result) }

func publish(b []byte) {
	result.number++
	result.address, result.length = uint32(uintptr(address(b))), uint32(len(b))
}

// check makes the first n bytes of the reserved buffer the text, unless n is negative, and checks it.
//
//go:wasmexport check
func check(n int32) {
	if n >= 0 {
		current.commitText(int(n))
	}
	publish(current.check())
}

//go:wasmexport members
func members() { publish(current.members()) }

//go:wasmexport body
func body(force int32) { publish(current.body(force != 0)) }

//go:wasmexport profile
func profile(n int32) { publish(current.profile(int(n))) }

//go:wasmexport edit
func edit(n int32) { publish(current.edit(int(n))) }

//go:wasmexport base
func base(n int32) { publish(current.base(int(n))) }

//go:wasmexport build
func build(n int32) { publish(current.build(int(n))) }

//go:wasmexport snippet
func writeSnippet(n int32) { publish(current.snippet(int(n))) }

//go:wasmexport detect
func detectServer(n int32) { publish(current.detect(int(n))) }

//go:wasmexport import
func importText(n int32) { publish(current.importText(int(n))) }

//go:wasmexport compare
func compare(n int32) { publish(current.compare(int(n))) }

//go:wasmexport score
func score(n int32) { publish(current.score(int(n))) }

//go:wasmexport versions
func versions(n int32) { publish(current.versions(int(n))) }

//go:wasmexport probe
func probeServer(n int32) { publish(current.probe(int(n))) }

//go:wasmexport tokens
func tokens(n int32) { publish(current.tokens(int(n))) }

// demo_open takes 64 random bits in two halves.
//
//go:wasmexport demo_open
func demoOpen(n, high, low int32) {
	publish(current.demoOpen(int(n), uint64(uint32(high))<<32|uint64(uint32(low))))
}

//go:wasmexport demo_next
func demoNext(id int32) { publish(current.demoNext(id)) }

//go:wasmexport demo_close
func demoClose(id int32) { current.demoClose(id) }

func flag(b bool) int32 {
	if b {
		return 1
	}
	return 0
}
