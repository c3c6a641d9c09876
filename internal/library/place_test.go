package library_test

import (
	"fmt"
	"testing"

	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/metainfo/magnet"
)

// Where a torrent stands in the queue is known at once, whoever else came, went or moved.
func TestPlace(t *testing.T) {
	n := open(t, t.TempDir(), netpolicy.NewMem())
	defer n.close()
	line := func(want string) {
		t.Helper()
		got := ""
		for _, one := range n.All() {
			got += fmt.Sprint(one.View().Place)
		}
		if got != want {
			t.Errorf("they stand at %s, want %s", got, want)
		}
	}
	paused := true
	for i := range 3 {
		link, err := magnet.Parse(fmt.Sprintf("magnet:?xt=urn:btih:%040x", i+1))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := n.Add(t.Context(), library.Add{Magnet: link, Paused: &paused}); err != nil {
			t.Fatal(err)
		}
	}
	line("012")
	if err := n.SetPosition(t.Context(), n.All()[2], 0); err != nil {
		t.Fatal(err)
	}
	line("120")
	if err := n.Remove(t.Context(), n.All()[0], false); err != nil {
		t.Fatal(err)
	}
	line("10")
}
