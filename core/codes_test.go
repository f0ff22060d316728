package core

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

// TestInternalCodes keeps the constants of package finding, which stand below this package: the same names and values
// without the prefix. Run with -update to rewrite them.
func TestInternalCodes(t *testing.T) {
	var file bytes.Buffer
	file.WriteString(`package finding

// Code names a kind of issue. The constants are made from those of package core, which say what each of them means:
// go test ./core -run Codes -update
type Code string

const (
`)
	for _, group := range codeConstants(t) {
		for _, c := range group.codes {
			fmt.Fprintf(&file, "%s Code = %q\n", strings.TrimPrefix(c.name, "Code"), c.value)
		}
	}
	file.WriteString(")\n\n// All are all codes, in the order of the constants.\nvar All = [...]Code{\n")
	for _, group := range codeConstants(t) {
		for _, c := range group.codes {
			fmt.Fprintf(&file, "%s,\n", strings.TrimPrefix(c.name, "Code"))
		}
	}
	file.WriteString("}\n")
	want, err := format.Source(file.Bytes())
	require.NoError(t, err)
	const path = "internal/finding/codes.go"
	if *update {
		require.NoError(t, os.WriteFile(path, want, 0o644))
	}
	onDisk, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(onDisk))
}

// TestCodesPage keeps codes.md: every code with its meaning, taken from the constant, and an example from
// testdata/codes.txtar with the exact output. Run with -update to rewrite it.
func TestCodesPage(t *testing.T) {
	text, err := os.ReadFile("testdata/codes.txtar")
	require.NoError(t, err)
	examples := map[string][]byte{}
	for _, f := range txtar.Parse(text).Files {
		require.NotContains(t, examples, f.Name)
		examples[f.Name] = f.Data
	}
	var page bytes.Buffer
	page.WriteString(`# Issue codes

Every issue has a code that stays the same from version to version; messages may be improved. Each example below is
checked under the default profile unless another one is named, and shows all issues of its text. A test keeps this page
true to the code.
`)
	for _, group := range codeConstants(t) {
		fmt.Fprintf(&page, "\n## %s\n", group.title)
		for _, c := range group.codes {
			fmt.Fprintf(&page, "\n### %s\n\n%s.\n", c.value, strings.ToUpper(c.doc[:1])+c.doc[1:])
			name := c.value
			profile := DefaultProfile
			if _, ok := examples[name]; !ok {
				i := slices.IndexFunc(Profiles(), func(p Profile) bool { return examples[name+" "+p.Name] != nil })
				require.GreaterOrEqual(t, i, 0, "testdata/codes.txtar has no example of %s", c.value)
				profile = Profiles()[i].Name
				name += " " + profile
				fmt.Fprintf(&page, "\nProfile `%s`:\n", profile)
			}
			overlay := codeOverlays[Code(c.value)]
			if overlay != "" {
				fmt.Fprintf(&page, "\nWith the overlay `%s`:\n", overlay)
			}
			v, err := Compile(nil, Options{Profile: profileNamed(t, profile), Limits: codeLimits[Code(c.value)], Overlay: []byte(overlay)})
			require.NoError(t, err)
			input := examples[name]
			delete(examples, name)
			shown, err := strconv.Unquote(`"` + strings.ReplaceAll(strings.TrimSuffix(string(input), "\n"), `"`, `\"`) + `"`)
			escaped := err == nil && strings.Contains(string(input), `\x`)
			if escaped {
				input = []byte(shown) // bytes that no page can show
			}
			r := v.Check(bytes.TrimSuffix(input, []byte("\n")))
			require.True(t, slices.ContainsFunc(r.Issues, func(i Issue) bool { return string(i.Code) == c.value }), "the example of %s gives %v", c.value, r.Issues)
			fmt.Fprintf(&page, "\n```text\n%s\n```\n\n```text\n", exampleText(input, escaped))
			for _, i := range r.Issues {
				fmt.Fprintln(&page, i)
				if i.Fix != nil {
					fmt.Fprintf(&page, "    fix: %s\n", i.Fix.Title)
				}
			}
			page.WriteString("```\n")
			if after := fixedExample(t, input, r.Issues, Code(c.value)); after != nil {
				fmt.Fprintf(&page, "\nWith the fix:\n\n```text\n%s\n```\n", exampleText(after, escaped))
			}
		}
	}
	require.Empty(t, examples, "examples of no code")
	if *update {
		require.NoError(t, os.WriteFile("codes.md", page.Bytes(), 0o644))
	}
	onDisk, err := os.ReadFile("codes.md")
	require.NoError(t, err)
	require.Equal(t, page.String(), string(onDisk))
}

// fixedExample returns the text after the fix of its issue with the code, nothing where there is none.
func fixedExample(t *testing.T, input []byte, issues []Issue, code Code) []byte {
	n := slices.IndexFunc(issues, func(i Issue) bool { return i.Code == code })
	if issues[n].Fix == nil {
		return nil
	}
	after, err := Apply(bytes.TrimSuffix(input, []byte("\n")), issues[n].Fix.Edits)
	require.NoError(t, err)
	return after
}

// codeLimits makes limits small enough to show.
var codeLimits = map[Code]Limits{
	CodeTooLarge:      {Bytes: 40},
	CodeTooDeep:       {Depth: 3},
	CodeTooManyIssues: {Issues: 2},
}

// codeOverlays shows the codes that only a schema of one's own can give.
var codeOverlays = map[Code]string{
	CodeTooLong: `{"properties":{"user":{"maxLength":4}}}`,
	CodeSchema:  `{"properties":{"model":{"enum":["a","b"]}}}`,
}

func exampleText(input []byte, escaped bool) string {
	s := strings.TrimSuffix(string(input), "\n")
	if escaped {
		s = strings.Trim(strconv.Quote(s), `"`)
		s = strings.ReplaceAll(s, `\"`, `"`)
	}
	return s
}

func profileNamed(t *testing.T, name string) Profile {
	for _, p := range Profiles() {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("no profile %s", name)
	return Profile{}
}

type codeGroup struct {
	title string
	codes []struct{ name, value, doc string }
}

// codeConstants reads the constants of type Code from the source, which also holds what they mean.
func codeConstants(t *testing.T) (groups []codeGroup) {
	for _, file := range []string{"codes_syntax.go", "codes.go"} {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		require.NoError(t, err)
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			title, _, _ := strings.Cut(strings.TrimSpace(g.Doc.Text()), ".")
			group := codeGroup{title: strings.TrimPrefix(title, "Issues ")}
			group.title = strings.ToUpper(group.title[:1]) + group.title[1:]
			for _, s := range g.Specs {
				v := s.(*ast.ValueSpec)
				value, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
				require.NoError(t, err)
				doc := strings.TrimSpace(v.Comment.Text())
				require.NotEmpty(t, doc, "%s has no comment", v.Names[0])
				group.codes = append(group.codes, struct{ name, value, doc string }{v.Names[0].Name, value, doc})
			}
			groups = append(groups, group)
		}
	}
	return groups
}
