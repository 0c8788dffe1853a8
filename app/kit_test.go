package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"melek/app/internal/demo"
	"melek/app/internal/sqlite"
	"melek/courses/content"
	"melek/courses/exchange"
	"melek/courses/people"
	"melek/courses/store/memory"
)

// asProgram is set where the test's own executable is to be the program, so that what is tested is
// what is built, with the race detector where the tests have it.
const asProgram = "MELEK_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(run(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// desk is a place to run the program at: a data folder and variables of its own.
type desk struct {
	t    *testing.T
	data string
	env  []string
}

func newDesk(t *testing.T, env ...string) desk {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	own := []string{asProgram + "=1", "MELEK_DATA=" + data, "HOST=127.0.0.1", "PORT=0", "TMPDIR=" + t.TempDir()}
	return desk{t, data, slices.Concat(own, env)}
}

func (d desk) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = d.env
	for _, name := range []string{"PATH", "HOME", "GOCOVERDIR"} {
		cmd.Env = append(cmd.Env, name+"="+os.Getenv(name))
	}
	return cmd
}

// outcome is how one run of the program ended.
type outcome struct {
	status int
	out    string
	err    string
}

// run runs the program to its end.
func (d desk) run(args ...string) outcome {
	d.t.Helper()
	return d.feed("", args...)
}

// feed is run with something on standard input.
func (d desk) feed(in string, args ...string) outcome {
	d.t.Helper()
	cmd := d.command(d.t.Context(), args...)
	var out, err bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(in), &out, &err
	return outcome{d.status(cmd.Run()), out.String(), err.String()}
}

func (d desk) status(err error) int {
	d.t.Helper()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		d.t.Fatal(err)
	}
	if exit != nil {
		return exit.ExitCode()
	}
	return 0
}

// must runs the program and fails the test unless it did all.
func (d desk) must(args ...string) outcome {
	d.t.Helper()
	o := d.run(args...)
	if o.status != done {
		d.t.Fatalf("melek %s = %d\n%s", strings.Join(args, " "), o.status, o.err)
	}
	return o
}

// file writes a file and returns its name.
func (d desk) file(name, content string) string {
	d.t.Helper()
	path := filepath.Join(d.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return path
}

// store opens the desk's database.
func (d desk) store() *sqlite.Store {
	d.t.Helper()
	s, err := sqlite.Open(d.t.Context(), filepath.Join(d.data, databaseFile))
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = s.Close() })
	return s
}

// report is a gains report as JSON without the time at which it was made.
func (d desk) report(args ...string) string {
	d.t.Helper()
	args = append([]string{"report", "gains", "--course", "kota-cerdas", "--format", "json"}, args...)
	return timeless(d.t, d.must(args...).out)
}

func timeless(t *testing.T, report string) string {
	t.Helper()
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(report), &fields); err != nil {
		t.Fatalf("%v in\n%.500s", err, report)
	}
	if len(fields["generated_at"]) == 0 || len(fields["rows"]) == 0 {
		t.Fatalf("no report: %.500s", report)
	}
	delete(fields, "generated_at")
	text, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// running is the program while it serves.
type running struct {
	desk
	cmd    *exec.Cmd
	out    *bufio.Reader
	stderr *noise
	// Address is where it serves.
	address string
	told    []string // lines of standard output so far
}

// noise keeps what is written to it.
type noise struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (n *noise) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.b.Write(p)
}

func (n *noise) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.b.String()
}

// start starts the program and waits until it says where it serves.
func (d desk) start(args ...string) *running {
	d.t.Helper()
	r := &running{desk: d, cmd: d.command(context.Background(), args...), stderr: &noise{}}
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		d.t.Fatal(err)
	}
	r.cmd.Stderr, r.out = r.stderr, bufio.NewReader(out)
	if err := r.cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() {
		if r.cmd.ProcessState == nil {
			_ = r.cmd.Process.Kill()
			_ = r.cmd.Wait()
		}
	})
	_, r.address, _ = strings.Cut(r.until("Melek is at "), "Melek is at ")
	return r
}

// until reads standard output up to a line that begins so, and returns it.
func (r *running) until(begin string) string {
	r.t.Helper()
	for {
		line, err := r.out.ReadString('\n')
		line = strings.TrimSuffix(line, "\n")
		r.told = append(r.told, line)
		if strings.HasPrefix(line, begin) {
			return line
		}
		if err != nil {
			r.t.Fatalf("no line %q…: %v\n%s\n%s", begin, err, strings.Join(r.told, "\n"), r.stderr)
		}
	}
}

// stop asks the program to stop and returns how it ended.
func (r *running) stop() outcome {
	r.t.Helper()
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		r.t.Fatal(err)
	}
	rest, err := io.ReadAll(r.out)
	if err != nil {
		r.t.Fatal(err)
	}
	status := r.status(r.cmd.Wait())
	return outcome{status, strings.Join(r.told, "\n") + string(rest), r.stderr.String()}
}

// files are a simulated regency as it would be imported.
type files struct {
	people  string
	records []string
}

// regency invents files of some people.
func regency(t *testing.T, number int) files {
	t.Helper()
	catalog, err := content.Open(t.Context(), memory.New(), "")
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	course, err := catalog.Course("kota-cerdas")
	if err != nil {
		t.Fatal(err)
	}
	r, err := demo.New(demo.Setup{Region: people.Wonosobo(), Courses: append(catalog.Courses()[:0:0], course),
		Zone: zone, People: number, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	var f files
	var table strings.Builder
	err = exchange.WritePeople(&table, func(yield func(people.Person, error) bool) {
		for _, p := range r.Participants() {
			if !yield(p, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	f.people = table.String()
	for _, p := range r.Participants() {
		for _, rec := range r.Records(p) {
			line, err := json.Marshal(rec)
			if err != nil {
				t.Fatal(err)
			}
			f.records = append(f.records, string(line))
		}
	}
	return f
}

func lines(all []string) string { return strings.Join(all, "\n") + "\n" }
