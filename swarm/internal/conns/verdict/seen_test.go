package verdict

import (
	"encoding/json"
	"testing"
	"time"
)

// What is told last of a key counts, for thirty days; that there is TLS, for a
// year. Both outlive a restart.
func TestPin(t *testing.T) {
	m := New(10)
	one, two := Pin{1}, Pin{2}
	m.NoteTLS(peerA, hash1, epoch)
	if m.Pin(peerA, hash1, epoch) != (Pin{}) {
		t.Error("a pin that nobody told")
	}
	m.NotePin(peerA, hash1, one, epoch)
	m.NotePin(peerA, hash1, two, epoch)
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
			pin  Pin
			seen bool
		}{{0, two, true}, {29, two, true}, {30, Pin{}, true}, {384, Pin{}, true}, {386, Pin{}, false}} {
			now := epoch.Add(time.Duration(c.days) * 24 * time.Hour)
			if got := m.Pin(peerA, hash1, now); got != c.pin {
				t.Errorf("after %d days: pin %x, want %x", c.days, got, c.pin)
			}
			if got := m.SeenTLS(peerA, hash1, now); got != c.seen {
				t.Errorf("after %d days: seen %t", c.days, got)
			}
		}
		if m.Pin(peerA, hash2, epoch) != (Pin{}) || m.Pin(peerB, hash1, epoch) != (Pin{}) {
			t.Error("the pin of another")
		}
	}
}

// Files of an older version, and such as somebody has tampered with.
func TestImportOddRecords(t *testing.T) {
	now := epoch
	for name, c := range map[string]struct {
		r   SeenRecord
		pin Pin
	}{
		"of an older version": {SeenRecord{}, Pin{}},
		"of the future":       {SeenRecord{At: now.Add(400 * 24 * time.Hour), Pin: make([]byte, 32), PinAt: now.Add(time.Hour)}, Pin{}},
		"half a pin":          {SeenRecord{At: now, Pin: []byte{1}, PinAt: now}, Pin{}},
	} {
		c.r.Addr, c.r.InfoHash = peerA, hash1
		m := New(10)
		m.Import(Records{Seen: []SeenRecord{c.r}}, now)
		if !m.SeenTLS(peerA, hash1, now) || m.Pin(peerA, hash1, now) != c.pin {
			t.Errorf("%s: seen %t, pin %x", name, m.SeenTLS(peerA, hash1, now), m.Pin(peerA, hash1, now))
		}
		if m.SeenTLS(peerA, hash1, now.Add(366*24*time.Hour)) {
			t.Errorf("%s: lasts for ever", name)
		}
	}
}
