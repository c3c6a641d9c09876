package share

import (
	"net"
	"strconv"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/engine"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
)

// checkAddresses refuses what is no address of a peer.
func (s *Command) checkAddresses() error {
	for _, a := range s.Address {
		host, port, err := net.SplitHostPort(a)
		if n, perr := strconv.ParseUint(port, 10, 16); err != nil || perr != nil || n == 0 || host == "" {
			return console.Usage("--address %s: want HOST:PORT, as others reach this machine", words.Plain(a))
		}
	}
	return nil
}

// link returns the magnet link of a torrent. If it names us, it names the key that
// we show as well, so that nobody can answer in our place.
func (s *Command) link(e *engine.Engine, one *shared) (*magnet.Link, error) {
	link := magnet.Of(one.meta)
	if link.Peers = s.Address; len(s.Address) == 0 && one.at != "" {
		link.Peers = []string{one.at} // where others enrol there is a peer
	}
	if len(link.Peers) == 0 {
		return link, nil
	}
	if s.TLS == "off" {
		return link, nil
	}
	pin, err := e.Pin()
	if err != nil {
		return nil, err
	}
	var t metainfo.TLS
	if link.TLS != nil {
		t = *link.TLS
	}
	t.Pins = [][32]byte{pin}
	link.TLS = &t
	return link, nil
}
