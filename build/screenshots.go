package main

import (
	"context"
	"flag"
	"fmt"
	"os"
)

// runScreenshots photographs the built page in every state a person can bring it into, for people to look at. Nothing is
// compared: what is wrong with a picture is for eyes to say.
func runScreenshots(ctx context.Context, p *project, args []string) error {
	flags := flag.NewFlagSet("screenshots", flag.ContinueOnError)
	if err := flags.Parse(args); err != nil {
		return err
	}
	folder := p.path(".cache", "screenshots")
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	err := p.whileServed(ctx, func(ctx context.Context, addresses []string) error {
		return p.testNode(ctx, "screenshots", addresses...)
	})
	if err != nil {
		return err
	}
	pictures, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%d pictures in .cache/screenshots\n", len(pictures))
	return nil
}
