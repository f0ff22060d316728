package core

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// explain turns everything that was not surely valid into findings. Containers are taken apart by the plan, down to the
// smallest values that are wrong or in doubt. Of most it knows itself what is wrong; the others go to jsonschema v5, which
// decides and whose errors become messages. v5 alone on the whole would walk every branch of a union: one wrong token
// among 10,000 gave megabytes of causes.
func (w *work) explain() {
	for _, c := range w.extras {
		w.explainExtra(c)
	}
	if w.v.root.unsure {
		w.judgeWhole()
	} else {
		for _, id := range w.doubt {
			if w.decided() {
				return
			}
			w.explainField(id)
		}
		w.missing()
	}
}

func (w *work) explainField(id int32) {
	f := &w.v.fields[id]
	i := w.given[id].at
	if w.given[id].form == formWrapped || w.t.nodes[i].kind == kindString && f.wraps {
		p := f.plan
		if len(p.forms) > 0 {
			p = p.listForm(isString)
		}
		before := len(w.found)
		if p.items != nil {
			w.explainValue(id, p.items, i)
		}
		w.judgeUntold(before, id, f.plan, i, []any{w.t.text(i)})
		return
	}
	if id == w.v.id.prompt && w.tokenPrompt(f, i) {
		return
	}
	w.explainValue(id, f.plan, i)
}

// explainValue reports what is wrong with the value at i, once for each mistake.
func (w *work) explainValue(id int32, p *plan, i uint32) {
	if w.full() && w.failed || p.accept(&w.t, i) {
		return
	}
	nd := &w.t.nodes[i]
	before := len(w.found)
	switch {
	case p.unsure:
	case nd.kind == kindArray && p.kinds&isArray != 0:
		if len(p.forms) > 0 {
			w.explainValue(id, p.meant(&w.t, i), i)
		}
		w.explainList(id, p, i)
		w.judgeUntold(before, id, p, i, nil)
		return
	case nd.kind == kindObject && p.kinds&isObject != 0:
		w.explainObject(id, p, i)
		w.judgeUntold(before, id, p, i, nil)
		return
	}
	if keyword := w.fault(p, i); keyword != "" {
		w.violation(id, p, i, violation{keyword: keyword, rule: rulePointer(p.schema, keyword)})
		return
	}
	w.judge(id, p, i, w.t.any(i))
}

// judgeUntold asks v5 about a container in which nothing was found wrong since before: its schema may say more than the
// plan takes apart. A value that is not nil stands for it.
func (w *work) judgeUntold(before int, id int32, p *plan, i uint32, value any) {
	if len(w.found) > before || w.syntax || w.full() { // what an incomplete text lacks is no mistake
		return
	}
	if value == nil {
		value = w.t.canonical(p, i)
	}
	w.judge(id, p, i, value)
}

// canonical is any with the wire names of properties.
func (t *tape) canonical(p *plan, i uint32) any {
	nd := &t.nodes[i]
	switch {
	case nd.kind == kindArray && p.items != nil:
		a := make([]any, 0, nd.n)
		for c := i + 1; c < nd.next; c = t.nodes[c].next {
			a = append(a, t.canonical(p.items, c))
		}
		return a
	case nd.kind == kindObject && p.camel:
		m := make(map[string]any, nd.n)
		for c := i + 1; c < nd.next; c = t.nodes[c].next {
			key := p.wireName(t.key(c))
			if sub := p.property(key); sub != nil {
				m[key] = t.canonical(sub, c)
			} else {
				m[key] = t.any(c)
			}
		}
		return m
	}
	return t.any(i)
}

func (w *work) explainList(id int32, p *plan, i uint32) {
	nd := &w.t.nodes[i]
	count := func(code Code, keyword, want string) {
		w.add(finding{code: code, severity: Error, node: int32(i), start: int(nd.start), end: int(nd.end),
			rule: rulePointer(p.schema, keyword), message: "got " + w.describe(i) + ", want " + want})
	}
	if int(nd.n) < p.minItems && !w.leftOpen(i) {
		count(CodeTooFewItems, "minItems", fmt.Sprintf("at least %d", p.minItems))
	}
	if p.maxItems >= 0 && int(nd.n) > p.maxItems {
		count(CodeTooManyItems, "maxItems", fmt.Sprintf("at most %d", p.maxItems))
	}
	if p.items == nil {
		return
	}
	for c := i + 1; c < nd.next; c = w.t.nodes[c].next {
		w.explainValue(id, p.items, c)
	}
}

// leftOpen reports whether list i has no closing bracket, so that not all of it may have been typed.
func (w *work) leftOpen(i uint32) bool { return w.syntax && w.t.src[w.t.nodes[i].end-1] != ']' }

func (w *work) explainObject(id int32, p *plan, i uint32) {
	nd := &w.t.nodes[i]
	for c := i + 1; c < nd.next; c = w.t.nodes[c].next {
		key := p.wireName(w.t.key(c))
		child := &w.t.nodes[c]
		if child.flags&flagShadowed != 0 {
			continue // servers never see it
		}
		if p.names != nil && (p.names.unsure || !p.names.acceptText([]byte(key))) && !valid(p.names.schema, key) {
			code, want := CodeSchema, "a name that matches "+patternOf(p.names.schema)
			if id == w.v.id.logitBias {
				code, want = CodeBadTokenID, "the number of a token, such as \"50256\""
			}
			w.add(finding{code: code, severity: Error, node: int32(c), start: int(child.keyStart), end: int(child.keyEnd),
				rule: rulePointer(p.names.schema, "pattern"), message: "got the key " + quote(key) + ", want " + want})
			continue
		}
		sub := p.additional
		if known := p.property(key); known != nil {
			sub = known
		} else if p.closed {
			w.unknownNested(p, i, c)
			continue
		}
		if sub != nil {
			w.explainValue(id, sub, c)
		}
	}
	for _, name := range p.schema.Required {
		if !w.syntax && !w.hasMember(i, name) {
			w.add(finding{code: CodeMissingField, severity: Error, node: int32(i), start: int(nd.start), end: int(nd.start) + 1,
				rule: rulePointer(p.schema, "required"), message: name + " is missing"})
		}
	}
}

// hasMember reports whether object i has a member of that name, in either spelling.
func (w *work) hasMember(i uint32, name string) bool {
	_, wire := w.t.member(i, name)
	_, camel := w.t.member(i, camelCase(name))
	return wire || camel
}

// unknownNested reports a member that a closed object within a field does not have.
func (w *work) unknownNested(p *plan, parent, c uint32) {
	if w.full() && (w.failed || w.v.unknown < Error) {
		return
	}
	nd := &w.t.nodes[c]
	key := w.t.key(c)
	names := make([]string, len(p.properties))
	for i := range p.properties {
		names[i] = p.properties[i].name
	}
	f := finding{code: CodeUnknownField, severity: max(w.v.unknown, Hint), node: int32(c), start: int(nd.keyStart), end: int(nd.keyEnd),
		rule: rulePointer(p.schema, "additionalProperties"), message: "got " + quote(key) + ", want one of " + strings.Join(names, ", ")}
	if name := nearest(key, candidates(names...)); name != "" && !w.hasMember(parent, name) {
		f.message = "nothing is called " + quote(key) + " here"
		f.fix = w.renaming(c, name)
	}
	w.add(f)
}

// missing reports required fields that are not there. After a syntax error they may just not have been read.
func (w *work) missing() {
	if w.syntax {
		return
	}
	root := &w.t.nodes[0]
	for _, id := range w.v.needed {
		f := &w.v.fields[id]
		if w.given[id].at != 0 || w.given[id].meant {
			continue
		}
		w.add(finding{code: CodeMissingField, severity: Error, node: 0, start: int(root.start), end: int(root.start) + 1,
			rule: rulePointer(w.v.schema, "required"), message: f.name + " is missing; want " + f.plan.want()})
	}
}

// listForm returns the branch of a union that is a list of k, or p without one.
func (p *plan) listForm(k kinds) *plan {
	for _, f := range p.forms {
		if f.items != nil && f.items.kinds&k != 0 {
			return f
		}
	}
	return p
}

// meant returns the branch of a union that takes most items of list i, or else those that look like its first: the form
// that was meant.
func (p *plan) meant(t *tape, i uint32) *plan {
	if t.nodes[i].n == 0 {
		return p.forms[0]
	}
	best, most := (*plan)(nil), 0
	for _, f := range p.forms {
		if f.items == nil {
			return f
		}
		taken := 0
		for c := i + 1; c < t.nodes[i].next; c = t.nodes[c].next {
			if f.items.accept(t, c) {
				taken++
			}
		}
		if taken > most {
			best, most = f, taken
		}
	}
	if best != nil {
		return best
	}
	for _, f := range p.forms {
		if f.items.kinds&kindsOf(t, i+1) != 0 {
			return f
		}
	}
	return p.forms[0]
}

func kindsOf(t *tape, i uint32) kinds {
	switch t.nodes[i].kind {
	case kindNull:
		return isNull
	case kindTrue, kindFalse:
		return isBool
	case kindNumber:
		return isInteger | isNumber
	case kindString:
		return isString
	case kindArray:
		return isArray
	case kindObject:
		return isObject
	}
	return anyKind
}

// tokenPrompt reports a prompt of token ids where only texts are taken, as one mistake.
func (w *work) tokenPrompt(f *field, i uint32) bool {
	nd := &w.t.nodes[i]
	if nd.kind != kindArray || nd.n == 0 || len(f.plan.forms) > 0 {
		return false
	}
	for c := i + 1; c < nd.next; c++ {
		if k := w.t.nodes[c].kind; k != kindNumber && k != kindArray && c != w.cut {
			return false
		}
	}
	w.add(finding{code: CodeTokenPrompt, severity: Error, node: int32(i), start: int(nd.start), end: int(nd.end),
		rule: rulePointer(f.plan.schema, "items"), message: "got token ids, want texts; token ids are taken by " + tokenPromptProfiles()})
	return true
}

// judge asks v5 about the value that stands at i, and reports its most telling error.
func (w *work) judge(id int32, p *plan, i uint32, value any) {
	err := validate(p.schema, value)
	if err == nil {
		return
	}
	leaves := leavesOf(err)
	first := leaves[0]
	at := i
	if first.InstanceLocation != "" {
		if c, ok := w.t.at(w.t.pointer(i) + first.InstanceLocation); ok {
			at = c
		}
	}
	w.violation(id, p, at, violationOf(first))
}

// fault returns the keyword that a value which p does not accept violates, or "" where only v5 can tell.
func (w *work) fault(p *plan, i uint32) string {
	nd := &w.t.nodes[i]
	switch {
	case !p.decides || len(p.forms) > 0:
		return ""
	case p.kinds&kindsOf(&w.t, i) == 0:
		return "type"
	case nd.kind == kindNumber:
		d := readDecimal([]byte(w.t.number(i)))
		switch {
		case p.kinds&isNumber == 0 && !d.whole():
			return "type"
		case p.most.set && d.compare(p.most.at) >= 0 && p.most.open:
			return "exclusiveMaximum"
		case p.most.set && d.compare(p.most.at) > 0:
			return "maximum"
		case p.least.open:
			return "exclusiveMinimum"
		}
		return "minimum"
	case nd.kind == kindString && p.minLength > 0 && w.t.text(i) == "":
		return "minLength"
	}
	return ""
}

// violation is a keyword of the schema that a value violates.
type violation struct {
	keyword string
	rule    string // where it stands
	message string // in v5's words, if v5 was asked
}

func violationOf(e *jsonschema.ValidationError) violation {
	return violation{
		keyword: e.KeywordLocation[strings.LastIndexByte(e.KeywordLocation, '/')+1:],
		rule:    fragment(e.AbsoluteKeywordLocation),
		message: e.Message,
	}
}

// judgeWhole asks v5 about the canonical request as a whole: a foreign schema's root may tie fields together.
func (w *work) judgeWhole() {
	err := validate(w.v.schema, w.instance())
	if err == nil {
		return
	}
	for _, leaf := range leavesOf(err) {
		keyword := leaf.KeywordLocation[strings.LastIndexByte(leaf.KeywordLocation, '/')+1:]
		if keyword == "required" && w.syntax {
			continue // it may only not have been read
		}
		at, id := uint32(0), int32(-1)
		if steps := strings.SplitN(leaf.InstanceLocation, "/", 3); len(steps) > 1 {
			if s := w.v.table.find([]byte(unescapeStep(steps[1]))); s != nil {
				id, at = s.field, w.given[s.field].at
				rest := ""
				if len(steps) == 3 {
					rest = "/" + steps[2]
				}
				if c, ok := w.t.at(w.t.pointer(at) + rest); ok {
					at = c
				}
			}
		}
		if keyword == "additionalProperties" && at == 0 || w.t.nodes[at].kind == kindBad {
			continue // explainExtra knows each name, and an issue tells already what could not be read
		}
		w.violation(id, newPlan(w.v.schema), at, violationOf(leaf))
	}
}

// instance builds the canonical request as v5 takes it.
func (w *work) instance() map[string]any {
	m := make(map[string]any, len(w.v.fields))
	for id := range w.v.fields {
		i := w.given[id].at
		switch w.given[id].form {
		case formAbsent, formDropped:
		case formWrapped:
			m[w.v.fields[id].name] = []any{w.t.any(i)}
		default:
			m[w.v.fields[id].name] = w.t.any(i)
		}
	}
	for _, c := range w.extras {
		m[w.t.key(c)] = w.t.any(c)
	}
	return m
}

// validate is v5 behind a guard: whatever a foreign schema makes it do, Check goes on.
func validate(s *jsonschema.Schema, v any) (err *jsonschema.ValidationError) {
	defer func() {
		if r := recover(); r != nil {
			err = &jsonschema.ValidationError{Message: fmt.Sprintf("the schema cannot be applied here: %v", r)}
		}
	}()
	switch e := s.Validate(v).(type) {
	case nil:
		return nil
	case *jsonschema.ValidationError:
		return e
	default:
		return &jsonschema.ValidationError{Message: e.Error()}
	}
}

func valid(s *jsonschema.Schema, v any) bool { return validate(s, v) == nil }

// leavesOf returns the errors without causes, types first and otherwise in an order that does not depend on v5's maps.
func leavesOf(err *jsonschema.ValidationError) []*jsonschema.ValidationError {
	const most = 100
	var list []*jsonschema.ValidationError
	var walk func(e *jsonschema.ValidationError)
	walk = func(e *jsonschema.ValidationError) {
		if len(list) >= most {
			return
		}
		if len(e.Causes) == 0 {
			list = append(list, e)
		}
		for _, c := range e.Causes {
			walk(c)
		}
	}
	walk(err)
	rank := func(e *jsonschema.ValidationError) int {
		if strings.HasSuffix(e.KeywordLocation, "/type") {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b *jsonschema.ValidationError) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(a.KeywordLocation, b.KeywordLocation),
			strings.Compare(a.InstanceLocation, b.InstanceLocation))
	})
	return list
}

// violation turns a violation into a finding in a person's words.
func (w *work) violation(id int32, p *plan, i uint32, e violation) {
	nd := &w.t.nodes[i]
	f := finding{severity: Error, node: int32(i), start: int(nd.start), end: int(nd.end), rule: e.rule}
	got := "got " + w.describe(i)
	s := p.schema
	switch e.keyword {
	case "type":
		f.code, f.message = CodeWrongType, got+", want "+p.want()
		if nd.kind == kindNumber && p.kinds&isInteger != 0 {
			f.code = CodeNotInteger
		}
		f.fix = w.coercion(p, i)
		if id >= 0 && id == w.v.id.logprobs && (nd.kind == kindTrue || nd.kind == kindFalse) {
			w.logprobsFlag(&f, i)
		}
	case "minimum":
		f.code, f.message = CodeOutOfRange, got+wantBound(", want at least ", s.Minimum, e)
	case "maximum":
		f.code, f.message = CodeOutOfRange, got+wantBound(", want at most ", s.Maximum, e)
	case "exclusiveMinimum":
		f.code, f.message = CodeOutOfRange, got+wantBound(", want more than ", s.ExclusiveMinimum, e)
	case "exclusiveMaximum":
		f.code, f.message = CodeOutOfRange, got+wantBound(", want less than ", s.ExclusiveMaximum, e)
	case "minLength":
		f.code, f.message = CodeTooShort, got+"; "+e.message
		if nd.kind == kindString && w.t.text(i) == "" {
			f.message = "got an empty text"
		}
	case "maxLength":
		f.code, f.message = CodeTooLong, got+"; "+e.message
	case "minItems":
		f.code, f.message = CodeTooFewItems, got+"; "+e.message
	case "maxItems":
		f.code, f.message = CodeTooManyItems, got+"; "+e.message
	case "required":
		f.code, f.message = CodeMissingField, e.message
	case "enum":
		f.code, f.message = CodeSchema, got+", want one of "+listOf(s.Enum)
	default:
		f.code, f.message = CodeSchema, got+"; "+e.message
	}
	if id >= 0 && f.code == CodeOutOfRange {
		if note := w.v.fields[id].note; note.Range != "" {
			f.severity, _ = parseSeverity(note.Range)
			f.message += "; " + note.Why
		}
	}
	w.add(f)
}

// listOf writes the values of an enum, or that there are many.
func listOf(values []any) string {
	var words []string
	for _, v := range values {
		if len(words) == 10 {
			words = append(words, "…")
			break
		}
		text, _ := json.Marshal(v) // it came from JSON
		words = append(words, quoteRaw(text))
	}
	return strings.Join(words, ", ")
}

// wantBound words a bound; where the keyword stands beyond a reference, only v5's own words know it.
func wantBound(words string, bound *big.Rat, e violation) string {
	if bound == nil {
		return "; " + e.message
	}
	return words + ratString(bound)
}

// coercion offers the value that was meant where one was written as another type: "0.7", [0.7], 7 for a text.
func (w *work) coercion(p *plan, i uint32) *remedy {
	nd := &w.t.nodes[i]
	replace := func(with string) *remedy {
		t := tape{nodes: make([]node, 0, 8)}
		if !t.scan([]byte(with), *w.limits) || !p.accept(&t, 0) {
			return nil
		}
		return &remedy{title: "use " + quoteRaw([]byte(with)), edits: []byteEdit{{int(nd.start), int(nd.end), with}}}
	}
	switch nd.kind {
	case kindString:
		s := strings.TrimSpace(w.t.text(i))
		if len(s) > 64 {
			return nil
		}
		if b := strings.ToLower(s); b == "true" || b == "false" {
			return replace(b)
		}
		return replace(s)
	case kindNumber, kindTrue, kindFalse:
		if p.kinds&isString != 0 {
			return replace(`"` + string(w.t.appendJSON(nil, i)) + `"`)
		}
	case kindArray:
		if nd.n == 1 && nd.next == i+2 {
			return replace(string(w.t.appendJSON(nil, i+1)))
		}
	}
	return nil
}

// logprobsFlag explains the chat endpoint's boolean.
func (w *work) logprobsFlag(f *finding, i uint32) {
	f.message += "; the chat endpoint takes a boolean here, this one a count"
	nd := &w.t.nodes[i]
	if nd.kind == kindFalse {
		f.fix = w.removal(i, "remove logprobs, which turns it off")
		return
	}
	f.fix = &remedy{title: "use 1", edits: []byteEdit{{int(nd.start), int(nd.end), "1"}}}
}

// rulePointer names a keyword of a compiled schema as a pointer into the document.
func rulePointer(s *jsonschema.Schema, keyword string) string {
	return fragment(s.Location) + "/" + keyword
}

// fragment drops the document's address from a location.
func fragment(location string) string {
	if i := strings.IndexByte(location, '#'); i >= 0 {
		return location[i:]
	}
	return location
}

func patternOf(s *jsonschema.Schema) string {
	if s.Pattern == nil {
		return "the schema"
	}
	return s.Pattern.String()
}

func unescapeStep(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
}
