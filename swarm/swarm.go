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
	"errors"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/door"
	"github.com/warren-p2p/warren/swarm/internal/dossier"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/peer"
	"github.com/warren-p2p/warren/swarm/internal/setup"
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
type Config = setup.Config

// Standing weighs peers when upload slots are given out: reputation, friends and
// credit will have their say through it.
type Standing = setup.Standing

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
