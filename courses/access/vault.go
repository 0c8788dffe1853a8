package access

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"melek/courses"
)

// KeySize is the size in bytes of the key that locks secrets of second factors.
const KeySize = 32

// KeySetting is the setting that holds the id of the key with which a store's second factors are locked.
const KeySetting = "second.key"

// NewKey makes a key.
func NewKey() []byte {
	key := make([]byte, KeySize)
	_, _ = rand.Read(key) // never fails
	return key
}

// KeyID names a key and tells nothing of it.
func KeyID(key []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("melek: id of the key of second factors"))
	return hex.EncodeToString(mac.Sum(nil)[:8])
}

// vault locks secrets that must be known again to be checked, by AES-256-GCM under a key that is not in the
// store: whoever has the database, a dump or a backup of it, has no second factor. A locked secret opens for
// its person alone.
type vault struct{ key func() ([]byte, error) }

func newVault(key func() ([]byte, error)) vault {
	if key == nil {
		key = sync.OnceValues(func() ([]byte, error) { return NewKey(), nil })
	}
	return vault{key}
}

// lockedMark begins what is locked: the mark, the id of the key and the secret in base64, with $ between.
const lockedMark = "$aes256gcm$"

func isLocked(secret string) bool { return strings.HasPrefix(secret, lockedMark) }

// lock locks a secret of the person.
func (v vault) lock(person, secret string) (string, error) {
	key, sealer, err := v.sealer()
	if err != nil {
		return "", err
	}
	sealed := sealer.Seal(nil, nil, []byte(secret), []byte(person)) //nolint:gosec // the sealer draws the nonce
	return lockedMark + KeyID(key) + "$" + base64.RawStdEncoding.EncodeToString(sealed), nil
}

// unlock returns the secret. One that was kept before there was a key is not locked and comes back as it is.
func (v vault) unlock(person, kept string) (string, error) {
	if !isLocked(kept) {
		return kept, nil
	}
	id, text, _ := strings.Cut(strings.TrimPrefix(kept, lockedMark), "$")
	key, sealer, err := v.sealer()
	if err != nil {
		return "", err
	}
	if ours := KeyID(key); id != ours {
		return "", keyless(fmt.Errorf("it is locked with %s, and the key here is %s", id, ours))
	}
	sealed, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return "", keyless(err)
	}
	secret, err := sealer.Open(nil, nil, sealed, []byte(person))
	if err != nil {
		return "", keyless(err)
	}
	return string(secret), nil
}

func (v vault) sealer() (key []byte, sealer cipher.AEAD, err error) {
	if key, err = v.key(); err != nil {
		return nil, nil, keyless(err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, nil, keyless(err)
	}
	sealer, err = cipher.NewGCMWithRandomNonce(block)
	return key, sealer, err
}

// keyless tells the log why a second factor cannot be read, and people that it is not their fault.
func keyless(why error) error {
	slog.Error("a second factor cannot be read", "error", why)
	return courses.Problemf(courses.Unavailable, "second.key")
}
