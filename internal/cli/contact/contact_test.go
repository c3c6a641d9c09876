package contact_test

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/contact"
	"github.com/warren-p2p/warren/internal/netpolicy"
)

func TestResolve(t *testing.T) {
	m := netpolicy.NewMem()
	m.Name("seed.example", netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("192.0.2.1"))
	for in, want := range map[string][]string{
		"192.0.2.1:6881":       {"192.0.2.1:6881"},
		"[2001:db8::1]:443":    {"[2001:db8::1]:443"},
		"[::ffff:192.0.2.1]:1": {"192.0.2.1:1"},
		"seed.example:65535":   {"[2001:db8::1]:65535", "192.0.2.1:65535"},
	} {
		list, err := contact.Resolve(t.Context(), m, in)
		var got []string
		for _, a := range list {
			got = append(got, a.String())
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v; want %v", in, got, err, want)
		}
	}
	for _, in := range []string{
		"", "host", ":6881", "host:", "host:http", "192.0.2.1", "2001:db8::1",
		"192.0.2.1:70000", "192.0.2.1:0", "seed.example:99999", "seed.example:-1",
	} {
		if got, err := contact.Resolve(t.Context(), m, in); !isUsage(err) {
			t.Errorf("%q: %v, %v", in, got, err)
		}
	}
	const want = "look up peer other.example:80: no such host: check the name, or give its address in figures"
	if _, err := contact.Resolve(t.Context(), m, "other.example:80"); fmt.Sprint(err) != want || isUsage(err) {
		t.Errorf("unknown name: %v", err)
	}
}

func isUsage(err error) bool {
	_, ok := errors.AsType[*console.UsageError](err)
	return ok
}
