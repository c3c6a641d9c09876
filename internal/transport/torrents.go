package transport

import (
	"iter"
	"slices"
	"sync"

	"github.com/warren-p2p/warren/btls"
)

// torrents is what a port answers to: keys for TLS, info-hashes for MSE.
type torrents struct {
	tls *btls.Table[[20]byte]

	mu  sync.RWMutex
	mse []([20]byte)
	at  map[[20]byte]int // index in mse
}

func newTorrents(c btls.Clock) *torrents {
	return &torrents{tls: btls.NewTable[[20]byte](c), at: map[[20]byte]int{}}
}

// wire is one of the names of a torrent: the full info-hash that TLS uses and
// the 20 bytes that stand for it elsewhere.
type wire struct {
	full  []byte
	short [20]byte
}

func (a Access) key(infoHash []byte) (btls.Key, error) {
	return btls.DeriveKey(a.Level, a.Secret, infoHash)
}

// Key returns the key by which peers of the torrent are dialled over TLS, that of
// v2 if it has one. The error is btls.ErrKey.
func (id ID) Key() (btls.Key, error) {
	n := id.names()
	if len(n) == 0 {
		return id.Access.key(nil)
	}
	return id.Access.key(n[len(n)-1].full)
}

func (id ID) names() []wire {
	var n []wire
	if id.HasV1 {
		n = append(n, wire{id.V1[:], id.V1})
	}
	if id.HasV2 {
		n = append(n, wire{id.V2[:], [20]byte(id.V2[:20])})
	}
	return n
}

func (t *torrents) add(id ID, kinds []Kind) error {
	all := len(kinds) == 0
	for _, w := range id.names() {
		if all || slices.Contains(kinds, TLS) {
			k, err := id.Access.key(w.full)
			if err != nil {
				return err
			}
			if err := t.tls.Add(k, w.short); err != nil {
				return err
			}
		}
		if all || slices.Contains(kinds, MSE) {
			t.addMSE(w.short)
		}
	}
	return nil
}

func (t *torrents) addMSE(h [20]byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, ok := t.at[h]; !ok {
		t.at[h] = len(t.mse)
		t.mse = append(t.mse, h)
	}
}

func (t *torrents) remove(id ID) error {
	for _, w := range id.names() {
		k, err := id.Access.key(w.full)
		if err != nil {
			return err
		}
		t.tls.Remove(k)
		t.removeMSE(w.short)
	}
	return nil
}

func (t *torrents) removeMSE(h [20]byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i, ok := t.at[h]
	if !ok {
		return
	}
	last := t.mse[len(t.mse)-1]
	t.mse[i], t.at[last] = last, i
	t.mse = t.mse[:len(t.mse)-1]
	delete(t.at, h)
}

// clear reports whether any torrent lets peers in that do not speak TLS. While
// none does the port must not answer as a BitTorrent port would.
func (t *torrents) clear() bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.mse) > 0
}

// skeys yields the info-hashes MSE answers to.
func (t *torrents) skeys() iter.Seq[[20]byte] {
	return func(yield func([20]byte) bool) {
		t.mu.RLock()
		defer t.mu.RUnlock()
		for _, h := range t.mse {
			if !yield(h) {
				return
			}
		}
	}
}
