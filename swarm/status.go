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
		Pieces: t.meta.Info.NumPieces(), PiecesDone: t.have.Count(),
		Total: t.meta.Info.TotalLength(), Corrupt: corrupt, Banned: t.banned,
		DownRate: t.down20.Recent(), UpRate: t.up20.Recent(),
		Received: t.received, Sent: t.sent, SecretBytes: t.secret,
		Running: t.s.cfg.Clock.Now().Sub(t.started),
	}
	s.Done = t.doneBytes()
	s.Wanted, s.WantedDone = t.wantedBytes(left)
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

// doneBytes counts verified content. The caller holds t.mu.
func (t *Torrent) doneBytes() int64 {
	n := t.meta.Info.NumPieces()
	if t.have.Full(n) {
		return t.meta.Info.TotalLength()
	}
	// All pieces but those at the end of files are full ones; counting the
	// missing ones is exact and cheap once most are there.
	var sum int64
	for i := range n {
		if t.have.Has(i) {
			sum += int64(t.meta.Info.DataLen(i))
		}
	}
	return min(sum, t.meta.Info.TotalLength())
}

// wantedBytes counts wanted content. The caller holds t.mu.
func (t *Torrent) wantedBytes(left int) (wanted, done int64) {
	all := true
	for i := range t.meta.Info.Files {
		f := &t.meta.Info.Files[i]
		switch {
		case f.Pad:
		case t.skipped(i):
			all = false
		default:
			wanted += f.Length
			done += t.store.FileProgress(i)
		}
	}
	if all {
		return t.meta.Info.TotalLength(), t.doneBytes()
	}
	if left == 0 {
		done = wanted
	}
	return wanted, done
}

// skipped reports whether a file is not wanted. The caller holds t.mu.
func (t *Torrent) skipped(file int) bool {
	p, ok := t.priority[file]
	return ok && p == Skip
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
