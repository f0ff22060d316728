package check

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/internal/edit"
	"github.com/completion-playground/playground/core/internal/finding"
	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/core/internal/plan"
	"github.com/completion-playground/playground/schema"
)

// rule is a check between fields, or of a value that surprises. Its severity is what most servers do; a profile says
// otherwise where its server does.
type rule struct {
	name     finding.Code
	severity finding.Severity // 0: only where a profile asks for it
	source   string           // where the rule was read
	fields   string           // those that must be in the text for it to apply, and those with a minus that must not
	check    func(*Work)      // reports through fire
}

type activeRule struct {
	rule
	severity finding.Severity
	look     uint64 // the bits of the fields that must be there or must not
	needs    uint64 // the bits of those that must be
}

// rules in the order of their evaluation, which is not that of the report.
var rules = []rule{
	{finding.BestOfBelowN, finding.Error, "OpenAI's API description of best_of; vLLM's sampling parameters", "best_of n", (*Work).bestOfBelowN},
	{finding.BestOfWithStream, finding.Error, "OpenAI's API description of best_of", "best_of stream", (*Work).bestOfWithStream},
	{finding.StreamOptionsWithoutStream, finding.Error, "OpenAI's API description; vLLM answers 400", "stream_options", (*Work).streamOptionsWithoutStream},
	{finding.GreedyChoices, finding.Hint, "vLLM's sampling parameters refuse it, others repeat themselves", "n temperature", (*Work).greedyChoices},
	{finding.NoTokens, finding.Hint, "vLLM and SGLang answer 400; useful only to score a prompt", "max_tokens", (*Work).noTokens},
	{finding.EchoWithLogprobs, 0, "answers of OpenAI's current models", "echo logprobs", (*Work).echoWithLogprobs},
	{finding.EchoWithSuffix, finding.Hint, "documented nowhere", "echo suffix", (*Work).echoWithSuffix},
	{finding.MaxTokensUnset, finding.Hint, "defaults differ from 16 to no limit at all", "-max_tokens", (*Work).maxTokensUnset},
	{finding.WideSeed, finding.Hint, "llama.cpp keeps 32 bits, TGI takes no negative ones", "seed", (*Work).wideSeed},
	{finding.LogprobsZero, finding.Hint, "OpenAI's API description: the minimum is 0", "logprobs", (*Work).logprobsZero},
	{finding.EmptyStop, finding.Hint, "vLLM answers 400, llama.cpp drops them", "stop", (*Work).emptyStop},
	{finding.EmptyPrompt, finding.Hint, "vLLM, SGLang and llama.cpp refuse it", "prompt", (*Work).emptyPrompt},
	{finding.DocsArtefact, finding.Hint, "the example in the documentation of the Atoma SDK", "stop", (*Work).stopArtefact},
	{finding.DocsArtefact, finding.Hint, "the example in the documentation of the Atoma SDK", "suffix", (*Work).suffixArtefact},
	{finding.MinAboveMaxTokens, 0, "vLLM's sampling parameters", "min_tokens max_tokens", (*Work).minAboveMaxTokens},
	{finding.BeamSearchWithStream, 0, "vLLM answers 400", "use_beam_search stream", (*Work).beamSearchWithStream},
	{finding.PromptLogprobsWithStream, 0, "vLLM answers 400", "prompt_logprobs stream", (*Work).promptLogprobsWithStream},
	{finding.BothTokenLimits, 0, "Fireworks' API description", "max_tokens max_completion_tokens", (*Work).bothTokenLimits},
	{finding.ContinuousUsage, 0, "vLLM and SGLang need include_usage for it", "stream_options", (*Work).continuousUsage},
}

// KnownRules finds rules that a profile changes and that do not exist.
func KnownRules(p *schema.Profile) error {
	for name := range p.Rules {
		if !slices.ContainsFunc(rules, func(r rule) bool { return string(r.name) == name }) {
			return fmt.Errorf("profile %q: there is no rule %q", p.Name, name)
		}
	}
	return nil
}

func (v *Checker) addRules() {
	for _, r := range rules {
		severity := r.severity
		if s, ok := v.Profile.Rules[string(r.name)]; ok {
			severity, _ = finding.ParseSeverity(s) // "off" is 0
		}
		var needed, banned []string
		for _, name := range strings.Fields(r.fields) {
			if without, ok := strings.CutPrefix(name, "-"); ok {
				banned = append(banned, without)
			} else {
				needed = append(needed, name)
			}
		}
		needs, ok := v.Bits(needed)
		bans, ok2 := v.Bits(banned)
		if ok && ok2 && severity != 0 {
			v.rules = append(v.rules, activeRule{r, severity, needs | bans, needs})
		}
	}
}

// applyRules runs what looks at values that are fine by themselves: the profile's word on fields, its narrower limits,
// and the rules.
func (w *Work) applyRules() {
	for _, id := range w.V.noted {
		f := &w.V.Fields[id]
		if w.Node(id) != 0 && noteSeverity(f.Note) >= w.minSeverity &&
			(f.Note.Use != "ignored" || !w.saysDefault(f, w.States[id].At)) { // what is ignored may say the default
			w.fieldNote(id, f)
		}
	}
	for k := range w.V.soft {
		if l := &w.V.soft[k]; (l.bit == 0 || l.bit&w.present != 0) && l.severity >= w.minSeverity && w.Node(l.field) != 0 {
			w.softLimit(l)
		}
	}
	for k := range w.V.rules {
		if r := &w.V.rules[k]; w.present&r.look == r.needs && r.severity >= w.minSeverity {
			w.rule = r
			r.check(w)
		}
	}
}

func (w *Work) fieldNote(id int32, f *plan.Field) {
	i := w.States[id].At
	nd := &w.T.Nodes[i]
	n := finding.Finding{Severity: noteSeverity(f.Note), Node: int32(i), Start: int(nd.KeyStart), End: int(nd.KeyEnd),
		Rule: "profile/" + w.V.Profile.Name + "/" + f.Name, Message: f.Note.Why}
	switch f.Note.Use {
	case "refused":
		n.Code = finding.RefusedField
	case "ignored":
		n.Code = finding.IgnoredField
	default:
		n.Code = finding.FieldNote
	}
	if n.Code != finding.FieldNote && !f.Required && n.Severity > finding.Hint {
		n.Fix = w.removal(i, "remove "+f.Name)
	}
	w.add(n)
}

func (w *Work) softLimit(l *softLimit) {
	g := &w.States[l.field]
	i := g.At
	if w.accepts(l.plan, g) {
		return
	}
	if g.form != formWrapped && !g.fine {
		return // the schema's own verdict is enough
	}
	var value any = w.T.Value(i)
	if w.States[l.field].form == formWrapped {
		value = []any{value}
	}
	if plan.Valid(l.plan.Schema, value) {
		return
	}
	i = l.plan.Culprit(&w.T, i)
	nd := &w.T.Nodes[i]
	w.add(finding.Finding{Code: finding.SoftLimit, Severity: l.severity, Node: int32(i), Start: int(nd.Start), End: int(nd.End),
		Rule:    "profile/" + w.V.Profile.Name + "/limits/" + w.V.Fields[l.field].Name,
		Message: "got " + w.describe(i) + "; " + l.why})
}

// Node returns the value of a field that reaches the body, 0 where there is none.
func (w *Work) Node(id int32) uint32 {
	if id < 0 {
		return 0
	}
	if g := &w.States[id]; g.form != formAbsent && g.form != formDropped && g.form != formOmitted {
		return g.At
	}
	return 0
}

// number returns the value of a field that holds a number and is not wrong by itself.
func (w *Work) number(id int32) (float64, bool) {
	i := w.Node(id)
	if i == 0 {
		return 0, false
	}
	g := &w.States[id]
	if w.T.Nodes[i].Kind != jsontape.Number {
		return 0, false
	}
	if p := w.V.Fields[id].Plan; !g.fine && (p.Decides || !plan.Valid(p.Schema, w.T.Value(i))) {
		return 0, false
	}
	return w.Float(g)
}

func (w *Work) isTrue(id int32) bool {
	i := w.Node(id)
	return i != 0 && w.T.Nodes[i].Kind == jsontape.True
}

// fire reports the rule at the value of a field.
func (w *Work) fire(id int32, message string, fix *finding.Fix) {
	i := w.Node(id)
	nd := &w.T.Nodes[i]
	w.fireAt(i, int(nd.Start), int(nd.End), message, fix)
}

func (w *Work) fireAt(i uint32, start, end int, message string, fix *finding.Fix) {
	w.add(finding.Finding{Code: w.rule.name, Severity: w.rule.severity, Node: int32(i), Start: start, End: end,
		Rule: string(w.rule.name), Message: message, Fix: fix})
}

// setTo replaces the value of a field.
func (w *Work) setTo(id int32, value, title string) *finding.Fix {
	nd := &w.T.Nodes[w.States[id].At]
	return &finding.Fix{Title: title, Edits: []finding.Edit{{Start: int(nd.Start), End: int(nd.End), Text: value}}}
}

func (w *Work) bestOfBelowN() {
	bestOf, ok := w.number(w.V.Id.BestOf)
	n, ok2 := w.number(w.V.Id.N)
	if ok && ok2 && bestOf >= 1 && bestOf < n {
		least, _ := jsontape.IntegerToken(w.T.Number(w.States[w.V.Id.N].At))
		var fix *finding.Fix
		if w.V.Fields[w.V.Id.BestOf].Plan.Accept(&w.T, w.States[w.V.Id.N].At) {
			fix = w.setTo(w.V.Id.BestOf, least, "use "+least)
		}
		w.fire(w.V.Id.BestOf, fmt.Sprintf("got %s, want at least n, which is %s", w.describe(w.States[w.V.Id.BestOf].At), least), fix)
	}
}

func (w *Work) bestOfWithStream() {
	bestOf, ok := w.number(w.V.Id.BestOf)
	if ok && bestOf > 1 && w.isTrue(w.V.Id.Stream) {
		w.fire(w.V.Id.BestOf, fmt.Sprintf("got %s with stream: true; the best of several is known only at the end", w.describe(w.States[w.V.Id.BestOf].At)),
			w.removal(w.States[w.V.Id.BestOf].At, "remove best_of"))
	}
}

func (w *Work) streamOptionsWithoutStream() {
	i := w.Node(w.V.Id.StreamOptions)
	if i == 0 || w.V.Id.Stream < 0 || w.T.Nodes[i].Kind != jsontape.Object {
		return
	}
	nd := &w.T.Nodes[i]
	var fix *finding.Fix
	if s := w.States[w.V.Id.Stream].At; s != 0 {
		if k := w.T.Nodes[s].Kind; k != jsontape.False && k != jsontape.Null {
			return // true, or nothing of which one could tell what was meant
		}
		fix = w.setTo(w.V.Id.Stream, "true", "set stream to true")
	} else if w.syntax || w.States[w.V.Id.Stream].meant {
		return // it may only not have been read
	} else {
		fix = edit.AddField(w.V.Request, w.V.Limits, &w.T, "stream", "true", "add stream: true")
	}
	w.fireAt(i, int(nd.KeyStart), int(nd.KeyEnd), "stream_options needs stream: true", fix)
}

func (w *Work) greedyChoices() {
	n, ok := w.number(w.V.Id.N)
	t, ok2 := w.number(w.V.Id.Temperature)
	if ok && ok2 && n > 1 && t == 0 {
		w.fire(w.V.Id.N, fmt.Sprintf("got %s with temperature 0, which makes every choice the same", w.describe(w.States[w.V.Id.N].At)), nil)
	}
}

func (w *Work) noTokens() {
	if n, ok := w.number(w.V.Id.MaxTokens); ok && n == 0 && !w.isTrue(w.V.Id.Echo) {
		w.fire(w.V.Id.MaxTokens, "got 0 without echo, which asks for an empty answer", nil)
	}
}

func (w *Work) echoWithLogprobs() {
	if _, ok := w.number(w.V.Id.Logprobs); ok && w.isTrue(w.V.Id.Echo) {
		w.fire(w.V.Id.Echo, "echo and logprobs together are not supported by current models", nil)
	}
}

func (w *Work) echoWithSuffix() {
	if w.Node(w.V.Id.Suffix) != 0 && w.isTrue(w.V.Id.Echo) {
		w.fire(w.V.Id.Echo, "what echo does together with a suffix is documented nowhere", nil)
	}
}

func (w *Work) maxTokensUnset() {
	if w.syntax || w.Node(w.V.Id.MaxTokens) != 0 || w.States[w.V.Id.MaxTokens].meant || w.Node(w.V.Id.maxCompletionTokens) != 0 || w.Node(w.V.Id.nPredict) != 0 {
		return
	}
	what := w.V.Profile.DefaultMaxTokens
	if what == "" {
		what = "the server sets the limit itself"
	}
	brace := int(w.T.Nodes[0].Start)
	w.fireAt(0, brace, brace+1, "without max_tokens "+what, nil)
}

func (w *Work) wideSeed() {
	i := w.Node(w.V.Id.Seed)
	if i == 0 || w.T.Nodes[i].Kind != jsontape.Number {
		return
	}
	if seed, ok := w.Int(&w.States[w.V.Id.Seed]); ok && (seed < 0 || seed > 1<<31-1) {
		w.fire(w.V.Id.Seed, fmt.Sprintf("got %s; only 0 to 2147483647 mean the same everywhere, some servers keep 32 bits or take no negative seed", w.describe(i)), nil)
	}
}

func (w *Work) logprobsZero() {
	if n, ok := w.number(w.V.Id.Logprobs); ok && n == 0 {
		w.fire(w.V.Id.Logprobs, "0 is not off: the chosen token's log probability is still returned",
			w.removal(w.States[w.V.Id.Logprobs].At, "remove logprobs, which turns it off"))
	}
}

func (w *Work) emptyStop() {
	w.eachEmpty(w.V.Id.Stop, "an empty stop text stops nothing")
}

func (w *Work) emptyPrompt() {
	w.eachEmpty(w.V.Id.Prompt, "an empty prompt gives the model nothing to continue")
}

func (w *Work) eachEmpty(id int32, message string) {
	i := w.Node(id)
	if i == 0 {
		return
	}
	for c, end := w.texts(i); c < end; c = w.T.Nodes[c].Next {
		if nd := &w.T.Nodes[c]; nd.Kind == jsontape.String && nd.End-nd.Start <= 2 && w.T.Text(c) == "" {
			w.fireAt(c, int(nd.Start), int(nd.End), message, nil)
		}
	}
}

// texts returns where to look for the texts of a list, or for a lone one: in the siblings from c to end.
func (w *Work) texts(i uint32) (c, end uint32) {
	nd := &w.T.Nodes[i]
	if nd.Kind == jsontape.Array {
		return i + 1, nd.Next
	}
	return i, i + 1
}

func (w *Work) stopArtefact() { w.docsArtefact(w.V.Id.Stop) }

func (w *Work) suffixArtefact() { w.docsArtefact(w.V.Id.Suffix) }

// docsArtefact finds texts such as json(["stop", "halt"]), which a documentation generator left in the examples of the
// SDK: the value that was meant stands within.
func (w *Work) docsArtefact(id int32) {
	i := w.Node(id)
	if i == 0 {
		return
	}
	for c, end := w.texts(i); c < end; c = w.T.Nodes[c].Next {
		if w.T.Nodes[c].Kind == jsontape.String {
			w.artefact(id, c, c != i)
		}
	}
}

func (w *Work) artefact(id int32, c uint32, isItem bool) {
	nd := &w.T.Nodes[c]
	if w.full() || nd.End-nd.Start < uint32(len("json()")) || nd.End-nd.Start > 4096 {
		return
	}
	if raw := w.T.Raw(c); nd.Flags&jsontape.Loose == 0 && !bytes.HasPrefix(raw[1:], []byte("json(")) {
		return
	}
	inner, ok := strings.CutPrefix(w.T.Text(c), "json(")
	if inner, ok = cutSuffix(inner, ok, ")"); !ok {
		return
	}
	inner = undecoded.Replace(inner)
	t := jsontape.Tape{Nodes: make([]jsontape.Node, 0, 8)}
	if !t.Scan([]byte(inner), *w.limits) {
		return
	}
	text := inner
	switch root := &t.Nodes[0]; {
	case root.Kind == jsontape.String:
	case root.Kind == jsontape.Array && root.N > 0 && id == w.V.Id.Stop && w.V.Fields[id].Plan.Accept(&t, 0):
		if isItem {
			text = strings.TrimSpace(inner)
			text = strings.TrimSpace(text[1 : len(text)-1])
		}
	default:
		return
	}
	w.fireAt(c, int(nd.Start), int(nd.End), "got "+w.describe(c)+", which looks like a slip of the documentation; "+inner+" was meant",
		&finding.Fix{Title: "use " + finding.QuoteRaw([]byte(inner)), Edits: []finding.Edit{{Start: int(nd.Start), End: int(nd.End), Text: text}}})
}

// undecoded puts back the escapes that the generator decoded on the way.
var undecoded = strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`)

func cutSuffix(s string, ok bool, suffix string) (string, bool) {
	if !ok {
		return s, false
	}
	return strings.CutSuffix(s, suffix)
}

func (w *Work) minAboveMaxTokens() {
	least, ok := w.number(w.V.Id.minTokens)
	most, ok2 := w.number(w.V.Id.MaxTokens)
	if ok && ok2 && least > most {
		w.fire(w.V.Id.minTokens, fmt.Sprintf("got %s, want at most max_tokens, which is %s",
			w.describe(w.States[w.V.Id.minTokens].At), finding.QuoteRaw(w.T.Raw(w.States[w.V.Id.MaxTokens].At))), nil)
	}
}

func (w *Work) beamSearchWithStream() {
	if w.isTrue(w.V.Id.beamSearch) && w.isTrue(w.V.Id.Stream) {
		w.fire(w.V.Id.beamSearch, "beam search cannot be streamed", nil)
	}
}

func (w *Work) promptLogprobsWithStream() {
	if n, ok := w.number(w.V.Id.promptLogprobs); ok && n != 0 && w.isTrue(w.V.Id.Stream) {
		w.fire(w.V.Id.promptLogprobs, "log probabilities of the prompt cannot be streamed", nil)
	}
}

func (w *Work) bothTokenLimits() {
	if w.Node(w.V.Id.MaxTokens) != 0 && w.Node(w.V.Id.maxCompletionTokens) != 0 {
		w.fire(w.V.Id.maxCompletionTokens, "got max_tokens and max_completion_tokens, want one of them",
			w.removal(w.States[w.V.Id.maxCompletionTokens].At, "remove max_completion_tokens"))
	}
}

func (w *Work) continuousUsage() {
	i := w.Node(w.V.Id.StreamOptions)
	if i == 0 || w.T.Nodes[i].Kind != jsontape.Object {
		return
	}
	c, ok := w.T.Member(i, "continuous_usage_stats")
	if !ok || w.T.Nodes[c].Kind != jsontape.True {
		return
	}
	if u, ok := w.T.Member(i, "include_usage"); !ok || w.T.Nodes[u].Kind != jsontape.True {
		nd := &w.T.Nodes[c]
		w.fireAt(c, int(nd.Start), int(nd.End), "continuous_usage_stats needs include_usage: true", nil)
	}
}
