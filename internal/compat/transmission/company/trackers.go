package company

import (
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/compat/transmission/message"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm"
)

// Trackers are those of a torrent, in the order in which they are numbered.
type Trackers []tracker

// tracker is one of them, and what is known of it.
type tracker struct {
	url   string
	tier  int
	known bool // the engine has told of it
	swarm.TrackerStatus
	first bool      // of its tier: the others stand by
	next  time.Time // when trackers are asked again
}

// Of returns the trackers of a torrent.
func Of(t *library.Torrent) (list Trackers) {
	told := make(map[string]swarm.TrackerStatus)
	var next time.Time
	if e := t.Engine(); e != nil {
		var all []swarm.TrackerStatus
		all, next = e.Announces()
		for _, s := range all {
			told[s.URL] = s
		}
	}
	for tier, urls := range Tiers(t) {
		for i, u := range urls {
			s, known := told[u]
			list = append(list, tracker{url: u, tier: tier, known: known, TrackerStatus: s, first: i == 0, next: next})
		}
	}
	return list
}

// Tiers returns the addresses of the trackers of a torrent, also of one of which
// nothing is known but its link.
func Tiers(t *library.Torrent) [][]string {
	tiers := t.Trackers()
	if link, err := magnet.Parse(t.View().Magnet); len(tiers) == 0 && err == nil {
		for _, u := range link.Trackers {
			tiers = append(tiers, []string{u})
		}
	}
	return tiers
}

// Trouble returns what trackers say, if none of them takes announces.
func (list Trackers) Trouble() (text string) {
	for _, t := range list {
		switch {
		case !t.known || !t.Asked:
		case t.Err == nil:
			return ""
		case text == "":
			text = "tracker: " + t.Err.Error()
		}
	}
	return text
}

// Objects returns the field trackers.
func (list Trackers) Objects() []message.Object {
	out := []message.Object{}
	for id, t := range list {
		_, site := host(t.url)
		out = append(out, object(
			message.Field{Name: "announce", Value: t.url},
			message.Field{Name: "id", Value: id},
			message.Field{Name: "scrape", Value: scrapeURL(t.url)},
			message.Field{Name: "sitename", Value: site},
			message.Field{Name: "tier", Value: t.tier},
		))
	}
	return out
}

// Text returns the trackers as text: a line each, and an empty one between tiers.
func (list Trackers) Text() string {
	var b strings.Builder
	for i, t := range list {
		if i > 0 && t.tier != list[i-1].tier {
			b.WriteByte('\n')
		}
		b.WriteString(t.url + "\n")
	}
	return b.String()
}

// The states of announces.
const (
	announceInactive = 0 // it is not asked
	announceWaiting  = 1 // it is asked later
	announceActive   = 3 // it is being asked
)

func (t *tracker) state() int {
	switch {
	case t.Asking:
		return announceActive
	case !t.known || t.next.IsZero():
		return announceInactive
	}
	return announceWaiting
}

// Stats tells of announces. Trackers are not scraped: what they tell of seeds
// comes with their answers. When one was asked is not kept of each.
func (list Trackers) Stats() []message.Object {
	out := []message.Object{}
	for id, t := range list {
		long, site := host(t.url)
		result, seeders, leechers := "", -1, -1
		if t.known && t.Asked {
			seeders, leechers, result = t.Seeders, t.Leechers, "Success"
			if t.Err != nil {
				result = t.Err.Error()
			}
		}
		told, due := t.Asked && t.Err == nil, int64(0)
		if !t.next.IsZero() {
			due = t.next.Unix()
		}
		out = append(out, object(
			message.Field{Name: "announce", Value: t.url},
			message.Field{Name: "announce_state", Value: t.state()},
			message.Field{Name: "download_count", Value: -1},
			message.Field{Name: "downloader_count", Value: -1},
			message.Field{Name: "has_announced", Value: t.Asked},
			message.Field{Name: "has_scraped", Value: false},
			message.Field{Name: "host", Value: long},
			message.Field{Name: "id", Value: id},
			message.Field{Name: "is_backup", Value: !t.first},
			message.Field{Name: "last_announce_peer_count", Value: max(seeders, 0) + max(leechers, 0)},
			message.Field{Name: "last_announce_result", Value: result},
			message.Field{Name: "last_announce_start_time", Value: 0},
			message.Field{Name: "last_announce_succeeded", Value: told},
			message.Field{Name: "last_announce_time", Value: 0},
			message.Field{Name: "last_announce_timed_out", Value: false},
			message.Field{Name: "last_scrape_result", Value: ""},
			message.Field{Name: "last_scrape_start_time", Value: 0},
			message.Field{Name: "last_scrape_succeeded", Value: false},
			message.Field{Name: "last_scrape_time", Value: 0},
			message.Field{Name: "last_scrape_timed_out", Value: false},
			message.Field{Name: "leecher_count", Value: leechers},
			message.Field{Name: "next_announce_time", Value: due},
			message.Field{Name: "next_scrape_time", Value: 0},
			message.Field{Name: "scrape", Value: scrapeURL(t.url)},
			message.Field{Name: "scrape_state", Value: announceInactive},
			message.Field{Name: "seeder_count", Value: seeders},
			message.Field{Name: "sitename", Value: site},
			message.Field{Name: "tier", Value: t.tier},
		))
	}
	return out
}
