package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"melek/courses/record"
)

func TestImportPeople(t *testing.T) {
	d := newDesk(t)
	table := d.file("people.csv", "id;name;role;area;shoe\n"+
		"P1;Sri Embun;participant;33.07.01.2001;38\n"+
		"P2;;participant;33.07.01.2001;\n"+
		"P3;\"Budi;participant;33.07.01.2001;\n"+
		"P4;Tono Cemara;participant;33.07.02.2001;42\n")
	o := d.run("import", "people", table)
	for _, want := range []string{"melek: line 3: P2: A name is required", "melek: line 4: The quotation marks",
		`the column "shoe" is not known`, "2 rows of 2 people taken in, 2 refused"} {
		if !strings.Contains(o.err, want) {
			t.Errorf("no %q in\n%s", want, o.err)
		}
	}
	if o.status != failed || o.out != "" {
		t.Errorf("status %d, out %q; want 1 and nothing", o.status, o.out)
	}
	out := d.must("export", "people", "-").out
	if !strings.Contains(out, "P1,Sri Embun,") || !strings.Contains(out, "P4,Tono Cemara,") || strings.Count(out, "\n") != 3 {
		t.Errorf("exported\n%s", out)
	}
	again := newDesk(t)
	if o := again.feed(out, "import", "people", "-"); o.status != done {
		t.Errorf("the export came back with %d\n%s", o.status, o.err)
	}
	if got := again.must("export", "people", "-").out; got != out {
		t.Errorf("came back as\n%s\nwent as\n%s", got, out)
	}
}

func TestAPeopleFileWithNIKIsRefusedWhole(t *testing.T) {
	d := newDesk(t)
	o := d.feed("id,name,role,area,Nik\nP1,Sri,participant,33.07,1\n", "import", "people", "-")
	if o.status != failed || !strings.Contains(o.err, "Law 27/2022") {
		t.Errorf("status %d, said %q", o.status, o.err)
	}
	if out := d.must("export", "people", "-").out; strings.Contains(out, "P1") {
		t.Errorf("kept\n%s", out)
	}
}

func TestErasedPeopleStayErased(t *testing.T) {
	d := newDesk(t)
	erasure := `{"id":"018f0000-0000-7000-8000-000000000001","kind":"erased","person":"P1","at":"2026-08-01T08:00:00+07:00"}`
	if o := d.feed(erasure, "import", "records", "-"); o.status != done {
		t.Fatal(o.err)
	}
	o := d.feed("id,name,role,area\nP1,Sri,participant,33.07\nP2,Tono,participant,33.07\n", "import", "people", "-")
	if o.status != failed || !strings.Contains(o.err, "line 2: P1: ") || !strings.Contains(o.err, "1 rows of 1 people") {
		t.Errorf("status %d, said\n%s", o.status, o.err)
	}
}

func TestSlipsAreForThoseWithoutAPIN(t *testing.T) {
	d := newDesk(t)
	table := d.file("people.csv", "id,name,role,area\nP1,Sri,participant,33.07.01.2001\nP2,Tono,participant,33.07.01.2001\n")
	list, sheet := d.file("slips.csv", ""), d.file("slips.pdf", "")
	d.must("import", "people", table, "--slips", list)
	rows := strings.Split(read(t, list), "\n")
	if len(rows) != 4 || rows[0] != "id,name,area,code" || !strings.HasPrefix(rows[1], "P1,Sri,33.07.01.2001,") {
		t.Fatalf("slips\n%s", strings.Join(rows, "\n"))
	}
	d.choosePIN("P1", rows[1][strings.LastIndexByte(rows[1], ',')+1:])
	d.must("import", "people", table, "--slips", list)
	if got := read(t, list); strings.Contains(got, "P1,") || !strings.Contains(got, "P2,Tono,") {
		t.Errorf("slips after P1 chose a PIN\n%s", got)
	}
	d.must("import", "people", table, "--slips", sheet)
	if got := read(t, sheet); !strings.HasPrefix(got, "%PDF-") {
		t.Errorf("slips.pdf begins with %.20q", got)
	}
	if info, err := os.Stat(sheet); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("slips.pdf: %v, %v; want it for its owner alone", info.Mode(), err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestImportRecords(t *testing.T) {
	d, f := newDesk(t), regency(t, 20)
	d.feed(f.people, "import", "people", "-")
	bad := `{"id":"018f0000-0000-7000-8000-00000000000b","kind":"read","person":"P00001","at":"2026-08-01T08:00:00Z"}`
	stranger := `{"id":"018f0000-0000-7000-8000-00000000000c","kind":"enrolled","person":"X1","course":"kota-cerdas","at":"2026-08-01T08:00:00Z"}`
	all := slices.Concat(f.records[:10], []string{bad, "no JSON"}, f.records[10:], f.records[:3], []string{stranger})
	o := d.feed(lines(all), "import", "records", "-")
	summary := fmt.Sprintf("%d stored, 3 known already, 1 kept until their person or course version is known, 2 refused",
		len(f.records))
	for _, want := range []string{"melek: line 11: 018f0000-0000-7000-8000-00000000000b: The field course",
		"melek: line 12: This record cannot be read as JSON", summary} {
		if !strings.Contains(o.err, want) {
			t.Errorf("no %q in\n%s", want, o.err)
		}
	}
	if o.status != failed || o.out != "" {
		t.Errorf("status %d, out %q; want 1 and nothing", o.status, o.out)
	}
	again := d.feed(lines(f.records), "import", "records", "-")
	if want := fmt.Sprintf("0 stored, %d known already", len(f.records)); again.status != done || !strings.Contains(again.err, want) {
		t.Errorf("again: %d %s", again.status, again.err)
	}
	d.must("verify")
}

func TestOrderAndRepetitionChangeNoReport(t *testing.T) {
	f := regency(t, 80)
	first := newDesk(t)
	first.feed(f.people, "import", "people", "-")
	first.feed(lines(f.records), "import", "records", "-")
	want := map[string]string{}
	for _, by := range []string{"district", "village", "workshop", "pillar"} {
		want[by] = first.report("--by", by)
	}
	chance := rand.New(rand.NewPCG(1, 1))
	mixed := slices.Concat(f.records, f.records[:len(f.records)/3])
	chance.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	backward := slices.Clone(f.records)
	slices.Reverse(backward)
	half := len(mixed) / 2
	for name, deliver := range map[string]func(d desk){
		"backward": func(d desk) {
			d.feed(f.people, "import", "people", "-")
			d.feed(lines(backward), "import", "records", "-")
		},
		"shuffled, a third twice, people last": func(d desk) {
			d.feed(lines(mixed), "import", "records", "-")
			d.feed(f.people, "import", "people", "-")
		},
		"in two parts with the people between": func(d desk) {
			d.feed(lines(mixed[half:]), "import", "records", "-")
			d.feed(f.people, "import", "people", "-")
			d.feed(lines(mixed[:half]), "import", "records", "-")
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			deliver(d)
			for by, report := range want {
				if got := d.report("--by", by); got != report {
					t.Errorf("by %s\n%s\nwant\n%s", by, got, report)
				}
			}
		})
	}
}

func TestAnImportThatWasKilledGoesOn(t *testing.T) {
	d, f := newDesk(t), regency(t, 20)
	for n := len(f.records); n < 40_000; n++ { // enough for several windows
		f.records = append(f.records, fmt.Sprintf(
			`{"id":"018f0000-0000-7000-8000-%012x","kind":"read","person":"P%05d","course":"kota-cerdas","module":"m","at":"2026-08-01T08:00:00Z"}`,
			n, n%20+1))
	}
	cmd := d.command(t.Context(), "import", "records", "-")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Write([]byte(lines(f.records[:36_000]))); err != nil {
		t.Fatal(err)
	}
	for filed := 0; filed == 0; time.Sleep(10 * time.Millisecond) {
		filed = strings.Count(d.run("export", "records", "-").out, "\n")
	}
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if o := d.feed(lines(f.records), "import", "records", "-"); o.status != done || !strings.Contains(o.err, "known already") {
		t.Fatalf("again: %d %s", o.status, o.err)
	}
	d.feed(f.people, "import", "people", "-")
	whole := newDesk(t)
	whole.feed(f.people, "import", "people", "-")
	whole.feed(lines(f.records), "import", "records", "-")
	if got, want := d.must("export", "records", "-").out, whole.must("export", "records", "-").out; got != want {
		t.Errorf("%d records are kept, want %d", strings.Count(got, "\n"), strings.Count(want, "\n"))
	}
	if d.report() != whole.report() {
		t.Error("the reports differ")
	}
	d.must("verify")
}

func TestAnImportCanBeBrokenOff(t *testing.T) {
	d := newDesk(t)
	cmd := d.command(t.Context(), "import", "records", "-")
	said := &noise{}
	cmd.Stderr = said
	if _, err := cmd.StdinPipe(); err != nil { // never closed: it waits for more
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for { // until it has opened the database, and so hears signals
		if _, err := os.Stat(d.data + "/" + databaseFile); err == nil {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if status := d.status(cmd.Wait()); status != failed || !strings.Contains(said.String(), "broken off") {
		t.Errorf("status %d, said %q; want 1 and that it was broken off", status, said)
	}
}

func TestImportsRunWhileTheProgramServes(t *testing.T) {
	d, f := newDesk(t), regency(t, 30)
	r := d.start("serve")
	if o := d.feed(f.people, "import", "people", "-"); o.status != done {
		t.Fatal(o.err)
	}
	if o := d.feed(lines(f.records), "import", "records", "-"); o.status != done {
		t.Fatal(o.err)
	}
	if o := r.stop(); o.status != done {
		t.Fatalf("serve = %d %s", o.status, o.err)
	}
	kept := 0
	err := d.store().EachEntry(t.Context(), "", func(record.Entry) error { kept++; return nil })
	if err != nil || kept != len(f.records) {
		t.Errorf("%d records kept, %v; want %d", kept, err, len(f.records))
	}
	d.must("verify")
}

func TestImportCourse(t *testing.T) {
	d, f := newDesk(t), regency(t, 60)
	d.feed(f.people, "import", "people", "-")
	d.feed(lines(f.records), "import", "records", "-")
	before := d.report()
	o := d.run("import", "course", easierCourse(t))
	if o.status != done || !strings.Contains(o.err, "kota-cerdas is taught in version ") {
		t.Fatalf("import course = %d %s", o.status, o.err)
	}
	if after := d.report(); after == before {
		t.Error("another pass mark changed no figure")
	}
	d.must("verify")
	for name, file := range map[string]string{"no zip": d.file("x.zip", "hello"), "no file": "/nowhere/x.zip"} {
		if o := d.run("import", "course", file); o.status != failed || o.err == "" {
			t.Errorf("%s: %d %q, want it refused", name, o.status, o.err)
		}
	}
}
