package storage

import (
	"github.com/warren-p2p/warren/swarm/internal/storage/resume"
)

// Whole reports whether the last session left all of the content verified, and
// the files bear that out as Open would have it: after a clean end they look as
// they did then, after another one they are as long as they have to be. It costs
// a look at each and opens nothing; whatever speaks against it, Open tells.
func Whole(cfg Config) (bool, error) {
	s := &Store{cfg: cfg, torrent: cfg.Torrent, info: &cfg.Torrent.Info}
	log, entries, origin, err := resume.Open(cfg.State, s.stateName("resume"), s.resumeConfig())
	if err != nil {
		return false, s.stateError("read", err)
	}
	if !log.Full() {
		return false, nil
	}
	for i := range s.info.Files {
		f, e := &s.info.Files[i], &entries[i]
		if e.Unwanted || e.Path != "" || e.Next != "" {
			return false, nil // the layout knows what is meant
		}
		if f.Pad || f.Length == 0 {
			continue
		}
		seen, err := cfg.Content.Stat(f.Name())
		if err != nil || seen.Size() < f.Length {
			return false, nil
		}
		if origin == resume.Clean && (!e.Present || seen.Size() != e.Size || seen.ModTime().UnixNano() != e.ModTime) {
			return false, nil
		}
	}
	return true, nil
}
