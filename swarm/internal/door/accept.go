package door

import (
	"context"
	"errors"
	"time"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/internal/transport/admission"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/roster"
)

// handshakeTimeout bounds the exchange of handshakes (BEP 3).
const handshakeTimeout = 10 * time.Second

// greetings bounds the connections that have not sent a handshake yet: each costs
// a goroutine and a socket for as long as the timeout.
var greetings = admission.Bounds{All: 256, PerNetwork: 64, PerHost: 16}

// accept takes a connection from the port and returns at once.
func (d *Door) accept(in transport.Incoming) {
	from := greeting.AddrPort(in.Conn.RemoteAddr()).Addr()
	if d.ctx.Err() != nil || d.Refuses(from) || d.cfg.Conduct.Out(from, d.cfg.Clock.Now()) {
		admission.HangUp(in.Conn)
		return
	}
	place := d.hall.Enter(from, func() { admission.HangUp(in.Conn) })
	if place == nil {
		admission.HangUp(in.Conn)
		return
	}
	d.wg.Go(func() {
		err := d.greet(in)
		place.Leave()
		if err != nil {
			d.cfg.Log.Debug("incoming peer refused", "kind", in.Kind.String(), "err", transport.Reason(err))
			admission.HangUp(in.Conn)
		}
	})
}

// greet exchanges handshakes with a peer that connected, and hands it to the
// roster of its torrent.
func (d *Door) greet(in transport.Incoming) error {
	// A timer and no deadline: the session's clock need not be the machine's.
	ctx, cancel := context.WithTimeout(d.ctx, handshakeTimeout)
	defer cancel()
	stop := greeting.CloseOnDone(ctx, in.Conn)
	defer stop()
	from := greeting.AddrPort(in.Conn.RemoteAddr())
	if d.Refuses(from.Addr()) {
		return greeting.ErrBanned
	}
	// Before the torrent is woken, or anything is said of it.
	if err := greeting.Vouch(d.termsOf(in.InfoHash).id, in.Conn, false); err != nil {
		return err
	}
	theirs, err := greeting.Read(in.Conn)
	if err != nil {
		return err
	}
	t := d.torrent(theirs.InfoHash)
	if t == nil || in.Kind != transport.Plain && theirs.InfoHash != in.InfoHash && t != d.torrent(in.InfoHash) {
		return greeting.ErrOtherTorrent
	}
	// Before the torrent is woken as well: how long that takes would tell that it is here.
	if !greeting.Allows(d.termsOf(theirs.InfoHash).policy, in.Kind) {
		return greeting.ErrKind
	}
	m := greeting.Met{Stream: in.Conn, Kind: in.Kind, Incoming: true, At: from, From: from, Theirs: theirs}
	return t.Admit(func(r *roster.Roster) error {
		if err := d.answer(r, m); err != nil {
			return err
		}
		if !stop() {
			return context.Cause(ctx)
		}
		return d.joined(r.Join(m), m)
	})
}

// joined tells of a peer that has joined, unless that failed.
func (d *Door) joined(err error, m greeting.Met) error {
	if err == nil && d.cfg.Arrived != nil {
		d.cfg.Arrived(m.From.Addr(), transport.Over(m.Stream) == "utp")
	}
	return err
}

// answer sends our handshake to a peer that may join.
func (d *Door) answer(r *roster.Roster, m greeting.Met) error {
	err := r.MayJoin(m.Theirs, m.Conn())
	if err != nil && !errors.Is(err, greeting.ErrOurself) { // that one has to see who we are
		return err
	}
	if _, err := m.Stream.Write(greeting.Handshake(r.ID(), greeting.Answer(r.ID(), m.Theirs), d.cfg.PeerID, r.More()...)); err != nil {
		return err
	}
	return err
}
