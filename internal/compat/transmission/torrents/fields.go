package torrents

import (
	"errors"
	"maps"

	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm"
)

// fields are all that can be asked of a torrent, by their names of the modern dialect.
func fields() map[string]field {
	all := make(map[string]field, 100)
	for _, part := range []map[string]field{naming(), progress(), traffic(), wishes(), contents(), others()} {
		maps.Copy(all, part)
	}
	return all
}

// naming are fields of what the torrent is.
func naming() map[string]field {
	return map[string]field{
		"id":           func(l *one) any { return l.t.ID() },
		"hash_string":  func(l *one) any { return l.t.Key() },
		"name":         func(l *one) any { return l.view.Name },
		"comment":      func(l *one) any { return l.view.Comment },
		"creator":      func(l *one) any { return l.view.CreatedBy },
		"date_created": func(l *one) any { return unix(l.view.Created) },
		"is_private":   func(l *one) any { return l.view.Private },
		"total_size":   func(l *one) any { return l.view.Size },
		"piece_count":  func(l *one) any { return l.view.Pieces },
		"piece_size":   func(l *one) any { return l.view.PieceLength },
		"file_count":   func(l *one) any { return l.view.Files },
		"magnet_link":  func(l *one) any { return l.link() },
		"torrent_file": func(*one) any { return "" }, // it lies in the store
		"download_dir": func(l *one) any { return l.view.Dir },
		"group":        func(l *one) any { return l.view.Category },
		"labels":       func(l *one) any { return append([]string{}, l.view.Labels...) },

		"primary_mime_type": func(l *one) any { return l.kind() },
	}
}

func (l *one) link() string {
	if l.view.Magnet != "" {
		return l.view.Magnet
	}
	if m := l.metainfo(); m != nil {
		return magnet.Of(m).String()
	}
	return (&magnet.Link{Hashes: l.view.Hashes, Name: l.view.Name}).String()
}

// progress are fields of how far it is.
func progress() map[string]field {
	return map[string]field{
		"status":       func(l *one) any { return Status(&l.view) },
		"error":        func(l *one) any { code, _ := l.trouble(); return code },
		"error_string": func(l *one) any { _, text := l.trouble(); return text },
		"is_finished":  func(l *one) any { return l.finished() },
		"is_stalled":   func(l *one) any { return l.stalled() },

		"have_valid":        func(l *one) any { return l.view.Status.Done },
		"have_unchecked":    func(*one) any { return 0 },
		"left_until_done":   func(l *one) any { return max(l.view.Status.Left(), 0) },
		"size_when_done":    func(l *one) any { return l.view.Status.Wanted },
		"desired_available": func(l *one) any { return l.available() },
		"percent_done":      func(l *one) any { return share(l.view.Status.WantedDone, l.view.Status.Wanted) },
		"percent_complete":  func(l *one) any { return share(l.view.Status.Done, l.view.Status.Total) },
		"recheck_progress":  func(l *one) any { return l.view.Status.Checked },
		"eta":               func(l *one) any { return l.eta() },
		"eta_idle":          func(l *one) any { return l.etaIdle() },

		"metadata_percent_complete": func(l *one) any { return l.metadata() },

		"activity_date": func(l *one) any { return unix(l.view.LastActive) },
		"added_date":    func(l *one) any { return unix(l.view.Added) },
		"done_date":     func(l *one) any { return unix(l.view.Completed) },
		"start_date":    func(l *one) any { return l.started() },
		"edit_date":     func(*one) any { return 0 }, // that is not kept

		"manual_announce_time": func(*one) any { return -1 },
		"queue_position":       func(l *one) any { return l.t.Position() },
	}
}

// trouble returns what is wrong: 2 says that no tracker takes announces, 3 that
// something here is not as it should be.
func (l *one) trouble() (code int, text string) {
	if reason := l.view.Status.Reason; reason != nil {
		if s := Status(&l.view); s == Stopped || s == ToDownload && !l.queued() {
			return 3, reason.Error()
		}
	}
	if !l.view.Paused {
		if text := l.announceTo().Trouble(); text != "" {
			return 2, text
		}
	}
	return 0, ""
}

// queued reports whether the torrent waits for its turn.
func (l *one) queued() bool {
	_, full := errors.AsType[*swarm.QueuedError](l.view.Status.Reason)
	return full
}

func (l *one) metadata() float64 {
	switch s := &l.view.Status; {
	case l.view.Magnet == "" || l.view.Size > 0:
		return 1
	case s.MetadataTotal == 0:
		return 0
	default:
		return share(int64(s.Metadata), int64(s.MetadataTotal))
	}
}

func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// What eta is where no time is known.
const (
	etaNone    = -1 // nothing is awaited
	etaUnknown = -2 // nothing moves
)

func (l *one) eta() int64 {
	switch Status(&l.view) {
	case Downloading:
		if left, ok := l.view.Status.ETA(); ok && l.view.Status.Total > 0 {
			return int64(left.Seconds())
		}
		return etaUnknown
	case Seeding:
		missing := l.view.Goal.Ratio*float64(l.view.Size) - float64(l.view.Sent)
		switch {
		case l.view.Goal.Ratio <= 0:
			return etaNone
		case missing <= 0:
			return 0
		case l.view.Status.UpRate <= 0:
			return etaUnknown
		}
		return int64(missing / float64(l.view.Status.UpRate))
	}
	return etaNone
}

// etaIdle is how long the torrent will seed on without anybody asking.
func (l *one) etaIdle() int64 {
	if Status(&l.view) != Seeding || l.view.Goal.IdleTime <= 0 || l.view.LastActive.IsZero() {
		return etaNone
	}
	return max(int64((l.view.Goal.IdleTime - l.now.Sub(l.view.LastActive)).Seconds()), 0)
}

func (l *one) started() int64 {
	if s := Status(&l.view); s == Stopped || l.view.Status.Running == 0 {
		return 0
	}
	return l.now.Add(-l.view.Status.Running).Unix()
}

// contents are fields of files and pieces.
func contents() map[string]field {
	return map[string]field{
		"files":           func(l *one) any { return l.fileObjects() },
		"file_stats":      func(l *one) any { return l.fileStats() },
		"bytes_completed": func(l *one) any { return each(l.list(), func(f library.File) any { return f.Done }) },
		"priorities":      func(l *one) any { return each(l.list(), func(f library.File) any { return priority(f.Priority) }) },
		"wanted":          func(l *one) any { return each(l.list(), l.wanted) },
		"pieces":          func(l *one) any { return l.pieces() },
		"availability":    func(l *one) any { return l.availability() },
		"webseeds":        func(l *one) any { return l.webSeeds() },
		"webseeds_ex":     func(l *one) any { return l.webSeedObjects() },
	}
}

func each[T any](list []T, of func(T) any) []any {
	out := make([]any, len(list))
	for i, e := range list {
		out[i] = of(e)
	}
	return out
}
