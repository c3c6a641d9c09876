package gate_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/warren-p2p/warren/internal/dht/gate"
	"github.com/warren-p2p/warren/internal/dht/krpc"
)

var begin = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func newGate(v6 bool) *gate.Gate {
	return gate.New(gate.Config{IPv6: v6, Rand: rand.New(rand.NewPCG(1, 2))})
}

func at(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }

// ask lets a query out and returns it as it goes to the wire.
func ask(t testing.TB, g *gate.Gate, inner string, to netip.AddrPort, now time.Time) krpc.Message {
	t.Helper()
	q := krpc.Message{Kind: krpc.Query, T: inner, Method: krpc.GetPeers, Target: krpc.ID{7}, HasTarget: true, Want4: true, Want6: true}
	b, err := g.Leave(q.Append(nil), to, now)
	if err != nil {
		t.Fatal(err)
	}
	m, err := krpc.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func reply(id string) krpc.Message { return krpc.Message{Kind: krpc.Reply, T: id, From: krpc.ID{1}} }

func TestOnlyWhatWasAskedFor(t *testing.T) {
	g := newGate(false)
	node := at("8.8.8.8:6881")
	q := ask(t, g, "\x01", node, begin)
	if len(q.T) != 4 || q.ReadOnly || !q.Want4 || q.Want6 {
		t.Errorf("query %+v", q)
	}
	for name, c := range map[string]struct {
		m    krpc.Message
		from netip.AddrPort
	}{
		"other transaction":  {reply("aaaa"), node},
		"inner transaction":  {reply("\x01"), node},
		"longer transaction": {reply(q.T + "x"), node},
		"no transaction":     {reply(""), node},
		"other port":         {reply(q.T), at("8.8.8.8:6882")},
		"other address":      {reply(q.T), at("8.8.4.4:6881")},
		"error unasked":      {krpc.Message{Kind: krpc.Error, T: "aaaa", Code: 201}, node},
	} {
		if b, err := g.Enter(c.m, c.from, begin); !errors.Is(err, gate.ErrUnasked) {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
	b, err := g.Enter(reply(q.T), node, begin)
	if err != nil {
		t.Fatal(err)
	}
	if m, err := krpc.Parse(b); err != nil || m.T != "\x01" {
		t.Errorf("%+v, %v", m, err)
	}
	if _, err := g.Enter(reply(q.T), node, begin); !errors.Is(err, gate.ErrUnasked) {
		t.Errorf("the same reply twice: %v", err)
	}
	q = ask(t, g, "\x02", node, begin)
	if _, err := g.Enter(reply(q.T), node, begin.Add(time.Minute)); !errors.Is(err, gate.ErrUnasked) {
		t.Errorf("a reply after a minute: %v", err)
	}
}

func TestWhereQueriesGo(t *testing.T) {
	blocked := netip.MustParseAddr("9.9.9.9")
	g := gate.New(gate.Config{Rand: rand.New(rand.NewPCG(1, 2)), Blocked: func(a netip.Addr) bool { return a == blocked }})
	q := krpc.Message{Kind: krpc.Query, T: "a", Method: krpc.Ping}
	for _, to := range []string{"8.8.8.8:0", "0.0.0.0:1", "224.0.0.1:1", "255.255.255.255:1", "9.9.9.9:1", "[2600::1]:1", "[::ffff:8.8.8.8]:1", "192.0.2.1:1"} {
		if _, err := g.Leave(q.Append(nil), at(to), begin); !errors.Is(err, gate.ErrImplausible) {
			t.Errorf("sent to %s: %v", to, err)
		}
	}
	r := reply("a")
	if _, err := g.Leave(r.Append(nil), at("8.8.8.8:1"), begin); !errors.Is(err, gate.ErrNotAQuery) {
		t.Errorf("a reply left: %v", err)
	}
	var err error
	for i := range 2000 {
		if _, err = g.Leave(q.Append(nil), netip.AddrPortFrom(netip.AddrFrom4([4]byte{8, 8, byte(i >> 8), byte(i)}), 1), begin); err != nil {
			break
		}
	}
	if !errors.Is(err, gate.ErrFull) {
		t.Errorf("2000 queries without a reply: %v", err)
	}
	if _, err := g.Leave(q.Append(nil), at("8.8.8.8:1"), begin.Add(time.Minute)); err != nil {
		t.Errorf("a minute later: %v", err)
	}
}

// What a node says of others is believed as far as it can know it.
func TestBelievable(t *testing.T) {
	told := []string{"1.2.3.4:5", "127.0.0.1:80", "10.0.0.1:80", "192.168.1.1:80", "169.254.1.1:80", "100.64.0.1:80", "0.0.0.0:80", "224.0.0.1:80", "240.0.0.1:80"}
	for _, c := range []struct {
		teller string
		want   []string
	}{
		{"8.8.8.8:1", []string{"1.2.3.4:5"}},
		{"127.0.0.1:1", []string{"1.2.3.4:5", "127.0.0.1:80"}},
		{"10.9.9.9:1", []string{"1.2.3.4:5", "10.0.0.1:80", "192.168.1.1:80", "100.64.0.1:80"}},
		{"169.254.9.9:1", []string{"1.2.3.4:5", "169.254.1.1:80"}},
	} {
		g := newGate(false)
		q := ask(t, g, "a", at(c.teller), begin)
		r := reply(q.T)
		for i, s := range told {
			r.Nodes = append(r.Nodes, krpc.Contact{ID: krpc.ID{byte(i)}, Addr: at(s)})
			r.Values = append(r.Values, at(s))
		}
		b, err := g.Enter(r, at(c.teller), begin)
		if err != nil {
			t.Fatal(err)
		}
		m, err := krpc.Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		var nodes, values []string
		for _, n := range m.Nodes {
			nodes = append(nodes, n.Addr.String())
		}
		for _, v := range m.Values {
			values = append(values, v.String())
		}
		if !slices.Equal(nodes, c.want) || !slices.Equal(values, c.want) {
			t.Errorf("%s is believed nodes %v and peers %v, want %v", c.teller, nodes, values, c.want)
		}
	}
}

// A node that names one address under many ids, or the other family, aims us at
// nobody.
func TestNodesAreNoLever(t *testing.T) {
	g := newGate(false)
	node := at("8.8.8.8:1")
	q := ask(t, g, "a", node, begin)
	r := reply(q.T)
	for i := range 12 {
		r.Nodes = append(r.Nodes, krpc.Contact{ID: krpc.ID{byte(i)}, Addr: netip.AddrPortFrom(netip.MustParseAddr("1.2.3.4"), uint16(1+i))})
	}
	r.Nodes = append(r.Nodes, krpc.Contact{Addr: at("[2600::1]:1")})
	b, err := g.Enter(r, node, begin)
	if err != nil {
		t.Fatal(err)
	}
	if m, _ := krpc.Parse(b); len(m.Nodes) != 1 {
		t.Errorf("nodes %v", m.Nodes)
	}
}

// vote lets a node say as whom it sees us.
func vote(t testing.TB, g *gate.Gate, node, you string) {
	t.Helper()
	q := ask(t, g, "a", at(node), begin)
	r := reply(q.T)
	r.You = at(you)
	if _, err := g.Enter(r, at(node), begin); err != nil {
		t.Fatal(err)
	}
}

func TestSelf(t *testing.T) {
	heard := 0
	g := gate.New(gate.Config{Rand: rand.New(rand.NewPCG(1, 2)), Seen: func(netip.Addr, netip.Addr) { heard++ }})
	defer func() {
		if heard != 50+20+8+8+200 {
			t.Errorf("%d times others were told as whom we are seen", heard)
		}
	}()
	for i := range 50 { // one network
		vote(t, g, fmt.Sprintf("8.8.8.%d:1", i), "6.6.6.6:6")
	}
	for i := range 20 { // nobody on the Internet sees us there
		vote(t, g, fmt.Sprintf("11.%d.0.1:1", i), "10.0.0.1:6")
	}
	if a, ok := g.Self(); ok {
		t.Errorf("one network decided on %v", a)
	}
	for i := range 8 {
		vote(t, g, fmt.Sprintf("12.%d.0.1:1", i), "5.5.5.5:5")
	}
	if a, ok := g.Self(); !ok || a.String() != "5.5.5.5" {
		t.Errorf("we are %v, %v", a, ok)
	}
	for i := range 8 {
		vote(t, g, fmt.Sprintf("13.%d.0.1:1", i), "7.7.7.7:7")
	}
	if a, ok := g.Self(); ok {
		t.Errorf("8 of 17 decided on %v", a)
	}
	for i := range 200 { // the old ones are forgotten
		vote(t, g, fmt.Sprintf("14.%d.0.1:1", i), "7.7.7.7:7")
	}
	if a, ok := g.Self(); !ok || a.String() != "7.7.7.7" {
		t.Errorf("we are %v, %v", a, ok)
	}
}

func TestReadOnly(t *testing.T) {
	g := newGate(false)
	now := begin
	chat := func() {
		for i := range 100 {
			node := netip.AddrPortFrom(netip.AddrFrom4([4]byte{8, 8, 8, byte(i)}), 1)
			q := ask(t, g, "a", node, now)
			if _, err := g.Enter(reply(q.T), node, now); err != nil {
				t.Fatal(err)
			}
			g.Queried(node.Addr(), now) // the router lets it in: we have sent to it
		}
	}
	if g.ReadOnly(now) {
		t.Error("before anything is known")
	}
	chat()
	if now = now.Add(19 * time.Minute); g.ReadOnly(now) {
		t.Error("too soon")
	}
	chat()
	if now = now.Add(2 * time.Minute); !g.ReadOnly(now) {
		t.Error("no stranger in 21 minutes")
	}
	if q := ask(t, g, "a", at("8.8.8.8:1"), now); !q.ReadOnly {
		t.Error("a query does not say so (BEP 43)")
	}
	if now = now.Add(3 * time.Hour); g.ReadOnly(now) {
		t.Error("not tried again after hours")
	}
	chat()
	now = now.Add(21 * time.Minute)
	if !g.ReadOnly(now) {
		t.Error("nor did it end")
	}
	g.Queried(netip.MustParseAddr("77.7.7.7"), now)
	if g.ReadOnly(now) {
		t.Error("a stranger came in")
	}
}

// Whoever waits for a reply gets one at the end.
func TestFlush(t *testing.T) {
	g := newGate(true)
	nodes := []netip.AddrPort{at("[2600::1]:1"), at("[2600::2]:2")}
	for i, n := range nodes {
		ask(t, g, string(rune('a'+i)), n, begin)
	}
	packets, from := g.Flush()
	if len(packets) != 2 || len(from) != 2 {
		t.Fatalf("%d packets", len(packets))
	}
	for i, b := range packets {
		m, err := krpc.Parse(b)
		if err != nil || m.Kind != krpc.Error || nodes[m.T[0]-'a'] != from[i] {
			t.Errorf("%+v from %v, %v", m, from[i], err)
		}
	}
	if again, _ := g.Flush(); len(again) > 0 {
		t.Error("they wait still")
	}
}

// Whatever order queries, replies and time come in, a reply enters once, under the
// name of its own query, and never later than it may.
func TestProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := newGate(false)
		now := begin
		type sent struct {
			inner string
			to    netip.AddrPort
			at    time.Time
			used  bool
		}
		open := map[string]*sent{}
		var ids []string
		for step := range rapid.IntRange(1, 60).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 9000).Draw(t, "ms")) * time.Millisecond)
			if len(ids) == 0 || rapid.Bool().Draw(t, "ask") {
				to := netip.AddrPortFrom(netip.AddrFrom4([4]byte{8, 8, 8, byte(rapid.IntRange(1, 3).Draw(t, "node"))}), 1)
				inner := fmt.Sprint(step)
				b, err := g.Leave((&krpc.Message{Kind: krpc.Query, T: inner, Method: krpc.Ping}).Append(nil), to, now)
				if err != nil {
					t.Fatal(err)
				}
				m, err := krpc.Parse(b)
				if err != nil {
					t.Fatal(err)
				}
				open[m.T] = &sent{inner: inner, to: to, at: now}
				ids = append(ids, m.T)
				continue
			}
			id := rapid.SampledFrom(ids).Draw(t, "reply")
			s := open[id]
			b, err := g.Enter(reply(id), s.to, now)
			if ok := !s.used && now.Sub(s.at) < 15*time.Second; ok != (err == nil) {
				t.Fatalf("reply after %v, used %v: %v", now.Sub(s.at), s.used, err)
			}
			if err == nil {
				s.used = true
				if m, _ := krpc.Parse(b); m.T != s.inner {
					t.Fatalf("reply to %q is for %q", s.inner, m.T)
				}
			}
		}
	})
}
