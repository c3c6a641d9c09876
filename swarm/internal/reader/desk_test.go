package reader

import (
	"testing"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

// asleep is a torrent that has fallen asleep.
type asleep struct{}

func (asleep) Use(func(*torrent.Torrent) error) error { return nil }
func (asleep) Peek(func(*torrent.Torrent)) bool       { return false }

// A run that has ended is let go of with the last reader that wanted something of it.
func TestLeaveAsleep(t *testing.T) {
	d := NewDesk(asleep{}, nil)
	first, last := &Reader{desk: d}, &Reader{desk: d}
	wants := map[int]time.Time{0: epoch}
	d.run, d.told = new(torrent.Torrent), wants
	d.readers[first], d.readers[last] = wants, wants
	d.leave(first)
	if d.run == nil {
		t.Error("forgotten while somebody wants something of it")
	}
	d.leave(last)
	if d.run != nil || d.told != nil {
		t.Error("kept, with all it holds")
	}
}
