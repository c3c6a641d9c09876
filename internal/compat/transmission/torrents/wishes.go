package torrents

import (
	"time"

	"github.com/warren-p2p/warren/internal/compat/transmission/company"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/swarm"
)

// traffic are fields of what was sent and received.
func traffic() map[string]field {
	return map[string]field{
		"corrupt_ever":        func(l *one) any { return l.view.Status.Corrupt },
		"downloaded_ever":     func(l *one) any { return l.view.Received },
		"uploaded_ever":       func(l *one) any { return l.view.Sent },
		"rate_download":       func(l *one) any { return l.view.Status.DownRate },
		"rate_upload":         func(l *one) any { return l.view.Status.UpRate },
		"upload_ratio":        func(l *one) any { return ratio(&l.view) },
		"seconds_downloading": func(l *one) any { return seconds(l.view.ActiveTime - l.view.SeedTime) },
		"seconds_seeding":     func(l *one) any { return seconds(l.view.SeedTime) },
	}
}

func seconds(d time.Duration) int64 { return int64(max(d, 0).Seconds()) }

// ratio is -1 as long as there is nothing to compare with.
func ratio(v *library.View) float64 {
	if v.Status.Done == 0 && v.Received == 0 {
		return -1
	}
	return v.Ratio()
}

// How the limits of a torrent relate to those of the session, for ratio and idleness.
const (
	ModeSession = 0 // those of the session hold
	ModeOwn     = 1 // its own hold
	ModeNone    = 2 // none hold
)

// Mode returns which limit holds, by the torrent's own: zero leaves it to the
// session, and below zero is none.
func Mode(own float64) int {
	switch {
	case own > 0:
		return ModeOwn
	case own < 0:
		return ModeNone
	}
	return ModeSession
}

// wishes are fields of what the user wants.
func wishes() map[string]field {
	return map[string]field{
		"bandwidth_priority":    func(l *one) any { return l.kept.Priority },
		"honors_session_limits": func(l *one) any { return !l.kept.Alone },
		"download_limit":        func(l *one) any { return limit(l.view.DownLimit, l.kept.DownLimit) },
		"download_limited":      func(l *one) any { return l.view.DownLimit > 0 },
		"upload_limit":          func(l *one) any { return limit(l.view.UpLimit, l.kept.UpLimit) },
		"upload_limited":        func(l *one) any { return l.view.UpLimit > 0 },
		"max_connected_peers":   func(l *one) any { return l.maxPeers() },
		"peer_limit":            func(l *one) any { return l.maxPeers() },
		"seed_idle_limit":       func(l *one) any { return l.idleLimit() },
		"seed_idle_mode":        func(l *one) any { return Mode(float64(l.view.Record.Goal.IdleTime)) },
		"seed_ratio_limit":      func(l *one) any { return l.ratioLimit() },
		"seed_ratio_mode":       func(l *one) any { return Mode(l.view.Record.Goal.Ratio) },
		"sequential_download":   func(l *one) any { return l.view.Sequential },

		"sequential_download_from_piece": func(l *one) any { return l.kept.From },
	}
}

// limit returns the limit that holds, or the one that would, in kB/s.
func limit(bytes, kept int64) int64 {
	if bytes > 0 {
		return max(bytes/kB, 1)
	}
	if kept > 0 {
		return kept
	}
	return 100
}

func (l *one) maxPeers() int {
	if l.view.MaxPeers > 0 {
		return l.view.MaxPeers
	}
	return l.Table.t.PerTorrent()
}

func (l *one) idleLimit() int64 {
	if own := l.view.Record.Goal.IdleTime; own > 0 {
		return max(int64(own/time.Minute), 1)
	}
	if l.kept.Idle > 0 {
		return l.kept.Idle
	}
	return 30
}

func (l *one) ratioLimit() float64 {
	if own := l.view.Record.Goal.Ratio; own > 0 {
		return own
	}
	if l.kept.Ratio > 0 {
		return l.kept.Ratio
	}
	return 2
}

// others are fields of peers and trackers.
func others() map[string]field {
	taking := func(p *swarm.PeerInfo) bool { return p.UpRate > 0 }
	giving := func(p *swarm.PeerInfo) bool { return p.DownRate > 0 }
	return map[string]field{
		"peers":                  func(l *one) any { return company.Peers(l.connected(), l.view.Pieces) },
		"peers_connected":        func(l *one) any { return l.view.Status.Peers },
		"peers_from":             func(l *one) any { return company.From(l.connected()) },
		"peers_getting_from_us":  func(l *one) any { return company.Count(l.connected(), taking) },
		"peers_sending_to_us":    func(l *one) any { return company.Count(l.connected(), giving) },
		"webseeds_sending_to_us": func(l *one) any { return l.view.Status.WebSeeds },
		"trackers":               func(l *one) any { return l.announceTo().Objects() },
		"tracker_list":           func(l *one) any { return l.announceTo().Text() },
		"tracker_stats":          func(l *one) any { return l.announceTo().Stats() },
	}
}
