package message_test

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/warren-p2p/warren/tracker/message"
)

const (
	pinA = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	pinB = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"
)

func pinOf(s string) message.Pin { return message.Pin([]byte(s)) }

func TestAnnounceTLS(t *testing.T) {
	for _, c := range []struct {
		tls  message.TLS
		want string
	}{
		{message.TLS{}, "&event=started"},
		{message.TLS{Support: true}, "&event=started&supporttls=1"},
		{message.TLS{Support: true, Require: true, Pin: pinOf("\x00 " + pinA[2:])},
			"&event=started&supporttls=1&requiretls=1&tlspin=%00%20" + pinA[2:]},
	} {
		r := request()
		r.TLS = c.tls
		if got := message.AnnounceURL(mustParse(t, "http://t.example/a"), r).RawQuery; !strings.HasSuffix(got, c.want) {
			t.Errorf("%+v: %s", c.tls, got)
		}
	}
}

// What is told of TLS belongs to the peer in the same place, whether the one
// before it is of use or not.
func TestParseTLS(t *testing.T) {
	const (
		v4 = "12:\x01\x02\x03\x04\x1a\xe1\x08\x08\x08\x08\x1a\xe1"
		v6 = "18:ABCDEFGHIJKLMNOP\x00\x51"
		a  = "1.2.3.4:6881"
		b  = "8.8.8.8:6881"
		c  = "[4142:4344:4546:4748:494a:4b4c:4d4e:4f50]:81"
	)
	for in, want := range map[string]map[string]string{
		"d5:peers" + v4 + "e":                                                               nil,
		"d5:peers" + v4 + "9:tls_flags2:\x00\x01e":                                          {b: ""},
		"d5:peers" + v4 + "9:tls_flags1:\x01e":                                              {a: ""},
		"d5:peers" + v4 + "9:tls_flags0:e":                                                  nil,
		"d5:peers" + v4 + "9:tls_flagsi1ee":                                                 nil,
		"d5:peers" + v4 + "9:tls_flags2:\xfc\xfde":                                          {b: ""},
		"d5:peers" + v4 + "9:tls_flags2:\x03\x038:tls_pins64:" + pinA + pinB + "e":          {a: pinA, b: pinB},
		"d5:peers" + v4 + "9:tls_flags2:\x01\x038:tls_pins32:" + pinA + "e":                 {a: "", b: pinA},
		"d5:peers" + v4 + "9:tls_flags2:\x02\x038:tls_pins64:" + pinA + pinB + "e":          {b: pinB},
		"d5:peers" + v4 + "9:tls_flags2:\x03\x038:tls_pins63:" + pinA + pinB[1:] + "e":      {a: pinA, b: ""},
		"d5:peers" + v4 + "6:peers6" + v6 + "10:tls_flags61:\x038:tls_pins32:" + pinA + "e": {c: pinA},
		"d5:peers" + v4 + "6:peers6" + v6 + "9:tls_flags2:\x03\x0010:tls_flags61:\x038:tls_pins64:" + pinA + pinB + "e": {
			a: pinA, c: pinB,
		},
		"d5:peersld2:ip7:a.b.com4:porti1eei5ed2:ip7:8.8.8.84:porti6881eee9:tls_flags3:\x03\x00\x038:tls_pins64:" + pinA + pinB + "e": {b: pinB},
	} {
		r, err := message.ParseAnnounce([]byte(in))
		if err != nil {
			t.Errorf("%q: %v", in, err)
		}
		var got map[string]string
		for peer, pin := range r.TLS {
			if got == nil {
				got = map[string]string{}
			}
			got[peer.String()] = strings.TrimLeft(string(pin[:]), "\x00")
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%q: %s", in, d)
		}
	}
}

// An answer is read as it was meant, and is in the order of its keys.
func TestAnswer(t *testing.T) {
	full := message.Response{
		Interval: 30 * time.Minute, MinInterval: time.Minute, Seeders: 0, Leechers: 7, TrackerID: "id", Warning: "careful",
		External: netip.MustParseAddr("9.9.9.9"),
		Peers:    addrs("1.2.3.4:6881", "8.8.8.8:80", "[2001:db8::1]:443", "[2001:db8::2]:443"),
		TLS: map[netip.AddrPort]message.Pin{
			netip.MustParseAddrPort("8.8.8.8:80"): {}, netip.MustParseAddrPort("[2001:db8::1]:443"): pinOf(pinA),
		},
	}
	none := message.Response{Seeders: -1, Leechers: -1}
	for _, want := range []message.Response{full, none} {
		b := message.AppendAnswer([]byte("x"), &want)
		got, err := message.ParseAnnounce(b[1:])
		opts := cmp.Options{cmpopts.EquateComparable(netip.Addr{}, netip.AddrPort{}), cmpopts.EquateEmpty()}
		if d := cmp.Diff(want, got, opts); d != "" || err != nil {
			t.Errorf("%s, %v", d, err)
		}
	}
	one := message.Response{Seeders: -1, Leechers: -1, Peers: addrs("1.2.3.4:6881", "8.8.8.8:80"), TLS: map[netip.AddrPort]message.Pin{
		netip.MustParseAddrPort("8.8.8.8:80"): pinOf(pinB),
	}}
	golden := "d5:peers12:\x01\x02\x03\x04\x1a\xe1\x08\x08\x08\x08\x00\x509:tls_flags2:\x00\x038:tls_pins32:" + pinB + "e"
	if got := message.AppendAnswer(nil, &one); string(got) != golden {
		t.Errorf("got %q, want %q", got, golden)
	}
	if got := message.AppendAnswer(nil, &none); !bytes.Equal(got, []byte("d5:peers0:e")) {
		t.Errorf("got %q", got)
	}
	for want, f := range map[string]message.Failure{
		"d14:failure reason2:noe":                  {Reason: "no"},
		"d14:failure reason2:no8:retry ini2ee":     {Reason: "no", RetryIn: 61 * time.Second},
		"d14:failure reason2:no8:retry in5:nevere": {Reason: "no", Never: true},
	} {
		if got := message.AppendFailure(nil, &f); string(got) != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
