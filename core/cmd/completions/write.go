package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
)

// replace writes a text in place of a file's, all of it or nothing: into a file beside it, which then takes its name. A
// symbolic link stays one, and what it names is replaced. before is what was read: a file that has changed since is left
// alone. The mode stays; the owner and other names of the file, if it has hard links, do not.
func replace(name string, before, after []byte) (err error) {
	if name, err = filepath.EvalSymlinks(name); err != nil {
		return reason(err)
	}
	info, err := os.Stat(name)
	if err != nil {
		return reason(err)
	}
	if !info.Mode().IsRegular() {
		return errors.New("it is no regular file; the fixes were not written")
	}
	writable, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return reason(err) // a rename would not ask
	}
	if err := writable.Close(); err != nil {
		return reason(err)
	}
	beside, err := os.CreateTemp(filepath.Dir(name), ".completions-*") // the file's own name may be as long as names can be
	if err != nil {
		return reason(err)
	}
	defer func() {
		if err != nil {
			os.Remove(beside.Name())
		}
	}()
	_, err = beside.Write(after)
	err = errors.Join(err, beside.Chmod(info.Mode().Perm()), beside.Sync(), beside.Close())
	if err != nil {
		return reason(err)
	}
	now, err := os.ReadFile(name)
	if err != nil {
		return reason(err)
	}
	if !bytes.Equal(now, before) {
		return errors.New("it has changed while it was checked; the fixes were not written")
	}
	if err = os.Rename(beside.Name(), name); err != nil {
		return reason(err)
	}
	return nil
}
