package serve

import (
	"encoding/base64"
	"io"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMask(t *testing.T) {
	key := "sk-proj-Ab3/dEf+gH1jKl=mNoP"
	m := newMask(key)
	for text, want := range map[string]string{
		"":                                             "",
		"nothing of the kind: sk-proj-":                "nothing of the kind: sk-proj-",
		"key=" + key + "!":                             "key=" + strings.Repeat("*", len(key)) + "!",
		key + key:                                      strings.Repeat("*", 2*len(key)),
		"begins " + key[:12] + "…":                     "begins ************…",
		"ends …" + key[len(key)-14:]:                   "ends …**************",
		"amid …" + key[5:20] + " x":                    "amid …*************** x",
		"short " + key[:11]:                            "short " + key[:11],
		"url " + url.QueryEscape(key):                  "url " + strings.Repeat("*", len(url.QueryEscape(key))),
		`json ` + `sk-proj-Ab3\/dEf+gH1jKl`:            `json ` + strings.Repeat("*", 23),
		"sk-sk-proj-Ab3/dEf+gH1jKl=mNoPoP":             "sk-" + strings.Repeat("*", len(key)) + "oP",
		base64.StdEncoding.EncodeToString([]byte(key)): strings.Repeat("*", 36),
	} {
		assert.Equal(t, want, m.text(text), text)
	}
	assert.Nil(t, newMask("none"))
	assert.Equal(t, "none", newMask("none").text("none"))
	short := newMask("12345678")
	assert.Equal(t, "1234567 ******** 9", short.text("1234567 12345678 9"), "a short key only as a whole")
}

// However a text comes in pieces, it goes out as in one, and what cannot be the beginning of a key goes out at once.
func TestMaskOfAStream(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2_000 {
		key := canary + "-aabaab"
		m := newMask(key)
		var text strings.Builder
		for range 1 + random.IntN(6) {
			from := random.IntN(len(key))
			text.WriteString([]string{key, key[from:], key[:from], "a", "data: \n\n", key[from : from+random.IntN(len(key)-from)]}[random.IntN(6)])
		}
		for _, r := range []io.Reader{strings.NewReader(text.String()), iotest.OneByteReader(strings.NewReader(text.String())), iotest.HalfReader(strings.NewReader(text.String())), iotest.DataErrReader(strings.NewReader(text.String()))} {
			got, err := io.ReadAll(m.reader(r))
			require.NoError(t, err)
			require.Equal(t, m.text(text.String()), string(got))
			require.NotContains(t, string(got), key)
		}
	}
	pipe, in := io.Pipe()
	go func() { _, _ = in.Write([]byte("data: 1\n\n")) }()
	got := make([]byte, 100)
	n, err := newMask(canary).reader(pipe).Read(got)
	require.NoError(t, err)
	assert.Equal(t, "data: 1\n\n", string(got[:n]))
	broken := newMask(canary).reader(io.MultiReader(strings.NewReader("sk-can"), iotest.ErrReader(io.ErrUnexpectedEOF)))
	all, err := io.ReadAll(broken)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Equal(t, "sk-can", string(all), "what was held back comes before the error")
}
