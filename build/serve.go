package main

import (
	"context"
	"errors"
	"flag"
	"io/fs"
	"os"

	"github.com/completion-playground/playground/core/serve"
)

func runServe(ctx context.Context, p *project, args []string) error {
	options := serve.Options{Key: os.Getenv(serve.KeyVariable)}
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	options.Flags(flags)
	if err := flags.Parse(args); err != nil {
		return err
	}
	var err error
	if options.Files, err = p.built(); err != nil {
		return err
	}
	return serve.Run(ctx, p.out, options)
}

// built reads the built page.
func (p *project) built() (map[string][]byte, error) {
	files, err := readFolder(p.path("web", "dist"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("web/dist is missing; \"make build\" makes it")
	}
	return files, err
}

// site is the built page for serving.
func (p *project) site() (serve.Site, error) {
	files, err := p.built()
	if err != nil {
		return nil, err
	}
	return serve.NewSite(files, nil)
}
