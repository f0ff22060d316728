package paste

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/completion-playground/playground/core/internal/effort"
	"github.com/stretchr/testify/require"
)

// shellWords are words of which bash knows the value; what stands on two lines is one word too.
var shellWords = []string{
	`plain`, `a\ b`, `'it'\''s'`, `'a"b'`, `"a'b"`, `"a\"b\\c\$d\` + "`" + `e\n"`, `"two` + "\n" + `lines"`, "'two\nlines'",
	"joi\\\nned", "\"joi\\\nned\"", "'not\\\njoined'", `$'it\'s'`, `$'a\nb\tc\\d\"e\?'`, `$'\x41\x4\u00e9\u20AC\U1F600\101\7'`,
	`$'\e[0m\E\a\b\f\v\r'`, `$'\cA\c?\cz'`, `$'\q\8\x'`, `$'cut\0here'more`, `$'cut\x00here'`, `$"translated"`, `"a"'b'c$'d'`,
	`''`, `""`, `a''b`, `\'`, `\"`, `\\`, `\$HOME`, `'$HOME'`, `a#b`, `{"a":1}`, `-d{`, `a=b`, `"!"`, `$`, `a$`, `"$"`, `"$ "`, `"100%"`,
	`"tab	in"`, `é😀`, `'\\'`, `"\\\\"`, `"\a\n"`, `$'\u0'x`, `$'\c\\x'`, `$'\cé'`, `$'\x{e9}\x{20ac}\x{41'`, `$'\x{g'`,
}

// bashValues returns what bash makes of words.
func bashValues(t *testing.T, words []string) []string {
	t.Helper()
	path, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash, which knows better, is not here")
	}
	var script strings.Builder
	script.WriteString("set -f +B +H\n")
	for _, w := range words {
		script.WriteString("printf '%s\\0' " + w + "\n")
	}
	cmd := exec.Command(path, "--norc", "--noprofile", "/dev/stdin")
	cmd.Env = []string{"LC_ALL=C.UTF-8", "PATH=/nowhere"}
	cmd.Stdin = strings.NewReader(script.String())
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	require.NoError(t, err, complaint.String())
	values := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	require.Equal(t, len(words), len(values), complaint.String())
	return values
}

// readWord returns what the lexer makes of a word, and whether that is all of it.
func readWord(text string) (string, bool) {
	s := newShell([]byte(text), 0, &Draft{})
	s.blank()
	start := s.i
	w := s.word()
	return string(w.text), start == 0 && s.i == len(text) && !w.broken && len(w.holes) == 0
}

// The words of the lexer are those of bash: fixed ones, and many that are put together at random.
func TestWordsAsBash(t *testing.T) {
	pieces := []string{`'`, `"`, `\`, `$'`, `$"`, "\n", "\\\n", `a`, `n`, `x41`, `u00e9`, `U1F600`, `101`, `\'`, `\"`, `\\`, `\n`, `é`, `😀`, `{`, `:`,
		`,`, `}`, `0`, `x`, `c`, `E`, `#`, `=`, `%`, `!`, `'\''`, "\t", ` `, `\x`, `\u`, `\c`, `\7`, `$`}
	random := rand.New(rand.NewPCG(1, 2))
	words := shellWords
	for range effort.Rounds(20_000) {
		var b strings.Builder
		for range 1 + random.IntN(9) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		word := b.String()
		// A backslash at the end joins what follows, and one behind a dollar sign what makes a variable. A surrogate is read as a half of a pair where bash writes bytes that are no UTF-8. A hash starts a comment.
		if value, whole := readWord(word); whole && word != "" && word[0] != '#' && !strings.HasSuffix(word, `\`) && !strings.Contains(word, "$\\\n") && !strings.Contains(value, "\uFFFD") {
			words = append(words, word)
		}
	}
	require.Greater(t, len(words), len(shellWords)+effort.Rounds(20_000)/20)
	values := bashValues(t, words)
	for i, word := range words {
		got, whole := readWord(word)
		require.True(t, whole, "%q", word)
		require.Equal(t, values[i], got, "%s", fmt.Sprintf("%q", word))
	}
	t.Logf("%d words as bash reads them", len(words))
}

// What Chrome writes for a character outside of the BMP is one character, though bash makes two halves of it.
func TestSurrogatesArePaired(t *testing.T) {
	got, whole := readWord(`$'\ud83d\ude00 \ud83d'`)
	require.True(t, whole)
	require.Equal(t, "😀 \uFFFD", got)
}

// The commands of a text, their here-documents and the values of its variables are those of bash.
func TestCommandsAsBash(t *testing.T) {
	for _, text := range []string{
		"A='it'\\''s' B=\"$A\"\nshow \"$B\" '$B' \"${A}!\"",
		"export A=1; show $A${A}2",
		"show a b;show c&&show d||false # show e",
		"show \"$(cat <<'EOF'\n{\"a\": \"it's (b) `c` $D\"}\nEOF\n)\"",
		"A=$(cat <<EOF\n{\"a\": \"\\$x \\` \\\\ \\q\"\n}\n\nEOF\n)\nshow \"$A\"",
		"show a 2>/dev/null b 2>&1 c",
		"show \"a\\\n\tb\" c\\\nd \\\n  e",
		"if true; then show a; fi",
		"{ show a b; }",
		"( show 'a' )",
		"A=x\nA=y\nshow $A",
		"A=x\nA=y B=$A show $A\nshow $A",
	} {
		path, err := exec.LookPath("bash")
		if err != nil {
			t.Skip("bash, which knows better, is not here")
		}
		cmd := exec.Command(path, "--norc", "-c", "show() { printf '%s\\0' \"$@\"; printf '\\1'; }\nexec 2>&1\n"+text)
		cmd.Env = []string{"LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"}
		want, err := cmd.Output()
		require.NoError(t, err, text)
		var d Draft
		var got bytes.Buffer
		for _, c := range newShell([]byte(text), 0, &d).commands() {
			if name, args := c.program(); name == "show" {
				for _, w := range args {
					require.Empty(t, w.holes, text)
					got.WriteString(string(w.text) + "\x00")
				}
				got.WriteByte(1)
			}
		}
		require.Empty(t, d.Notes, text)
		require.Equal(t, string(want), got.String(), text)
	}
}

// A here-document reaches the command that reads it.
func TestHereDocumentsAsBash(t *testing.T) {
	for _, text := range []string{
		"cat <<EOF\na 'b' \"c\" \\$d \\\\ \\x\nEOF\n",
		"A=1\ncat <<EOF\n$A ${A}\nEOF\n",
		"cat <<'EOF'\n$A \\\n\"\nEOF\n",
		"cat <<\\EOF\n$A\nEOF",
		"cat <<-EOF\n\t\ta\n\tb\n\tEOF\n",
		"cat <<EOF # comment\njoi\\\nned\nEOF\n",
		"cat <<A <<B\na\nA\nb\nB\n",
		"cat <<< 'a b'",
		"echo 'a  b' c | cat",
		"printf '%s' 'a\\nb' | cat",
		"cat <<EOF | cat\nx\nEOF\n",
	} {
		path, err := exec.LookPath("bash")
		if err != nil {
			t.Skip("bash, which knows better, is not here")
		}
		want, err := exec.Command(path, "--norc", "-c", text).Output()
		require.NoError(t, err, text)
		var d Draft
		list := newShell([]byte(text), 0, &d).commands()
		in := input{command: list[len(list)-1]}.stdin()
		require.NotNil(t, in, text)
		require.Empty(t, in.holes, text)
		got := string(in.text)
		if strings.HasPrefix(text, "echo") {
			got += "\n" // which makes no difference to JSON
		}
		require.Equal(t, string(want), got, text)
	}
}
