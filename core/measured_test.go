package core

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// evidence is what a server answered to requests that were sent to it, or does by its source; see schema/README.md.
type evidence struct {
	Server, Version, Date, Setting string
	Rows                           []struct{ Request, Outcome, Answer, Hidden, Source, At string }
}

// heldTo are the folders with evidence.
var heldTo = []string{"../schema/measured", "../schema/read"}

// TestProfilesHoldWhatIsKnown compares each profile with what such a server did, or does by its source: what it refuses is
// an error, what it is reported to have refused at least a warning, what it does otherwise than asked at least a hint, and
// neither that nor what it does as asked is an error.
func TestProfilesHoldWhatIsKnown(t *testing.T) {
	for _, folder := range heldTo {
		files, err := filepath.Glob(folder + "/*.json")
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".json")
			t.Run(filepath.Base(folder)+"/"+name, func(t *testing.T) { holdProfile(t, name, file) })
		}
	}
}

func holdProfile(t *testing.T, name, file string) {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var m evidence
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(&m))
	require.NotEmpty(t, m.Rows)
	held := map[string]int{}
	for _, row := range m.Rows {
		if row.Hidden != "" {
			held["not to be known"]++
			continue
		}
		v, err := ForProfile(name + "@" + row.At)
		require.NoError(t, err)
		report := v.Check([]byte(row.Request))
		worst := Severity(0)
		for _, i := range report.Issues {
			if i.Code != CodeMaxTokensUnset {
				worst = max(worst, i.Severity)
			}
		}
		told := assert.Contains(t, []string{"refused", "reported", "changed", "ignored", "asked"}, row.Outcome)
		said := []any{"%s %s to %s: %s %s, we say %v", m.Server, row.At, row.Request, row.Outcome, row.Answer + row.Source, report.Issues}
		switch row.Outcome {
		case "refused":
			told = assert.Equal(t, Error, worst, said...)
		case "reported":
			told = assert.GreaterOrEqual(t, worst, Warning, said...)
		case "changed":
			told = assert.Equal(t, Warning, worst, said...)
		case "ignored":
			told = assert.Contains(t, []Severity{Warning, Hint}, worst, said...)
		case "asked":
			told = assert.NotEqual(t, Error, worst, said...)
		}
		if told {
			held[row.Outcome]++
		}
	}
	t.Logf("%s %s, %s: %d rows, held %v", m.Server, m.Version, m.Date, len(m.Rows), held)
}

// TestEveryServerHasEvidence lets no profile of a server go without rows. What the demo model does is tested where it is
// made, and no server is "any".
func TestEveryServerHasEvidence(t *testing.T) {
	for _, p := range Profiles() {
		if p.Name == "demo" || p.Name == "portable" {
			continue
		}
		found := 0
		for _, folder := range heldTo {
			if _, err := os.Stat(filepath.Join(folder, p.Name+".json")); err == nil {
				found++
			}
		}
		assert.Positive(t, found, p.Name)
	}
}
