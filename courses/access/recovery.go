package access

import (
	"context"
	"crypto/subtle"
	"slices"
	"strings"

	"melek/courses/store"
)

// newRecovery makes the codes that stand in for a second factor, and what is kept of them: all are sealed
// with one salt, so that a try costs one seal however many are left.
func (d *Door) newRecovery(ctx context.Context) (codes, seals []string, err error) {
	codes, seals = make([]string, recoveryCodes), make([]string, recoveryCodes)
	salt := newSalt()
	for i := range codes {
		codes[i] = newCode()
		err := d.slowly(ctx, func() { seals[i] = d.Cost.sealWith(salt, typedCode(codes[i])) })
		if err != nil {
			return nil, nil, err
		}
	}
	return codes, seals, nil
}

// keptOf is how the credential would hold the recovery code were it one of the person's: sealed or, as those
// that were made earlier, as a plain hash.
func (d *Door) keptOf(ctx context.Context, c store.Credential, code string) ([]string, error) {
	kept := []string{codeHash(c.Person, code)}
	typed := typedCode(code)
	first := slices.IndexFunc(c.Recovery, func(seal string) bool { return strings.HasPrefix(seal, "$") })
	if first < 0 || len(typed) != codeLength {
		return kept, nil
	}
	err := d.slowly(ctx, func() { kept = append(kept, d.reseal(c.Recovery[first], typed)) })
	return kept, err
}

// without is the recovery codes but those that are kept as one of the given.
func without(recovery, kept []string) []string {
	return slices.DeleteFunc(slices.Clone(recovery), func(one string) bool {
		return slices.ContainsFunc(kept, func(given string) bool {
			return subtle.ConstantTimeCompare([]byte(one), []byte(given)) == 1
		})
	})
}
