package apitest

import (
	"crypto/tls"
	"log/slog"
	"testing"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/trackerhost/own"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/swarm"
)

// openTracker opens the tracker of the node, which others reach at node.example:6881.
func (w *World) openTracker(t testing.TB, log *slog.Logger) {
	t.Helper()
	var err error
	w.Tracker, err = own.Open(true, own.Config{
		Folder: func(string) (vfs.FS, error) { return memfs.New(), nil }, Clock: clock.System{}, Log: log, Names: w.Net,
		Wishes:  func() own.Wishes { return own.Wishes{List: true, Address: "node.example:6881"} },
		Session: func() *swarm.Session { return w.session }, Certificate: func() *tls.Certificate { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
}
