package library_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm"
)

// A magnet link that could not be brought into the engine is looked at like any other, and
// comes in when it can.
func TestMagnetWithoutEngine(t *testing.T) {
	ctx, home := context.Background(), t.TempDir()
	volume := filepath.Join(t.TempDir(), "volume")
	link, err := magnet.Parse("magnet:?xt=urn:btih:" + strings.Repeat("ab", 20))
	if err != nil {
		t.Fatal(err)
	}
	n := open(t, home, netpolicy.NewMem())
	if _, err := n.Add(ctx, library.Add{Magnet: link, Dir: volume}); err != nil {
		t.Fatal(err)
	}
	n.close()
	if err := os.Rename(volume, volume+".away"); err != nil {
		t.Fatal(err)
	}
	n = open(t, home, netpolicy.NewMem())
	defer n.close()
	one := n.All()[0]
	until := func(want swarm.State) {
		t.Helper()
		for end := time.Now().Add(60 * time.Second); one.View().Status.State != want; time.Sleep(10 * time.Millisecond) {
			if n.Refresh(); time.Now().After(end) {
				t.Fatalf("want %v: %+v", want, one.View().Status)
			}
		}
	}
	until(swarm.StateFailed)
	if one.Engine() != nil {
		t.Error("it is in the engine without its folder")
	}
	if err := os.Rename(volume+".away", volume); err != nil {
		t.Fatal(err)
	}
	if err := one.Resume(ctx); err != nil { // which does not wait for its turn to look again
		t.Fatal(err)
	}
	until(swarm.StateMetadata)
}
