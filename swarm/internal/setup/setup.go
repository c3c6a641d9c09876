// Package setup says what a session of the engine needs.
package setup

import (
	"crypto/tls"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime"

	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm/internal/peer"
	"github.com/warren-p2p/warren/swarm/internal/queue"
	"github.com/warren-p2p/warren/swarm/internal/sources"
)

// Config is what a session needs. Home is required; zero values of the rest
// mean what the comments say.
type Config struct {
	Home   vfs.FS // resume state, certificate and what the site is made from
	Listen string // "host:port" to accept peers on; "" accepts none
	// Carrier says whether peers are spoken to over TCP, uTP or both; both.
	Carrier transport.Carrier
	// NoTrackers asks no tracker, whatever torrents say. Pad fills small records over
	// TLS up to powers of two.
	NoTrackers, Pad bool
	// OwnTracker is a tracker of this program itself; optional.
	OwnTracker sources.OwnTracker
	// DHT takes part in the mainline DHT; nil does not.
	DHT *sources.DHT

	Policy netpolicy.Policy // sockets; Direct
	// Policies are those of single kinds of traffic, in place of Policy.
	Policies traffic.Policies
	Clock    clock.Clock  // System
	Log      *slog.Logger // discards
	Site     http.Handler // what visitors of the port see; a site that is made up for this home
	Hello    hello.Hello  // what is seen of dials over TLS; as those of a browser
	// Certificate of the port; by default one that is made once and kept in Home.
	Certificate *tls.Certificate
	// Name is one by which others reach the port, told to peers; "" if it has none.
	Name string
	// Challenges are what an authority asks of the port before it signs a certificate
	// for the name; nil if nobody does.
	Challenges transport.Challenges
	// Client is the name and version told to peers.
	Client string
	// BootID names this boot of the machine, so that a crash of the machine is
	// told from one of the process; "" if unknown.
	BootID string

	Budget   int64 // bytes for pieces under way; 32 MiB
	Workers  int   // goroutines that hash and write; one per CPU
	MaxPeers int   // connections of one torrent; 80
	HalfOpen int   // dials under way of one torrent; 16
	// SessionPeers and SessionHalfOpen bound the same for all torrents; 500, 64. One
	// address may open an eighth of these connections, and five of one torrent.
	SessionPeers, SessionHalfOpen int
	UploadSlots                   int // peers served at once; 0 means by upload limit
	// UploadLimit and DownloadLimit are bytes a second for the whole session, 0
	// for none.
	UploadLimit, DownloadLimit int64
	Reserve                    int64 // bytes to leave free on the volume; 64 MiB
	// NoWebSeeds fetches nothing from web servers, whatever torrents say (BEP 19).
	NoWebSeeds bool
	// NoLSD leaves the local network alone; otherwise peers in it are found by
	// multicast (BEP 14).
	NoLSD bool
	// NoPortmap asks no router to pass the port on; otherwise that is done by PCP,
	// NAT-PMP or UPnP where the machine has no address on the Internet itself.
	NoPortmap bool
	// Queue says how many torrents may be active at a time; any number.
	Queue queue.Limits
	// Blocked reports addresses that must not be spoken to. It is called often,
	// with locks held, and must not call the session.
	Blocked  func(netip.Addr) bool
	Standing Standing // nobody is special
}

// Standing weighs peers when upload slots are given out: reputation, friends
// and credit will have their say through it. 1 is neutral; 2 counts as if the
// peer had given twice as much.
type Standing interface {
	Weight(peer peer.Info) float64
}

// SetDefaults gives fields that are zero what their comments say.
func (c *Config) SetDefaults() {
	c.Policies.Or(c.Policy)
	if c.Clock == nil {
		c.Clock = clock.System{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Client == "" {
		c.Client = "warren"
	}
	setDefault(&c.Budget, 32<<20)
	setDefault(&c.Workers, runtime.GOMAXPROCS(0))
	setDefault(&c.MaxPeers, 80)
	setDefault(&c.HalfOpen, 16)
	setDefault(&c.SessionPeers, 500)
	setDefault(&c.SessionHalfOpen, 64)
	setDefault(&c.Reserve, 64<<20)
}

func setDefault[T int | int64](v *T, d T) {
	if *v == 0 {
		*v = d
	}
}
