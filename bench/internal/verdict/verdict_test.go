package verdict

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What ndpiReader 4.2 prints, shortened.
const ndpi = `
Detected protocols:
	TLS                  packets: 345           bytes: 7939189       flows: 1

	1	TCP 10.99.0.10:43972 <-> 10.99.0.1:443 [proto: 91/TLS][Encrypted][ALPN: http/1.1][Risk: ** Known Protocol on Non Standard Port **** Missing SNI TLS Extension **][Risk Score: 100]
	2	TCP 10.99.0.10:43973 -> 10.99.0.1:443 [proto: 91.126/TLS.Google][Encrypted]
	3	TCP 10.99.0.10:43974 <-> 10.99.0.7:443 [proto: 7/HTTP][Risk: ** Elsewhere **][Risk Score: 1]
	4	UDP 10.99.0.10:43974 <-> 10.99.0.1:443 [proto: 5/DNS]

Undetected flows:
	1	TCP 10.99.0.10:43972 <-> 10.99.0.1:4430 [proto: 0/Unknown]
`

func TestFlows(t *testing.T) {
	want := Verdict{Flows: 2, Protocols: []string{"TLS", "TLS.Google"}, Risks: []string{"Known Protocol on Non Standard Port", "Missing SNI TLS Extension"}}
	if d := cmp.Diff(want, parseFlows([]byte(ndpi), "10.99.0.1:443")); d != "" {
		t.Error(d)
	}
	want = Verdict{Flows: 1, Protocols: []string{"Unknown"}}
	if d := cmp.Diff(want, parseFlows([]byte(ndpi), "10.99.0.1:4430")); d != "" {
		t.Error(d)
	}
}

func TestPackets(t *testing.T) {
	p, err := parsePackets([]byte("0|10.0.0.1|eth:ethertype:ip:tcp||\n0|10.0.0.1|eth:ethertype:ip:tcp:tls|aa,bb|6162\n1|10.0.0.1|eth:ethertype:ip:tcp:tls|cc|6b\n0|10.0.0.1|eth:ethertype:ip:tcp:tls:tls||63\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(p.streams["0 10.0.0.1"], p.streams["1 10.0.0.1"], list(p.layers), list(p.ja3)); got != "[97 98 99] [107] [tls] [aa bb cc]" {
		t.Error(got)
	}
	for _, bad := range []string{"0|1|2|3\n", "0|1|2|3|xyz\n", "a line\n"} {
		if _, err := parsePackets([]byte(bad)); !errors.Is(err, errField) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// A secret is found wherever it begins, also between two packets, and in any case.
func TestSeen(t *testing.T) {
	secrets := map[string][]byte{"word": []byte("BitTorrent"), "hash": {1, 2, 3}, "name": []byte("minutes")}
	got := seen(secrets, [][]byte{append([]byte("..."), 1, 2, 3), []byte("[proto: 37/bittorrent]")})
	if d := cmp.Diff([]string{"hash", "word"}, got); d != "" {
		t.Error(d)
	}
	if got := seen(secrets, [][]byte{bytes.Repeat([]byte{7}, 100)}); len(got) != 0 {
		t.Error(got)
	}
}

func TestCompare(t *testing.T) {
	chromium := Verdict{Protocols: []string{"TLS"}, Risks: []string{"a", "b"}}
	for _, c := range []struct {
		v            Verdict
		same, within bool
	}{
		{chromium, true, true},
		{Verdict{Protocols: []string{"TLS"}, Risks: []string{"b"}}, false, true},
		{Verdict{Protocols: []string{"TLS"}, Risks: []string{"b", "c"}}, false, false},
		{Verdict{Protocols: []string{"BitTorrent"}, Risks: []string{"a", "b"}}, false, false},
	} {
		if s, w := c.v.Same(chromium), c.v.Within(chromium); s != c.same || w != c.within {
			t.Errorf("%+v: same %v, within %v", c.v, s, w)
		}
	}
}

func TestLookWithoutTools(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Look(t.Context(), "capture", "10.99.0.1:443", nil); err == nil {
		t.Error("no error")
	}
}
