package detail

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/api/torrent"
	"github.com/warren-p2p/warren/internal/library"
)

// Peer is a connected peer. Its address is told to those who may see everything: it is
// what the API is for, and the log does not have it.
type Peer struct {
	Address      string    `json:"address" doc:"IP:PORT."`
	Client       string    `json:"client" doc:"What it says it is, \"\" if it does not."`
	Protection   string    `json:"protection" enum:"tls,mse,plain" doc:"How the connection is protected."`
	Over         string    `json:"over" enum:"tcp,utp" doc:"By which way."`
	Incoming     bool      `json:"incoming" doc:"Whether it has called us."`
	Seed         bool      `json:"seed" doc:"Whether it has everything."`
	Progress     float64   `json:"progress" doc:"How much it has, 0 to 1."`
	Since        time.Time `json:"since" doc:"When it was connected."`
	DownRate     int64     `json:"down_rate" doc:"Bytes a second, from it."`
	UpRate       int64     `json:"up_rate" doc:"Bytes a second, to it."`
	Received     int64     `json:"received" doc:"Bytes of content from it."`
	Sent         int64     `json:"sent" doc:"Bytes of content to it."`
	Choking      bool      `json:"choking" doc:"Whether it serves us not."`
	Interested   bool      `json:"interested" doc:"Whether it wants something of us."`
	AmChoking    bool      `json:"am_choking" doc:"Whether we serve it not."`
	AmInterested bool      `json:"am_interested" doc:"Whether we want something of it."`
}

// Peers are the connected peers of a torrent.
type Peers struct {
	Peers []Peer `json:"peers" nullable:"false" doc:"In no order."`
}

// Tracker is a tracker of a torrent.
type Tracker struct {
	URL      string `json:"url" doc:"Its address; the host alone, unless torrents or settings may be changed: a key of the user's may be in it."`
	Tier     int    `json:"tier" doc:"Those of a lower tier are asked first (BEP 12)."`
	Own      bool   `json:"own" doc:"Whether the user has named it, rather than the torrent."`
	State    string `json:"state" enum:"idle,asking,working,failing" doc:"How it is with it."`
	Error    string `json:"error,omitempty" doc:"Why it is of no use now."`
	Seeders  int    `json:"seeders" doc:"How many peers with everything it tells of, -1 if it does not."`
	Leechers int    `json:"leechers" doc:"How many other peers it tells of, -1 if it does not."`
}

// Trackers are the trackers of a torrent.
type Trackers struct {
	Trackers []Tracker `json:"trackers" nullable:"false" doc:"In the order in which they are asked."`
	Next     time.Time `json:"next,omitzero" doc:"When the next of them is asked."`
	Nodes    int       `json:"dht_nodes" doc:"Nodes of the DHT that are known; 0 if it is not used for the torrent."`
}

type tiers struct {
	torrent.Named
	Body struct {
		Tiers [][]string `json:"tiers" nullable:"false" maxItems:"100" doc:"Addresses of trackers, those of the first tier first."`
	}
}

type peering struct {
	torrent.Named
	Body struct {
		Peers []string `json:"peers" nullable:"false" minItems:"1" maxItems:"200" doc:"Addresses, IP:PORT."`
	}
}

func (s Service) registerCompany(r *operation.Registrar) {
	errs := []problem.Kind{problem.NotFound}
	type peers struct{ Body Peers }
	operation.Register(r, operation.Op{
		ID: "list-peers", Method: http.MethodGet, Path: "/torrents/{key}/peers", Tag: torrent.Tag, Scope: access.Read, Errors: errs,
		Summary: "List the connected peers of a torrent",
	}, func(_ context.Context, in *torrent.Named) (*peers, error) {
		t, err := s.find(in.Key)
		if err != nil {
			return nil, err
		}
		return &peers{Peers{peersOf(t)}}, nil
	})
	operation.Register(r, operation.Op{
		ID: "add-peers", Method: http.MethodPost, Path: "/torrents/{key}/peers", Tag: torrent.Tag, Scope: access.Control, Errors: errs,
		Status: http.StatusNoContent, Summary: "Name peers of a torrent, to be dialled",
	}, func(_ context.Context, in *peering) (*operation.Empty, error) {
		t, err := s.find(in.Key)
		if err != nil {
			return nil, err
		}
		list, err := torrent.Peers("body.peers", in.Body.Peers)
		if err != nil {
			return nil, err
		}
		return nil, t.AddPeers(list...)
	})
	type trackers struct{ Body Trackers }
	operation.Register(r, operation.Op{
		ID: "list-trackers", Method: http.MethodGet, Path: "/torrents/{key}/trackers", Tag: torrent.Tag, Scope: access.Read, Errors: errs,
		Summary: "List the trackers of a torrent",
	}, func(ctx context.Context, in *torrent.Named) (*trackers, error) {
		t, err := s.find(in.Key)
		if err != nil {
			return nil, err
		}
		return &trackers{trackersOf(ctx, t)}, nil
	})
	operation.Register(r, operation.Op{
		ID: "set-trackers", Method: http.MethodPut, Path: "/torrents/{key}/trackers", Tag: torrent.Tag, Scope: access.Control, Errors: errs,
		Summary: "Replace the trackers of a torrent",
	}, func(ctx context.Context, in *tiers) (*trackers, error) {
		t, err := s.find(in.Key)
		if err != nil {
			return nil, err
		}
		if err := t.SetTrackers(ctx, in.Body.Tiers); err != nil {
			return nil, err
		}
		return &trackers{trackersOf(ctx, t)}, nil
	})
}

func peersOf(t *library.Torrent) []Peer {
	list := []Peer{}
	if t.Engine() == nil {
		return list
	}
	pieces := t.View().Pieces
	for _, p := range t.Engine().Peers() {
		one := Peer{
			Address: p.Addr.String(), Client: p.Client, Protection: p.Kind, Over: p.Over, Incoming: p.Incoming, Seed: p.Seed,
			Since: p.Since.UTC().Truncate(time.Second), DownRate: p.DownRate, UpRate: p.UpRate, Received: p.Received, Sent: p.Sent,
			Choking: p.Choking, Interested: p.Interested, AmChoking: p.AmChoking, AmInterested: p.AmInterested,
		}
		switch {
		case p.Seed:
			one.Progress = 1
		case pieces > 0:
			one.Progress = float64(p.Pieces) / float64(pieces)
		}
		list = append(list, one)
	}
	return list
}

// address returns what of the address of a tracker whoever asks may see.
func address(ctx context.Context, url string) string {
	if trusted(ctx) {
		return url
	}
	return operation.Shown(ctx, url)
}

// trusted reports whether whoever asks may see keys in the addresses of trackers: who may
// change them.
func trusted(ctx context.Context) bool {
	p, ok := access.From(ctx)
	return ok && p.May(access.Control) || operation.Trusted(ctx)
}

func trackersOf(ctx context.Context, t *library.Torrent) Trackers {
	all := Trackers{Trackers: []Tracker{}}
	tiers := t.Trackers()
	engine := t.Engine()
	if engine == nil {
		return all
	}
	list, next := engine.Announces()
	all.Next = next.UTC()
	if next.IsZero() {
		all.Next = time.Time{}
	}
	if lookup, ok := engine.Lookup(); ok {
		all.Nodes = lookup.Nodes
	}
	for _, a := range list {
		one := Tracker{URL: address(ctx, a.URL), Own: a.Typed, State: "idle", Seeders: a.Seeders, Leechers: a.Leechers}
		one.Tier = max(0, slices.IndexFunc(tiers, func(tier []string) bool { return slices.Contains(tier, a.URL) }))
		switch {
		case a.Asking:
			one.State = "asking"
		case a.Err != nil:
			one.State = "failing"
		case a.Asked:
			one.State = "working"
		}
		if a.Err != nil {
			one.Error = a.Err.Error()
		}
		all.Trackers = append(all.Trackers, one)
	}
	return all
}
