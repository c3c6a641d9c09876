package swarm_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
	"github.com/warren-p2p/warren/tracker"
	"github.com/warren-p2p/warren/tracker/message"
)

// What the program answers itself does not leave it; other trackers are asked as ever.
func TestOwnTracker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(63, map[string]int{"file.bin": 100_000})
		m := c.create(t, create.V1, 64<<10)
		w := newWorld(t)
		g, url := w.registry("10.99.0.1")
		ours, _ := w.registry("10.99.0.2")
		m.SetTrackers([][]string{{"http://10.99.0.2/ours/announce"}})
		m2 := sample(64, map[string]int{"file.bin": 100_000}).create(t, create.V1, 64<<10)
		var mu sync.Mutex
		var heard []message.Event
		n := w.start(func(cfg *swarm.Config) {
			cfg.OwnTracker = func(_ context.Context, url string, r tracker.Request) (tracker.Response, bool, error) {
				if r.Event > message.Stopped || r.Port == 0 {
					t.Errorf("it is told of %+v", r)
				}
				if !strings.HasSuffix(url, "/ours/announce") {
					return tracker.Response{}, false, nil
				}
				mu.Lock()
				defer mu.Unlock()
				heard = append(heard, r.Event)
				return tracker.Response{Interval: time.Hour, Seeders: 7, Leechers: -1}, true, nil
			}
		})
		w.join(n, swarm.Options{Metainfo: m2, Trackers: []string{url}})
		w.join(n, swarm.Options{Metainfo: m})
		time.Sleep(time.Minute)
		list, _ := n.torrent.Announces()
		if len(list) != 1 || list[0].Seeders != 7 || list[0].Err != nil {
			t.Errorf("%+v", list)
		}
		n.close()
		if len(heard) != 2 || heard[0] != message.Started || heard[1] != message.Stopped {
			t.Errorf("our own tracker heard %v", heard)
		}
		if said := g.said(); len(said) != 2 {
			t.Errorf("the other one %q", said)
		}
		if said := ours.said(); len(said) > 0 {
			t.Errorf("our own was asked by the network: %q", said)
		}
	})
}
