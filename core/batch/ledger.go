package batch

import (
	"bufio"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"strings"
)

// The journal is text: a heading, then a record for each line of the input that is done, in the order in which they were.
//
//	17 89abcdef output 4711
//
// says that the line of number 17, whose checksum is 89abcdef, has its line in the output, which ends before byte 4711. A
// checksum of zeros takes such a record back: what it told of was lost, and the file ended before the byte named. It is
// written after the file that it tells of, so that it may know less than that holds, but not more unless the machine crashed
// or somebody has changed the file.
const heading = "completions batch journal 1\n"

// The files that an entry may go to, as the journal names them.
const (
	outputFile = "output"
	errorsFile = "errors"
)

// entry is a line of the input that is done.
type entry struct {
	line int64
	sum  uint32
	file string // outputFile or errorsFile
	text []byte // what is written there
}

// why is the message of a failure.
func (e *entry) why() string { return strings.TrimSpace(string(e.text)) }

// ledger is the files of a run.
type ledger struct {
	done    doneLines
	journal *ownFile
	files   map[string]*ownFile // by the name in the journal; errors may be the output
	every   int
	since   int   // entries that are not synced
	broken  error // what could not be written; nothing is written after it
}

// ownFile is a file that is only added to.
type ownFile struct {
	*os.File
	name string // in the journal
	size int64
}

func openOwn(path, name string) (*ownFile, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	return &ownFile{File: f, name: name}, nil
}

// same reports whether two names lead to one file, as links do.
func (f *ownFile) same(g *ownFile) bool {
	a, err := f.Stat()
	if err != nil {
		return false
	}
	b, err := g.Stat()
	return err == nil && os.SameFile(a, b)
}

// keep keeps other runs away, and only then asks for the size, which no other run changes any more.
func (f *ownFile) keep() error {
	if err := lock(f.File); err != nil {
		return fmt.Errorf("%s is in use by another run: %w", f.Name(), err)
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	f.size = info.Size()
	return nil
}

// add adds text to the end. What is written in part is cut off by the next run.
func (f *ownFile) add(text []byte) error {
	if _, err := f.WriteAt(text, f.size); err != nil {
		return err
	}
	f.size += int64(len(text))
	return nil
}

func (f *ownFile) cut(size int64) error {
	if size == f.size {
		return nil
	}
	f.size = size
	return f.Truncate(size)
}

// openLedger opens the files, and brings the journal up to what they hold.
func openLedger(files Files, every int) (_ *ledger, err error) {
	if files.Output == "" || files.Journal == "" {
		return nil, errors.New("batch: a run needs the names of an output and of a journal")
	}
	l := &ledger{files: map[string]*ownFile{}, every: every}
	defer func() {
		if err != nil {
			err = fmt.Errorf("batch: %w", errors.Join(err, l.closeFiles()))
		}
	}()
	if l.files[outputFile], err = openOwn(files.Output, outputFile); err != nil {
		return nil, err
	}
	l.files[errorsFile] = l.files[outputFile]
	if files.Errors != "" {
		f, err := openOwn(files.Errors, errorsFile)
		if err != nil {
			return nil, err
		}
		if !f.same(l.files[outputFile]) {
			l.files[errorsFile] = f
		} else if err := f.Close(); err != nil {
			return nil, err
		}
	}
	if l.journal, err = openOwn(files.Journal, ""); err != nil {
		return nil, err
	}
	for _, f := range l.own() {
		if f.same(l.journal) {
			return nil, fmt.Errorf("%s cannot be the journal, too", f.Name())
		}
	}
	for _, f := range append(l.own(), l.journal) {
		if err := f.keep(); err != nil {
			return nil, err
		}
	}
	ends, err := l.read()
	if err != nil {
		return nil, err
	}
	for _, f := range l.own() {
		if err := l.adopt(f, ends[f.name]); err != nil {
			return nil, err
		}
	}
	return l, l.sync()
}

// own lists the files with entries, each once.
func (l *ledger) own() []*ownFile {
	list := []*ownFile{l.files[outputFile]}
	if f := l.files[errorsFile]; f != list[0] {
		list = append(list, f)
	}
	return list
}

// read reads the journal. It cuts half a record off, and takes back those of what the files do not hold. It returns where
// the files end as far as the journal knows.
func (l *ledger) read() (ends map[string]int64, err error) {
	ends = map[string]int64{}
	in := bufio.NewReader(io.NewSectionReader(l.journal, 0, l.journal.size))
	whole := int64(0)
	lost := map[int64]*ownFile{}
	for number := 1; ; number++ {
		text, err := in.ReadString('\n')
		if err == io.EOF {
			if number == 1 && !begins(text, heading) {
				return nil, fmt.Errorf("%s is no journal", l.journal.Name())
			}
			break
		}
		if err != nil {
			return nil, err
		}
		if number == 1 {
			if text != heading {
				return nil, fmt.Errorf("%s is no journal", l.journal.Name())
			}
		} else if err := l.readRecord(text, ends, lost); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", l.journal.Name(), number, err)
		}
		whole += int64(len(text))
	}
	if err := l.journal.cut(whole); err != nil {
		return nil, err
	}
	if whole == 0 {
		return ends, l.journal.add([]byte(heading))
	}
	for line, f := range lost {
		if err := l.note(line, 0, f.name, ends[f.name]); err != nil {
			return nil, err
		}
	}
	return ends, nil
}

// readRecord reads a record. What is not in its file any more is in lost, with the file.
func (l *ledger) readRecord(text string, ends map[string]int64, lost map[int64]*ownFile) error {
	var (
		line, end int64
		sum       uint32
		name      string
	)
	if _, err := fmt.Sscanf(text, "%d %x %s %d\n", &line, &sum, &name, &end); err != nil {
		return fmt.Errorf("no record: %w", err)
	}
	f := l.files[name]
	if f == nil || line < 1 || end < 0 {
		return errors.New("no record")
	}
	if end > f.size {
		lost[line] = f
		return nil
	}
	delete(lost, line)
	ends[f.name] = end
	l.done.set(line, sum)
	return nil
}

// begins reports whether what stands behind the last line break of a file may be what a run wrote in part: the beginning of
// such a text, or that and more. Bytes of value 0 at the end are what a crash of the machine leaves.
func begins(half, whole string) bool {
	half = strings.TrimRight(half, "\x00")
	return strings.HasPrefix(half, whole) || strings.HasPrefix(whole, half)
}

// adopt notes in the journal what a file holds behind its end as the journal knows it, and cuts half a line off. What it
// holds besides is somebody else's, and is left alone.
func (l *ledger) adopt(f *ownFile, end int64) error {
	if last := []byte{'\n'}; end > 0 {
		if _, err := f.ReadAt(last, end-1); err != nil || last[0] != '\n' {
			return fmt.Errorf("%s has no end of a line at byte %d, where the journal says it has", f.Name(), end)
		}
	}
	in := bufio.NewReader(io.NewSectionReader(f, end, f.size-end))
	for {
		text, err := in.ReadBytes('\n')
		if err == io.EOF && begins(string(text), lineStart) {
			return f.cut(end)
		}
		if err != nil && err != io.EOF {
			return err
		}
		line, sum, ok := readLineID(text)
		if !ok || err == io.EOF {
			return fmt.Errorf("%s holds at byte %d what no run of this journal wrote", f.Name(), end)
		}
		end += int64(len(text))
		l.done.set(line, sum)
		if err := l.note(line, sum, f.name, end); err != nil {
			return err
		}
	}
}

// record writes an entry to its file, then to the journal. Once that has failed it does so for ever: what is in a file and
// not in the journal is found by the next run only where nothing comes behind it.
func (l *ledger) record(e entry) error {
	if l.broken == nil {
		l.broken = l.write(e)
	}
	return l.broken
}

func (l *ledger) write(e entry) error {
	f := l.files[e.file]
	if err := f.add(e.text); err != nil {
		return fmt.Errorf("batch: %w", err)
	}
	if err := l.note(e.line, e.sum, f.name, f.size); err != nil {
		return fmt.Errorf("batch: %w", err)
	}
	l.done.set(e.line, e.sum)
	if l.since++; l.since >= l.every {
		return l.sync()
	}
	return nil
}

func (l *ledger) note(line int64, sum uint32, name string, end int64) error {
	return l.journal.add(fmt.Appendf(nil, "%d %08x %s %d\n", line, sum, name, end))
}

// sync writes through to the disk, the journal last.
func (l *ledger) sync() error {
	l.since = 0
	for _, f := range append(l.own(), l.journal) {
		if err := f.Sync(); err != nil {
			return fmt.Errorf("batch: %w", err)
		}
	}
	return nil
}

func (l *ledger) close() error { return errors.Join(l.sync(), l.closeFiles()) }

func (l *ledger) closeFiles() (err error) {
	for _, f := range append(l.own(), l.journal) {
		if f != nil {
			err = errors.Join(err, f.Close())
		}
	}
	return err
}

// doneLines holds the checksums of the lines that are done, four bytes for each line. They are in pages, since a journal that
// is damaged may tell of a line of any number.
type doneLines struct{ pages map[int64]*[pageLines]uint32 }

const pageLines = 1 << 12

func (d *doneLines) set(line int64, sum uint32) {
	page := d.pages[line/pageLines]
	if page == nil {
		if d.pages == nil {
			d.pages = map[int64]*[pageLines]uint32{}
		}
		page = new([pageLines]uint32)
		d.pages[line/pageLines] = page
	}
	page[line%pageLines] = sum
}

// get returns the checksum of a line that is done, 0 of any other.
func (d *doneLines) get(line int64) uint32 {
	if page := d.pages[line/pageLines]; page != nil {
		return page[line%pageLines]
	}
	return 0
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum tells a line from others that may stand in its place. It is never 0.
func checksum(l *Line) uint32 {
	if l.Text == nil {
		return uint32(l.Length) | 1
	}
	return max(crc32.Checksum(l.Text, castagnoli), 1)
}
