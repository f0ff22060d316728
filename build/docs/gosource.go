package docs

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// rule is a rule across fields, as core/internal/check has it.
type rule struct {
	code   string
	source string   // where it comes from
	fields []string // that it reads
}

const (
	rulesFile = "core/internal/check/rules.go"
	codesFile = "core/internal/finding/codes.go"
)

func parseGo(root fs.FS, file string) (*ast.File, *token.FileSet, []byte, error) {
	text, err := fs.ReadFile(root, file)
	if err != nil {
		return nil, nil, nil, err
	}
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, text, parser.ParseComments)
	return parsed, set, text, err
}

// readRules reads the table of rules from its source.
func readRules(root fs.FS) (rules []rule, err error) {
	names, _, _, err := parseGo(root, codesFile)
	if err != nil {
		return nil, err
	}
	codes := map[string]string{}
	ast.Inspect(names, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
			codes[v.Names[0].Name] = literal(v.Values[0])
		}
		return true
	})
	file, _, _, err := parseGo(root, rulesFile)
	if err != nil {
		return nil, err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		row, ok := n.(*ast.CompositeLit)
		if !ok || row.Type != nil || len(row.Elts) != 5 {
			return true
		}
		if s, ok := row.Elts[0].(*ast.SelectorExpr); ok {
			r := rule{code: codes[s.Sel.Name], source: literal(row.Elts[2])}
			for name := range strings.FieldsSeq(literal(row.Elts[3])) {
				r.fields = append(r.fields, strings.TrimLeft(name, "?-"))
			}
			rules = append(rules, r)
		}
		return true
	})
	if len(rules) == 0 || rules[0].code == "" || rules[0].source == "" {
		return nil, fmt.Errorf("%s has no table of rules that could be read", rulesFile)
	}
	return rules, nil
}

func literal(e ast.Expr) string {
	if l, ok := e.(*ast.BasicLit); ok {
		text, _ := strconv.Unquote(l.Value) // a number has no quotes, and is not asked for
		return text
	}
	return ""
}

// insertion is a line with nothing but a link to a Go file: the function, or variable, of that name is shown in its place.
var insertion = regexp.MustCompile(`^\[(\w+)\]\(([^)]+\.go)\)$`)

func insertions(root fs.FS, source, text string) (string, error) {
	var failed error
	text = eachLine(text, func(line string) string {
		m := insertion.FindStringSubmatch(line)
		if m == nil || failed != nil {
			return line
		}
		file := path.Join(path.Dir(source), m[2])
		shown, err := declared(root, file, m[1])
		if err != nil {
			failed = fmt.Errorf("%s: %w", source, err)
		}
		return strings.TrimSuffix(shown, "\n")
	})
	return text, failed
}

func declared(root fs.FS, file, name string) (string, error) {
	parsed, set, text, err := parseGo(root, file)
	if err != nil {
		return "", err
	}
	for _, d := range parsed.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.Name == name {
				return example(d, set, text)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if v, ok := s.(*ast.ValueSpec); ok && v.Names[0].Name == name {
					return reasons(parsed, v), nil
				}
			}
		}
	}
	return "", fmt.Errorf("%s has no %s", file, name)
}

// example shows what a test's example does, and what it prints.
func example(f *ast.FuncDecl, set *token.FileSet, text []byte) (string, error) {
	body := string(text[set.Position(f.Body.Lbrace).Offset+1 : set.Position(f.Body.Rbrace).Offset])
	program, output, found := strings.Cut(body, "\t// Output:")
	if !found {
		return "", fmt.Errorf("%s says nothing of its output", f.Name.Name)
	}
	var out strings.Builder
	if f.Doc != nil {
		out.WriteString(strings.TrimSpace(f.Doc.Text()) + "\n\n")
	}
	out.WriteString("```go\n")
	for line := range strings.Lines(strings.Trim(program, "\n")) {
		out.WriteString(strings.TrimPrefix(line, "\t"))
	}
	out.WriteString("\n```\n\n```text\n")
	for line := range strings.Lines(strings.TrimSpace(output)) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "//")
		out.WriteString(strings.TrimPrefix(line, " ") + "\n")
	}
	return out.String() + "```\n", nil
}

// reasons shows a list of texts with the comment above each.
func reasons(file *ast.File, v *ast.ValueSpec) string {
	var rows [][]string
	end := v.Pos()
	ast.Inspect(v, func(n ast.Node) bool {
		list, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		for _, e := range list.Elts {
			why := ""
			for _, c := range file.Comments {
				if c.Pos() > end && c.End() < e.Pos() {
					why = strings.Join(strings.Fields(c.Text()), " ")
				}
			}
			rows = append(rows, []string{code(literal(e)), prose(why)})
			end = e.End()
		}
		return false
	})
	return table([]string{"Directive", "Why"}, rows)
}
