package socks

import (
	"bytes"
	"errors"
	"io"
	"net/netip"
	"strings"
	"testing"
)

// script is a server that has said everything before it was asked.
type script struct {
	io.Reader
	heard bytes.Buffer
}

func (s *script) Write(b []byte) (int, error) { return s.heard.Write(b) }

// What is written, byte by byte, and what is made of the answers.
func TestDo(t *testing.T) {
	secret := Auth{"user", "pass"}
	for name, c := range map[string]struct {
		cmd    Command
		target string
		auth   Auth
		says   string
		heard  string
		at     string
		err    error
	}{
		"an address": {Connect, "192.0.2.1:80", Auth{}, "\x05\x00" + "\x05\x00\x00\x01\x0a\x00\x00\x01\x04\x38",
			"\x05\x01\x00" + "\x05\x01\x00\x01\xc0\x00\x02\x01\x00\x50", "10.0.0.1:1080", nil},
		"a name": {Connect, "peer.example:443", Auth{}, "\x05\x00" + "\x05\x00\x00\x01\x0a\x00\x00\x01\x04\x38",
			"\x05\x01\x00" + "\x05\x01\x00\x03\x0cpeer.example\x01\xbb", "10.0.0.1:1080", nil},
		"datagrams of IPv6, and a password": {Associate, "[::]:0", secret, "\x05\x02" + "\x01\x00" + "\x05\x00\x00\x04" + strings.Repeat("\x00", 15) + "\x01\x04\x38",
			"\x05\x02\x00\x02" + "\x01\x04user\x04pass" + "\x05\x03\x00\x04" + strings.Repeat("\x00", 18), "[::1]:1080", nil},
		"a password that is not asked for": {Connect, "192.0.2.1:80", secret, "\x05\x00" + "\x05\x00\x00\x03\x01a\x00\x01", "", "invalid AddrPort", nil},
		"a wrong one":                      {Connect, "192.0.2.1:80", secret, "\x05\x02\x01\x01", "", "", ErrAuth},
		"no method":                        {Connect, "192.0.2.1:80", Auth{}, "\x05\xff", "", "", ErrNoMethod},
		"a method that was not offered":    {Connect, "192.0.2.1:80", Auth{}, "\x05\x02", "", "", ErrNoMethod},
		"refused":                          {Connect, "192.0.2.1:80", Auth{}, "\x05\x00" + "\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00", "", "", ReplyError(5)},
		"no datagrams":                     {Associate, "0.0.0.0:0", Auth{}, "\x05\x00" + "\x05\x07\x00\x01\x00\x00\x00\x00\x00\x00", "", "", CommandUnsupported},
		"version 4":                        {Connect, "192.0.2.1:80", Auth{}, "\x04\x00", "", "", ErrMalformed},
		"a web server":                     {Connect, "192.0.2.1:80", Auth{}, "HTTP/1.1 400 Bad Request\r\n", "", "", ErrMalformed},
		"silence":                          {Connect, "192.0.2.1:80", Auth{}, "\x05", "", "", io.ErrUnexpectedEOF},
		"an address of no kind":            {Connect, "192.0.2.1:80", Auth{}, "\x05\x00" + "\x05\x00\x00\x09", "", "", ErrMalformed},
		"no target":                        {Connect, "192.0.2.1", Auth{}, "", "", "", ErrTarget},
		"a long name":                      {Connect, strings.Repeat("a", 256) + ":1", Auth{}, "", "", "", ErrTarget},
	} {
		s := &script{Reader: strings.NewReader(c.says)}
		at, err := Do(s, c.cmd, c.target, c.auth)
		if !errors.Is(err, c.err) || err == nil && at.String() != c.at {
			t.Errorf("%s: %v, %v", name, at, err)
		}
		if c.heard != "" && s.heard.String() != c.heard {
			t.Errorf("%s: wrote %q", name, s.heard.String())
		}
	}
	for e := range ReplyError(10) {
		if e.Error() == "" {
			t.Errorf("%d says nothing", e)
		}
	}
}

// Datagrams come back as they were sent.
func TestDatagram(t *testing.T) {
	for _, text := range []string{"192.0.2.1:6881", "[2001:db8::1]:1"} {
		at := netip.MustParseAddrPort(text)
		b := AppendDatagram(nil, at, []byte("d1:q"))
		if from, payload, ok := ParseDatagram(b); !ok || from != at || string(payload) != "d1:q" || len(b) > MaxHeader+4 {
			t.Errorf("%v %q %t", from, payload, ok)
		}
	}
	for _, b := range []string{"", "\x00\x00\x00", "\x00\x00\x01\x01\x7f\x00\x00\x01\x00\x01x", "\x00\x00\x00\x03\x01a\x00\x01x", "\x00\x00\x00\x01\x7f\x00", "\x01\x00\x00\x01\x7f\x00\x00\x01\x00\x01"} {
		if _, _, ok := ParseDatagram([]byte(b)); ok {
			t.Errorf("%q is taken", b)
		}
	}
}

func FuzzDatagram(f *testing.F) {
	f.Add(AppendDatagram(nil, netip.MustParseAddrPort("192.0.2.1:6881"), []byte("hello")))
	f.Add(AppendDatagram(nil, netip.MustParseAddrPort("[2001:db8::1]:1"), nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		from, payload, ok := ParseDatagram(b)
		if ok && !bytes.HasSuffix(AppendDatagram(nil, from, payload), payload) || ok && len(payload) >= len(b) {
			t.Errorf("%q from %v of %q", payload, from, b)
		}
	})
}

func FuzzDo(f *testing.F) {
	f.Add([]byte("\x05\x00\x05\x00\x00\x01\x0a\x00\x00\x01\x04\x38"))
	f.Add([]byte("\x05\x02\x01\x00\x05\x05\x00\x03\x01a\x00\x00"))
	f.Fuzz(func(t *testing.T, says []byte) {
		r := bytes.NewReader(says)
		at, err := Do(&script{Reader: r}, Connect, "192.0.2.1:80", Auth{"user", "pass"})
		if err != nil && at.IsValid() || err == nil && len(says)-r.Len() > 2+2+4+1+255+2 {
			t.Errorf("%v, %v after %d bytes", at, err, len(says)-r.Len())
		}
	})
}
