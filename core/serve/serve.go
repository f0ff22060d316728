// Package serve serves the built page, the demo model and a gateway to a real server, on one address.
//
// It is what "make run" and "completions serve" run. The gateway adds the key of the upstream to what it forwards, and masks it
// in what comes back, so that no browser has it. Every answer carries the headers that keep the page safe; requests that name
// another host, or mean a path that is not plainly one, are refused; bodies are bounded in size and in how slowly they may come.
package serve

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// KeyVariable names the environment variable with the upstream's key. It is no flag, because other users of a machine
// can read a process's arguments.
const KeyVariable = "PLAYGROUND_KEY"

// DefaultAddr has a port that no server of the page's list and no profile has, so that the address of one never means
// this server. A test holds it to that.
const DefaultAddr = "127.0.0.1:7420"

// Options say what is served. The zero value is the demo model without a page, on DefaultAddr.
type Options struct {
	// Addr is the address to listen on; "" is DefaultAddr.
	Addr string
	// Upstream is the base URL of a server that /v1 is forwarded to; "" is none, and the demo model answers.
	Upstream string
	// Key goes to the upstream. The page never has it.
	Key string
	// Expose lets other machines use the gateway. Without it, Upstream takes a loopback address.
	Expose bool
	// Embed is the origin of a site whose pages may load the element from here; "" for none.
	Embed string
	// Files are the built page's, by name, with their compressed copies; nil where there is none, which is then said.
	Files map[string][]byte
}

// Flags adds a flag for each option that is the person's to choose.
func (o *Options) Flags(flags *flag.FlagSet) {
	flags.StringVar(&o.Addr, "addr", DefaultAddr, "`address` to listen on")
	flags.StringVar(&o.Upstream, "upstream", "", "base `URL` such as https://api.example.com/v1: forward /v1 there with the key in $"+KeyVariable)
	flags.BoolVar(&o.Expose, "expose", false, "let other machines use the gateway when -addr is not a loopback address")
	flags.StringVar(&o.Embed, "embed", "", "`origin` of a site such as https://docs.example.com whose pages may load the element from here")
}

// Misuse is the error of options that cannot be served as they are, and not of what happened when they were.
type Misuse struct{ error }

// Run serves until ctx ends, and tells out where. The error is one for people: a [Misuse] where the options are to blame.
func Run(ctx context.Context, out io.Writer, o Options) error {
	if o.Addr == "" {
		o.Addr = DefaultAddr
	}
	api := Demo()
	var transform func(string) string
	if o.Upstream != "" {
		base, err := parseUpstream(o.Upstream)
		if err != nil {
			return Misuse{err}
		}
		if !loopback(o.Addr) && !o.Expose {
			return Misuse{fmt.Errorf("with -upstream everybody who reaches %s would use your key; add -expose to want that", o.Addr)}
		}
		api = newGateway(base, o.Key)
		transform = func(html string) string { return markGateway(html, base.Host) }
	}
	pages, what := http.Handler(http.HandlerFunc(noPage)), "the API, without the page,"
	if o.Files != nil {
		site, err := NewSite(o.Files, transform)
		if err != nil {
			return err
		}
		pages, what = site, "the playground"
	}
	if o.Embed != "" {
		origin, err := parseOrigin(o.Embed)
		if err != nil {
			return Misuse{err}
		}
		pages = embeddable(origin, pages)
	}
	listener, err := Listen(ctx, o.Addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "serving %s at http://%s\n", what, listener.Addr())
	if o.Upstream != "" {
		fmt.Fprintf(out, "forwarding /v1 to %s\n", o.Upstream)
	}
	return Until(ctx, listener, Handler(o.Addr, pages, api))
}

// noPage stands in the place of a page that is not there.
func noPage(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, NoPage)
}

// NoPage is what a server without the page says at "/".
const NoPage = `This server has the API, POST /v1/completions and GET /v1/models, and not the page.

To have the page, clone https://github.com/completion-playground/playground and run
"make run", or "make dist", which makes one program with the page in it.
`

// Handler puts the page, the API and the checks that concern both together.
func Handler(addr string, pages, api http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", pages)
	mux.Handle("/v1/", api)
	mux.Handle("/v1", api)
	return safeHeaders(Guard(addr, bodyPace.wrap(mux)))
}

// Guard lets only those requests through that name this server, listening on addr, and a plain path.
func Guard(addr string, next http.Handler) http.Handler { return knownHosts(addr, plainPaths(next)) }

// plainPaths refuses paths that mean one thing to one server and another to the next: with encoded dots, slashes or
// backslashes, or with steps up.
func plainPaths(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.ToLower(r.URL.EscapedPath())
		for _, part := range []string{"%2e", "%2f", "%5c", "%00", `\`, "/../", "/./"} {
			if strings.Contains(path+"/", part) {
				APIError(w, http.StatusBadRequest, "bad_path", "the path has a dot or a slash in it that is not plainly one")
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// Listen opens the address and puts what commonly goes wrong into plain words.
func Listen(ctx context.Context, addr string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is in use by another program; choose another with -addr, or for make with ADDR=127.0.0.1:7421", addr)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("not allowed to listen on %s; ports below 1024 need privileges", addr)
	case err != nil:
		return nil, fmt.Errorf("cannot listen on %s: %w", addr, err)
	}
	return l, nil
}

// Until answers requests until ctx ends, and then gives running answers a moment to finish.
func Until(ctx context.Context, l net.Listener, h http.Handler) error {
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
			APIError(w, http.StatusForbidden, "host_not_allowed", fmt.Sprintf("this server does not answer for host %q; use its address or localhost", shorten(r.Host)))
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
		return nil, fmt.Errorf("-upstream must not carry a name or password; put the key into $%s", KeyVariable)
	case u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("-upstream wants a base URL without query and fragment")
	}
	u.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), "/v1")
	u.RawPath = ""
	return u, nil
}
