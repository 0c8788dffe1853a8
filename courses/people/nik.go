package people

import "regexp"

// nikDigits is how many digits a NIK, the national identity number, has.
const nikDigits = 16

// digitRun is a number as people write it, in groups or not.
var digitRun = regexp.MustCompile(`[0-9](?:[ .\-]?[0-9])*`)

// HoldsNIK reports whether the text holds a number of sixteen digits, however they are grouped: it is taken
// for a NIK, which is not needed here and so must not be kept (UU 27/2022 Pasal 16). A NIP, of eighteen
// digits, is none, nor is a phone number.
func HoldsNIK(text string) bool {
	for _, run := range digitRun.FindAllString(text, -1) {
		digits := 0
		for _, r := range run {
			if r >= '0' && r <= '9' {
				digits++
			}
		}
		if digits == nikDigits {
			return true
		}
	}
	return false
}
