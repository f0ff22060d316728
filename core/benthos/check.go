package benthos

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/redpanda-data/benthos/v4/public/service"
)

// Name is what configurations call the processor.
const Name = "completions_check"

// The metadata of every message that was checked.
const (
	// MetaValid is "true" for a request without errors, else "false".
	MetaValid = "completions_valid"
	// MetaErrors counts errors, as digits; warnings and hints are not among them.
	MetaErrors = "completions_errors"
	// MetaCodes lists the codes of all issues in alphabetical order, each once, with commas between; "" for none.
	MetaCodes = "completions_codes"
	// MetaIssues holds the issues as JSON, an array of objects as core.Issue writes them; at most 64 KiB, after which
	// issues are left out from the end.
	MetaIssues = "completions_issues"
)

// longestIssues bounds MetaIssues: brokers refuse messages whose headers grow with their content.
const longestIssues = 64 << 10

const (
	fieldProfile   = "profile"
	fieldOverlay   = "overlay"
	fieldFix       = "fix"
	fieldNormalize = "normalize"
)

func init() {
	err := service.RegisterProcessor(Name, spec(), func(config *service.ParsedConfig, _ *service.Resources) (service.Processor, error) {
		return newChecker(config)
	})
	if err != nil {
		panic(err) // the specification cannot be: a fault of this package
	}
}

func spec() *service.ConfigSpec {
	return service.NewConfigSpec().
		Categories("Parsing", "AI").
		Summary("Checks that a message is the body of a text-completion request, and writes it as a server gets it.").
		Description(`
A message with errors keeps its bytes and is marked as failed, with the first error as the reason, so that `+"`switch`, `catch` and `fallback`"+`
can route it. Warnings and hints fail nothing. Every message gets this metadata:

- `+"`"+MetaValid+"`"+`: "true" or "false"
- `+"`"+MetaErrors+"`"+`: how many errors it has
- `+"`"+MetaCodes+"`"+`: the codes of its issues, with commas between
- `+"`"+MetaIssues+"`"+`: the issues as a JSON array, with places, messages and fixes; the first 64 KiB of them
`).
		Field(service.NewStringField(fieldProfile).
			Description("Whose rules count: a profile of the core, with @ and a version for an older one, such as `vllm` or `vllm@0.11.2`.").
			Default(core.DefaultProfile)).
		Field(service.NewStringField(fieldOverlay).
			Description("A JSON merge patch (RFC 7396) on the schema: limits and fields of your own.").
			Example(`{"properties": {"max_tokens": {"maximum": 512}}}`).
			Default("").
			Advanced()).
		Field(service.NewBoolField(fieldFix).
			Description("Apply the fixes that change no meaning before judging: a quote that lacks, a comma too many.").
			Default(false)).
		Field(service.NewBoolField(fieldNormalize).
			Description("Write a valid request in canonical form: strict JSON, numbers and nulls as servers take them. Otherwise its bytes stay as they are, unless they are no strict JSON.").
			Default(true)).
		Example("Route what is invalid", "Requests go on, the others into a file with the reasons.", `
pipeline:
  processors:
    - completions_check:
        profile: vllm
output:
  switch:
    cases:
      - check: errored()
        output:
          file:
            path: invalid.jsonl
            codec: lines
          processors:
            - mapping: |
                root.request = content().string()
                root.issues = @completions_issues
      - output:
          file:
            path: valid.jsonl
            codec: lines
`)
}

// checker is the processor. It is called by several goroutines at once.
type checker struct {
	validator      *core.Validator
	fix, normalize bool
}

func newChecker(config *service.ParsedConfig) (*checker, error) {
	var c checker
	profile, err := config.FieldString(fieldProfile)
	if err != nil {
		return nil, err
	}
	overlay, err := config.FieldString(fieldOverlay)
	if err != nil {
		return nil, err
	}
	if c.fix, err = config.FieldBool(fieldFix); err != nil {
		return nil, err
	}
	if c.normalize, err = config.FieldBool(fieldNormalize); err != nil {
		return nil, err
	}
	if c.validator, err = core.ForProfile(profile); err != nil {
		return nil, err
	}
	if overlay != "" {
		options := core.Options{Profile: c.validator.Profile(), Overlay: []byte(overlay)}
		if c.validator, err = core.Compile(nil, options); err != nil {
			return nil, fmt.Errorf("%s: %w", fieldOverlay, err)
		}
	}
	return &c, nil
}

// Process checks one message.
func (c *checker) Process(_ context.Context, message *service.Message) (service.MessageBatch, error) {
	text, err := message.AsBytes()
	if err != nil {
		return nil, err
	}
	report := c.validator.Check(text)
	if c.fix && !report.Valid() {
		if mended, ok := c.mended(text); ok {
			text, report = mended, c.validator.Check(mended)
		}
	}
	tell(message, report)
	if !report.Valid() {
		message.SetError(report.Err())
		return service.MessageBatch{message}, nil
	}
	if c.normalize || !json.Valid(text) {
		text = c.validator.Body(text)
	}
	message.SetBytes(text)
	return service.MessageBatch{message}, nil
}

// mended returns the text with its safe fixes, where there are any. It counts only where it is valid then: a message that
// fails all the same keeps its bytes.
func (c *checker) mended(text []byte) ([]byte, bool) {
	edits, err := c.validator.FixAll(text)
	if err != nil || len(edits) == 0 {
		return nil, false
	}
	mended, err := core.Apply(text, edits)
	return mended, err == nil && c.validator.Valid(mended)
}

func tell(message *service.Message, report core.Report) {
	errors, codes := 0, []string{}
	for _, issue := range report.Issues {
		if issue.Severity == core.Error {
			errors++
		}
		codes = append(codes, string(issue.Code))
	}
	slices.Sort(codes)
	message.MetaSetMut(MetaValid, strconv.FormatBool(report.Valid()))
	message.MetaSetMut(MetaErrors, strconv.Itoa(errors))
	message.MetaSetMut(MetaCodes, strings.Join(slices.Compact(codes), ","))
	message.MetaSetMut(MetaIssues, issuesJSON(report.Issues))
}

func issuesJSON(issues []core.Issue) string {
	out := []byte("[")
	for _, issue := range issues {
		one, err := json.Marshal(issue)
		if err != nil || len(out)+len(one)+1 >= longestIssues {
			break
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(out, one...)
	}
	return string(append(out, ']'))
}

// Close has nothing to do.
func (*checker) Close(context.Context) error { return nil }
