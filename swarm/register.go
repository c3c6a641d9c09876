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

func (s *Session) register(t *Torrent) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	for _, n := range names(t.id) {
		if s.torrents[n] != nil {
			return fmt.Errorf("add %q: %w", t.meta.Info.Name, ErrDuplicate)
		}
	}
	if s.port != nil {
		if err := s.port.Add(t.id, t.kinds()...); err != nil {
			return fmt.Errorf("open the port for %q: %w", t.meta.Info.Name, err)
		}
	}
	for _, n := range names(t.id) {
		s.torrents[n] = t
	}
	return nil
}

// kinds returns how peers may connect to us.
func (t *Torrent) kinds() []transport.Kind {
	switch t.policy {
	case TLSRequire:
		return []transport.Kind{transport.TLS}
	case TLSOff:
		return []transport.Kind{transport.MSE}
	default:
		return []transport.Kind{transport.TLS, transport.MSE}
	}
}

// allows reports whether the policy lets a connection of this kind be.
func (t *Torrent) allows(k transport.Kind) bool {
	switch t.policy {
	case TLSRequire:
		return k == transport.TLS
	case TLSOff:
		return k != transport.TLS
	default:
		return true
	}
}

func (s *Session) unregister(t *Torrent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range names(t.id) {
		delete(s.torrents, n)
	}
	if s.port != nil {
		_ = s.port.Remove(t.id)
	}
}
