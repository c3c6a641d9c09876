package extension

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/warren-p2p/warren/peerwire"
)

// checkError wants a *peerwire.Error about message that wraps reason.
func checkError(t *testing.T, err error, message string, reason error) {
	t.Helper()
	var e *peerwire.Error
	if !errors.As(err, &e) || e.Message != message || !errors.Is(err, reason) {
		t.Errorf("got %v, want one about %q: %v", err, message, reason)
	}
}

// compare reports how got differs from want, equal addresses being equal.
func compare(t *testing.T, want, got any) {
	t.Helper()
	opts := cmp.Options{cmpopts.EquateComparable(netip.Addr{}, netip.AddrPort{}), cmpopts.EquateEmpty()}
	if diff := cmp.Diff(want, got, opts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// checkDictionary tries what no message made of a dictionary may pass.
func checkDictionary(t *testing.T, message string, parse func([]byte) error) {
	t.Helper()
	for _, bad := range []string{"", "i1e", "le", "1:a", "d", "d1:ai1e", "d1:ai1e1:ai2ee", "d1:a9:x", strings.Repeat("d1:a", 100)} {
		checkError(t, parse([]byte(bad)), message, peerwire.ErrBencode)
	}
	checkError(t, parse(make([]byte, peerwire.MaxExtendedLen+1)), message, peerwire.ErrLength)
}
