package clock_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
)

// TestSystem checks that the system's clock follows a bubble's virtual time.
func TestSystem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c clock.Clock = clock.System{}
		before := c.Now()
		time.Sleep(time.Hour)
		if passed := c.Now().Sub(before); passed != time.Hour {
			t.Errorf("an hour took %v", passed)
		}
	})
}
