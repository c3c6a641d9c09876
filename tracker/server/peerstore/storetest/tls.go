package storetest

import (
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server/peerstore"
)

func tlsFlags(b *bench) {
	plain, with, pinned := leecher(1), leecher(2), leecher(3)
	with.TLS.Support = true
	pinned.TLS = message.TLS{Support: true, Pin: message.Pin{7}}
	b.say(plain)
	if got := b.say(plain); len(got.Flags) != 0 && got.Flags[0] != 0 {
		b.Errorf("flags %x, where nobody has TLS", got.Flags)
	}
	b.say(with)
	b.say(pinned)
	got := b.say(leecher(4))
	pins := got.Pins
	for i, p := range Peers(got.Peers, peerstore.Size4) {
		want := map[netip.AddrPort]byte{host(1): 0, host(2): peerstore.FlagTLS, host(3): peerstore.FlagTLS | peerstore.FlagPin}[p]
		if len(got.Flags) <= i || got.Flags[i] != want {
			b.Errorf("%v: flags %x", p, got.Flags)
		}
	}
	if string(pins) != string(pinned.TLS.Pin[:]) {
		b.Errorf("pins %x", pins)
	}
	pinned.TLS = message.TLS{} // changed its mind
	b.say(pinned)
	if got := b.say(leecher(4)); len(got.Pins) != 0 || len(got.Flags) != 3 {
		b.Errorf("flags %x, pins %x", got.Flags, got.Pins)
	}
}

func requireTLS(b *bench) {
	only := leecher(1)
	only.TLS = message.TLS{Support: true, Require: true}
	b.say(leecher(2))
	b.wantTold(only)
	with := seeder(3)
	with.TLS.Support = true
	b.say(with)
	b.wantTold(only, host(3))
	b.wantTold(leecher(2), host(1), host(3))
}

func expiry(b *bench) {
	pinned := leecher(1)
	pinned.TLS = message.TLS{Support: true, Pin: message.Pin{7}}
	b.say(pinned)
	b.say(seeder(2))
	b.now = b.now.Add(TTL - time.Minute)
	b.say(leecher(3))
	b.now = b.now.Add(3 * time.Minute)
	if err := b.store.Expire(b.Context(), b.now); err != nil {
		b.Fatal(err)
	}
	b.wantTotals(1, peerstore.Totals{Leechers: 1})
	b.wantTold(leecher(4), host(3))
	b.now = b.now.Add(2 * TTL)
	if err := b.store.Expire(b.Context(), b.now); err != nil {
		b.Fatal(err)
	}
	b.wantTotals(1, peerstore.Totals{})
	if n, err := b.store.Count(b.Context()); err != nil || n.Swarms != 0 || n.Peers4 > 0 {
		b.Errorf("%+v, %v", n, err)
	}
}
