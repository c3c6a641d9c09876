package redis

import (
	"errors"
	"strings"

	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server/peerstore"
)

// said is what is kept of a peer beside its address: P for a partial seed, T for TLS,
// and the pin behind it.
func said(a *peerstore.Announce) string {
	var b strings.Builder
	if a.Role == peerstore.Partial {
		b.WriteByte('P')
	}
	if a.TLS.Support || a.TLS.Require {
		b.WriteByte('T')
		if a.TLS.Pin != (message.Pin{}) {
			b.Write(a.TLS.Pin[:])
		}
	}
	return b.String()
}

func required(a *peerstore.Announce) string {
	if a.TLS.Require {
		return "1"
	}
	return ""
}

// errScript reports an answer that the scripts do not give.
var errScript = errors.New("the Redis server answers with something else than its script says")

// read reads the answer of the script: four totals, whether anybody has TLS, and
// peers with what is known of each.
func read(got []any, size int, to *peerstore.Answer) error {
	const head = 5
	if len(got) < head || (len(got)-head)%2 != 0 {
		return errScript
	}
	var n [head]int
	for i := range n {
		v, ok := got[i].(int64)
		if !ok {
			return errScript
		}
		n[i] = int(v)
	}
	to.Totals = peerstore.Totals{Seeders: n[0], Leechers: n[1], Partial: n[2], Completed: n[3]}
	for i := head; i < len(got); i += 2 {
		peer, ok := got[i].([]byte)
		known, ok2 := got[i+1].([]byte)
		if !ok || !ok2 || len(peer) != size {
			return errScript
		}
		to.Peers = append(to.Peers, peer...)
		if n[4] == 0 {
			continue
		}
		about := strings.TrimPrefix(string(known), "P")
		var flags byte
		if pin, ok := strings.CutPrefix(about, "T"); ok {
			flags = peerstore.FlagTLS
			if len(pin) == len(message.Pin{}) {
				flags |= peerstore.FlagPin
				to.Pins = append(to.Pins, pin...)
			}
		}
		to.Flags = append(to.Flags, flags)
	}
	return nil
}
