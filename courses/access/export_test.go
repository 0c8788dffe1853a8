package access

// CountSeals has the door tell of every seal that it opens; nil ends that.
func CountSeals(d *Door, tell func(sealed string)) {
	if d.reseal = reseal; tell != nil {
		d.reseal = func(sealed, secret string) string {
			tell(sealed)
			return reseal(sealed, secret)
		}
	}
}
