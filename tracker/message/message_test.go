package message_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/warren-p2p/warren/tracker/message"
)

func hash(first byte) (h [20]byte) {
	for i := range h {
		h[i] = first + byte(i)
	}
	return h
}

func request() *message.Request {
	return &message.Request{
		InfoHash: hash(0x12), PeerID: [20]byte([]byte("-WN0100-abc+ ~/&=?xy")), Port: 6881,
		Uploaded: 1, Downloaded: 2, Left: 3, Event: message.Started, Key: 0xab, NumWant: 200,
	}
}

func mustParse(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestAnnounceURL(t *testing.T) {
	const query = "info_hash=%12%13%14%15%16%17%18%19%1A%1B%1C%1D%1E%1F%20%21%22%23%24%25&peer_id=-WN0100-abc%2B%20~%2F%26%3D%3Fxy" +
		"&port=6881&uploaded=1&downloaded=2&left=3&compact=1&no_peer_id=1&numwant=200&key=000000AB&event=started"
	for base, want := range map[string]string{
		"http://t.example/announce":            "http://t.example/announce?" + query,
		"https://t.example:8443/a?passkey=x/y": "https://t.example:8443/a?passkey=x/y&" + query,
		"http://t.example/a%2Fb/announce#frag": "http://t.example/a%2Fb/announce?" + query,
	} {
		if got := message.AnnounceURL(mustParse(t, base), request()).String(); got != want {
			t.Errorf("%s:\n got %s\nwant %s", base, got, want)
		}
	}
	r := request()
	r.Event, r.TrackerID = message.None, "a b"
	got := message.AnnounceURL(mustParse(t, "http://t.example/"), r).RawQuery
	if !strings.HasSuffix(got, "&key=000000AB&trackerid=a%20b") {
		t.Error(got)
	}
	r.Event, r.TrackerID = message.Paused, "" // BEP 21
	got = message.AnnounceURL(mustParse(t, "http://t.example/"), r).RawQuery
	if !strings.HasSuffix(got, "&event=paused") {
		t.Error(got)
	}
}

func TestScrapeURL(t *testing.T) {
	const query = "info_hash=%01%02%03%04%05%06%07%08%09%0A%0B%0C%0D%0E%0F%10%11%12%13%14"
	for base, want := range map[string]string{ // those of BEP 48, and others
		"http://example.com/announce":          "http://example.com/scrape?" + query,
		"http://example.com/x/announce":        "http://example.com/x/scrape?" + query,
		"http://example.com/announce.php":      "http://example.com/scrape.php?" + query,
		"http://example.com/announce?x2%0644":  "http://example.com/scrape?x2%0644&" + query,
		"http://example.com/a%2Fb/announce":    "http://example.com/a%2Fb/scrape?" + query,
		"http://example.com/a":                 "",
		"http://example.com/announce?x=2/4":    "http://example.com/scrape?x=2/4&" + query,
		"http://example.com/x%064announce":     "",
		"http://example.com/":                  "",
		"http://example.com/announce/":         "",
		"http://example.com/announce/announce": "http://example.com/announce/scrape?" + query,
	} {
		u, ok := message.ScrapeURL(mustParse(t, base), [][20]byte{hash(1)})
		if got := fmt.Sprint(u); ok != (want != "") || ok && got != want {
			t.Errorf("%s: %v %s, want %s", base, ok, got, want)
		}
	}
}

func addrs(list ...string) (out []netip.AddrPort) {
	for _, a := range list {
		out = append(out, netip.MustParseAddrPort(a))
	}
	return out
}

func TestParseAnnounce(t *testing.T) {
	none := message.Response{Seeders: -1, Leechers: -1}
	with := func(change func(*message.Response)) message.Response {
		r := none
		change(&r)
		return r
	}
	for in, want := range map[string]message.Response{
		"de":                                 none,
		"d5:peers0:e":                        none,
		"d5:peerslee":                        none,
		"d8:intervali1800ee":                 with(func(r *message.Response) { r.Interval = 30 * time.Minute }),
		"d8:intervali-5ee":                   none,
		"d8:interval4:1800e":                 none,
		"d8:completei-7ee":                   with(func(r *message.Response) { r.Seeders = 0 }),
		"d10:tracker id2:abe":                with(func(r *message.Response) { r.TrackerID = "ab" }),
		"d15:warning message2:hie":           with(func(r *message.Response) { r.Warning = "hi" }),
		"d11:external ip4:\x01\x02\x03\x04e": with(func(r *message.Response) { r.External = netip.MustParseAddr("1.2.3.4") }),
		"d11:external ip3:\x01\x02\x03e":     none,
		// unsorted, with bytes behind
		"d8:intervali60e12:min intervali30e10:incompletei2e8:completei1e5:peers6:\x01\x02\x03\x04\x1a\xe1etail": with(func(r *message.Response) {
			r.Interval, r.MinInterval, r.Seeders, r.Leechers = time.Minute, 30*time.Second, 1, 2
			r.Peers = addrs("1.2.3.4:6881")
		}),
		"d5:peersld2:ip7:1.2.3.47:peer id20:aaaaaaaaaaaaaaaaaaaa4:porti6881eed2:ip11:2001:4860::4:porti1eed2:ip7:a.b.com4:porti1eed2:ip7:1.2.3.54:porti0eei5eee": with(func(r *message.Response) {
			r.Peers = addrs("1.2.3.4:6881", "[2001:4860::]:1")
		}),
		"d5:peers12:\x00\x00\x00\x00\x00\x01\x01\x01\x01\x01\x00\x006:peers618:" + strings.Repeat("\x20", 16) + "\x00\x07e": with(func(r *message.Response) {
			r.Peers = addrs("[2020:2020:2020:2020:2020:2020:2020:2020]:7")
		}),
	} {
		got, err := message.ParseAnnounce([]byte(in))
		if err != nil {
			t.Errorf("%q: %v", in, err)
		}
		if d := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b }), cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); d != "" {
			t.Errorf("%q: %s", in, d)
		}
	}
}

func TestMalformed(t *testing.T) {
	for _, in := range []string{
		"", "i1e", "le", "d", "<html>", "d5:peers7:1234567e", "d5:peersi1ee", "d6:peers617:12345678901234567e", "d1:ai1e1:ai1ee",
	} {
		if r, err := message.ParseAnnounce([]byte(in)); !errors.Is(err, message.ErrMalformed) {
			t.Errorf("%q: %+v, %v", in, r, err)
		}
	}
	for _, in := range []string{"", "de", "d5:files0:e", "d5:filesle"} {
		if _, err := message.ParseScrape([]byte(in), [][20]byte{hash(1)}); !errors.Is(err, message.ErrMalformed) {
			t.Errorf("scrape %q: %v", in, err)
		}
	}
}

func TestFailure(t *testing.T) {
	long := strings.Repeat("x", 1000)
	for in, want := range map[string]message.Failure{
		"d14:failure reason4:nonee":                  {Reason: "none"},
		"d14:failure reason4:none8:retry ini5ee":     {Reason: "none", RetryIn: 5 * time.Minute},
		"d14:failure reason4:none8:retry ini-5ee":    {Reason: "none"},
		"d14:failure reason4:none8:retry in5:nevere": {Reason: "none", Never: true},
		"d14:failure reason1000:" + long + "e":       {Reason: long[:200]},
		"d14:failure reason4:none5:peers7:1234567e":  {Reason: "none"},
	} {
		_, err := message.ParseAnnounce([]byte(in))
		f, ok := errors.AsType[*message.Failure](err)
		if !ok || *f != want {
			t.Errorf("%q: %v", in, err)
		}
	}
}

// A million peers cost no more than those that are kept.
func TestManyPeers(t *testing.T) {
	compact := "d5:peers6000000:" + strings.Repeat("\x08\x08\x08\x08\x1a\xe1", 1_000_000) + "e"
	list := "d5:peersl" + strings.Repeat("d2:ip7:8.8.8.84:porti1ee", 100_000) + "ee"
	for name, in := range map[string]string{"compact": compact, "list": list} {
		r, err := message.ParseAnnounce([]byte(in))
		if err != nil || len(r.Peers) != message.MaxPeers || cap(r.Peers) > 2*message.MaxPeers {
			t.Errorf("%s: %d peers, room for %d, %v", name, len(r.Peers), cap(r.Peers), err)
		}
	}
}

func TestParseScrape(t *testing.T) {
	one, two := hash(1), hash(100)
	in := fmt.Sprintf("d5:filesd20:%sd8:completei5e10:downloadedi50e10:incompletei10ee20:%si1eee", one[:], two[:])
	got, err := message.ParseScrape([]byte(in), [][20]byte{one, two, hash(50)})
	want := map[[20]byte]message.Totals{one: {Seeders: 5, Completed: 50, Leechers: 10}}
	if err != nil || !cmp.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestUDPGolden(t *testing.T) {
	for name, c := range map[string]struct {
		got  []byte
		want string
	}{
		"connect": {message.AppendConnect(nil, 0x01020304), "0000041727101980 00000000 01020304"},
		"announce": {
			message.AppendAnnounce(nil, 0x1112131415161718, 0x01020304, request(), ""),
			"1112131415161718 00000001 01020304 12131415161718191a1b1c1d1e1f202122232425" +
				"2d574e303130302d6162632b207e2f263d3f7879 0000000000000002 0000000000000003 0000000000000001" +
				"00000002 00000000 000000ab 000000c8 1ae1",
		},
		"scrape": {
			message.AppendScrape(nil, 1, 2, [][20]byte{hash(0), hash(20)}),
			"0000000000000001 00000002 00000002 000102030405060708090a0b0c0d0e0f10111213 1415161718191a1b1c1d1e1f2021222324252627",
		},
	} {
		if got := hex.EncodeToString(c.got); got != strings.ReplaceAll(c.want, " ", "") {
			t.Errorf("%s: %s", name, got)
		}
	}
	partial, regular := request(), request()
	partial.Event, regular.Event = message.Paused, message.None
	if a, b := message.AppendAnnounce(nil, 1, 2, partial, ""), message.AppendAnnounce(nil, 1, 2, regular, ""); string(a) != string(b) {
		t.Errorf("a partial seed is announced as %x, BEP 15 has no number for it", a)
	}
	const short = "/dir?a=b&c=d" // the example of BEP 41
	if got := message.AppendAnnounce(nil, 1, 2, request(), short)[98:]; string(got) != "\x02\x0C"+short {
		t.Errorf("%q", got)
	}
	long := "/" + strings.Repeat("x", 300)
	if got := message.AppendAnnounce(nil, 1, 2, request(), long)[98:]; string(got) != "\x02\xff"+long[:255]+"\x02\x2e"+long[255:] {
		t.Errorf("%q", got)
	}
}

func TestParseUDP(t *testing.T) {
	id, err := message.ParseConnectUDP(unhex(t, "00000000 01020304 1112131415161718"))
	if err != nil || id != 0x1112131415161718 {
		t.Errorf("connect: %x, %v", id, err)
	}
	if tid, ok := message.Transaction(unhex(t, "00000000 01020304")); !ok || tid != 0x01020304 {
		t.Errorf("transaction %x, %v", tid, ok)
	}
	r, err := message.ParseAnnounceUDP(unhex(t, "00000001 01020304 00000708 00000002 00000001 01020304 1ae1 08080808 0050"), false)
	if err != nil || r.Interval != 30*time.Minute || r.Leechers != 2 || r.Seeders != 1 || !slices.Equal(r.Peers, addrs("1.2.3.4:6881", "8.8.8.8:80")) {
		t.Errorf("announce: %+v, %v", r, err)
	}
	r, err = message.ParseAnnounceUDP(unhex(t, "00000001 01020304 ffffffff ffffffff 80000000 20010db8000000000000000000000001 1ae1"), true)
	if err != nil || r.Interval != 0 || r.Leechers != 0 || r.Seeders != 0 || !slices.Equal(r.Peers, addrs("[2001:db8::1]:6881")) {
		t.Errorf("announce over IPv6: %+v, %v", r, err)
	}
	s, err := message.ParseScrapeUDP(unhex(t, "00000002 01020304 00000005 00000032 0000000a"), 1)
	if err != nil || !cmp.Equal(s, []message.Totals{{Seeders: 5, Completed: 50, Leechers: 10}}) {
		t.Errorf("scrape: %v, %v", s, err)
	}
	_, err = message.ParseAnnounceUDP([]byte("\x00\x00\x00\x03\x01\x02\x03\x04unknown"), false)
	if f, ok := errors.AsType[*message.Failure](err); !ok || f.Reason != "unknown" {
		t.Errorf("error: %v", err)
	}
	for _, in := range []string{"", "00000001", "00000001 01020304", "00000000 01020304 0000000000000000", "00000001 01020304 00000708 00000002 00000001 01"} {
		if _, err := message.ParseAnnounceUDP(unhex(t, in), false); !errors.Is(err, message.ErrMalformed) {
			t.Errorf("%q: %v", in, err)
		}
	}
}
