package linked

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/share/visit"
	"github.com/warren-p2p/warren/internal/share/visit/visittest"
)

// A command that is started again redeems a link no second time, for a day; what it keeps
// opens nothing for who has not the link.
func TestStartedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := netpolicy.NewMem()
		p := visittest.Share(t, net, false)
		p.Way = "redeem"
		dir := t.TempDir()
		c := &console.Console{Home: dir, Clock: clock.System{}, Getenv: func(string) string { return "" }}
		get := func() string {
			t.Helper()
			by := visit.New(visit.Config{Net: net.Host(netip.MustParseAddr("10.0.0.2")), Hello: hello.Go{}, Clock: c.Clock})
			if _, err := Open(t.Context(), c, by, p.Link, ""); err != nil {
				t.Error(err)
			}
			return p.Said()
		}
		if said := get(); strings.Count(said, "POST") != 1 {
			t.Errorf("first: %s", said)
		}
		if said := get(); strings.Contains(said, "POST") {
			t.Errorf("again: %s", said)
		}
		name := filepath.Join(dir, redeemed)
		b, err := os.ReadFile(name)
		if err != nil || strings.Contains(string(b), p.Link.Token.Text()) {
			t.Errorf("kept %s, %v", b, err)
		}
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("kept for %v, %v", info.Mode(), err)
		}
		time.Sleep(25 * time.Hour)
		if said := get(); strings.Count(said, "POST") != 1 {
			t.Errorf("a day later: %s", said)
		}
		if err := os.WriteFile(name, []byte("{broken"), 0o600); err != nil {
			t.Fatal(err)
		}
		if said := get(); strings.Count(said, "POST") != 1 {
			t.Errorf("of a broken file: %s", said)
		}
	})
}
