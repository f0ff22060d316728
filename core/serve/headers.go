package serve

import (
	"net/http"
	"strings"
)

// ContentSecurityPolicy lets the page run its own files and talk to the endpoint a person chose, and nothing else.
var ContentSecurityPolicy = strings.Join([]string{
	// Whatever is not named below is forbidden: frames, media, objects, manifests, prefetches.
	"default-src 'none'",
	// Own script files only; no inline script, no eval. Compiling WebAssembly needs its own word.
	"script-src 'self' 'wasm-unsafe-eval'",
	// Own style sheets only. Lit and CodeMirror style through constructable style sheets, which need no permission.
	"style-src 'self'",
	// The one wide door: people type the endpoint's address themselves. data: and ws: stay shut.
	"connect-src 'self' http: https:",
	// blob: is what the page falls back to when it is embedded from another origin.
	"worker-src 'self' blob:",
	"img-src 'self'",
	"font-src 'self'",
	// No <base> that would redirect relative addresses, no form that would carry a key away, no frame around the page.
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
	// Strings cannot become markup or script addresses except through these two policies: ours makes Worker addresses,
	// Lit's makes its compiled-in templates.
	"require-trusted-types-for 'script'",
	"trusted-types completion-playground lit-html",
}, "; ")

// safeHeaders sets the headers that every answer of the server carries.
func safeHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", ContentSecurityPolicy)
		// A file is what its type says; a browser must not guess that an answer of the API is HTML.
		h.Set("X-Content-Type-Options", "nosniff")
		// The fragment of a share link never leaves the browser anyway; the rest of the address need not either.
		h.Set("Referrer-Policy", "no-referrer")
		// No other window keeps a handle on the page, and no other site loads its files.
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		// The page uses the clipboard and none of the machine's sensors.
		h.Set("Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-write=(self)")
		next.ServeHTTP(w, r)
	})
}
