package handlers_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
)

// The example course was never confirmed; of the shipped ones nothing is stale, which is told as an empty list.
func TestTheListOfCoursesTellsWhatIsStale(t *testing.T) {
	k := newKit(t)
	_, body := k.api(http.MethodGet, "/api/v1/courses", "", "")
	var list []struct {
		ID    string
		Stale []string
	}
	if err := json.Unmarshal([]byte(body), &list); err != nil || len(list) < 2 {
		t.Fatalf("%d courses: %v", len(list), err)
	}
	want := []string{"course", "satu", "dua", "a-1", "a-2", "b-1", "b-2", "jangkar", "kuis-1", "kuis-2", "kuis-3"}
	for _, c := range list {
		if c.Stale == nil || c.ID == example && !slices.Equal(c.Stale, want) || c.ID != example && len(c.Stale) != 0 {
			t.Errorf("of %s, %v is stale", c.ID, c.Stale)
		}
	}
}

func TestAuthorsAreToldOfAStaleModule(t *testing.T) {
	k := newKit(t)
	const told = "belum dicocokkan dengan bahasa Indonesianya"
	author := k.signIn(k.register("A-1", "author", "33.07"))
	author.takeTest("pre", false)
	author.open("/id/courses/" + example + "/modules/satu")
	author.wants(told)
	learner := k.participant("P-1")
	learner.takeTest("pre", false)
	learner.open("/id/courses/" + example + "/modules/satu")
	learner.lacks(told)
}
