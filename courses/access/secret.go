package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"unicode"

	"golang.org/x/crypto/argon2"
)

// The cost of argon2id: OWASP's second choice, 19 MiB, two passes, one lane.
var owasp = Cost{Memory: 19 * 1024, Passes: 2, Lanes: 1}

// Cost is what one try to open a seal costs by argon2id.
type Cost struct {
	Memory uint32 // KiB
	Passes uint32
	Lanes  uint8
}

const (
	saltBytes = 16
	keyBytes  = 32
)

func newSalt() []byte {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails
	return salt
}

// seal hashes a PIN or password in the PHC string format.
func (c Cost) seal(secret string) string { return c.sealWith(newSalt(), secret) }

func (c Cost) sealWith(salt []byte, secret string) string {
	return c.write(salt, argon2.IDKey([]byte(secret), salt, c.Passes, c.Memory, c.Lanes, keyBytes))
}

// nobodys is a seal that costs as much to try as others and that no secret opens: nothing was hashed for it.
func (c Cost) nobodys() string {
	key := make([]byte, keyBytes)
	_, _ = rand.Read(key) // never fails
	return c.write(newSalt(), key)
}

func (c Cost) write(salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Passes,
		c.Lanes, b64.EncodeToString(salt), b64.EncodeToString(key))
}

// reseal seals the secret as another was sealed, at the same cost and with the same salt; the two seals are
// equal where the secrets are. It is empty where the seal cannot be read.
func reseal(sealed, secret string) string {
	var version uint32
	var c Cost
	parts := strings.Split(sealed, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return ""
	}
	const form = "v=%d m=%d,t=%d,p=%d"
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], form, &version, &c.Memory, &c.Passes, &c.Lanes); err != nil {
		return ""
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil || version != argon2.Version || c.Passes == 0 || c.Lanes == 0 {
		return ""
	}
	return c.sealWith(salt, secret)
}

// codeLetters leaves out what is mistaken for another when read from paper.
const (
	codeLetters = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
	codeLength  = 10
)

// newCode makes a one-time code such as «K7QMR-2XWPA», about 49 bits.
func newCode() string {
	code := drawn(codeLetters, codeLength)
	return code[:codeLength/2] + "-" + code[codeLength/2:]
}

// drawn is so many of the letters, each drawn by chance.
func drawn(letters string, length int) string {
	text := make([]byte, length)
	for i := range text {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
		if err != nil {
			panic(err) // crypto/rand does not fail on supported systems
		}
		text[i] = letters[n.Int64()]
	}
	return string(text)
}

// typedCode is a code whichever way it was typed.
func typedCode(code string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, strings.ToUpper(code))
}

// codeHash hashes a one-time code for one person. It is a plain hash, for codes are made by the thousand, a
// slip each: 49 bits that hold for 90 days and only open the page that chooses a PIN.
func codeHash(person, code string) string { return hexSum(person + " " + typedCode(code)) }

// secondEncoding is how secrets of second factors are written.
var secondEncoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// newToken makes a secret of 256 bits for a session.
func newToken() string {
	token := make([]byte, 32)
	_, _ = rand.Read(token) // never fails
	return base64.RawURLEncoding.EncodeToString(token)
}

func hexSum(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
