package batch

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/completion-playground/playground/core/internal/effort"
)

func read(t *testing.T, path string) string {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

func write(t *testing.T, path, text string) {
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

// A process that is killed leaves a beginning of its writes: to the output, then to the journal, for one line after another,
// the last one perhaps in part. Whatever it leaves, the next run sends what has no whole line, and nothing else.
func TestRunGoesOnAfterAnyEnd(t *testing.T) {
	bubble(t, func(t *testing.T) {
		const n = 40
		first := newBench(t, &server{})
		first.files.Errors = ""
		_, err := first.run(t, requests(n))
		require.NoError(t, err)
		output := strings.SplitAfter(read(t, first.files.Output), "\n")[:n]
		records := strings.SplitAfter(read(t, first.files.Journal), "\n")[:n+1]
		seed := rand.Uint64()
		random := rand.New(rand.NewPCG(seed, 0))
		for range effort.Rounds(60) {
			s := &server{}
			b := newBench(t, s)
			b.files.Errors = ""
			ends := random.IntN(n) // lines that are whole in both files
			out, journal := strings.Join(output[:ends], ""), strings.Join(records[:ends+1], "")
			whole := ends
			switch random.IntN(5) {
			case 0: // within the output's line
				out += output[ends][:random.IntN(len(output[ends]))]
			case 1: // between the files, or within the journal's record
				out += output[ends]
				journal += records[ends+1][:random.IntN(len(records[ends+1]))]
				whole++
			case 2: // the machine crashed, and the journal is ahead
				out = strings.Join(output[:ends/2], "") + output[ends/2][:random.IntN(len(output[ends/2]))]
				whole = ends / 2
			case 3: // the journal is gone
				journal = ""
			}
			write(t, b.files.Output, out)
			write(t, b.files.Journal, journal)
			totals, err := b.run(t, requests(n))
			require.NoError(t, err, "seed %d", seed)
			require.Equal(t, int64(whole), totals.Before, "seed %d", seed)
			require.Len(t, s.bodies, n-whole, "seed %d", seed)
			require.Len(t, lines(t, b.files.Output), n, "seed %d", seed)
			for _, line := range output[:whole] {
				require.Contains(t, read(t, b.files.Output), line, "seed %d", seed)
			}
			totals, err = b.run(t, requests(n))
			require.NoError(t, err, "seed %d", seed)
			require.Equal(t, int64(n), totals.Before, "seed %d: the journal is right again", seed)
		}
	})
}

// Lines that were lost are taken back for good, though the file grows beyond where they were.
func TestLedgerTakesLostLinesBack(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := &server{}
		b := newBench(t, s)
		b.o.Concurrency = 1
		_, err := b.run(t, requests(3))
		require.NoError(t, err)
		whole := strings.SplitAfter(read(t, b.files.Output), "\n")
		write(t, b.files.Output, whole[0]+whole[1][:10])
		l, err := openLedger(b.files, 1)
		require.NoError(t, err)
		require.NoError(t, l.close(), "a run that dies as soon as it has begun")
		// Another line, longer than what was lost, without its record: the end that the journal knows is before it.
		id := lineID(3, l.done.get(1))
		write(t, b.files.Output, whole[0]+fmt.Sprintf(`{"id":%q,"custom_id":%q}`, id, strings.Repeat("x", 2*len(whole[1])))+"\n")
		l, err = openLedger(b.files, 1)
		require.NoError(t, err)
		assert.Equal(t, []bool{true, false, true}, []bool{l.done.get(1) != 0, l.done.get(2) != 0, l.done.get(3) != 0})
		require.NoError(t, l.close())
	})
}

func TestRunRefusesFilesThatAreNotItsOwn(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := &server{}
		b := newBench(t, s)
		_, err := b.run(t, requests(5))
		require.NoError(t, err)
		output, journal := read(t, b.files.Output), read(t, b.files.Journal)

		input := requests(5)
		_, err = b.run(t, strings.Replace(input, `"3"`, `"three"`, 1))
		assert.ErrorContains(t, err, "line 4 is another one than the journal tells of")
		totals, err := b.run(t, input+strings.ReplaceAll(input, "request", "more"))
		assert.NoError(t, err, "more may be added")
		assert.Equal(t, []int64{5, 5}, []int64{totals.Before, totals.Answered})

		write(t, b.files.Output, output+"{\"id\":\"something else\"}\n")
		write(t, b.files.Journal, journal)
		_, err = b.run(t, input)
		assert.ErrorContains(t, err, "what no run of this journal wrote")
		write(t, b.files.Output, strings.ReplaceAll(output, "\n", " "))
		_, err = b.run(t, input)
		assert.ErrorContains(t, err, "where the journal says it has")
		write(t, b.files.Journal, "my diary\n")
		_, err = b.run(t, input)
		assert.ErrorContains(t, err, "is no journal")
		write(t, b.files.Journal, heading+"17 zzz\n")
		_, err = b.run(t, input)
		assert.ErrorContains(t, err, "line 2: no record")
		assert.Len(t, s.bodies, 10, "none of these sent anything")
	})
}

// A file of somebody else stays as it is, also where it has no line break that would show where a line ends, and where a link
// leads to it.
func TestLedgerLeavesOtherFilesAlone(t *testing.T) {
	for _, text := range []string{`{"model":"m","prompt":"x"}`, `{"id":"batch_1"}`, "my diary", "\n", " "} {
		for _, set := range []func(*Files, string){
			func(f *Files, name string) { f.Output = name },
			func(f *Files, name string) { f.Errors = name },
			func(f *Files, name string) { f.Journal = name },
		} {
			dir := t.TempDir()
			files, name := filesIn(dir), filepath.Join(dir, "precious")
			set(&files, name)
			write(t, name, text)
			_, err := openLedger(files, 1)
			assert.Error(t, err, "%+v: %q", files, text)
			assert.Equal(t, text, read(t, name), "%+v", files)
		}
	}
}

// Two names of one file are one file for answers and errors, and refused for the journal.
func TestLedgerKnowsLinks(t *testing.T) {
	dir := t.TempDir()
	files := filesIn(dir)
	link := filepath.Join(dir, "link")
	write(t, files.Output, "")
	if err := os.Symlink(files.Output, link); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	files.Errors = link
	l, err := openLedger(files, 1)
	require.NoError(t, err)
	for line, file := range []string{1: outputFile, 2: errorsFile, 3: outputFile} {
		if line > 0 {
			require.NoError(t, l.record(entry{line: int64(line), sum: 1, file: file, text: []byte(`{"id":"` + lineID(int64(line), 1) + "\"}\n")}))
		}
	}
	require.NoError(t, l.close())
	assert.Equal(t, 3, strings.Count(read(t, files.Output), "\n"))
	for _, name := range []string{link, files.Output} {
		other := files
		other.Journal = name
		_, err = openLedger(other, 1)
		assert.ErrorContains(t, err, "cannot be the journal, too")
	}
	assert.Equal(t, 3, strings.Count(read(t, files.Output), "\n"))
}

// A record of a line that no input can have takes no more memory than any other.
func TestLedgerBoundsItsMemory(t *testing.T) {
	files := filesIn(t.TempDir())
	line := `{"id":"` + lineID(1, 7) + "\"}\n"
	write(t, files.Output, line)
	write(t, files.Journal, fmt.Sprintf("%s1 7 output %d\n%d 7 output %[2]d\n", heading, len(line), int64(1)<<62))
	l, err := openLedger(files, 1)
	require.NoError(t, err)
	assert.Equal(t, []uint32{7, 0, 7, 0}, []uint32{l.done.get(1), l.done.get(2), l.done.get(1 << 62), l.done.get(1 << 61)})
	require.NoError(t, l.close())
}

// A run that has another journal must not write into the same output.
func TestLedgerKeepsItsOutput(t *testing.T) {
	files := filesIn(t.TempDir())
	first, err := openLedger(files, 1)
	require.NoError(t, err)
	defer func() { require.NoError(t, first.close()) }()
	other := files
	other.Journal, other.Errors = files.Journal+"2", ""
	second, err := openLedger(other, 1)
	if err == nil {
		require.NoError(t, second.close())
		if runtime.GOOS == "windows" {
			t.Skip("there are no locks on this system")
		}
	}
	assert.ErrorContains(t, err, "in use by another run")
}

func TestLedgerIsForOneRun(t *testing.T) {
	files := filesIn(t.TempDir())
	first, err := openLedger(files, 1)
	require.NoError(t, err)
	if _, err = openLedger(files, 1); err == nil {
		t.Skip("there are no locks on this system")
	}
	assert.ErrorContains(t, err, "in use by another run")
	require.NoError(t, first.close())
	again, err := openLedger(files, 1)
	require.NoError(t, err)
	require.NoError(t, again.close())
}

// What cannot be written stops the run. Nothing is written behind it, where the next run would not find it.
func TestLedgerStaysBroken(t *testing.T) {
	files := filesIn(t.TempDir())
	l, err := openLedger(files, 1)
	require.NoError(t, err)
	e := func(line int64) entry {
		return entry{line: line, sum: 1, file: outputFile, text: []byte(`{"id":"` + lineID(line, 1) + "\"}\n")}
	}
	require.NoError(t, l.record(e(1)))
	journal := l.journal.File
	l.journal.File, err = os.Open(files.Journal) // which cannot be written to
	require.NoError(t, err)
	assert.Error(t, l.record(e(2)), "its line is in the output, and its record is not in the journal")
	require.NoError(t, l.journal.Close())
	l.journal.File = journal
	assert.Error(t, l.record(e(3)))
	require.NoError(t, l.closeFiles())

	l, err = openLedger(files, 1)
	require.NoError(t, err)
	assert.Equal(t, []uint32{1, 1, 0}, []uint32{l.done.get(1), l.done.get(2), l.done.get(3)})
	require.NoError(t, l.close())
}

func TestRunWantsItsFiles(t *testing.T) {
	b := newBench(t, &server{})
	_, err := Run(t.Context(), strings.NewReader(good), b.files, RunOptions{})
	assert.ErrorContains(t, err, "a run needs a client")
	b.files.Journal = ""
	_, err = b.run(t, good)
	assert.ErrorContains(t, err, "needs the names of an output and of a journal")
	b.files.Journal = b.files.Output + "/below/a/file"
	_, err = b.run(t, good)
	assert.Error(t, err)
}
