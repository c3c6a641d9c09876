package swarm

import (
	"fmt"

	"github.com/warren-p2p/warren/internal/transport"
)

// names returns the 20-byte names of a torrent in handshakes.
func names(id transport.ID) [][20]byte {
	var n [][20]byte
	if id.HasV1 {
		n = append(n, id.V1)
	}
	if id.HasV2 {
		n = append(n, [20]byte(id.V2[:20]))
	}
	return n
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

// reserve takes the names of a torrent, with nothing behind them yet, and
// counts what follows as enter does.
func (s *Session) reserve(id transport.ID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	for _, n := range names(id) {
		if _, taken := s.torrents[n]; taken {
			return ErrDuplicate
		}
	}
	for _, n := range names(id) {
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
	for _, n := range names(id) {
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
			if err := s.port.Add(t.id, kinds(t.policy)...); err != nil {
				return fmt.Errorf("open the port: %w", err)
			}
		}
		for _, n := range names(t.id) {
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
	if err := s.port.Add(t.id, kinds(policy)...); err != nil {
		return fmt.Errorf("change the policy of %q: %w", t.meta.Info.Name, err)
	}
	return nil
}

// kinds returns how peers may connect to us.
func kinds(p TLSPolicy) []transport.Kind {
	switch p {
	case TLSRequire:
		return []transport.Kind{transport.TLS}
	case TLSOff:
		return []transport.Kind{transport.MSE}
	default:
		return []transport.Kind{transport.TLS, transport.MSE}
	}
}

// allows reports whether a policy lets a connection of this kind be.
func allows(p TLSPolicy, k transport.Kind) bool {
	switch p {
	case TLSRequire:
		return k == transport.TLS
	case TLSOff:
		return k != transport.TLS
	default:
		return true
	}
}
