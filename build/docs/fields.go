package docs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"reflect"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/schema"
)

// fieldPages are a page for each field, and one with all of them.
func (f *facts) fieldPages() []Page {
	var pages []Page
	var list strings.Builder
	fmt.Fprintf(&list, "%s# Fields\n\nThe %d fields of a completion request, as the [schema](https://json-schema.org/) of this "+
		"project has them. Each page says what servers make of the field, and has it live.\n", frontMatter("Fields", "All fields of a completion request, with types, ranges and defaults.", "aside: false"), len(f.fields))
	for _, g := range f.base.Groups {
		fmt.Fprintf(&list, "\n## %s\n\n%s\n\n", g.Title, prose(g.Description))
		var rows [][]string
		for i := range f.fields {
			p := &f.fields[i]
			if p.Group == g.Name {
				rows = append(rows, []string{fmt.Sprintf("[%s](%s.md)", code(p.name), p.name), p.kind(), dash(p.bounds()), f.usual(p), prose(p.Description)})
			}
		}
		list.WriteString(table([]string{"Field", "Type", "Range", "Default", "What it says"}, rows))
	}
	pages = append(pages, Page{Path: "fields/index.md", Group: "Reference", Title: "Fields", About: "All fields of a request, with types, ranges and defaults.", Text: list.String()})
	for i := range f.fields {
		p := &f.fields[i]
		pages = append(pages, Page{Path: "fields/" + p.name + ".md", Group: "Fields", Title: p.name, About: p.Description, Text: f.fieldPage(p)})
	}
	return pages
}

func dash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

// usual says what a server does without the field.
func (f *facts) usual(p *property) string {
	switch {
	case slices.Contains(f.base.Required, p.name):
		return "required"
	case len(p.Default) > 0 && string(p.Default) != "null":
		return code(string(p.Default))
	}
	return "the server's"
}

func (f *facts) fieldPage(p *property) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s# %s\n\n%s\n\n", frontMatter(p.name, p.Description, "aside: false"), p.name, prose(p.Description))
	rows := [][]string{{"Type", p.kind()}}
	if bounds := p.bounds(); bounds != "" {
		rows = append(rows, []string{"Range", bounds})
	}
	rows = append(rows, []string{"Default", f.usual(p)})
	if len(p.Examples) > 0 {
		var examples []string
		for _, e := range p.Examples {
			examples = append(examples, code(compact(e)))
		}
		rows = append(rows, []string{"Example", strings.Join(examples, ", ")})
	}
	if camel := camelCase(p.name); camel != p.name {
		rows = append(rows, []string{"Also written", code(camel)})
	}
	if name := goField(p.name); name != "" {
		rows = append(rows, []string{"In Go", code("CompletionRequest." + name)})
	}
	out.WriteString(table([]string{"", ""}, rows))
	for _, name := range sortedKeys(p.Properties) {
		inner := p.Properties[name]
		fmt.Fprintf(&out, "- %s, %s: %s\n", code(name), inner.kind(), prose(inner.Description))
	}
	fmt.Fprintf(&out, "\n## Try it\n\n%s", embed(f.sample(p), `fields="`+p.name+`"`, `layout="full"`, `send="off"`, `theme="auto"`))
	if rows := f.mistakes(p); len(rows) > 0 {
		out.WriteString("\n## What is found\n\nUnder the rules of " + serverLink("../", core.DefaultProfile, f.title(core.DefaultProfile)) + ":\n\n")
		out.WriteString(table([]string{"Value", "Finding", "Code"}, rows))
	}
	if rows := f.ruleRows(p.name); len(rows) > 0 {
		out.WriteString("\n## Rules with other fields\n\n" + table([]string{"Code", "Fields", "Source"}, rows))
	}
	out.WriteString("\n## What servers make of it\n\n")
	var notes [][]string
	var silent []string
	for i := range f.servers {
		s := &f.servers[i]
		said := f.said(s, p.name)
		if len(said) == 0 {
			silent = append(silent, serverLink("../", s.Name, s.Title))
		}
		for n, each := range said {
			first := ""
			if n == 0 {
				first = serverLink("../", s.Name, s.Title)
			}
			notes = append(notes, []string{first, each.what, each.evidence})
		}
	}
	out.WriteString(table([]string{"Server", "What it does", "Read in"}, notes))
	if len(silent) > 0 {
		fmt.Fprintf(&out, "As the schema says it: %s.\n\n", strings.Join(silent, ", "))
	}
	out.WriteString("How far to trust each source is told by its [letter](../servers/index.md#evidence).\n")
	return out.String()
}

func (f *facts) title(name string) string {
	for _, s := range f.servers {
		if s.Name == name {
			return s.Title
		}
	}
	return name
}

func serverLink(up, name, title string) string {
	return fmt.Sprintf("[%s](%sservers/%s.md)", prose(title), up, name)
}

// embed is the element with a request, which it shows before its script has come.
func embed(request []byte, attributes ...string) string {
	return fmt.Sprintf("<completion-playground v-pre %s value=\"%s\"></completion-playground>\n",
		strings.Join(attributes, " "), strings.ReplaceAll(html.EscapeString(string(request)), "\n", "&#10;"))
}

// sample is a valid request with the field in it.
func (f *facts) sample(p *property) []byte {
	members := []core.Member{
		{Name: "model", Value: json.RawMessage(`"demo-small"`)},
		{Name: "prompt", Value: json.RawMessage(`["Once upon a time"]`)},
		{Name: "max_tokens", Value: json.RawMessage(`16`)},
	}
	if p.name == "stream_options" {
		members = append(members, core.Member{Name: "stream", Value: json.RawMessage(`true`)})
	}
	if !slices.ContainsFunc(members, func(m core.Member) bool { return m.Name == p.name }) && len(p.Examples) > 0 {
		members = append(members, core.Member{Name: p.name, Value: p.Examples[0]})
	}
	return object(members)
}

// object writes members on a line each.
func object(members []core.Member) []byte {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range members {
		if i > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, "\n  %q: %s", m.Name, compact(m.Value))
	}
	out.WriteString("\n}")
	return out.Bytes()
}

// compact writes a JSON value on one line, with a space after commas and colons outside texts.
func compact(value json.RawMessage) string {
	var tight bytes.Buffer
	if json.Compact(&tight, value) != nil {
		return string(value)
	}
	var out strings.Builder
	quoted, escaped := false, false
	for _, r := range tight.String() {
		out.WriteRune(r)
		switch {
		case escaped:
			escaped = false
		case quoted && r == '\\':
			escaped = true
		case r == '"':
			quoted = !quoted
		case !quoted && (r == ',' || r == ':'):
			out.WriteByte(' ')
		}
	}
	return out.String()
}

// trials are values to show what is found in them, by the type of a field.
var trials = map[string][]string{
	"string":  {`""`, `5`, `["x"]`},
	"integer": {`"16"`, `1.5`, `1e1`, `true`},
	"number":  {`"0.7"`, `true`},
	"boolean": {`"true"`, `1`},
	"array":   {`[]`, `"lone"`, `[5]`, `["a", "b", "c", "d", "e"]`, `["a", "a"]`},
	"object":  {`{"Hello": 1}`, `{"50256": -101}`, `{"include_usage": true}`, `[]`},
}

// mistakes are values of the field with what is said of them.
func (f *facts) mistakes(p *property) (rows [][]string) {
	values := slices.Clone(trials[p.Type[0]])
	for _, bound := range []struct {
		at   json.Number
		step float64
	}{{p.Minimum, -1}, {p.Maximum, 1}} {
		if n, err := bound.at.Float64(); err == nil && n > -1e15 && n < 1e15 {
			values = append(values, fmt.Sprintf("%.0f", n+bound.step))
		} else if err == nil { // the largest of 64 bits: ten times as much
			values = append(values, string(bound.at)+"0")
		}
	}
	for _, value := range values {
		text := []byte(`{"model": "m", "prompt": ["x"], "max_tokens": 5}`)
		edits, err := core.Default().Set(text, "/"+p.name, []byte(value))
		if err != nil {
			continue
		}
		if text, err = core.Apply(text, edits); err != nil {
			continue
		}
		report := core.Check(text)
		told := false
		for _, issue := range report.Issues {
			if issue.Path != "/"+p.name && !strings.HasPrefix(issue.Path, "/"+p.name+"/") {
				continue
			}
			said := fmt.Sprintf("%s: %s", prose(issue.Severity.String()), prose(issue.Message))
			if issue.Fix != nil {
				said += "<br>Fix: " + prose(issue.Fix.Title)
			}
			rows = append(rows, []string{code(value), said, codeLink(string(issue.Code))})
			told = true
		}
		for _, change := range report.Changes {
			if !told && strings.HasPrefix(change.Path, "/"+p.name) {
				rows = append(rows, []string{code(value), prose(change.Message), "–"})
			}
		}
	}
	return rows
}

func codeLink(name string) string { return fmt.Sprintf("[%s](../codes.md#%s)", code(name), name) }

func (f *facts) ruleRows(field string) (rows [][]string) {
	for _, r := range f.rules {
		if !slices.Contains(r.fields, field) {
			continue
		}
		var fields []string
		for _, name := range r.fields {
			if _, ours := f.base.Properties[name]; ours {
				fields = append(fields, fmt.Sprintf("[%s](%s.md)", code(name), name))
			} else {
				fields = append(fields, code(name))
			}
		}
		rows = append(rows, []string{codeLink(r.code), strings.Join(fields, ", "), prose(r.source)})
	}
	return rows
}

// said is one thing that a profile says of a field.
type said struct{ what, evidence string }

// uses are the words for what a server does with a field.
var uses = map[string]string{"refused": "Refused", "ignored": "Ignored", "note": "Taken"}

func (f *facts) said(s *server, field string) (list []said) {
	add := func(evidence, format string, args ...any) {
		list = append(list, said{fmt.Sprintf(format, args...), prose(evidence)})
	}
	if note, ok := s.Fields[field]; ok {
		list = append(list, noteSaid(note)...)
	}
	own, base := s.request.Properties[field], f.base.Properties[field]
	if a, b := own.bounds(), base.bounds(); a != b {
		add(s.source(field, "ranges"), "Range: %s", orWord(a, "any"))
	}
	if a, b := own.kind(), base.kind(); a != b {
		add(s.source(field, "fields"), "Type: %s", a)
	}
	if slices.Contains(f.base.Required, field) && !slices.Contains(s.request.Required, field) {
		add(s.source(field, "fields"), "Not required")
	}
	if field == "prompt" && s.PromptAs != "" {
		add(s.source("prompt", "fields"), "Sent as a plain string; one alone is taken")
	}
	if field == "max_tokens" && s.DefaultMaxTokens != "" {
		add(s.source("max_tokens", "fields"), "Without it, %s", prose(s.DefaultMaxTokens))
	}
	for _, l := range s.Limits {
		if l.Field == field {
			list = append(list, limitSaid(l))
		}
	}
	for _, v := range s.Versions {
		if note, ok := v.Fields[field]; ok {
			for _, n := range noteSaid(note) {
				add(v.Evidence, "%s: %s", versions(v), n.what)
			}
		}
		for _, l := range v.Limits {
			if l.Field == field {
				add(v.Evidence, "%s: %s", versions(v), limitSaid(l).what)
			}
		}
	}
	return list
}

// source names where the first of the topics was read, or what is nearest to them.
func (s *server) source(topics ...string) string {
	for _, topic := range append(topics, "fields and ranges", "fields", "request type", "all") {
		if source := s.Evidence[topic]; source != "" {
			return source
		}
	}
	return ""
}

func orWord(text, word string) string {
	if text == "" {
		return word
	}
	return text
}

func noteSaid(n schema.FieldNote) (list []said) {
	if word, ok := uses[n.Use]; ok {
		for _, condition := range [][2]string{{" together with ", n.With}, {" without ", n.Without}} {
			if condition[1] != "" {
				word += condition[0] + code(condition[1])
			}
		}
		what := word + ": " + prose(n.Why)
		if n.Why == "" {
			what = word
		}
		if n.As != "" {
			what += "; newer: " + code(strings.ReplaceAll(strings.TrimPrefix(n.As, "/"), "/", "."))
		}
		list = append(list, said{what, prose(n.Evidence)})
	}
	for _, kind := range sortedKeys(n.Mild) {
		if m := n.Mild[kind]; m.Why != "" {
			list = append(list, said{wrongValues[kind] + ": " + prose(m.Why), prose(m.Evidence)})
		}
	}
	return list
}

// wrongValues are words for the kinds of schema.Mild.
var wrongValues = map[string]string{
	"range": "Beyond the range", "fraction": "A fraction", "boolean": "True or false for a number", "written": "Written as another type",
	"type": "Another type", "empty": "Empty", "within": "Wrong within", "any": "Any wrong value",
}

func limitSaid(l schema.SoftLimit) said {
	var narrow property
	what := prose(l.Why)
	if json.Unmarshal(l.Schema, &narrow) == nil && narrow.outside() != "" {
		what = narrow.outside() + ": " + what
	}
	if l.Unless != "" {
		what += ", unless " + code(l.Unless) + " is true"
	}
	return said{what, prose(l.Evidence)}
}

func versions(v schema.VersionRange) string {
	if v.Since == "" {
		return "Before " + code(v.Until)
	}
	return "From " + code(v.Since) + " until before " + code(v.Until)
}

func camelCase(name string) string {
	first, rest, _ := strings.Cut(name, "_")
	for rest != "" {
		var word string
		word, rest, _ = strings.Cut(rest, "_")
		first += strings.ToUpper(word[:1]) + word[1:]
	}
	return first
}

// goField is the name of a field in the typed request.
func goField(name string) string {
	request := reflect.TypeFor[core.CompletionRequest]()
	for i := range request.NumField() {
		if field := request.Field(i); field.Tag.Get("json") == name {
			return field.Name
		}
	}
	return ""
}
