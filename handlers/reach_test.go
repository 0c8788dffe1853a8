package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"melek/courses/people"
	"melek/courses/record"
)

// below lists the elements of the tag below the node, in order.
func below(n *html.Node, tag string) []*html.Node {
	var found []*html.Node
	each(n, func(e *html.Node) {
		if e.Data == tag && e != n {
			found = append(found, e)
		}
	})
	return found
}

// withID returns the element of the id, or nil.
func (v *view) withID(id string) *html.Node {
	var found *html.Node
	each(v.root, func(n *html.Node) {
		if attr(n, "id") == id {
			found = n
		}
	})
	return found
}

// TestFaultsLeadToTheirFields leaves forms empty and wants a summary whose every link leads to a field that says
// itself what is wrong with it.
func TestFaultsLeadToTheirFields(t *testing.T) {
	k := newKit(t)
	stranger, admin, learner := k.browser(), k.signIn(k.admin()), k.participant("P-1")
	for _, tt := range []struct {
		name   string
		who    *browser
		path   string
		button string
		fill   []string
		faults int
	}{
		{"sign-in", stranger, "/id/sign-in", "Masuk", nil, 2},
		{"a PIN", learner, "/id/pin", "Simpan", []string{"current=000000", "pin=12", "again=3"}, 1},
		{"a new person", admin, "/id/people/new", "Simpan", []string{"id=", "name=", "area=nowhere", "phone=1"}, 1},
	} {
		tt.who.open(tt.path)
		if tt.who.press(tt.button, tt.fill...); tt.who.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: answers %d", tt.name, tt.who.status)
		}
		links := 0
		for _, a := range below(tt.who.root, "a") {
			if attr(a, "class") != "toward" {
				continue
			}
			links++
			field := tt.who.withID(strings.TrimPrefix(attr(a, "href"), "#"))
			if field == nil || attr(field, "aria-invalid") != "true" {
				t.Errorf("%s: %q leads to no field that is marked as wrong", tt.name, textOf(a))
				continue
			}
			told := ""
			for _, id := range strings.Fields(attr(field, "aria-describedby")) {
				if by := tt.who.withID(id); by != nil {
					told += textOf(by)
				}
			}
			if why := textOf(below(a, "b")[0].NextSibling); !strings.Contains(told, strings.TrimSpace(why)) {
				t.Errorf("%s: the field says %q, the summary %q", tt.name, told, why)
			}
		}
		if links < tt.faults {
			t.Errorf("%s: %d faults in the summary, want at least %d", tt.name, links, tt.faults)
		}
	}
}

// TestStackedRowsNameTheirColumns holds the names that rows bear on a phone against the heads of the columns.
func TestStackedRowsNameTheirColumns(t *testing.T) {
	k := newKit(t)
	k.register("P-1", people.Participant, "33.07.01.2001")
	b := k.signIn(k.admin())
	looks := map[string]func(){
		"people":  func() { b.open("/id/people") },
		"person":  func() { b.open("/id/people/one?id=P-1") },
		"preview": func() { b.upload("x.csv", "id,name,role,area\nP-9,Budi,participant,33.07.01.2001\n,x,y,z\n") },
		"audit": func() {
			b.open("/id/people/one?id=P-1")
			b.press("Buat kode sekali pakai")
			b.open("/id/audit")
		},
	}
	for name, look := range looks {
		look()
		cells := 0
		for _, table := range below(b.root, "table") {
			if attr(table, "class") != "stack" {
				continue
			}
			var heads []string
			for _, th := range below(below(table, "thead")[0], "th") {
				heads = append(heads, textOf(th))
			}
			for _, row := range below(below(table, "tbody")[0], "tr") {
				i := 0
				for cell := row.FirstChild; cell != nil; cell = cell.NextSibling {
					if cell.Type != html.ElementNode {
						continue
					}
					if cell.Data == "td" && attr(cell, "data-head") != heads[i] {
						t.Errorf("%s: a cell of %q says that it is of %q", name, heads[i], attr(cell, "data-head"))
					}
					i, cells = i+1, cells+1
				}
			}
		}
		if cells == 0 {
			t.Errorf("%s: no stacked rows", name)
		}
	}
}

func TestTablesOfALessonAreReachedByKeyboard(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.takeTest(record.Pre, true)
	b.open(coursePath + "/modules/satu")
	tables := below(b.root, "table")
	if len(tables) != 1 {
		t.Fatalf("%d tables, want the one of the lesson", len(tables))
	}
	frame := tables[0].Parent
	if attr(frame, "tabindex") != "0" || attr(frame, "role") != "region" || attr(frame, "aria-label") != "Tabel 1" {
		t.Errorf("the table stands in %v", frame.Attr)
	}
}
