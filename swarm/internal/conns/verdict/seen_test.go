package verdict

import (
	"encoding/json"
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
