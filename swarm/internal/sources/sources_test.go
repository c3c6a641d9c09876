package sources

import (
	"log/slog"
	"net"
	"net/netip"
	"reflect"
	"slices"
	"testing"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/lsd"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/announcer"
	"github.com/warren-p2p/warren/swarm/internal/conns"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is a torrent that keeps what it is offered.
type fake struct {
	state   activity.State
	asleep  bool
	offered map[conns.Source]int
	met     int
}

func (f *fake) State() (activity.State, bool)    { return f.state, !f.asleep }
func (f *fake) Progress() (down, up, left int64) { return 1, 2, 3 }
func (f *fake) Meet(netip.AddrPort)              { f.met++ }

func (f *fake) Offer(from conns.Source, addrs []netip.AddrPort) {
	if f.offered == nil {
		f.offered = map[conns.Source]int{}
	}
	f.offered[from] += len(addrs)
}

var names = [][20]byte{{1}, {2}}

// start starts sources with a node of the DHT on loopback that knows nobody, and
// with trackers that nobody is told to ask.
func start(t *testing.T, change func(*Config)) *Sources {
	cfg := Config{
		Policy: netpolicy.Direct{}, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Home: memfs.New(),
		Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, Packets: func(bool) net.PacketConn { return nil },
		DHT: &DHT{}, NoLSD: true,
	}
	if change != nil {
		change(&cfg)
	}
	s := Start(t.Context(), cfg)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// What is private, paused or asleep, the local network does not hear of (BEP 27).
func TestNeighbours(t *testing.T) {
	at := netip.MustParseAddrPort("10.0.0.1:6881")
	for _, c := range []struct {
		state           activity.State
		asleep, private bool
		want            []lsd.Torrent
		met             int
	}{
		{activity.Seeding, false, false, []lsd.Torrent{{Hash: names[0]}, {Hash: names[1]}}, 1},
		{activity.Downloading, false, false, []lsd.Torrent{{Hash: names[0], Urgent: true}, {Hash: names[1], Urgent: true}}, 1},
		{activity.Seeding, true, false, nil, 1}, // somebody needs it: that wakes it
		{activity.Paused, false, false, nil, 1},
		{activity.Failed, false, false, nil, 1},
		{activity.Seeding, false, true, nil, 0},
	} {
		var sub *Subject
		s := start(t, func(cfg *Config) {
			cfg.DHT = nil
			cfg.Subjects = func() []*Subject { return []*Subject{sub} }
			cfg.Find = func(name [20]byte) *Subject {
				if slices.Contains(names, name) {
					return sub
				}
				return nil
			}
		})
		f := &fake{state: c.state, asleep: c.asleep}
		sub = s.Add(f, Options{Names: names, Private: c.private})
		if got := s.toNeighbours(); !slices.Equal(got, c.want) {
			t.Errorf("%+v: announced are %v", c, got)
		}
		s.neighbour(names[1], at)
		s.neighbour([20]byte{3}, at)
		if f.met != c.met {
			t.Errorf("%+v: met %d", c, f.met)
		}
	}
}

// The DHT is asked for what is to be asked for, and never of what is private.
func TestLookups(t *testing.T) {
	s := start(t, nil)
	if st, ok := s.DHT(); !ok || st.Nodes != 0 || s.PeersDHT() == nil {
		t.Fatalf("%+v, %v: there is no node", st, ok)
	}
	f := &fake{}
	sub := s.Add(f, Options{Names: names})
	looked := func(why string, want bool) {
		t.Helper()
		if _, ok := sub.Lookup(); ok != want {
			t.Errorf("%s: looked up: %v", why, ok)
		}
	}
	looked("nothing is known of its state", false)
	for _, c := range []struct {
		state activity.State
		want  bool
	}{
		{activity.Starting, false},
		{activity.Metadata, true},
		{activity.Paused, false},
		{activity.Downloading, true},
		{activity.Checking, true}, // goes on
		{activity.Failed, false},
		{activity.Seeding, true},
	} {
		sub.Turned(activity.Starting, c.state)
		looked(c.state.String(), c.want)
	}
	(*sought)(sub).Found(make([]netip.AddrPort, 2))
	sub.SetPrivate(true)
	(*sought)(sub).Found(make([]netip.AddrPort, 3)) // of a lookup under way
	(*announced)(sub).Found(make([]netip.AddrPort, 5))
	sub.Turned(activity.Metadata, activity.Downloading)
	looked("private", false)
	if f.offered[conns.DHT] != 2 || f.offered[conns.Tracker] != 5 {
		t.Errorf("offered are %v", f.offered)
	}
	sub.SetPrivate(false)
	sub.Turned(activity.Starting, activity.Seeding)
	sub.Remove()
	sub.Remove()
	looked("removed", false)
}

// Trackers that the user has named come first, each by itself.
func TestTiers(t *testing.T) {
	got := tiersOf([]string{"a", "b"}, [][]string{{"c", "d"}, {"e"}})
	want := [][]announcer.Tracker{
		{{URL: "a", Typed: true}}, {{URL: "b", Typed: true}},
		{{URL: "c"}, {URL: "d"}}, {{URL: "e"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

// Without sources there is nothing to ask, and nobody to be asked.
func TestNone(t *testing.T) {
	s := start(t, func(cfg *Config) { cfg.NoTrackers, cfg.DHT = true, nil })
	sub := s.Add(&fake{}, Options{Names: names, Typed: []string{"http://127.0.0.1:1/"}})
	sub.Turned(activity.Starting, activity.Downloading)
	if list, next := sub.Announces(); list != nil || !next.IsZero() {
		t.Errorf("announced to %v", list)
	}
	if _, ok := sub.Lookup(); ok || s.PeersDHT() != nil {
		t.Error("there is a node")
	}
	if _, ok := s.DHT(); ok {
		t.Error("there is a node")
	}
	sub.Remove()
}

// As long as a tracker helps, or may, the DHT is less urgent.
func TestHelped(t *testing.T) {
	s := start(t, func(cfg *Config) { cfg.DHT = nil })
	for _, c := range []struct {
		typed []string
		want  bool
	}{{nil, false}, {[]string{"http://127.0.0.1:1/"}, true}} {
		sub := s.Add(&fake{}, Options{Names: names, Typed: c.typed})
		if got := (*sought)(sub).Helped(); got != c.want {
			t.Errorf("%v: helped: %v", c.typed, got)
		}
		sub.Remove()
	}
}
