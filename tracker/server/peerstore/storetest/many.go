package storetest

import (
	"net/netip"
	"sync"

	"github.com/warren-p2p/warren/tracker/server/peerstore"
)

// chance checks that everybody is told of, and nobody much more often than others.
func chance(b *bench) {
	const peers, asks, want = 60, 600, 10
	for i := range peers {
		b.say(leecher(i))
	}
	counts := map[netip.AddrPort]int{}
	for range asks {
		a := leecher(peers)
		a.NumWant = want
		for p := range b.told(a) {
			counts[p]++
		}
	}
	const mean = asks * want / peers // 100, with a deviation of 9.1
	for i := range peers {
		if n := counts[host(i)]; n < mean/2 || n > mean*3/2 {
			b.Errorf("peer %d was told of %d times, and others %d on average", i, n, mean)
		}
	}
}

// large checks a swarm that grows beyond every threshold and shrinks again.
func large(b *bench) {
	const peers = 3000
	var want peerstore.Totals
	for i := range peers {
		a := leecher(i)
		if i%3 == 0 {
			a.Role = peerstore.Seeder
			want.Seeders++
		} else {
			want.Leechers++
		}
		b.say(a)
	}
	b.wantTotals(1, want)
	for i := range peers {
		switch {
		case i%5 == 0: // comes again as a seeder, which every third is already
			b.say(seeder(i))
			if i%3 != 0 {
				want.Leechers--
				want.Seeders++
			}
		case i%7 != 0:
			gone := leecher(i)
			gone.Stopped = true
			b.say(gone)
			if i%3 == 0 {
				want.Seeders--
			} else {
				want.Leechers--
			}
		}
	}
	b.wantTotals(1, want)
	all := leecher(0)
	all.NumWant = peers
	told := b.told(all)
	for i := 1; i < peers; i++ {
		if told[host(i)] != (i%5 == 0 || i%7 == 0) {
			b.Fatalf("peer %d: told of it is %v", i, told[host(i)])
		}
	}
	for i := range peers {
		gone := leecher(i)
		gone.Stopped = true
		b.say(gone)
	}
	b.wantTotals(1, peerstore.Totals{})
}

// atOnce checks announces at the same time, of several swarms and of one.
func atOnce(b *bench) {
	const hands, each = 8, 40
	var wg sync.WaitGroup
	for hand := range hands {
		wg.Go(func() {
			for i := range each {
				a := leecher(hand*each + i)
				a.InfoHash = swarm(1 + i%2)
				a.Now = b.now
				var to peerstore.Answer
				if err := b.store.Announce(b.Context(), &a, &to); err != nil {
					b.Error(err)
				}
				if i%4 == 3 { // of swarm 2
					a.Stopped = true
					if err := b.store.Announce(b.Context(), &a, &to); err != nil {
						b.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	b.wantTotals(1, peerstore.Totals{Leechers: hands * each / 2})
	b.wantTotals(2, peerstore.Totals{Leechers: hands * each / 4})
}
