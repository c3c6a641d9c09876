// Package listing says how torrents stand in the words of the WebAPI of qBittorrent:
// its states, its keys, its units. Sizes are bytes, times seconds since 1970, -1
// where something is not known or there is no limit.
package listing

import (
	"errors"
	"io/fs"
	"time"

	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/swarm"
)

// never is how long something takes that does not move, in seconds: 100 days, as
// qBittorrent says it.
const never = 8_640_000

// Source is a torrent as the library and the engine know it.
type Source struct {
	View     library.View
	Key      string // the info-hash that programs know it by
	Now      time.Time
	Trackers []swarm.TrackerStatus
	Next     time.Time // when the next announce is due; zero if none is
	Root     string    // the file or folder below View.Dir that the content is; "" if there is not one alone
	Place    int       // in the queue from 1; 0 if it does not wait in one
	Moving   bool
	Magnet   string
	// Availability is how many copies connected peers have together; -1 if nobody asks.
	Availability float64
}

// complete reports whether everything wanted is there.
func (s *Source) complete() bool {
	st := &s.View.Status
	switch st.State {
	case swarm.StateMetadata:
		return false
	case swarm.StateChecking, swarm.StateStarting: // what was done is not known yet
		return !s.View.Completed.IsZero()
	}
	return st.Total > 0 && st.Left() == 0
}

// State returns the state in the words of qBittorrent 4.
func (s *Source) State() string {
	st := &s.View.Status
	up := s.complete()
	side := func(name string) string {
		if up {
			return name + "UP"
		}
		return name + "DL"
	}
	if s.Moving {
		return "moving"
	}
	switch st.State {
	case swarm.StateStarting:
		return "checkingResumeData"
	case swarm.StateChecking:
		return side("checking")
	case swarm.StatePaused:
		return side("paused")
	case swarm.StateQueued:
		return side("queued")
	case swarm.StateMetadata:
		if s.View.Forced {
			return "forcedMetaDL"
		}
		return "metaDL"
	case swarm.StateDownloading, swarm.StateSeeding:
		return s.moving(side)
	case swarm.StateFailed:
		if errors.Is(st.Reason, fs.ErrNotExist) {
			return "missingFiles"
		}
	}
	return "error"
}

// moving returns the state of one that runs.
func (s *Source) moving(side func(string) string) string {
	st := &s.View.Status
	switch {
	case s.View.Forced:
		return side("forced")
	case st.State == swarm.StateSeeding && st.UpRate > 0:
		return "uploading"
	case st.State == swarm.StateDownloading && st.DownRate > 0:
		return "downloading"
	}
	return side("stalled")
}

// ratio returns bytes sent for each byte received, or of content for one that was
// not fetched here.
func (s *Source) ratio() float64 {
	of := s.View.Received
	if of < s.View.Status.Done/100 {
		of = s.View.Status.Done
	}
	if of == 0 {
		return 0
	}
	return float64(s.View.Sent) / float64(of)
}

// eta returns the seconds until everything wanted is there, or until enough was
// given.
func (s *Source) eta() int64 {
	st := &s.View.Status
	if !s.complete() {
		if left, ok := st.ETA(); ok && st.State == swarm.StateDownloading {
			return min(int64(left/time.Second), never)
		}
		return never
	}
	if st.State != swarm.StateSeeding || s.View.Forced {
		return never
	}
	eta, goal := int64(never), s.View.Goal
	if goal.SeedTime > 0 {
		eta = min(eta, max(int64((goal.SeedTime-s.View.SeedTime)/time.Second), 0))
	}
	if goal.Ratio > 0 && st.UpRate > 0 {
		left := (goal.Ratio - s.View.Ratio()) * float64(s.View.Size)
		eta = min(eta, max(int64(left/float64(st.UpRate)), 0))
	}
	return eta
}

// swarmOf returns how many peers trackers know of, as far as they tell.
func (s *Source) swarmOf() (seeds, leechers int64) {
	for i := range s.Trackers {
		t := &s.Trackers[i]
		seeds, leechers = max(seeds, int64(t.Seeders)), max(leechers, int64(t.Leechers))
	}
	return seeds, leechers
}

// working returns the first tracker that answers, or "".
func (s *Source) working() string {
	for i := range s.Trackers {
		if t := &s.Trackers[i]; t.Asked && t.Err == nil {
			return t.URL
		}
	}
	return ""
}

// reannounce returns the seconds until trackers are asked again.
func (s *Source) reannounce() int64 {
	if s.Next.IsZero() {
		return 0
	}
	return max(int64(s.Next.Sub(s.Now)/time.Second), 0)
}

// unix returns a time in seconds, otherwise if it is zero.
func unix(t time.Time, otherwise int64) int64 {
	if t.IsZero() {
		return otherwise
	}
	return t.Unix()
}

// minutes returns a duration of a goal: -2 for that of all, -1 for none.
func minutes(d time.Duration) int64 {
	switch {
	case d == 0:
		return -2
	case d < 0:
		return -1
	}
	return int64(d / time.Minute)
}

// ratioLimit returns the ratio of a goal, likewise. A limit of nothing at all is
// kept as the smallest that is not the default.
func ratioLimit(r float64) float64 {
	switch {
	case r == 0:
		return -2
	case r < 0:
		return -1
	case r <= NoRatio:
		return 0
	}
	return r
}

// NoRatio is the goal of a torrent that need not give anything.
const NoRatio = 1e-9

// effective returns a limit that holds in the end, -1 for none.
func effective[T int64 | float64](limit T) T { return max(limit, -1) }
