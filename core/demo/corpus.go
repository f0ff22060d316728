package demo

import (
	"embed"
	"hash/fnv"
	"strings"
)

// corpusFiles holds the training text, written for this package. A line "---" ends a document.
//
// Vocabulary and probabilities both come from these files: changing them changes token ids, which a test guards.
//
//go:embed corpus/*.txt
var corpusFiles embed.FS

// corpus returns the documents of the training text in a fixed order, without their final newlines, and a fingerprint
// of the text.
func corpus() (documents []string, fingerprint uint64) {
	entries, err := corpusFiles.ReadDir("corpus") // sorted by name
	if err != nil {
		panic("demo: embedded corpus: " + err.Error()) // cannot happen: the directory is part of the binary
	}
	sum := fnv.New64a()
	for _, e := range entries {
		text, err := corpusFiles.ReadFile("corpus/" + e.Name())
		if err != nil {
			panic("demo: embedded corpus: " + err.Error())
		}
		sum.Write(text) // never fails
		for document := range strings.SplitSeq(string(text), "\n---\n") {
			documents = append(documents, strings.TrimRight(document, "\n"))
		}
	}
	return documents, sum.Sum64()
}
