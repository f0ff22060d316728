package clients

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCompareTellsWhatDiffers(t *testing.T) {
	whole := func(change func(*answer)) answer {
		a := answer{
			Model: "m", Usage: &usage{1, 2}, Failure: &failure{Status: 400, Code: "c", Param: "p", Message: "no"},
			Choices: []choice{
				{Text: "a", Finish: "stop", Tokens: []string{"a"}, Logprobs: []*float32{nil}, Top: []map[string]float32{{"a": -1}}},
				{Index: 1, Text: "b", Finish: "length"},
			},
		}
		if change != nil {
			change(&a)
		}
		return a
	}
	for want, change := range map[string]func(*answer){
		"text":     func(a *answer) { a.Choices[1].Text = "c" },
		"finish":   func(a *answer) { a.Choices[1].Finish = "" },
		"tokens":   func(a *answer) { a.Choices[0].Tokens = []string{"b"} },
		"logprobs": func(a *answer) { a.Choices[0].Logprobs = []*float32{new(float32)} },
		"top":      func(a *answer) { a.Choices[0].Top = nil },
		"usage":    func(a *answer) { a.Usage = nil },
		"model":    func(a *answer) { a.Model = "n" },
		"status":   func(a *answer) { a.Failure.Status = 401 },
		"code":     func(a *answer) { a.Failure.Code = "" },
		"param":    func(a *answer) { a.Failure.Param = "q" },
		"message":  func(a *answer) { a.Failure.Message = "yes" },
		"type":     func(a *answer) { a.Failure.Type = "t" },
	} {
		assert.Equal(t, []string{want}, names(peer{}.compare(whole(nil), whole(change))))
	}
	assert.Empty(t, peer{}.compare(whole(nil), whole(nil)))
	assert.Contains(t, names(peer{}.compare(whole(nil), whole(func(a *answer) { a.Failure = nil }))), "failure")
	assert.Equal(t, []string{"choices", "finish", "text"}, names(peer{}.compare(whole(nil), whole(func(a *answer) { a.Choices = a.Choices[:1] }))))

	// What a client has no place for may be missing, and nothing else may stand there.
	blind := peer{blind: []string{"usage"}}
	assert.Empty(t, blind.compare(whole(nil), whole(func(a *answer) { a.Usage = nil })))
	assert.Equal(t, []string{"usage"}, names(blind.compare(whole(nil), whole(nil))))
}

func TestChangedTellsWhatWasSent(t *testing.T) {
	for sent, want := range map[string][]string{
		`{"prompt":["a"],"n":1,"stream":false,"seed":7}`: {},
		`{"prompt":"a"}`:                        {"sent seed"},
		`{"prompt":"b","seed":7}`:               {"sent prompt"},
		`{"prompt":"a","seed":7,"user":"me"}`:   {"sent user"},
		`{"prompt":"a","seed":7,"stream":true}`: {"sent stream"},
	} {
		assert.Equal(t, want, names(changed(t, []byte(`{"prompt":"a","seed":7}`), []byte(sent))), sent)
	}
}

// A case that no client knows by its name would excuse nothing.
func TestDifferencesNameCases(t *testing.T) {
	named := map[string]bool{}
	for _, c := range cases() {
		assert.False(t, named[c.name], c.name)
		named[c.name] = true
	}
	for _, d := range known {
		assert.NotEmpty(t, d.why)
		for _, name := range d.cases {
			assert.True(t, named[name], "%s: there is no case %q", d.client, name)
		}
	}
}
