package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/snippet"
)

// standIn is a key for code: what is written has a variable of the environment in its place.
var standIn = core.NewSecret("stand-in-for-a-key")

func setupConvert(f *flag.FlagSet) runner {
	o := addChosen(f)
	words := []string{"json"}
	for _, l := range snippet.Languages() {
		words = append(words, l.Name)
	}
	to := choose(f, "to", "the language to write", words...)
	base := f.String("base", "", "the `URL` of the server; without it that of the request, or else http://localhost:8000")
	dir := f.String("dir", "", "write files into this `folder`, none of which may exist, rather than to the standard output")
	return func(_ context.Context, c *console, args []string) int {
		r, code, ok := o.read(c, "convert", args)
		if !ok {
			return code
		}
		s, name, err := written(r, *to, *base)
		if err != nil {
			return c.misused("convert", "%v", err)
		}
		for _, n := range s.Notes {
			fmt.Fprintf(c.err, "completions: %s\n", visible(n))
		}
		if *dir != "" {
			return c.writeAll(*dir, append([]snippet.File{{Name: name, Content: s.Text}}, s.Files...))
		}
		for _, file := range s.Files {
			fmt.Fprintf(c.err, "completions: the program reads %s, which -dir writes\n", visible(file.Name))
		}
		return c.print(s.Text)
	}
}

// written writes a request in a language. name is that of a file for it.
func written(r one, to, base string) (s snippet.Snippet, name string, err error) {
	if to == "json" {
		edits, err := r.v.Format(r.body)
		if err != nil {
			return s, "", err
		}
		text, err := core.Apply(r.body, edits)
		return snippet.Snippet{Text: line(text)}, "request.json", err
	}
	if base == "" {
		base = r.source.Base
	}
	if base == "" {
		base = "http://localhost:8000"
	}
	e := core.Endpoint{Base: base}
	if r.source.Key.Reveal() != "" || strings.HasPrefix(base, "https:") {
		e.Key = standIn
	}
	if header := r.source.KeyHeader; header != "" {
		e.Key, e.Headers = core.Secret{}, []core.Header{{Name: header, Value: standIn}}
	}
	h, err := core.Build(e, r.body)
	if err != nil {
		return s, "", err
	}
	for _, l := range snippet.Languages() {
		if l.Name == to {
			name = l.File
		}
	}
	s, err = snippet.Write(h, to)
	return s, name, err
}

// writeAll writes files into a folder, which is made where there is none. None of them may exist.
func (c *console) writeAll(dir string, files []snippet.File) int {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return c.fail("%s: %v", dir, reason(err))
	}
	for _, file := range files {
		name := filepath.Join(dir, filepath.Base(file.Name))
		if err := create(name, []byte(file.Content), 0o666); err != nil {
			return c.fail("%s: %v", name, err)
		}
		fmt.Fprintf(c.err, "completions: wrote %s\n", visible(name))
	}
	return exitOK
}

// absent returns an error where there is a file of that name, which create would not write: in time, before anything is
// sent. "" names none.
func absent(name string) error {
	if _, err := os.Lstat(name); name != "" && err == nil {
		return errExists
	}
	return nil
}

var errExists = errors.New("there is such a file already")

// create writes a file that must not exist.
func create(name string, text []byte, mode fs.FileMode) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, fs.ErrExist) {
		return errExists
	}
	if err != nil {
		return reason(err)
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Close()); err != nil {
		return reason(errors.Join(err, os.Remove(name))) // half a file is of no use, and would be in the way
	}
	return nil
}
