package peer

import (
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/pulse"
)

// Info is what is known of a peer.
type Info struct {
	Addr     netip.AddrPort
	ID       [20]byte
	Client   string
	Kind     string // "tls", "mse" or "plain"
	Over     string // "tcp" or "utp"
	Incoming bool
	Seed     bool
	Pieces   int
	Since    time.Time
	// DownRate and UpRate are bytes a second, Received and Sent bytes of content.
	DownRate, UpRate, Received, Sent             int64
	Choking, Interested, AmChoking, AmInterested bool
	Outstanding                                  int // requests we wait for
}

// Info describes the peer.
func (p *Peer) Info() Info {
	stats := p.link.Stats()
	down, up := p.rates.Recent()
	i := Info{
		Addr: p.From, ID: p.Theirs.PeerID, Client: p.dialect.Client(), Kind: p.Kind.String(), Over: transport.Over(p.Stream),
		Incoming: p.Incoming, Since: p.Since,
		DownRate: down, UpRate: up,
		Received: stats.Received, Sent: stats.Sent,
		Choking: p.wants.Choking(), Interested: p.wants.Theirs(),
		AmChoking: p.serve.Choking(), AmInterested: p.wants.Ours(),
	}
	if p.known.Load() {
		i.Seed, i.Pieces, i.Outstanding = p.dl.Seed(), p.dl.Count(), p.dl.Outstanding()
	}
	return i
}

// Tick is called once a second. It keeps the connection alive, or ends it; long
// is set now and then, for what is done less often.
func (p *Peer) Tick(now time.Time, long bool) {
	stats := p.link.Stats()
	p.rates.Tick(stats.Received, stats.Sent)
	signs := p.link.Signs(now)
	sign, err := pulse.Check(signs)
	if err == nil && (p.fast || p.extended) && pulse.Mute(signs, now.Sub(p.Since)) {
		err = pulse.ErrMute
	}
	if err != nil {
		p.link.Close(err)
		return
	}
	if sign || p.Kind == transport.MSE && pulse.Afterthought(now.Sub(p.Since)) {
		p.link.Send(peerwire.AppendKeepalive)
	}
	p.link.Flush()
	if p.known.Load() {
		p.dl.Tick(now)
		if p.vain.Tick(now, signs, stats.Received, p.dl.Outstanding() > 0) && p.dl.Dispensable(now) {
			p.link.Close(pulse.ErrVain)
		}
	}
	if long { // pieces that came have made it less
		p.UpdateInterest()
		p.TellDone()
		p.hashes.Forgive()
	}
}

// Nudge makes the connection look at limits that have changed.
func (p *Peer) Nudge() { p.link.Send(func(b []byte) []byte { return b }) }
