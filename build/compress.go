package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/andybalholm/brotli"
)

// compressor makes the precompressed copies that the server hands out. Brotli at its best level takes seconds for the
// core, so results are kept by content in a folder that may be deleted at any time.
type compressor struct {
	cache string
}

// gzip compresses at the best level. The header carries no time, so equal input gives equal output.
func (c compressor) gzip(data []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// brotli compresses at the best level, in the largest window that browsers read, since the core is longer than the usual
// one; source maps, which only developer tools fetch, and the plain form of the core, which hardly anybody does, at a quick
// one.
func (c compressor) brotli(name string, data []byte) ([]byte, error) {
	quality := brotli.BestCompression
	if strings.HasSuffix(name, ".map") || spare(name) {
		quality = 5
	}
	sum := sha256.Sum256(data)
	file := filepath.Join(c.cache, fmt.Sprintf("%s.q%d.w24.br", hex.EncodeToString(sum[:16]), quality))
	if kept, err := os.ReadFile(file); err == nil {
		return kept, nil
	}
	var out bytes.Buffer
	w := brotli.NewWriterOptions(&out, brotli.WriterOptions{Quality: quality, LGWin: 24})
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), writeAtomically(file, out.Bytes())
}

// writeAtomically writes beside the file and renames, so that a reader never meets half a file.
func writeAtomically(file string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(file), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	if _, err := temp.Write(data); err != nil {
		temp.Close()
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), file)
}
