package swarm

import (
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

// Add adds a torrent and, unless told otherwise, starts it. It returns before
// the content is checked. Files that were skipped before are skipped.
func (s *Session) Add(opts Options) (*Torrent, error) {
	if opts.Metainfo == nil && opts.Magnet == nil || opts.Content == nil {
		return nil, errors.New("swarm: a torrent needs metainfo or a magnet link, and a content folder")
	}
	t, err := s.add(opts)
	if err != nil {
		return nil, fmt.Errorf("add %q: %w", nameOf(opts), err)
	}
	return t, nil
}

func (s *Session) add(opts Options) (*Torrent, error) {
	if !s.enter() {
		return nil, ErrClosed
	}
	defer s.wg.Done()
	id := s.identify(&opts)
	// The names are taken before the store opens: two of them must not share
	// one resume file.
	if err := s.door.Reserve(id); err != nil {
		return nil, err
	}
	t, err := s.prepare(opts, id)
	if err == nil {
		err = s.register(t)
	}
	if err != nil {
		s.door.Shut(id)
		return nil, err
	}
	return t, nil
}

func idOf(m *metainfo.Torrent) transport.ID {
	h := m.Hashes()
	return transport.ID{V1: h.V1, V2: h.V2, HasV1: h.HasV1, HasV2: h.HasV2}
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

// prepare makes a torrent that nobody knows of yet.
func (s *Session) prepare(opts Options, id transport.ID) (*Torrent, error) {
	t := &Torrent{s: s, id: id, name: nameOf(opts), opts: opts, paused: opts.Paused}
	t.opts.Peers = nil
	if opts.Reload != nil {
		t.opts.Metainfo = nil
	}
	var run *torrent.Torrent
	asleep, sleeps := t.beginAsleep(opts)
	if !sleeps {
		var err error
		if run, err = t.open(opts.Metainfo, opts.Check, opts.Verified); err != nil {
			return nil, err
		}
		run.Peers.Add(conns.Manual, opts.Peers...)
		dialPeersOf(opts.Magnet, run)
	}
	t.life = s.dormitory.Add((*owner)(t), t.name, run, asleep)
	t.seek(opts)
	if sleeps {
		t.turned(StateStarting, asleep.State)
	}
	return t, nil
}

// register lets peers in to a torrent and starts it. On an error it is closed.
func (s *Session) register(t *Torrent) error {
	err := func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.closed {
			return ErrClosed
		}
		if err := s.door.Open(t.id, entrance{t.life, t.subject}, t.opts.TLS); err != nil {
			return err
		}
		s.torrents[t] = struct{}{}
		t.life.Peek((*torrent.Torrent).Run)
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
	t.subject.Remove() // as its last run may have begun anew
	s.mu.Lock()
	defer s.mu.Unlock()
	s.door.Shut(t.id)
	delete(s.torrents, t)
}
