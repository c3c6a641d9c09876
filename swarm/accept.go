package swarm

import (
	"context"
	"errors"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/internal/transport/admission"
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
	stop := greeting.CloseOnDone(ctx, in.Conn)
	defer stop()
	addr := greeting.AddrPort(in.Conn.RemoteAddr())
	if s.refuses(addr.Addr()) {
		return greeting.ErrBanned
	}
	theirs, err := greeting.Read(in.Conn)
	if err != nil {
		return err
	}
	if in.Kind != transport.Plain && theirs.InfoHash != in.InfoHash && s.torrent(theirs.InfoHash) != s.torrent(in.InfoHash) {
		return greeting.ErrOtherTorrent
	}
	t := s.torrent(theirs.InfoHash)
	if t == nil {
		return greeting.ErrOtherTorrent
	}
	err = t.mayJoin(theirs, greeting.Conn{Kind: in.Kind, Incoming: true, Addr: addr.Addr()})
	if err != nil && !errors.Is(err, greeting.ErrOurself) { // that one has to see who we are
		return err
	}
	if _, err := in.Conn.Write(greeting.Handshake(t.id, theirs.InfoHash, s.id)); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	if !stop() {
		return context.Cause(ctx)
	}
	return t.join(t.newPeer(greeting.Met{Stream: in.Conn, Kind: in.Kind, Incoming: true, At: addr, From: addr, Theirs: theirs}))
}

func (s *Session) torrent(name [20]byte) *Torrent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.torrents[name]
}
