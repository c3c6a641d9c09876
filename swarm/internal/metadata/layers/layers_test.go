package layers_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/hashtree"
	"github.com/warren-p2p/warren/swarm/internal/metadata/layers"
)

const pieceLen = 16 << 10

// torrent makes one whose files have so many pieces, the last of them cut
// short; those with as many have the same content.
func torrent(t testing.TB, pieces ...int) *metainfo.Torrent {
	t.Helper()
	disk := memfs.New()
	for i, n := range pieces {
		b := make([]byte, n*pieceLen-5)
		_, _ = rand.NewChaCha8([32]byte{byte(n)}).Read(b)
		f, err := disk.OpenFile(fmt.Sprintf("set/f%02d", i), os.O_RDWR|os.O_CREATE, 0o644)
		if err == nil {
			_, err = f.WriteAt(b, 0)
		}
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	m, err := create.Torrent(context.Background(), disk, "set", create.Options{Kind: create.V2, PieceLength: pieceLen})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// bare returns what a magnet link yields of a torrent.
func bare(t testing.TB, m *metainfo.Torrent) *metainfo.Torrent {
	t.Helper()
	b, err := metainfo.ParseInfo(m.InfoBytes)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// answer is what somebody who has the torrent says.
func answer(m *metainfo.Torrent, r peerwire.HashRequest) (peerwire.Hashes, bool) {
	list, ok := new(hashtree.Trees).Reply(m, r, nil)
	return peerwire.Hashes{HashRequest: r, List: list}, ok
}

type manner int

const (
	honest manner = iota
	lying
	refusing
	silent
)

// play runs a fetcher among peers until nothing is left.
func play(t *testing.T, full *metainfo.Torrent, peers ...manner) (got *metainfo.Torrent, dropped map[layers.Peer]error) {
	t.Helper()
	got, dropped = bare(t, full), map[layers.Peer]error{}
	f, now := layers.New(got), time.Unix(1e9, 0)
	var queue []layers.Action
	for i := range peers {
		queue = append(queue, f.Join(layers.Peer(i+1), now)...)
	}
	for range 200 {
		for len(queue) > 0 {
			a := queue[0]
			queue = queue[1:]
			if a.Drop != nil {
				dropped[a.Peer] = a.Drop
				continue
			}
			h, ok := answer(full, a.Ask)
			if !ok {
				t.Fatalf("a request that nobody answers: %+v", a.Ask)
			}
			switch peers[a.Peer-1] {
			case lying:
				h.List[len(h.List)/2] ^= 1
				queue = append(queue, f.Hashes(a.Peer, h, now)...)
			case honest:
				queue = append(queue, f.Hashes(a.Peer, h, now)...)
			case refusing:
				queue = append(queue, f.Reject(a.Peer, a.Ask, now)...)
			}
		}
		if f.Left() == 0 {
			return got, dropped
		}
		now = now.Add(time.Second)
		queue = f.Tick(now)
	}
	t.Fatalf("%d files are left, %v dropped", f.Left(), dropped)
	return nil, nil
}

func TestFetch(t *testing.T) {
	full := torrent(t, 1, 2, 3, 2, 40, 513, 1025)
	for name, peers := range map[string][]manner{
		"one": {honest}, "two": {honest, honest}, "a liar": {lying, honest}, "others": {refusing, silent, lying, honest},
	} {
		t.Run(name, func(t *testing.T) {
			got, dropped := play(t, full, peers...)
			if missing := got.MissingLayers(); len(missing) > 0 {
				t.Fatalf("files %v lack their layers", missing)
			}
			for i := range full.Info.Files {
				if !bytes.Equal(got.PieceLayer(i), full.PieceLayer(i)) {
					t.Errorf("file %d: another layer", i)
				}
			}
			for i, m := range peers {
				if why := dropped[layers.Peer(i+1)]; errors.Is(why, layers.ErrWrong) != (m == lying) {
					t.Errorf("peer %d: %v", i+1, why)
				}
			}
		})
	}
}

// TestLeave: what one that goes was asked for, others are.
func TestLeave(t *testing.T) {
	full := torrent(t, 2, 3, 5)
	f, now := layers.New(bare(t, full)), time.Unix(1e9, 0)
	first := f.Join(1, now)
	if len(first) != 3 || len(f.Join(2, now)) != 0 {
		t.Fatalf("asked %+v", first)
	}
	if again := f.Leave(1, now); len(again) != 3 {
		t.Fatalf("asked %+v", again)
	}
	h, _ := answer(full, first[0].Ask)
	if f.Hashes(1, h, now); f.Left() != 3 {
		t.Error("who has left is believed")
	}
	if f.Hashes(2, h, now); f.Left() != 2 {
		t.Error("who has not left is not believed")
	}
}

// FuzzHashes: no answer is taken but the right one.
func FuzzHashes(f *testing.F) {
	full := torrent(f, 3, 600)
	f.Add(uint16(0), byte(0), []byte{})
	f.Add(uint16(7), byte(1), []byte{1, 2, 3})
	f.Add(uint16(600*32), byte(2), bytes.Repeat([]byte{0}, 64))
	f.Fuzz(func(t *testing.T, at uint16, which byte, change []byte) {
		got := bare(t, full)
		fetcher, now := layers.New(got), time.Unix(1e9, 0)
		asked := fetcher.Join(1, now)
		a := asked[int(which)%len(asked)]
		h, _ := answer(full, a.Ask)
		right := bytes.Clone(h.List)
		n := copy(h.List[min(int(at), len(h.List)):], change)
		h.List = append(h.List, change[n:]...)
		for _, b := range [][]byte{h.List, right} {
			h.List = b
			for _, out := range fetcher.Hashes(1, h, now) {
				if errors.Is(out.Drop, layers.ErrWrong) == bytes.Equal(b, right) {
					t.Fatalf("dropped %v", out.Drop)
				}
			}
		}
		for i := range full.Info.Files {
			if l := got.PieceLayer(i); l != nil && !bytes.Equal(l, full.PieceLayer(i)) {
				t.Fatal("another layer is taken")
			}
		}
	})
}
