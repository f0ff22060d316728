package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
)

const oldestNode = 20

// ensureModules installs the npm packages of web/ when they are missing or not those of the lock file.
func (p *project) ensureModules(ctx context.Context) error { return p.installModules(ctx, "web") }

// installModules does so in any folder of the checkout, given with slashes.
//
// What was installed is remembered as a hash of the lock file inside node_modules. Comparing times would not do: a git
// checkout gives every file a new one.
func (p *project) installModules(ctx context.Context, folder string) error {
	if err := checkNode(ctx); err != nil {
		return err
	}
	installing.Lock()
	defer installing.Unlock()
	lock, err := os.ReadFile(p.path(folder, "package-lock.json"))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(lock)
	want := hex.EncodeToString(sum[:])
	stamp := p.path(folder, "node_modules", ".installed-lock")
	if have, err := os.ReadFile(stamp); err == nil && string(have) == want {
		return nil
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return errors.New("npm is needed to fetch the page's packages and was not found; it comes with Node.js")
	}
	fmt.Fprintf(p.out, "installing npm packages (npm ci in %s/)\n", folder)
	cmd := exec.CommandContext(ctx, npm, "ci", "--no-audit", "--no-fund")
	cmd.Dir = p.path(folder)
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci failed: %w\n%s", err, bytes.TrimSpace(output))
	}
	return os.WriteFile(stamp, []byte(want), 0o644)
}

// installing is held while packages are installed: steps that need them may run beside each other.
var installing sync.Mutex

func checkNode(ctx context.Context) error {
	output, err := exec.CommandContext(ctx, "node", "--version").Output()
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("this needs Node.js %d or newer, which was not found; see https://nodejs.org", oldestNode)
	}
	if err != nil {
		return fmt.Errorf("node --version: %w", err)
	}
	return acceptNode(strings.TrimSpace(string(output)))
}

// acceptNode judges what "node --version" printed, such as "v20.20.2".
func acceptNode(version string) error {
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	if n, err := strconv.Atoi(major); err != nil || n < oldestNode {
		return fmt.Errorf("this needs Node.js %d or newer, found %s", oldestNode, version)
	}
	return nil
}
