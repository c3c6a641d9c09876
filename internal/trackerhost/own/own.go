// Package own is the tracker of a node: it serves what the library has, and follows
// it.
package own

import (
	"log/slog"
	"net/http"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/trackerhost"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm"
)

// What an address may ask. Clients with many torrents ask for all at once.
const (
	rate  = 20 // requests a second in the long run
	burst = 2000
)

// Tracker is the tracker of a node. A nil one is that of a node without.
type Tracker struct {
	*trackerhost.Host
	dir vfs.FS
}

// Open opens the tracker of a home, or returns nil if it is not to be on.
func Open(on bool, h *home.Home, c clock.Clock, log *slog.Logger) (*Tracker, error) {
	if !on {
		return nil, nil
	}
	dir, err := h.Folder("own-tracker")
	if err != nil {
		return nil, err
	}
	host, err := trackerhost.Open(trackerhost.Config{Clock: c, Log: log, Dir: dir, Own: true, Rate: rate, Burst: burst})
	if err != nil {
		_ = dir.Close() // nothing was written
		return nil, err
	}
	return &Tracker{host, dir}, nil
}

// Handler puts the tracker before a website.
func (t *Tracker) Handler(site http.Handler) http.Handler {
	if t == nil {
		return site
	}
	return t.Host.Handler(site)
}

// Serve has the tracker serve what a library has, as that changes, until it is stopped.
func (t *Tracker) Serve(l *library.Library) (stop func() error) {
	if t == nil {
		return func() error { return nil }
	}
	changed, leave := l.Subscribe()
	end, done := make(chan struct{}), make(chan struct{})
	t.Share(hashes(l.All()))
	go func() {
		defer close(done)
		for {
			select {
			case <-end:
				return
			case <-changed:
				t.Share(hashes(l.All()))
			}
		}
	}()
	return func() error {
		leave()
		close(end)
		<-done
		return nil
	}
}

// hashes returns what the tracker serves: torrents that are told of by their info-hash.
// Private ones have trackers of their own; those that demand TLS would be known by
// being on the list.
func hashes(all []*library.Torrent) (list [][20]byte) {
	for _, t := range all {
		v := t.View()
		if v.Private || v.TLS == swarm.TLSRequire || v.Secret != "" {
			continue
		}
		if v.Hashes.HasV1 {
			list = append(list, v.Hashes.V1)
		}
		if v.Hashes.HasV2 {
			list = append(list, v.Hashes.Truncated())
		}
	}
	return list
}

// URL returns where the tracker is announced to by who reaches the node at an address
// ("host:port"), "" if there is none. Secure says that the certificate there is one that
// clients accept.
func (t *Tracker) URL(address string, secure bool) string {
	if t == nil {
		return ""
	}
	return t.AnnounceURL(address, secure)
}

// Close saves what is known, after the port was closed.
func (t *Tracker) Close() error {
	if t == nil {
		return nil
	}
	err := t.Host.Close()
	if e := t.dir.Close(); err == nil {
		err = e
	}
	return err
}
