package swarm

import (
	"github.com/warren-p2p/warren/swarm/internal/limiter"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

// Group is limits that several torrents share, beside their own and those of the
// session. Its methods are safe for concurrent use.
type Group struct {
	s      *Session
	shared *limiter.Group
}

// NewGroup returns a group that no torrent belongs to, with limits in bytes a second,
// 0 for none.
func (s *Session) NewGroup(up, down int64) *Group {
	return &Group{s, limiter.NewGroup(s.shared.Up, s.shared.Down, up, down, s.cfg.Clock.Now())}
}

// SetLimits changes the limits of the group in bytes a second, 0 for none.
func (g *Group) SetLimits(up, down int64) {
	g.shared.SetLimits(up, down, g.s.cfg.Clock.Now())
	g.s.limitsChanged()
}

// SetGroup puts the torrent into a group instead of the one it was in; nil is none.
func (t *Torrent) SetGroup(g *Group) {
	if g == nil {
		t.file.SetGroup(nil)
	} else {
		t.file.SetGroup(g.shared)
	}
	t.life.Reach(t.file.Join) // also one that is just being opened
}

func (s *Session) limitsChanged() {
	for _, t := range s.Torrents() {
		t.life.Peek((*torrent.Torrent).LimitsChanged)
	}
}
