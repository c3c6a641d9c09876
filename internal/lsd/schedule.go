package lsd

import (
	"bytes"
	"cmp"
	"slices"
	"time"
)

// Torrent is one that may be announced.
type Torrent struct {
	Hash   InfoHash
	Urgent bool // it looks for peers
}

// Periods of BEP 14.
const (
	perTorrent = 5 * time.Minute // between announces of a torrent
	perNode    = time.Minute     // between announces of a node, whatever is in them
)

// schedule decides which torrents are announced when. It takes the time from
// outside and is not safe for concurrent use.
type schedule struct {
	last map[InfoHash]time.Time // announced
	next time.Time
}

// open reports whether anything may be announced now.
func (s *schedule) open(now time.Time) bool { return !now.Before(s.next) }

// take returns which of all torrents to announce now: as many as fit, first those
// that look for peers, then those that were announced longest ago.
func (s *schedule) take(all []Torrent, now time.Time) (hashes []InfoHash) {
	type candidate struct {
		Torrent
		at time.Time
	}
	last := make(map[InfoHash]time.Time, len(s.last)) // without those that are no more
	var due []candidate
	for _, t := range all {
		at, told := s.last[t.Hash]
		if told {
			last[t.Hash] = at
		}
		if !told || now.Sub(at) >= perTorrent {
			due = append(due, candidate{t, at})
		}
	}
	slices.SortFunc(due, func(a, b candidate) int {
		if a.Urgent != b.Urgent {
			if a.Urgent {
				return -1
			}
			return 1
		}
		return cmp.Or(a.at.Compare(b.at), bytes.Compare(a.Hash[:], b.Hash[:]))
	})
	for _, t := range due[:min(len(due), maxHashes)] {
		last[t.Hash] = now
		hashes = append(hashes, t.Hash)
	}
	if s.last = last; len(hashes) > 0 {
		s.next = now.Add(perNode)
	}
	return hashes
}
