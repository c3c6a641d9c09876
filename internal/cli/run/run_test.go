package run

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// What does not come to its end holds the process no longer than is allowed.
func TestWithin(t *testing.T) {
	failed := errors.New("it failed")
	for name, c := range map[string]struct {
		takes time.Duration
		err   error // of stopping
		want  error
		after time.Duration
	}{
		"at once": {0, nil, nil, 0},
		"fails":   {time.Second, failed, failed, time.Second},
		"slow":    {29 * time.Second, nil, nil, 29 * time.Second},
		"stuck":   {time.Hour, nil, errLate, 30 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			err := within(30*time.Second, func() error {
				time.Sleep(c.takes)
				return c.err
			})
			if took := time.Since(began); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) || took != c.after {
				t.Errorf("%s: %v after %v", name, err, took)
			}
			time.Sleep(time.Hour) // what is stuck ends with the process, here with the test
			synctest.Wait()
		})
	}
}
