package main

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The element's one file knows the hash of each other file that a browser runs, imports none of them by itself, and is
// asked by all others before they import one.
func TestPublishedHashes(t *testing.T) {
	made, files := assembled(t, testWeb(t))
	entry, script := onlyFile(t, files, "playground-", ".js")
	assert.Equal(t, []string{entry}, made.meta.startChunks(embedEntry))
	bare := regexp.MustCompile(`import\("\./[^"]+"\)`)
	asked := regexp.MustCompile(`\("src/(?:deep|)/?[\w/]+\.ts",\(\)=>import\("\./[^"]+"\)\)`)
	var run []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if ext := path.Ext(name); ext != ".js" && ext != ".wasm" || name == entry || name == embedScript {
			continue
		}
		run = append(run, name)
		assert.Contains(t, script, strings.TrimPrefix(integrity(files[name]), "sha256-"), name)
		text := string(files[name])
		assert.Len(t, asked.FindAllString(text, -1), len(bare.FindAllString(text, -1)), "%s imports something unasked", name)
	}
	assert.Len(t, run, 9, "view, hub, chunk, late, later, worker, core, rest and plain: %s", run)
	view, text := onlyFile(t, files, "view-", ".js")
	assert.Regexp(t, `\("src/deep/late\.ts",\(\)=>import\("\./late-`, text)
	assert.Contains(t, script, `import("./`+view+`")`)

	table, err := made.hashes()
	require.NoError(t, err)
	assert.Equal(t, []string{"", "src/core/hub.ts", "src/deep/late.ts", "src/deep/later.ts", "src/main.ts", "src/view.ts"}, slices.Sorted(maps.Keys(table)))
	assert.Len(t, table["src/view.ts"].names, 2)
	assert.Len(t, table["src/deep/late.ts"].names, 1, "what the view has is there already")

	made.files["chunk-LOSTLOST.js"] = nil
	_, err = made.hashes()
	require.ErrorContains(t, err, "chunk-LOSTLOST.js belongs to no part")
}

func TestImportsAsPartsOfTheElement(t *testing.T) {
	b := &bundler{web: "/w"}
	for source, want := range map[string]string{
		`const x = 1;`: `const x = 1;`,
		`let m: typeof import("./a.ts"); import type { A } from "./a.ts";`: `let m: typeof import("./a.ts"); import type { A } from "./a.ts";`,
		`import("npm-package"); core.import("./x")`:                        `import("npm-package"); core.import("./x")`,
		`x = await import("../a.ts");`: `x = await __part("src/a.ts", () => import("../a.ts"));
import { part as __part } from "../model/parts.ts";
`,
		`import("../../../schema/x.json")`: `__part("../schema/x.json", () => import("../../../schema/x.json"))
import { part as __part } from "../model/parts.ts";
`,
	} {
		assert.Equal(t, want, b.throughParts("/w/src/core/b.ts", source))
	}
	assert.Contains(t, b.throughParts("/w/src/b.ts", `import("./a.ts")`), `from "./model/parts.ts"`)
}

func TestIntegrityInPages(t *testing.T) {
	files := map[string][]byte{"a.js": []byte("a"), "a.css": []byte("b")}
	a, b := ` integrity="`+integrity(files["a.js"])+`"`, ` integrity="`+integrity(files["a.css"])+`"`
	assert.Equal(t, "sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=", integrity(files["a.js"]))
	assert.Equal(t,
		`<script type="module" src="./a.js"`+a+`></script><link rel="stylesheet" href="./a.css"`+b+`><script src="/dev/reload.js"></script><link rel="icon" href="./a.css">`,
		withIntegrity(`<script type="module" src="./a.js"></script><link rel="stylesheet" href="./a.css"><script src="/dev/reload.js"></script><link rel="icon" href="./a.css">`, files))
}
