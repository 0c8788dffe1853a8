package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/valyala/fasthttp"

	"melek/app/internal/sqlite"
	"melek/courses"
	"melek/courses/access"
	"melek/courses/content"
	"melek/courses/ledger"
	"melek/courses/people"
	"melek/courses/privacy"
	"melek/courses/record"
	"melek/courses/reports"
	"melek/courses/store"
	"melek/courses/tally"
	"melek/handlers"
)

// Every benchmark here measures against a yardstick in the same run: rounds of both are taken in turn, and what is
// reported is the median of the rounds' ratios. Absolute figures say more about the machine than about Melek.
const rounds = 7

// inTurn runs both in turn and reports the median of yardstick's time by subject's: 1 is as fast as the yardstick.
func inTurn(b *testing.B, subject, yardstick func(n int)) {
	b.Helper()
	const requests = 3000
	subject(requests / 3)
	yardstick(requests / 3)
	for b.Loop() {
		var ratios []float64
		for range rounds {
			ratios = append(ratios, float64(timed(requests, yardstick))/float64(timed(requests, subject)))
		}
		slices.Sort(ratios)
		b.ReportMetric(ratios[rounds/2], "ratio")
	}
}

func timed(n int, fn func(n int)) time.Duration {
	begun := time.Now()
	fn(n)
	return time.Since(begun)
}

// bench is the whole program over an SQLite file, on a port of its own.
type bench struct {
	store   store.Store
	catalog *content.Catalog
	ledger  *ledger.Ledger
	setup   handlers.Setup
	address string
	tokens  []string // of participants
}

func newBench(b *testing.B, participants int) *bench {
	b.Helper()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	ctx := context.Background()
	s, err := sqlite.Open(ctx, filepath.Join(b.TempDir(), "melek.db"))
	must(b, err)
	b.Cleanup(func() { must(b, s.Close()) })
	catalog, err := content.Open(ctx, s, "")
	must(b, err)
	k := &bench{store: s, catalog: catalog}
	k.ledger = ledger.New(ledger.Setup{Store: s, Syllabus: catalog, Zone: time.UTC, Now: time.Now})
	region := people.Wonosobo()
	door := access.NewDoor(access.Setup{Store: s, Region: region, Zone: time.UTC, Now: time.Now})
	villages := region.OfType(people.Village, people.Ward)
	var all []people.Person
	for i := range participants {
		p := people.Person{ID: fmt.Sprintf("P%d", i), Name: "Peserta", Role: people.Participant}
		p.Post(people.Posting{Area: villages[i%len(villages)].Code})
		all = append(all, p)
	}
	must(b, k.ledger.Register(ctx, all))
	for _, p := range all {
		entry, err := door.MakeToken(ctx, p, access.Grant{Label: "bench"})
		must(b, err)
		k.tokens = append(k.tokens, entry.Token)
	}
	desk := reports.New(reports.Setup{Store: s, Region: region, Syllabus: catalog, Zone: time.UTC, MinCell: 10,
		Now: time.Now})
	k.setup = handlers.Setup{Store: s, Ledger: k.ledger, Catalog: catalog, Door: door, Desk: desk, Region: region,
		Zone: time.UTC, Now: time.Now, BaseURL: "http://localhost", MinCell: 10,
		Rates: handlers.Rates{Person: handlers.Unbounded, Network: handlers.Unbounded}}
	k.setup.Clerk = privacy.New(privacy.Setup{Store: s, Ledger: k.ledger, Zone: time.UTC, Now: time.Now,
		Office: privacy.Office{Controller: "Dinas Contoh", Basis: privacy.PublicTask}})
	app, err := handlers.New(k.setup)
	must(b, err)
	k.address = listen(b, app)
	return k
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// listen serves the app on a free port of this machine until the benchmark ends.
func listen(tb testing.TB, app *fiber.App) string {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(tb, err)
	go func() { _ = app.Listener(listener) }()
	tb.Cleanup(func() { _ = app.Shutdown() })
	return "http://" + listener.Addr().String()
}

// clients sends n requests from so many connections at once and returns how long each took.
func clients(tb testing.TB, connections, n int, prepare func(i int, r *fasthttp.Request)) []time.Duration {
	tb.Helper()
	client := &fasthttp.Client{MaxConnsPerHost: connections}
	took := make([]time.Duration, n)
	var wg sync.WaitGroup
	for c := range connections {
		wg.Add(1)
		go func() {
			defer wg.Done()
			request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
			for i := c; i < n; i += connections {
				request.Reset()
				prepare(i, request)
				begun := time.Now()
				if err := client.Do(request, response); err != nil || response.StatusCode() != fiber.StatusOK {
					tb.Errorf("request %d: status %d, %v: %.300s", i, response.StatusCode(), err, response.Body())
					return
				}
				took[i] = time.Since(begun)
			}
		}()
	}
	wg.Wait()
	client.CloseIdleConnections()
	return took
}

// BenchmarkLessonPage asks for a lesson as a participant who is signed in, against a bare Fiber program that sends
// the same bytes.
func BenchmarkLessonPage(b *testing.B) {
	k := newBench(b, 200)
	course := k.catalog.Courses()[0]
	k.open(b, course)
	lesson := fmt.Sprintf("/id/courses/%s/modules/%s", course.ID, course.Modules[0].ID)
	ask := func(address string) func(i int, r *fasthttp.Request) {
		return func(i int, r *fasthttp.Request) {
			r.SetRequestURI(address + lesson)
			r.Header.Set("Accept-Encoding", "gzip")
			r.Header.Set("Authorization", "Bearer "+k.tokens[i%len(k.tokens)])
		}
	}
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	ask(k.address)(0, request)
	must(b, (&fasthttp.Client{}).Do(request, response))
	bareAddress := listen(b, sameBytes(response))
	b.ReportMetric(float64(len(response.Body())), "gzip-bytes")
	inTurn(b, func(n int) { clients(b, 32, n, ask(k.address)) }, func(n int) { clients(b, 32, n, ask(bareAddress)) })
}

// sameBytes is the yardstick: a bare program that answers everything with the headers and the body of a response.
func sameBytes(response *fasthttp.Response) *fiber.App {
	body := bytes.Clone(response.Body())
	var headers [][2]string
	for name, value := range response.Header.All() {
		if own := string(name); own != fiber.HeaderDate && own != fiber.HeaderContentLength {
			headers = append(headers, [2]string{own, string(value)})
		}
	}
	bare := fiber.New(fiber.Config{DisableStartupMessage: true})
	bare.Get("/*", func(c *fiber.Ctx) error {
		for _, h := range headers {
			c.Set(h[0], h[1])
		}
		return c.Send(body)
	})
	return bare
}

// open lets every participant study the course: its first module was read.
func (k *bench) open(b *testing.B, course *courses.Course) {
	b.Helper()
	for i := range k.tokens {
		must(b, k.ledger.Record(context.Background(), record.Record{ID: uuid.NewString(), Kind: record.Read,
			Person: fmt.Sprintf("P%d", i), Course: course.ID, Module: course.Modules[0].ID, At: time.Now()}))
	}
}

// BenchmarkAnswerStored delivers test answers from 64 clients, each acknowledged when it is durable, against a bare
// Fiber program that inserts the same bytes in groups.
func BenchmarkAnswerStored(b *testing.B) {
	k := newBench(b, 200)
	sent := 0
	deliver := func(address string) func(n int) {
		return func(n int) {
			bodies := k.answers(b, sent, n)
			sent += n
			took := clients(b, 64, n, func(i int, r *fasthttp.Request) {
				r.SetRequestURI(address + "/api/v1/records")
				r.Header.SetMethod(fiber.MethodPost)
				r.Header.SetContentType(fiber.MIMEApplicationJSON)
				r.Header.Set("Authorization", "Bearer "+k.tokens[i%len(k.tokens)])
				r.SetBody(bodies[i])
			})
			if address == k.address {
				slices.Sort(took)
				b.ReportMetric(float64(took[n*99/100])/float64(took[n/2]), "p99/p50")
			}
		}
	}
	inTurn(b, deliver(k.address), deliver(listen(b, bareInserts(b))))
}

// answers are the bodies of n deliveries: every participant goes through the tests item by item.
func (k *bench) answers(b *testing.B, from, n int) [][]byte {
	b.Helper()
	all := k.catalog.Courses()
	bodies := make([][]byte, n)
	for i := range bodies {
		turn := (from + i) / len(k.tokens)
		course := all[turn/20%len(all)]
		form := course.Forms[turn/10%2]
		r := record.Record{ID: uuid.Must(uuid.NewV7()).String(), Kind: record.Answered,
			Person: fmt.Sprintf("P%d", i%len(k.tokens)), Course: course.ID, Version: course.Version,
			Phase: record.Phases[turn/10%2], Form: form.ID, Answers: record.Answers{form.Items[turn%10]: {"a"}},
			At: time.Now().UTC().Truncate(time.Millisecond), Lang: "id"}
		body, err := json.Marshal([]record.Record{r})
		must(b, err)
		bodies[i] = body
	}
	return bodies
}

// bareInserts is the yardstick: a POST whose body is inserted as it is by one writer that commits what waits.
func bareInserts(b *testing.B) *fiber.App {
	b.Helper()
	db, err := sql.Open("sqlite", filepath.Join(b.TempDir(), "bare.db")+
		"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	must(b, err)
	b.Cleanup(func() { must(b, db.Close()) })
	_, err = db.ExecContext(context.Background(), "CREATE TABLE records (id TEXT PRIMARY KEY, content BLOB) WITHOUT ROWID")
	must(b, err)
	type insert struct {
		body []byte
		done chan error
	}
	queue := make(chan insert, 256)
	b.Cleanup(func() { close(queue) })
	go func() {
		for first := range queue {
			group := []insert{first}
			for len(queue) > 0 && len(group) < 256 {
				group = append(group, <-queue)
			}
			err := insertAll(db, len(group), func(i int) []byte { return group[i].body })
			for _, one := range group {
				one.done <- err
			}
		}
	}()
	app := fiber.New(fiber.Config{DisableStartupMessage: true, Immutable: true})
	app.Post("/*", func(c *fiber.Ctx) error {
		one := insert{c.Body(), make(chan error, 1)}
		queue <- one
		if err := <-one.done; err != nil {
			return err
		}
		return c.SendString(`[{"status":"stored"}]`)
	})
	return app
}

func insertAll(db *sql.DB, n int, body func(i int) []byte) error {
	tx, err := db.BeginTx(context.Background(), nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to undo
	stmt, err := tx.PrepareContext(context.Background(), "INSERT INTO records (id, content) VALUES (?, ?)")
	if err != nil {
		return err
	}
	defer stmt.Close()
	for i := range n {
		if _, err := stmt.ExecContext(context.Background(), uuid.NewString(), body(i)); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// BenchmarkGainsReport makes the report of all kecamatan from the tallies of a thousand and of a million people.
func BenchmarkGainsReport(b *testing.B) {
	small, large := newBench(b, 1), newBench(b, 1)
	course := small.catalog.Courses()[0]
	small.tally(b, course.ID, 1_000)
	large.tally(b, course.ID, 1_000_000)
	report := func(k *bench) func(n int) {
		return func(n int) {
			for range n / 100 {
				_, err := k.setup.Desk.Gains(context.Background(), reports.Query{Course: course.ID, By: reports.ByDistrict})
				must(b, err)
			}
		}
	}
	inTurn(b, report(large), report(small))
	b.ReportMetric(float64(timed(10_000, report(large)).Microseconds())/100/1000, "ms/report")
}

// tally puts the tallies of so many people, spread over all villages and marks, as their records would have.
func (k *bench) tally(b *testing.B, course string, persons int) {
	b.Helper()
	villages := k.setup.Region.OfType(people.Village, people.Ward)
	deltas := map[tally.Key]map[string]int64{}
	for i := range persons {
		key := tally.Key{Course: course, Role: people.Participant, Area: villages[i%len(villages)].Code}
		pre, post := float64(i/265%11), float64(i*7/265%11)
		cell := tally.Standing{Pre: &record.Marks{Raw: pre, Max: 10}, Post: &record.Marks{Raw: post, Max: 10},
			Matched: true, Completed: i%3 > 0}.Cell()
		if deltas[key] == nil {
			deltas[key] = map[string]int64{}
		}
		deltas[key][cell]++
	}
	figures := map[tally.Key]tally.Figures{}
	for key, cells := range deltas {
		f, err := tally.Of(cells, 70)
		must(b, err)
		figures[key] = f
	}
	must(b, k.store.Change(context.Background(), func(tx store.Tx) error {
		if err := tx.AddCells(deltas); err != nil {
			return err
		}
		return tx.PutFigures(figures)
	}))
}
