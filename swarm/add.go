package swarm

import (
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/dossier"
	"github.com/warren-p2p/warren/swarm/internal/reader"
	"github.com/warren-p2p/warren/swarm/internal/sleeper"
	"github.com/warren-p2p/warren/swarm/internal/sources"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

// Add adds a torrent and, unless told otherwise, starts it. It returns before
// the content is checked. Files that were skipped before are skipped.
func (s *Session) Add(opts Options) (*Torrent, error) {
	if opts.Metainfo == nil && opts.Magnet == nil || opts.Content == nil {
		return nil, errors.New("swarm: a torrent needs metainfo or a magnet link, and a content folder")
	}
	err := opts.SetAccess(s.cfg.Clock)
	if err != nil {
		return nil, fmt.Errorf("add %q: %w", opts.Name(), err)
	}
	t, err := s.add(opts)
	if err != nil {
		return nil, fmt.Errorf("add %q: %w", opts.Name(), err)
	}
	return t, nil
}

func (s *Session) add(opts Options) (*Torrent, error) {
	if !s.enter() {
		return nil, ErrClosed
	}
	defer s.wg.Done()
	t := &Torrent{s: s}
	t.file, opts.Metainfo = dossier.New(s.ctx, &s.shared, opts)
	// The names are taken before the store opens: two of them must not share
	// one resume file.
	if err := s.door.Reserve(t.file.ID()); err != nil {
		return nil, err
	}
	err := s.prepare(t, opts)
	if err == nil {
		err = s.register(t, opts.TLS)
	}
	if err != nil {
		s.door.Shut(t.file.ID())
		return nil, err
	}
	return t, nil
}

// enter counts something that Close waits for. It reports false if the session
// is closed; otherwise s.wg.Done must follow.
func (s *Session) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.wg.Add(1)
	return true
}

// prepare makes a torrent ready that nobody knows of yet.
func (s *Session) prepare(t *Torrent, opts Options) error {
	t.file.Watch((*watcher)(t))
	var run *torrent.Torrent
	asleep, sleeps := t.beginAsleep(opts)
	t.turn = s.turns.New(t.file, opts.Forced)
	if !sleeps {
		t.turn.Await()
		var err error
		if run, err = t.file.Run(opts.Metainfo, opts.Check, opts.Verified); err != nil {
			return err
		}
		run.Peers.Add(conns.Manual, opts.Peers...)
		run.Peers.Hear(conns.Manual, t.file.Invited()...)
	}
	t.life = s.dormitory.Add(t.file, t.file.Title(), run, asleep)
	t.desk = reader.NewDesk(t.life, s.cfg.Clock)
	t.subject = s.sources.Add(t.life, sources.Options{ // whoever answers finds it alive
		Name: t.file.Title(), Torrent: t.file.Shown(opts.Metainfo),
		Typed: opts.Trackers, Tiers: t.file.Tiers(opts.Metainfo),
	})
	if sleeps {
		t.subject.Turned(StateStarting, asleep.State)
	}
	return nil
}

// register lets peers in to a torrent and starts it. On an error it is closed.
func (s *Session) register(t *Torrent, policy TLSPolicy) error {
	err := func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.closed {
			return ErrClosed
		}
		if err := s.door.Open(t.file.ID(), entrance{t.life, t.subject}, policy); err != nil {
			return err
		}
		s.torrents[t] = struct{}{}
		t.life.Peek((*torrent.Torrent).Run)
		t.turn.Enter(t.life)
		return nil
	}()
	if err != nil {
		t.subject.Remove()
		t.life.Peek(func(run *torrent.Torrent) { _ = run.Close(err) })
	}
	return err
}

// unregister forgets a torrent.
func (s *Session) unregister(t *Torrent) {
	t.turn.Leave()
	t.subject.Remove() // as its last run may have begun anew
	s.mu.Lock()
	defer s.mu.Unlock()
	s.door.Shut(t.file.ID())
	delete(s.torrents, t)
}

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
	return sleeper.Whole(t.s.shared.Storage(opts.Metainfo, opts.Content, opts.Paths), opts.Paused)
}

// entrance is a torrent as the door and those who knock know it.
type entrance struct {
	*sleeper.Sleeper
	subject *sources.Subject
}
