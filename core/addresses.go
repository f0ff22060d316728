package core

import "github.com/completion-playground/playground/core/internal/baseurl"

// Addresses are what the base URL of an endpoint stands for. All URLs are ASCII, have no user information and no
// fragment, and are spelled as the URL Standard of browsers spells them.
type Addresses struct {
	// Base is the base in its canonical form. As the base of an Endpoint it stands for the same addresses.
	Base string
	// Completions is where Build sends a request to, by POST.
	Completions string
	// Models is where the server lists its models, for GET.
	Models string
	// Origin is scheme, host and port; a port that is the scheme's own is left out. It is what a key belongs to.
	Origin string
	// Host is the origin without its scheme, for people. A name outside ASCII is in the form in which it is looked up
	// ("xn--…"), which shows letters that only look like others.
	Host string
	// Notes are sentences, without their full stop, on what was assumed; nil for none.
	Notes []string
}

// Addresses returns what the endpoint's Base stands for. The error says in words what is wrong with it and repeats none
// of it. See Endpoint for what a base may be.
func (e Endpoint) Addresses() (Addresses, error) {
	a, err := baseurl.Parse(e.Base)
	return Addresses(a), err
}

// ParseTypedBase returns what a text stands for that a person typed or pasted in the place of a base. Beyond what an
// Endpoint takes, it assumes http:// for hosts of this machine and its network and https:// for others where the scheme
// is missing ("localhost:8000", "api.example.com/v1"), and takes the address of another endpoint ("…/chat/completions",
// Ollama's "/api/generate") for the server that has it. Notes say what was assumed. The error says in words what is
// wrong with the text and repeats none of it.
func ParseTypedBase(text string) (Addresses, error) {
	a, err := baseurl.ParseTyped(text)
	return Addresses(a), err
}
