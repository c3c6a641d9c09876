package contact

import (
	"strings"

	"github.com/warren-p2p/warren/swarm"
)

// Sources are where peers of a torrent are sought. Those that peers tell of each
// other (BEP 11) need a first one, from here.
type Sources struct {
	Named    bool // by the user, or by a magnet link
	Trackers []swarm.TrackerStatus
	DHT      *swarm.Lookup // nil: it is not asked
	LSD      bool          // the local network is asked (BEP 14)
	Private  bool          // only trackers may be asked (BEP 27)
}

// Said says in a few words what the sources have to do with it that no peer is
// connected: "" if there is nothing to say.
func (s Sources) Said() string {
	var said []string
	if text := Trackers(s.Trackers); text != "" {
		said = append(said, text)
	}
	if s.DHT != nil {
		said = append(said, DHT(*s.DHT))
	}
	switch {
	case len(said) > 0:
		return strings.Join(said, "; ")
	case s.asking():
		return ""
	case s.LSD:
		return "only the local network is asked"
	case s.Private:
		return "the torrent is private, and no tracker is asked"
	}
	return "nobody is asked for peers"
}

// Advice says what the user has to know if few sources are left, "" if there are
// enough.
func (s Sources) Advice() string {
	switch {
	case s.asking():
		return ""
	case s.LSD:
		return "no --peer is given, and only the local network is asked for peers, neither a tracker nor the DHT: " +
			"waiting for one in it, or one that connects to us"
	case s.Private:
		return "no --peer is given, no tracker is asked, and nobody else may be, because the torrent is private: " +
			"waiting for peers that connect to us"
	}
	return "no --peer is given, and nobody is asked for peers, neither a tracker, the DHT nor the local network: " +
		"waiting for peers that connect to us"
}

// asking reports whether there are sources that reach beyond the local network.
func (s Sources) asking() bool { return s.Named || len(s.Trackers) > 0 || s.DHT != nil }
