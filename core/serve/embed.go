package serve

import (
	"fmt"
	"net/http"
	"net/url"
)

// parseOrigin reads the origin of a site: scheme, host and perhaps a port, and nothing behind them.
func parseOrigin(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil ||
		(u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("%q is not the origin of a site, such as https://docs.example.com", text)
	}
	return u.Scheme + "://" + u.Host, nil
}

// embeddable lets pages of one other origin load the files that the element is made of.
func embeddable(origin string, pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", origin)
		h.Add("Vary", "Origin")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		pages.ServeHTTP(w, r)
	})
}
