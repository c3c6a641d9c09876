package swarm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire"
)

// handshakeTimeout bounds the exchange of handshakes (BEP 3).
const handshakeTimeout = 10 * time.Second

// Reasons why a handshake leads nowhere.
var (
	errOurself      = errors.New("connected to ourselves")
	errOtherTorrent = errors.New("peer speaks of another torrent")
	errTwice        = errors.New("peer is connected already")
	errFull         = errors.New("as many peers as allowed are connected")
	errBanned       = errors.New("address is banned or blocked")
	errKind         = errors.New("torrent does not allow this kind of connection")
)

// accept takes a connection from the port and returns at once.
func (s *Session) accept(in transport.Incoming) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		_ = in.Conn.Close()
		return
	}
	s.wg.Go(func() {
		if err := s.greetIncoming(in); err != nil {
			s.cfg.Log.Debug("incoming peer refused", "kind", in.Kind.String(), "err", err)
			_ = in.Conn.Close()
		}
	})
}

// greetIncoming exchanges handshakes with a peer that connected, and hands it
// to its torrent.
func (s *Session) greetIncoming(in transport.Incoming) error {
	stop := closeOnDone(s.ctx, in.Conn)
	defer stop()
	addr := addrPort(in.Conn.RemoteAddr())
	if s.refuses(addr.Addr()) {
		return errBanned
	}
	if err := in.Conn.SetDeadline(s.cfg.Clock.Now().Add(handshakeTimeout)); err != nil {
		return err
	}
	theirs, err := readHandshake(in.Conn)
	if err != nil {
		return err
	}
	if in.Kind != transport.Plain && theirs.InfoHash != in.InfoHash && s.torrent(theirs.InfoHash) != s.torrent(in.InfoHash) {
		return errOtherTorrent
	}
	t := s.torrent(theirs.InfoHash)
	if t == nil {
		return errOtherTorrent
	}
	if err := t.mayJoin(theirs, in.Kind); err != nil {
		return err
	}
	if _, err := in.Conn.Write(t.handshake(theirs.InfoHash)); err != nil {
		return err
	}
	if err := in.Conn.SetDeadline(time.Time{}); err != nil {
		return err
	}
	return t.join(t.newPeer(in.Conn, in.Kind, theirs, true))
}

func (s *Session) torrent(name [20]byte) *Torrent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.torrents[name]
}

func readHandshake(r io.Reader) (peerwire.Handshake, error) {
	var b [peerwire.HandshakeLen]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return peerwire.Handshake{}, fmt.Errorf("read the handshake: %w", err)
	}
	return peerwire.ParseHandshake(b[:])
}

// handshake returns our handshake under one of the torrent's names.
func (t *Torrent) handshake(name [20]byte) []byte {
	r := peerwire.Reserved{}.With(peerwire.CapExtended, peerwire.CapFast)
	if t.meta.Info.HasV2() {
		r = r.With(peerwire.CapV2)
	}
	return peerwire.Handshake{Reserved: r, InfoHash: name, PeerID: t.s.id}.Append(nil)
}

// closeOnDone closes a connection when the session ends, so that a handshake
// under way does not hold it up.
func closeOnDone(ctx context.Context, c net.Conn) (stop func() bool) {
	return context.AfterFunc(ctx, func() { _ = c.Close() })
}
