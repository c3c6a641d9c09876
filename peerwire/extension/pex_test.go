package extension

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/peerwire"
)

var (
	addr4 = netip.MustParseAddrPort("1.2.3.4:6881")
	addr6 = netip.MustParseAddrPort("[4142:4344:4546:4748:494a:4b4c:4d4e:4f50]:81")
)

const (
	compact4 = "\x01\x02\x03\x04\x1a\xe1"
	compact6 = "ABCDEFGHIJKLMNOP\x00\x51"
	mapped   = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\x01\x02\x03\x04\x1a\xe1"
)

func TestPexGolden(t *testing.T) {
	for _, tt := range []struct {
		name string
		p    Pex
		want string
	}{
		{"nothing", Pex{}, "d5:added0:7:added.f0:7:dropped0:e"},
		{"one added", Pex{Added: []PexPeer{{addr4, PexEncryption | PexReachable}}},
			"d5:added6:" + compact4 + "7:added.f1:\x117:dropped0:e"},
		{"one with TLS", Pex{Added: []PexPeer{{addr4, PexTLS | PexEncryption | PexReachable}}},
			"d5:added6:" + compact4 + "7:added.f1:17:dropped0:e"},
		{"everything", Pex{
			Added:   []PexPeer{{addr4, PexUploadOnly}, {addr4, PexUTP}, {addr6, PexHolepunch}},
			Dropped: []netip.AddrPort{addr4, addr6},
		}, "d5:added12:" + compact4 + compact4 + "7:added.f2:\x02\x046:added618:" + compact6 +
			"8:added6.f1:\x087:dropped6:" + compact4 + "8:dropped618:" + compact6 + "e"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.p.Append([]byte("x")); string(got) != "x"+tt.want {
				t.Errorf("got %q, want %q", got[1:], tt.want)
			}
			got, err := ParsePex([]byte(tt.want))
			if err != nil {
				t.Fatal(err)
			}
			compare(t, tt.p, got)
		})
	}
	mixed := Pex{Added: []PexPeer{{}, {Addr: netip.MustParseAddrPort("[::ffff:1.2.3.4]:6881")}}, Dropped: []netip.AddrPort{{}}}
	if got, want := string(mixed.Append(nil)), "d5:added6:"+compact4+"7:added.f1:\x007:dropped0:e"; got != want {
		t.Errorf("invalid and mapped addresses: got %q, want %q", got, want)
	}
}

func TestPexSloppy(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   string
		want Pex
	}{
		{"empty", "de", Pex{}},
		{"without flags", "d5:added6:" + compact4 + "e", Pex{Added: []PexPeer{{Addr: addr4}}}},
		{"too few flags", "d5:added12:" + compact4 + compact4 + "7:added.f1:\x02e",
			Pex{Added: []PexPeer{{addr4, 2}, {addr4, 0}}}},
		{"too many flags", "d5:added6:" + compact4 + "7:added.f3:\x01\x02\x03e", Pex{Added: []PexPeer{{addr4, 1}}}},
		{"unsorted", "d7:dropped6:" + compact4 + "5:added0:e", Pex{Dropped: []netip.AddrPort{addr4}}},
		{"wrong types", "d5:addedle7:droppedi1ee", Pex{}},
		{"nobody can dial them", "d5:added18:\x01\x02\x03\x04\x00\x00\x00\x00\x00\x00\x1a\xe1" + compact4 +
			"7:added.f3:\x01\x02\x10e", Pex{Added: []PexPeer{{addr4, 0x10}}}},
		{"IPv4 written as IPv6", "d6:added618:" + mapped + "e", Pex{Added: []PexPeer{{Addr: addr4}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParsePex([]byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			compare(t, tt.want, got)
		})
	}
}

func TestPexTakesNoMoreThanItsCap(t *testing.T) {
	var list4, list6 []byte
	for i := range uint16(MaxPexPeers - 1) {
		list4 = binary.BigEndian.AppendUint16(append(list4, 1, 2, 3, 4), i+1)
	}
	for i := range uint16(MaxPexPeers) {
		list6 = binary.BigEndian.AppendUint16(append(list6, compact6[:16]...), i+1)
	}
	str := func(b []byte) string { return fmt.Sprintf("%d:%s", len(b), b) }
	got, err := ParsePex([]byte("d5:added" + str(list4) + "6:added6" + str(list6) +
		"7:dropped" + str(list4) + "8:dropped6" + str(list6) + "e"))
	if err != nil || len(got.Added) != MaxPexPeers || len(got.Dropped) != MaxPexPeers {
		t.Errorf("took %d and %d, %v", len(got.Added), len(got.Dropped), err)
	}
	if last := got.Added[MaxPexPeers-1].Addr; !last.Addr().Is6() || last.Port() != 1 {
		t.Errorf("the last one taken is %s", last)
	}
}

func TestPexRefused(t *testing.T) {
	parse := func(b []byte) error { _, err := ParsePex(b); return err }
	checkDictionary(t, NamePex, parse)
	for _, key := range []string{"added", "dropped", "added6", "dropped6"} {
		in := fmt.Sprintf("d%d:%s19:%se", len(key), key, strings.Repeat("x", 19))
		checkError(t, parse([]byte(in)), NamePex, peerwire.ErrLength)
	}
}

func FuzzPex(f *testing.F) {
	f.Add([]byte("d5:added6:" + compact4 + "7:added.f1:\x117:dropped0:e"))
	f.Add([]byte("d6:added618:" + mapped + "8:dropped618:" + compact6 + "e"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		p, err := ParsePex(payload)
		if err != nil {
			return
		}
		if len(p.Added) > MaxPexPeers || len(p.Dropped) > MaxPexPeers {
			t.Fatalf("%d added, %d dropped", len(p.Added), len(p.Dropped))
		}
		// Mapped addresses change family, hence places, on the first round.
		once, err := ParsePex(p.Append(nil))
		if err != nil || len(once.Added) != len(p.Added) || len(once.Dropped) != len(p.Dropped) {
			t.Fatalf("%+v became %+v, %v", p, once, err)
		}
		twice, err := ParsePex(once.Append(nil))
		if err != nil {
			t.Fatal(err)
		}
		compare(t, once, twice)
	})
}
