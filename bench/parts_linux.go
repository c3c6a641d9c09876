package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/warren-p2p/warren/bench/internal/clients"
	"github.com/warren-p2p/warren/bench/internal/hashing"
	"github.com/warren-p2p/warren/bench/internal/limit"
	"github.com/warren-p2p/warren/bench/internal/netlab"
	"github.com/warren-p2p/warren/bench/internal/process"
	"github.com/warren-p2p/warren/bench/internal/report"
	"github.com/warren-p2p/warren/bench/internal/report/figure"
	"github.com/warren-p2p/warren/bench/internal/report/part"
	"github.com/warren-p2p/warren/bench/internal/transfer"
	"github.com/warren-p2p/warren/internal/netpolicy/impair"
)

// The largest packets a veth pair takes, and those of Ethernet.
const (
	largeMTU    = 65520
	ethernetMTU = 1500
)

func (b *bench) libtorrent(settings string) clients.Libtorrent {
	return clients.Libtorrent{Python: b.python, Script: b.node, Settings: settings}
}

// line is every client that takes part in transfers.
func (b *bench) line() []clients.Client {
	var all []clients.Client
	if b.has("aria2") {
		all = append(all, clients.Aria2{})
	}
	if b.has("libtorrent") {
		all = append(all, b.libtorrent("default"), b.libtorrent("tuned"))
	}
	if b.has("transmission") {
		all = append(all, clients.Transmission{})
	}
	if b.has("warren") {
		all = append(all, clients.Warren{Binary: b.warren, TLS: true}, clients.Warren{Binary: b.warren})
	}
	return all
}

func (b *bench) transferParts(ctx context.Context) error {
	torrents, err := b.content(ctx, b.size)
	if err != nil {
		return err
	}
	r := b.runner()
	scene := transfer.Scene{Size: b.size << 20, PieceLength: pieceLength, Torrents: torrents}
	group := func(part, kind string, mtu, downloaders int, line []clients.Client) error {
		if !b.wants(part) {
			return nil
		}
		scene.Part, scene.Kind, scene.MTU, scene.Downloaders = part, kind, mtu, downloaders
		g, err := r.Group(ctx, scene, transfer.Line(line, kind, b.reps, []string{figure.Aria2}, []string{"Transmission"}))
		if err != nil {
			return err
		}
		return b.keep(g)
	}
	for _, kind := range b.kinds {
		if err := group(report.Transfer, kind, largeMTU, 1, b.line()); err != nil {
			return err
		}
	}
	var fast []clients.Client
	for _, c := range b.line() {
		if c.Name() != "Transmission" {
			fast = append(fast, c)
		}
	}
	if err := group(report.MTU, "v1", ethernetMTU, 1, fast); err != nil {
		return err
	}
	if err := group(report.Many, "v1", largeMTU, manyDownloaders, fast); err != nil {
		return err
	}
	return group(report.Levels, "v1", largeMTU, 1, b.levels())
}

func (b *bench) slowPart(ctx context.Context) error {
	line := b.some(figure.Aria2, figure.Libtorrent, figure.Warren)
	if b.has("warren") {
		line = append(line, clients.Warren{Binary: b.warren, TLS: true, UTP: true})
	}
	return b.special(ctx, slowSize, line, transfer.Scene{
		Part: report.Slow, MTU: ethernetMTU, Downloaders: 1,
		Link: &impair.Link{Delay: 50 * time.Millisecond, Rate: part.SlowRate, Loss: 0.001},
	})
}

// levels is warren at each level of TLS.
func (b *bench) levels() (line []clients.Client) {
	for _, level := range []string{"basic", "strict", "full-strict"} {
		line = append(line, clients.Warren{Binary: b.warren, TLS: true, Level: level, Content: transfer.Content})
	}
	return line
}

func (b *bench) swarmPart(ctx context.Context) error {
	return b.special(ctx, swarmSize, b.some(figure.Libtorrent, figure.Warren), transfer.Scene{
		Part: report.Swarm, MTU: largeMTU, Downloaders: swarmDownloaders, SeedLimit: swarmLimit,
	})
}

// some returns those of the clients that have one of the names.
func (b *bench) some(names ...string) []clients.Client {
	return slices.DeleteFunc(b.line(), func(c clients.Client) bool { return !slices.Contains(names, c.Name()) })
}

// special runs a part with content of its own, in MiB.
func (b *bench) special(ctx context.Context, size int64, line []clients.Client, scene transfer.Scene) error {
	torrents, err := b.content(ctx, size)
	if err != nil {
		return err
	}
	scene.Kind, scene.Size, scene.PieceLength, scene.Torrents = "v1", size<<20, pieceLength, torrents
	return b.kept(b.runner().Group(ctx, scene, transfer.Line(line, "v1", b.reps, nil, nil)))
}

func (b *bench) runner() *transfer.Runner {
	return &transfer.Runner{Space: b.space, Proc: b.proc, Self: []string{b.self, roleAwait}, Timeout: b.timeout, Log: b.log}
}

// content makes what is transferred and a torrent of each kind; v1 always,
// since some clients know no other.
func (b *bench) content(ctx context.Context, size int64) (map[string]transfer.Torrent, error) {
	const file = transfer.SeedDir + "/" + transfer.Content
	b.log("making %d MiB of content", size)
	if err := b.space.Random(ctx, file, size<<20, 1); err != nil {
		return nil, err
	}
	torrents := make(map[string]transfer.Torrent)
	for _, kind := range append([]string{"v1"}, b.kinds...) {
		if _, made := torrents[kind]; made {
			continue
		}
		t := transfer.Torrent{Path: b.space.Join(kind + ".torrent"), Tracked: b.space.Join(kind + "-tracked.torrent")}
		u, err := process.Run(ctx, b.libtorrent("").Create(b.space.Join(file), t.Path, strconv.Itoa(pieceLength), kind,
			clients.AnnounceURL(netlab.SeederHost), t.Tracked), b.proc)
		if err != nil {
			return nil, fmt.Errorf("make the %s torrent: %w", kind, err)
		}
		t.InfoHash = u.Output
		torrents[kind] = t
	}
	return torrents, nil
}

func (b *bench) hashPart(ctx context.Context) error {
	if err := b.space.Clear(transfer.SeedDir); err != nil {
		return err
	}
	b.log("making %d MiB and %d files to hash", b.hashSize, b.hashFiles)
	if err := b.space.Random(ctx, "big.bin", b.hashSize<<20, 2); err != nil {
		return err
	}
	bytes, err := b.space.Tree(ctx, "tree", b.hashFiles, 3)
	if err != nil {
		return err
	}
	lt := b.libtorrent("")
	r := &hashing.Runner{Space: b.space, Proc: b.proc, Libtorrent: &lt, Self: []string{b.self, roleHash}, Timeout: b.timeout, Log: b.log}
	if b.has("warren") {
		r.Warren = &clients.Warren{Binary: b.warren}
	}
	for _, s := range []hashing.Subject{
		{Case: "file", Name: "big.bin", Bytes: b.hashSize << 20, Files: 1, PieceLength: pieceLength},
		{Case: "tree", Name: "tree", Bytes: bytes, Files: b.hashFiles, PieceLength: treePieceLength},
	} {
		for _, kind := range b.kinds {
			g, err := r.Group(ctx, s, kind, b.reps)
			if err != nil {
				return err
			}
			if err := b.keep(g); err != nil {
				return err
			}
		}
		if err := b.space.Clear(s.Name); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) limitPart(ctx context.Context) error {
	r := &limit.Runner{Space: b.space, Proc: b.proc, Sender: []string{b.self, roleSend}, Receiver: []string{b.self, roleReceive},
		Reference: b.reference, Timeout: b.timeout, Log: b.log}
	return b.kept(r.Group(ctx, limit.Spec{Bytes: b.size << 20, PieceLength: pieceLength}, b.reps))
}
