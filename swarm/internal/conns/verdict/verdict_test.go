package verdict

import (
	"encoding/json"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var (
	epoch = time.Unix(1_700_000_000, 0).UTC()
	peerA = netip.MustParseAddrPort("1.2.3.4:6881")
	peerB = netip.MustParseAddrPort("[2001:db8::1]:6881")
	hash1 = InfoHash{1}
	hash2 = InfoHash{2}
)

func TestLegacy(t *testing.T) {
	m := New(10)
	if works, ok := m.Legacy(peerA, epoch); ok || works != MSE {
		t.Errorf("unknown peer: %v, %t", works, ok)
	}
	m.NoteWorks(peerA, Plain) // nothing is known, so nothing is noted
	m.NoteLegacy(netip.MustParseAddrPort("[::ffff:1.2.3.4]:6881"), epoch)
	if works, ok := m.Legacy(peerA, epoch.Add(Lifetime-1)); !ok || works != MSE {
		t.Errorf("within its lifetime: %v, %t", works, ok)
	}
	m.NoteWorks(peerA, Plain)
	if works, ok := m.Legacy(peerA, epoch.Add(Lifetime)); ok || works != Plain {
		t.Errorf("after its lifetime: %v, %t", works, ok)
	}
	m.NoteLegacy(peerA, epoch.Add(Lifetime))
	if works, ok := m.Legacy(peerA, epoch.Add(Lifetime)); !ok || works != Plain {
		t.Errorf("noted again: %v, %t", works, ok)
	}
	m.ForgetLegacy(peerA)
	if works, ok := m.Legacy(peerA, epoch.Add(Lifetime)); ok || works != MSE {
		t.Errorf("forgotten: %v, %t", works, ok)
	}
}

func TestSeenIsPerPeerAndTorrent(t *testing.T) {
	m := New(10)
	m.NoteLegacy(peerA, epoch)
	m.NoteTLS(peerA, hash1, epoch)
	for _, tt := range []struct {
		addr netip.AddrPort
		hash InfoHash
		want bool
	}{{peerA, hash1, true}, {peerA, hash2, false}, {peerB, hash1, false}} {
		if got := m.SeenTLS(tt.addr, tt.hash, epoch); got != tt.want {
			t.Errorf("%v in %x: seen %t", tt.addr, tt.hash[0], got)
		}
	}
	if _, ok := m.Legacy(peerA, epoch); ok {
		t.Error("seen with TLS and believed to have none")
	}
}

func TestDeclined(t *testing.T) {
	m := New(10)
	m.NoteDeclined(peerA, hash1, epoch)
	if !m.Declined(peerA, hash1, epoch.Add(Lifetime-1)) || m.Declined(peerA, hash1, epoch.Add(Lifetime)) {
		t.Error("declined is not believed for its lifetime")
	}
	if m.Declined(peerA, hash2, epoch) || m.Declined(peerB, hash1, epoch) {
		t.Error("declined holds for others")
	}
}

// TestBounded floods the memory: it keeps what was used last.
func TestBounded(t *testing.T) {
	const size = 100
	m := New(size)
	m.NoteTLS(peerA, hash1, epoch)
	for i := range 10 * size {
		a := netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 1)
		m.NoteTLS(a, hash1, epoch)
		m.NoteLegacy(a, epoch)
		m.NoteDeclined(a, hash1, epoch)
		if !m.SeenTLS(peerA, hash1, epoch) {
			t.Fatalf("a peer in use was forgotten after %d others", i)
		}
	}
	r := m.Export()
	if len(r.Seen) != size || len(r.Legacy) != size || m.declined.order.Len() != size || len(m.declined.at) != size {
		t.Errorf("kept %d, %d and %d of %d", len(r.Seen), len(r.Legacy), m.declined.order.Len(), size)
	}
}

func TestExportImport(t *testing.T) {
	m := New(10)
	m.NoteLegacy(peerA, epoch)
	m.NoteWorks(peerA, Plain)
	m.NoteLegacy(peerB, epoch.Add(-time.Hour))
	m.NoteTLS(peerB, hash1, epoch)
	m.NoteLegacy(peerB, epoch.Add(-Lifetime)) // expired by now
	m.NoteTLS(peerA, hash2, epoch)
	m.NoteLegacy(peerA, epoch)
	raw, err := json.Marshal(m.Export())
	if err != nil {
		t.Fatal(err)
	}
	var r Records
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	far := LegacyRecord{Addr: netip.MustParseAddrPort("9.9.9.9:9"), Expires: epoch.Add(2 * Lifetime)}
	r.Legacy = append(r.Legacy, far)

	other := New(10)
	other.Import(r, epoch)
	want := Records{
		Legacy: []LegacyRecord{{peerA, MSE, epoch.Add(Lifetime)}},
		Seen:   []SeenRecord{{Addr: peerB, InfoHash: hash1, At: day(epoch), Dialled: true}, {Addr: peerA, InfoHash: hash2, At: day(epoch), Dialled: true}},
	}
	if d := cmp.Diff(want, other.Export(), cmpopts.EquateComparable(netip.AddrPort{})); d != "" {
		t.Errorf("after import (-want +got):\n%s", d)
	}
}

func TestConcurrent(t *testing.T) {
	m := New(8)
	var wg sync.WaitGroup
	for i := range byte(8) {
		wg.Go(func() {
			a := netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, i}), 1)
			for range 100 {
				m.NoteLegacy(a, epoch)
				m.NoteWorks(a, Plain)
				m.NoteTLS(a, hash1, epoch)
				m.Import(m.Export(), epoch)
			}
		})
	}
	wg.Wait()
	if got := len(m.Export().Seen); got != 8 {
		t.Errorf("%d peers seen, want 8", got)
	}
}

func TestKindString(t *testing.T) {
	for k, want := range map[Kind]string{TLS: "tls", MSE: "mse", Plain: "plain", 9: "kind 9"} {
		if got := k.String(); got != want {
			t.Errorf("kind %d: %q", uint8(k), got)
		}
	}
}
