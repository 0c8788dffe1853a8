package items

import (
	"maps"
	"slices"

	"melek/courses"
)

// Verdict is what an author should look at first.
type Verdict string

// The verdicts, the first that applies being given.
const (
	TooFew   Verdict = "too_few"   // answers to tell
	KeyWrong Verdict = "key_wrong" // the key may be wrong
	TooEasy  Verdict = "too_easy"
	TooHard  Verdict = "too_hard"
	Flat     Verdict = "flat" // does not tell the able from the others
	Idle     Verdict = "idle" // hardly anybody takes one of the distractors
	Fine     Verdict = "fine"
)

// Verdicts lists all of them, the worst first.
var Verdicts = []Verdict{KeyWrong, TooHard, TooEasy, Flat, Idle, Fine, TooFew}

// The limits of verdicts. Those of facility and discrimination are the ends of the tables in Moodle's
// documentation of quiz statistics.
const (
	// MinJudged is how many answers a verdict needs, and minTop how many of the highest third.
	MinJudged, minTop = 50, 10
	easy, hard        = 0.95, 0.20 // facility
	flat              = 0.10       // correlation with the rest of the test
	idle              = 0.01       // share of the answers
)

// Third is a third of those who had an item, by their score in the whole test.
type Third struct {
	N       int64            `json:"n"`
	Options map[string]int64 `json:"options"`
}

// thirds of the people who had the item, the lowest scores first. People with one score stay
// together, where the middle one of them belongs.
func (s *Tests) thirds(id string, item *courses.Item) *[3]Third {
	thirds := new([3]Third)
	for i := range thirds {
		thirds[i].Options = options(item)
	}
	for _, set := range s.sets {
		place := slices.Index(set.items, id)
		if place < 0 {
			continue
		}
		below := int64(0)
		for _, total := range slices.Sorted(maps.Keys(set.scores)) {
			score := set.scores[total]
			third := &thirds[3*(2*below+score.n)/(2*set.n)]
			third.N += score.n
			for option, n := range score.options[place] {
				third.Options[option] += n
			}
			below += score.n
		}
	}
	return thirds
}

func (r *Row) judge(item *courses.Item) Verdict {
	switch {
	case r.N < MinJudged:
		return TooFew
	case r.RestCorrelation != nil && *r.RestCorrelation < 0, r.misled(item):
		return KeyWrong
	case *r.Facility >= easy:
		return TooEasy
	case *r.Facility <= hard:
		return TooHard
	case r.RestCorrelation == nil || *r.RestCorrelation < flat:
		return Flat
	case r.idles(item):
		return Idle
	}
	return Fine
}

// misled reports whether those with the highest scores took some distractor more often than the
// key, or than an option of the key where several are right.
func (r *Row) misled(item *courses.Item) bool {
	top := r.Thirds[2]
	if item == nil || top.N < minTop {
		return false
	}
	least := top.N
	for _, right := range item.Key {
		least = min(least, top.Options[right])
	}
	return slices.ContainsFunc(distractors(item), func(id string) bool { return top.Options[id] > least })
}

func (r *Row) idles(item *courses.Item) bool {
	return item != nil && slices.ContainsFunc(distractors(item), func(id string) bool {
		return float64(r.Options[id]) < idle*float64(r.N)
	})
}

// distractors are the wrong options of an item that offers some to choose from.
func distractors(item *courses.Item) []string {
	var ids []string
	if item.Type == courses.Order || item.Type == courses.Match {
		return nil
	}
	for _, o := range item.Options {
		if !slices.Contains(item.Key, o.ID) {
			ids = append(ids, o.ID)
		}
	}
	return ids
}
