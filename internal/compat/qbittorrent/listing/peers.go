package listing

import (
	"strings"

	"github.com/warren-p2p/warren/swarm"
)

// Peer is a peer of a torrent.
type Peer struct {
	Client       string  `json:"client"`
	Connection   string  `json:"connection"`
	Country      string  `json:"country"`
	CountryCode  string  `json:"country_code"`
	DlSpeed      int64   `json:"dl_speed"`
	Downloaded   int64   `json:"downloaded"`
	Files        string  `json:"files"`
	Flags        string  `json:"flags"`
	FlagsDesc    string  `json:"flags_desc"`
	IP           string  `json:"ip"`
	PeerIDClient string  `json:"peer_id_client"`
	Port         int     `json:"port"`
	Progress     float64 `json:"progress"`
	Relevance    float64 `json:"relevance"`
	UpSpeed      int64   `json:"up_speed"`
	Uploaded     int64   `json:"uploaded"`
}

// PeersOf returns peers by their address. Countries are not told: nothing is asked
// about anybody's address.
func PeersOf(s *Source, peers []swarm.PeerInfo) map[string]Peer {
	all := make(map[string]Peer, len(peers))
	for i := range peers {
		all[peers[i].Addr.String()] = peerOf(s, &peers[i])
	}
	return all
}

func peerOf(s *Source, p *swarm.PeerInfo) Peer {
	out := Peer{
		Client: p.Client, Connection: "BT", DlSpeed: p.DownRate, Downloaded: p.Received, IP: p.Addr.Addr().Unmap().String(),
		PeerIDClient: idOf(p.ID), Port: int(p.Addr.Port()), UpSpeed: p.UpRate, Uploaded: p.Sent,
	}
	if p.Over == "utp" {
		out.Connection = "μTP"
	}
	switch {
	case p.Seed:
		out.Progress = 1
	case s.View.Pieces > 0:
		out.Progress = float64(p.Pieces) / float64(s.View.Pieces)
	}
	if !s.complete() { // as much of what is missing as a peer has on average
		out.Relevance = out.Progress
	}
	out.Flags, out.FlagsDesc = flags(p)
	return out
}

// flags returns the letters of a peer, and what they stand for, a line each.
func flags(p *swarm.PeerInfo) (letters, meaning string) {
	var short, long []string
	add := func(on bool, letter, text string) {
		if on {
			short, long = append(short, letter), append(long, letter+" = "+text)
		}
	}
	add(p.AmInterested && !p.Choking, "D", "Interested (local) and unchoked (peer)")
	add(p.AmInterested && p.Choking, "d", "Interested (local) and choked (peer)")
	add(p.Interested && !p.AmChoking, "U", "Interested (peer) and unchoked (local)")
	add(p.Interested && p.AmChoking, "u", "Interested (peer) and choked (local)")
	add(!p.AmInterested && !p.Choking, "K", "Not interested (local) and unchoked (peer)")
	add(!p.Interested && !p.AmChoking, "?", "Not interested (peer) and unchoked (local)")
	add(p.Incoming, "I", "Incoming connection")
	add(p.Kind == "tls" || p.Kind == "mse", "E", "Encrypted traffic")
	add(p.Over == "utp", "P", "μTP")
	return strings.Join(short, " "), strings.Join(long, "\n")
}

// idOf returns what names the program in a peer id; characters that cannot be shown
// are left out.
func idOf(id [20]byte) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e {
			return -1
		}
		return r
	}, string(id[:8]))
}
