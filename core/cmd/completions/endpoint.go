package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/schema"
)

// target are the flags that say where requests go. A key is never a flag's value, which other people on the machine can read
// in the list of processes.
type target struct {
	base, keyEnv, keyFile string
	headers               list
	keyed                 bool // -key-env was given
}

// list is a flag that may be given several times.
type list []string

func (l *list) String() string { return strings.Join(*l, ", ") }

func (l *list) Set(value string) error {
	*l = append(*l, value)
	return nil
}

func addTarget(f *flag.FlagSet) *target {
	var t target
	f.StringVar(&t.base, "base", "", "the `URL` of the server, such as http://localhost:8000")
	t.keyEnv = core.KeyVariable
	f.Func("key-env", "the `variable` of the environment that holds the key (default "+core.KeyVariable+", where -base is given)", func(name string) error {
		t.keyEnv, t.keyed = name, true
		return nil
	})
	f.StringVar(&t.keyFile, "key-file", "", "the `file` that holds the key, and nothing else but white space")
	f.Var(&t.headers, "header", "a header of your own as `NAME=VARIABLE`: its value is that of the variable of the environment; may be given several times")
	return &t
}

// endpoint returns where requests go. from is the request that they are made of, which may name its server and key: these
// stand in where -base is missing. The key of the environment only goes where -base says, or where -key-env names it.
func (t *target) endpoint(c *console, from *core.Imported) (core.Endpoint, error) {
	e := core.Endpoint{Base: t.base}
	if t.base != "" {
		a, err := core.ParseTypedBase(t.base)
		if err != nil {
			return e, fmt.Errorf("-base: %w", err)
		}
		e.Base = a.Base
	} else if from != nil && from.Base != "" {
		e.Base = from.Base
		if from.KeyHeader != "" {
			e.Headers = append(e.Headers, core.Header{Name: from.KeyHeader, Value: from.Key})
		} else {
			e.Key = from.Key
		}
	} else {
		return e, errors.New("name the server with -base")
	}
	switch {
	case t.keyFile != "" && t.keyed:
		return e, errors.New("-key-env and -key-file do not go together")
	case t.keyFile != "":
		text, err := os.ReadFile(t.keyFile)
		if err != nil {
			return e, fmt.Errorf("-key-file %s: %w", t.keyFile, reason(err))
		}
		e.Key = core.NewSecret(strings.TrimSpace(string(text)))
	case t.keyed || t.base != "":
		key := strings.TrimSpace(c.env(t.keyEnv))
		if key == "" && t.keyed {
			return e, fmt.Errorf("-key-env: the variable %s is not set", t.keyEnv)
		}
		e.Key = core.NewSecret(key)
	}
	for _, header := range t.headers {
		name, variable, ok := strings.Cut(header, "=")
		value := strings.TrimSpace(c.env(variable))
		if !ok || value == "" {
			return e, fmt.Errorf("-header %s: write NAME=VARIABLE, and set the variable", name)
		}
		if why := schema.Headers().Reason(name); why != "" {
			return e, fmt.Errorf("-header %s: %s", name, why)
		}
		e.Headers = append(e.Headers, core.Header{Name: name, Value: core.NewSecret(value)})
	}
	_, err := core.Build(e, []byte("{}")) // says now what cannot be sent
	return e, err
}

// secrets returns the key and the values of own headers that are long enough to be secrets.
func secrets(e core.Endpoint) (texts []string) {
	all := []core.Secret{e.Key}
	for _, h := range e.Headers {
		all = append(all, h.Value)
	}
	for _, s := range all {
		if text := s.Reveal(); len(text) >= schema.Headers().SecretBytes {
			texts = append(texts, text)
		}
	}
	return texts
}
