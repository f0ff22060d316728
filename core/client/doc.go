// Package client sends text-completion requests from Go programs and reads the answers of the servers that speak
// OpenAI's POST /v1/completions: OpenAI, Atoma, vLLM, llama.cpp, Ollama, SGLang, TGI, Together, Fireworks, OpenRouter
// and the relays in front of them.
//
// A [Client] turns a [core.CompletionRequest], or a body that is built already, into an HTTP request and hands out the
// answer, whole or as a sequence of chunks:
//
//	c := client.Client{Endpoint: core.Endpoint{Base: "https://api.example.com", Key: core.NewSecret(key)}}
//	for chunk, err := range c.Stream(ctx, req) {
//		if err != nil {
//			return err
//		}
//		for _, choice := range chunk.Choices {
//			fmt.Print(choice.Text)
//		}
//	}
//
// # Terms
//
// An answer is streamed as events, each of which carries a chunk. A chunk adds a delta to one or more choices, which
// are the texts that the server makes and are told apart by their index; chunks of several choices come interleaved.
// The sum of all chunks is a completion, which an [Accumulator] builds.
//
// # How an answer ends
//
// Servers do not agree on the end of a stream. Atoma never sends the marker [DONE]; vLLM sends it even after a
// failure; relays end properly when what they relay has died. An answer is therefore
//
//   - failed, if the server reports an error at any time, even in an event named error after [DONE], if a choice
//     finishes with a word for being given up, or if the connection breaks before each choice that was asked for has a
//     finish reason;
//   - complete, if [DONE] arrives, or the stream ends and each choice that was asked for has a finish reason;
//   - empty, if the stream ends and neither text, reasoning nor a finish reason has come;
//   - ended early, if it ends in any other way;
//   - stopped, if the caller breaks out of the loop or ends the context.
//
// A complete answer gives no error, a part of one keeps the chunks that came before the error. After [DONE] the Client
// reads on for at most half a second, for the error that some routers send last; a server that closes its stream ends
// that wait at once.
//
// # What is odd and what is wrong
//
// What can be read is read, and what is peculiar about it is told in a [Note]: events that are no JSON object are
// skipped; NaN and Infinity, which JSON does not have, are numbers all the same; JSON objects in lines of their own
// count as events; halves of characters in two chunks are put together; a number that is none costs itself alone. What
// may have cost text is an error. [Explain] tells in words what an error means and what to do about it, in the light of
// what is known about a kind of server. The sentences, limits and words for finish reasons are data in package schema,
// which the playground's page reads too.
//
// # What is sent
//
// The headers are those of [core.Build], Authorization, Content-Type and Accept, and what package net/http adds to
// every request. Redirects are reported, not followed; no cookie is kept; nothing is sent a second time unless [Retry]
// asks for it, and then only before anything has come. The key is in no error and reaches none of the [Hooks], even if the
// server echoes it.
package client
