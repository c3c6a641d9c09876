package sources

import (
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"reflect"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/ssltorrent"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/lsd"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/announcer"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/disclosure"
	"github.com/warren-p2p/warren/tracker/message"
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

func (f *fake) Offer(from conns.Source, addrs []conns.Hint) {
	if f.offered == nil {
		f.offered = map[conns.Source]int{}
	}
	f.offered[from] += len(addrs)
}

// hybrid is a torrent with two names.
var hybrid = transport.ID{V1: [20]byte{1}, HasV1: true, V2: [32]byte{2}, HasV2: true}

var names = [][20]byte{{1}, {2}}

// start starts sources with a node of the DHT on loopback that knows nobody, and
// with trackers that nobody is told to ask.
func start(t *testing.T, change func(*Config)) *Sources {
	cfg := Config{
		Policies: traffic.Policies{Peers: netpolicy.Direct{}, Trackers: netpolicy.Direct{}, Near: netpolicy.Direct{}}, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Home: memfs.New(),
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
		})
		f := &fake{state: c.state, asleep: c.asleep}
		sub = s.Add(f, Options{Torrent: disclosure.Torrent{ID: hybrid, Private: c.private}})
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
	sub := s.Add(f, Options{Torrent: disclosure.Torrent{ID: hybrid}})
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
	(*sought)(sub).Found(make([]netip.AddrPort, 2), false)
	sub.SetPrivate(true)
	(*sought)(sub).Found(make([]netip.AddrPort, 3), false) // of a lookup under way
	(*announced)(sub).Found(make([]conns.Hint, 5), false)
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
	sub := s.Add(&fake{}, Options{Torrent: disclosure.Torrent{ID: hybrid}, Typed: []string{"http://127.0.0.1:1/"}})
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
		sub := s.Add(&fake{}, Options{Torrent: disclosure.Torrent{ID: hybrid}, Typed: c.typed})
		if got := (*sought)(sub).Helped(); got != c.want {
			t.Errorf("%v: helped: %v", c.typed, got)
		}
		sub.Remove()
	}
}

// Neighbours know a torrent that demands TLS by its discovery id, and one that does
// not by its info-hashes; by the other name it is nobody's.
func TestNeighboursByID(t *testing.T) {
	at := netip.MustParseAddrPort("10.0.0.1:6881")
	var sub *Subject
	s := start(t, func(cfg *Config) {
		cfg.DHT = nil
		cfg.Subjects = func() []*Subject { return []*Subject{sub} }
	})
	f := &fake{state: activity.Downloading}
	sub = s.Add(f, Options{Torrent: disclosure.Torrent{ID: hybrid}})
	met := func(h [20]byte) int {
		f.met = 0
		s.neighbour(h, at)
		return f.met
	}
	if met(names[0]) != 1 {
		t.Error("unknown by its info-hash")
	}
	sub.SetPolicy(btls.Require)
	told := s.toNeighbours()
	if len(told) != 2 || slices.Contains(names, [20]byte(told[0].Hash)) || slices.Contains(names, [20]byte(told[1].Hash)) {
		t.Errorf("told %v", told)
	}
	if met(names[0]) != 0 || met(names[1]) != 0 || met(told[0].Hash) != 1 || met(told[1].Hash) != 1 {
		t.Error("known by its info-hash, or not by its id")
	}
	sub.SetPolicy(btls.Prefer)
	if met(names[0]) != 1 || met(told[0].Hash) != 0 {
		t.Error("not known by its info-hash again")
	}
	sub.SetPrivate(true)
	if met(names[0]) != 0 || len(s.toNeighbours()) != 0 {
		t.Error("a private torrent is known")
	}
}

// What is found under a name tells where it was found; who listens says so, and
// names the key to trackers over TLS alone.
func TestTermsAndFound(t *testing.T) {
	s := start(t, func(cfg *Config) { cfg.DHT, cfg.Pin = nil, [32]byte{7} })
	f := &fake{}
	sub := s.Add(f, Options{Torrent: disclosure.Torrent{ID: hybrid}})
	(*announced)(sub).Found(make([]conns.Hint, 1), true)
	(*announced)(sub).Found(make([]conns.Hint, 2), false)
	(*sought)(sub).Found(make([]netip.AddrPort, 4), true)
	if f.offered[conns.Discovery] != 5 || f.offered[conns.Tracker] != 2 {
		t.Errorf("offered %v", f.offered)
	}
	for _, c := range []struct {
		policy btls.Policy
		url    string
		want   message.TLS
	}{
		{btls.Prefer, "http://a/", message.TLS{Support: true}},
		{btls.Prefer, "HTTPS://a/", message.TLS{Support: true, Pin: message.Pin{7}}},
		{btls.Require, "https://a/", message.TLS{Support: true, Require: true, Pin: message.Pin{7}}},
		{btls.Require, "udp://a:1/", message.TLS{Support: true, Require: true}},
		{btls.Off, "https://a/", message.TLS{}},
	} {
		sub.SetPolicy(c.policy)
		terms := (*announced)(sub).Terms(c.url)
		if terms.TLS != c.want || len(terms.Names) != 2 || terms.Names[0].ID != (c.policy == btls.Require) {
			t.Errorf("%v, %s: %+v", c.policy, c.url, terms)
		}
	}
	deaf := start(t, func(cfg *Config) { cfg.DHT, cfg.Addr = nil, nil })
	ssl := hybrid
	ssl.Access.SSL = member(t)
	if terms := (*announced)(s.Add(f, Options{Torrent: disclosure.Torrent{ID: ssl, Policy: btls.Require}})).Terms("https://a/"); terms.TLS != (message.TLS{}) || terms.Web == nil || len(terms.Names) != 2 || terms.Names[0].ID {
		t.Errorf("of an SSL torrent: %+v", terms)
	}
	if terms := (*announced)(deaf.Add(f, Options{Torrent: disclosure.Torrent{ID: hybrid}})).Terms("https://a/"); terms.TLS != (message.TLS{}) {
		t.Errorf("who does not listen says %+v", terms.TLS)
	}
}

// The status says what is not used.
func TestUnprotected(t *testing.T) {
	s := start(t, nil)
	sub := s.Add(&fake{}, Options{Torrent: disclosure.Torrent{ID: hybrid}, Typed: []string{"http://a.example/key"}})
	if list := sub.Unprotected(); list != nil {
		t.Errorf("of one that does not demand TLS: %v", list)
	}
	sub.SetPolicy(btls.Require)
	var got []string
	for _, u := range sub.Unprotected() {
		got = append(got, fmt.Sprint(u.Source, " ", u.ByID))
	}
	if want := []string{"tracker a.example true", "DHT true"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// member is of an SSL torrent.
func member(t *testing.T) *ssltorrent.Member {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	authority, err := ssltorrent.NewAuthority("set", now.Add(-time.Hour), now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	request, err := ssltorrent.Request(key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := authority.Issue(request, "set", now.Add(-time.Hour), now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	own, err := ssltorrent.Pair(der, key)
	if err != nil {
		t.Fatal(err)
	}
	torrent, err := ssltorrent.New("set", authority.SSLCert())
	if err != nil {
		t.Fatal(err)
	}
	m, err := torrent.Member(own, clock.System{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}
