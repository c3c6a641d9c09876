package hello

import (
	"errors"
	"strings"
	"testing"
)

func TestServerName(t *testing.T) {
	for host, want := range map[string]string{
		"": "", "a.example": "a.example", "A.Example.": "a.example", "box": "box", "a_b.example": "a_b.example",
		// RFC 6066, section 3: no addresses.
		"192.0.2.1": "", "2001:db8::1": "", "[2001:db8::1]": "",
	} {
		if got, err := ServerName(host); got != want || err != nil {
			t.Errorf("%q: %q, %v, want %q", host, got, err, want)
		}
	}
	for _, host := range []string{".", "a b", "a\r\nb", "a/b", "fe80::1%eth0", "a.example:443", "ä.example", strings.Repeat("a", 254)} {
		if got, err := ServerName(host); !errors.Is(err, ErrName) {
			t.Errorf("%q: %q, %v", host, got, err)
		}
	}
}

func TestRequestRefusesHosts(t *testing.T) {
	for _, host := range []string{"", "a\r\nX: y", "a b", "a\x00"} {
		if b, err := (Go{}).Request(Request{Host: host, Path: "/", Cookie: "a=b", Key: "k"}); !errors.Is(err, ErrName) {
			t.Errorf("%q: %q, %v", host, b, err)
		}
	}
}
