package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFolderForOtherHosts(t *testing.T) {
	b := testWeb(t)
	for name, text := range map[string]string{
		"frame.html":       `<link rel="stylesheet" href="src/embed.css"><link rel="stylesheet" href="src/in-frame.css"><script type="module" src="src/in-frame.ts"></script><script type="module" src="src/main.ts"></script>`,
		"src/in-frame.ts":  `console.log("frame");`,
		"src/in-frame.css": `p{}`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(b.web, filepath.FromSlash(name)), []byte(text), 0o644))
	}
	_, built := assembled(t, b)
	built["a.js.map.br"] = []byte("packed map")
	files, err := b.dist(built, "https://cdn.example.com/p/")
	require.NoError(t, err)
	assert.NotContains(t, files, "a.js.map.br")

	entry, _ := onlyFile(t, files, "playground-", ".js")
	sheet, _ := onlyFile(t, files, "playground-", ".css")
	snippet := string(files[snippetPage])
	for _, name := range []string{entry, sheet} {
		assert.Contains(t, snippet, `="https://cdn.example.com/p/`+name+`" integrity="`+integrity(files[name])+`" crossorigin="anonymous">`)
		assert.Contains(t, string(files[framePage]), `="./`+name+`" integrity="`+integrity(files[name])+`">`)
	}
	assert.NotContains(t, string(files[framePage]), "src/")

	headers := string(files[headersFile])
	assert.Contains(t, headers, "\n/*\n  Access-Control-Allow-Origin: *\n")
	assert.Contains(t, headers, "\n/"+entry+"\n  Content-Type: text/javascript; charset=utf-8\n  Cache-Control: public, max-age=31536000, immutable\n")
	assert.Contains(t, headers, "\n/playground.js\n  Content-Type: text/javascript; charset=utf-8\n  Cache-Control: no-cache\n")
	assert.NotContains(t, headers, ".map\n")

	delete(built, entry)
	_, err = b.dist(built, "./")
	require.ErrorContains(t, err, "no script with all hashes")
}

func TestMissingBuildIsExplained(t *testing.T) {
	p := &project{root: t.TempDir()}
	_, err := p.site()
	require.ErrorContains(t, err, "make build")
	require.NoError(t, os.MkdirAll(p.path("web", "dist"), 0o755))
	_, err = p.site()
	require.ErrorContains(t, err, "make build")
}
