package answer_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/dht/answer"
	"github.com/warren-p2p/warren/internal/dht/krpc"
)

var begin = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func newAnswerer(v6 bool) *answer.Answerer {
	return answer.New(answer.Config{ID: krpc.ID{0xaa}, IPv6: v6, Rand: rand.New(rand.NewPCG(1, 2))})
}

func at(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }

func query(method string, target byte) krpc.Message {
	return krpc.Message{Kind: krpc.Query, T: "tt", From: krpc.ID{9}, Method: method, Target: krpc.ID{target}, HasTarget: true}
}

// announce announces a peer with a fresh token, and returns the answer.
func announce(a *answer.Answerer, hash byte, from netip.AddrPort, port uint16, now time.Time) krpc.Message {
	q := query(krpc.AnnouncePeer, hash)
	q.Token = a.Answer(query(krpc.GetPeers, hash), from, now).Token
	q.Port, q.Implied = port, port == 0
	return a.Answer(q, from, now)
}

func TestAnswers(t *testing.T) {
	a := newAnswerer(false)
	asker := at("8.8.8.8:999")
	var all []krpc.Contact
	for i := range 20 {
		all = append(all, krpc.Contact{ID: krpc.ID{byte(i)}, Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{1, 2, 3, byte(i)}), 1)})
	}
	all = append(all, krpc.Contact{ID: krpc.ID{4, 1}, Addr: at("10.0.0.1:1")})
	a.SetContacts(all)

	r := a.Answer(query(krpc.Ping, 0), asker, begin)
	if r.Kind != krpc.Reply || r.T != "tt" || r.From != (krpc.ID{0xaa}) || r.You != asker || r.Nodes != nil {
		t.Errorf("ping: %+v", r)
	}
	for _, method := range []string{krpc.FindNode, "sample_infohashes"} {
		r = a.Answer(query(method, 4), asker, begin)
		var ids []byte
		for _, c := range r.Nodes {
			ids = append(ids, c.ID[0])
		}
		if !slices.Equal(ids, []byte{4, 5, 6, 7, 0, 1, 2, 3}) {
			t.Errorf("%s: the closest to 4 are %v", method, ids)
		}
	}
	q := query(krpc.FindNode, 4)
	q.Want6 = true
	if r = a.Answer(q, asker, begin); r.Nodes != nil {
		t.Errorf("nodes of IPv6: %v", r.Nodes)
	}
	if r = a.Answer(query(krpc.FindNode, 4), at("10.9.9.9:1"), begin); r.Nodes[1].Addr != at("10.0.0.1:1") {
		t.Errorf("a neighbour is told %v", r.Nodes)
	}
	q = query("vote", 0)
	q.HasTarget = false
	if r = a.Answer(q, asker, begin); r.Kind != krpc.Error || r.Code != krpc.CodeMethod {
		t.Errorf("unknown method: %+v", r)
	}
}

func TestPeersAndTokens(t *testing.T) {
	a := newAnswerer(false)
	peer := at("8.8.8.8:999")
	if r := announce(a, 1, peer, 6881, begin); r.Kind != krpc.Reply {
		t.Fatalf("%+v", r)
	}
	if r := announce(a, 1, peer, 0, begin); r.Kind != krpc.Reply {
		t.Fatalf("%+v", r)
	}
	announce(a, 1, at("10.0.0.7:5"), 6881, begin)
	get := func(from string, now time.Time) []netip.AddrPort {
		r := a.Answer(query(krpc.GetPeers, 1), at(from), now)
		slices.SortFunc(r.Values, netip.AddrPort.Compare)
		return r.Values
	}
	if got := get("9.9.9.9:1", begin); !slices.Equal(got, []netip.AddrPort{peer, at("8.8.8.8:6881")}) {
		t.Errorf("peers %v", got)
	}
	if got := get("10.0.0.8:1", begin); len(got) != 3 {
		t.Errorf("a neighbour is told %v", got)
	}
	if got := get("9.9.9.9:1", begin.Add(31*time.Minute)); got != nil {
		t.Errorf("after half an hour: %v", got)
	}

	q := query(krpc.AnnouncePeer, 2)
	q.Port = 1
	token := a.Answer(query(krpc.GetPeers, 2), peer, begin.Add(time.Hour)).Token
	for name, c := range map[string]struct {
		token string
		from  netip.AddrPort
		after time.Duration
		ok    bool
	}{
		"none":            {"", peer, 0, false},
		"made up":         {"12345678", peer, 0, false},
		"of another host": {token, at("8.8.8.9:999"), 0, false},
		"other port":      {token, at("8.8.8.8:1000"), 0, true},
		"after 5 minutes": {token, peer, 5 * time.Minute, true},
		"after an hour":   {token, peer, time.Hour, false},
	} {
		a := newAnswerer(false) // the same secrets each time
		a.Answer(query(krpc.GetPeers, 1), peer, begin)
		if a.Answer(query(krpc.GetPeers, 2), peer, begin).Token == "" {
			t.Fatal("no token")
		}
		q.Token = c.token
		if c.token == token {
			q.Token = a.Answer(query(krpc.GetPeers, 2), peer, begin).Token
		}
		a.Answer(query(krpc.Ping, 0), peer, begin.Add(c.after)) // time is seen to pass
		if r := a.Answer(q, c.from, begin.Add(c.after)); (r.Kind == krpc.Reply) != c.ok {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// Announces do not fill the memory, and one host not the place of others.
func TestStoreIsBounded(t *testing.T) {
	a := newAnswerer(true)
	host := at("[2600::1]:1")
	kept := 0
	for i := range 200 {
		if announce(a, byte(i), netip.AddrPortFrom(host.Addr(), uint16(i+1)), 0, begin).Kind == krpc.Reply {
			kept++
		}
	}
	if kept != 64 {
		t.Errorf("%d announces of one host were kept", kept)
	}
	hashes := 0
	for i := range 5000 {
		var ip [16]byte
		copy(ip[:], []byte{0x26, 0, 0, 1, byte(i >> 8), byte(i)})
		q := query(krpc.AnnouncePeer, 0)
		q.Target = krpc.ID{0xff, byte(i >> 8), byte(i)}
		from := netip.AddrPortFrom(netip.AddrFrom16(ip), 7)
		q.Token, q.Implied = a.Answer(query(krpc.GetPeers, 0), from, begin).Token, true
		if a.Answer(q, from, begin).Kind == krpc.Reply {
			hashes++
		}
	}
	if hashes != 4096-64 {
		t.Errorf("%d info-hashes were kept", hashes)
	}
	for i := range 1000 { // of one info-hash the newest stay
		var ip [16]byte
		copy(ip[:], []byte{0x26, 0, 0, 2, byte(i >> 8), byte(i)})
		announce(a, 0, netip.AddrPortFrom(netip.AddrFrom16(ip), 7), 0, begin)
	}
	r := a.Answer(query(krpc.GetPeers, 0), at("[2600::9]:1"), begin)
	if len(r.Values) != 30 || len(r.Append(nil)) > 1400 {
		t.Errorf("%d peers in %d bytes", len(r.Values), len(r.Append(nil)))
	}
	for _, v := range r.Values {
		if b := v.Addr().As16(); int(b[4])<<8|int(b[5]) < 1000-128 {
			t.Errorf("%v is an old one", v)
		}
	}
	if later := begin.Add(time.Hour); announce(a, 0, host, 0, later).Kind != krpc.Reply {
		t.Error("no room after an hour")
	}
}

func TestLimit(t *testing.T) {
	a := newAnswerer(false)
	count := func(from func(int) netip.Addr, now time.Time) (n int) {
		for i := range 10_000 {
			if a.Allow(from(i), now) {
				n++
			}
		}
		return n
	}
	one := func(int) netip.Addr { return netip.MustParseAddr("8.8.8.8") }
	many := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{9, 9, byte(i >> 8), byte(i)}) }
	if n := count(one, begin); n != 50 {
		t.Errorf("one host was answered %d times", n)
	}
	if n := count(many, begin); n != 950 {
		t.Errorf("all others were answered %d times", n)
	}
	if n := count(one, begin.Add(5*time.Second)); n != 50 {
		t.Errorf("then one host was answered %d times", n)
	}
	if n := count(func(i int) netip.Addr {
		return netip.MustParseAddr(fmt.Sprintf("2600::%x", i))
	}, begin.Add(10*time.Second)); n != 50 {
		t.Errorf("one network of IPv6 was answered %d times", n)
	}
}
