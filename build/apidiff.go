package main

import (
	"archive/zip"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

// publicPackages are those whose exported names a program may rely on.
var publicPackages = []string{"core", "core/answer", "core/client", "core/detect", "core/guard", "core/probe"}

// runAPI prints how the exported API differs from that of the last tag, or of a commit.
func runAPI(ctx context.Context, p *project, args []string) error {
	flags := flag.NewFlagSet("api", flag.ContinueOnError)
	ref := flags.String("ref", "", "the commit to compare with; default the last tag")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *ref == "" {
		tag, err := tool{dir: p.root}.run(ctx, "git", "describe", "--tags", "--abbrev=0")
		if err != nil {
			return errors.New("there is no tag to compare the API with; name a commit: make api REF=HEAD~1")
		}
		*ref = tag
	}
	program := p.path(".cache", "bin", executable("apidiff"))
	if _, err := (tool{dir: p.root}).run(ctx, "go", "build", toolsModule, "-o", program, "golang.org/x/exp/cmd/apidiff"); err != nil {
		return err
	}
	before := p.path(".cache", "api", "before")
	if err := p.extract(ctx, *ref, before); err != nil {
		return err
	}
	for _, pkg := range publicPackages {
		if _, err := os.Stat(filepath.Join(before, filepath.FromSlash(pkg))); err != nil {
			fmt.Fprintf(p.out, "%s since %s:\nthe package is new\n\n", pkg, *ref)
			continue
		}
		exported := p.path(".cache", "api", filepath.Base(pkg)+".export")
		if _, err := (tool{dir: before}).run(ctx, program, "-w", exported, modulePath+pkg); err != nil {
			return err
		}
		changes, err := tool{dir: p.root}.run(ctx, program, exported, modulePath+pkg)
		if err != nil {
			return err
		}
		if changes == "" {
			changes = "nothing changed"
		}
		fmt.Fprintf(p.out, "%s since %s:\n%s\n\n", pkg, *ref, changes)
	}
	return nil
}

// extract puts the files of a commit into a fresh folder.
func (p *project) extract(ctx context.Context, ref, dir string) error {
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o755)); err != nil {
		return err
	}
	archive := dir + ".zip"
	if _, err := (tool{dir: p.root}).run(ctx, "git", "archive", "--format=zip", "-o", archive, ref); err != nil {
		return err
	}
	files, err := zip.OpenReader(archive)
	if err != nil {
		return err
	}
	defer files.Close()
	return os.CopyFS(dir, files)
}
