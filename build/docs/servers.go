package docs

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/completion-playground/playground/schema"
)

// evidence is what is known of a server's answers; schema/README.md describes its members.
type evidence struct {
	Server, Version, Date, Setting string
	Rows                           []struct{ Request, Outcome, Answer, Hidden, Source, At string }
}

// readEvidence reads one file, and returns nothing where there is none.
func readEvidence(root fs.FS, file string) (*evidence, error) {
	text, err := fs.ReadFile(root, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	e := new(evidence)
	if err := json.Unmarshal(text, e); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return e, nil
}

// outcomes are the words for those of a row.
var outcomes = map[string]string{
	"asked": "as asked", "changed": "with another value", "ignored": "ignored", "refused": "refused", "reported": "reported as refused",
}

// serverSample is a request that most servers say something of.
const serverSample = `{
  "model": "m", "prompt": ["Once upon a time"], "max_tokens": 0,
  "suffix": "The end.", "best_of": 2, "echo": true, "top_k": 40
}`

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// serverPages are a page for each profile, and one with all of them.
func (f *facts) serverPages(root fs.FS) (pages []Page, err error) {
	legend, err := section(root, "schema/README.md", "Evidence")
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for i := range f.servers {
		s := &f.servers[i]
		measured, err := readEvidence(root, "schema/measured/"+s.Name+".json")
		if err != nil {
			return nil, err
		}
		read, err := readEvidence(root, "schema/read/"+s.Name+".json")
		if err != nil {
			return nil, err
		}
		rows = append(rows, []string{serverLink("../", s.Name, s.Title), code(s.Name), prose(s.Summary), count(measured), count(read)})
		pages = append(pages, Page{Path: "servers/" + s.Name + ".md", Group: "Servers", Title: s.Title, About: s.Summary, Text: f.serverPage(s, measured, read)})
	}
	all := frontMatter("Servers", "The profiles of servers, and the evidence behind them.", "aside: false") + "# Servers\n\nA profile says what one kind of server " +
		"refuses, ignores, changes and adds. A test holds each to the requests on its page.\n\n" +
		table([]string{"Server", "Profile", "What it is", "Measured", "Read"}, rows) + "\n## Evidence\n\n" + legend
	return append([]Page{{Path: "servers/index.md", Group: "Reference", Title: "Servers", About: "What each kind of server does otherwise, and how that is known.", Text: all}}, pages...), nil
}

func count(e *evidence) string {
	if e == nil {
		return "–"
	}
	return fmt.Sprint(len(e.Rows))
}

// section returns what stands below a heading of a document, up to the first paragraph that is about files.
func section(root fs.FS, file, title string) (string, error) {
	text, err := fs.ReadFile(root, file)
	if err != nil {
		return "", err
	}
	_, rest, found := strings.Cut(string(text), "\n## "+title+"\n")
	if !found {
		return "", fmt.Errorf("%s has no part %q", file, title)
	}
	rest, _, _ = strings.Cut(rest, "\n## ")
	var kept []string
	for paragraph := range strings.SplitSeq(strings.TrimSpace(rest), "\n\n") {
		if strings.HasPrefix(paragraph, "`") {
			break
		}
		kept = append(kept, paragraph)
	}
	return strings.Join(kept, "\n\n") + "\n", nil
}

func (f *facts) serverPage(s *server, measured, read *evidence) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s# %s\n\n%s\n\n", frontMatter(s.Title, s.Summary, "aside: false"), prose(s.Title), prose(s.Summary))
	rows := [][]string{{"Profile", code(s.Name)}, {"A field that nobody knows", s.Unknown}}
	if len(s.Hosts) > 0 {
		var hosts []string
		for _, h := range s.Hosts {
			hosts = append(hosts, code(h))
		}
		rows = append(rows, []string{"Found at", strings.Join(hosts, ", ")})
	}
	if s.DefaultMaxTokens != "" {
		rows = append(rows, []string{"Without max_tokens", prose(s.DefaultMaxTokens)})
	}
	if bounds := s.Bounds(); len(bounds) > 0 {
		for i, b := range bounds {
			bounds[i] = code(s.Name + "@" + b)
		}
		rows = append(rows, []string{"Changes with", strings.Join(bounds, ", ")})
	}
	out.WriteString(table([]string{"", ""}, rows))
	fmt.Fprintf(&out, "\n## Try it\n\n%s", embed([]byte(serverSample),
		`profile="`+s.Name+`"`, `layout="full"`, `send="off"`, `theme="auto"`))
	part := func(title, before string, head []string, rows [][]string) {
		if len(rows) > 0 {
			fmt.Fprintf(&out, "\n## %s\n\n%s%s", title, before, table(head, rows))
		}
	}
	part("Fields", "What is otherwise than in the [schema](../fields/index.md). All other fields of it work.\n\n", []string{"Field", "What it does", "Read in"}, f.otherwise(s))
	part("Fields of its own", "", []string{"Field", "Type", "Range", "What it says"}, f.ownFields(s))
	part("Wrong values that it takes", "Of every field that says nothing else itself.\n\n", []string{"Value", "What becomes of it", "Read in"}, mildRows(s.Mild))
	part("Rules across fields", "", []string{"Code", "Is", "Read in"}, ruleChanges(s))
	part("Measured", about(measured), []string{"Request", "Outcome", "Answer"}, measuredRows(measured))
	part("Read", about(read), []string{"Request", "Outcome", "Source"}, readRows(read))
	var topics [][]string
	for _, topic := range sortedKeys(s.Evidence) {
		if _, ours := s.Rules[topic]; !ours {
			topics = append(topics, []string{prose(topic), prose(s.Evidence[topic])})
		}
	}
	part("Where it was read", "The letters are told [here](index.md#evidence).\n\n", []string{"Topic", "Source"}, topics)
	return out.String()
}

func (f *facts) otherwise(s *server) (rows [][]string) {
	for i := range f.fields {
		name := f.fields[i].name
		for _, n := range f.said(s, name) {
			rows = append(rows, []string{fmt.Sprintf("[%s](../fields/%s.md)", code(name), name), n.what, n.evidence})
		}
	}
	return rows
}

func (f *facts) ownFields(s *server) (rows [][]string) {
	for _, name := range sortedKeys(s.request.Properties) {
		if _, shared := f.base.Properties[name]; shared {
			continue
		}
		p := s.request.Properties[name]
		what := prose(p.Description)
		for _, n := range f.said(s, name) {
			if !strings.HasPrefix(n.what, "Range:") && !strings.HasPrefix(n.what, "Type:") {
				what += "<br>" + n.what
			}
		}
		rows = append(rows, []string{code(name), p.kind(), dash(p.bounds()), what})
	}
	return rows
}

func mildRows(list map[string]schema.Mild) (rows [][]string) {
	for _, kind := range sortedKeys(list) {
		if m := list[kind]; m.Why != "" {
			rows = append(rows, []string{wrongValues[kind], prose(m.Why), prose(m.Evidence)})
		}
	}
	return rows
}

func ruleChanges(s *server) (rows [][]string) {
	for _, name := range sortedKeys(s.Rules) {
		is := s.Rules[name]
		if is == "off" {
			is = "not told"
		} else {
			is = "a " + is
			if s.Rules[name] == "error" {
				is = "an error"
			}
		}
		rows = append(rows, []string{codeLink(name), is, prose(s.Evidence[name])})
	}
	return rows
}

func about(e *evidence) string {
	if e == nil {
		return ""
	}
	parts := []string{prose(e.Server) + " " + prose(e.Version), e.Date}
	if e.Setting != "" {
		parts = append(parts, prose(e.Setting))
	}
	return strings.Join(parts, "; ") + ".\n\n"
}

func measuredRows(e *evidence) (rows [][]string) {
	if e == nil {
		return nil
	}
	for _, r := range e.Rows {
		answer := code(r.Answer)
		if r.Hidden != "" {
			answer += "<br>Not to be known from the request: " + prose(r.Hidden)
		}
		rows = append(rows, []string{code(r.Request), outcomes[r.Outcome], answer})
	}
	return rows
}

func readRows(e *evidence) (rows [][]string) {
	if e == nil {
		return nil
	}
	for _, r := range e.Rows {
		outcome := outcomes[r.Outcome]
		if r.At != "" {
			outcome += " by " + code(r.At)
		}
		rows = append(rows, []string{code(r.Request), outcome, prose(r.Source)})
	}
	return rows
}
