package seek_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/hashtree"
	"github.com/warren-p2p/warren/swarm/internal/metadata/layers"
	"github.com/warren-p2p/warren/swarm/internal/seek"
)

// watch is a clock that is set.
type watch struct{ now time.Time }

func (w *watch) Now() time.Time { return w.now }

// someone is a peer that notes what it is asked.
type someone struct {
	pieces []int
	hashes []peerwire.HashRequest
}

func (s *someone) AskMetadata(piece int)           { s.pieces = append(s.pieces, piece) }
func (s *someone) AskLayer(r peerwire.HashRequest) { s.hashes = append(s.hashes, r) }

// scene is a seeker of a torrent of one file with many pieces.
type scene struct {
	*seek.Seeker
	full    *metainfo.Torrent
	clock   *watch
	done    int
	dropped []error
}

func newScene(t *testing.T, kind create.Kind, change func(*seek.Config)) *scene {
	t.Helper()
	disk := memfs.New()
	f, err := disk.OpenFile("file", os.O_RDWR|os.O_CREATE, 0o644)
	if err == nil {
		_, err = f.WriteAt([]byte("not all zero"), 70_000)
	}
	if err == nil {
		err = f.Close()
	}
	s := &scene{clock: &watch{time.Unix(1e9, 0)}}
	if err == nil {
		s.full, err = create.Torrent(context.Background(), disk, "file", create.Options{Kind: kind, PieceLength: 16 << 10})
	}
	if err != nil {
		t.Fatal(err)
	}
	cfg := seek.Config{
		Hashes: s.full.Hashes(), Clock: s.clock, Done: func() { s.done++ },
		Drop: func(_ seek.Peer, why error) { s.dropped = append(s.dropped, why) },
	}
	if change != nil {
		change(&cfg)
	}
	s.Seeker = seek.New(cfg)
	return s
}

func (s *scene) tell(id seek.ID) {
	info := s.full.InfoBytes
	s.Offer(id, len(info))
	s.Metadata(id, extension.Metadata{Type: extension.MetadataData, TotalSize: len(info), Data: info})
}

func (s *scene) answer(id seek.ID, r peerwire.HashRequest) {
	list, _ := new(hashtree.Trees).Reply(s.full, r, nil)
	s.Hashes(id, peerwire.Hashes{HashRequest: r, List: list})
}

func (s *scene) found(t *testing.T, layers bool) {
	t.Helper()
	m, err := s.Result()
	if err != nil || m == nil || m.Hashes() != s.full.Hashes() || s.done != 1 {
		t.Fatalf("found %v, %v, told %d times", m, err, s.done)
	}
	if bytes.Equal(m.PieceLayer(0), s.full.PieceLayer(0)) != layers {
		t.Errorf("layer of %d bytes", len(m.PieceLayer(0)))
	}
}

func (s *scene) nothing(t *testing.T) {
	t.Helper()
	if m, err := s.Result(); m != nil || err != nil || s.done > 0 {
		t.Fatalf("found %v, %v too early", m, err)
	}
}

// under returns a handshake under the info-hash of version 1 or 2.
func (s *scene) under(version int) peerwire.Handshake {
	h := s.full.Hashes()
	theirs := peerwire.Handshake{Reserved: peerwire.Reserved{}.With(peerwire.CapV2), InfoHash: h.V1}
	if version == 2 {
		theirs.InfoHash = h.Truncated()
	}
	return theirs
}

func TestV1(t *testing.T) {
	s := newScene(t, create.V1, nil)
	p := &someone{}
	id := s.Join(p, s.under(1))
	s.nothing(t)
	s.tell(id)
	s.found(t, true) // there is none
	if !slices.Equal(p.pieces, []int{0}) || len(p.hashes) > 0 {
		t.Errorf("asked %+v", p)
	}
}

// A torrent of version 2 is there with its layers only. Who answers to its
// info-hash knows them.
func TestV2(t *testing.T) {
	s := newScene(t, create.V2, nil)
	p := &someone{}
	id := s.Join(p, s.under(2))
	s.tell(id)
	s.nothing(t)
	s.HashReject(id, p.hashes[0])
	s.clock.now = s.clock.now.Add(time.Minute)
	s.Tick()
	s.answer(id, p.hashes[1])
	s.found(t, true)
}

// What is known already is not asked for.
func TestLayersAlone(t *testing.T) {
	s := newScene(t, create.V2, nil)
	full := s.full
	bare, err := metainfo.ParseInfo(full.InfoBytes)
	if err != nil {
		t.Fatal(err)
	}
	s = newScene(t, create.V2, func(c *seek.Config) { c.Known = bare })
	p := &someone{}
	id := s.Join(p, s.under(2))
	if s.tell(id); len(p.pieces) > 0 || len(p.hashes) != 1 {
		t.Fatalf("asked %+v", p)
	}
	s.answer(id, p.hashes[0])
	s.found(t, true)
}

// The layers of a hybrid are taken if somebody has them, and not waited for long.
func TestHybrid(t *testing.T) {
	t.Run("nobody", func(t *testing.T) {
		s := newScene(t, create.Hybrid, nil)
		s.tell(s.Join(&someone{}, s.under(1)))
		s.found(t, false)
	})
	t.Run("somebody", func(t *testing.T) {
		s := newScene(t, create.Hybrid, nil)
		p := &someone{}
		id := s.Join(p, s.under(2))
		s.tell(id)
		s.nothing(t)
		s.answer(id, p.hashes[0])
		s.found(t, true)
	})
	t.Run("somebody silent", func(t *testing.T) {
		s := newScene(t, create.Hybrid, nil)
		s.tell(s.Join(&someone{}, s.under(2)))
		s.nothing(t)
		s.clock.now = s.clock.now.Add(11 * time.Second)
		s.Tick()
		s.found(t, false)
	})
	t.Run("somebody who leaves", func(t *testing.T) {
		s := newScene(t, create.Hybrid, nil)
		id := s.Join(&someone{}, s.under(2))
		s.tell(id)
		s.nothing(t)
		s.Leave(id)
		s.found(t, false)
	})
}

// Wrong hashes convict at once.
func TestWrongHashes(t *testing.T) {
	s := newScene(t, create.V2, nil)
	p := &someone{}
	id := s.Join(p, s.under(2))
	s.tell(id)
	r := p.hashes[0]
	list, _ := new(hashtree.Trees).Reply(s.full, r, nil)
	list[0] ^= 1
	s.Hashes(id, peerwire.Hashes{HashRequest: r, List: list})
	s.nothing(t)
	if len(s.dropped) != 1 || !errors.Is(s.dropped[0], layers.ErrWrong) {
		t.Errorf("dropped %v", s.dropped)
	}
}

// What has the info-hash and cannot be used is nobody's fault but the
// publisher's, and that is said.
func TestUnusable(t *testing.T) {
	for name, info := range map[string]string{
		"path":    "d6:lengthi5e4:name2:..12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae",
		"version": "d6:lengthi5e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae",
		"SSL":     "d6:lengthi5e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaa8:ssl-cert1:ce",
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, create.V1, func(c *seek.Config) {
				c.Hashes = metainfo.HashInfo([]byte(info), name != "version", name == "version")
			})
			id := s.Join(&someone{}, s.under(1))
			s.Offer(id, len(info))
			s.Metadata(id, extension.Metadata{Type: extension.MetadataData, TotalSize: len(info), Data: []byte(info)})
			if m, err := s.Result(); m != nil || !errors.Is(err, seek.ErrUnusable) || errors.Is(err, seek.ErrSSLTorrent) != (name == "SSL") || len(s.dropped) > 0 || s.done != 1 {
				t.Errorf("found %v, %v, dropped %v", m, err, s.dropped)
			}
		})
	}
}

func TestSaid(t *testing.T) {
	var s seek.Said
	var want, got []string
	for _, m := range []struct {
		id      peerwire.ID
		payload string
	}{{peerwire.IDHaveAll, ""}, {peerwire.IDHave, "0123"}, {peerwire.IDUnchoke, ""}} {
		if !s.Keep(m.id, []byte(m.payload)) {
			t.Fatal("not kept")
		}
		want = append(want, m.id.String()+m.payload)
	}
	err := s.Replay(func(id peerwire.ID, payload []byte) error {
		got = append(got, id.String()+string(payload))
		return nil
	})
	if err != nil || !slices.Equal(got, want) || s.Lost() {
		t.Errorf("said %q, %v, want %q", got, err, want)
	}
	if s.Keep(peerwire.IDBitfield, make([]byte, 1<<20)) || !s.Lost() || s.Keep(peerwire.IDHaveAll, nil) {
		t.Error("a megabyte is kept")
	}
}
