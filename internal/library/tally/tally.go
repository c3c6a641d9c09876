// Package tally adds up what a torrent does over all sessions of the engine, which counts
// its own alone.
package tally

import (
	"time"

	"github.com/warren-p2p/warren/internal/goal"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/swarm"
)

// Tally is what is counted of one torrent.
type Tally struct {
	Seeding time.Time // since when it seeds without a break, zero if it does not
	Sent    time.Time // when it sent something last, in this session

	sent, received int64 // of earlier sessions
	since          time.Time
	moved          Moved
}

// Moved is told of bytes of content that have moved just now.
type Moved func(now time.Time, received, sent int64)

// New begins to count where a record ends.
func New(r *record.Record, now time.Time, moved Moved) Tally {
	return Tally{sent: r.Sent, received: r.Received, since: now, moved: moved}
}

// Count adds to a record what has come since the last call, before being how the torrent
// stood then. It reports whether content was exchanged, and whether anything else was
// counted.
func (t *Tally) Count(r *record.Record, before, s swarm.Status, now time.Time) (traffic, aged bool) {
	passed := max(now.Sub(t.since), 0)
	t.since = now
	sent, received := t.sent+s.Sent, t.received+s.Received
	if sent != r.Sent {
		t.Sent = now
	}
	switch {
	case s.State != swarm.StateSeeding:
		t.Seeding = time.Time{}
	case t.Seeding.IsZero():
		t.Seeding = now
	}
	if sent != r.Sent || received != r.Received {
		t.moved(now, max(received-r.Received, 0), max(sent-r.Sent, 0))
		r.Sent, r.Received, r.LastActive, traffic = sent, received, now, true
	}
	if s.State == swarm.StateSeeding && r.Completed.IsZero() {
		r.Completed, traffic = now, true
	}
	switch before.State {
	case swarm.StateSeeding:
		r.SeedTime += passed
		fallthrough
	case swarm.StateDownloading, swarm.StateMetadata:
		r.ActiveTime += passed
		aged = passed > 0
	}
	return traffic, aged
}

// Met reports whether a torrent has given enough, and why. What is to be active whatever
// the limits are never has.
func (t *Tally) Met(g goal.Goal, r *record.Record, s swarm.Status, now time.Time) (goal.Reason, bool) {
	return g.Met(goal.Record{
		Seeding: s.State == swarm.StateSeeding && s.Left() == 0 && !r.Forced,
		Size:    s.Done, Sent: r.Sent, Received: r.Received, SeedTime: r.SeedTime,
		Since: t.Seeding, LastSent: t.Sent,
	}, now)
}

// Same reports whether nobody could tell two statuses apart.
func Same(a, b swarm.Status) bool {
	if a.State != b.State || a.Checked != b.Checked || a.Metadata != b.Metadata || a.MetadataTotal != b.MetadataTotal ||
		a.PiecesDone != b.PiecesDone || a.Pieces != b.Pieces || a.Done != b.Done || a.Wanted != b.Wanted || a.WantedDone != b.WantedDone {
		return false
	}
	if a.DownRate != b.DownRate || a.UpRate != b.UpRate || a.Received != b.Received || a.Sent != b.Sent || a.Corrupt != b.Corrupt ||
		a.Peers != b.Peers || a.TLSPeers != b.TLSPeers || a.MSEPeers != b.MSEPeers || a.UTPPeers != b.UTPPeers ||
		a.Seeds != b.Seeds || a.WebSeeds != b.WebSeeds || len(a.Unprotected) != len(b.Unprotected) {
		return false
	}
	return (a.Reason == nil) == (b.Reason == nil) && (a.Reason == nil || a.Reason.Error() == b.Reason.Error())
}
