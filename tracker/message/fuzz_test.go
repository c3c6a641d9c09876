package message_test

import (
	"errors"
	"maps"
	"net/url"
	"slices"
	"testing"

	"github.com/warren-p2p/warren/tracker/message"
)

// sound checks what holds of every answer.
func sound(t *testing.T, r message.Response, err error) {
	t.Helper()
	if err != nil {
		if _, ok := errors.AsType[*message.Failure](err); !ok && !errors.Is(err, message.ErrMalformed) {
			t.Errorf("an error of no kind: %v", err)
		}
		return
	}
	if len(r.Peers) > message.MaxPeers || r.Interval < 0 || r.MinInterval < 0 || r.Seeders < -1 || r.Leechers < -1 || len(r.TrackerID) > 200 || len(r.Warning) > 200 {
		t.Errorf("out of bounds: %+v", r)
	}
	for p := range r.TLS {
		if !slices.Contains(r.Peers, p) {
			t.Errorf("something is told of %v, which is no peer", p)
		}
	}
	for _, p := range r.Peers {
		if !p.IsValid() || p.Port() == 0 || p.Addr().IsUnspecified() || p.Addr().IsMulticast() || p.Addr().Is4In6() {
			t.Errorf("no peer: %v", p)
		}
	}
}

func FuzzAnnounce(f *testing.F) {
	f.Add([]byte("d8:intervali1800e5:peers6:\x01\x02\x03\x04\x1a\xe1e"))
	f.Add([]byte("d5:peersld2:ip7:1.2.3.44:porti6881eeee"))
	f.Add([]byte("d14:failure reason4:none8:retry in5:nevere"))
	f.Add([]byte("d5:peers12:\x01\x02\x03\x04\x1a\xe1\x08\x08\x08\x08\x00\x509:tls_flags2:\x01\x038:tls_pins32:" + pinA + "e"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := message.ParseAnnounce(b)
		sound(t, r, err)
		if err != nil {
			return
		}
		again, err := message.ParseAnnounce(message.AppendAnswer(nil, &r))
		if err != nil || len(again.Peers) != len(r.Peers) || !maps.Equal(again.TLS, r.TLS) {
			t.Errorf("%+v became %+v, %v", r, again, err)
		}
	})
}

func FuzzScrape(f *testing.F) {
	f.Add([]byte("d5:filesd20:\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13d8:completei5eeee"))
	f.Fuzz(func(t *testing.T, b []byte) {
		hashes := [][20]byte{hash(0), hash(1)}
		out, err := message.ParseScrape(b, hashes)
		sound(t, message.Response{}, err)
		if len(out) > len(hashes) {
			t.Errorf("%d results", len(out))
		}
		for _, s := range out {
			if s.Seeders < 0 || s.Completed < 0 || s.Leechers < 0 {
				t.Errorf("%+v", s)
			}
		}
	})
}

func FuzzUDP(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x07\x08\x00\x00\x00\x01\x00\x00\x00\x01\x01\x02\x03\x04\x1a\xe1"), false)
	f.Add([]byte("\x00\x00\x00\x03\x00\x00\x00\x01no"), true)
	f.Fuzz(func(t *testing.T, b []byte, ipv6 bool) {
		r, err := message.ParseAnnounceUDP(b, ipv6)
		sound(t, r, err)
		_, err = message.ParseConnectUDP(b)
		sound(t, message.Response{}, err)
		s, err := message.ParseScrapeUDP(b, 2)
		sound(t, message.Response{}, err)
		if err == nil && len(s) != 2 {
			t.Errorf("%d results", len(s))
		}
	})
}

func FuzzScrapeURL(f *testing.F) {
	f.Add("http://example.com/a%2Fb/announce.php?x=1#f")
	f.Fuzz(func(t *testing.T, text string) {
		base, err := url.Parse(text)
		if err != nil {
			return
		}
		u, ok := message.ScrapeURL(base, [][20]byte{hash(1)})
		if ok && (u.Host != base.Host || u.Scheme != base.Scheme) {
			t.Errorf("%s became %s", base, u)
		}
	})
}
