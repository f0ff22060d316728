//go:build page

package main

import (
	"embed"
	"io/fs"
)

// pageFiles is the built page. The folder is there only for the compiler (build/binary.go).
//
//go:embed page
var pageFiles embed.FS

// page returns the files of the page that the program has in it, by name.
func page() (map[string][]byte, error) {
	entries, err := fs.ReadDir(pageFiles, "page")
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if files[e.Name()], err = pageFiles.ReadFile("page/" + e.Name()); err != nil {
			return nil, err
		}
	}
	return files, nil
}
