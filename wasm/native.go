//go:build !js || !wasm

// Command wasm is the core as a WebAssembly module; on any other platform there is nothing to run but its tests.
package main

import "log"

func main() { log.Fatal("this program runs in a browser: build it with GOOS=js GOARCH=wasm") }
