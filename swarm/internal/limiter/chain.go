package limiter

// Chain is a bucket that knows the rate of those above as well.
type Chain struct{ *Bucket }

// Rate returns the lowest limit, 0 if there is none.
func (c Chain) Rate() int64 { return c.Least() }
