package client_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/client"
)

func TestExchange(t *testing.T) {
	const key, long = "sk-nobody-may-see-this", "a long secret of a header"
	for _, c := range []struct {
		name   string
		key    string
		status int
		header map[string]string
		body   string
		want   client.Raw
	}{
		{"a success, as it is", key, 200, map[string]string{"X-Request-Id": "r1"}, " {\"choices\": [\n] }\n", client.Raw{200, "r1", 0, []byte("{\"choices\": [\n] }")}},
		{"a success that shows the key", key, 200, map[string]string{"X-Request-Id": key}, `{"a":"` + key + `","b":"sk-nobody-may-\u0073ee-this","c":"` + long + `"}`,
			client.Raw{200, "[redacted]", 0, []byte(`{"a":"[redacted]","b":"[redacted]","c":"[redacted]"}`)}},
		{"a short key, which may stand in any text", "ollama", 200, nil, `{"model":"ollama"}`, client.Raw{200, "", 0, []byte(`{"model":"ollama"}`)}},
		{"a refusal that shows even that", "ollama", 401, nil, `wrong key ollama`, client.Raw{401, "", 0, []byte(`wrong key [redacted]`)}},
		{"a wait", key, 429, map[string]string{"Retry-After": "7"}, "slow", client.Raw{429, "", 7 * time.Second, []byte("slow")}},
		{"a long refusal, of which there is the beginning", key, 500, nil, strings.Repeat("x", 4000), client.Raw{500, "", 0, []byte(strings.Repeat("x", 100))}},
		{"a redirect, which is not followed", key, 307, map[string]string{"Location": "/elsewhere"}, "", client.Raw{307, "", 0, []byte{}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked++
				body, err := io.ReadAll(r.Body)
				assert.NoError(t, err)
				assert.Equal(t, `{"model":"m"}`, string(body))
				assert.Equal(t, "Bearer "+c.key, r.Header.Get("Authorization"))
				for name, value := range c.header {
					w.Header().Set(name, value)
				}
				w.WriteHeader(c.status)
				_, err = io.WriteString(w, c.body)
				assert.NoError(t, err)
			}))
			defer server.Close()
			sender := client.Client{
				Endpoint: core.Endpoint{Base: server.URL, Key: core.NewSecret(c.key), Headers: []core.Header{{Name: "x-own", Value: core.NewSecret(long)}}},
				HTTP:     server.Client(), ErrorBytes: 100,
			}
			got, err := sender.Exchange(t.Context(), []byte(`{"model":"m"}`))
			require.NoError(t, err)
			assert.Equal(t, &c.want, got)
			assert.Equal(t, 1, asked)
		})
	}
}

func TestExchangeFails(t *testing.T) {
	const key = "sk-nobody-may-see-this"
	began := make(chan struct{}, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/long/v1/completions":
			_, _ = io.WriteString(w, strings.Repeat("x", 1001)) // the client may have left
		case "/torn/v1/completions":
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "{")
		case "/stuck/v1/completions":
			w.WriteHeader(http.StatusOK)
			_ = http.NewResponseController(w).Flush()
			began <- struct{}{}
			<-r.Context().Done()
		}
	}))
	defer server.Close()
	exchange := func(ctx context.Context, base string) error {
		c := client.Client{Endpoint: core.Endpoint{Base: base, Key: core.NewSecret(key)}, HTTP: server.Client(), EventBytes: 1000}
		raw, err := c.Exchange(ctx, []byte("{}"))
		require.Error(t, err)
		assert.Nil(t, raw)
		assert.NotContains(t, err.Error(), key)
		return err
	}
	var size *client.SizeError
	var transport *client.TransportError
	require.ErrorAs(t, exchange(t.Context(), server.URL+"/long"), &size)
	assert.Equal(t, 1000, size.Limit)
	require.ErrorAs(t, exchange(t.Context(), server.URL+"/torn"), &transport)
	assert.Equal(t, "read the answer", transport.Op)
	require.ErrorAs(t, exchange(t.Context(), "http://127.0.0.1:1"), &transport)
	assert.Equal(t, "send the request", transport.Op)
	assert.NotErrorAs(t, exchange(t.Context(), "ftp://example.com"), &transport, "what is misuse is no failure of the network")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		<-began
		cancel()
	}()
	assert.ErrorIs(t, exchange(ctx, server.URL+"/stuck"), context.Canceled)
}
