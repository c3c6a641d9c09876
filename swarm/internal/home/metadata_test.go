package home_test

import (
	"testing"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/home"
)

// What peers have told of a torrent is found by its info-hash, until it is
// forgotten.
func TestMetadata(t *testing.T) {
	dir := memfs.New()
	m, err := metainfo.ParseInfo([]byte("d6:lengthi5e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae"))
	if err != nil {
		t.Fatal(err)
	}
	m.SetTrackers([][]string{{"http://t.example/"}})
	found := func(want bool) {
		t.Helper()
		got, err := home.Metadata(dir, m.Hashes())
		if err != nil || (got != nil) != want || want && (got.Hashes() != m.Hashes() || len(got.Trackers()) != 1) {
			t.Errorf("found %v, %v", got, err)
		}
	}
	found(false)
	if err := home.KeepMetadata(dir, m); err != nil {
		t.Fatal(err)
	}
	found(true)
	name := "metadata/" + m.Hashes().V1.String() + ".torrent"
	if err := vfs.WriteFileAtomic(dir, name, []byte("d4:info"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := home.Metadata(dir, m.Hashes()); got != nil || err == nil {
		t.Errorf("half a file yields %v, %v", got, err)
	}
	for range 2 { // the second time there is nothing
		if err := home.ForgetMetadata(dir, m.Hashes()); err != nil {
			t.Error(err)
		}
	}
	found(false)
}
