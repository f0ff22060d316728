package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"
)

// keyVariable names the environment variable with the upstream's key. It is no flag, because other users of a machine
// can read a process's arguments.
const keyVariable = "PLAYGROUND_KEY"

// defaultAddr has a port that no server of the page's list and no profile has, so that the address of one never means
// this server. A test holds it to that.
const defaultAddr = "127.0.0.1:7420"

func runServe(ctx context.Context, p *project, args []string) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	addr := flags.String("addr", defaultAddr, "address to listen on")
	upstream := flags.String("upstream", "", "base URL such as https://api.example.com/v1: forward /v1 there with the key in $"+keyVariable)
	expose := flags.Bool("expose", false, "let other machines use the gateway when -addr is not a loopback address")
	embed := flags.String("embed", "", "origin of a site such as https://docs.example.com whose pages may load the element from here")
	if err := flags.Parse(args); err != nil {
		return err
	}
	api := demoAPI()
	var transform func(string) string
	if *upstream != "" {
		base, err := parseUpstream(*upstream)
		if err != nil {
			return err
		}
		if !loopback(*addr) && !*expose {
			return fmt.Errorf("with -upstream everybody who reaches %s would use your key; add -expose to want that", *addr)
		}
		api = newGateway(base, os.Getenv(keyVariable))
		transform = func(html string) string { return markGateway(html, base.Host) }
	}
	files, err := loadSite(p.path("web", "dist"), transform)
	if err != nil {
		return err
	}
	var pages http.Handler = files
	if *embed != "" {
		origin, err := parseOrigin(*embed)
		if err != nil {
			return err
		}
		pages = embeddable(origin, files)
	}
	listener, err := listen(ctx, *addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "serving the playground at http://%s\n", listener.Addr())
	if *upstream != "" {
		fmt.Fprintf(p.out, "forwarding /v1 to %s\n", *upstream)
	}
	return serve(ctx, listener, newServer(*addr, pages, api))
}

// newServer puts the page, the API and the checks that concern both together.
func newServer(addr string, pages, api http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", pages)
	mux.Handle("/v1/", api)
	mux.Handle("/v1", api)
	return safeHeaders(knownHosts(addr, plainPaths(bodyPace.wrap(mux))))
}

// plainPaths refuses paths that mean one thing to one server and another to the next: with encoded dots, slashes or
// backslashes, or with steps up.
func plainPaths(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.ToLower(r.URL.EscapedPath())
		for _, part := range []string{"%2e", "%2f", "%5c", "%00", `\`, "/../", "/./"} {
			if strings.Contains(path+"/", part) {
				apiError(w, http.StatusBadRequest, "bad_path", "the path has a dot or a slash in it that is not plainly one")
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// listen opens the address and puts what commonly goes wrong into plain words.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is in use by another program; choose another address, for example make run ADDR=127.0.0.1:7421", addr)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("not allowed to listen on %s; ports below 1024 need privileges", addr)
	case err != nil:
		return nil, fmt.Errorf("cannot listen on %s: %w", addr, err)
	}
	return l, nil
}

// serve answers requests until ctx ends, and then gives running answers a moment to finish.
func serve(ctx context.Context, l net.Listener, h http.Handler) error {
	s := &http.Server{
		Handler: h,
		// No WriteTimeout: an answer streams for as long as the model writes.
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := s.Shutdown(grace); err != nil {
		return s.Close() // a stream that is still running is cut
	}
	return nil
}

// knownHosts refuses requests whose Host is a name that some other site could have pointed at this machine (DNS
// rebinding). An attacker's page needs a name of its own for that, so addresses, localhost and the name this server was
// started with are safe.
func knownHosts(addr string, next http.Handler) http.Handler {
	own, _, _ := net.SplitHostPort(addr)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := hostname(r.Host)
		if _, err := netip.ParseAddr(host); err != nil && host != "localhost" && (own == "" || host != own) {
			apiError(w, http.StatusForbidden, "host_not_allowed", fmt.Sprintf("this server does not answer for host %q; use its address or localhost", shorten(r.Host)))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hostname takes the port and IPv6 brackets off a Host header.
func hostname(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return strings.ToLower(host)
	}
	return strings.ToLower(strings.Trim(hostport, "[]"))
}

// loopback reports whether addr can only be reached from this machine.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// shorten cuts what a stranger sent to a length fit for a message.
func shorten(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}

// parseUpstream reads a base URL. A path is kept; "https://host" and "https://host/v1" mean the same.
func parseUpstream(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https"):
		return nil, fmt.Errorf("-upstream wants a base URL such as https://api.example.com/v1, got %q", shorten(raw))
	case u.User != nil:
		return nil, fmt.Errorf("-upstream must not carry a name or password; put the key into $%s", keyVariable)
	case u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("-upstream wants a base URL without query and fragment")
	}
	u.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), "/v1")
	u.RawPath = ""
	return u, nil
}
