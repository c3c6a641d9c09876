package pcp

import (
	"bytes"
	"encoding/hex"
	"errors"
	"net/netip"
	"testing"
	"time"
)

func fromHex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(string(bytes.ReplaceAll([]byte(s), []byte(" "), nil)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func nonce() Nonce { return Nonce{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12} }

const (
	nonceHex   = "0102030405060708090a0b0c"
	rest       = "00000007 000000000000000000000000"
	mapBody    = "06000000 1ae1 1ae2 00000000000000000000ffff cb007105"
	mapAnswer  = "0281 0000 00000e10" + rest + nonceHex + mapBody
	pmpAnswer  = "0082 0000 00000007 1ae1 1ae2 00000e10"
	pmpAddress = "0080 0000 00000007 cb007105"
)

// Requests are those of the RFCs, byte by byte.
func TestRequests(t *testing.T) {
	tcp := Mapping{Protocol: TCP, Internal: 6881, External: netip.MustParseAddrPort("203.0.113.5:6882"), Lifetime: time.Hour}
	for _, c := range []struct {
		name string
		got  []byte
		want string
	}{
		{"PCP", AppendMap(nil, netip.MustParseAddr("192.168.1.5"), nonce(), tcp),
			"0201 0000 00000e10 00000000000000000000ffff c0a80105" + nonceHex + "06000000 1ae1 1ae2 00000000000000000000ffff cb007105"},
		{"PCP without a wish", AppendMap(nil, netip.MustParseAddr("2001:db8::5"), nonce(), Mapping{Protocol: UDP, Internal: 6881}),
			"0201 0000 00000000 20010db8000000000000000000000005" + nonceHex + "11000000 1ae1 0000 00000000000000000000000000000000"},
		{"NAT-PMP", AppendMapPMP(nil, tcp), "0002 0000 1ae1 1ae2 00000e10"},
		{"NAT-PMP over UDP", AppendMapPMP(nil, Mapping{Protocol: UDP, Internal: 6881}), "0001 0000 1ae1 0000 00000000"},
		{"address", AppendAddressPMP(nil), "0000"},
	} {
		if !bytes.Equal(c.got, fromHex(t, c.want)) {
			t.Errorf("%s: %x", c.name, c.got)
		}
	}
}

func TestAnswers(t *testing.T) {
	want := Mapping{Protocol: TCP, Internal: 6881, External: netip.MustParseAddrPort("203.0.113.5:6882"), Lifetime: time.Hour}
	if got, err := ParseMap(fromHex(t, mapAnswer), nonce()); err != nil || got != want {
		t.Errorf("PCP: %+v, %v", got, err)
	}
	want.External = netip.AddrPortFrom(netip.Addr{}, 6882)
	if got, err := ParseMapPMP(fromHex(t, pmpAnswer), TCP); err != nil || got != want {
		t.Errorf("NAT-PMP: %+v, %v", got, err)
	}
	if got, err := ParseAddressPMP(fromHex(t, pmpAddress)); err != nil || got != netip.MustParseAddr("203.0.113.5") {
		t.Errorf("address: %v, %v", got, err)
	}
	if got, err := ParseMap(fromHex(t, "0281 0000 ffffffff"+rest+nonceHex+mapBody), nonce()); err != nil || got.Lifetime != maxLifetime {
		t.Errorf("a lifetime of a century: %v, %v", got.Lifetime, err)
	}
}

func TestRefused(t *testing.T) {
	refusal := func(code uint16) func(error) bool {
		return func(err error) bool {
			r, ok := errors.AsType[*Refusal](err)
			return ok && r.Code == code
		}
	}
	is := func(target error) func(error) bool { return func(err error) bool { return errors.Is(err, target) } }
	for name, c := range map[string]struct {
		in   string
		want func(error) bool
	}{
		"empty":            {"", is(ErrMalformed)},
		"a request":        {"0201 0000", is(ErrMalformed)},
		"of NAT-PMP":       {"0081 0001 00000000", is(ErrVersion)},
		"wrong version":    {"0281 0001 00000000 00000000 000000000000000000000000", is(ErrVersion)},
		"another":          {"0282 0000 00000e10" + rest + nonceHex + mapBody, is(ErrMalformed)},
		"cut off":          {"0281 0000 00000e10" + rest + nonceHex + "06000000", is(ErrMalformed)},
		"head alone":       {"0281 0000 00000e10" + rest, is(ErrMalformed)},
		"no rights":        {"0281 0002 00000000 00000000 000000000000000000000000", refusal(2)},
		"a code unknown":   {"0281 00ff 00000000 00000000 000000000000000000000000", refusal(255)},
		"of somebody else": {"0281 0000 00000e10" + rest + "ff02030405060708090a0b0c" + mapBody, is(ErrMalformed)},
	} {
		if _, err := ParseMap(fromHex(t, c.in), nonce()); !c.want(err) {
			t.Errorf("PCP, %s: %v", name, err)
		}
	}
	for name, c := range map[string]struct {
		in   string
		want func(error) bool
	}{
		"empty":        {"", is(ErrMalformed)},
		"of PCP":       {"0281 0001 00000000", is(ErrVersion)},
		"version":      {"0082 0001 00000000", is(ErrVersion)},
		"no room":      {"0082 0004 00000000", refusal(4)},
		"code unknown": {"0082 1234 00000000", refusal(0x1234)},
		"UDP":          {"0081" + pmpAnswer[4:], is(ErrMalformed)},
		"too long":     {pmpAnswer + "00", is(ErrMalformed)},
	} {
		if _, err := ParseMapPMP(fromHex(t, c.in), TCP); !c.want(err) {
			t.Errorf("NAT-PMP, %s: %v", name, err)
		}
	}
	if _, err := ParseAddressPMP(fromHex(t, pmpAnswer)); !errors.Is(err, ErrMalformed) {
		t.Errorf("a mapping is no address: %v", err)
	}
}

// What is taken is bounded, whatever a router sends.
func FuzzAnswer(f *testing.F) {
	for _, s := range []string{mapAnswer, pmpAnswer, pmpAddress, "0081 0001 00000000", "0281 000b 00000000 00000000 000000000000000000000000"} {
		f.Add(fromHex(f, s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, err := ParseMap(b, nonce()); err == nil && (m.Lifetime < 0 || m.Lifetime > maxLifetime || m.External.Addr().Is4In6()) {
			t.Errorf("%+v", m)
		}
		for _, p := range []Protocol{TCP, UDP} {
			if m, err := ParseMapPMP(b, p); err == nil && (m.Lifetime > maxLifetime || m.Protocol != p) {
				t.Errorf("%+v", m)
			}
		}
		if a, err := ParseAddressPMP(b); err == nil && !a.Is4() {
			t.Errorf("address %v", a)
		}
	})
}
