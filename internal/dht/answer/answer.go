// Package answer is the half of a DHT node that serves others: it answers
// queries (BEP 5), hands out tokens, and keeps the peers that are announced to
// it.
//
// It does no I/O, reads no clock, and belongs to one goroutine. Whatever comes
// in, its memory is bounded: so many info-hashes, peers of one, peers that one
// network may announce, and queries a network may ask.
package answer

import (
	"crypto/hmac"
	"crypto/sha256"
	"math/rand/v2"
	"net/netip"
	"slices"
	"time"

	"github.com/warren-p2p/warren/internal/dht/gate"
	"github.com/warren-p2p/warren/internal/dht/krpc"
)

// k is how many nodes an answer names (BEP 5).
const k = 8

// tokenPeriod is how long a token is handed out; it is taken for as long again
// (BEP 5: up to ten minutes).
const tokenPeriod = 5 * time.Minute

// Config is what an Answerer needs.
type Config struct {
	ID   krpc.ID
	IPv6 bool       // the family of the socket
	Rand *rand.Rand // it must not be guessable
}

// Answerer answers queries.
type Answerer struct {
	cfg      Config
	limit    limit
	peers    peers
	secrets  [2][32]byte // the first is handed out, both are taken
	turned   time.Time
	contacts []krpc.Contact
}

// New returns an Answerer that knows nobody.
func New(cfg Config) *Answerer {
	a := &Answerer{cfg: cfg, peers: newPeers()}
	a.secrets = [2][32]byte{a.secret(), a.secret()}
	return a
}

func (a *Answerer) secret() (s [32]byte) {
	for i := range s {
		s[i] = byte(a.cfg.Rand.Uint32())
	}
	return s
}

// SetID changes the id of the node. Tokens stay good, and so do peers.
func (a *Answerer) SetID(id krpc.ID) { a.cfg.ID = id }

// SetContacts says which nodes are there to be named.
func (a *Answerer) SetContacts(list []krpc.Contact) { a.contacts = list }

// Allow reports whether an address may ask something now. It is to be called
// for each query, before Answer.
func (a *Answerer) Allow(from netip.Addr, now time.Time) bool { return a.limit.allow(from, now) }

// Answer returns the answer to a query.
func (a *Answerer) Answer(q krpc.Message, from netip.AddrPort, now time.Time) krpc.Message {
	a.turn(now)
	r := krpc.Message{Kind: krpc.Reply, T: q.T, From: a.cfg.ID, You: from}
	switch q.Method {
	case krpc.Ping:
	case krpc.GetPeers:
		r.Token = a.token(0, from.Addr())
		r.Values = a.values(q.Target, from.Addr(), now)
		r.Nodes = a.closest(q, from.Addr())
	case krpc.AnnouncePeer:
		if !a.good(q.Token, from.Addr()) {
			return krpc.Message{Kind: krpc.Error, T: q.T, Code: krpc.CodeProtocol}
		}
		port := q.Port
		if q.Implied {
			port = from.Port()
		}
		if !a.peers.add(q.Target, netip.AddrPortFrom(from.Addr(), port), now) {
			return krpc.Message{Kind: krpc.Error, T: q.T, Code: krpc.CodeServer}
		}
	default: // find_node, and what later extensions ask in its way
		if !q.HasTarget {
			return krpc.Message{Kind: krpc.Error, T: q.T, Code: krpc.CodeMethod}
		}
		r.Nodes = a.closest(q, from.Addr())
	}
	return r
}

// closest returns the nodes closest to what a query is about. Both families are
// spoken on sockets, and have nodes, of their own: whoever asks for the other one
// alone gets none.
func (a *Answerer) closest(q krpc.Message, from netip.Addr) []krpc.Contact {
	if (q.Want4 || q.Want6) && !(a.cfg.IPv6 && q.Want6 || !a.cfg.IPv6 && q.Want4) {
		return nil
	}
	list := make([]krpc.Contact, 0, k+1)
	for _, c := range a.contacts {
		if !gate.Believable(c.Addr.Addr(), from) {
			continue
		}
		i, _ := slices.BinarySearchFunc(list, c, func(x, y krpc.Contact) int {
			return krpc.Closer(q.Target, x.ID, y.ID)
		})
		if i < k {
			list = slices.Insert(list, i, c)
			list = list[:min(len(list), k)]
		}
	}
	return list
}

// values returns peers of an info-hash that an address may be told of.
func (a *Answerer) values(h krpc.ID, to netip.Addr, now time.Time) []netip.AddrPort {
	return a.peers.get(h, to, now, a.cfg.Rand)
}

// turn replaces the secret of the tokens, and forgets what is old.
func (a *Answerer) turn(now time.Time) {
	if now.Sub(a.turned) < tokenPeriod {
		return
	}
	if now.Sub(a.turned) >= 2*tokenPeriod {
		a.secrets[0] = a.secret()
	}
	a.secrets[1], a.secrets[0] = a.secrets[0], a.secret()
	a.turned = now
	a.peers.expire(now)
}

// token returns what proves that an address receives what is sent to it.
func (a *Answerer) token(secret int, to netip.Addr) string {
	mac := hmac.New(sha256.New, a.secrets[secret][:])
	ip := to.As16()
	mac.Write(ip[:])
	return string(mac.Sum(nil)[:8])
}

func (a *Answerer) good(token string, from netip.Addr) bool {
	return hmac.Equal([]byte(token), []byte(a.token(0, from))) ||
		hmac.Equal([]byte(token), []byte(a.token(1, from)))
}
