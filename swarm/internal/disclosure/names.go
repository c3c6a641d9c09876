package disclosure

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/transport"
)

// Name is 20 bytes under which a torrent is told of, and who we are there.
type Name struct {
	Hash   [20]byte
	PeerID [20]byte // for trackers
	Key    uint32   // likewise (BEP 15)
	// Lookup says that peers are asked for under this name, where that is possible
	// without telling that we are one.
	Lookup bool
	ID     bool // it is a discovery id
}

// margin is how far the clocks of two peers may differ: so long before and after
// a change of epoch the other one counts as well.
const margin = time.Hour

// epochs returns the epoch at a time, and its neighbour if it is near.
func epochs(now time.Time) (epoch, neighbour uint64, near bool) {
	epoch = btls.Epoch(now)
	if before := btls.Epoch(now.Add(-margin)); before != epoch {
		return epoch, before, true
	}
	after := btls.Epoch(now.Add(margin))
	return epoch, after, after != epoch
}

// Book knows who a session is under its names. It does not change.
type Book struct {
	peerID [20]byte
	key    uint32
	secret [32]byte // of this session; identities are made of it
}

// NewBook returns the book of a session with a peer id, which goes with
// info-hashes.
func NewBook(peerID [20]byte) *Book {
	b := &Book{peerID: peerID}
	var key [4]byte
	_, _ = rand.Read(key[:]) // never fails: crypto/rand
	_, _ = rand.Read(b.secret[:])
	b.key = binary.BigEndian.Uint32(key[:])
	return b
}

// clientLen is the part of a peer id that says which client it is of (BEP 20).
const clientLen = 8

// identity returns a peer id and a key for a discovery id, or an info-hash that one
// tracker alone is told. They are the same as long as the session has the id, and those
// of two ids have nothing in common but the client.
func (b *Book) identity(id [20]byte) (peerID [20]byte, key uint32) {
	m := hmac.New(sha256.New, b.secret[:])
	m.Write(id[:])
	sum := m.Sum(nil)
	n := copy(peerID[:], b.peerID[:clientLen])
	n = copy(peerID[n:], sum)
	return peerID, binary.BigEndian.Uint32(sum[n:])
}

// Names returns under which names a torrent is told of at a place now, the one that
// counts first; none if it is not.
func (b *Book) Names(t Torrent, p Place, now time.Time) (list []Name) {
	switch t.Shows(p) {
	case Hash:
		for _, id := range versions(t.ID) {
			n := Name{Hash: id.Wire(), PeerID: b.peerID, Key: b.key}
			if p == Alone { // who we are elsewhere is not its business
				n.PeerID, n.Key = b.identity(n.Hash)
			}
			list = append(list, n)
		}
	case ID:
		epoch, neighbour, near := epochs(now)
		list = b.ids(list, t.ID, epoch, false)
		if near {
			list = b.ids(list, t.ID, neighbour, true)
		}
	}
	return list
}

// ids appends the names of an epoch.
func (b *Book) ids(list []Name, of transport.ID, epoch uint64, lookup bool) []Name {
	for _, id := range versions(of) {
		k, err := id.Key()
		if err != nil {
			continue // nobody could be let in, either
		}
		n := Name{Hash: k.DiscoveryID(epoch), Lookup: lookup, ID: true}
		n.PeerID, n.Key = b.identity(n.Hash)
		list = append(list, n)
	}
	return list
}

// versions returns a torrent as those know it who know one of its info-hashes.
func versions(id transport.ID) (list []transport.ID) {
	if id.HasV1 {
		list = append(list, id.Only(false))
	}
	if id.HasV2 {
		list = append(list, id.Only(true))
	}
	return list
}
