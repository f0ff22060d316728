package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	misspelt = "{\"model\":\"m\",\"prompt\":\"x\",\"max_token\":5}\n"
	spelt    = "{\"model\":\"m\",\"prompt\":\"x\",\"max_tokens\":5}\n"
)

func read(t *testing.T, elements ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(elements...))
	require.NoError(t, err)
	return string(text)
}

// only returns the names in a folder, which tell of files that were left behind.
func only(t *testing.T, dir string) (names []string) {
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// -fix writes the file anew, keeps its mode, and writes nothing where nothing changes.
func TestFix(t *testing.T) {
	dir := folder(t, file("a.json", misspelt), file("b.json", spelt))
	require.NoError(t, os.Chmod(filepath.Join(dir, "a.json"), 0o640))
	before, err := os.Stat(filepath.Join(dir, "b.json"))
	require.NoError(t, err)
	r := runIn(t, dir, "", nil, "check", "-fix", "a.json", "b.json")
	assert.Equal(t, exitOK, r.code, r)
	assert.Empty(t, r.out, "what was mended is no issue any more")
	assert.Equal(t, spelt, read(t, dir, "a.json"))
	assert.Equal(t, []string{"a.json", "b.json"}, only(t, dir))
	after, err := os.Stat(filepath.Join(dir, "b.json"))
	require.NoError(t, err)
	assert.True(t, os.SameFile(before, after), "a file without fixes was written")
	if runtime.GOOS != "windows" {
		info, err := os.Stat(filepath.Join(dir, "a.json"))
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o640), info.Mode())
	}
}

// A symbolic link stays one; what it names is mended.
func TestFixThroughALink(t *testing.T) {
	dir := folder(t, file("real/a.json", misspelt))
	if err := os.Symlink(filepath.Join("real", "a.json"), filepath.Join(dir, "link.json")); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	r := runIn(t, dir, "", nil, "check", "-fix", "link.json")
	assert.Equal(t, exitOK, r.code, r)
	assert.Equal(t, spelt, read(t, dir, "real", "a.json"))
	to, err := os.Readlink(filepath.Join(dir, "link.json"))
	require.NoError(t, err)
	assert.Equal(t, filepath.Join("real", "a.json"), to)
	assert.Equal(t, []string{"a.json"}, only(t, filepath.Join(dir, "real")))
}

// A name may be as long as names can be.
func TestFixOfALongName(t *testing.T) {
	name := strings.Repeat("n", 250) + ".json"
	dir := folder(t, file(name, misspelt))
	assert.Equal(t, exitOK, runIn(t, dir, "", nil, "check", "-fix", name).code)
	assert.Equal(t, spelt, read(t, dir, name))
}

// What cannot be written is told, with the exit code for it, and stays as it is.
func TestFixIsRefused(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write([]byte(misspelt))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	dir := folder(t, file("a.json.gz", packed.String()), file("read-only.json", misspelt))
	r := runIn(t, dir, "", nil, "check", "-fix", "a.json.gz")
	assert.Equal(t, exitFailed, r.code)
	assert.Contains(t, r.err, "compressed")
	assert.Equal(t, packed.String(), read(t, dir, "a.json.gz"))
	if os.Getuid() != 0 && runtime.GOOS != "windows" {
		require.NoError(t, os.Chmod(filepath.Join(dir, "read-only.json"), 0o444))
		r = runIn(t, dir, "", nil, "check", "-fix", "read-only.json")
		assert.Equal(t, exitFailed, r.code)
		assert.Contains(t, r.err, "permission denied")
		assert.Equal(t, misspelt, read(t, dir, "read-only.json"))
	}
	name := filepath.Join(dir, "read-only.json")
	require.ErrorContains(t, replace(name, []byte("other"), []byte("new")), "has changed while it was checked")
	assert.Equal(t, misspelt, read(t, name))
	require.ErrorContains(t, replace(dir, nil, nil), "no regular file")
	assert.Equal(t, []string{"a.json.gz", "read-only.json"}, only(t, dir))
}

// The standard input goes to the standard output with its fixes, changed or not, and the report to the standard error.
func TestFixOfTheStandardInput(t *testing.T) {
	for _, text := range []string{misspelt, spelt} {
		r := runIn(t, t.TempDir(), text, nil, "check", "-fix", "-")
		assert.Equal(t, result{spelt, "0 errors, 0 warnings, 0 hints in 1 request of 1 file\n", exitOK}, r)
	}
	r := runIn(t, t.TempDir(), `{"model":"m","prompt":"x","max_tokens":5,"n":0}`, nil, "check", "-fix", "-")
	assert.Equal(t, exitFound, r.code)
	assert.Equal(t, `{"model":"m","prompt":"x","max_tokens":5,"n":0}`, r.out)
	assert.Contains(t, r.err, "<stdin>:1:46: error: n: got 0")
}

// In a file of another language a fix is made only where it is read as it is meant: a quote that the shell would take away
// is not written, and the other requests of the file are mended all the same.
func TestFixKeepsWhatIsAround(t *testing.T) {
	const good = `curl h:1/v1/completions -d '{"model":"m","prompt":"x","max_token":5}'` + "\n"
	const double = `curl h:1/v1/completions -d "{model:'m',prompt:'x',maxTokens:5,}"` + "\n"
	dir := folder(t, file("a.sh", good+double))
	runIn(t, dir, "", nil, "check", "-fix", "a.sh")
	got := read(t, dir, "a.sh")
	assert.Contains(t, got, `"max_tokens":5}'`)
	found := bodies("sh", got)
	require.Len(t, found, 2)
	assert.Equal(t, `{model:'m',prompt:'x',maxTokens:5,}`, found[1])
}

// JSON Lines keep their lines, their ends and what is no request.
func TestFixOfLines(t *testing.T) {
	dir := folder(t, file("a.jsonl", strings.TrimSuffix(misspelt, "\n")+"\r\n\n{\n"+misspelt))
	r := runIn(t, dir, "", nil, "check", "-fix", "a.jsonl")
	assert.Equal(t, exitFound, r.code)
	assert.Contains(t, r.out, "a.jsonl:3:")
	assert.Equal(t, strings.TrimSuffix(spelt, "\n")+"\r\n\n{\n"+spelt, read(t, dir, "a.jsonl"))
}

// patched applies a unified diff.
func patched(t *testing.T, before, diff string) string {
	t.Helper()
	from := lines([]byte(before))
	var to []string
	at, last := 0, &to
	rows := strings.SplitAfter(diff, "\n")
	for _, row := range rows[2:] {
		switch {
		case strings.HasPrefix(row, "@@ -"):
			place, _, _ := strings.Cut(row[len("@@ -"):], " ")
			first, count, ok := strings.Cut(place, ",")
			n, err := strconv.Atoi(first)
			require.NoError(t, err)
			if !ok || count != "0" {
				n--
			}
			to = append(to, from[at:n]...)
			at = n
		case strings.HasPrefix(row, " "), strings.HasPrefix(row, "-"):
			require.Equal(t, strings.TrimSuffix(from[at], "\n"), strings.TrimSuffix(row[1:], "\n"))
			if row[0] == ' ' {
				to = append(to, from[at])
			}
			at++
		case strings.HasPrefix(row, "+"):
			to = append(to, row[1:])
			last = &to
		case strings.HasPrefix(row, `\`):
			if n := len(*last) - 1; n >= 0 && at == len(from) {
				to[n] = strings.TrimSuffix(to[n], "\n")
			}
		}
	}
	return strings.Join(append(to, from[at:]...), "")
}

// A diff leads from one text to the other, whatever they are, and is small where little was changed.
func TestDiff(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var a, b []string
		for n := range random.IntN(30) {
			row := fmt.Sprintln(random.IntN(4), n/10)
			a = append(a, row)
			switch random.IntN(6) {
			case 0:
			case 1:
				b = append(b, row, "new\n")
			default:
				b = append(b, row)
			}
		}
		before, after := strings.Join(a, ""), strings.Join(b, "")
		if before == after {
			continue
		}
		var out bytes.Buffer
		require.NoError(t, writeDiff(&out, "x", []byte(before), []byte(after), false))
		require.Equal(t, after, patched(t, before, out.String()), "%s", out.String())
	}
	var long, changed strings.Builder
	for n := range 3 * mostRows {
		fmt.Fprintln(&long, n)
		fmt.Fprintln(&changed, n+n%(mostRows-1)/(mostRows-2))
	}
	var out bytes.Buffer
	require.NoError(t, writeDiff(&out, "x", []byte(long.String()), []byte(changed.String()), false))
	assert.Equal(t, changed.String(), patched(t, long.String(), out.String()))
	assert.Less(t, strings.Count(out.String(), "\n"), 100)

	out.Reset()
	require.NoError(t, writeDiff(&out, "x\n", []byte("a\x1b[2J"), []byte("b"), true))
	assert.Equal(t, "--- x\\u000a\n+++ x\\u000a\n@@ -1 +1 @@\n-a\\u001b[2J\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n", out.String())
}
