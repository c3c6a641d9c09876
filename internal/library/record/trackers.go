package record

import (
	"slices"
	"strings"
)

const maxURL = 2048 // bytes

// SplitTrackers parts the tiers that a user wants into those that the torrent has given,
// and URLs that are the user's own. The error is an [*InputError].
func SplitTrackers(tiers [][]string, given []string) (kept [][]string, typed []string, err error) {
	kept = [][]string{} // not nil: none is wanted
	for _, tier := range tiers {
		var rest []string
		for _, url := range tier {
			if err := checkTracker(url); err != nil {
				return nil, nil, err
			}
			if slices.Contains(given, url) {
				rest = append(rest, url)
			} else {
				typed = append(typed, url)
			}
		}
		if len(rest) > 0 {
			kept = append(kept, rest)
		}
	}
	return kept, typed, nil
}

func checkTracker(url string) error {
	for _, scheme := range []string{"http://", "https://", "udp://"} {
		if rest, ok := strings.CutPrefix(strings.ToLower(url), scheme); ok && rest != "" && len(url) <= maxURL {
			return nil
		}
	}
	return Input("trackers", "%.100q is no address of a tracker: want http://, https:// or udp://", url)
}
