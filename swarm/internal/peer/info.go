package peer

import (
	"errors"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire"
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
	p.mu.Lock()
	defer p.mu.Unlock()
	i := Info{
		Addr: p.From, ID: p.Theirs.PeerID, Client: p.dialect.Client(), Kind: p.Kind.String(), Over: transport.Over(p.Stream),
		Incoming: p.Incoming, Since: p.Since,
		DownRate: p.down.Recent(), UpRate: p.up.Recent(),
		Received: stats.Received, Sent: stats.Sent,
		Choking: p.isChoking, Interested: p.isInterested,
		AmChoking: p.serve.Choking(), AmInterested: p.amInterested,
	}
	if p.known.Load() {
		i.Seed, i.Pieces, i.Outstanding = p.dl.Seed(), p.dl.Count(), p.dl.Outstanding()
	}
	return i
}

// How long a connection may be without a sign of life, and how long before we
// give one.
const (
	silence   = 150 * time.Second
	keepalive = 100 * time.Second
	stuckTime = 60 * time.Second
)

var (
	errSilent = errors.New("peer was silent for too long")
	errStuck  = errors.New("peer does not read")
)

// Tick is called once a second. It keeps the connection alive, or ends it; long
// is set now and then, for what is done less often.
func (p *Peer) Tick(now time.Time, long bool) {
	p.measure()
	read, write, stuck := p.link.Idle(now)
	switch {
	case stuck > stuckTime:
		p.link.Close(errStuck)
		return
	case read > silence:
		p.link.Close(errSilent)
		return
	case write > keepalive:
		p.link.Send(peerwire.AppendKeepalive)
	}
	p.link.Flush()
	if p.known.Load() {
		p.dl.Tick(now)
	}
	if long { // pieces that came have made it less
		p.UpdateInterest()
		p.hashes.Forgive()
	}
}

func (p *Peer) measure() {
	stats := p.link.Stats()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down.Tick(stats.Received)
	p.up.Tick(stats.Sent)
}

// Nudge makes the connection look at limits that have changed.
func (p *Peer) Nudge() { p.link.Send(func(b []byte) []byte { return b }) }
