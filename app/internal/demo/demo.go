// Package demo simulates a regency: invented people in every village, and what they did in courses
// over four months. The same seed gives the same regency, to the byte. It knows how to invent and
// how to file what it invented; it serves nothing.
package demo

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"melek/courses"
	"melek/courses/people"
)

// Setup says what is simulated.
type Setup struct {
	Region  *people.Region
	Courses []*courses.Course
	Zone    *time.Location
	People  int // participants
	Seed    uint64
}

// Regency is a simulated regency. It is never changed after it was made.
type Regency struct {
	Setup
	participants []people.Person
	districts    []people.Area // those with villages
	villages     []people.Area
}

// New invents a regency. It takes no time worth speaking of; records are invented when asked for.
func New(s Setup) (*Regency, error) {
	r := &Regency{Setup: s}
	for _, d := range s.Region.OfType(people.District) {
		below := s.Region.Children(d.Code)
		villages := slices.DeleteFunc(below, func(a people.Area) bool { return !a.IsVillage() })
		if len(villages) > 0 {
			r.districts, r.villages = append(r.districts, d), append(r.villages, villages...)
		}
	}
	if len(r.villages) == 0 {
		return nil, errors.New("demo: the region has no kecamatan with a village")
	}
	for place, area := range r.settle() {
		r.participants = append(r.participants, r.participant(place, area))
	}
	return r, nil
}

// rng is the source of chance of one thing, whatever was asked for before.
func (r *Regency) rng(of ...any) *rand.Rand {
	h := fnv.New64a()
	_, _ = fmt.Fprint(h, of...)                     // a hash takes everything
	return rand.New(rand.NewPCG(r.Seed, h.Sum64())) //nolint:gosec // chance that must repeat
}

// recordID makes a UUIDv7 of the time and chance.
func recordID(at time.Time, rng *rand.Rand) string {
	var id [16]byte
	millis := uint64(at.UnixMilli())
	binary.BigEndian.PutUint64(id[:8], millis<<16|rng.Uint64()&0x0fff|0x7000)
	binary.BigEndian.PutUint64(id[8:], rng.Uint64()>>2|0x8000000000000000)
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
