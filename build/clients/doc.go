// Package clients holds the clients that people use against the demo server, in a module of its own, so that the
// library's go.mod lists what the library needs. "make test STEP=clients" runs it: openai-go and go-openai here, OpenAI's
// package, LangChain's class OpenAI and ai with its openai-compatible provider in Node, OpenAI's package in Python.
//
// Each client carries out each case. What it sent is noted on the way and sent once more by package core/client, and the
// two answers have to be the same: texts, finish reasons, log probabilities, counts and errors. Where a client sends or
// reads otherwise, differences_test.go says what and why, and a difference that is gone fails as one that is new does.
package clients
