package core

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// rule is a check between fields, or of a value that surprises. Its severity is what most servers do; a profile says
// otherwise where its server does.
type rule struct {
	name     Code
	severity Severity    // 0: only where a profile asks for it
	source   string      // where the rule was read
	fields   string      // those that must be in the text for it to apply, and those with a minus that must not
	check    func(*work) // reports through fire
}

type activeRule struct {
	rule
	severity Severity
	look     uint64 // the bits of the fields that must be there or must not
	needs    uint64 // the bits of those that must be
}

// rules in the order of their evaluation, which is not that of the report.
var rules = []rule{
	{CodeBestOfBelowN, Error, "OpenAI's API description of best_of; vLLM's sampling parameters", "best_of n", (*work).bestOfBelowN},
	{CodeBestOfWithStream, Error, "OpenAI's API description of best_of", "best_of stream", (*work).bestOfWithStream},
	{CodeStreamOptionsWithoutStream, Error, "OpenAI's API description; vLLM answers 400", "stream_options", (*work).streamOptionsWithoutStream},
	{CodeGreedyChoices, Hint, "vLLM's sampling parameters refuse it, others repeat themselves", "n temperature", (*work).greedyChoices},
	{CodeNoTokens, Hint, "vLLM and SGLang answer 400; useful only to score a prompt", "max_tokens", (*work).noTokens},
	{CodeEchoWithLogprobs, 0, "answers of OpenAI's current models", "echo logprobs", (*work).echoWithLogprobs},
	{CodeEchoWithSuffix, Hint, "documented nowhere", "echo suffix", (*work).echoWithSuffix},
	{CodeMaxTokensUnset, Hint, "defaults differ from 16 to no limit at all", "-max_tokens", (*work).maxTokensUnset},
	{CodeWideSeed, Hint, "llama.cpp keeps 32 bits, TGI takes no negative ones", "seed", (*work).wideSeed},
	{CodeLogprobsZero, Hint, "OpenAI's API description: the minimum is 0", "logprobs", (*work).logprobsZero},
	{CodeEmptyStop, Hint, "vLLM answers 400, llama.cpp drops them", "stop", (*work).emptyStop},
	{CodeEmptyPrompt, Hint, "vLLM, SGLang and llama.cpp refuse it", "prompt", (*work).emptyPrompt},
	{CodeDocsArtefact, Hint, "the example in the documentation of the Atoma SDK", "stop", (*work).stopArtefact},
	{CodeDocsArtefact, Hint, "the example in the documentation of the Atoma SDK", "suffix", (*work).suffixArtefact},
	{CodeMinAboveMaxTokens, 0, "vLLM's sampling parameters", "min_tokens max_tokens", (*work).minAboveMaxTokens},
	{CodeBeamSearchWithStream, 0, "vLLM answers 400", "use_beam_search stream", (*work).beamSearchWithStream},
	{CodePromptLogprobsWithStream, 0, "vLLM answers 400", "prompt_logprobs stream", (*work).promptLogprobsWithStream},
	{CodeBothTokenLimits, 0, "Fireworks' API description", "max_tokens max_completion_tokens", (*work).bothTokenLimits},
	{CodeContinuousUsage, 0, "vLLM and SGLang need include_usage for it", "stream_options", (*work).continuousUsage},
}

func (v *Validator) addRules() {
	for _, r := range rules {
		severity := r.severity
		if s, ok := v.profile.Rules[string(r.name)]; ok {
			severity, _ = parseSeverity(s) // "off" is 0
		}
		var needed, banned []string
		for _, name := range strings.Fields(r.fields) {
			if without, ok := strings.CutPrefix(name, "-"); ok {
				banned = append(banned, without)
			} else {
				needed = append(needed, name)
			}
		}
		needs, ok := v.bits(needed)
		bans, ok2 := v.bits(banned)
		if ok && ok2 && severity != 0 {
			v.rules = append(v.rules, activeRule{r, severity, needs | bans, needs})
		}
	}
}

// bits gives each of the fields a bit, while there are any, and returns them all: what has none must be looked at. It
// reports false if the schema lacks one of the fields.
func (v *Validator) bits(names []string) (bits uint64, ok bool) {
	for _, name := range names {
		i := slices.IndexFunc(v.fields, func(f field) bool { return f.name == name })
		if i < 0 {
			return 0, false
		}
		if f := &v.fields[i]; f.bit == 0 && v.lastBit < 63 {
			v.lastBit++
			f.bit = 1 << v.lastBit
		}
		bits |= v.fields[i].bit
	}
	return bits, true
}

// applyRules runs what looks at values that are fine by themselves: the profile's word on fields, its narrower limits,
// and the rules.
func (w *work) applyRules() {
	for _, id := range w.v.noted {
		f := &w.v.fields[id]
		if w.node(id) != 0 && f.note.severity() >= w.least &&
			(f.note.Use != "ignored" || !w.saysDefault(f, w.given[id].at)) { // what is ignored may say the default
			w.fieldNote(id, f)
		}
	}
	for k := range w.v.soft {
		if l := &w.v.soft[k]; (l.bit == 0 || l.bit&w.here != 0) && l.severity >= w.least && w.node(l.field) != 0 {
			w.softLimit(l)
		}
	}
	for k := range w.v.rules {
		if r := &w.v.rules[k]; w.here&r.look == r.needs && r.severity >= w.least {
			w.rule = r
			r.check(w)
		}
	}
}

func (w *work) fieldNote(id int32, f *field) {
	i := w.given[id].at
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
	if n.code != CodeFieldNote && !f.required && n.severity > Hint {
		n.fix = w.removal(i, "remove "+f.name)
	}
	w.add(n)
}

func (w *work) softLimit(l *softLimit) {
	g := &w.given[l.field]
	i := g.at
	if w.accepts(l.plan, g) {
		return
	}
	if g.form != formWrapped && !g.fine {
		return // the schema's own verdict is enough
	}
	var value any = w.t.any(i)
	if w.given[l.field].form == formWrapped {
		value = []any{value}
	}
	if valid(l.plan.schema, value) {
		return
	}
	i = l.plan.culprit(&w.t, i)
	nd := &w.t.nodes[i]
	w.add(finding{code: CodeSoftLimit, severity: l.severity, node: int32(i), start: int(nd.start), end: int(nd.end),
		rule:    "profile/" + w.v.profile.Name + "/limits/" + w.v.fields[l.field].name,
		message: "got " + w.describe(i) + "; " + l.why})
}

// culprit returns the member of object i that p does not accept, or i itself.
func (p *plan) culprit(t *tape, i uint32) uint32 {
	if t.nodes[i].kind == kindObject {
		for c := i + 1; c < t.nodes[i].next; c = t.nodes[c].next {
			if sub := p.property(p.wireName(t.key(c))); sub != nil && !sub.accept(t, c) {
				return c
			}
		}
	}
	return i
}

// node returns the value of a field that reaches the body, 0 where there is none.
func (w *work) node(id int32) uint32 {
	if id < 0 {
		return 0
	}
	if g := &w.given[id]; g.form != formAbsent && g.form != formDropped && g.form != formOmitted {
		return g.at
	}
	return 0
}

// number returns the value of a field that holds a number and is not wrong by itself.
func (w *work) number(id int32) (float64, bool) {
	i := w.node(id)
	if i == 0 {
		return 0, false
	}
	g := &w.given[id]
	if w.t.nodes[i].kind != kindNumber {
		return 0, false
	}
	if p := w.v.fields[id].plan; !g.fine && (p.decides || !valid(p.schema, w.t.any(i))) {
		return 0, false
	}
	return w.float(g)
}

func (w *work) isTrue(id int32) bool {
	i := w.node(id)
	return i != 0 && w.t.nodes[i].kind == kindTrue
}

// fire reports the rule at the value of a field.
func (w *work) fire(id int32, message string, fix *remedy) {
	i := w.node(id)
	nd := &w.t.nodes[i]
	w.fireAt(i, int(nd.start), int(nd.end), message, fix)
}

func (w *work) fireAt(i uint32, start, end int, message string, fix *remedy) {
	w.add(finding{code: w.rule.name, severity: w.rule.severity, node: int32(i), start: start, end: end,
		rule: string(w.rule.name), message: message, fix: fix})
}

// setTo replaces the value of a field.
func (w *work) setTo(id int32, value, title string) *remedy {
	nd := &w.t.nodes[w.given[id].at]
	return &remedy{title: title, edits: []byteEdit{{int(nd.start), int(nd.end), value}}}
}

func (w *work) bestOfBelowN() {
	bestOf, ok := w.number(w.v.id.bestOf)
	n, ok2 := w.number(w.v.id.n)
	if ok && ok2 && bestOf >= 1 && bestOf < n {
		least, _ := integerToken(w.t.number(w.given[w.v.id.n].at))
		var fix *remedy
		if w.v.fields[w.v.id.bestOf].plan.accept(&w.t, w.given[w.v.id.n].at) {
			fix = w.setTo(w.v.id.bestOf, least, "use "+least)
		}
		w.fire(w.v.id.bestOf, fmt.Sprintf("got %s, want at least n, which is %s", w.describe(w.given[w.v.id.bestOf].at), least), fix)
	}
}

func (w *work) bestOfWithStream() {
	bestOf, ok := w.number(w.v.id.bestOf)
	if ok && bestOf > 1 && w.isTrue(w.v.id.stream) {
		w.fire(w.v.id.bestOf, fmt.Sprintf("got %s with stream: true; the best of several is known only at the end", w.describe(w.given[w.v.id.bestOf].at)),
			w.removal(w.given[w.v.id.bestOf].at, "remove best_of"))
	}
}

func (w *work) streamOptionsWithoutStream() {
	i := w.node(w.v.id.streamOptions)
	if i == 0 || w.v.id.stream < 0 || w.t.nodes[i].kind != kindObject {
		return
	}
	nd := &w.t.nodes[i]
	var fix *remedy
	if s := w.given[w.v.id.stream].at; s != 0 {
		if k := w.t.nodes[s].kind; k != kindFalse && k != kindNull {
			return // true, or nothing of which one could tell what was meant
		}
		fix = w.setTo(w.v.id.stream, "true", "set stream to true")
	} else if w.syntax || w.given[w.v.id.stream].meant {
		return // it may only not have been read
	} else {
		fix = &remedy{title: "add stream: true", edits: []byteEdit{w.t.insertBefore(i, w.keyLike(i, "stream"), "true")}}
	}
	w.fireAt(i, int(nd.keyStart), int(nd.keyEnd), "stream_options needs stream: true", fix)
}

func (w *work) greedyChoices() {
	n, ok := w.number(w.v.id.n)
	t, ok2 := w.number(w.v.id.temperature)
	if ok && ok2 && n > 1 && t == 0 {
		w.fire(w.v.id.n, fmt.Sprintf("got %s with temperature 0, which makes every choice the same", w.describe(w.given[w.v.id.n].at)), nil)
	}
}

func (w *work) noTokens() {
	if n, ok := w.number(w.v.id.maxTokens); ok && n == 0 && !w.isTrue(w.v.id.echo) {
		w.fire(w.v.id.maxTokens, "got 0 without echo, which asks for an empty answer", nil)
	}
}

func (w *work) echoWithLogprobs() {
	if _, ok := w.number(w.v.id.logprobs); ok && w.isTrue(w.v.id.echo) {
		w.fire(w.v.id.echo, "echo and logprobs together are not supported by current models", nil)
	}
}

func (w *work) echoWithSuffix() {
	if w.node(w.v.id.suffix) != 0 && w.isTrue(w.v.id.echo) {
		w.fire(w.v.id.echo, "what echo does together with a suffix is documented nowhere", nil)
	}
}

func (w *work) maxTokensUnset() {
	if w.syntax || w.node(w.v.id.maxTokens) != 0 || w.given[w.v.id.maxTokens].meant || w.node(w.v.id.maxCompletionTokens) != 0 || w.node(w.v.id.nPredict) != 0 {
		return
	}
	what := w.v.profile.DefaultMaxTokens
	if what == "" {
		what = "the server sets the limit itself"
	}
	brace := int(w.t.nodes[0].start)
	w.fireAt(0, brace, brace+1, "without max_tokens "+what, nil)
}

func (w *work) wideSeed() {
	i := w.node(w.v.id.seed)
	if i == 0 || w.t.nodes[i].kind != kindNumber {
		return
	}
	if seed, ok := w.int(&w.given[w.v.id.seed]); ok && (seed < 0 || seed > 1<<31-1) {
		w.fire(w.v.id.seed, fmt.Sprintf("got %s; only 0 to 2147483647 mean the same everywhere, some servers keep 32 bits or take no negative seed", w.describe(i)), nil)
	}
}

func (w *work) logprobsZero() {
	if n, ok := w.number(w.v.id.logprobs); ok && n == 0 {
		w.fire(w.v.id.logprobs, "0 is not off: the chosen token's log probability is still returned",
			w.removal(w.given[w.v.id.logprobs].at, "remove logprobs, which turns it off"))
	}
}

func (w *work) emptyStop() {
	w.eachEmpty(w.v.id.stop, "an empty stop text stops nothing")
}

func (w *work) emptyPrompt() {
	w.eachEmpty(w.v.id.prompt, "an empty prompt gives the model nothing to continue")
}

func (w *work) eachEmpty(id int32, message string) {
	i := w.node(id)
	if i == 0 {
		return
	}
	for c, end := w.texts(i); c < end; c = w.t.nodes[c].next {
		if nd := &w.t.nodes[c]; nd.kind == kindString && nd.end-nd.start <= 2 && w.t.text(c) == "" {
			w.fireAt(c, int(nd.start), int(nd.end), message, nil)
		}
	}
}

// texts returns where to look for the texts of a list, or for a lone one: in the siblings from c to end.
func (w *work) texts(i uint32) (c, end uint32) {
	nd := &w.t.nodes[i]
	if nd.kind == kindArray {
		return i + 1, nd.next
	}
	return i, i + 1
}

func (w *work) stopArtefact()   { w.docsArtefact(w.v.id.stop) }
func (w *work) suffixArtefact() { w.docsArtefact(w.v.id.suffix) }

// docsArtefact finds texts such as json(["stop", "halt"]), which a documentation generator left in the examples of the
// SDK: the value that was meant stands within.
func (w *work) docsArtefact(id int32) {
	i := w.node(id)
	if i == 0 {
		return
	}
	for c, end := w.texts(i); c < end; c = w.t.nodes[c].next {
		if w.t.nodes[c].kind == kindString {
			w.artefact(id, c, c != i)
		}
	}
}

func (w *work) artefact(id int32, c uint32, isItem bool) {
	nd := &w.t.nodes[c]
	if w.full() || nd.end-nd.start < uint32(len("json()")) || nd.end-nd.start > 4096 {
		return
	}
	if raw := w.t.raw(c); nd.flags&flagLoose == 0 && !bytes.HasPrefix(raw[1:], []byte("json(")) {
		return
	}
	inner, ok := strings.CutPrefix(w.t.text(c), "json(")
	if inner, ok = cutSuffix(inner, ok, ")"); !ok {
		return
	}
	inner = undecoded.Replace(inner)
	t := tape{nodes: make([]node, 0, 8)}
	if !t.scan([]byte(inner), *w.limits) {
		return
	}
	text := inner
	switch root := &t.nodes[0]; {
	case root.kind == kindString:
	case root.kind == kindArray && root.n > 0 && id == w.v.id.stop && w.v.fields[id].plan.accept(&t, 0):
		if isItem {
			text = strings.TrimSpace(inner)
			text = strings.TrimSpace(text[1 : len(text)-1])
		}
	default:
		return
	}
	w.fireAt(c, int(nd.start), int(nd.end), "got "+w.describe(c)+", which looks like a slip of the documentation; "+inner+" was meant",
		&remedy{title: "use " + quoteRaw([]byte(inner)), edits: []byteEdit{{int(nd.start), int(nd.end), text}}})
}

// undecoded puts back the escapes that the generator decoded on the way.
var undecoded = strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`)

func cutSuffix(s string, ok bool, suffix string) (string, bool) {
	if !ok {
		return s, false
	}
	return strings.CutSuffix(s, suffix)
}

func (w *work) minAboveMaxTokens() {
	least, ok := w.number(w.v.id.minTokens)
	most, ok2 := w.number(w.v.id.maxTokens)
	if ok && ok2 && least > most {
		w.fire(w.v.id.minTokens, fmt.Sprintf("got %s, want at most max_tokens, which is %s",
			w.describe(w.given[w.v.id.minTokens].at), quoteRaw(w.t.raw(w.given[w.v.id.maxTokens].at))), nil)
	}
}

func (w *work) beamSearchWithStream() {
	if w.isTrue(w.v.id.beamSearch) && w.isTrue(w.v.id.stream) {
		w.fire(w.v.id.beamSearch, "beam search cannot be streamed", nil)
	}
}

func (w *work) promptLogprobsWithStream() {
	if n, ok := w.number(w.v.id.promptLogprobs); ok && n != 0 && w.isTrue(w.v.id.stream) {
		w.fire(w.v.id.promptLogprobs, "log probabilities of the prompt cannot be streamed", nil)
	}
}

func (w *work) bothTokenLimits() {
	if w.node(w.v.id.maxTokens) != 0 && w.node(w.v.id.maxCompletionTokens) != 0 {
		w.fire(w.v.id.maxCompletionTokens, "got max_tokens and max_completion_tokens, want one of them",
			w.removal(w.given[w.v.id.maxCompletionTokens].at, "remove max_completion_tokens"))
	}
}

func (w *work) continuousUsage() {
	i := w.node(w.v.id.streamOptions)
	if i == 0 || w.t.nodes[i].kind != kindObject {
		return
	}
	c, ok := w.t.member(i, "continuous_usage_stats")
	if !ok || w.t.nodes[c].kind != kindTrue {
		return
	}
	if u, ok := w.t.member(i, "include_usage"); !ok || w.t.nodes[u].kind != kindTrue {
		nd := &w.t.nodes[c]
		w.fireAt(c, int(nd.start), int(nd.end), "continuous_usage_stats needs include_usage: true", nil)
	}
}
