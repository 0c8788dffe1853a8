package access

import (
	"context"
	"errors"

	"melek/courses"
	"melek/courses/store"
)

// Federated opens a session for the person who is linked to the subject, after an identity provider vouched
// for it. It stands for the password alone: who has a second factor here is asked for it.
func (d *Door) Federated(ctx context.Context, subject, label string) (Entry, error) {
	unknown := courses.Problemf(courses.Forbidden, "oidc.unknown")
	id, err := d.Store.PersonLinked(ctx, subject)
	if errors.Is(err, courses.NotFound) || errors.Is(err, courses.Conflict) {
		return Entry{}, unknown
	}
	if err != nil {
		return Entry{}, err
	}
	person, err := d.Store.Person(ctx, id)
	if errors.Is(err, courses.NotFound) || err == nil && person.Retired {
		return Entry{}, unknown
	}
	if err != nil {
		return Entry{}, err
	}
	c, err := d.Store.Credential(ctx, id)
	if err != nil {
		return Entry{}, err
	}
	return d.open(ctx, person, d.kindAfter(&person, c), label)
}

// Link makes the subject of an identity provider one by which the person signs in, in place of the last; a
// subject is one person's. The empty subject takes the link away.
func (d *Door) Link(ctx context.Context, person, subject string) error {
	owner, err := d.Store.PersonLinked(ctx, subject)
	switch {
	case err == nil && owner == person:
		return nil
	case err == nil, errors.Is(err, courses.Conflict):
		return courses.Problemf(courses.Conflict, "oidc.taken")
	case !errors.Is(err, courses.NotFound):
		return err
	}
	return d.Store.ChangeCredential(ctx, person, func(c *store.Credential) error {
		c.Subject = subject
		return nil
	})
}
