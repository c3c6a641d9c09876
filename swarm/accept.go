package swarm

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/internal/transport/admission"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
)

// handshakeTimeout bounds the exchange of handshakes (BEP 3).
const handshakeTimeout = 10 * time.Second

// Bounds on the connections that have not sent a handshake yet, in all and from
// one /24 or /48: each costs a goroutine and a socket for as long as the timeout.
const (
	maxGreetings        = 256
	maxNetworkGreetings = 64
)

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
	from := btls.Subnet(in.Conn.RemoteAddr().String())
	if !s.hall.Enter(from) {
		admission.HangUp(in.Conn)
		return
	}
	if !s.enter() {
		s.hall.Leave(from)
		admission.HangUp(in.Conn)
		return
	}
	go func() {
		defer s.wg.Done()
		err := s.greetIncoming(in)
		s.hall.Leave(from)
		if err != nil {
			s.cfg.Log.Debug("incoming peer refused", "kind", in.Kind.String(), "err", err)
			admission.HangUp(in.Conn)
		}
	}()
}

// greetIncoming exchanges handshakes with a peer that connected, and hands it
// to its torrent.
func (s *Session) greetIncoming(in transport.Incoming) error {
	// A timer and no deadline: the session's clock need not be the machine's.
	ctx, cancel := context.WithTimeout(s.ctx, handshakeTimeout)
	defer cancel()
	stop := closeOnDone(ctx, in.Conn)
	defer stop()
	addr := addrPort(in.Conn.RemoteAddr())
	if s.refuses(addr.Addr()) {
		return errBanned
	}
	theirs, err := greeting.Read(in.Conn)
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
	err = t.mayJoin(theirs, greeting.Conn{Kind: in.Kind, Incoming: true, Addr: addr.Addr()})
	if err != nil && !errors.Is(err, errOurself) { // that one has to see who we are
		return err
	}
	if _, err := in.Conn.Write(t.handshake(theirs.InfoHash)); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	if !stop() {
		return context.Cause(ctx)
	}
	return t.join(t.newPeer(in.Conn, in.Kind, theirs, addr, true))
}

func (s *Session) torrent(name [20]byte) *Torrent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.torrents[name]
}

// handshake returns our handshake under one of the torrent's names.
func (t *Torrent) handshake(name [20]byte) []byte {
	r := peerwire.Reserved{}.With(peerwire.CapExtended, peerwire.CapFast)
	if t.meta.Info.HasV2() {
		r = r.With(peerwire.CapV2)
	}
	return peerwire.Handshake{Reserved: r, InfoHash: name, PeerID: t.s.id}.Append(nil)
}

// closeOnDone closes a connection at the end of ctx, so that a handshake under
// way holds nobody up. stop reports false if that has happened.
func closeOnDone(ctx context.Context, c net.Conn) (stop func() bool) {
	return context.AfterFunc(ctx, func() { admission.HangUp(c) })
}
