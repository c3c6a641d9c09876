package krpc_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/warren-p2p/warren/internal/dht/krpc"
	"github.com/warren-p2p/warren/internal/wire/bencode"
)

func id(s string) (i krpc.ID) {
	copy(i[:], s)
	return i
}

func at(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }

var addresses = cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })

// The examples of BEP 5, and what other BEPs add to them.
var golden = []struct {
	name, packet string
	want         krpc.Message
}{
	{"ping", "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe",
		krpc.Message{Kind: krpc.Query, T: "aa", From: id("abcdefghij0123456789"), Method: krpc.Ping}},
	{"ping reply", "d1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re",
		krpc.Message{Kind: krpc.Reply, T: "aa", From: id("mnopqrstuvwxyz123456")}},
	{"find_node", "d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz123456e1:q9:find_node1:t2:aa1:y1:qe",
		krpc.Message{Kind: krpc.Query, T: "aa", From: id("abcdefghij0123456789"), Method: krpc.FindNode,
			Target: id("mnopqrstuvwxyz123456"), HasTarget: true}},
	{"get_peers for both families (BEP 32), read-only (BEP 43)",
		"d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz1234564:wantl2:n42:n6ee1:q9:get_peers2:roi1e1:t2:aa1:y1:qe",
		krpc.Message{Kind: krpc.Query, T: "aa", From: id("abcdefghij0123456789"), Method: krpc.GetPeers,
			Target: id("mnopqrstuvwxyz123456"), HasTarget: true, Want4: true, Want6: true, ReadOnly: true}},
	{"get_peers reply with peers", "d1:rd2:id20:abcdefghij01234567895:token8:aoeusnth6:valuesl6:axje.u6:idhtnmee1:t2:aa1:y1:re",
		krpc.Message{Kind: krpc.Reply, T: "aa", From: id("abcdefghij0123456789"), Token: "aoeusnth",
			Values: []netip.AddrPort{at("97.120.106.101:11893"), at("105.100.104.116:28269")}}},
	{"reply with nodes, and the address it sees (BEP 42)",
		"d2:ip6:\x7f\x00\x00\x01\x1a\xe11:rd2:id20:abcdefghij01234567895:nodes26:mnopqrstuvwxyz123456\x01\x02\x03\x04\x00\x05e1:t2:aa1:y1:re",
		krpc.Message{Kind: krpc.Reply, T: "aa", From: id("abcdefghij0123456789"), You: at("127.0.0.1:6881"),
			Nodes: []krpc.Contact{{ID: id("mnopqrstuvwxyz123456"), Addr: at("1.2.3.4:5")}}}},
	{"reply with nodes of IPv6 (BEP 32)",
		"d1:rd2:id20:abcdefghij01234567896:nodes638:mnopqrstuvwxyz123456\x20\x01\x0d\xb8" + strings.Repeat("\x00", 11) + "\x01\x1a\xe1e1:t2:aa1:y1:re",
		krpc.Message{Kind: krpc.Reply, T: "aa", From: id("abcdefghij0123456789"),
			Nodes: []krpc.Contact{{ID: id("mnopqrstuvwxyz123456"), Addr: at("[2001:db8::1]:6881")}}}},
	{"announce_peer", "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz1234564:porti6881e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe",
		krpc.Message{Kind: krpc.Query, T: "aa", From: id("abcdefghij0123456789"), Method: krpc.AnnouncePeer,
			Target: id("mnopqrstuvwxyz123456"), HasTarget: true, Port: 6881, Token: "aoeusnth"}},
	{"announce_peer at the port of the packet", "d1:ad2:id20:abcdefghij012345678912:implied_porti1e9:info_hash20:mnopqrstuvwxyz1234564:porti0e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe",
		krpc.Message{Kind: krpc.Query, T: "aa", From: id("abcdefghij0123456789"), Method: krpc.AnnouncePeer,
			Target: id("mnopqrstuvwxyz123456"), HasTarget: true, Implied: true, Token: "aoeusnth"}},
	{"error", "d1:eli203e14:Protocol Errore1:t2:aa1:y1:ee",
		krpc.Message{Kind: krpc.Error, T: "aa", Code: krpc.CodeProtocol}},
}

func TestGolden(t *testing.T) {
	for _, g := range golden {
		t.Run(g.name, func(t *testing.T) {
			got, err := krpc.Parse([]byte(g.packet))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(g.want, got, addresses); diff != "" {
				t.Error(diff)
			}
			// What is written has the name of the program besides.
			own := strings.Replace(g.packet, "1:y1:", "1:v4:WN\x00\x011:y1:", 1)
			if b := got.Append(nil); string(b) != own {
				t.Errorf("encoded as %q, want %q", b, own)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	query := func(method, args string) string {
		return "d1:ad2:id20:abcdefghij0123456789" + args + "e1:q" + method + "1:t2:aa1:y1:qe"
	}
	reply := func(r string) string { return "d1:rd2:id20:abcdefghij0123456789" + r + "e1:t2:aa1:y1:re" }
	hash := "9:info_hash20:mnopqrstuvwxyz123456"
	for name, c := range map[string]struct {
		packet string
		want   error
	}{
		"nothing":              {"", bencode.ErrTruncated},
		"cut off":              {"d1:ad2:id20:abcdef", bencode.ErrLength},
		"too long":             {"d1:t2048:" + strings.Repeat("a", 2048) + "e", krpc.ErrSize},
		"no dictionary":        {"li1ee", krpc.ErrType},
		"no transaction":       {"d1:y1:qe", krpc.ErrType},
		"long transaction":     {"d1:t33:" + strings.Repeat("a", 33) + "1:y1:qe", krpc.ErrSize},
		"no kind":              {"d1:t2:aae", krpc.ErrType},
		"empty kind":           {"d1:t2:aa1:y0:e", krpc.ErrLength},
		"other kind":           {"d1:t2:aa1:y1:xe", krpc.ErrValue},
		"no arguments":         {"d1:q13:announce_peer1:t2:aa1:y1:qe", krpc.ErrType},
		"arguments of a list":  {"d1:ale1:q4:ping1:t2:aa1:y1:qe", krpc.ErrType},
		"long method":          {query("33:"+strings.Repeat("q", 33), ""), krpc.ErrSize},
		"short id":             {"d1:ad2:id2:abe1:q4:ping1:t2:aa1:y1:qe", krpc.ErrLength},
		"no target":            {query("9:find_node", ""), krpc.ErrType},
		"short info-hash":      {query("9:get_peers", "9:info_hash2:ab"), krpc.ErrLength},
		"announce, no token":   {query("13:announce_peer", hash+"4:porti1e"), krpc.ErrType},
		"announce, no port":    {query("13:announce_peer", hash+"5:token1:x"), krpc.ErrValue},
		"announce, port 0":     {query("13:announce_peer", hash+"4:porti0e5:token1:x"), krpc.ErrValue},
		"announce, port 65536": {query("13:announce_peer", hash+"4:porti65536e5:token1:x"), krpc.ErrValue},
		"announce, port -1":    {query("13:announce_peer", hash+"4:porti-1e5:token1:x"), krpc.ErrValue},
		"reply without values": {"d1:t2:aa1:y1:re", krpc.ErrType},
		"nodes of 25 bytes":    {reply("5:nodes25:" + strings.Repeat("n", 25)), krpc.ErrLength},
		"nodes6 of 26 bytes":   {reply("6:nodes626:" + strings.Repeat("n", 26)), krpc.ErrLength},
		"nodes of a number":    {reply("5:nodesi1e"), krpc.ErrType},
		"long token":           {reply("5:token129:" + strings.Repeat("t", 129)), krpc.ErrSize},
		"token of a number":    {reply("5:tokeni1e"), krpc.ErrType},
		"error of nothing":     {"d1:ele1:t2:aa1:y1:ee", krpc.ErrType},
		"error of a string":    {"d1:e3:bad1:t2:aa1:y1:ee", krpc.ErrType},
	} {
		if m, err := krpc.Parse([]byte(c.packet)); !errors.Is(err, c.want) {
			t.Errorf("%s: %+v, %v; want %v", name, m, err, c.want)
		}
	}
}

// What is of no use in a reply is left out of it, the rest stays.
func TestLeftOut(t *testing.T) {
	m, err := krpc.Parse([]byte("d2:ip1:x1:rd2:id20:abcdefghij01234567895:nodes52:" +
		"mnopqrstuvwxyz123456\x01\x02\x03\x04\x00\x00" + "mnopqrstuvwxyz123457\x01\x02\x03\x04\x00\x01" +
		"6:valuesl0:1:a6:\x01\x02\x03\x04\x00\x006:\x01\x02\x03\x04\x00\x017:axje.uui7ele18:" +
		strings.Repeat("\x00", 10) + "\xff\xff\x01\x02\x03\x04\x00\x01" + "ee1:t2:aa1:y1:re"))
	if err != nil {
		t.Fatal(err)
	}
	want := krpc.Message{Kind: krpc.Reply, T: "aa", From: id("abcdefghij0123456789"),
		Nodes:  []krpc.Contact{{ID: id("mnopqrstuvwxyz123457"), Addr: at("1.2.3.4:1")}},
		Values: []netip.AddrPort{at("1.2.3.4:1")}}
	if diff := cmp.Diff(want, m, addresses); diff != "" {
		t.Error(diff)
	}
}

// However much a reply names, little of it is kept.
func TestBounded(t *testing.T) {
	m := krpc.Message{Kind: krpc.Reply, T: "aa"}
	for range 200 {
		m.Values = append(m.Values, at("1.2.3.4:5"))
	}
	for range 20 {
		m.Nodes = append(m.Nodes, krpc.Contact{Addr: at("1.2.3.4:5")})
	}
	if _, err := krpc.Parse(m.Append(nil)); !errors.Is(err, krpc.ErrSize) {
		t.Errorf("200 peers: %v", err)
	}
	m.Values = m.Values[:120]
	got, err := krpc.Parse(m.Append(nil))
	if err != nil || len(got.Values) != 100 || len(got.Nodes) != 16 {
		t.Errorf("%d peers, %d nodes, %v", len(got.Values), len(got.Nodes), err)
	}
}

func TestCloser(t *testing.T) {
	target := krpc.ID{0x80}
	if krpc.Closer(target, krpc.ID{0x81}, krpc.ID{0x00}) >= 0 || krpc.Closer(target, krpc.ID{}, krpc.ID{0xff}) <= 0 ||
		krpc.Closer(target, target, target) != 0 {
		t.Error("distance is not that of XOR")
	}
}

// FuzzParse: what is accepted is clean. Encoded, it is short enough and means the
// same.
func FuzzParse(f *testing.F) {
	for _, g := range golden {
		f.Add([]byte(g.packet))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := krpc.Parse(b)
		if err != nil {
			return
		}
		again, err := krpc.Parse(m.Append(nil))
		if err != nil {
			t.Fatalf("%+v does not parse: %v", m, err)
		}
		if diff := cmp.Diff(m, again, addresses); diff != "" {
			t.Fatal(diff)
		}
		for _, c := range m.Nodes {
			if c.Addr.Port() == 0 || c.Addr.Addr().Is4In6() {
				t.Fatalf("node at %v", c.Addr)
			}
		}
	})
}
