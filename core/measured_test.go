package core

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// measurement is what a server answered to requests that were sent to it; see schema/README.md.
type measurement struct {
	Server, Version, Date, Setting string
	Rows                           []struct{ Request, Outcome, Answer, Hidden string }
}

// TestProfilesHoldWhatWasMeasured compares each profile with what such a server did: what it refused is an error, what it
// did otherwise than asked is at least a hint, and neither that nor what it did as asked is an error.
func TestProfilesHoldWhatWasMeasured(t *testing.T) {
	files, err := filepath.Glob("../schema/measured/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			var m measurement
			require.NoError(t, json.Unmarshal(text, &m))
			require.NotEmpty(t, m.Rows)
			v, err := ForProfile(name)
			require.NoError(t, err)
			held := map[string]int{}
			for _, row := range m.Rows {
				if row.Hidden != "" {
					held["not to be known"]++
					continue
				}
				report := v.Check([]byte(row.Request))
				worst := Severity(0)
				for _, i := range report.Issues {
					if i.Code != CodeMaxTokensUnset {
						worst = max(worst, i.Severity)
					}
				}
				told := assert.Contains(t, []string{"refused", "changed", "ignored", "asked"}, row.Outcome)
				switch row.Outcome {
				case "refused":
					told = assert.Equal(t, Error, worst, "%s answered %q to %s", m.Server, row.Answer, row.Request)
				case "changed":
					told = assert.Equal(t, Warning, worst, "%s answered %q to %s, we say %v", m.Server, row.Answer, row.Request, report.Issues)
				case "ignored":
					told = assert.Contains(t, []Severity{Warning, Hint}, worst, "%s answered %q to %s, we say %v", m.Server, row.Answer, row.Request, report.Issues)
				case "asked":
					told = assert.NotEqual(t, Error, worst, "%s answered %q to %s, we say %v", m.Server, row.Answer, row.Request, report.Issues)
				}
				if told {
					held[row.Outcome]++
				}
			}
			t.Logf("%s %s, %s: %d rows, held %v", m.Server, m.Version, m.Date, len(m.Rows), held)
		})
	}
}
