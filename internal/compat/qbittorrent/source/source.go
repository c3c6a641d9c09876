// Package source collects what is told of torrents: how they stand in the library,
// what trackers say, where their content lies.
//
// What takes long to find out, as all that is in the torrent file, is kept for as
// long as it holds.
package source

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/listing"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm"
)

// Config is what sources are made from.
type Config struct {
	Library *library.Library
	Clock   clock.Clock
	// Queueing reports whether torrents wait for their turn.
	Queueing func() bool
}

// Sources tell of torrents. Its methods are safe for concurrent use.
type Sources struct {
	cfg Config

	mu     sync.Mutex
	known  map[int64]kept
	moving map[int64]int
}

// kept is what is known of a torrent that seldom changes.
type kept struct {
	revision library.Revision // at which it was found out, if it may change with any
	complete bool             // the torrent file was there
	root     string
	trackers []swarm.TrackerStatus
	magnet   string
}

// New returns sources.
func New(cfg Config) *Sources {
	return &Sources{cfg: cfg, known: make(map[int64]kept), moving: make(map[int64]int)}
}

// Of returns a torrent as the list has it.
func (s *Sources) Of(t *library.Torrent) *listing.Source {
	v := t.View()
	out := &listing.Source{View: v, Key: t.Key(), Now: s.cfg.Clock.Now(), Availability: -1}
	if e := t.Engine(); e != nil {
		out.Trackers, out.Next = e.Announces()
	}
	k := s.keep(t, &v, out.Trackers)
	out.Root, out.Magnet = k.root, k.magnet
	s.mu.Lock()
	out.Moving = s.moving[t.ID()] > 0
	s.mu.Unlock()
	if s.cfg.Queueing() && v.Status.Left() > 0 {
		out.Place = t.Position() + 1
	}
	if v.Status.State == swarm.StateDownloading || v.Status.Left() > 0 {
		out.Availability = availability(t)
	}
	return out
}

// keep returns what is known of a torrent, and finds it out if need be.
func (s *Sources) keep(t *library.Torrent, v *library.View, trackers []swarm.TrackerStatus) kept {
	s.mu.Lock()
	k, ok := s.known[t.ID()]
	s.mu.Unlock()
	whole := v.Magnet == ""
	same := ok && k.complete == whole && slices.EqualFunc(k.trackers, trackers, func(a, b swarm.TrackerStatus) bool { return a.URL == b.URL })
	if same && (!v.Renamed || k.revision == v.Revision) {
		return k
	}
	k = kept{revision: v.Revision, complete: whole, trackers: trackers, magnet: v.Magnet}
	if whole {
		k.root = rootOf(t)
		link := magnet.Link{Hashes: v.Hashes, Name: v.Name}
		for i := range trackers {
			link.Trackers = append(link.Trackers, trackers[i].URL)
		}
		k.magnet = link.String()
	}
	s.mu.Lock()
	s.known[t.ID()] = k
	s.mu.Unlock()
	return k
}

// rootOf returns the file that a torrent is, or the folder that all of its files
// lie in; "" if there is none.
func rootOf(t *library.Torrent) string {
	files, err := t.Files()
	if err != nil || len(files) == 0 {
		return ""
	}
	root, _, _ := strings.Cut(files[0].Path, "/")
	for i := range files {
		if files[i].Path != root && !strings.HasPrefix(files[i].Path, root+"/") {
			return ""
		}
	}
	return root
}

// availability returns how many copies connected peers have of what is rarest, and
// of which part of the pieces one more.
func availability(t *library.Torrent) float64 {
	e := t.Engine()
	if e == nil {
		return 0
	}
	pieces := e.Pieces()
	if len(pieces) == 0 {
		return 0
	}
	least, more := pieces[0].Availability, 0
	for i := range pieces {
		least = min(least, pieces[i].Availability)
	}
	for i := range pieces {
		if pieces[i].Availability > least {
			more++
		}
	}
	return float64(least) + float64(more)/float64(len(pieces))
}

// Forget lets go of what is known of a torrent that is gone.
func (s *Sources) Forget(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.known, id)
}

// Moving says that a torrent is being moved, until done is called.
func (s *Sources) Moving(id int64) (done func()) {
	s.add(id, 1)
	return func() { s.add(id, -1) }
}

func (s *Sources) add(id int64, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.moving[id] += n; s.moving[id] == 0 {
		delete(s.moving, id)
	}
}

// Now returns the time.
func (s *Sources) Now() time.Time { return s.cfg.Clock.Now() }
