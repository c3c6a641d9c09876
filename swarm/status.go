package swarm

import (
	"time"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/metainfo"
)

// Metainfo returns what the torrent was added with.
func (t *Torrent) Metainfo() *metainfo.Torrent { return t.meta }

// Status returns a snapshot.
func (t *Torrent) Status() Status {
	left, corrupt := t.fetch.Left(), t.fetch.Corrupt()
	t.mu.Lock()
	defer t.mu.Unlock()
	s := Status{
		State: t.state, Reason: t.reason, Checked: t.checked,
		Pieces: t.meta.Info.NumPieces(), PiecesDone: t.content.Count(),
		Total: t.meta.Info.TotalLength(), Corrupt: corrupt, Banned: t.banned,
		DownRate: t.down20.Recent(), UpRate: t.up20.Recent(),
		Received: t.received, Sent: t.sent, SecretBytes: t.secret,
		Running: t.s.cfg.Clock.Now().Sub(t.started),
	}
	s.Done = t.content.Done()
	s.Wanted, s.WantedDone = t.content.Wanted(left)
	for p := range t.peers {
		stats := p.link.Stats()
		s.Received += stats.Received
		s.Sent += stats.Sent
		s.Peers++
		switch p.kind {
		case transport.TLS:
			s.TLSPeers++
			s.SecretBytes += stats.Received + stats.Sent
		case transport.MSE:
			s.MSEPeers++
		}
		if p.dl.Seed() {
			s.Seeds++
		}
	}
	return s
}

// Peers returns what is known of the connected peers.
func (t *Torrent) Peers() []PeerInfo {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := make([]PeerInfo, 0, len(t.peers))
	for p := range t.peers {
		list = append(list, p.info())
	}
	return list
}

// info describes a peer. The caller holds t.mu.
func (p *peer) info() PeerInfo {
	stats := p.link.Stats()
	return PeerInfo{
		Addr: p.addr, ID: p.remote.PeerID, Client: p.client, Kind: p.kind.String(),
		Incoming: p.incoming, Seed: p.dl.Seed(), Pieces: p.dl.Count(), Since: p.since,
		DownRate: p.down.Recent(), UpRate: p.up.Recent(),
		Received: stats.Received, Sent: stats.Sent,
		Choking: p.isChoking, Interested: p.isInterested,
		AmChoking: p.amChoking, AmInterested: p.amInterested,
		Outstanding: p.dl.Outstanding(),
	}
}

// Running returns how long the torrent has been in the session.
func (t *Torrent) Running() time.Duration { return t.s.cfg.Clock.Now().Sub(t.started) }
