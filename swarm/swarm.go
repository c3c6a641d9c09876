// Package swarm is the BitTorrent engine: it moves the content of torrents
// between this node and its peers, verified, and over TLS where peers can.
//
// A [Session] owns what torrents share: the port, the memory for pieces, the
// workers that hash and store them, the limits. A [Torrent] is a handle of one.
// What they do is done below: package door lets peers in, package torrent runs
// one torrent, package roster its peers, package peer one of these. Each peer has
// two goroutines (package link); each torrent has one that ticks once a second
// and decides what has time: whom to dial, whom to unchoke, when to sync. One
// that is complete and that nobody needs sleeps (package sleeper), and has none.
// Package sources finds peers for all of them; package dossier keeps what is known
// of a torrent and wanted of it, whether it runs or not; package reader reads files
// while they are fetched; package turns has torrents wait that would be too many.
// Decisions are made by types that do no I/O (picker, choker, pipeline, limiter,
// conns); the packages above them give them the time and carry out what they
// say.
//
// Locks are taken downwards: Session, slot, torrent, roster, peer, and then those of
// content, fetch, link and door, each of which says what it takes itself. Who
// asks for something upwards (to look again, to ban a peer) holds none.
//
//	s, err := swarm.NewSession(ctx, swarm.Config{Listen: "0.0.0.0:0", Home: home})
//	t, err := s.Add(swarm.Options{Metainfo: m, Content: dir, Peers: addrs})
//	err = t.Wait(ctx) // until everything wanted is verified and on disk
//
// What profiles taught (see bench/): hashing and writing cost more than TLS,
// so readers only receive and workers do the rest; the queue between them is
// as short as it can be; one write per piece; a reply to many requests is one
// read and one write.
package swarm

import (
	"crypto/tls"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"

	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/door"
	"github.com/warren-p2p/warren/swarm/internal/dossier"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/peer"
)

// TLSPolicy says whether the peers of a torrent must, should or must not be
// spoken to over TLS.
type TLSPolicy = conns.Policy

// The policies. Prefer is what a torrent gets by default: TLS first with every
// peer that is not known, MSE and then plain with those that do not have it,
// never in clear with one that was seen with TLS.
const (
	TLSPrefer  = conns.Prefer
	TLSOff     = conns.Off
	TLSRequire = conns.Require
)

// Errors of the engine.
var (
	ErrClosed    = errors.New("session is closed")
	ErrDuplicate = door.ErrDuplicate
	ErrRemoved   = errors.New("torrent was removed")
	// ErrUnknown is returned as long as nothing is known of a torrent but what its
	// magnet link says.
	ErrUnknown = dossier.ErrUnknown
	// ErrPassphrase reports a torrent that is opened by a passphrase, which was not
	// given.
	ErrPassphrase = dossier.ErrPassphrase
	// ErrTLSNeeded reports one that is not to be had without TLS.
	ErrTLSNeeded = dossier.ErrTLSNeeded
	// ErrMembers reports a torrent of level Full Strict that was added without
	// anything that could check the credentials of peers.
	ErrMembers = dossier.ErrMembers
	// ErrNotAdmitted reports a peer of such a torrent that does not take our
	// credential.
	ErrNotAdmitted = greeting.ErrNotAdmitted
	// ErrSSLTorrent reports an SSL torrent that was added by a magnet link. What is
	// wrong with a certificate is told by the errors of package btls/ssltorrent.
	ErrSSLTorrent = dossier.ErrSSLTorrent
	ErrStopped    = greeting.ErrStopped
	ErrOurself    = greeting.ErrOurself // a tracker has named us to ourselves, and we have dialled that
)

// Config is what a session needs. Home is required; zero values of the rest
// mean what the comments say.
type Config struct {
	Home   vfs.FS // resume state, certificate and what the site is made from
	Listen string // "host:port" to accept peers on; "" accepts none
	// Carrier says whether peers are spoken to over TCP, uTP or both; both.
	Carrier Carrier
	// NoTrackers asks no tracker, whatever torrents say. Pad fills small records over
	// TLS up to powers of two.
	NoTrackers, Pad bool
	// DHT takes part in the mainline DHT; nil does not.
	DHT *DHT

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
	Queue QueueLimits
	// Blocked reports addresses that must not be spoken to. It is called often,
	// with locks held, and must not call the session.
	Blocked  func(netip.Addr) bool
	Standing Standing // nobody is special
}

// Standing weighs peers when upload slots are given out: reputation, friends
// and credit will have their say through it. 1 is neutral; 2 counts as if the
// peer had given twice as much.
type Standing interface {
	Weight(peer PeerInfo) float64
}

// PeerInfo is what is known of a peer.
type PeerInfo = peer.Info

// Carrier says what connections with peers run over.
type Carrier = transport.Carrier

// The carriers. With both, TCP is tried first, and uTP (BEP 29) a moment later;
// the first that connects is taken.
const (
	TCPAndUTP = transport.TCPAndUTP
	TCPOnly   = transport.TCPOnly
	UTPOnly   = transport.UTPOnly
)
