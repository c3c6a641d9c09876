package swarm

import (
	"github.com/warren-p2p/warren/swarm/internal/sleeper"
	"github.com/warren-p2p/warren/swarm/internal/sources"
)

func (s *Session) sleepers() (list []*sleeper.Sleeper) {
	for _, t := range s.Torrents() {
		list = append(list, t.life)
	}
	return list
}

// beginAsleep reports whether a torrent that is added is complete and nobody
// needs it yet, and how it stands then.
func (t *Torrent) beginAsleep(opts Options) (sleeper.Status, bool) {
	if opts.Reload == nil || opts.Check || opts.Verified || len(opts.Peers) > 0 {
		return sleeper.Status{}, false
	}
	return sleeper.Whole(t.s.shared.Storage(opts.Metainfo, opts.Content), opts.Paused)
}

// entrance is a torrent as the door and those who knock know it.
type entrance struct {
	*sleeper.Sleeper
	subject *sources.Subject
}
