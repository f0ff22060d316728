package main

import (
	"errors"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What VitePress does not look at is found: headings, files, other sites.
func TestSiteProblems(t *testing.T) {
	files := map[string]bool{"index.html": true, "a/index.html": true, "a/b.html": true, "x.js": true}
	whole := `<head><script src="/s/x.js"></script></head><h1 id="top">A</h1><a href="/s/a/b.html#there">b</a><a href="#top">t</a>
		<a href="https://example.com/">far</a><a href="./a/">a</a>`
	other := `<h2 id="there">B</h2><a href="../#top">up</a><a href="./">a</a>`
	assert.Empty(t, siteProblems(map[string]string{"index.html": whole, "a/b.html": other, "a/index.html": ""}, files, "/s/"))
	for page, want := range map[string]string{
		`<a href="/s/c.html">`:                            "a/b.html links to /s/c.html, which is not there",
		`<a href="/a/">`:                                  "a/b.html links to /a/, which is not there",
		`<a href="../index.html#gone">`:                   "a/b.html links to ../index.html#gone, where nothing has that name",
		`<link rel="x" href="https://fonts.example/">`:    "a/b.html asks another site for https://fonts.example/",
		`<img alt="" src="//img.example/p.png">`:          "a/b.html asks another site for //img.example/p.png",
		`<script type="module" src="./y.js"></script><p>`: "a/b.html links to ./y.js, which is not there",
	} {
		problems := siteProblems(map[string]string{"index.html": "", "a/b.html": page}, files, "/s/")
		assert.EqualError(t, errors.Join(problems...), want)
	}
}

func TestPagePolicy(t *testing.T) {
	page := withPolicy(`<html><head><title>T</title></head><script>a()</script><script src="x.js"></script></html>`)
	// printf 'a()' | openssl dgst -sha256 -binary | base64
	assert.Contains(t, page, "script-src 'self' 'wasm-unsafe-eval' 'sha256-")
	assert.Contains(t, page, `<html><head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; `)
	assert.NotContains(t, page, "script-src 'self' 'wasm-unsafe-eval' 'unsafe-inline'")
	assert.NotEqual(t, page, withPolicy(`<html><head><title>T</title></head><script>b()</script></html>`))
}

// The site has the page's own colours.
func TestSiteTokens(t *testing.T) {
	sheet, err := os.ReadFile("../web/src/ui/styles/tokens.css")
	require.NoError(t, err)
	tokens, err := siteTokens(string(sheet))
	require.NoError(t, err)
	assert.Contains(t, string(tokens), "--surface: light-dark(#ffffff, #14171a);")
	assert.Contains(t, string(tokens), "--shadow:\n")
	assert.NotContains(t, string(tokens), "color-scheme")
	_, err = siteTokens(".app {}")
	assert.Error(t, err)
}
