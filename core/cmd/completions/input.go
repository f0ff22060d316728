package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync/atomic"
)

// longest is how many bytes a file may have that is read as a whole; JSON Lines may have any number.
const longest = 64 << 20

// stdinName is how the standard input is called in reports.
const stdinName = "<stdin>"

// source is an open input.
type source struct {
	io.Reader
	name   string        // for reports
	path   string        // "" for the standard input
	size   int64         // of the file as it is stored, 0 where that is not known
	read   *atomic.Int64 // bytes of the file so far
	packed bool          // the file is compressed
	close  func() error
}

// counter counts what is read through it, for whoever shows it meanwhile.
type counter struct {
	io.Reader
	n atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// open opens a file, or the standard input for "-", and unpacks gzip, which is known by its first bytes. The error says what
// is wrong without the name.
func (c *console) open(name string) (*source, error) {
	s := &source{name: name, path: name, close: func() error { return nil }}
	var in io.Reader = c.in
	if name == "-" {
		s.name, s.path = stdinName, ""
	} else {
		file, err := os.Open(name)
		if err != nil {
			return nil, reason(err)
		}
		info, err := file.Stat()
		if err == nil && info.IsDir() {
			err = errors.New("it is a folder; name files")
		}
		if err != nil {
			file.Close()
			return nil, reason(err)
		}
		in, s.close = file, file.Close
		if info.Mode().IsRegular() {
			s.size = info.Size()
		}
	}
	count := &counter{Reader: in}
	s.read = &count.n
	buffer := bufio.NewReaderSize(count, 64<<10)
	s.Reader = buffer
	if magic, _ := buffer.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		packed, err := gzip.NewReader(buffer)
		if err != nil {
			s.close()
			return nil, errors.New("it is a damaged gzip file")
		}
		s.Reader, s.packed = packed, true
	}
	return s, nil
}

// whole reads the rest of a source, which may have at most longest bytes.
func (s *source) whole() ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(s, longest+1))
	if err != nil {
		return nil, reason(err)
	}
	if len(text) > longest {
		return nil, fmt.Errorf("it has more than %d MiB", longest>>20)
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return nil, errors.New("it is no text: it holds a byte of value 0")
	}
	return text, nil
}

// load opens a file and reads it as a whole.
func (c *console) load(name string) ([]byte, error) {
	s, err := c.open(name)
	if err != nil {
		return nil, err
	}
	defer s.close()
	return s.whole()
}

// bare returns the name without the ending of a compressed file.
func (s *source) bare() string {
	if s.packed {
		return strings.TrimSuffix(s.name, ".gz")
	}
	return s.name
}

// reason returns an error of the file system without the operation and the name, which the caller tells.
func reason(err error) error {
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no such file")
	case errors.Is(err, fs.ErrPermission):
		return errors.New("permission denied")
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it is a damaged gzip file")
	case errors.As(err, &path):
		return path.Err
	}
	return err
}
