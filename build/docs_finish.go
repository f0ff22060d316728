package main

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// finishDocs gives each page of the built site its policy, and then holds all of them to it: no link leads to a page, file
// or heading that is not there, and nothing is asked of any other site.
func finishDocs(site, base string) error {
	pages := map[string]string{} // by path below the site, with slashes
	files := map[string]bool{}
	err := filepath.WalkDir(site, func(file string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(site, file)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		files[name] = true
		if path.Ext(name) != ".html" || strings.HasPrefix(name, "playground/") {
			return nil
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		pages[name] = withPolicy(string(text))
		return os.WriteFile(file, []byte(pages[name]), 0o644)
	})
	if err != nil {
		return err
	}
	return errors.Join(siteProblems(pages, files, base)...)
}

var (
	inlineScript = regexp.MustCompile(`(?s)<script\b([^>]*)>(.*?)</script>`)
	startTag     = regexp.MustCompile(`(?s)<(\w[\w-]*)\b((?:[^>"]|"[^"]*")*)>`)
	attribute    = regexp.MustCompile(`\s(href|src|id|srcset|action)="([^"]*)"`)
)

// withPolicy puts a policy into a page that allows what the page has. The scripts that VitePress writes into it, for the
// theme and the names of keys, are allowed by their hashes.
func withPolicy(page string) string {
	scripts := []string{"'self'", "'wasm-unsafe-eval'"}
	for _, m := range inlineScript.FindAllStringSubmatch(page, -1) {
		if !strings.Contains(m[1], " src=") {
			sum := sha256.Sum256([]byte(m[2]))
			scripts = append(scripts, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
		}
	}
	policy := strings.Join([]string{
		"default-src 'none'",
		"script-src " + strings.Join(scripts, " "),
		// The colours of code, and what Vue writes into the pages it makes in advance, are style attributes.
		"style-src 'self'; style-src-attr 'unsafe-inline'",
		// As on the page itself: a reader may choose any endpoint.
		"connect-src 'self' http: https:",
		"worker-src 'self' blob:",
		"img-src 'self' data:",
		"font-src 'self'",
		"base-uri 'none'",
		"form-action 'none'",
	}, "; ")
	return strings.Replace(page, "<head>", `<head><meta http-equiv="Content-Security-Policy" content="`+policy+`">`, 1)
}

// siteProblems compares the links and ids of pages with each other and with the files beside them.
func siteProblems(pages map[string]string, files map[string]bool, base string) (problems []error) {
	ids, links := map[string]map[string]bool{}, map[string][]string{}
	for name, page := range pages {
		ids[name] = map[string]bool{"": true}
		page = inlineScript.ReplaceAllString(page, "<script$1></script>")
		for _, t := range startTag.FindAllStringSubmatch(page, -1) {
			for _, a := range attribute.FindAllStringSubmatch(t[2], -1) {
				value := html.UnescapeString(a[2])
				switch {
				case a[1] == "id":
					ids[name][value] = true
				case t[1] == "a":
					links[name] = append(links[name], value)
				case strings.Contains(value, ":") && !strings.HasPrefix(value, "data:") || strings.HasPrefix(value, "//"):
					problems = append(problems, fmt.Errorf("%s asks another site for %s", name, value))
				default:
					links[name] = append(links[name], value)
				}
			}
		}
	}
	for name, targets := range links {
		for _, target := range targets {
			if strings.Contains(target, ":") {
				continue // another site, where only a reader goes
			}
			address, anchor, _ := strings.Cut(target, "#")
			to := name
			if address != "" {
				absolute := path.Join("/"+base, path.Dir(name), address)
				if strings.HasPrefix(address, "/") {
					absolute = path.Clean(address)
				}
				rest, inside := strings.CutPrefix(absolute+"/", base)
				to = strings.Trim(rest, "/")
				if !files[to] {
					to = strings.TrimPrefix(to+"/index.html", "/")
				}
				if !inside {
					to = absolute // another site of the host, as far as one can tell
				}
			}
			switch {
			case !files[to]:
				problems = append(problems, fmt.Errorf("%s links to %s, which is not there", name, target))
			case ids[to] != nil && !ids[to][anchor]:
				problems = append(problems, fmt.Errorf("%s links to %s, where nothing has that name", name, target))
			}
		}
	}
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return slices.CompactFunc(problems, func(a, b error) bool { return a.Error() == b.Error() })
}
