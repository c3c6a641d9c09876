package company_test

import (
	"errors"
	"testing"

	"github.com/warren-p2p/warren/internal/cli/company"
	"github.com/warren-p2p/warren/internal/cli/console"
)

func TestCheckTrackers(t *testing.T) {
	for _, good := range []string{"http://t.example/announce", "https://[::1]:8443/a", "udp://127.0.0.1:6969"} {
		f := company.Flags{Tracker: []string{good, good}}
		if err := f.CheckTrackers(); err != nil || len(f.Tiers()) != 2 {
			t.Errorf("%s: %v", good, err)
		}
		f.NoTrackers = true
		if err := f.CheckTrackers(); !isUsage(err) {
			t.Errorf("none, and %s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "t.example", "udp://t.example", "wss://t.example/", "ftp://t.example/"} {
		f := company.Flags{Tracker: []string{bad}}
		if err := f.CheckTrackers(); !isUsage(err) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func isUsage(err error) bool {
	_, ok := errors.AsType[*console.UsageError](err)
	return ok
}
