package snippet

import (
	"strconv"
	"strings"

	"github.com/completion-playground/playground/core/internal/jsontape"
)

// goText writes a text as a literal of Go: raw where that is the same.
func goText(s string) string {
	if strconv.CanBackquote(s) && strings.ContainsAny(s, `"\`) && !strings.ContainsFunc(s, invisible) {
		return "`" + s + "`"
	}
	return strconv.Quote(s)
}

// goBody declares the body as a text, or reads it from its file.
func (w *writer) goBody(name string) {
	if len(w.r.Body) > Longest {
		w.goRead(name, w.apart("body", ".json", string(w.r.Body)))
		return
	}
	w.line("\t", name, " := []byte(", goText(string(w.r.Body)), ")")
}

func (w *writer) goRead(name, file string) {
	w.line("\t", name, ", err := os.ReadFile(", strconv.Quote(file), ")")
	w.text("\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n")
}

func goSecret(prefix, variable string) string {
	value := "os.Getenv(" + strconv.Quote(variable) + ")"
	if prefix != "" {
		value = strconv.Quote(prefix) + "+" + value
	}
	return value
}

// goProgram puts the package and the imports before what was written. Each import is a path, or a path behind "name if": it
// is there if the program uses that name.
//
// The functions beside main come as tail.
func (w *writer) goProgram(standard, others []string, tail string) {
	body := w.b.String() + "}\n" + tail
	w.b.Reset()
	w.text("package main\n\nimport (\n")
	for _, path := range standard {
		if name := path[strings.LastIndexByte(path, '/')+1:]; strings.Contains(body, name+".") {
			w.line("\t", strconv.Quote(path))
		}
	}
	if len(others) > 0 {
		w.line()
	}
	for _, path := range others {
		w.line("\t", strconv.Quote(path))
	}
	w.text(")\n\nfunc main() {\n" + body)
}

func (w *writer) goHTTP() {
	w.goBody("body")
	w.line("\trequest, err := http.NewRequest(http.MethodPost, ", goText(w.r.URL), ", bytes.NewReader(body))")
	w.text("\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n")
	for _, s := range w.secrets {
		w.line("\trequest.Header.Set(", strconv.Quote(s.Name), ", ", goSecret(s.Prefix, s.Variable), ")")
	}
	for _, h := range w.plainHeaders() {
		w.line("\trequest.Header.Set(", strconv.Quote(h[0]), ", ", strconv.Quote(h[1]), ")")
	}
	w.text(`
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		reason, _ := io.ReadAll(response.Body)
		log.Fatalf("%s: %s", response.Status, reason)
	}
	var completion struct {
		Choices []struct {
			Text string
		}
	}
`)
	if w.r.Stream {
		w.text(`
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 32<<20)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data:")
		if !ok || strings.TrimSpace(data) == "[DONE]" {
			continue
		}
		completion.Choices = nil
		if err := json.Unmarshal([]byte(data), &completion); err != nil {
			log.Fatal(err)
		}
		for _, choice := range completion.Choices {
			fmt.Print(choice.Text)
		}
	}
	if err := lines.Err(); err != nil {
		log.Fatal(err)
	}
	fmt.Println()
`)
	} else {
		w.text(`
	if err := json.NewDecoder(response.Body).Decode(&completion); err != nil {
		log.Fatal(err)
	}
	for _, choice := range completion.Choices {
		fmt.Println(choice.Text)
	}
`)
	}
	w.goProgram([]string{"bufio", "bytes", "encoding/json", "fmt", "io", "log", "net/http", "os", "strings"}, nil, "")
}

func (w *writer) goClient() {
	w.goBody("body")
	w.line("\tc := client.Client{Endpoint: core.Endpoint{")
	fields := [][2]string{{"Base:", goText(w.r.URL)}}
	if variable := w.key(); variable != "" {
		fields = append(fields, [2]string{"Key:", "core.NewSecret(" + goSecret("", variable) + ")"})
	}
	w.aligned(fields)
	if own := w.own(); len(own) > 0 {
		w.line("\t\tHeaders: []core.Header{")
		for _, s := range own {
			w.line("\t\t\t{Name: ", strconv.Quote(s.Name), ", Value: core.NewSecret(", goSecret("", s.Variable), ")},")
		}
		w.line("\t\t},")
	}
	w.text(`
	}}
	for chunk, err := range c.StreamBody(context.Background(), body) {
		if err != nil {
			log.Fatal(err)
		}
		for _, choice := range chunk.Choices {
			fmt.Print(choice.Text)
		}
	}
	fmt.Println()
`)
	w.goProgram([]string{"context", "fmt", "log", "os"}, []string{
		"github.com/completion-playground/playground/core",
		"github.com/completion-playground/playground/core/client",
	}, "")
}

// aligned writes fields as gofmt aligns them.
func (w *writer) aligned(fields [][2]string) {
	widest := 0
	for _, f := range fields {
		widest = max(widest, len(f[0]))
	}
	for _, f := range fields {
		w.line("\t\t", f[0], strings.Repeat(" ", widest-len(f[0])+1), f[1], ",")
	}
}

// goFields are the fields of openai-go's parameters with the function that makes each value, "" for those written apart.
var goFields = map[string][2]string{
	"model": {"Model", ""}, "prompt": {"Prompt", ""}, "stop": {"Stop", ""}, "logit_bias": {"LogitBias", ""},
	"stream_options": {"StreamOptions", ""}, "stream": {"", ""},
	"suffix": {"Suffix", "String"}, "user": {"User", "String"}, "echo": {"Echo", "Bool"},
	"max_tokens": {"MaxTokens", "Int"}, "seed": {"Seed", "Int"}, "n": {"N", "Int"}, "best_of": {"BestOf", "Int"},
	"logprobs": {"Logprobs", "Int"}, "temperature": {"Temperature", "Float"}, "top_p": {"TopP", "Float"},
	"frequency_penalty": {"FrequencyPenalty", "Float"}, "presence_penalty": {"PresencePenalty", "Float"},
}

// goOpenAI fills in openai-go's parameters. What they have no room for, and texts too long for code, is set as JSON.
func (w *writer) goOpenAI() {
	var asJSON []uint32
	var params [][2]string
	for c := uint32(1); c < w.t.Nodes[0].Next; c = w.t.Nodes[c].Next {
		field, known := goFields[w.t.Key(c)]
		if field[0] == "" && known {
			continue // the method that is called says whether it streams
		}
		value, ok := w.goParam(field, c)
		if !known || !ok {
			asJSON = append(asJSON, c)
			continue
		}
		params = append(params, [2]string{field[0] + ":", value})
	}
	w.line("\tclient := openai.NewClient(")
	w.line("\t\toption.WithBaseURL(", goText(w.base+"/"), "),")
	if variable := w.key(); variable != "" {
		w.line("\t\toption.WithAPIKey(", goSecret("", variable), "),")
	} else {
		w.line("\t\toption.WithAPIKey(\"none\"),")
	}
	for _, s := range w.own() {
		w.line("\t\toption.WithHeader(", strconv.Quote(s.Name), ", ", goSecret("", s.Variable), "),")
	}
	for _, q := range w.query {
		w.line("\t\toption.WithQuery(", goText(q[0]), ", ", goText(q[1]), "),")
	}
	for _, c := range asJSON {
		raw := string(w.t.Raw(c))
		key := w.t.Key(c)
		if len(raw) > Longest {
			name := w.apart(w.fileName(c), ".json", raw)
			w.line("\t\toption.WithJSONSet(", goText(key), ", readJSON(", strconv.Quote(name), ")),")
			continue
		}
		w.line("\t\toption.WithJSONSet(", goText(escapePath(key)), ", ", w.goValue(c), "),")
	}
	w.line("\t)")
	method := "New"
	if w.r.Stream {
		method = "NewStreaming"
		w.b.WriteString("\tstream := client.Completions.")
	} else {
		w.b.WriteString("\tcompletion, err := client.Completions.")
	}
	w.line(method, "(context.Background(), openai.CompletionNewParams{")
	w.aligned(params)
	w.line("\t})")
	if w.r.Stream {
		w.text(`
	for stream.Next() {
		for _, choice := range stream.Current().Choices {
			fmt.Print(choice.Text)
		}
	}
	if err := stream.Err(); err != nil {
		log.Fatal(err)
	}
	fmt.Println()
`)
	} else {
		w.text(`
	if err != nil {
		log.Fatal(err)
	}
	for _, choice := range completion.Choices {
		fmt.Println(choice.Text)
	}
`)
	}
	tail := ""
	if len(w.files) > 0 {
		tail = readJSON
	}
	w.goProgram([]string{"context", "encoding/json", "fmt", "log", "os"}, []string{
		"github.com/openai/openai-go/v3",
		"github.com/openai/openai-go/v3/option",
	}, tail)
}

const readJSON = `
func readJSON(name string) json.RawMessage {
	text, err := os.ReadFile(name)
	if err != nil {
		log.Fatal(err)
	}
	return text
}
`

// goValue writes a value as one of Go that becomes the same JSON; what Go would change is raw JSON.
func (w *writer) goValue(i uint32) string {
	n := &w.t.Nodes[i]
	if w.halvesIn(i) {
		return "json.RawMessage(" + goText(string(w.t.Raw(i))) + ")"
	}
	switch n.Kind {
	case jsontape.Null:
		return "nil"
	case jsontape.String:
		return goText(w.t.Text(i))
	case jsontape.Number:
		number := w.t.Number(i)
		if _, err := strconv.ParseInt(number, 10, 64); err == nil || goFloat(number) {
			return number
		}
		return "json.Number(" + goText(number) + ")"
	case jsontape.Array, jsontape.Object:
		var list []string
		for c := i + 1; c < n.Next; c = w.t.Nodes[c].Next {
			value := w.goValue(c)
			if n.Kind == jsontape.Object {
				value = goText(w.t.Key(c)) + ": " + value
			}
			list = append(list, value)
		}
		if n.Kind == jsontape.Object {
			return "map[string]any{" + strings.Join(list, ", ") + "}"
		}
		return "[]any{" + strings.Join(list, ", ") + "}"
	}
	return string(w.t.Raw(i))
}

// goFloat reports whether a number is written as a float and one that Go holds.
func goFloat(number string) bool {
	_, err := strconv.ParseFloat(number, 64)
	return err == nil && strings.ContainsAny(number, ".eE")
}

// escapePath protects the signs that mean something in the path that openai-go's WithJSONSet takes.
func escapePath(key string) string {
	return strings.NewReplacer(`\`, `\\`, ".", `\.`, "*", `\*`, "?", `\?`, "|", `\|`, "#", `\#`, "@", `\@`, "!", `\!`, "{", `\{`, "[", `\[`, ":", `\:`).Replace(key)
}

// goParam writes the value of a parameter; it reports false where openai-go's type has no room for it.
func (w *writer) goParam(field [2]string, i uint32) (string, bool) {
	n := &w.t.Nodes[i]
	if int(n.End-n.Start) > Longest || w.halvesIn(i) {
		return "", false
	}
	switch field[1] {
	case "String":
		return "openai.String(" + goText(w.t.Text(i)) + ")", n.Kind == jsontape.String
	case "Bool":
		return "openai.Bool(" + string(w.t.Raw(i)) + ")", n.Kind == jsontape.True || n.Kind == jsontape.False
	case "Int":
		number := w.t.Number(i)
		_, err := strconv.ParseInt(number, 10, 64)
		return "openai.Int(" + number + ")", err == nil
	case "Float":
		number := w.t.Number(i)
		_, err := strconv.ParseFloat(number, 64)
		return "openai.Float(" + number + ")", err == nil
	}
	switch field[0] {
	case "Model":
		return goText(w.t.Text(i)), n.Kind == jsontape.String
	case "Prompt":
		return w.goUnion("openai.CompletionNewParamsPromptUnion", "OfArrayOfStrings", i)
	case "Stop":
		return w.goUnion("openai.CompletionNewParamsStopUnion", "OfStringArray", i)
	case "LogitBias":
		return w.goBias(i)
	case "StreamOptions":
		if usage, ok := w.t.Member(i, "include_usage"); ok && n.N == 1 && w.t.Nodes[usage].Kind != jsontape.Null {
			return "openai.ChatCompletionStreamOptionsParam{IncludeUsage: openai.Bool(" + string(w.t.Raw(usage)) + ")}", true
		}
	}
	return "", false
}

// halvesIn reports whether a text within i has half of a surrogate pair, which Go's texts cannot hold.
func (w *writer) halvesIn(i uint32) bool {
	for c := i; c < w.t.Nodes[i].Next; c++ {
		if w.t.Nodes[c].Flags&jsontape.Surrogate != 0 && strings.Contains(w.t.Text(c), "\ufffd") {
			return true
		}
	}
	return false
}

// goUnion writes a text or a list of texts or of numbers.
func (w *writer) goUnion(union, ofTexts string, i uint32) (string, bool) {
	n := &w.t.Nodes[i]
	if n.Kind == jsontape.String {
		return union + "{OfString: openai.String(" + goText(w.t.Text(i)) + ")}", true
	}
	if n.Kind != jsontape.Array || n.N == 0 {
		return "", false
	}
	kind := w.t.Nodes[i+1].Kind
	if kind == jsontape.Array && ofTexts == "OfArrayOfStrings" {
		return w.goTokenLists(union, i)
	}
	var list []string
	for c := i + 1; c < n.Next; c = w.t.Nodes[c].Next {
		switch {
		case w.t.Nodes[c].Kind != kind:
			return "", false
		case kind == jsontape.String:
			list = append(list, goText(w.t.Text(c)))
		case kind == jsontape.Number && ofTexts == "OfArrayOfStrings":
			number := w.t.Number(c)
			if _, err := strconv.ParseInt(number, 10, 64); err != nil {
				return "", false
			}
			list = append(list, number)
		default:
			return "", false
		}
	}
	if kind == jsontape.Number {
		return union + "{OfArrayOfTokens: []int64{" + strings.Join(list, ", ") + "}}", true
	}
	return union + "{" + ofTexts + ": []string{" + strings.Join(list, ", ") + "}}", true
}

// goTokenLists writes lists of token ids.
func (w *writer) goTokenLists(union string, i uint32) (string, bool) {
	var lists []string
	for c := i + 1; c < w.t.Nodes[i].Next; c = w.t.Nodes[c].Next {
		var list []string
		for d := c + 1; d < w.t.Nodes[c].Next; d = w.t.Nodes[d].Next {
			number := w.t.Number(d)
			if _, err := strconv.ParseInt(number, 10, 64); err != nil {
				return "", false
			}
			list = append(list, number)
		}
		if w.t.Nodes[c].Kind != jsontape.Array {
			return "", false
		}
		lists = append(lists, "{"+strings.Join(list, ", ")+"}")
	}
	return union + "{OfArrayOfTokenArrays: [][]int64{" + strings.Join(lists, ", ") + "}}", true
}

// goBias writes a map of whole numbers, which is what the package has room for.
func (w *writer) goBias(i uint32) (string, bool) {
	n := &w.t.Nodes[i]
	if n.Kind != jsontape.Object {
		return "", false
	}
	var list []string
	for c := i + 1; c < n.Next; c = w.t.Nodes[c].Next {
		number := w.t.Number(c)
		if _, err := strconv.ParseInt(number, 10, 64); err != nil {
			return "", false
		}
		list = append(list, goText(w.t.Key(c))+": "+number)
	}
	return "map[string]int64{" + strings.Join(list, ", ") + "}", true
}
