package company

import (
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/tracker"
)

// CheckTrackers refuses trackers that cannot be asked, or are not to be.
func (f *Flags) CheckTrackers() error {
	if f.NoTrackers && len(f.Tracker) > 0 {
		return console.Usage("--tracker names one to ask, --no-trackers says to ask none: give one of them")
	}
	for _, url := range f.Tracker {
		if err := tracker.Check(url); err != nil {
			return console.Usage("--tracker %s: want http://, https:// or udp://, a host and for udp a port, such as udp://tracker.example:6969", words.Plain(url))
		}
	}
	return nil
}

// Tiers makes each tracker a tier of its own (BEP 12).
func (f *Flags) Tiers() (list [][]string) {
	for _, url := range f.Tracker {
		list = append(list, []string{url})
	}
	return list
}
