package sheet

import (
	"slices"

	"melek/courses"
	"melek/courses/content"
)

// AddModule puts a module with its titles at the end.
func (s *Sheet) AddModule(id string, title courses.Text) error {
	if _, err := s.Module(id); err == nil || !content.IsID(id) {
		return badID(id, err == nil)
	}
	s.Modules = append(s.Modules, Module{ID: id,
		Text: courses.Text{ID: "# " + title.ID + "\n", EN: "# " + title.EN + "\n"}})
	return nil
}

// badID says what is wrong with the id of something new.
func badID(id string, taken bool) error {
	if taken {
		return courses.Problemf(courses.Conflict, "draft.id_taken", id)
	}
	return courses.Problemf(courses.Invalid, "draft.id")
}

// MoveModule moves a module by so many places, as far as there are places.
func (s *Sheet) MoveModule(id string, by int) error {
	i, err := s.Module(id)
	if err != nil {
		return err
	}
	move(s.Modules, i, by)
	return nil
}

func move[T any](list []T, i, by int) {
	to := max(0, min(i+by, len(list)-1))
	one := list[i]
	if to > i {
		copy(list[i:], list[i+1:to+1])
	} else {
		copy(list[to+1:i+1], list[to:i])
	}
	list[to] = one
}

// RemoveModule takes a module away with its text. The items of its quiz stay.
func (s *Sheet) RemoveModule(id string) error {
	i, err := s.Module(id)
	if err != nil {
		return err
	}
	s.Modules = slices.Delete(s.Modules, i, i+1)
	return nil
}

// AddItem puts a new item into the quiz of a module or, where module is empty, into a form; both empty
// leave it without a place.
func (s *Sheet) AddItem(it Item, module, form string) error {
	if _, err := s.Item(it.ID); err == nil || !content.IsID(it.ID) {
		return badID(it.ID, err == nil)
	}
	before := ""
	switch {
	case module != "":
		i, err := s.Module(module)
		if err != nil {
			return err
		}
		before = last(s.Modules[i].Quiz)
		s.Modules[i].Quiz = append(s.Modules[i].Quiz, it.ID)
	case form != "":
		i := slices.IndexFunc(s.Forms, func(f courses.Form) bool { return f.ID == form })
		if i < 0 {
			return courses.Problemf(courses.NotFound, "form.unknown", form)
		}
		before = last(s.Forms[i].Items)
		s.Forms[i].Items = append(s.Forms[i].Items, it.ID)
	}
	at := len(s.Items)
	if i, err := s.Item(before); err == nil {
		at = i + 1
	}
	s.Items = slices.Insert(s.Items, at, it)
	return nil
}

func last(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	return ids[len(ids)-1]
}

// MoveItem moves an item within its quiz by so many places, as far as there are places.
func (s *Sheet) MoveItem(id string, by int) error {
	module, _ := s.Use(id)
	i, err := s.Module(module)
	if err != nil {
		return err
	}
	quiz := s.Modules[i].Quiz
	move(quiz, slices.Index(quiz, id), by)
	return nil
}

// RemoveItem takes an item away wherever it is named.
func (s *Sheet) RemoveItem(id string) error {
	i, err := s.Item(id)
	if err != nil {
		return err
	}
	s.Items = slices.Delete(s.Items, i, i+1)
	without := func(ids []string) []string {
		return slices.DeleteFunc(slices.Clone(ids), func(each string) bool { return each == id })
	}
	for i := range s.Modules {
		s.Modules[i].Quiz = without(s.Modules[i].Quiz)
	}
	for i := range s.Forms {
		s.Forms[i].Items = without(s.Forms[i].Items)
	}
	s.Anchors = without(s.Anchors)
	return nil
}
