package main

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core"
)

// odd is a finding with everything that a format has to escape.
var odd = finding{File: "a,b:c%d <é>\n.json", Line: 1, Column: 2, EndLine: 1, EndColumn: 3, Request: 1, Severity: core.Error, Code: "out-of-range",
	Message: "100% <b>\r\n", text: "error: x: 100% <b>\r\n [out-of-range]", Fix: &core.Fix{Title: "use 1, or: 2"}}

// reported returns what a format writes of two files, the second without a finding.
func reported(t *testing.T, format string) string {
	t.Helper()
	var out strings.Builder
	r := newReporter(format, &out, false)
	r.file(odd.File)
	hint := odd
	hint.Severity, hint.text, hint.Fix = core.Hint, "hint: y [max-tokens-unset]", nil
	hint.Code, hint.EndLine = "max-tokens-unset", 4
	r.request(checked{file: odd.File, at: place{1, 1}, number: 1, found: []finding{odd, hint}})
	r.file("b.json")
	r.request(checked{file: "b.json", at: place{1, 1}, number: 2})
	require.NoError(t, r.end())
	return out.String()
}

// Workflow commands are one line each, and nothing in them ends a value early.
func TestGitHubEscapes(t *testing.T) {
	assert.Equal(t, "::error file=a%2Cb%3Ac%25d <é>%0A.json,line=1,endLine=1,endColumn=3,col=2,title=out-of-range::x: 100%25 <b>\\u000d\\u000a [out-of-range]%0Afix: use 1, or: 2\n"+
		"::notice file=a%2Cb%3Ac%25d <é>%0A.json,line=1,endLine=4,col=2,title=max-tokens-unset::y [max-tokens-unset]\n", reported(t, "github"))
}

// The log has the shape of SARIF 2.1.0 as far as it uses that: testdata/sarif-shape.json is written from the standard, and
// allows no member that the standard does not have.
func TestSARIFShape(t *testing.T) {
	shape, err := os.ReadFile("testdata/sarif-shape.json")
	require.NoError(t, err)
	schema, err := jsonschema.CompileString("sarif-shape.json", string(shape))
	require.NoError(t, err)
	for _, text := range []string{reported(t, "sarif"), runIn(t, t.TempDir(), "", nil, "check", "-format", "sarif", "none.json").out} {
		var log any
		require.NoError(t, json.Unmarshal([]byte(text), &log), text)
		require.NoError(t, schema.Validate(log), text)
	}
	var log any
	require.NoError(t, json.Unmarshal([]byte(strings.Replace(reported(t, "sarif"), `"level":"note"`, `"level":"hint"`, 1)), &log))
	assert.Error(t, schema.Validate(log))
}

func TestFileURI(t *testing.T) {
	assert.Equal(t, "a%20b/%C3%A9%0A.json", fileURI("a b/é\n.json"))
	assert.Equal(t, "./a:b.json", fileURI("a:b.json"))
	assert.Equal(t, "%3Cstdin%3E", fileURI(stdinName))
}

func TestJUnitIsXML(t *testing.T) {
	var suites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	require.NoError(t, xml.Unmarshal([]byte(reported(t, "junit")), &suites))
	require.Len(t, suites.Suites, 2)
	assert.Equal(t, 1, suites.Suites[0].Failures)
	assert.Equal(t, "out-of-range", suites.Suites[0].Cases[0].Failure.Type)
	assert.Zero(t, suites.Suites[1].Failures)
	assert.Equal(t, 1, suites.Suites[1].Tests)
}

// Colours change nothing but colours.
func TestColouredReport(t *testing.T) {
	write := func(colours bool) string {
		var out strings.Builder
		newReporter("text", &out, colours).request(checked{found: []finding{odd}})
		return out.String()
	}
	assert.Contains(t, write(true), "\x1b[31merror\x1b[0m: x")
	assert.Equal(t, write(false), strings.NewReplacer("\x1b[31m", "", "\x1b[0m", "").Replace(write(true)))
}

func TestProgressLine(t *testing.T) {
	p := progress{s: &source{name: "a\n.jsonl", size: 40e6}}
	assert.Equal(t, `a\u000a.jsonl: 10.0 MB of 40.0 MB, 25 %, 5.0 MB/s, 6s left`, p.line(10e6, 2*time.Second))
	p.s.size = 0
	assert.Equal(t, `a\u000a.jsonl: 10.0 MB, 5.0 MB/s`, p.line(10e6, 2*time.Second))
}

// Progress is shown once a second, on a terminal only, and is taken away at the end.
func TestProgressSteps(t *testing.T) {
	var out strings.Builder
	now := time.Unix(0, 0)
	source := &source{name: "a", size: 100}
	source.read = &(&counter{}).n
	p := newProgress(&console{err: &out}, source, false)
	assert.True(t, p.off, "a builder is no terminal")
	p.off, p.now, p.start, p.last = false, func() time.Time { return now }, now, now
	p.step()
	assert.Empty(t, out.String())
	now = now.Add(2 * time.Second)
	source.read.Add(50)
	p.step()
	p.step()
	assert.Equal(t, "\r\x1b[Ka: 0.0 MB of 0.0 MB, 50 %, 0.0 MB/s, 2s left", out.String())
	p.end()
	assert.True(t, strings.HasSuffix(out.String(), "\r\x1b[K"))
}

// The schema is one, takes what the profile takes, and has its place in the OpenAPI document, whose references all lead
// somewhere. An event of a stream is one of its items.
func TestSchemaAndOpenAPI(t *testing.T) {
	dir := folder(t, file("limits.json", `{"properties":{"max_tokens":{"maximum":100}}}`))
	r := runIn(t, dir, "", nil, "schema", "-profile", "vllm", "-schema", "limits.json")
	require.Equal(t, exitOK, r.code, r.err)
	s, err := jsonschema.CompileString("request.json", r.out)
	require.NoError(t, err)
	value := func(text string) (v any) {
		require.NoError(t, json.Unmarshal([]byte(text), &v), text)
		return v
	}
	assert.NoError(t, s.Validate(value(`{"model":"m","prompt":["x"],"max_tokens":100,"min_p":0.1}`)))
	assert.Error(t, s.Validate(value(`{"model":"m","prompt":["x"],"max_tokens":101}`)))

	r = runIn(t, dir, "", nil, "schema", "-format", "openapi")
	require.Equal(t, exitOK, r.code, r.err)
	document := value(r.out).(map[string]any)
	assert.Equal(t, "3.2.0", document["openapi"])
	schemas := document["components"].(map[string]any)["schemas"].(map[string]any)
	assert.Contains(t, schemas["CompletionRequest"], "properties")
	for _, part := range strings.Split(r.out, `"$ref": "`)[1:] {
		ref, _, _ := strings.Cut(part, `"`)
		name, ok := strings.CutPrefix(ref, "#/components/schemas/")
		assert.True(t, ok && schemas[name] != nil, ref)
	}
	assert.Contains(t, r.out, `"itemSchema"`)
	compiler := jsonschema.NewCompiler()
	compiler.Draft = jsonschema.Draft2020
	compiler.AssertContent = true
	require.NoError(t, compiler.AddResource("openapi.json", strings.NewReader(string(openAPI))))
	event, err := compiler.Compile("openapi.json#/components/schemas/CompletionEvent")
	require.NoError(t, err)
	assert.NoError(t, event.Validate(value(`{"data":"{\"choices\":[{\"index\":0,\"text\":\"x\",\"finish_reason\":null}]}"}`)))
	assert.NoError(t, event.Validate(value(`{"data":"[DONE]"}`)))
	assert.NoError(t, event.Validate(value(`{"event":"error","data":"{\"error\":{\"message\":\"x\"}}"}`)))
	assert.Error(t, event.Validate(value(`{"data":"{\"choices\":1}"}`)))
	assert.Error(t, event.Validate(value(`{"data":"rubbish"}`)))
}

// The scripts are accepted by their shells, where these are installed, and bash completes with its own.
func TestCompletionScripts(t *testing.T) {
	for shell, check := range map[string][]string{"bash": {"-n"}, "zsh": {"-n"}, "fish": {"--no-execute"}} {
		r := runIn(t, t.TempDir(), "", nil, "completion", shell)
		require.Equal(t, exitOK, r.code)
		for _, m := range commands {
			assert.Contains(t, r.out, m.name, shell)
		}
		assert.Contains(t, r.out, "github sarif junit", shell)
		program, err := exec.LookPath(shell)
		if err != nil {
			t.Logf("no %s here", shell)
			continue
		}
		syntax := exec.Command(program, check...)
		syntax.Stdin = strings.NewReader(r.out)
		out, err := syntax.CombinedOutput()
		assert.NoError(t, err, "%s: %s", shell, out)
		if shell != "bash" {
			continue
		}
		for line, want := range map[string]string{"ch": "check", "check -fo": "-format", "check -format s": "sarif", "completion f": "fish", "codes best-of-b": "best-of-below-n", "body -profile vl": "vllm"} {
			words := "completions " + line
			script := r.out + "\nCOMP_WORDS=(" + words + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _completions; echo \"${COMPREPLY[@]}\"\n"
			out, err := exec.Command(program, "-c", script).CombinedOutput()
			assert.NoError(t, err, "%s", out)
			assert.Equal(t, want, strings.TrimSpace(string(out)), line)
		}
	}
}

// Every code is explained, also those of what stands around a request.
func TestCodes(t *testing.T) {
	all := runIn(t, t.TempDir(), "", nil, "codes")
	for _, c := range core.CodeTexts() {
		assert.Contains(t, all.out, string(c.Code))
		one := runIn(t, t.TempDir(), "", nil, "codes", "["+strings.ToUpper(string(c.Code))+"]")
		assert.Equal(t, exitOK, one.code)
		assert.Contains(t, one.out, c.Meaning)
		assert.NotContains(t, one.out, "```")
	}
	for code, meaning := range fileCodes {
		assert.Contains(t, all.out, code)
		assert.Contains(t, runIn(t, t.TempDir(), "", nil, "codes", code).out, meaning)
	}
}

func TestVersion(t *testing.T) {
	r := runIn(t, t.TempDir(), "", nil, "--version")
	assert.Equal(t, exitOK, r.code)
	assert.Regexp(t, `^completions \S+ .*go1\.\S+ \w+/\w+\n$`, r.out)
}
