//go:build linux

package handshake

import (
	"fmt"
	"net"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"github.com/warren-p2p/warren/internal/clock"
)

// cost is what something takes: time, and processor time of this process. The
// second does not depend on what else the machine does.
type cost struct{ took, cpu time.Duration }

// spent is what has been taken since some fixed instant.
func spent() (cost, error) {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return cost{}, fmt.Errorf("read processor time: %w", err)
	}
	return cost{time.Duration(clock.System{}.Now().UnixNano()), time.Duration(u.Utime.Nano() + u.Stime.Nano())}, nil
}

// turn is how many connections of a kind are made one after the other.
const turn = 25

// rest is how long the other end may take to be done with them.
const rest = 5 * time.Millisecond

// turns makes n connections of each kind and returns what one costs: the median of
// the time until it stands, and the processor time, its end included, of the median
// turn.
func turns(kinds []func() (net.Conn, error), n int) ([]cost, error) {
	took, used := make([][]time.Duration, len(kinds)), make([][]time.Duration, len(kinds))
	costs := make([]cost, len(kinds))
	for made := 0; made < n; made += turn {
		for i, do := range kinds {
			before, err := spent()
			if err != nil {
				return nil, err
			}
			for range min(turn, n-made) {
				began := clock.System{}.Now()
				c, err := do()
				if err != nil {
					return nil, err
				}
				took[i] = append(took[i], clock.System{}.Now().Sub(began))
				_ = c.Close() // the other end may have done so
			}
			time.Sleep(rest)
			after, err := spent()
			if err != nil {
				return nil, err
			}
			used[i] = append(used[i], (after.cpu-before.cpu)/time.Duration(min(turn, n-made)))
		}
	}
	for i := range costs {
		slices.Sort(took[i])
		slices.Sort(used[i])
		costs[i] = cost{took[i][n/2], used[i][len(used[i])/2]}
	}
	return costs, nil
}
