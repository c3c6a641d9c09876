package torrent

import (
	"fmt"
	"net/netip"
	"strconv"

	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/library"
)

// Tag is what operations on torrents are grouped under.
const Tag = "Torrents"

// Named is a request that names a torrent.
type Named struct {
	Key string `path:"key" maxLength:"64" doc:"Info-hash of the torrent in hexadecimal (version 1, version 2, or that of version 2 cut to 20 bytes), or its id."`
}

// Find returns the torrent of a key, or of an id: a number that is too short for a
// hash.
func Find(lib *library.Library, key string) (*library.Torrent, error) {
	if id, err := strconv.ParseInt(key, 10, 64); err == nil && len(key) < 20 {
		return lib.ByID(id)
	}
	return lib.Find(key)
}

// Peers reads addresses of peers, IP:PORT each; where is their place in the request.
func Peers(where string, list []string) (peers []netip.AddrPort, err error) {
	for _, text := range list {
		a, err := netip.ParseAddrPort(text)
		if err != nil || a.Port() == 0 || a.Addr().IsUnspecified() || a.Addr().IsMulticast() || a.Addr().Zone() != "" {
			return nil, problem.Input(where, fmt.Sprintf("%.60q is no address of a peer: want IP:PORT", text))
		}
		peers = append(peers, netip.AddrPortFrom(a.Addr().Unmap(), a.Port()))
	}
	return peers, nil
}
