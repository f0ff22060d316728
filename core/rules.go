package core

import (
	"fmt"
	"strings"
)

// rule is a check between fields, or of a value that surprises. Its severity is what most servers do; a profile says
// otherwise where its server does.
type rule struct {
	name     Code
	severity Severity // 0: only where a profile asks for it
	source   string   // where the rule was read
	check    func(*ruleRun)
}

type activeRule struct {
	rule
	severity Severity
}

// ruleRun is one rule applied to one text.
type ruleRun struct {
	*work
	rule activeRule
}

// rules in the order of their evaluation, which is not that of the report.
var rules = []rule{
	{CodeBestOfBelowN, Error, "OpenAI's API description of best_of; vLLM's sampling parameters", (*ruleRun).bestOfBelowN},
	{CodeBestOfWithStream, Error, "OpenAI's API description of best_of", (*ruleRun).bestOfWithStream},
	{CodeStreamOptionsWithoutStream, Error, "OpenAI's API description; vLLM answers 400", (*ruleRun).streamOptionsWithoutStream},
	{CodeGreedyChoices, Hint, "vLLM's sampling parameters refuse it, others repeat themselves", (*ruleRun).greedyChoices},
	{CodeNoTokens, Hint, "vLLM and SGLang answer 400; useful only to score a prompt", (*ruleRun).noTokens},
	{CodeEchoWithLogprobs, 0, "answers of OpenAI's current models", (*ruleRun).echoWithLogprobs},
	{CodeEchoWithSuffix, Hint, "documented nowhere", (*ruleRun).echoWithSuffix},
	{CodeMaxTokensUnset, Hint, "defaults differ from 16 to no limit at all", (*ruleRun).maxTokensUnset},
	{CodeWideSeed, Hint, "llama.cpp keeps 32 bits, TGI takes no negative ones", (*ruleRun).wideSeed},
	{CodeLogprobsZero, Hint, "OpenAI's API description: the minimum is 0", (*ruleRun).logprobsZero},
	{CodeEmptyStop, Hint, "vLLM answers 400, llama.cpp drops them", (*ruleRun).emptyStop},
	{CodeEmptyPrompt, Hint, "vLLM, SGLang and llama.cpp refuse it", (*ruleRun).emptyPrompt},
	{CodeDocsArtefact, Hint, "the example in the documentation of the Atoma SDK", (*ruleRun).docsArtefact},
	{CodeMinAboveMaxTokens, 0, "vLLM's sampling parameters", (*ruleRun).minAboveMaxTokens},
	{CodeBeamSearchWithStream, 0, "vLLM answers 400", (*ruleRun).beamSearchWithStream},
	{CodePromptLogprobsWithStream, 0, "vLLM answers 400", (*ruleRun).promptLogprobsWithStream},
	{CodeBothTokenLimits, 0, "Fireworks' API description", (*ruleRun).bothTokenLimits},
	{CodeContinuousUsage, 0, "vLLM and SGLang answer 400", (*ruleRun).continuousUsage},
}

func (v *Validator) addRules() {
	for _, r := range rules {
		severity := r.severity
		if s, ok := v.profile.Rules[string(r.name)]; ok {
			severity, _ = parseSeverity(s) // "off" is 0
		}
		if severity != 0 {
			v.rules = append(v.rules, activeRule{r, severity})
		}
	}
}

// applyRules runs what looks at values that are fine by themselves: the profile's word on fields, its narrower limits,
// and the rules.
func (w *work) applyRules() {
	for id := range w.v.fields {
		f := &w.v.fields[id]
		if w.form[id] != formAbsent && w.form[id] != formDropped && w.form[id] != formOmitted && f.note.Use != "" {
			w.fieldNote(int32(id), f)
		}
	}
	for k := range w.v.soft {
		w.softLimit(&w.v.soft[k])
	}
	run := ruleRun{work: w}
	for _, r := range w.v.rules {
		run.rule = r
		r.check(&run)
	}
}

func (w *work) fieldNote(id int32, f *field) {
	i := w.at[id]
	nd := &w.t.nodes[i]
	n := finding{severity: f.note.severity(), node: int32(i), start: int(nd.keyStart), end: int(nd.keyEnd),
		rule: "profile/" + w.v.profile.Name + "/" + f.name, message: f.note.Why}
	switch f.note.Use {
	case "refused":
		n.code = CodeRefusedField
	case "ignored":
		n.code = CodeIgnoredField
	default:
		n.code = CodeFieldNote
	}
	if n.code != CodeFieldNote && !f.required {
		n.fix = w.removal(i, "remove "+f.name)
	}
	w.add(n)
}

func (w *work) softLimit(l *softLimit) {
	i := w.at[l.field]
	if i == 0 || w.form[l.field] == formDropped || w.form[l.field] == formOmitted || l.plan.accept(&w.t, i) {
		return
	}
	if !w.v.fields[l.field].plan.accept(&w.t, i) && w.form[l.field] != formWrapped {
		return // the schema's own verdict is enough
	}
	var value any = w.t.any(i)
	if w.form[l.field] == formWrapped {
		value = []any{value}
	}
	if valid(l.plan.schema, value) {
		return
	}
	nd := &w.t.nodes[i]
	w.add(finding{code: CodeSoftLimit, severity: l.severity, node: int32(i), start: int(nd.start), end: int(nd.end),
		rule:    "profile/" + w.v.profile.Name + "/limits/" + w.v.fields[l.field].name,
		message: "got " + w.describe(i) + "; " + l.why})
}

// node returns the value of a field that reaches the body, 0 where there is none.
func (w *work) node(id int32) uint32 {
	if id < 0 || w.form[id] == formAbsent || w.form[id] == formDropped {
		return 0
	}
	return w.at[id]
}

func (w *work) number(id int32) (float64, bool) {
	if i := w.node(id); i != 0 {
		return w.float(i)
	}
	return 0, false
}

func (w *work) isTrue(id int32) bool {
	i := w.node(id)
	return i != 0 && w.t.nodes[i].kind == kindTrue
}

// unread reports whether the value of a field could not be read, so that nothing is known of it.
func (w *work) unread(id int32) bool {
	i := w.node(id)
	return i != 0 && w.t.nodes[i].kind == kindBad
}

// fire reports the rule at the value of a field.
func (r *ruleRun) fire(id int32, message string, fix *remedy) {
	i := r.node(id)
	nd := &r.t.nodes[i]
	r.fireAt(i, int(nd.start), int(nd.end), message, fix)
}

func (r *ruleRun) fireAt(i uint32, start, end int, message string, fix *remedy) {
	r.add(finding{code: r.rule.name, severity: r.rule.severity, node: int32(i), start: start, end: end,
		rule: string(r.rule.name), message: message, fix: fix})
}

// setTo replaces the value of a field.
func (w *work) setTo(id int32, value, title string) *remedy {
	nd := &w.t.nodes[w.at[id]]
	return &remedy{title: title, edits: []byteEdit{{int(nd.start), int(nd.end), value}}}
}

func (r *ruleRun) bestOfBelowN() {
	bestOf, ok := r.number(r.v.id.bestOf)
	n, ok2 := r.number(r.v.id.n)
	if ok && ok2 && bestOf >= 1 && bestOf < n {
		raw := quoteRaw(r.t.raw(r.at[r.v.id.n]))
		r.fire(r.v.id.bestOf, fmt.Sprintf("got %s, want at least n, which is %s", r.describe(r.at[r.v.id.bestOf]), raw),
			r.setTo(r.v.id.bestOf, raw, "use "+raw))
	}
}

func (r *ruleRun) bestOfWithStream() {
	bestOf, ok := r.number(r.v.id.bestOf)
	if ok && bestOf > 1 && r.isTrue(r.v.id.stream) {
		r.fire(r.v.id.bestOf, fmt.Sprintf("got %s with stream: true; the best of several is known only at the end", r.describe(r.at[r.v.id.bestOf])),
			r.removal(r.at[r.v.id.bestOf], "remove best_of"))
	}
}

func (r *ruleRun) streamOptionsWithoutStream() {
	i := r.node(r.v.id.streamOptions)
	if i == 0 || r.isTrue(r.v.id.stream) || r.unread(r.v.id.stream) || r.syntax && r.node(r.v.id.stream) == 0 {
		return
	}
	nd := &r.t.nodes[i]
	var fix *remedy
	if s := r.node(r.v.id.stream); s != 0 {
		if r.t.nodes[s].kind == kindFalse {
			fix = r.setTo(r.v.id.stream, "true", "set stream to true")
		}
	} else if r.at[r.v.id.stream] == 0 {
		fix = &remedy{title: "add stream: true", edits: []byteEdit{r.t.insertBefore(i, r.keyLike(i, "stream"), "true")}}
	}
	r.fireAt(i, int(nd.keyStart), int(nd.keyEnd), "stream_options needs stream: true", fix)
}

func (r *ruleRun) greedyChoices() {
	n, ok := r.number(r.v.id.n)
	t, ok2 := r.number(r.v.id.temperature)
	if ok && ok2 && n > 1 && t == 0 {
		r.fire(r.v.id.n, fmt.Sprintf("got %s with temperature 0, which makes every choice the same", r.describe(r.at[r.v.id.n])), nil)
	}
}

func (r *ruleRun) noTokens() {
	if n, ok := r.number(r.v.id.maxTokens); ok && n == 0 && !r.isTrue(r.v.id.echo) {
		r.fire(r.v.id.maxTokens, "got 0 without echo, which asks for an empty answer", nil)
	}
}

func (r *ruleRun) echoWithLogprobs() {
	if _, ok := r.number(r.v.id.logprobs); ok && r.isTrue(r.v.id.echo) {
		r.fire(r.v.id.echo, "echo and logprobs together are not supported by current models", nil)
	}
}

func (r *ruleRun) echoWithSuffix() {
	if r.node(r.v.id.suffix) != 0 && r.isTrue(r.v.id.echo) {
		r.fire(r.v.id.echo, "what echo does together with a suffix is documented nowhere", nil)
	}
}

func (r *ruleRun) maxTokensUnset() {
	if r.v.id.maxTokens < 0 || r.node(r.v.id.maxTokens) != 0 || r.syntax || r.meant[r.v.id.maxTokens] || r.node(r.v.id.maxCompletionTokens) != 0 {
		return
	}
	what := r.v.profile.DefaultMaxTokens
	if what == "" {
		what = "the server decides"
	}
	brace := int(r.t.nodes[0].start)
	r.fireAt(0, brace, brace+1, "max_tokens is not set: "+what, nil)
}

func (r *ruleRun) wideSeed() {
	i := r.node(r.v.id.seed)
	if i == 0 || r.t.nodes[i].kind != kindNumber {
		return
	}
	var seed Opt[int64]
	if r.fillInt(&seed, i) && (seed.Value < 0 || seed.Value > 1<<31-1) {
		r.fire(r.v.id.seed, fmt.Sprintf("got %s; only 0 to 2147483647 mean the same everywhere, some servers keep 32 bits or take no negative seed", r.describe(i)), nil)
	}
}

func (r *ruleRun) logprobsZero() {
	if n, ok := r.number(r.v.id.logprobs); ok && n == 0 {
		r.fire(r.v.id.logprobs, "0 is not off: the chosen token's log probability is still returned",
			r.removal(r.at[r.v.id.logprobs], "remove logprobs, which turns it off"))
	}
}

func (r *ruleRun) emptyStop() {
	r.eachEmpty(r.v.id.stop, "an empty stop text stops nothing")
}

func (r *ruleRun) emptyPrompt() {
	r.eachEmpty(r.v.id.prompt, "an empty prompt gives the model nothing to continue")
}

func (r *ruleRun) eachEmpty(id int32, message string) {
	i := r.node(id)
	if i == 0 {
		return
	}
	r.eachText(i, func(c uint32) {
		if nd := &r.t.nodes[c]; nd.end-nd.start <= 2 && r.t.text(c) == "" {
			r.fireAt(c, int(nd.start), int(nd.end), message, nil)
		}
	})
}

// eachText calls f for a text or for the texts of a list.
func (w *work) eachText(i uint32, f func(uint32)) {
	nd := w.t.nodes[i]
	switch nd.kind {
	case kindString:
		f(i)
	case kindArray:
		for c := i + 1; c < nd.next; c = w.t.nodes[c].next {
			if w.t.nodes[c].kind == kindString {
				f(c)
			}
		}
	}
}

// docsArtefact finds texts such as json(["stop", "halt"]), which a documentation generator left in the examples of the
// SDK: the value that was meant stands within.
func (r *ruleRun) docsArtefact() {
	for _, id := range [...]int32{r.v.id.stop, r.v.id.suffix} {
		if i := r.node(id); i != 0 {
			r.eachText(i, func(c uint32) { r.artefact(id, c) })
		}
	}
}

func (r *ruleRun) artefact(id int32, c uint32) {
	nd := &r.t.nodes[c]
	if nd.end-nd.start < uint32(len("json()")) || nd.end-nd.start > 4096 {
		return
	}
	inner, ok := strings.CutPrefix(r.t.text(c), "json(")
	if inner, ok = cutSuffix(inner, ok, ")"); !ok {
		return
	}
	// The generator decoded the escapes of the value on the way.
	inner = strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(inner)
	var t tape
	if !t.scan([]byte(inner), r.v.limits) {
		return
	}
	text := inner
	isItem := r.t.nodes[r.t.parent(c)].kind == kindArray
	switch root := &t.nodes[0]; {
	case root.kind == kindString:
	case root.kind == kindArray && root.n > 0 && id == r.v.id.stop && r.v.fields[id].plan.accept(&t, 0):
		if isItem {
			text = strings.TrimSpace(inner)
			text = strings.TrimSpace(text[1 : len(text)-1])
		}
	default:
		return
	}
	r.fireAt(c, int(nd.start), int(nd.end), "got "+r.describe(c)+", which looks like a slip of the documentation; "+inner+" was meant",
		&remedy{title: "use " + quoteRaw([]byte(inner)), edits: []byteEdit{{int(nd.start), int(nd.end), text}}})
}

func cutSuffix(s string, ok bool, suffix string) (string, bool) {
	if !ok {
		return s, false
	}
	return strings.CutSuffix(s, suffix)
}

func (r *ruleRun) minAboveMaxTokens() {
	least, ok := r.number(r.v.id.minTokens)
	most, ok2 := r.number(r.v.id.maxTokens)
	if ok && ok2 && least > most {
		r.fire(r.v.id.minTokens, fmt.Sprintf("got %s, want at most max_tokens, which is %s",
			r.describe(r.at[r.v.id.minTokens]), quoteRaw(r.t.raw(r.at[r.v.id.maxTokens]))), nil)
	}
}

func (r *ruleRun) beamSearchWithStream() {
	if r.isTrue(r.v.id.beamSearch) && r.isTrue(r.v.id.stream) {
		r.fire(r.v.id.beamSearch, "beam search cannot be streamed", nil)
	}
}

func (r *ruleRun) promptLogprobsWithStream() {
	if n, ok := r.number(r.v.id.promptLogprobs); ok && n > 0 && r.isTrue(r.v.id.stream) {
		r.fire(r.v.id.promptLogprobs, "log probabilities of the prompt cannot be streamed", nil)
	}
}

func (r *ruleRun) bothTokenLimits() {
	if r.node(r.v.id.maxTokens) != 0 && r.node(r.v.id.maxCompletionTokens) != 0 {
		r.fire(r.v.id.maxCompletionTokens, "got max_tokens and max_completion_tokens, want one of them",
			r.removal(r.at[r.v.id.maxCompletionTokens], "remove max_completion_tokens"))
	}
}

func (r *ruleRun) continuousUsage() {
	i := r.node(r.v.id.streamOptions)
	if i == 0 || r.t.nodes[i].kind != kindObject {
		return
	}
	c, ok := r.t.member(i, "continuous_usage_stats")
	if !ok || r.t.nodes[c].kind != kindTrue {
		return
	}
	if u, ok := r.t.member(i, "include_usage"); !ok || r.t.nodes[u].kind != kindTrue {
		nd := &r.t.nodes[c]
		r.fireAt(c, int(nd.start), int(nd.end), "continuous_usage_stats needs include_usage: true", nil)
	}
}
