package verdict

import (
	"encoding/json"
	"net/netip"
	"testing"
	"time"
)

// What is told last of a key counts, for thirty days; that there is TLS, for a
// year. Both outlive a restart.
func TestFace(t *testing.T) {
	m := New(10)
	one, two := Face{Pin: Pin{1}}, Face{"peer.example", Pin{2}}
	m.NoteTLS(peerA, hash1, epoch)
	if m.Face(peerA, hash1, epoch) != (Face{}) {
		t.Error("a pin that nobody told")
	}
	m.NoteFace(peerA, hash1, one, epoch)
	m.NoteFace(peerA, hash1, two, epoch)
	m.NoteTLS(peerA, hash1, epoch.Add(20*24*time.Hour)) // says nothing of the key
	raw, err := json.Marshal(m.Export())
	if err != nil {
		t.Fatal(err)
	}
	var r Records
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	other := New(10)
	other.Import(r, epoch.Add(20*24*time.Hour))
	for _, m := range []*Memory{m, other} {
		for _, c := range []struct {
			days int
			face Face
			seen bool
		}{{0, two, true}, {29, two, true}, {30, Face{}, true}, {384, Face{}, true}, {386, Face{}, false}} {
			now := epoch.Add(time.Duration(c.days) * 24 * time.Hour)
			if got := m.Face(peerA, hash1, now); got != c.face {
				t.Errorf("after %d days: %+v, want %+v", c.days, got, c.face)
			}
			if got := m.SeenTLS(peerA, hash1, now); got != c.seen {
				t.Errorf("after %d days: seen %t", c.days, got)
			}
		}
		if m.Face(peerA, hash2, epoch) != (Face{}) || m.Face(peerB, hash1, epoch) != (Face{}) {
			t.Error("the pin of another")
		}
	}
}

// Files of an older version, and such as somebody has tampered with.
func TestImportOddRecords(t *testing.T) {
	now := epoch
	for name, c := range map[string]struct {
		r    SeenRecord
		face Face
	}{
		"of an older version": {SeenRecord{}, Face{}},
		"of the future":       {SeenRecord{At: now.Add(400 * 24 * time.Hour), Pin: make([]byte, 32), FaceAt: now.Add(time.Hour)}, Face{}},
		"half a pin":          {SeenRecord{At: now, Pin: []byte{1}, FaceAt: now}, Face{}},
	} {
		c.r.Addr, c.r.InfoHash = peerA, hash1
		m := New(10)
		m.Import(Records{Seen: []SeenRecord{c.r}}, now)
		if !m.SeenTLS(peerA, hash1, now) || m.Face(peerA, hash1, now) != c.face {
			t.Errorf("%s: seen %t, %+v", name, m.SeenTLS(peerA, hash1, now), m.Face(peerA, hash1, now))
		}
		if m.SeenTLS(peerA, hash1, now.Add(366*24*time.Hour)) {
			t.Errorf("%s: lasts for ever", name)
		}
	}
}

// Who calls again and again and names another port each time makes nobody forget whom
// we have dialled, not even across a restart.
func TestSeenIsNotFlushed(t *testing.T) {
	dialled, called := netip.MustParseAddrPort("192.0.2.1:6881"), netip.MustParseAddrPort("198.51.100.1:1")
	m := New(4)
	m.NoteTLS(dialled, hash1, epoch)
	m.NoteFace(called, hash1, Face{}, epoch)
	for range 2 {
		for port := range uint16(20) {
			m.NoteFace(netip.AddrPortFrom(called.Addr(), 1000+port), hash1, Face{Pin: Pin{1}}, epoch)
		}
		if !m.SeenTLS(dialled, hash1, epoch) {
			t.Error("who was dialled is forgotten")
		}
		if m.SeenTLS(called, hash1, epoch) {
			t.Error("callers are not bounded")
		}
		r := m.Export()
		m = New(4)
		m.Import(r, epoch)
	}
	if m.SeenTLS(dialled, hash1, epoch.Add(SeenLifetime+24*time.Hour)) {
		t.Error("it never ends")
	}
}
