package request_test

import (
	"encoding/hex"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server/request"
)

const (
	someHash = "info_hash=%124Vx%9a%bc%de%f1%23Eg%89%ab%cd%ef%124Vx%9a" // the example of the BEP 3 wiki
	someID   = "&peer_id=-TR4050-abcdefghij+~"
)

func full() message.Request {
	return message.Request{
		InfoHash: [20]byte{0, 1, '%', '+', ' ', '&', '=', 255}, PeerID: [20]byte([]byte("-WN0100-abc+ ~./&=?x")), Port: 6881,
		Uploaded: 1, Downloaded: 2, Left: 3, Event: message.Completed, Key: 0xAB, NumWant: 200,
		TLS: message.TLS{Support: true, Require: true, Pin: message.Pin{1, 2, '%'}},
	}
}

// What our client asks for is understood as it was meant, over HTTP and UDP.
func TestBothEnds(t *testing.T) {
	base, _ := url.Parse("http://t.example/key/announce?passkey=secret")
	want := full()
	for e := message.None; e <= message.Paused; e++ {
		want.Event = e
		var got request.Query
		if err := request.Announce(message.AnnounceURL(base, &want).RawQuery, &got); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(request.Query{Request: want, Passkey: "secret"}, got); d != "" {
			t.Errorf("%v: %s", e, d)
		}
		b := message.AppendAnnounce(nil, 7, 8, &want, "/secret/announce")
		h, err := request.Begin(b)
		if err != nil || h != (request.Head{Connection: 7, Action: request.ActionAnnounce, Transaction: 8}) {
			t.Fatalf("%+v, %v", h, err)
		}
		if err := request.AnnounceDatagram(b, &got); err != nil {
			t.Fatal(err)
		}
		udp := want
		udp.TLS = message.TLS{}
		if e == message.Paused {
			udp.Event = message.None // BEP 15 has no number for it
		}
		if d := cmp.Diff(request.Query{Request: udp, Passkey: "secret"}, got); d != "" {
			t.Errorf("%v over UDP: %s", e, d)
		}
	}
	hashes := [][20]byte{{1}, {'%'}, {'&', 255}}
	u, _ := message.ScrapeURL(base, hashes)
	got, key, err := request.Hashes(u.RawQuery, nil, 3)
	if err != nil || !slices.Equal(got, hashes) || key != "secret" {
		t.Errorf("%v, %q, %v", got, key, err)
	}
	b := message.AppendScrape(nil, 7, 8, hashes)
	if h, err := request.Begin(b); err != nil || h.Action != request.ActionScrape || !slices.Equal(request.HashesDatagram(b, nil), hashes) {
		t.Errorf("%+v, %v", h, err)
	}
	if h, err := request.Begin(message.AppendConnect(nil, 9)); err != nil || h.Action != request.ActionConnect || h.Transaction != 9 {
		t.Errorf("%+v, %v", h, err)
	}
}

func TestAnnounce(t *testing.T) {
	for query, want := range map[string]error{
		someHash + someID + "&port=1":                          nil,
		someHash + someID + "&port=65535&compact=0&no_peer_id": nil,
		"":                                      request.ErrInfoHash,
		someID + "&port=1":                      request.ErrInfoHash,
		"info_hash=abc" + someID + "&port=1":    request.ErrInfoHash,
		someHash + "x" + someID + "&port=1":     request.ErrInfoHash,
		"info_hash=%zz" + someID + "&port=1":    request.ErrEscape,
		"info_hash=%1":                          request.ErrEscape,
		"info_hash=%":                           request.ErrEscape,
		someHash + "&port=1":                    request.ErrPeerID,
		someHash + "&peer_id=short&port=1":      request.ErrPeerID,
		someHash + someID:                       request.ErrPort,
		someHash + someID + "&port=0":           request.ErrPort,
		someHash + someID + "&port=65536":       request.ErrPort,
		someHash + someID + "&port=-1":          request.ErrPort,
		someHash + someID + "&port=1&left=many": request.ErrNumber,
		someHash + someID + "&port=1&uploaded=": request.ErrNumber,
		someHash + someID + "&port=1&numwant=x": request.ErrNumber,
		someHash + someID + "&port=1&left=99999999999999999999999": nil,
		someHash + someID + "&port=1&key=nothex&event=what&x=%":    nil,
		someHash + someID + "&port=1&tlspin=%":                     nil,
	} {
		var q request.Query
		if err := request.Announce(query, &q); !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%s: %v, want %v", query, err, want)
		}
	}
	var q request.Query
	if err := request.Announce(someHash+someID+"&port=1&left=-5&numwant=-1&downloaded=99999999999999999999", &q); err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(q.InfoHash[:]); got != "123456789abcdef123456789abcdef123456789a" || q.Left != 0 || q.NumWant != request.Unsaid || q.Downloaded != 1<<63-1 {
		t.Errorf("%s, %+v", got, q)
	}
	if _, _, err := request.Hashes(someHash+"&"+someHash, nil, 1); !errors.Is(err, request.ErrHashes) {
		t.Errorf("two where one may be: %v", err)
	}
}

// A datagram that is not a request is not answered: an answer could go to somebody
// who never asked.
func TestBegin(t *testing.T) {
	announce := message.AppendAnnounce(nil, 1, 2, &message.Request{Port: 1}, "")
	for name, b := range map[string][]byte{
		"nothing":            {},
		"15 bytes":           message.AppendConnect(nil, 1)[:15],
		"another protocol":   append([]byte{1}, message.AppendConnect(nil, 1)[1:]...),
		"97 bytes":           announce[:97],
		"a scrape of nobody": message.AppendScrape(nil, 1, 2, nil),
		"an error":           {15: 0, 11: 3},
		"action 4":           {15: 0, 11: 4},
	} {
		if _, err := request.Begin(b); !errors.Is(err, request.ErrDatagram) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var q request.Query
	if err := request.AnnounceDatagram(message.AppendAnnounce(nil, 1, 2, &message.Request{}, ""), &q); !errors.Is(err, request.ErrPort) {
		t.Errorf("port 0: %v", err)
	}
}

func TestOptions(t *testing.T) {
	for options, want := range map[string]string{
		"":                                      "",
		"\x02\x09/announce":                     "",
		"\x02\x0d/abc/announce":                 "abc",
		"\x01\x01\x02\x06/abc/a\x02\x07nnounce": "abc",
		"\x02\x12/announce?passkey=x\x00junk":   "", // 18 bytes end before the key
		"\x02\x13/announce?passkey=x":           "x",
		"\x02\xff/abc/announce":                 "",
		"\x02":                                  "",
		"\x00\x02\x0d/abc/announce":             "",
		"\x07\x01x\x02\x0d/abc/announce":        "abc",
	} {
		b := append(message.AppendAnnounce(nil, 1, 2, &message.Request{Port: 1}, ""), options...)
		var q request.Query
		if err := request.AnnounceDatagram(b, &q); err != nil || q.Passkey != want {
			t.Errorf("%q: %q, %v", options, q.Passkey, err)
		}
	}
}

func TestNoGarbage(t *testing.T) {
	query := strings.Join([]string{someHash + someID, "port=1&uploaded=0&downloaded=0&left=1&compact=1&numwant=50&event=started"}, "&")
	datagram := message.AppendAnnounce(nil, 1, 2, &message.Request{Port: 1}, "")
	var q request.Query
	if n := testing.AllocsPerRun(100, func() { _ = request.Announce(query, &q) }); n > 0 {
		t.Errorf("%v allocations for a query", n)
	}
	if n := testing.AllocsPerRun(100, func() { _ = request.AnnounceDatagram(datagram, &q) }); n > 0 {
		t.Errorf("%v allocations for a datagram", n)
	}
}

func FuzzQuery(f *testing.F) {
	f.Add(someHash + someID + "&port=1&event=stopped&left=5&passkey=k")
	f.Add("info_hash=%1&peer_id")
	f.Fuzz(func(t *testing.T, query string) {
		var q request.Query
		if request.Announce(query, &q) == nil && (q.Port == 0 || q.NumWant < request.Unsaid || q.Left < 0 || q.Uploaded < 0 || q.Downloaded < 0 || q.Event > message.Paused) {
			t.Errorf("%+v", q)
		}
		if hashes, _, _ := request.Hashes(query, nil, 5); len(hashes) > 5 {
			t.Errorf("%d hashes", len(hashes))
		}
	})
}

func FuzzDatagram(f *testing.F) {
	f.Add(message.AppendConnect(nil, 1))
	f.Add(message.AppendAnnounce(nil, 1, 2, &message.Request{Port: 1}, "/k/announce?passkey=x"))
	f.Add(message.AppendScrape(nil, 1, 2, make([][20]byte, 3)))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := request.Begin(b)
		if err != nil {
			return
		}
		switch h.Action {
		case request.ActionAnnounce:
			var q request.Query
			if request.AnnounceDatagram(b, &q) == nil && (q.Port == 0 || q.NumWant < request.Unsaid || q.Left < 0 || q.Event > message.Stopped) {
				t.Errorf("%+v", q)
			}
		case request.ActionScrape:
			if n := len(request.HashesDatagram(b, nil)); n == 0 || n > message.MaxScrape {
				t.Errorf("%d hashes", n)
			}
		}
	})
}
