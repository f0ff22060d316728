package faulty

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
)

// A Server serves a handler on a loopback address, in HTTP/1.1 and, to clients that start with it, in HTTP/2 without
// TLS.
type Server struct {
	URL string // "http://127.0.0.1:1234", without a slash at the end

	http http.Server
	done chan struct{}
}

// Start starts a Server on an address such as "127.0.0.1:0", where port 0 picks a free one. An address that other
// machines could reach is refused. watch, if not nil, is told of each change of a connection's state.
func Start(addr string, h http.Handler, watch func(net.Conn, http.ConnState)) (*Server, error) {
	tcp, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		return nil, err
	}
	if !tcp.IP.IsLoopback() {
		return nil, fmt.Errorf("got address %q, want a loopback address such as 127.0.0.1:0", addr)
	}
	listener, err := net.ListenTCP("tcp", tcp)
	if err != nil {
		return nil, err
	}
	s := &Server{URL: "http://" + listener.Addr().String(), done: make(chan struct{})}
	s.http.Handler = h
	s.http.ConnState = watch
	s.http.Protocols = new(http.Protocols)
	s.http.Protocols.SetHTTP1(true)
	s.http.Protocols.SetUnencryptedHTTP2(true)
	s.http.ErrorLog = log.New(io.Discard, "", 0) // what goes wrong here is meant to
	go func() {
		defer close(s.done)
		_ = s.http.Serve(listener) // returns when Close is called
	}()
	return s, nil
}

// Close ends all connections and waits until nothing is accepted any more.
func (s *Server) Close() error {
	err := s.http.Close()
	<-s.done
	return err
}
