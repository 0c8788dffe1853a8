package demo

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"melek/courses"
	"melek/courses/people"
)

// Names are plain given names with a word from the highlands behind: nobody is called so.
var (
	womenNames = []string{"Sri", "Siti", "Dewi", "Rini", "Wati", "Yuni", "Endah", "Lestari", "Ratna", "Tuti",
		"Nur", "Indah", "Ani", "Sari", "Fitri", "Wahyuni", "Puji", "Rahayu", "Mulyani", "Ningsih"}
	menNames = []string{"Agus", "Budi", "Slamet", "Joko", "Tri", "Bambang", "Eko", "Dwi", "Heru", "Imam",
		"Supri", "Wahyu", "Yanto", "Arif", "Rudi", "Teguh", "Sugeng", "Hadi", "Anto", "Purnomo"}
	secondNames = []string{"Embun", "Kabut", "Cemara", "Lembah", "Telaga", "Awan", "Pucukteh", "Carica",
		"Kentang", "Pinus", "Edelweis", "Kawah", "Lereng", "Mataair", "Rumputilalang",
		"Bukit", "Gerimis", "Kapulaga",
		"Purwaceng", "Terasering", "Sindoro", "Sumbing", "Pelangi", "Fajar", "Senja", "Rembulan", "Bintang",
		"Halimun", "Tembakau", "Salak"}
	positions = []string{"Sekretaris Desa", "Kaur TU dan Umum", "Kaur Keuangan", "Kaur Perencanaan",
		"Kasi Pemerintahan", "Kasi Kesejahteraan", "Kasi Pelayanan", "Kepala Dusun", "Operator Desa",
		"Kepala Desa"}
	wardPositions = []string{"Sekretaris Kelurahan", "Kasi Pemerintahan", "Kasi Pelayanan", "Staf"}
)

// movedOn is the day on which those who changed their village did.
const movedOn = "2026-09-14"

// settle says in which village each participant serves: everybody's village has somebody, the two
// smallest kecamatan hardly more, so that reports have something to suppress.
func (r *Regency) settle() []people.Area {
	order := slices.Clone(r.villages)
	r.rng("first").Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	if r.People <= len(order) {
		return order[:r.People]
	}
	small := r.smallDistricts()
	var sum float64
	var open []people.Area
	var upTo []float64
	for _, v := range r.villages {
		if !small[v.Parent] {
			sum += 0.5 + r.rng("size", v.Code).Float64()
			open, upTo = append(open, v), append(upTo, sum)
		}
	}
	rng := r.rng("settle")
	for len(order) < r.People {
		i, _ := slices.BinarySearch(upTo, rng.Float64()*sum)
		order = append(order, open[min(i, len(open)-1)])
	}
	return order
}

// smallDistricts are the two kecamatan with the fewest villages; a region of one or two has none.
func (r *Regency) smallDistricts() map[string]bool {
	small := map[string]bool{}
	if len(r.districts) < 3 {
		return small
	}
	number := map[string]int{}
	for _, v := range r.villages {
		number[v.Parent]++
	}
	order := slices.SortedStableFunc(slices.Values(r.districts), func(a, b people.Area) int {
		return cmp.Compare(number[a.Code], number[b.Code])
	})
	for _, d := range order[:2] {
		small[d.Code] = true
	}
	return small
}

func (r *Regency) participant(place int, area people.Area) people.Person {
	rng := r.rng("person", place)
	p := invent(rng, fmt.Sprintf("P%05d", place+1), people.Participant)
	p.Phone = fmt.Sprintf("0000%07d", place+1) // no number begins with 0000
	p.BirthYear = 1968 + rng.IntN(33)
	p.Postings = []people.Posting{{Area: area.Code, Position: position(rng, area)}}
	if rng.Float64() < 0.01 {
		to := r.villages[rng.IntN(len(r.villages))]
		p.Post(people.Posting{Area: to.Code, Position: position(rng, to), From: movedOn})
	}
	return p
}

func invent(rng *rand.Rand, id string, role people.Role) people.Person {
	p := people.Person{ID: id, Role: role, Gender: "L", Language: courses.Indonesian}
	given := menNames
	if rng.IntN(2) == 0 {
		p.Gender, given = "P", womenNames
	}
	p.Name = given[rng.IntN(len(given))] + " " + secondNames[rng.IntN(len(secondNames))]
	return p
}

func position(rng *rand.Rand, area people.Area) string {
	if area.Type == people.Ward {
		return wardPositions[rng.IntN(len(wardPositions))]
	}
	return positions[rng.IntN(len(positions))]
}

// Participants returns those who take courses.
func (r *Regency) Participants() []people.Person { return r.participants }

// Account is a person whom whoever tries the program can be.
type Account struct {
	Person people.Person
	Secret string
}

// Secrets of the ready accounts: everybody may know them, for they open nothing real.
const (
	openPIN      = "246813"
	openPassword = "kebun teh dieng" //nolint:gosec // shown on the sign-in page of a simulation
)

// Accounts returns one ready account for each role. All but the administrator and the author belong to
// the first kecamatan; the participant has done nothing yet.
func (r *Regency) Accounts() []Account {
	district, village, root := r.districts[0], r.firstVillage(), r.Region.Root()
	account := func(id string, role people.Role, area, position, secret string) Account {
		p := invent(r.rng("account", id), id, role)
		p.Postings = []people.Posting{{Area: area, Position: position}}
		return Account{p, secret}
	}
	return []Account{
		account("peserta", people.Participant, village.Code, position(r.rng("account"), village), openPIN),
		account("fasilitator", people.Facilitator, district.Code, "Relawan TIK", openPIN),
		account("kecamatan", people.DistrictOfficer, district.Code, "Kasi Pemerintahan", openPassword),
		account("admin", people.Admin, root.Code, "Diskominfo", openPassword),
		account("penulis", people.Author, root.Code, "Diskominfo", openPassword),
	}
}

// firstVillage is the first that is a desa, where there is one.
func (r *Regency) firstVillage() people.Area {
	desa := slices.IndexFunc(r.villages, func(a people.Area) bool { return a.Type == people.Village })
	return r.villages[max(desa, 0)]
}

// staffID is the number of one of the staff of the kecamatan at the place.
func staffID(letter string, place int) string { return fmt.Sprintf("%s%02d", letter, place+1) }

// Staff returns a facilitator and an officer of every kecamatan but the first, which has those of
// Accounts.
func (r *Regency) Staff() []people.Person {
	var staff []people.Person
	for i, d := range r.districts[1:] {
		facilitator := invent(r.rng("facilitator", d.Code), staffID("F", i+1), people.Facilitator)
		facilitator.Postings = []people.Posting{{Area: d.Code, Position: "Relawan TIK"}}
		officer := invent(r.rng("officer", d.Code), staffID("K", i+1), people.DistrictOfficer)
		officer.Postings = []people.Posting{{Area: d.Code, Position: "Kasi Pemerintahan"}}
		staff = append(staff, facilitator, officer)
	}
	return staff
}
