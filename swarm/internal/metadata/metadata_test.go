package metadata_test

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/metadata"
)

func random(seed byte, n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{seed}).Read(b)
	return b
}

func hashes(info []byte) metainfo.InfoHashes {
	return metainfo.InfoHashes{V1: sha1.Sum(info), V2: sha256.Sum256(info), HasV1: true, HasV2: true}
}

// someone is a peer: it answers as its answer says, nil for not at all.
type someone struct {
	size   int
	answer func(piece int) []byte
	late   time.Duration
}

func honest(info []byte) someone {
	return someone{size: len(info), answer: func(piece int) []byte { return part(info, piece) }}
}

func liar(seed byte, size int) someone { return honest(random(seed, size)) }

// sometimes lies about one piece alone.
func sometimes(info []byte, wrong int) someone {
	s := honest(info)
	s.answer = func(piece int) []byte {
		b := slices.Clone(part(info, piece))
		if piece == wrong {
			b[0] ^= 1
		}
		return b
	}
	return s
}

func silent(size int) someone { return someone{size: size, answer: func(int) []byte { return nil }} }

func part(info []byte, piece int) []byte {
	at := piece * metadata.PieceLen
	return info[at:min(at+metadata.PieceLen, len(info))]
}

// world runs a fetcher among peers, in virtual time.
type world struct {
	f       *metadata.Fetcher
	now     time.Time
	peers   []someone
	events  []event
	dropped map[metadata.Peer]error
	info    []byte
	asked   map[metadata.Peer]int
	trace   []string
}

type event struct {
	at    time.Time
	peer  metadata.Peer
	piece int
}

func play(h metainfo.InfoHashes, limit time.Duration, peers ...someone) *world {
	w := &world{
		f: metadata.New(metadata.Config{Hashes: h, MaxSize: 1 << 20}), now: time.Unix(1e9, 0), peers: peers,
		dropped: map[metadata.Peer]error{}, asked: map[metadata.Peer]int{},
	}
	for i, p := range peers {
		w.do(w.f.Offer(metadata.Peer(i+1), p.size, w.now))
	}
	for end := w.now.Add(limit); w.info == nil && w.now.Before(end); {
		w.now = w.now.Add(500 * time.Millisecond)
		w.do(w.f.Tick(w.now))
		due := w.events
		w.events = nil
		for _, e := range due {
			if e.at.After(w.now) {
				w.events = append(w.events, e)
				continue
			}
			p := peers[e.peer-1]
			w.do(w.f.Data(e.peer, e.piece, p.size, p.answer(e.piece), w.now))
		}
	}
	return w
}

func (w *world) do(actions []metadata.Action) {
	for _, a := range actions {
		w.trace = append(w.trace, fmt.Sprint(w.now.Unix(), a.Peer, a.Ask, a.Piece, a.Drop, len(a.Info)))
		switch {
		case a.Info != nil:
			w.info = a.Info
		case a.Drop != nil:
			w.dropped[a.Peer] = a.Drop
			w.do(w.f.Leave(a.Peer, w.now))
		case a.Ask:
			w.asked[a.Peer]++
			if p := w.peers[a.Peer-1]; p.answer(a.Piece) != nil {
				w.events = append(w.events, event{w.now.Add(p.late), a.Peer, a.Piece})
			}
		}
	}
}

func TestFetch(t *testing.T) {
	info := random(1, 5*metadata.PieceLen+7)
	slow := honest(info)
	slow.late = 10 * time.Second
	for _, c := range []struct {
		name  string
		peers []someone
		limit time.Duration
		out   []metadata.Peer // dropped for wrong data
	}{
		{"one", []someone{honest(info)}, 5 * time.Second, nil},
		{"several share", []someone{honest(info), honest(info), honest(info)}, 2 * time.Second, nil},
		{"a liar of the same size", []someone{liar(2, len(info)), honest(info)}, 5 * time.Second, []metadata.Peer{1}},
		{"a liar about one piece", []someone{sometimes(info, 0), honest(info)}, 5 * time.Second, []metadata.Peer{1}},
		{"a liar of another size", []someone{liar(2, 100), honest(info), liar(3, 1<<20)}, 60 * time.Second, []metadata.Peer{1}},
		{"silent ones", []someone{silent(len(info)), honest(info), silent(9)}, 30 * time.Second, nil},
		{"a slow one does not hold up", []someone{slow, honest(info)}, 5 * time.Second, nil},
		{"too large is nobody's", []someone{liar(1, 1<<20+1), honest(info)}, 5 * time.Second, nil},
		{"many liars", []someone{
			liar(2, len(info)), liar(3, len(info)), sometimes(info, 1), sometimes(info, 2), sometimes(info, 3), silent(len(info)), honest(info),
		}, 120 * time.Second, nil},
		{"sizes that fill everything", []someone{silent(1 << 20), silent(1<<20 - 1), silent(1<<20 - 2), honest(info)}, 5 * time.Minute, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := play(hashes(info), c.limit, c.peers...)
			if !bytes.Equal(w.info, info) {
				t.Fatalf("not found within %v; dropped %v", c.limit, w.dropped)
			}
			for _, id := range c.out {
				if !errors.Is(w.dropped[id], metadata.ErrWrong) {
					t.Errorf("peer %d is still in; dropped %v", id, w.dropped)
				}
			}
			for id := range w.dropped {
				p := c.peers[id-1]
				if p.size == len(info) && allRight(p, info) {
					t.Errorf("peer %d is honest and dropped", id)
				}
			}
		})
	}
}

func allRight(p someone, info []byte) bool {
	for i := 0; i*metadata.PieceLen < len(info); i++ {
		if b := p.answer(i); b == nil || !bytes.Equal(b, part(info, i)) {
			return false
		}
	}
	return true
}

// TestHashes: every hash of the link counts.
func TestHashes(t *testing.T) {
	info, other := random(1, 100), random(2, 100)
	both, v1, v2 := hashes(info), hashes(info), hashes(info)
	v1.HasV2, v2.HasV1 = false, false
	for name, h := range map[string]metainfo.InfoHashes{"both": both, "v1": v1, "v2": v2} {
		if w := play(h, time.Minute, honest(info)); !bytes.Equal(w.info, info) {
			t.Errorf("%s: not found", name)
		}
	}
	mixed1, mixed2 := hashes(info), hashes(info)
	mixed1.V2, mixed2.V1 = hashes(other).V2, hashes(other).V1
	for name, h := range map[string]metainfo.InfoHashes{"other v2": mixed1, "other v1": mixed2, "none": {}} {
		if w := play(h, time.Minute, honest(info)); w.info != nil || !errors.Is(w.dropped[1], metadata.ErrWrong) {
			t.Errorf("%s: %d bytes found, dropped %v", name, len(w.info), w.dropped)
		}
	}
}

// TestContradiction: a peer that speaks of two sizes is done with.
func TestContradiction(t *testing.T) {
	f := metadata.New(metadata.Config{Hashes: hashes(random(1, 100))})
	now := time.Unix(1e9, 0)
	f.Offer(1, 100, now)
	out := f.Data(1, 0, 99, make([]byte, 99), now)
	if len(out) != 1 || !errors.Is(out[0].Drop, metadata.ErrSize) {
		t.Errorf("%+v", out)
	}
}

// TestReject: who refuses is asked again, later and later.
func TestReject(t *testing.T) {
	f := metadata.New(metadata.Config{Hashes: hashes(random(1, 100))})
	now := time.Unix(1e9, 0)
	out := f.Offer(1, 100, now)
	for _, wait := range []time.Duration{15, 30, 45, 60, 75, 90, 105, 120, 120} {
		if len(out) != 1 || !out[0].Ask {
			t.Fatalf("not asked: %+v", out)
		}
		if out = f.Reject(1, 0, now); len(out) > 0 {
			t.Fatalf("asked at once: %+v", out)
		}
		if out = f.Tick(now.Add(wait*time.Second - time.Millisecond)); len(out) > 0 {
			t.Fatalf("asked before %v s: %+v", wait, out)
		}
		now = now.Add(wait * time.Second)
		out = f.Tick(now)
	}
	if again := f.Data(1, 7, 100, make([]byte, 100), now); again != nil {
		t.Errorf("what was not asked for is used: %+v", again)
	}
}

// TestAnyCrowd: one honest peer is enough, in any crowd, no honest peer is ever
// dropped, and the same crowd does the same.
func TestAnyCrowd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		info := random(9, rapid.IntRange(1, 6*metadata.PieceLen).Draw(t, "size"))
		n := rapid.IntRange(0, 6).Draw(t, "others")
		good := rapid.IntRange(0, n).Draw(t, "honest")
		var peers []someone
		for i := range n + 1 {
			p := honest(info)
			if i != good {
				switch rapid.IntRange(0, 4).Draw(t, "kind") {
				case 0:
					p = liar(byte(i), len(info))
				case 1:
					p = liar(byte(i), rapid.IntRange(1, 8*metadata.PieceLen).Draw(t, "other size"))
				case 2:
					p = sometimes(info, rapid.IntRange(0, 5).Draw(t, "wrong"))
				case 3:
					p = silent(rapid.IntRange(1, 1<<20).Draw(t, "silent size"))
				}
			}
			p.late = time.Duration(rapid.IntRange(0, 3000).Draw(t, "late")) * time.Millisecond
			peers = append(peers, p)
		}
		w := play(hashes(info), time.Hour, peers...)
		if !bytes.Equal(w.info, info) {
			t.Fatalf("not found; dropped %v", w.dropped)
		}
		for id, why := range w.dropped {
			if p := peers[id-1]; p.size == len(info) && allRight(p, info) {
				t.Fatalf("honest peer %d dropped: %v", id, why)
			}
		}
		if again := play(hashes(info), time.Hour, peers...); !slices.Equal(again.trace, w.trace) {
			t.Fatal("another run went another way")
		}
	})
}

func TestQuota(t *testing.T) {
	var q metadata.Quota
	now := time.Unix(1e9, 0)
	for i := range 7 {
		if q.Allow(3, now) != (i < 6) {
			t.Errorf("piece %d", i)
		}
	}
	if q.Allow(3, now.Add(59*time.Second)) || !q.Allow(3, now.Add(time.Minute)) {
		t.Error("a minute does not matter")
	}
}

// FuzzFetcher feeds anything in any order: it must neither break nor keep more
// than it may, and what it finds must be right.
func FuzzFetcher(f *testing.F) {
	f.Add([]byte{0, 1, 100, 1, 1, 0, 2, 1, 0, 3, 1, 0, 4, 0, 0})
	f.Add(bytes.Repeat([]byte{0, 1, 1, 0, 2, 2, 1, 1, 0, 1, 2, 1, 4, 9, 9}, 20))
	info := random(1, 2*metadata.PieceLen+5)
	f.Fuzz(func(t *testing.T, script []byte) {
		fetcher := metadata.New(metadata.Config{Hashes: hashes(info), MaxSize: 4 * metadata.PieceLen})
		now := time.Unix(1e9, 0)
		sizes := map[metadata.Peer]int{}
		for ; len(script) >= 3; script = script[3:] {
			id, arg := metadata.Peer(script[1]%5+1), int(script[2])
			var out []metadata.Action
			switch script[0] % 6 {
			case 0:
				sizes[id] = []int{len(info), arg, arg * 512, -arg}[arg%4]
				out = fetcher.Offer(id, sizes[id], now)
			case 1, 2:
				size, piece := sizes[id], arg%4
				data := make([]byte, min(max(size-piece*metadata.PieceLen, 0), metadata.PieceLen))
				if script[0]%6 == 1 && size == len(info) && piece < 3 {
					data = part(info, piece)
				}
				out = fetcher.Data(id, piece, size, data, now)
			case 3:
				out = fetcher.Reject(id, arg%4, now)
			case 4:
				now = now.Add(time.Duration(arg) * time.Second)
				out = fetcher.Tick(now)
			case 5:
				out = fetcher.Leave(id, now)
			}
			for _, a := range out {
				if a.Info != nil && !bytes.Equal(a.Info, info) {
					t.Fatal("found something else")
				}
			}
			if done, total := fetcher.Progress(); done > total || total > 4*metadata.PieceLen {
				t.Fatalf("progress %d of %d", done, total)
			}
		}
	})
}
