// Package layers decides how the piece layers of a version 2 torrent are fetched
// that is known by its info dictionary alone (BEP 52): up to 512 hashes at a
// time, each run with the proof that it belongs to its file. So every answer is
// judged by itself, and a wrong one convicts who gave it.
//
// Nothing here does I/O or reads a clock: events come in with their time, and
// what is to be done comes out as [Action] values, the same for the same events.
// A Fetcher is not safe for concurrent use.
package layers

import (
	"errors"
	"slices"
	"time"

	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/peerwire"
)

// ErrWrong says that a peer sent hashes that are not those of the torrent.
var ErrWrong = errors.New("peer sent wrong hashes")

// Peer names a peer.
type Peer uint32

// Action is something to be done: a request to make of a peer, or, with Drop, a
// peer to be done with.
type Action struct {
	Peer Peer
	Ask  peerwire.HashRequest
	Drop error
}

// Fetcher fetches the piece layers that a torrent lacks.
type Fetcher struct {
	meta  *metainfo.Torrent
	base  int // layer of the hashes
	files map[metainfo.HashV2]*file
	runs  []run // to be asked for; the next is the last
	left  int   // files without their layer
	peers map[Peer]*peer
	order []*peer
	out   []Action
}

// file is the layer of all files that have the same content.
type file struct {
	same    []int // indexes
	top     int   // layer of the root
	pieces  int
	hashes  []byte // nil until a run of it has come
	missing int    // runs
}

// run is a part of a layer.
type run struct {
	root  metainfo.HashV2
	index int
}

type peer struct {
	id    Peer
	asks  []ask
	rest  time.Time // nothing is asked before
	fails int       // in a row
}

type ask struct {
	run run
	req peerwire.HashRequest
	at  time.Time
}

// New returns a fetcher of the layers that are missing.
func New(meta *metainfo.Torrent) *Fetcher {
	f := &Fetcher{
		meta: meta, base: merkle.Layers(meta.Info.PieceLength / merkle.BlockLen),
		files: make(map[metainfo.HashV2]*file), peers: make(map[Peer]*peer),
	}
	for _, i := range meta.MissingLayers() {
		root := meta.Info.Files[i].PiecesRoot
		if d := f.files[root]; d != nil && meta.Info.Files[d.same[0]].Length == meta.Info.Files[i].Length {
			d.same = append(d.same, i)
			f.left++
			continue
		}
		first, end := meta.Info.FilePieces(i)
		d := &file{same: []int{i}, pieces: end - first, top: merkle.Layers(merkle.Blocks(meta.Info.Files[i].Length))}
		f.files[root] = d
		f.left++
		for at := 0; at < d.pieces; at += peerwire.MaxHashes {
			f.runs = append(f.runs, run{root, at})
			d.missing++
		}
	}
	slices.Reverse(f.runs)
	return f
}

// Left returns how many files lack their layer.
func (f *Fetcher) Left() int { return f.left }

// Join tells of a peer that may know.
func (f *Fetcher) Join(id Peer, now time.Time) []Action {
	if f.peers[id] == nil {
		p := &peer{id: id}
		f.peers[id] = p
		f.order = append(f.order, p)
	}
	return f.plan(now)
}

// Leave tells that a peer has gone.
func (f *Fetcher) Leave(id Peer, now time.Time) []Action {
	if p := f.peers[id]; p != nil {
		f.forget(p)
	}
	return f.plan(now)
}

// Hashes tells what a peer sent. What nobody asked for is not used.
func (f *Fetcher) Hashes(id Peer, h peerwire.Hashes, now time.Time) []Action {
	p := f.peers[id]
	if p == nil {
		return nil
	}
	r, ok := p.answer(h.HashRequest)
	if !ok {
		return nil
	}
	p.fails = 0
	if !f.take(r, h) {
		f.runs = append(f.runs, r)
		f.forget(p)
		f.out = append(f.out, Action{Peer: id, Drop: ErrWrong})
	}
	return f.plan(now)
}

// Reject tells that a peer does not answer a request.
func (f *Fetcher) Reject(id Peer, r peerwire.HashRequest, now time.Time) []Action {
	if p := f.peers[id]; p != nil {
		if again, ok := p.answer(r); ok {
			f.runs = append(f.runs, again)
			p.fail(now)
		}
	}
	return f.plan(now)
}

// How long an answer may take, and how long a peer is left alone that did not
// give one: longer each time.
const (
	patience = 15 * time.Second
	restTime = 5 * time.Second
	maxRest  = 2 * time.Minute
)

// Tick gives up what takes too long. It is called once a second or so.
func (f *Fetcher) Tick(now time.Time) []Action {
	for _, p := range f.order {
		late := slices.ContainsFunc(p.asks, func(a ask) bool { return now.Sub(a.at) > patience })
		if late {
			f.giveBack(p)
			p.fail(now)
		}
	}
	return f.plan(now)
}

// take enters a run into its layer, if it is right.
func (f *Fetcher) take(r run, h peerwire.Hashes) bool {
	d := f.files[r.root]
	list, err := merkle.AppendBytes(nil, h.List)
	if err != nil || requestOf(h.HashRequest).Verify(d.top, list, r.root) != nil {
		return false
	}
	if d.hashes == nil {
		d.hashes = make([]byte, d.pieces*len(r.root))
	}
	n := copy(d.hashes[r.index*len(r.root):], h.List[:h.Length*uint32(len(r.root))])
	for i := n / len(r.root); i < int(h.Length); i++ {
		if list[i] != merkle.PadHash(f.base) { // behind the end of the file
			return false
		}
	}
	if d.missing--; d.missing > 0 {
		return true
	}
	for _, i := range d.same {
		if f.meta.SetPieceLayer(i, d.hashes) == nil {
			f.left--
		}
	}
	return true
}

func requestOf(r peerwire.HashRequest) merkle.Request {
	return merkle.Request{BaseLayer: int(r.BaseLayer), Index: int(r.Index), Length: int(r.Length), ProofLayers: int(r.ProofLayers)}
}

// request returns what asks for a run and for the proof up to the root.
func (f *Fetcher) request(r run) peerwire.HashRequest {
	d := f.files[r.root]
	height := d.top - f.base
	return peerwire.HashRequest{
		PiecesRoot: r.root, BaseLayer: uint32(f.base), Index: uint32(r.index),
		Length: uint32(min(peerwire.MaxHashes, 1<<height)), ProofLayers: uint32(height - 1),
	}
}
