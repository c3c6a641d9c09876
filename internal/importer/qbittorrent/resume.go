package qbittorrent

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"path"
	"slices"
	"time"

	"github.com/warren-p2p/warren/internal/importer"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm"
)

// errResume reports a fastresume file that cannot be read.
var errResume = errors.New("what qBittorrent has written down of it cannot be read")

// resume is what a fastresume file says.
type resume struct {
	hash, hash2                              []byte
	name, ownName, category, savePath, final string
	tags                                     []string
	paused, managed, waiting                 bool
	up, down                                 int64
	ratio                                    float64
	seedTime, idleTime                       time.Duration
	sent, received                           int64
	added, done, active                      time.Time
	seeding, running                         time.Duration
	sequential, firstLast, superSeed         bool
	priorities                               []swarm.Priority
	mapped                                   []string
	trackers                                 [][]string
	webSeeds                                 []string
	pieces                                   []byte // one for each, bit 0 says that it is there
}

// decode reads a fastresume file.
func decode(b []byte) (*resume, error) {
	v, _, err := bencode.ParseLenient(b)
	if err != nil || v.Kind() != bencode.Dict {
		return nil, errResume
	}
	r := &resume{
		name: text(v, "qBt-name"), ownName: text(v, "name"), category: text(v, "qBt-category"),
		savePath: text(v, "save_path"), final: text(v, "qBt-savePath"), tags: texts(v.Get("qBt-tags")),
		paused: number(v, "paused") != 0, managed: number(v, "auto_managed") != 0, waiting: number(v, "stop_when_ready") != 0,
		up: max(number(v, "upload_rate_limit"), 0), down: max(number(v, "download_rate_limit"), 0),
		sent: max(number(v, "total_uploaded"), 0), received: max(number(v, "total_downloaded"), 0),
		added: date(v, "added_time"), done: date(v, "completed_time"), active: later(date(v, "last_upload"), date(v, "last_download")),
		seeding: seconds(v, "seeding_time"), running: seconds(v, "active_time"),
		sequential: number(v, "sequential_download") != 0, firstLast: number(v, "qBt-firstLastPiecePriority") != 0, superSeed: number(v, "super_seeding") != 0,
		mapped: texts(v.Get("mapped_files")), webSeeds: texts(v.Get("url-list")),
	}
	r.hash, _ = v.Get("info-hash").Bytes()
	r.hash2, _ = v.Get("info-hash2").Bytes()
	r.pieces, _ = v.Get("pieces").Bytes()
	for tier := range v.Get("trackers").All() {
		r.trackers = append(r.trackers, texts(tier))
	}
	for p := range v.Get("file_priority").All() {
		switch n, _ := p.Int(); {
		case n <= 0:
			r.priorities = append(r.priorities, swarm.Skip)
		case n < 4 && n > 1:
			r.priorities = append(r.priorities, swarm.Low)
		case n > 4:
			r.priorities = append(r.priorities, swarm.High)
		default: // 1 is qBittorrent's normal, 4 libtorrent's
			r.priorities = append(r.priorities, swarm.Normal)
		}
	}
	r.goals(number(v, "qBt-ratioLimit"), number(v, "qBt-seedingTimeLimit"), number(v, "qBt-inactiveSeedingTimeLimit"))
	return r, nil
}

// goals reads when seeding ends: -2 is that of all torrents, -1 never. Ratios are in
// thousandths, times in minutes.
func (r *resume) goals(ratio, seeding, idle int64) {
	switch {
	case ratio == -1000:
		r.ratio = -1
	case ratio > 0:
		r.ratio = float64(ratio) / 1000
	}
	minutes := func(n int64) time.Duration {
		switch {
		case n == -1:
			return -1
		case n > 0:
			return time.Duration(min(n, 1<<24)) * time.Minute
		}
		return 0
	}
	r.seedTime, r.idleTime = minutes(seeding), minutes(idle)
}

// link makes the magnet link of a torrent of which no more is known.
func (r *resume) link(t *importer.Torrent) error {
	var l magnet.Link
	if len(r.hash) == len(l.Hashes.V1) && len(bytes.Trim(r.hash, "\x00")) > 0 {
		l.Hashes.V1, l.Hashes.HasV1 = metainfo.HashV1(r.hash), true
	}
	if len(r.hash2) == len(l.Hashes.V2) && len(bytes.Trim(r.hash2, "\x00")) > 0 {
		l.Hashes.V2, l.Hashes.HasV2 = metainfo.HashV2(r.hash2), true
		// What is there for version 1 may be the beginning of that of version 2.
		l.Hashes.HasV1 = l.Hashes.HasV1 && !bytes.HasPrefix(r.hash2, r.hash)
		if !l.Hashes.HasV1 {
			l.Hashes.V1 = metainfo.HashV1{}
		}
	}
	if !l.Hashes.HasV1 && !l.Hashes.HasV2 {
		return errors.New("neither a torrent file nor an info-hash is there")
	}
	l.Name, l.Trackers = r.ownName, slices.Concat(r.trackers...)
	parsed, err := magnet.Parse(l.String())
	if err != nil {
		return fmt.Errorf("its magnet link cannot be read: %w", err)
	}
	t.Record.Hashes, t.Record.Magnet = parsed.Hashes, parsed.String()
	return nil
}

// apply takes over what the fastresume file says.
func (r *resume) apply(t *importer.Torrent) error {
	if err := r.rename(t); err != nil {
		return err
	}
	rec := &t.Record
	rec.Dir = r.savePath
	if rec.Dir == "" {
		rec.Dir = r.final
	}
	if r.final != "" && path.Clean(r.final) != path.Clean(rec.Dir) {
		t.Note("it stays in %s when it is complete, and does not move to %s", rec.Dir, r.final)
	}
	if r.category != "" && record.CheckName("category", r.category) == nil {
		rec.Category = r.category
	}
	for _, tag := range r.tags {
		if clean, err := record.CleanLabels([]string{tag}); err == nil {
			rec.Labels = append(rec.Labels, clean...)
		} else {
			t.Note("its tag %q is lost: %v", tag, err)
		}
	}
	rec.Labels, _ = record.CleanLabels(rec.Labels) // each is clean
	// A torrent that qBittorrent manages is paused by its queue; one that it does not
	// manage was paused, or started, by force.
	rec.Paused, rec.Forced = r.paused && !r.managed && !r.waiting, !r.paused && !r.managed
	rec.Sent, rec.Received = r.sent, r.received
	rec.Added, rec.Completed, rec.LastActive = r.added, r.done, r.active
	rec.SeedTime, rec.ActiveTime = r.seeding, r.running
	rec.UpLimit, rec.DownLimit = r.up, r.down
	rec.Sequential, rec.FirstLast, rec.SuperSeed = r.sequential, r.firstLast, r.superSeed
	rec.Goal.Ratio, rec.Goal.SeedTime, rec.Goal.IdleTime = r.ratio, r.seedTime, r.idleTime
	t.Priorities(r.priorities)
	if t.Metainfo != nil {
		r.sources(t)
	}
	return nil
}

// sources takes over trackers and web seeds, where they are not those of the torrent.
func (r *resume) sources(t *importer.Torrent) {
	given := t.Metainfo.Trackers()
	if !slices.EqualFunc(given, r.trackers, slices.Equal[[]string]) {
		kept, typed, err := record.SplitTrackers(r.trackers, slices.Concat(given...))
		if err != nil {
			t.Note("its trackers are those of its torrent file: %v", err)
		} else {
			t.Record.Wishes.Trackers, t.Record.Typed = kept, typed
		}
	}
	for _, url := range r.webSeeds {
		if !slices.Contains(t.Metainfo.URLList, url) {
			t.Record.WebSeeds = append(t.Record.WebSeeds, url)
		}
	}
}

// complete reports whether all n pieces are there.
func (r *resume) complete(n int) bool {
	return len(r.pieces) == n && n > 0 && !slices.ContainsFunc(r.pieces, func(p byte) bool { return p&1 == 0 })
}

func (r *resume) some() bool {
	return slices.ContainsFunc(r.pieces, func(p byte) bool { return p&1 == 1 })
}

func text(v bencode.Value, key string) string {
	s, _ := v.Get(key).Text()
	return s
}

func texts(v bencode.Value) (list []string) {
	for e := range v.All() {
		if s, ok := e.Text(); ok {
			list = append(list, s)
		}
	}
	return list
}

func number(v bencode.Value, key string) int64 {
	n, _ := v.Get(key).Int()
	return n
}

func date(v bencode.Value, key string) time.Time {
	n := number(v, key)
	if n <= 0 || n > math.MaxUint32 {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func seconds(v bencode.Value, key string) time.Duration {
	return time.Duration(min(max(number(v, key), 0), math.MaxUint32)) * time.Second
}
