// Package conns decides which peers of a torrent to connect to, how, and who
// goes when there is no room.
//
// A [Manager] keeps the addresses that trackers, the DHT, peer exchange and the
// user have brought, each source within its quota, and hands them out one
// [Attempt] at a time: the address and the kind of connection to try. What came
// of it goes back with [Manager.Result]. Failures back off, per address, with
// jitter. Among equals the canonical peer priority (BEP 40) decides, so that
// both ends of a full swarm prefer the same connections.
//
// The kinds follow the policy of the torrent. Under Prefer an unknown peer is
// tried with TLS first, then with message stream encryption, then in clear, one
// right after the other. What was learnt is kept in a [Verdicts], so that a peer
// without TLS costs one extra dial a day, and a peer seen with TLS is never asked
// in clear again: an attacker who breaks a TLS connection gains nothing by it. What
// others say of a peer (package hint) makes TLS be tried first; with a pin, it is
// all that is tried.
//
// Who was found under an id that anybody may have announced (Discovery) is dialled
// over TLS alone, and no host or network of such more than package targets lets.
//
// Nothing here dials, sleeps or reads a clock. A Manager belongs to one
// goroutine; Verdicts and [Caps], which torrents share, are safe for concurrent
// use.
package conns

import (
	"math/rand/v2"
	"net/netip"
	"slices"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/swarm/internal/conns/canon"
	"github.com/warren-p2p/warren/swarm/internal/conns/caps"
	"github.com/warren-p2p/warren/swarm/internal/conns/hint"
	"github.com/warren-p2p/warren/swarm/internal/conns/targets"
	"github.com/warren-p2p/warren/swarm/internal/conns/verdict"
)

// InfoHash names a torrent.
type InfoHash = verdict.InfoHash

// Kind is a kind of connection.
type Kind = verdict.Kind

// Verdicts is what is remembered of peers.
type Verdicts = verdict.Memory

// The kinds of connection, the most private first.
const (
	TLS   = verdict.TLS
	MSE   = verdict.MSE
	Plain = verdict.Plain
)

// Hint is an address, with what a source says of TLS there.
type Hint = hint.Hint

// Caps bounds the connections of all torrents together.
type Caps = caps.Caps

// NewCaps returns bounds on the attempts under way and on the connections.
func NewCaps(halfOpen, conns int) *Caps { return caps.New(halfOpen, conns) }

// NewVerdicts returns an empty memory of at most size peers.
func NewVerdicts(size int) *Verdicts { return verdict.New(size) }

// Policy is what a torrent demands of its connections.
type Policy = btls.Policy

// The policies.
const (
	Prefer  = btls.Prefer
	Off     = btls.Off
	Require = btls.Require
)

// Config is what a Manager needs. Zero numbers mean the defaults.
type Config struct {
	InfoHash   InfoHash
	Policy     Policy
	PlainFirst bool // try plain before MSE

	MaxConns int // established connections of the torrent; default 100
	HalfOpen int // attempts under way at a time; default 16
	PerIP    int // addresses kept per IP, unless added by hand; default 8
	// PerHost is how many connections one IPv4 address or /64 may open to us;
	// default 5. libtorrent lets one in unless told otherwise, others any number;
	// behind one address there may be a household or the customers of a provider.
	PerHost int

	// Quotas bounds the addresses kept per source, where they differ from
	// DefaultQuota.
	Quotas map[Source]int

	// Blocked reports whether an IP is filtered or banned everywhere; optional.
	Blocked func(netip.Addr) bool

	Verdicts *Verdicts // shared between torrents; required
	Caps     *Caps     // shared between torrents; optional
	// Targets bounds how often hosts are dialled that anybody may have named,
	// shared between torrents; optional.
	Targets *targets.Book
	Rand    *rand.Rand // jitter; required
}

const (
	defaultMaxConns = 100
	defaultHalfOpen = 16
	defaultPerIP    = 8
	defaultPerHost  = 5
)

// A Manager holds the candidates and connections of one torrent.
type Manager struct {
	cfg     Config
	self    []netip.AddrPort // how others see us
	own     map[netip.AddrPort]struct{}
	banned  map[netip.Addr]struct{}
	peers   map[netip.AddrPort]*peer
	order   []*peer // the same, in order of arrival
	conns   map[netip.AddrPort]*conn
	perIP   map[netip.Addr]int
	kept    [sources]int // candidates by source
	dialing map[netip.AddrPort]struct{}
}

// New returns a manager without candidates.
func New(cfg Config) *Manager {
	cfg.MaxConns = orDefault(cfg.MaxConns, defaultMaxConns)
	cfg.HalfOpen = orDefault(cfg.HalfOpen, defaultHalfOpen)
	cfg.PerIP = orDefault(cfg.PerIP, defaultPerIP)
	cfg.PerHost = orDefault(cfg.PerHost, defaultPerHost)
	return &Manager{
		cfg:     cfg,
		own:     make(map[netip.AddrPort]struct{}),
		banned:  make(map[netip.Addr]struct{}),
		peers:   make(map[netip.AddrPort]*peer),
		conns:   make(map[netip.AddrPort]*conn),
		perIP:   make(map[netip.Addr]int),
		dialing: make(map[netip.AddrPort]struct{}),
	}
}

func orDefault(n, def int) int {
	if n <= 0 {
		return def
	}
	return n
}

// SetPolicy changes the policy for attempts from now on. Without TLS there is no
// way to those that were found under the id of the torrent.
func (m *Manager) SetPolicy(policy Policy) {
	m.cfg.Policy = policy
	for _, p := range slices.Clone(m.order) {
		p.stopRound()
		if p.source == Discovery && policy == Off {
			m.drop(p.addr)
		}
	}
}

// SetMaxConns changes how many connections there may be; those there are stay.
func (m *Manager) SetMaxConns(n int) { m.cfg.MaxConns = orDefault(n, defaultMaxConns) }

// SetSelf says at which addresses others reach us, one per family: they are
// never dialed, and they are our end in the canonical peer priority (BEP 40).
func (m *Manager) SetSelf(addrs ...netip.AddrPort) {
	m.self = m.self[:0]
	for _, a := range addrs {
		a = unmap(a)
		m.self = append(m.self, a)
		m.own[a] = struct{}{}
		m.drop(a)
	}
	for _, p := range m.order {
		p.prio = canon.Of(m.self, p.addr)
	}
	for _, c := range m.conns {
		c.prio = canon.Of(m.self, c.addr)
	}
}

// Ban forgets all candidates at ip, takes none from it any more and accepts no
// connection. It returns the connections there are, for the caller to close.
func (m *Manager) Ban(ip netip.Addr) []netip.AddrPort {
	ip = ip.Unmap()
	m.banned[ip] = struct{}{}
	for _, p := range append([]*peer(nil), m.order...) {
		if p.addr.Addr() == ip {
			m.drop(p.addr)
		}
	}
	var open []netip.AddrPort
	for a := range m.conns {
		if a.Addr() == ip {
			open = append(open, a)
		}
	}
	return open
}

// Unban undoes Ban.
func (m *Manager) Unban(ip netip.Addr) { delete(m.banned, ip.Unmap()) }

// Refuses reports whether nothing is to be exchanged with ip: it is banned,
// filtered, or no address of a single host.
func (m *Manager) Refuses(ip netip.Addr) bool {
	ip = ip.Unmap()
	if !ip.IsValid() || ip.IsUnspecified() || ip.IsMulticast() {
		return true
	}
	if _, ok := m.banned[ip]; ok {
		return true
	}
	return m.cfg.Blocked != nil && m.cfg.Blocked(ip)
}

func unmap(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

// Stats counts what a Manager holds.
type Stats struct {
	Candidates int // addresses known
	Dialing    int // attempts under way
	Conns      int // established connections
}

// Stats returns the counts.
func (m *Manager) Stats() Stats {
	return Stats{Candidates: len(m.order), Dialing: len(m.dialing), Conns: len(m.conns)}
}
