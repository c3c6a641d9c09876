package progress

import (
	"strings"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/swarm"
)

// Event describes a torrent: the rate is that of sending when it is seeded.
func Event(kind string, t *swarm.Torrent) console.Event {
	s := t.Status()
	e := console.About(kind, t.Name(), t.Hashes())
	e.Total = s.Total
	e.Bytes, e.RateBPS = s.WantedDone, s.DownRate
	if s.State == swarm.StateSeeding {
		e.RateBPS = s.UpRate
	}
	if s.State == swarm.StateChecking {
		e.Bytes = int64(s.Checked * float64(s.Total))
	}
	e.Peers, e.TLSPeers, e.UTPPeers, e.WebSeeds = s.Peers, s.TLSPeers, s.UTPPeers, s.WebSeeds
	e.State, e.Reason = s.State.String(), Reason(s)
	for _, u := range s.Unprotected {
		e.Unprotected = append(e.Unprotected, console.Unprotected(u))
	}
	e.Received, e.Sent, e.TLSBytes = s.Received, s.Sent, s.SecretBytes
	return e
}

// Reason returns in one line why a torrent is in its state, "" if there is no more
// to it.
func Reason(s swarm.Status) string {
	if s.Reason == nil {
		return ""
	}
	return strings.ReplaceAll(s.Reason.Error(), "\n", "; ") // joined errors
}

// tlsPercent returns how much of what was exchanged went over TLS, -1 if
// nothing was exchanged.
func tlsPercent(s swarm.Status) int {
	all := s.Received + s.Sent
	if all == 0 {
		return -1
	}
	return words.Percent(s.SecretBytes, all)
}
