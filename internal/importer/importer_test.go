package importer_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/warren-p2p/warren/internal/importer"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
)

func link(name string, hash byte) importer.Torrent {
	h := metainfo.InfoHashes{HasV1: true, V1: metainfo.HashV1{hash}}
	return importer.Torrent{Record: record.Record{Hashes: h, Name: name, Dir: "/srv", Magnet: "magnet:?xt=urn:btih:" + h.V1.String()}}
}

func TestInto(t *testing.T) {
	ctx := context.Background()
	s, err := store.Open(ctx, filepath.Join(t.TempDir(), "warren.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	disk := memfs.New()
	if err := vfs.WriteFileAtomic(disk, "film.mkv", []byte(strings.Repeat("x", 50000)), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := create.Torrent(ctx, disk, "film.mkv", create.Options{PieceLength: 16 << 10}) // a hybrid
	if err != nil {
		t.Fatal(err)
	}
	film := importer.Torrent{Metainfo: m, Record: record.Record{Name: "film", Dir: "/srv", Category: "films", Sent: 7, Added: time.Unix(1000, 0).UTC(), Wishes: record.Wishes{Trusted: true}}}
	film.Record.Hashes = m.Hashes()

	first := importer.Found{Torrents: []importer.Torrent{link("a", 1), film}, Categories: []record.Category{{Name: "photos", Dir: "/photos"}}}
	if o, err := first.Into(ctx, s); err != nil || o.Added != 2 || len(o.Known) != 0 {
		t.Fatalf("%+v, %v", o, err)
	}
	onlyV2 := film
	onlyV2.Record.Name, onlyV2.Record.Hashes.HasV1 = "film again", false
	photos := link("b", 2)
	photos.Record.Category = "photos"
	second := importer.Found{Torrents: []importer.Torrent{photos, link("a again", 1), onlyV2, link("b twice", 2)}, Categories: []record.Category{{Name: "photos", Dir: "/other"}}}
	o, err := second.Into(ctx, s)
	if diff := cmp.Diff(importer.Outcome{Added: 1, Known: []string{"a again", "film again", "b twice"}}, o); err != nil || diff != "" {
		t.Fatalf("%v\n%s", err, diff)
	}

	var all []record.Record
	var categories map[string]record.Category
	var bytes []byte
	if err := s.Read(ctx, func(q store.Querier) (err error) {
		if all, err = record.All(ctx, q); err == nil {
			categories, err = record.Categories(ctx, q)
		}
		if err == nil {
			bytes, err = record.Metainfo(ctx, q, 2)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if len(all) != 3 || all[0].Name != "a" || all[1].Name != "film" || all[2].Name != "b" || !all[1].Trusted || all[1].Sent != 7 || !all[1].Added.Equal(film.Record.Added) {
		t.Errorf("%+v", all)
	}
	if categories["photos"].Dir != "/photos" || categories["films"].Name != "films" {
		t.Errorf("%+v", categories)
	}
	if string(bytes) != string(m.Bytes()) {
		t.Error("the torrent file is another")
	}
	if len(first.Torrents) != 2 || first.Torrents[0].Record.ID != 0 {
		t.Error("what was found is changed by that")
	}
}

// TestIntoIsAllOrNothing has one torrent in the middle that cannot be kept.
func TestIntoIsAllOrNothing(t *testing.T) {
	ctx := context.Background()
	s, err := store.Open(ctx, filepath.Join(t.TempDir(), "warren.db"))
	if err != nil {
		t.Fatal(err)
	}
	bad := link("bad", 2)
	bad.Record.Goal.Ratio = inf()
	found := importer.Found{Torrents: []importer.Torrent{link("a", 1), bad}}
	if o, err := found.Into(ctx, s); err == nil || o.Added != 0 {
		t.Errorf("%+v, %v", o, err)
	}
	var all []record.Record
	err = s.Read(ctx, func(q store.Querier) (err error) {
		all, err = record.All(ctx, q)
		return err
	})
	if err != nil || len(all) != 0 {
		t.Errorf("%+v, %v", all, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// inf is a ratio that JSON cannot have.
func inf() float64 {
	one := 1.0
	return one / (one - 1)
}
