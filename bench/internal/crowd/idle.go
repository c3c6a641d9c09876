//go:build linux

package crowd

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"path"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm"
)

// Events of a node with idle peers.
const (
	Listening = "listening" // with what it uses alone
	Full      = "full"      // with what it uses with all peers
)

// pace is how often a node looks, and how long it lets connections come to rest.
const (
	pace = 20 * time.Millisecond
	rest = 2 * time.Second
)

// Node seeds the first torrent of a crowd, tells where and what it uses, and
// tells it again when n peers are connected. It ends with ctx.
func Node(ctx context.Context, dir string, n int, mode string, tell func(Told)) (err error) {
	c, err := open(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := c.session.Close(); err != nil {
		return err
	}
	cfg := c.config()
	cfg.MaxPeers, cfg.SessionPeers = 2*n, 2*n
	if c.session, err = swarm.NewSession(ctx, cfg); err != nil {
		return err
	}
	m, err := read(c.dir, path.Join(TorrentsDir, TorrentName(0)))
	if err != nil {
		return err
	}
	policy := map[string]swarm.TLSPolicy{"TLS": swarm.TLSRequire, "plain": swarm.TLSOff}[mode]
	t, err := c.session.Add(swarm.Options{Metainfo: m, Content: c.content, TLS: policy, Verified: true})
	if err == nil {
		err = t.Wait(ctx)
	}
	if err != nil {
		return err
	}
	tick := time.NewTicker(pace)
	defer tick.Stop()
	at := c.session.Addr().String()
	told, since := 0, 0
	for {
		if since++; since == int(rest/pace) {
			event := [...]string{Listening, Full}[told]
			u := inUse()
			u.Event, u.Addr = event, at
			tell(u)
			told++
		}
		if told == 2 {
			break
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if told == 1 && t.Status().Peers < n {
			since = 0
		}
	}
	<-ctx.Done()
	return nil
}

// inUse collects garbage first: what a peer costs is what cannot be thrown away.
func inUse() Told {
	debug.FreeOSMemory()
	runtime.GC() // what finalizers and pools held on to the first time
	t := usage()
	return t
}

// Peers connects n peers to a node, which want nothing, and tells when they are
// there. It ends with ctx, or when the node closes a connection.
func Peers(ctx context.Context, addr string, n int, mode, torrent string, tell func(Told)) error {
	fsys, name, err := vfs.OpenPath(torrent)
	if err != nil {
		return err
	}
	m, err := read(fsys, name)
	if err := errors.Join(err, fsys.Close()); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	for i := range n {
		c, err := idle(ctx, addr, mode, m)
		if err != nil {
			return fmt.Errorf("connect peer %d: %w", i, err)
		}
		defer context.AfterFunc(ctx, func() { _ = c.Close() })()
		go func() {
			_, err := io.Copy(io.Discard, c)
			cancel(fmt.Errorf("peer %d has lost its node: %w", i, err))
		}()
	}
	tell(Told{Event: Ready})
	<-ctx.Done()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// idle is a peer after the handshake and what follows it.
func idle(ctx context.Context, addr, mode string, m *metainfo.Torrent) (c net.Conn, err error) {
	h := m.Hashes()
	if mode == "TLS" {
		c, err = transport.DialTLS(ctx, netpolicy.Direct{}, addr, transport.ID{V1: h.V1, HasV1: true}, btls.DialOptions{})
	} else {
		c, err = transport.DialPlain(ctx, netpolicy.Direct{}, addr)
	}
	if err != nil {
		return nil, err
	}
	hand := peerwire.Handshake{Reserved: peerwire.Reserved{}.With(peerwire.CapExtended, peerwire.CapFast), InfoHash: h.V1}
	_, _ = rand.Read(hand.PeerID[:]) // never fails, says its documentation
	b := peerwire.AppendExtended(peerwire.AppendHaveNone(hand.Append(nil)), 0, []byte("d1:md11:ut_metadatai3eee"))
	_, err = c.Write(b)
	if err == nil { // the next one comes when this one is in
		_, err = io.ReadFull(c, make([]byte, peerwire.HandshakeLen))
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}
