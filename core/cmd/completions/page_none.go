//go:build !page

package main

// page returns the files of the page that the program has in it: none, unless the build has put them there ("make dist").
func page() (map[string][]byte, error) { return nil, nil }
