// Package clock is the only place that reads the machine's time.
//
// Everything above takes a [Clock], so that tests and simulations decide what
// time it is. Timers and tickers of package time stay allowed: inside a
// testing/synctest bubble they follow virtual time already.
package clock

import "time"

// A Clock tells the time.
type Clock interface {
	Now() time.Time
}

// System is the machine's clock, with its monotonic reading.
type System struct{}

// Now returns the current time.
func (System) Now() time.Time { return time.Now() }
