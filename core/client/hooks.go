package client

import (
	"context"
	"time"
)

// Hooks are told what a Client does with a request, for traces, metrics and logs. Each may be nil. They are called by the
// goroutine that ranges over the answer, in the order in which they stand here, with the context that the caller gave, and
// hold it up as long as they take. A Client that is used by several goroutines calls them from each.
//
// None is given a key, the value of an own header, the prompt, or a word of the answer's text. What a server says in an
// error is in Err, without the key, and may repeat a part of the prompt.
//
// They are for Client.Complete, Client.Stream, Client.StreamBody and what uses these.
type Hooks struct {
	// Request is called before each attempt to send.
	Request func(context.Context, RequestInfo)
	// Headers is called when the status and the headers of an answer are there, once an attempt.
	Headers func(context.Context, HeadersInfo)
	// FirstByte is called when the first bytes of the body of a successful answer are there, at most once.
	FirstByte func(context.Context, FirstByteInfo)
	// Event is called for each event of a stream before it is read, and once for an answer in one piece.
	Event func(context.Context, EventInfo)
	// Retry is called before the wait for another attempt. See Retry.
	Retry func(context.Context, RetryInfo)
	// End is called once for each request, also where the caller breaks out of the loop and where nothing could be sent.
	End func(context.Context, EndInfo)
}

// RequestInfo is an attempt to send.
type RequestInfo struct {
	Attempt int // from 1
	Method  string
	URL     string // without anything that grants access
	Bytes   int    // of the body
	Stream  bool   // whether a stream is asked for
}

// HeadersInfo is the beginning of an answer.
type HeadersInfo struct {
	Attempt int
	Status  int
	Type    string // Content-Type in lower case
	// RequestID is the server's own name for the request, the header X-Request-Id, "" if it gives none. It is cut at 200
	// UTF-16 units.
	RequestID string
}

// FirstByteInfo is the arrival of the first bytes.
type FirstByteInfo struct {
	Attempt int
	Bytes   int // that came at once
}

// EventInfo is an event.
type EventInfo struct {
	Number int    // from 1
	Name   string // as in Event, "" for most
	Bytes  int    // of its data
}

// RetryInfo is an attempt that failed and will be followed by another.
type RetryInfo struct {
	Attempt int   // that failed
	Err     error // as it would have been returned
	Pause   time.Duration
}

// EndInfo is the end of a request.
type EndInfo struct {
	Attempts int // that were made; 0 where nothing could be sent
	End      End
	Err      error // as it is returned; nil for a complete answer and one that was left
	Events   int
	Chunks   int    // that were handed out
	Usage    *Usage // nil if the server did not count
}

// tell calls a hook.
func tell[E any](a *answer, hook func(context.Context, E), e E) {
	if hook != nil {
		hook(a.ctx, e)
	}
}
