package ledger

import (
	"container/list"
	"sync"

	"melek/courses/people"
	"melek/courses/record"
)

// cachedPeople is how many people's parsed records are kept at hand: enough for the rooms that are under way.
const cachedPeople = 400

// setCache keeps the parsed records of those who were busy last, and what the register says of them. An
// entry is only used at the revision it was kept at, so it may be wrong about nothing: whatever changes a
// person's records or particulars raises the revision, in this process or another.
type setCache struct {
	mu     sync.Mutex
	size   int
	recent *list.List // of *cached, the latest first
	byID   map[string]*list.Element
}

// cached is what is known of one person at a revision.
type cached struct {
	id     string
	rev    int64
	set    []record.Entry
	person people.Person // zero where the register does not have them
}

func newSetCache(size int) *setCache {
	return &setCache{size: size, recent: list.New(), byID: map[string]*list.Element{}}
}

// at returns what is known of the person at the revision. Nothing is known at revision 0: who has no records
// yet has no revision that the register would raise.
func (c *setCache) at(id string, rev int64) (cached, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.byID[id]
	if !ok || rev == 0 || element.Value.(*cached).rev != rev {
		return cached{}, false
	}
	c.recent.MoveToFront(element)
	return *element.Value.(*cached), true
}

func (c *setCache) keep(next cached) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, ok := c.byID[next.id]; ok {
		if element.Value.(*cached).rev < next.rev {
			element.Value = &next
		}
		c.recent.MoveToFront(element)
		return
	}
	c.byID[next.id] = c.recent.PushFront(&next)
	if c.recent.Len() > c.size {
		oldest := c.recent.Back()
		delete(c.byID, oldest.Value.(*cached).id)
		c.recent.Remove(oldest)
	}
}

func (c *setCache) drop(ids []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range ids {
		if element, ok := c.byID[id]; ok {
			c.recent.Remove(element)
			delete(c.byID, id)
		}
	}
}
