// Package tracking is the part of the API that shows what the tracker of the node does.
package tracking

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/trackerhost/own"
	"github.com/warren-p2p/warren/tracker/server"
)

// Service is the operations.
type Service struct {
	Tracker *own.Tracker // nil if there is none
	Library *library.Library
}

// TrackerStatus is what the tracker does, and has done since it was started.
type TrackerStatus struct {
	On        bool           `json:"on" doc:"Whether the node is a tracker; if not, all else is empty."`
	URL       string         `json:"url" doc:"Where others announce to it, with its key; empty until it is known where others reach the node. Torrents that are made here list it."`
	Since     time.Time      `json:"since,omitzero" doc:"When it was started."`
	Swarms    int            `json:"swarms" doc:"Swarms with peers. A torrent of both versions of BitTorrent is two."`
	Peers     int            `json:"peers" doc:"Peers that are known."`
	IPv6      int            `json:"ipv6" doc:"Those of them with an address of IPv6."`
	Announces int64          `json:"announces" doc:"Announces that could be read, those of the node itself left out."`
	Scrapes   int64          `json:"scrapes" doc:"Scrapes that could be read."`
	Refused   TrackerRefused `json:"refused" doc:"Requests that were refused."`
}

// TrackerRefused is how many requests were refused, by the reason.
type TrackerRefused struct {
	Malformed int64 `json:"malformed" doc:"It could not be meant."`
	Throttled int64 `json:"throttled" doc:"Too many came from one address."`
	Unlisted  int64 `json:"unlisted" doc:"The node does not serve the torrent."`
	Full      int64 `json:"full" doc:"There was no room."`
}

// Swarm is a torrent that the tracker serves.
type Swarm struct {
	Key       string `json:"key" doc:"Of the torrent."`
	Name      string `json:"name" doc:"What it is called here."`
	Seeders   int    `json:"seeders" doc:"Peers that have everything, the node itself among them."`
	Leechers  int    `json:"leechers" doc:"All others."`
	Completed int    `json:"completed" doc:"How many peers have become complete since the swarm is known."`
}

// Swarms are those with most peers.
type Swarms struct {
	Total  int     `json:"total" doc:"How many torrents have peers."`
	Swarms []Swarm `json:"swarms" nullable:"false" doc:"Those with most peers first."`
}

// TrackerMinute is what it did in a minute.
type TrackerMinute struct {
	At        time.Time `json:"at" doc:"The end of it."`
	Swarms    int       `json:"swarms" doc:"Swarms with peers, then."`
	Peers     int       `json:"peers" doc:"Peers that were known, then."`
	Announces int64     `json:"announces" doc:"Announces that could be read."`
	Scrapes   int64     `json:"scrapes" doc:"Scrapes that could be read."`
	Refused   int64     `json:"refused" doc:"Requests that were refused."`
}

// TrackerHistory is what the tracker did minute by minute.
type TrackerHistory struct {
	Minutes []TrackerMinute `json:"minutes" nullable:"false" doc:"The oldest first."`
}

const tag = "Tracker"

// Register adds the operations.
func (s Service) Register(r *operation.Registrar, _ func(huma.Context) http.ResponseWriter) {
	type status struct{ Body TrackerStatus }
	operation.Register(r, operation.Op{
		ID: "get-tracker", Method: http.MethodGet, Path: "/tracker", Tag: tag, Scope: access.Read,
		Summary: "Show what the tracker of the node does",
	}, func(ctx context.Context, _ *operation.Empty) (*status, error) {
		out, err := s.Status(ctx)
		return &status{out}, err
	})
	type most struct {
		Limit int `query:"limit" minimum:"1" maximum:"1000" default:"20" doc:"How many are shown."`
	}
	type swarms struct{ Body Swarms }
	operation.Register(r, operation.Op{
		ID: "list-swarms", Method: http.MethodGet, Path: "/tracker/swarms", Tag: tag, Scope: access.Read,
		Summary: "List the torrents with most peers at the tracker of the node",
	}, func(ctx context.Context, in *most) (*swarms, error) {
		out, err := s.Swarms(ctx, in.Limit)
		return &swarms{out}, err
	})
	type since struct {
		Minutes int `query:"minutes" minimum:"1" maximum:"1440" default:"60" doc:"How far back."`
	}
	type history struct{ Body TrackerHistory }
	operation.Register(r, operation.Op{
		ID: "get-tracker-history", Method: http.MethodGet, Path: "/tracker/history", Tag: tag, Scope: access.Read,
		Summary: "Show what the tracker of the node did, minute by minute",
		Doc:     "Of the last day at most, and not before it was started.",
	}, func(_ context.Context, in *since) (*history, error) {
		return &history{TrackerHistory{s.minutes(in.Minutes)}}, nil
	})
}

// Status returns what the tracker does.
func (s Service) Status(ctx context.Context) (TrackerStatus, error) {
	if s.Tracker == nil {
		return TrackerStatus{}, nil
	}
	n, err := s.Tracker.Count(ctx)
	if err != nil {
		return TrackerStatus{}, err
	}
	did := s.Tracker.Stats()
	return TrackerStatus{
		On: true, URL: s.Tracker.URL(), Since: s.Tracker.Began().UTC().Truncate(time.Second),
		Swarms: n.Swarms, Peers: n.Peers4 + n.Peers6, IPv6: n.Peers6,
		Announces: int64(did.AnnouncesHTTP), Scrapes: int64(did.ScrapesHTTP), Refused: refused(did),
	}, nil
}

func refused(s server.Stats) TrackerRefused {
	return TrackerRefused{Malformed: int64(s.Malformed), Throttled: int64(s.Throttled), Unlisted: int64(s.Unlisted), Full: int64(s.Full)}
}

// minutes returns what the tracker did in the last minutes.
func (s Service) minutes(n int) []TrackerMinute {
	list := []TrackerMinute{}
	if s.Tracker == nil {
		return list
	}
	all := s.Tracker.History()
	for _, p := range all[max(0, len(all)-n):] {
		list = append(list, TrackerMinute{p.At.UTC().Truncate(time.Second), p.Swarms, p.Peers, int64(p.Announces), int64(p.Scrapes), int64(p.Refused)})
	}
	return list
}

// Swarms returns the torrents with most peers.
func (s Service) Swarms(ctx context.Context, most int) (Swarms, error) {
	out := Swarms{Swarms: []Swarm{}}
	if s.Tracker == nil {
		return out, nil
	}
	for _, t := range s.Library.All() {
		h := t.Hashes()
		var names [][20]byte
		if h.HasV1 {
			names = append(names, h.V1)
		}
		if h.HasV2 {
			names = append(names, h.Truncated())
		}
		totals, err := s.Tracker.Totals(ctx, names)
		if err != nil {
			return out, err
		}
		w := Swarm{Key: t.Key()}
		for _, n := range totals { // who knows both versions is in both swarms
			w.Seeders, w.Leechers, w.Completed = max(w.Seeders, n.Seeders), max(w.Leechers, n.Leechers), max(w.Completed, n.Completed)
		}
		if w.Seeders+w.Leechers > 0 {
			w.Name = t.View().Name
			out.Swarms = append(out.Swarms, w)
		}
	}
	slices.SortStableFunc(out.Swarms, func(a, b Swarm) int { return b.Seeders + b.Leechers - a.Seeders - a.Leechers })
	out.Total = len(out.Swarms)
	out.Swarms = out.Swarms[:min(most, len(out.Swarms))]
	return out, nil
}
