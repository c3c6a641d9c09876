package extension

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/peerwire"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestHolepunchGolden(t *testing.T) {
	for _, tt := range []struct {
		h   Holepunch
		hex string
	}{
		{Holepunch{HolepunchRendezvous, addr4, 0}, "00 00 01020304 1ae1 00000000"},
		{Holepunch{HolepunchConnect, addr6, 0}, "01 01 4142434445464748494a4b4c4d4e4f50 0051 00000000"},
		{Holepunch{HolepunchError, addr4, HolepunchNoSuchPeer}, "02 00 01020304 1ae1 00000001"},
		{Holepunch{HolepunchError, addr4, HolepunchNotConnected}, "02 00 01020304 1ae1 00000002"},
		{Holepunch{HolepunchError, addr4, HolepunchNoSupport}, "02 00 01020304 1ae1 00000003"},
		{Holepunch{HolepunchError, addr6, HolepunchNoSelf}, "02 01 4142434445464748494a4b4c4d4e4f50 0051 00000004"},
	} {
		want := unhex(t, tt.hex)
		if got := tt.h.Append([]byte("x")); string(got) != "x"+string(want) {
			t.Errorf("got %x, want %s", got[1:], tt.hex)
		}
		got, err := ParseHolepunch(want)
		if err != nil || got != tt.h {
			t.Errorf("%s: %+v, %v", tt.hex, got, err)
		}
	}
}

func TestHolepunchWithoutCode(t *testing.T) {
	for _, kind := range []HolepunchType{HolepunchRendezvous, HolepunchConnect} {
		want := Holepunch{kind, addr4, 0}
		got, err := ParseHolepunch(want.Append(nil)[:8])
		if err != nil || got != want {
			t.Errorf("%+v, %v", got, err)
		}
	}
	_, err := ParseHolepunch(Holepunch{HolepunchError, addr4, 1}.Append(nil)[:8])
	checkError(t, err, NameHolepunch, peerwire.ErrLength)
	got, err := ParseHolepunch(unhex(t, "00 00 01020304 1ae1 00000009"))
	if err != nil || got.Code != 0 {
		t.Errorf("a rendezvous with a code: %+v, %v", got, err)
	}
}

func TestHolepunchRefused(t *testing.T) {
	for n := range 40 {
		if _, err := ParseHolepunch(make([]byte, n)); n != 8 && n != 12 {
			checkError(t, err, NameHolepunch, peerwire.ErrLength)
		}
		b := make([]byte, n)
		if n > 1 {
			b[1] = 1
		}
		if _, err := ParseHolepunch(b); n != 20 && n != 24 {
			checkError(t, err, NameHolepunch, peerwire.ErrLength)
		}
	}
	for _, bad := range []string{"03 00 01020304 1ae1 00000000", "00 02 01020304 1ae1 00000000"} {
		_, err := ParseHolepunch(unhex(t, bad))
		checkError(t, err, NameHolepunch, peerwire.ErrValue)
	}
}

func FuzzHolepunch(f *testing.F) {
	f.Add(unhex(f, "02 00 01020304 1ae1 00000001"))
	f.Add(unhex(f, "01 01 4142434445464748494a4b4c4d4e4f50 0051"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		h, err := ParseHolepunch(payload)
		if err != nil {
			return
		}
		again, err := ParseHolepunch(h.Append(nil))
		if err != nil || again != h || !h.Addr.IsValid() {
			t.Fatalf("%x: %+v became %+v, %v", payload, h, again, err)
		}
	})
}
