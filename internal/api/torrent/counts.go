package torrent

import (
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/library"
)

// Counts is how many torrents there are of each kind: what a list can be narrowed to.
type Counts struct {
	Total      int            `json:"total" doc:"How many there are."`
	Active     int            `json:"active" doc:"How many send or receive at this moment."`
	States     map[string]int `json:"states" doc:"How many are in each state; none is left out."`
	Categories map[string]int `json:"categories" doc:"How many are of each category; those without one under the empty name."`
	Labels     map[string]int `json:"labels" doc:"How many have each label."`
	Trackers   map[string]int `json:"trackers" doc:"How many have each tracker, by its host; those without one under the empty name."`
}

// Count counts torrents.
func Count(all []*library.Torrent) Counts {
	c := Counts{Total: len(all), States: map[string]int{}, Categories: map[string]int{}, Labels: map[string]int{}, Trackers: map[string]int{}}
	var v library.View // one for all: it is large
	for _, t := range all {
		if v = t.View(); inState(&v, "active") {
			c.Active++
		}
		c.States[State(v.Status.State)]++
		c.Categories[v.Category]++
		for _, l := range v.Labels {
			c.Labels[l]++
		}
		for host := range hosts(t, &v) {
			c.Trackers[host]++
		}
	}
	return c
}

// hosts returns the hosts of the trackers of a torrent, "" if there are none.
func hosts(t *library.Torrent, v *library.View) map[string]struct{} {
	set := map[string]struct{}{}
	for _, url := range trackers(t, v) {
		set[host(url)] = struct{}{}
	}
	if len(set) == 0 {
		set[""] = struct{}{}
	}
	return set
}

// trackers returns the addresses of the trackers of a torrent as the engine has them:
// [library.Torrent.Trackers] reads the torrent file, which is too slow for thousands. Of
// what is not in the engine yet, and while trackers are off, those that the user has named
// are known.
func trackers(t *library.Torrent, v *library.View) (urls []string) {
	if engine := t.Engine(); engine != nil {
		list, _ := engine.Announces()
		for _, a := range list {
			urls = append(urls, a.URL)
		}
	}
	if len(urls) == 0 {
		urls = slices.Concat(append([][]string{v.Typed}, v.Record.Trackers...)...)
	}
	return urls
}

// host returns the host of a URL with its port, as [Selection] finds it.
func host(url string) string {
	_, at, found := strings.Cut(site(url), "://")
	if !found {
		return site(url)
	}
	return at
}
