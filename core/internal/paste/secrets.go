package paste

import (
	"bytes"
	"slices"
	"strings"

	"github.com/completion-playground/playground/core/internal/jsontape"
	"github.com/completion-playground/playground/schema"
)

// A key is 4 to 4096 visible characters: less is a word, more is no key.
const shortestKey, longestKey = 4, 4096

// secret makes a text the key, unless it stands for one.
func (d *Draft) secret(text string, place span, holed bool) {
	text = strings.TrimSpace(text)
	switch {
	case len(text) < shortestKey || fillers[text]:
	case holed:
		if spare, ok := fallback(text); ok {
			d.spare(spare, place)
		}
		d.note(NotLiteral, place.start, place.end, "the key is not written out here")
	case placeholder(text):
		d.note(NotLiteral, place.start, place.end, "what stands here only shows where the key belongs")
	case len(text) > longestKey || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }):
		d.note(Left, place.start, place.end, "this can be no key")
	case d.Key == "" || d.weak:
		if d.weak && d.Key != text {
			d.hide(d.Key)
			d.note(Left, place.start, place.end, "another secret is given as well, and left out")
		}
		d.Key, d.KeyHeader, d.weak = text, "", false
	case d.Key != text:
		d.hide(text)
		d.note(Left, place.start, place.end, "this is a second secret")
	}
}

// spare makes a text the key as long as nothing says so plainly: a password, a cookie, what an environment falls back to.
func (d *Draft) spare(text string, place span) {
	if d.Key != "" && !d.weak {
		d.hide(text)
		return
	}
	before := d.Key
	d.Key = ""
	if d.secret(text, place, false); d.Key == "" {
		d.Key = before
	} else if before != d.Key {
		d.hide(before)
	}
	d.weak = d.Key != ""
}

// login takes the key out of "user:password". Where both are given, the password is the secret.
func (d *Draft) login(text string, place span, holed bool) {
	user, password, _ := strings.Cut(text, ":")
	if password == "" {
		password = user
	}
	switch {
	case holed:
		d.secret(password, place, true)
	case len(password) < shortestKey && password != "":
		d.note(Left, place.start, place.end, "user and password are left out")
	default:
		d.spare(password, place)
	}
}

// hide keeps a text that grants access, and is not the key, out of what is handed back.
//
//go:noinline
func (d *Draft) hide(text string) {
	if certain(text) && len(d.hidden) < mostNotes && !contains(d.hidden, text) {
		d.hidden = append(d.hidden, text)
	}
}

// fallsBack makes a text the key that a program takes where its environment has none.
func (p *program) fallsBack(v, to *value) {
	name := last(v.text)
	if said, ok := v.at(0).plain(); ok && v.form == aCall { // os.environ.get("NAME")
		name = said
	}
	if key, ok := to.plain(); ok && secretHeader(strings.ToLower(name)) && certain(key) {
		p.d.spare(key, span{to.start, to.end})
	}
}

// fallback returns the key in ${NAME:-key}.
func fallback(text string) (string, bool) {
	inner, ok := strings.CutPrefix(text, "${")
	if inner, closed := strings.CutSuffix(inner, "}"); ok && closed {
		_, inner, ok = strings.Cut(inner, "-")
		inner = strings.Trim(inner, `"'`)
		return inner, ok && certain(inner) && !placeholder(inner)
	}
	return "", false
}

// keyNames are what programs and headers call a key. A parameter of an address is told by baseurl.NamesSecret, which takes
// in more: nothing else has its place there.
var keyNames = nameSet("api_key bearer_auth api_token access_token auth_token token bearer authorization proxy_authorization" +
	" x_auth_token subscription_key ocp_apim_subscription_key")

// headerNames are those of them that only a header has.
var headerNames = nameSet("authorization proxy-authorization x-api-key api-key x-goog-api-key x-auth-token ocp-apim-subscription-key")

// namesKey reports whether a member, an argument or a variable of this name holds a key.
func namesKey(name string) bool {
	name = strings.ReplaceAll(snake(name), "-", "_")
	return keyNames[name] || strings.HasSuffix(name, "api_key") || strings.HasSuffix(name, "apikey")
}

// fillers are what client libraries and servers without keys are given for one.
var fillers = nameSet("EMPTY empty none None NONE null dummy ollama not-needed not-used unused no-key-required sk-no-key-required")

// placeholder tells a word that shows where a key belongs from a key.
func placeholder(text string) bool {
	lower := strings.ToLower(text)
	if strings.ContainsAny(text, "<>{}[]$…*% \"\\") || strings.Trim(lower, "x") == "" {
		return true
	}
	for _, part := range []string{"your", "xxxx", "...", "changeme", "placeholder", "api_key", "api-key", "apikey"} {
		if strings.Contains(lower, part) {
			return true
		}
	}
	for _, name := range []string{"TOKEN", "SECRET", "KEY"} {
		if strings.HasSuffix(text, name) && strings.ToUpper(text) == text {
			return true
		}
	}
	return false
}

// certain reports whether a text is surely a key, and no word such as "none" that servers without keys are given, which
// may stand in a prompt by right.
func certain(key string) bool {
	return len(key) >= 16 || strings.HasPrefix(key, "sk-")
}

const redacted = "[redacted]"

// seal sees to it that the key, and what else grants access, stands nowhere else, and puts the notes in order.
func (d *Draft) seal() {
	d.unlock()
	d.Headers = slices.DeleteFunc(d.Headers, func(h Header) bool { return h.Value == d.Key })
	d.hide(d.Key)
	// The longest first: one may be a part of another.
	for i := range d.hidden {
		for k := i; k > 0 && len(d.hidden[k]) > len(d.hidden[k-1]); k-- {
			d.hidden[k], d.hidden[k-1] = d.hidden[k-1], d.hidden[k]
		}
	}
	for _, key := range d.hidden {
		if bytes.Contains(d.Body, []byte(key)) {
			d.Body = bytes.ReplaceAll(d.Body, []byte(key), []byte(redacted))
			d.note(Left, 0, 0, "the key stood in the body too, and was taken out")
		}
		d.URL = strings.ReplaceAll(d.URL, key, redacted)
		d.Method = strings.ReplaceAll(d.Method, key, redacted)
		for i := range d.Headers {
			h := &d.Headers[i]
			h.Name, h.Value = strings.ReplaceAll(h.Name, key, redacted), strings.ReplaceAll(h.Value, key, redacted)
		}
		for i := range d.Notes {
			d.Notes[i].Message = strings.ReplaceAll(d.Notes[i].Message, key, redacted)
		}
	}
	for i := range d.Notes {
		d.Notes[i].Message = strings.ToValidUTF8(d.Notes[i].Message, "\uFFFD")
		for k := i; k > 0 && d.Notes[k].Start < d.Notes[k-1].Start; k-- { // few: a sort of its own kind would weigh more
			d.Notes[k], d.Notes[k-1] = d.Notes[k-1], d.Notes[k]
		}
	}
}

// Redact takes out of another text made of the source what stands in no other part of a Draft.
func (d *Draft) Redact(text string) string {
	for _, key := range d.hidden {
		text = strings.ReplaceAll(text, key, redacted)
	}
	return text
}

// unlock takes keys out of the body, where client libraries' options put them.
func (d *Draft) unlock() {
	var t jsontape.Tape
	if d.Body == nil || !t.Scan(d.Body, jsontape.Limits{}.WithDefaults()) || t.Nodes[0].Kind != jsontape.Object {
		return
	}
	names := schema.ForeignNames()
	var kept []byte
	done := 0
	before := int(t.Nodes[0].Start) + 1 // the end of what stands before a member
	first := true
	for c := uint32(1); c < t.Nodes[0].Next; c = t.Nodes[c].Next {
		nd := &t.Nodes[c]
		if !names[snake(t.Key(c))].Secret {
			before, first = int(nd.End), false
			continue
		}
		if nd.Kind == jsontape.String {
			d.secret(strings.TrimPrefix(t.Text(c), "Bearer "), span{}, false)
		}
		end := int(nd.End)
		if next := nd.Next; first && next < t.Nodes[0].Next { // with the comma behind it
			end = int(t.Nodes[next].KeyStart)
			before = int(nd.KeyStart)
		}
		kept = append(kept, d.Body[done:before]...)
		done, before = end, end
	}
	if done > 0 {
		d.Body = append(kept, d.Body[done:]...)
	}
}
