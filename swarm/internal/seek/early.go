package seek

import (
	"sync"

	"github.com/warren-p2p/warren/peerwire"
)

// Early is what there is of a peer while nobody knows what the torrent consists
// of. The zero value is that of a peer that came later. Its lock is taken by the
// reader of the connection for each message, with no other held, and by who ends
// it, who may hold that of the roster.
type Early struct {
	seeker *Seeker
	id     ID

	mu   sync.Mutex
	said Said
	over bool
}

// Enter adds the peer to a seeker. It comes before all else.
func (e *Early) Enter(s *Seeker, p Peer, theirs peerwire.Handshake) {
	e.seeker, e.id = s, s.Join(p, theirs)
}

// ID names the peer to its seeker.
func (e *Early) ID() ID { return e.id }

// Keep keeps a message for later. It reports false if later is now.
func (e *Early) Keep(id peerwire.ID, payload []byte) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.over {
		return false
	}
	e.said.Keep(id, payload)
	return true
}

// End calls f with what was said until now; messages wait meanwhile. It does
// nothing if the peer has left, or came later.
func (e *Early) End(f func(*Said) error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.over || e.seeker == nil {
		return nil
	}
	e.over = true
	return f(&e.said)
}

// Leave takes the peer from its seeker, if it has one. What End has begun is
// done when Leave returns.
func (e *Early) Leave() {
	if e.seeker == nil {
		return
	}
	e.seeker.Leave(e.id)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.over = true
}

// Hashes takes one of the three messages of BEP 52, and returns the message that
// answers it, if any: who knows nothing has no hashes.
func (e *Early) Hashes(id peerwire.ID, payload []byte) (reply []byte, err error) {
	if id == peerwire.IDHashes {
		h, err := peerwire.ParseHashes(payload)
		if err == nil {
			e.seeker.Hashes(e.id, h)
		}
		return nil, err
	}
	r, err := peerwire.ParseHashRequest(payload)
	switch {
	case err != nil:
		return nil, err
	case id == peerwire.IDHashRequest:
		return peerwire.AppendHashReject(nil, r), nil
	}
	e.seeker.HashReject(e.id, r)
	return nil, nil
}
