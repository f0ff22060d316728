package client_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/completion-playground/playground/core/client/faulty"
)

// plays hears of the plays of a handler and lets others wait for them.
type plays struct {
	mu     sync.Mutex
	latest map[string]chan faulty.PlayEnd
}

func newPlays() *plays { return &plays{latest: map[string]chan faulty.PlayEnd{}} }

func (p *plays) of(scenario string) chan faulty.PlayEnd {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.latest[scenario] == nil {
		p.latest[scenario] = make(chan faulty.PlayEnd, 100)
	}
	return p.latest[scenario]
}

func (p *plays) notify(play faulty.Play) { p.of(play.Scenario) <- play.State }

// await takes the states of a scenario up to the one wanted.
func (p *plays) await(t *testing.T, scenario string, state faulty.PlayEnd) {
	late := time.After(bound)
	for {
		select {
		case got := <-p.of(scenario):
			if got == state {
				return
			}
		case <-late:
			t.Errorf("%s: the server was not told %q within %v", scenario, state, bound)
			return
		}
	}
}

// connections counts a server's open connections.
type connections struct {
	mu   sync.Mutex
	open map[net.Conn]bool
}

func newConnections() *connections { return &connections{open: map[net.Conn]bool{}} }

func (c *connections) watch(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateNew:
		c.open[conn] = true
	case http.StateClosed, http.StateHijacked:
		delete(c.open, conn)
	}
}

func (c *connections) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.open)
}

// pipes connects a transport with a server for the handler by pipes, which synctest can see through. The function
// returned ends the server.
func pipes(h http.Handler, transport *http.Transport) (*http.Transport, func()) {
	l := pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{Handler: h, Protocols: protocols}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l) // returns when shut
	}()
	transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		near, far := net.Pipe()
		select {
		case l.conns <- far:
			return near, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return transport, func() {
		_ = server.Close()
		<-done
	}
}

type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, errors.New("listener closed")
	}
}

func (l pipeListener) Close() error {
	close(l.closed)
	return nil
}

func (l pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "unix"} }
