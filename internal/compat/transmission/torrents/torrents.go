// Package torrents answers torrent_get of Transmission's RPC: what a torrent of the
// library is in the words of that program.
//
// Where the two have different ideas, this is what is told: a torrent that waits for
// room on the disk is queued, with its reason as a local error; one that sleeps seeds;
// a category is a group; peers that were dialled count as known from before, for it is
// not kept who told of them.
package torrents

import (
	"time"

	"github.com/warren-p2p/warren/internal/compat/transmission/company"
	"github.com/warren-p2p/warren/internal/compat/transmission/message"
	"github.com/warren-p2p/warren/internal/compat/transmission/remembered"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

// kB is what limits and rates are counted in, in bytes.
const kB = 1000

// Teller tells of torrents.
type Teller struct {
	Memory *remembered.Memory
	// PerTorrent is how many peers a torrent may have that says nothing else.
	PerTorrent func() int
	// Stalled is after how long without traffic a torrent counts as stalled; 0 for never.
	Stalled func() time.Duration
}

// Table is a question: which fields are wanted of torrents.
type Table struct {
	t      *Teller
	modern bool
	now    time.Time
	names  []string // as they were asked for
	fields []field
}

type field func(*one) any

// Table returns the question for fields, named in either dialect. What is none of the
// fields there are is left out, and so is what was named before.
func (t *Teller) Table(asked []string, modern bool, now time.Time) *Table {
	q := &Table{t: t, modern: modern, now: now}
	all := fields()
	for _, name := range asked {
		word := message.Snake(name)
		if f := all[word]; f != nil {
			q.names, q.fields = append(q.names, name), append(q.fields, f)
			delete(all, word)
		}
	}
	return q
}

// Object answers for one torrent.
func (q *Table) Object(t *library.Torrent) message.Object {
	o := message.Object{Fields: make([]message.Field, len(q.fields))}
	l := q.look(t)
	for i, f := range q.fields {
		o.Fields[i] = message.Field{As: q.names[i], Value: f(l)}
	}
	return o
}

// Head is the first row of an answer as a table: the names of the fields.
func (q *Table) Head() []any {
	head := make([]any, len(q.names))
	for i, name := range q.names {
		head[i] = name
	}
	return head
}

// Row answers for one torrent as a row of a table.
func (q *Table) Row(t *library.Torrent) []any {
	row := make([]any, len(q.fields))
	l := q.look(t)
	for i, f := range q.fields {
		row[i] = f(l)
	}
	return row
}

// one is a torrent that is told of, with what has been looked up already.
type one struct {
	*Table
	t    *library.Torrent
	view library.View
	kept remembered.Torrent

	meta       *metainfo.Torrent
	files      []library.File
	peers      []swarm.PeerInfo
	trackers   company.Trackers
	metaRead   bool
	filesRead  bool
	peersRead  bool
	trackersIn bool
}

// announceTo returns the trackers in the order in which they are numbered.
func (l *one) announceTo() company.Trackers {
	if !l.trackersIn {
		l.trackersIn, l.trackers = true, company.Of(l.t)
	}
	return l.trackers
}

func (q *Table) look(t *library.Torrent) *one {
	return &one{Table: q, t: t, view: t.View(), kept: q.t.Memory.Torrent(t.ID())}
}

// metainfo returns what the torrent consists of, nil if that is not known.
func (l *one) metainfo() *metainfo.Torrent {
	if !l.metaRead {
		l.metaRead = true
		if m, err := l.t.Metainfo(); err == nil {
			l.meta = m
		}
	}
	return l.meta
}

// list returns the files, in the order of the torrent; none if they are not known.
func (l *one) list() []library.File {
	if !l.filesRead {
		l.filesRead = true
		if files, err := l.t.Files(); err == nil {
			l.files = files
		}
	}
	return l.files
}

func (l *one) connected() []swarm.PeerInfo {
	if !l.peersRead {
		l.peersRead = true
		if e := l.t.Engine(); e != nil && l.view.Status.Peers > 0 {
			l.peers = e.Peers()
		}
	}
	return l.peers
}

// The states of a torrent.
const (
	Stopped = iota
	ToVerify
	Verifying
	ToDownload
	Downloading
	ToSeed
	Seeding
)

// Status returns the state of a torrent as Transmission numbers them.
func Status(v *library.View) int {
	switch v.Status.State {
	case swarm.StateStarting:
		return ToVerify
	case swarm.StateChecking:
		return Verifying
	case swarm.StateWaiting:
		return ToDownload
	case swarm.StateDownloading, swarm.StateMetadata:
		return Downloading
	case swarm.StateSeeding:
		return Seeding
	case swarm.StateQueued:
		if v.Status.Left() == 0 && v.Status.Total > 0 {
			return ToSeed
		}
		return ToDownload
	}
	return Stopped
}

// complete reports whether nothing that is wanted is missing.
func (l *one) complete() bool { return l.view.Status.Total > 0 && l.view.Status.Left() == 0 }

// finished reports whether the torrent has stopped because it has given enough.
func (l *one) finished() bool {
	v := &l.view
	if !v.Paused || !l.complete() {
		return false
	}
	return v.Goal.Ratio > 0 && v.Ratio() >= v.Goal.Ratio || v.Goal.SeedTime > 0 && v.SeedTime >= v.Goal.SeedTime
}

// stalled reports whether the torrent runs, and nothing has moved for long.
func (l *one) stalled() bool {
	after := l.Table.t.Stalled()
	s := Status(&l.view)
	if after == 0 || s != Downloading && s != Seeding {
		return false
	}
	last := l.view.LastActive
	if l.view.Added.After(last) {
		last = l.view.Added
	}
	return l.now.Sub(last) >= after
}

func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}
