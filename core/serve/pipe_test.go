package serve

import (
	"io"
	"net"
	"net/http"
	"testing"
)

// servePipe serves one connection, a pipe, and returns its other end. In a synctest bubble its deadlines are those of the
// bubble's time. What the server reads and writes may be changed by wrap.
func servePipe(t *testing.T, h http.Handler, wrap func(net.Conn) net.Conn) net.Conn {
	t.Helper()
	near, far := net.Pipe()
	l := pipeListener{conns: make(chan net.Conn, 1), closed: make(chan struct{})}
	l.conns <- wrap(far)
	server := &http.Server{Handler: h}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(l) // returns when closed
	}()
	t.Cleanup(func() {
		near.Close()
		_ = server.Close()
		<-ended
	})
	return near
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
		return nil, net.ErrClosed
	}
}

func (l pipeListener) Close() error {
	close(l.closed)
	return nil
}

func (l pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "unix"} }

// halfClosed is a connection whose client has said all and ended its side, and still reads.
type halfClosed struct {
	net.Conn
	said io.Reader
}

func (c halfClosed) Read(p []byte) (int, error) { return c.said.Read(p) }
