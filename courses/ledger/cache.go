package ledger

import (
	"container/list"
	"sync"
)

// cachedPeople is how many people's folders are kept at hand: enough for the rooms that are under way.
const cachedPeople = 400

// cache keeps the folders of those who were busy last. A folder is only used at the revision it was kept at,
// so it may be wrong about nothing: whatever changes a person's records or particulars raises the revision,
// in this process or another. Whoever takes one out has it alone, and brings it back when what was done with
// it is durable; one that is not brought back is read from the store the next time.
type cache struct {
	mu     sync.Mutex
	size   int
	recent *list.List // of *folder, the latest first
	byID   map[string]*list.Element
}

func newCache(size int) *cache {
	return &cache{size: size, recent: list.New(), byID: map[string]*list.Element{}}
}

// take returns the person's folder at the revision, nil where it is not at hand. Nothing is known at revision
// 0: who has no records yet has no revision that the register would raise.
func (c *cache) take(id string, rev int64) *folder {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.byID[id]
	if !ok {
		return nil
	}
	f := element.Value.(*folder)
	c.recent.Remove(element)
	delete(c.byID, id)
	if rev == 0 || f.kept.Rev != rev {
		return nil
	}
	return f
}

// keep puts a folder in, in place of one of an earlier revision.
func (c *cache) keep(f *folder) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, ok := c.byID[f.id]; ok {
		if element.Value.(*folder).kept.Rev > f.kept.Rev {
			return
		}
		c.recent.Remove(element)
	}
	c.byID[f.id] = c.recent.PushFront(f)
	if c.recent.Len() > c.size {
		oldest := c.recent.Back()
		delete(c.byID, oldest.Value.(*folder).id)
		c.recent.Remove(oldest)
	}
}
