package swarm

import (
	"fmt"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
)

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

// reserve takes the names of a torrent, with nothing behind them yet, and
// counts what follows as enter does.
func (s *Session) reserve(id transport.ID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	for _, n := range greeting.Names(id) {
		if _, taken := s.torrents[n]; taken {
			return ErrDuplicate
		}
	}
	for _, n := range greeting.Names(id) {
		s.torrents[n] = nil
	}
	s.wg.Add(1)
	return nil
}

// free gives names back.
func (s *Session) free(id transport.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.freeLocked(id)
}

func (s *Session) freeLocked(id transport.ID) {
	for _, n := range greeting.Names(id) {
		delete(s.torrents, n)
	}
}

// register puts a torrent behind its names and starts it. On an error it is
// closed.
func (s *Session) register(t *Torrent) error {
	err := func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.closed {
			return ErrClosed
		}
		if s.port != nil {
			if err := s.port.Add(t.id, greeting.Kinds(t.policy)...); err != nil {
				return fmt.Errorf("open the port: %w", err)
			}
		}
		for _, n := range greeting.Names(t.id) {
			s.torrents[n] = t
		}
		t.wg.Go(t.loop)
		return nil
	}()
	if err != nil {
		_ = t.close(err)
	}
	return err
}

func (s *Session) unregister(t *Torrent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.port != nil {
		_ = s.port.Remove(t.id)
	}
	s.freeLocked(t.id)
}

// reopen makes the port answer to a torrent as a policy demands.
func (s *Session) reopen(t *Torrent, policy TLSPolicy) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.port == nil || s.torrents[t.id.Wire()] != t {
		return nil
	}
	if err := s.port.Remove(t.id); err != nil {
		return fmt.Errorf("change the policy of %q: %w", t.meta.Info.Name, err)
	}
	if err := s.port.Add(t.id, greeting.Kinds(policy)...); err != nil {
		return fmt.Errorf("change the policy of %q: %w", t.meta.Info.Name, err)
	}
	return nil
}
