package dossier

import (
	"crypto/tls"
	"net/netip"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/disclosure"
)

// Options say how a torrent is added.
type Options struct {
	Metainfo *metainfo.Torrent
	// Magnet stands in for Metainfo: the info dictionary is fetched from peers
	// (BEP 9, 52), and kept in the session's home. Peers that the link names by
	// their addresses are dialled, and files that it does not select are skipped
	// (BEP 53).
	Magnet *magnet.Link
	// Names are those that addresses among Magnet.Peers were found by. If the link
	// has pins, dials over TLS tell them to the server, as browsers do.
	Names   map[netip.AddrPort]string
	Content vfs.FS // the folder in which the content lies or lands
	TLS     conns.Policy
	// Secret is what a passphrase comes to, and stands in for the secret that
	// Metainfo or Magnet carries otherwise (level Strict and above).
	Secret *btls.Secret
	// Members decides who is a member of a torrent of level Full Strict, which
	// cannot be had without.
	Members transport.Members
	// Certificate, with its chain and key, is what peers of an SSL torrent are shown
	// (metainfo.Info.SSLCert); others are not.
	Certificate *tls.Certificate
	Peers       []netip.AddrPort
	// Trackers are URLs that the user has named, asked before those of Metainfo or
	// Magnet. They may be on this machine or in its network; the others may not.
	Trackers []string
	// AnnounceDiscovery lets trackers that are asked in clear know a private torrent
	// (BEP 27) that demands TLS by its discovery id. Otherwise they are not asked:
	// most of them take nothing that is not on their list.
	AnnounceDiscovery bool
	// Sole is the tracker that alone is told of the torrent, whatever Metainfo and
	// Trackers name; the user has named it. The torrent has to be private and of level
	// Strict.
	Sole *disclosure.Sole
	// Paused adds the torrent without starting it.
	Paused bool
	// Forced starts it whatever the limits of the queue are.
	Forced bool
	// Check hashes what is on disk before the start, whatever the resume state
	// says. Content that is there without any resume state is always checked.
	Check bool
	// Verified says that Metainfo was made from the content in Content just now:
	// it is not hashed once more.
	Verified bool
	// Paths are where files lie that have another path below Content than in the
	// torrent, by their index in Info.Files, slash-separated. Only a torrent that is new
	// to the session's home needs them; where files are renamed afterwards is kept there.
	Paths      map[int]string
	Sequential bool
	// FirstLast fetches the first and the last piece of each file before the others.
	FirstLast bool
	// MaxPeers is how many peers may be connected, 0 for the default of the session.
	MaxPeers int
	// SuperSeed shows peers pieces one by one, so that each is sent little more
	// than once before they pass it on (BEP 16). It is for the only seed there is,
	// and slower than ordinary seeding otherwise.
	SuperSeed bool
	// WebSeeds are fetched from beside those of Metainfo (BEP 19). The user gave
	// them: they may be on this machine or in its network, others may not.
	WebSeeds []string
	// UploadLimit and DownloadLimit are bytes a second, 0 for none.
	UploadLimit, DownloadLimit int64
	// Reload gets Metainfo back from where it came from. A torrent that has it
	// lets go of its metainfo, and of nearly all else, while it is complete and
	// nobody needs it: it sleeps. One that is complete when it is added sleeps
	// from the beginning. Content that has changed meanwhile is noticed when it
	// wakes, before any of it is served. A magnet link needs none: what peers have
	// told is kept.
	Reload func() (*metainfo.Torrent, error)

	access transport.Access // see SetAccess
}

// Name returns what a torrent is called that is added.
func (o *Options) Name() string {
	switch {
	case o.Metainfo != nil:
		return o.Metainfo.Info.Name
	case o.Magnet.Name != "":
		return o.Magnet.Name
	}
	return o.Magnet.Hashes.String()
}
