package loose

import (
	"bufio"
	"encoding/json"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/jsontape/tapetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	writtenByte = regexp.MustCompile(`\\(n|t|\\|x[0-9a-f]{2})`)
	writtenRun  = regexp.MustCompile(`\{(\d+)\*([^\n]*?)\}`)
)

// spelledOut undoes the notation of testdata/parsing.txt.
func spelledOut(t *testing.T, text string) []byte {
	t.Helper()
	text = writtenRun.ReplaceAllStringFunc(text, func(run string) string {
		m := writtenRun.FindStringSubmatch(run)
		n, err := strconv.Atoi(m[1])
		require.NoError(t, err)
		return strings.Repeat(m[2], n)
	})
	return []byte(writtenByte.ReplaceAllStringFunc(text, func(s string) string {
		switch s[1] {
		case 'n':
			return "\n"
		case 't':
			return "\t"
		case '\\':
			return `\`
		}
		b, err := strconv.ParseUint(s[2:], 16, 8)
		require.NoError(t, err)
		return string([]byte{byte(b)})
	}))
}

func TestPublicParsingCases(t *testing.T) {
	f, err := os.Open("testdata/parsing.txt")
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	lines := bufio.NewScanner(f)
	count := 0
	for lines.Scan() {
		if lines.Text() == "" || lines.Text()[0] == '#' {
			continue
		}
		count++
		verdict, rest, _ := strings.Cut(lines.Text(), " ")
		name, text, _ := strings.Cut(rest, " ")
		t.Run(name, func(t *testing.T) {
			src := spelledOut(t, text)
			lim := jsontape.Limits{}.WithDefaults()
			var tp jsontape.Tape
			strict := tp.Scan(src, lim)
			switch verdict {
			case "accept", "either/read":
				assert.True(t, strict)
			case "reject", "either/refuse":
				assert.False(t, strict)
			default:
				t.Fatalf("unknown verdict %q", verdict)
			}
			if verdict == "accept" {
				require.True(t, json.Valid(src) && utf8.Valid(src), "the case is restated wrongly")
			} else if verdict == "reject" {
				require.False(t, json.Valid(src) && utf8.Valid(src), "the case is restated wrongly")
			}
			var again jsontape.Tape
			found, _ := readAny(&again, src, lim, nil)
			tapetest.Require(t, &again)
			if strict {
				assert.Empty(t, found)
				assert.Equal(t, tp.Nodes, again.Nodes)
			} else {
				assert.NotEmpty(t, found)
			}
			repaired(t, src, found)
		})
	}
	require.NoError(t, lines.Err())
	assert.Greater(t, count, 280)
}
