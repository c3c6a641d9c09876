package torrent

import (
	"cmp"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/swarm"
)

// Selection says which torrents of a list are wanted, in which order.
type Selection struct {
	State    []string `query:"state" doc:"Only those in one of these states; active is those that send or receive at this moment."`
	Category string   `query:"category" maxLength:"200" doc:"Only those of this category; none is those without one."`
	Label    []string `query:"label" doc:"Only those that have all of these labels."`
	Tracker  string   `query:"tracker" maxLength:"200" doc:"Only those that one of whose trackers has this in its host; none is those without one."`
	Search   string   `query:"search" maxLength:"200" doc:"Only those whose name has all of these words, whatever their case."`
	Sort     string   `query:"sort" default:"id" enum:"id,name,state,progress,size,added,completed,last_active,down_rate,up_rate,eta,ratio,sent,received,peers,seeds,category,position" doc:"By what they are sorted."`
	Reverse  bool     `query:"reverse" doc:"The other way round."`
	Offset   int      `query:"offset" minimum:"0" doc:"How many of those are passed over."`
	Limit    int      `query:"limit" default:"100" minimum:"1" maximum:"1000" doc:"How many are returned at most."`
	Fields   []string `query:"fields" doc:"Which properties of them; all if none is named."`
}

// Entry is a torrent of a library with how it stands.
type Entry struct {
	Torrent *library.Torrent
	View    library.View
}

// Of returns those that are wanted of all torrents, in order, and all of them before
// they were cut to a page.
func (s *Selection) Of(all []*library.Torrent) (page []Entry, total int) {
	words := strings.Fields(strings.ToLower(s.Search))
	if s.plain() && len(words) == 0 {
		// The usual case of going through everything looks at no more than a page.
		for _, t := range cut(all, s.Offset, s.Limit) {
			page = append(page, Entry{t, t.View()})
		}
		return page, len(all)
	}
	ranks := s.rank(all, words)
	for _, r := range cut(ranks, s.Offset, s.Limit) {
		page = append(page, Entry{r.t, r.t.View()})
	}
	return page, len(ranks)
}

// plain reports whether everything is wanted in the order of ids.
func (s *Selection) plain() bool {
	return len(s.State) == 0 && s.Category == "" && len(s.Label) == 0 && s.Tracker == "" && (s.Sort == "" || s.Sort == "id") && !s.Reverse
}

func cut[T any](list []T, offset, limit int) []T {
	list = list[min(max(offset, 0), len(list)):]
	return list[:min(max(limit, 0), len(list))]
}

func (s *Selection) wants(t *library.Torrent, v *library.View, words []string) bool {
	if len(s.State) > 0 && !slices.ContainsFunc(s.State, func(want string) bool { return inState(v, want) }) {
		return false
	}
	if s.Category != "" && v.Category != s.Category && (s.Category != "none" || v.Category != "") {
		return false
	}
	for _, l := range s.Label {
		if !slices.Contains(v.Labels, l) {
			return false
		}
	}
	if len(words) > 0 {
		name := strings.ToLower(v.Name)
		if slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(name, w) }) {
			return false
		}
	}
	if s.Tracker == "" {
		return true
	}
	urls := trackers(t, v)
	if len(urls) == 0 && v.Pieces > 0 { // those of the torrent, while trackers are off
		urls = slices.Concat(t.Trackers()...)
	}
	return s.Tracker == "none" && len(urls) == 0 || slices.ContainsFunc(urls, func(url string) bool { return strings.Contains(site(url), s.Tracker) })
}

// site returns scheme, host and port of a URL. What follows may be a key, which nobody
// is to find by guessing one character after the other.
func site(url string) string {
	at := strings.Index(url, "://") + len("://")
	if end := strings.IndexAny(url[at:], "/?#"); end >= 0 {
		url = url[:at+end]
	}
	return url[strings.LastIndexByte(url, '@')+1:]
}

func inState(v *library.View, want string) bool {
	if want == "active" {
		return v.Status.DownRate > 0 || v.Status.UpRate > 0
	}
	return State(v.Status.State) == want
}

// States returns the words that a selection by state may have.
func States() []string {
	list := []string{"active"}
	for s := swarm.StateStarting; s <= swarm.StateQueued; s++ {
		list = append(list, State(s))
	}
	return list
}

// rank is where a torrent stands among others: by text, by number, and then by id.
type rank struct {
	text   string
	number float64
	id     int64
	t      *library.Torrent
}

// rank returns those that are wanted, in order. What they are compared by is worked out
// once for each, and the rest of how they stand, which is long, is forgotten at once.
func (s *Selection) rank(all []*library.Torrent, words []string) []rank {
	by := order(s.Sort)
	ranks := make([]rank, 0, len(all))
	var v library.View // one for all: it is large, and a pointer to it goes about
	for _, t := range all {
		if v = t.View(); !s.wants(t, &v, words) {
			continue
		}
		r := rank{id: v.ID, t: t}
		r.text, r.number = by(&v)
		ranks = append(ranks, r)
	}
	slices.SortFunc(ranks, func(a, b rank) int {
		c := cmp.Compare(a.text, b.text)
		if c == 0 { // most comparisons end before: cmp.Or would make all three
			c = cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(a.id, b.id))
		}
		if s.Reverse {
			return -c
		}
		return c
	})
	return ranks
}

// order returns what torrents are compared by: a text or a number.
func order(property string) func(*library.View) (string, float64) {
	text := map[string]func(*library.View) string{
		"name":     func(v *library.View) string { return strings.ToLower(v.Name) },
		"state":    func(v *library.View) string { return State(v.Status.State) },
		"category": func(v *library.View) string { return v.Category },
	}[property]
	if text != nil {
		return func(v *library.View) (string, float64) { return text(v), 0 }
	}
	n := number(property)
	return func(v *library.View) (string, float64) { return "", n(v) }
}

func number(property string) func(*library.View) float64 {
	switch property {
	case "added":
		return func(v *library.View) float64 { return float64(v.Added.Unix()) }
	case "completed":
		return func(v *library.View) float64 { return float64(v.Completed.Unix()) }
	case "last_active":
		return func(v *library.View) float64 { return float64(v.LastActive.Unix()) }
	case "progress":
		return func(v *library.View) float64 { return progress(&v.Status) }
	case "size":
		return func(v *library.View) float64 { return float64(v.Size) }
	case "down_rate":
		return func(v *library.View) float64 { return float64(v.Status.DownRate) }
	case "up_rate":
		return func(v *library.View) float64 { return float64(v.Status.UpRate) }
	case "eta":
		return func(v *library.View) float64 {
			if eta, ok := v.Status.ETA(); ok {
				return float64(eta)
			}
			return float64(1 << 62) // what does not move comes last
		}
	case "ratio":
		return func(v *library.View) float64 { return v.Ratio() }
	case "sent":
		return func(v *library.View) float64 { return float64(v.Sent) }
	case "received":
		return func(v *library.View) float64 { return float64(v.Received) }
	case "peers":
		return func(v *library.View) float64 { return float64(v.Status.Peers) }
	case "seeds":
		return func(v *library.View) float64 { return float64(v.Status.Seeds) }
	case "position":
		return func(v *library.View) float64 { return float64(v.Place) }
	}
	return func(v *library.View) float64 { return float64(v.ID) }
}
