package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"melek/app/internal/sqlite"
	"melek/courses/people"
	"melek/courses/store"
)

// BenchmarkStart starts the program over a database of a million people and over one of nobody, in turn, and takes
// the time until the first page has come. It reports the medians in milliseconds and that of the ratios.
func BenchmarkStart(b *testing.B) {
	many, nobody := b.TempDir(), b.TempDir()
	register(b, many, 1_000_000)
	register(b, nobody, 0)
	firstPage(b, many)
	firstPage(b, nobody)
	for b.Loop() {
		var took, ratios []float64
		for range rounds {
			full, empty := firstPage(b, many), firstPage(b, nobody)
			took, ratios = append(took, full.Seconds()*1000), append(ratios, float64(full)/float64(empty))
		}
		slices.Sort(took)
		slices.Sort(ratios)
		b.ReportMetric(took[rounds/2], "ms/start")
		b.ReportMetric(ratios[rounds/2], "ratio")
	}
}

// register puts so many people into a new database, each with a projection, and an administrator behind them.
func register(b *testing.B, data string, n int) {
	b.Helper()
	ctx := context.Background()
	s, err := sqlite.Open(ctx, filepath.Join(data, databaseFile))
	must(b, err)
	villages := people.Wonosobo().OfType(people.Village, people.Ward)
	put := func(persons []people.Person) {
		must(b, s.Change(ctx, func(tx store.Tx) error {
			var projections []store.Projection
			for _, p := range persons {
				projections = append(projections, store.Projection{Person: p.ID, Rev: 1, State: []byte(`{}`)})
			}
			if err := tx.PutProjections(projections); err != nil {
				return err
			}
			return tx.PutPeople(persons)
		}))
	}
	for from := 0; from < n; from += 5000 {
		var persons []people.Person
		for i := from; i < from+5000; i++ {
			p := people.Person{ID: fmt.Sprintf("P%07d", i), Name: "Peserta", Role: people.Participant}
			p.Post(people.Posting{Area: villages[i%len(villages)].Code})
			persons = append(persons, p)
		}
		put(persons)
	}
	put([]people.Person{{ID: "Z1", Name: "Admin", Role: people.Admin}})
	must(b, s.Close())
}

// firstPage starts the program over a data folder and returns how long it takes until a page has come.
func firstPage(b *testing.B, data string) time.Duration {
	b.Helper()
	cmd := exec.CommandContext(context.Background(), os.Args[0])
	cmd.Env = append(os.Environ(), asProgram+"=1", "MELEK_DATA="+data, "HOST=127.0.0.1", "PORT=0")
	out, err := cmd.StdoutPipe()
	must(b, err)
	begun := time.Now()
	must(b, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	must(b, err)
	_, address, _ := strings.Cut(strings.TrimSpace(line), "Melek is at ")
	response, err := http.Get(address + "/id/sign-in")
	must(b, err)
	_, err = io.Copy(io.Discard, response.Body)
	must(b, err)
	took := time.Since(begun)
	must(b, response.Body.Close())
	must(b, cmd.Process.Signal(syscall.SIGTERM))
	must(b, cmd.Wait())
	return took
}
