package transmission

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/warren-p2p/warren/internal/importer"
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/swarm"
)

// errResume reports a resume file that cannot be read.
var errResume = errors.New("what Transmission has written down of it cannot be read")

// resume is what a resume file says.
type resume struct {
	name, destination, incomplete string
	labels                        []string
	paused                        bool
	up, down                      int64 // bytes a second, 0 for none
	ratio                         float64
	idle                          time.Duration
	sent, received                int64
	added, done, active           time.Time
	seeding, downloading          time.Duration
	sequential                    bool
	priorities                    []swarm.Priority
	names                         []string // of files, "" for their own

	complete, some bool
	checked        []time.Time // of each file, or of all of them
}

// decode reads a resume file.
func decode(b []byte) (*resume, error) {
	v, _, err := bencode.ParseLenient(b)
	if err != nil || v.Kind() != bencode.Dict {
		return nil, errResume
	}
	r := &resume{
		name: text(v, "name"), destination: text(v, "destination"), incomplete: text(v, "incomplete-dir"),
		paused: number(v, "paused") != 0, sent: number(v, "uploaded"), received: number(v, "downloaded"),
		added: date(v, "added-date"), done: date(v, "done-date"), active: date(v, "activity-date"),
		seeding: seconds(v, "seeding-time-seconds"), downloading: seconds(v, "downloading-time-seconds"),
		up: limit(v.Get("speed-limit-up")), down: limit(v.Get("speed-limit-down")),
		sequential: number(v, "sequentialDownload") != 0,
	}
	for l := range v.Get("labels").All() {
		if s, ok := l.Text(); ok {
			r.labels = append(r.labels, s)
		}
	}
	r.goals(v)
	r.files(v)
	r.progress(v.Get("progress"))
	return r, nil
}

// goals reads when seeding ends: mode 0 is that of all torrents, 1 its own, 2 never.
func (r *resume) goals(v bencode.Value) {
	g := v.Get("ratio-limit")
	switch number(g, "ratio-mode") {
	case 1:
		ratio, err := strconv.ParseFloat(text(g, "ratio-limit"), 64)
		if err == nil && ratio > 0 && !math.IsInf(ratio, 0) {
			r.ratio = ratio
		}
	case 2:
		r.ratio = -1
	}
	g = v.Get("idle-limit")
	switch number(g, "idle-mode") {
	case 1:
		r.idle = time.Duration(min(number(g, "idle-limit"), 1<<20)) * time.Minute
	case 2:
		r.idle = -1
	}
}

func (r *resume) files(v bencode.Value) {
	for p := range v.Get("priority").All() {
		switch n, _ := p.Int(); {
		case n < 0:
			r.priorities = append(r.priorities, swarm.Low)
		case n > 0:
			r.priorities = append(r.priorities, swarm.High)
		default:
			r.priorities = append(r.priorities, swarm.Normal)
		}
	}
	if r.priorities == nil {
		for range v.Get("dnd").All() {
			r.priorities = append(r.priorities, swarm.Normal)
		}
	}
	i := 0
	for skip := range v.Get("dnd").All() {
		if n, _ := skip.Int(); n != 0 && i < len(r.priorities) {
			r.priorities[i] = swarm.Skip
		}
		i++
	}
	for f := range v.Get("files").All() { // there if a file was renamed
		name, _ := f.Text()
		r.names = append(r.names, name)
	}
}

// progress reads whether all is there, and when each file was checked: once for all
// pieces of a file, or for each of its pieces behind a first number (version 3), or as
// the time of the file that was checked (version 4).
func (r *resume) progress(v bencode.Value) {
	blocks, have := text(v, "blocks"), text(v, "have")
	r.complete = blocks == "all" || have == "all"
	r.some = blocks != "none"
	list := v.Get("time-checked")
	if list.Kind() != bencode.List {
		list = v.Get("mtimes")
	}
	for file := range list.All() {
		at, ok := file.Int()
		if !ok {
			at = math.MaxInt64
			n := 0
			base := int64(0)
			for piece := range file.All() {
				if p, _ := piece.Int(); n == 0 {
					base = p
				} else if p == 0 {
					at = 0
				} else {
					at = min(at, base+p)
				}
				n++
			}
			if n < 2 {
				at = 0
			}
		}
		r.checked = append(r.checked, time.Unix(max(at, 0), 0))
	}
}

// checkedAt returns when a file was checked, or its own time then.
func (r *resume) checkedAt(file int) time.Time {
	if file < len(r.checked) {
		return r.checked[file]
	}
	return time.Time{}
}

// apply takes over what the resume file says.
func (r *resume) apply(t *importer.Torrent) error {
	rec := &t.Record
	if err := r.rename(t); err != nil {
		return err
	}
	rec.Dir = r.destination
	if !r.complete && r.incomplete != "" {
		rec.Dir = r.incomplete
		if r.incomplete != r.destination {
			t.Note("it stays in %s when it is complete, and does not move to %s", r.incomplete, r.destination)
		}
	}
	labels(t, r.labels)
	rec.Paused, rec.Sent, rec.Received = r.paused, max(r.sent, 0), max(r.received, 0)
	rec.Added, rec.Completed, rec.LastActive = r.added, r.done, r.active
	if r.complete && rec.Completed.IsZero() {
		rec.Completed = r.added
	}
	rec.SeedTime, rec.ActiveTime = r.seeding, r.seeding+r.downloading
	rec.UpLimit, rec.DownLimit, rec.Sequential = r.up, r.down, r.sequential
	rec.Goal.Ratio, rec.Goal.IdleTime = r.ratio, r.idle
	t.Priorities(r.priorities)
	return nil
}

// rename takes over the names of files that have others than in the torrent, and that of
// the torrent.
func (r *resume) rename(t *importer.Torrent) error {
	if t.Metainfo == nil {
		return nil
	}
	if n := len(t.Metainfo.Info.Files); r.names != nil && len(r.names) != n {
		return fmt.Errorf("it has %d files, and Transmission has names for %d", n, len(r.names))
	}
	for i, name := range r.names {
		if f := &t.Metainfo.Info.Files[i]; name != "" && name != f.Name() && !f.Pad {
			t.Place(i, name)
		}
	}
	if r.name == "" || r.name == t.Metainfo.Info.Name {
		return nil
	}
	if r.names == nil {
		return fmt.Errorf("it has another name in Transmission than in the torrent (%q), and it is not said what its files are called", r.name)
	}
	t.Record.Name = r.name
	return nil
}

func text(v bencode.Value, key string) string {
	s, _ := v.Get(key).Text()
	return s
}

// number returns an integer, 0 if it is none.
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

func seconds(v bencode.Value, key string) time.Duration {
	return time.Duration(min(max(number(v, key), 0), 1<<32)) * time.Second
}

// limit reads a speed limit, if it is used.
func limit(v bencode.Value) int64 {
	if number(v, "use-speed-limit") == 0 {
		return 0
	}
	if bps := number(v, "speed-Bps"); bps > 0 {
		return min(bps, 1<<40)
	}
	return min(max(number(v, "speed"), 0), 1<<30) * 1000 // before version 2.1, in kB
}
