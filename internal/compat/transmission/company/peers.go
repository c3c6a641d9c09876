// Package company tells, in the words of Transmission's RPC, with whom a torrent is
// exchanged: its peers and its trackers.
package company

import (
	"net/url"
	"strings"

	"github.com/warren-p2p/warren/internal/compat/transmission/message"
	"github.com/warren-p2p/warren/swarm"
)

// object returns an object of fields as they are called in the modern dialect.
func object(fields ...message.Field) message.Object { return message.Object{Fields: fields} }

// Count returns for how many peers something holds.
func Count(list []swarm.PeerInfo, is func(*swarm.PeerInfo) bool) (n int) {
	for i := range list {
		if is(&list[i]) {
			n++
		}
	}
	return n
}

// Peers returns the field of that name. Pieces is how many the torrent has.
func Peers(peers []swarm.PeerInfo, pieces int) []message.Object {
	list := []message.Object{}
	for _, p := range peers {
		progress := 0.0
		if pieces > 0 {
			progress = float64(p.Pieces) / float64(pieces)
		}
		list = append(list, object(
			message.Field{Name: "address", Value: p.Addr.Addr().Unmap().String()},
			message.Field{Name: "port", Value: int(p.Addr.Port())},
			message.Field{Name: "client_name", Value: p.Client},
			message.Field{Name: "client_is_choked", Value: p.Choking},
			message.Field{Name: "client_is_interested", Value: p.AmInterested},
			message.Field{Name: "peer_is_choked", Value: p.AmChoking},
			message.Field{Name: "peer_is_interested", Value: p.Interested},
			message.Field{Name: "flag_str", Value: flags(&p)},
			message.Field{Name: "is_downloading_from", Value: p.DownRate > 0},
			message.Field{Name: "is_uploading_to", Value: p.UpRate > 0},
			message.Field{Name: "is_encrypted", Value: p.Kind != "plain"},
			message.Field{Name: "is_incoming", Value: p.Incoming},
			message.Field{Name: "is_utp", Value: p.Over == "utp"},
			message.Field{Name: "progress", Value: progress},
			message.Field{Name: "rate_to_client", Value: p.DownRate},
			message.Field{Name: "rate_to_peer", Value: p.UpRate},
			message.Field{Name: "bytes_to_client", Value: p.Received},
			message.Field{Name: "bytes_to_peer", Value: p.Sent},
			message.Field{Name: "peer_id", Value: printable(p.ID)},
		))
	}
	return list
}

// flags returns a letter for what holds of a peer, as transmission-remote explains
// them: T uTP, D and d fetched from or willing to, U and u the other way, K and ? what
// is offered and not wanted, E encrypted, I incoming.
func flags(p *swarm.PeerInfo) string {
	var b strings.Builder
	put := func(letter byte, on bool) {
		if on {
			b.WriteByte(letter)
		}
	}
	put('T', p.Over == "utp")
	put('D', p.DownRate > 0)
	put('d', p.DownRate <= 0 && p.AmInterested && p.Choking)
	put('U', p.UpRate > 0)
	put('u', p.UpRate <= 0 && p.Interested && p.AmChoking)
	put('K', !p.Choking && !p.AmInterested)
	put('?', !p.AmChoking && !p.Interested)
	put('E', p.Kind != "plain")
	put('I', p.Incoming)
	return b.String()
}

// printable returns a peer id with what is no letter as a dot.
func printable(id [20]byte) string {
	out := make([]byte, len(id))
	for i, c := range id {
		if out[i] = c; c < ' ' || c > '~' {
			out[i] = '.'
		}
	}
	return string(out)
}

// From returns by which way peers were found, as far as that is known.
func From(peers []swarm.PeerInfo) message.Object {
	in := Count(peers, func(p *swarm.PeerInfo) bool { return p.Incoming })
	return object(
		message.Field{Name: "from_cache", Value: len(peers) - in},
		message.Field{Name: "from_dht", Value: 0},
		message.Field{Name: "from_incoming", Value: in},
		message.Field{Name: "from_lpd", Value: 0},
		message.Field{Name: "from_ltep", Value: 0},
		message.Field{Name: "from_pex", Value: 0},
		message.Field{Name: "from_tracker", Value: 0},
	)
}

// scrapeURL returns where a tracker would be scraped (BEP 48): "" if its address does
// not say.
func scrapeURL(announce string) string {
	if strings.HasPrefix(announce, "udp:") {
		return announce
	}
	at := strings.LastIndexByte(announce, '/')
	if at < 0 || !strings.HasPrefix(announce[at+1:], "announce") {
		return ""
	}
	return announce[:at+1] + "scrape" + announce[at+1+len("announce"):]
}

// host returns what a tracker is called in lists: with its port and scheme, as
// Transmission does, or the short name of its site.
func host(announce string) (long, site string) {
	u, err := url.Parse(announce)
	if err != nil || u.Host == "" {
		return announce, announce
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	parts := strings.Split(u.Hostname(), ".")
	site = parts[0]
	if len(parts) > 1 {
		site = parts[len(parts)-2]
	}
	return u.Scheme + "://" + u.Hostname() + ":" + port, site
}
