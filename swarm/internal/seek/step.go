package seek

import (
	"fmt"
	"slices"
	"time"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/metadata"
	"github.com/warren-p2p/warren/swarm/internal/metadata/layers"
)

// task is something to do without the lock.
type task func()

// do makes a step: f with the lock held, and without it what f returns.
func (s *Seeker) do(f func(now time.Time) []task) {
	now := s.cfg.Clock.Now()
	s.mu.Lock()
	was := s.done
	tasks := f(now)
	if s.settle(now); s.done && !was {
		tasks = append(tasks, s.cfg.Done)
	}
	s.mu.Unlock()
	for _, t := range tasks {
		t()
	}
}

// ofInfo turns what is to be done into tasks.
func (s *Seeker) ofInfo(actions []metadata.Action, now time.Time) (tasks []task) {
	for _, a := range actions {
		p := s.peers[ID(a.Peer)]
		switch {
		case a.Info != nil:
			tasks = append(tasks, s.found(a.Info, now)...)
		case p == nil:
		case a.Ask:
			tasks = append(tasks, func() { p.AskMetadata(a.Piece) })
		default:
			tasks = append(tasks, func() { s.cfg.Drop(p.Peer, a.Drop) })
		}
	}
	return tasks
}

func (s *Seeker) ofLayers(actions []layers.Action) (tasks []task) {
	for _, a := range actions {
		switch p := s.peers[ID(a.Peer)]; {
		case p == nil:
		case a.Drop != nil:
			tasks = append(tasks, func() { s.cfg.Drop(p.Peer, a.Drop) })
		default:
			tasks = append(tasks, func() { p.AskLayer(a.Ask) })
		}
	}
	return tasks
}

// found takes the info dictionary, and looks for the piece layers.
func (s *Seeker) found(info []byte, now time.Time) (tasks []task) {
	meta, err := metainfo.ParseInfo(info)
	if err == nil && !meta.Hashes().Match(s.cfg.Hashes) {
		err = metainfo.ErrVersion
	}
	if err == nil && meta.Info.SSLCert != "" {
		err = ErrSSLTorrent
	}
	if err != nil {
		s.done, s.err = true, fmt.Errorf("%w: %w", ErrUnusable, err)
		return nil
	}
	s.meta, s.layers, s.since = meta, layers.New(meta), now
	ids := make([]ID, 0, len(s.peers))
	for id, p := range s.peers {
		if p.v2 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids) // the same for the same events
	for _, id := range ids {
		tasks = append(tasks, s.ofLayers(s.layers.Join(layers.Peer(id), now))...)
	}
	return tasks
}

// layerTime is how long the piece layers of a hybrid are waited for.
const layerTime = 10 * time.Second

// settle decides whether enough is there. The pieces of a hybrid can be checked
// without its layers, and most of its peers may not have them.
func (s *Seeker) settle(now time.Time) {
	if s.done || s.meta == nil {
		return
	}
	s.done = s.layers.Left() == 0
	if !s.done && s.meta.Info.HasV1() {
		some := false
		for _, p := range s.peers {
			some = some || p.v2
		}
		s.done = !some || now.Sub(s.since) > layerTime
	}
}
