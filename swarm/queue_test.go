package swarm_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
)

// crowd is a node with several torrents, and one that has the content of all.
type crowd struct {
	t    *testing.T
	seed *node
	get  *node
	c    []tree
	m    []*metainfo.Torrent
	list []*swarm.Torrent
}

// newCrowd makes so many torrents of 1 MiB, which the seed sends at 256 KiB a
// second in all.
func newCrowd(t *testing.T, n int, limits swarm.QueueLimits) *crowd {
	w := newWorld(t)
	k := &crowd{t: t, seed: w.start(func(c *swarm.Config) { c.UploadLimit = 256 << 10 })}
	for i := range n {
		k.c = append(k.c, sample(uint64(80+i), map[string]int{fmt.Sprintf("file%d", i): 1 << 20}))
		k.m = append(k.m, k.c[i].create(t, create.V1, 32<<10))
		k.c[i].write(t, k.seed.disk)
		k.seed.add(k.m[i], swarm.TLSOff)
		k.seed.wait(time.Minute)
	}
	k.get = w.start(func(c *swarm.Config) { c.Queue = limits })
	return k
}

func (k *crowd) add(i int, change func(*swarm.Options)) *swarm.Torrent {
	k.t.Helper()
	opts := swarm.Options{Metainfo: k.m[i], Content: k.get.disk, TLS: swarm.TLSOff}
	opts.Peers = append(opts.Peers, k.seed.addr())
	if change != nil {
		change(&opts)
	}
	tor, err := k.get.session.Add(opts)
	if err != nil {
		k.t.Fatal(err)
	}
	k.list = append(k.list, tor)
	return tor
}

// expect compares what the torrents do.
func (k *crowd) expect(when string, want ...swarm.State) {
	k.t.Helper()
	synctest.Wait()
	for i, tor := range k.list {
		if st := tor.Status(); st.State != want[i] {
			k.t.Errorf("%s: torrent %d is %v (%v), want %v", when, i, st.State, st.Reason, want[i])
		}
	}
}

func (k *crowd) end() { together(k.seed.close, k.get.close) }

const (
	down    = swarm.StateDownloading
	queued  = swarm.StateQueued
	seeding = swarm.StateSeeding
	paused  = swarm.StatePaused
)

// One after the other is fetched, in the order of the line, which may be changed.
func TestQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newCrowd(t, 4, swarm.QueueLimits{Downloads: 1})
		for i := range 4 {
			k.add(i, nil)
		}
		time.Sleep(time.Second)
		k.expect("first", down, queued, queued, queued)
		var why *swarm.QueuedError
		if st := k.list[1].Status(); !errors.As(st.Reason, &why) || why.Limit != 1 || st.Peers != 0 {
			t.Errorf("%+v", st)
		}
		k.list[3].SetPosition(0)
		k.expect("moved", queued, queued, queued, down)
		for i, want := range []int{1, 2, 3, 0} {
			if got := k.list[i].Position(); got != want {
				t.Errorf("torrent %d stands at %d, want %d", i, got, want)
			}
		}
		k.list[3].Stop()
		k.expect("stopped", down, queued, queued, paused)
		k.list[1].SetForced(true)
		k.expect("forced", down, down, queued, paused)
		k.list[2].Stop() // while it waits
		k.expect("stopped while it waits", down, down, paused, paused)
		k.list[2].Start()
		k.list[3].Start()
		k.expect("started", queued, down, queued, down)
		k.get.session.SetQueue(swarm.QueueLimits{})
		k.expect("without limits", down, down, down, down)
		k.get.session.SetQueue(swarm.QueueLimits{Downloads: 1})
		k.expect("limited again", queued, down, queued, down)
		if err := k.list[3].Remove(false); err != nil {
			t.Fatal(err)
		}
		if at := k.list[3].Position(); at != -1 {
			t.Errorf("one that was removed stands at %d", at)
		}
		k.list = k.list[:3]
		k.expect("removed", down, down, queued)
		for i, tor := range k.list {
			if err := tor.Wait(t.Context()); err != nil {
				t.Error(err)
			}
			k.c[i].check(t, k.get.disk)
		}
		k.end()
	})
}

// A download that gets nothing does not keep others waiting, nor do seeds that
// nobody asks; those wait that would be too many.
func TestQueueSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newCrowd(t, 3, swarm.QueueLimits{Downloads: 1, Seeds: 1})
		nobody := func(o *swarm.Options) { o.Peers = nil }
		k.add(0, nobody)
		k.add(1, nil)
		time.Sleep(30 * time.Second)
		k.expect("first", down, queued)
		time.Sleep(2 * time.Minute)
		k.expect("later", down, seeding)
		k.list[0].AddPeers(k.seed.addr())
		if err := k.list[0].Wait(t.Context()); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Second)
		k.expect("seeds that nobody asks", seeding, seeding)
		k.get.session.SetQueue(swarm.QueueLimits{Total: 1})
		k.expect("one in all", seeding, queued)
		k.end()
	})
}

// Torrents that sleep take nobody's place, and are not kept from serving.
func TestQueueAsleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(45, map[string]int{"film": 1 << 20})
		s := newSleeper(newWorld(t), c, swarm.Options{})
		s.restart(swarm.Options{})
		s.session.SetQueue(swarm.QueueLimits{Seeds: 1, Total: 1})
		k := newCrowd(t, 1, swarm.QueueLimits{})
		other, err := s.session.Add(swarm.Options{Metainfo: k.m[0], Content: s.disk})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if st := other.Status(); st.State != swarm.StateDownloading {
			t.Errorf("%v, %v", st.State, st.Reason)
		}
		s.expectAsleep(0)
		together(s.close, k.seed.close, k.get.close)
	})
}
