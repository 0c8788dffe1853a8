package mongo

import (
	"context"
	"errors"
	"fmt"

	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/x/mongo/driver/topology"

	"melek/courses"
)

// Labels that the server or the driver puts on errors of transactions.
const (
	transient     = "TransientTransactionError"      // run the transaction again
	unknownCommit = "UnknownTransactionCommitResult" // commit again
	retryable     = "RetryableWriteError"            // the server steps down, shuts down or was cut off
)

// fault says what was attempted and turns the driver's error into a kind, or into the context's own where
// that has ended. Without an error it is nil.
func fault(ctx context.Context, attempted string, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("mongo: %s: %w", attempted, ctx.Err())
	case errors.Is(err, driver.ErrNoDocuments):
		return fmt.Errorf("mongo: %s: %w", attempted, courses.NotFound)
	case unreachable(err), cutOff(err), driver.IsTimeout(err), hasLabel(err, retryable):
		return fmt.Errorf("mongo: %s: %w: %w", attempted, courses.Unavailable, err)
	}
	return fmt.Errorf("mongo: %s: %w", attempted, err)
}

// unreachable reports whether no server was found for as long as one is looked for, so that trying at once
// again would only take as long again.
func unreachable(err error) bool {
	var selection topology.ServerSelectionError
	return errors.Is(err, driver.ErrClientDisconnected) || errors.As(err, &selection)
}

// cutOff reports whether the connection broke, or could not be had because another one to its server had just
// broken; the driver marks the latter by a method of its own and no label.
func cutOff(err error) bool {
	var pool interface{ Retryable() bool }
	return driver.IsNetworkError(err) || errors.As(err, &pool) && pool.Retryable()
}

// collided reports whether a transaction failed in a way that running it again can mend. A key that another
// transaction made after this one's snapshot may show as a duplicate.
func collided(err error) bool {
	return (hasLabel(err, transient) || driver.IsDuplicateKeyError(err) || cutOff(err)) && !unreachable(err)
}

func hasLabel(err error, label string) bool {
	var labelled driver.LabeledError
	return errors.As(err, &labelled) && labelled.HasErrorLabel(label)
}

func hasCode(err error, code int) bool {
	var server driver.ServerError
	return errors.As(err, &server) && server.HasErrorCode(code)
}
