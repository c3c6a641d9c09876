// Package byname finds the SSL torrents of a port by the server name that their
// peers ask for (package ssltorrent).
package byname

import (
	"crypto/tls"
	"slices"
	"sync"

	"github.com/warren-p2p/warren/btls/ssltorrent"
)

// Table has the SSL torrents of a port under each of their names. The zero value is
// empty; it is safe for concurrent use.
type Table struct {
	mu     sync.RWMutex
	byName map[[20]byte]*ssltorrent.Member
}

// Add makes a torrent known by a 20-byte info-hash.
func (t *Table) Add(name [20]byte, m *ssltorrent.Member) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.byName == nil {
		t.byName = make(map[[20]byte]*ssltorrent.Member)
	}
	t.byName[name] = m
}

// Remove makes a name unknown.
func (t *Table) Remove(name [20]byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.byName, name)
}

// Asked returns the torrent that a client asks for and the name it has for it, nil if
// it asks for none of ours. One that cannot do TLS 1.3 is a visitor like others: its
// name for the torrent is not answered in any other way than a wrong one.
func (t *Table) Asked(hello *tls.ClientHelloInfo) (m *ssltorrent.Member, name [20]byte) {
	name, ok := ssltorrent.InfoHash(hello.ServerName)
	if !ok || !slices.Contains(hello.SupportedVersions, tls.VersionTLS13) {
		return nil, name
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.byName[name], name
}
