package torrents

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/api/torrent"
	"github.com/warren-p2p/warren/internal/courier"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/visit"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm"
)

const maxFile = 32 << 20 // bytes of a torrent file

// NewTorrent says what is added, and how.
type NewTorrent struct {
	Magnet     string       `json:"magnet,omitempty" maxLength:"65536" doc:"A magnet link."`
	URL        string       `json:"url,omitempty" maxLength:"8192" doc:"Where a torrent file is on the web: http or https, on the Internet alone; or a magnet link, or the link of a share."`
	File       []byte       `json:"file,omitempty" doc:"A torrent file, as base64."`
	Link       string       `json:"link,omitempty" maxLength:"1000" doc:"The whole link of a share, with what follows #."`
	Redeem     bool         `json:"redeem,omitempty" doc:"Whether the link is redeemed if it has to be, which counts as a use of it unless open-link has done so."`
	Passphrase string       `json:"passphrase,omitempty" maxLength:"1024" doc:"To redeem the link with."`
	Name       string       `json:"name,omitempty" maxLength:"200" doc:"What it is called here."`
	Dir        string       `json:"dir,omitempty" maxLength:"4096" doc:"Full path of the folder that content goes to; that of the category, or the default."`
	Category   string       `json:"category,omitempty" maxLength:"200" doc:"Its category; made if it is not there."`
	Labels     []string     `json:"labels,omitempty" nullable:"false" maxItems:"100" doc:"Its labels."`
	Paused     *bool        `json:"paused,omitempty" doc:"Whether it waits for being resumed; as the settings say."`
	Forced     bool         `json:"forced,omitempty" doc:"Whether it is active whatever the queue says."`
	Sequential bool         `json:"sequential,omitempty" doc:"Whether it is fetched from the front to the end."`
	FirstLast  bool         `json:"first_last,omitempty" doc:"Whether the first and last pieces of files come first."`
	SuperSeed  bool         `json:"super_seed,omitempty" doc:"Whether pieces are shown to peers one by one (BEP 16)."`
	TLS        string       `json:"tls,omitempty" enum:"off,prefer,require" doc:"Whether peers are spoken to over TLS; as the settings say."`
	UpLimit    int64        `json:"up_limit,omitempty" minimum:"0" doc:"Bytes a second, 0 for no limit."`
	DownLimit  int64        `json:"down_limit,omitempty" minimum:"0" doc:"Bytes a second, 0 for no limit."`
	MaxPeers   int          `json:"max_peers,omitempty" minimum:"0" maximum:"100000" doc:"Connections, 0 for the default."`
	Goal       torrent.Goal `json:"goal,omitzero" doc:"When it has given enough."`
	Skip       []int        `json:"skip,omitempty" nullable:"false" maxItems:"100000" doc:"Files that are not wanted, by their index."`
	Trackers   []string     `json:"trackers,omitempty" nullable:"false" maxItems:"100" doc:"Trackers that are asked before its own; they may be on this machine or in its network."`
	Stamp      string       `json:"stamp,omitempty" maxLength:"64" doc:"By who has hashed the content that lies in dir just now: SHA-256 in hexadecimal over path NUL size NUL time of last change in nanoseconds since 1970 LF for each file but padding. If the node finds the same, it does not hash it again. For the owner alone."`
	Ours       bool         `json:"ours,omitempty" doc:"Whether it was made here: the tracker of the node becomes one of its, unless it demands TLS or is a private one of others."`
	Peers      []string     `json:"peers,omitempty" nullable:"false" maxItems:"200" doc:"Addresses of peers, IP:PORT."`
}

// adding is the request with one.
type adding struct {
	Body NewTorrent
}

// upload is the request with a torrent file as it is.
type upload struct {
	Dir      string   `query:"dir" maxLength:"4096" doc:"Full path of the folder that content goes to."`
	Category string   `query:"category" maxLength:"200" doc:"Its category; made if it is not there."`
	Label    []string `query:"label" doc:"Its labels."`
	Paused   bool     `query:"paused" doc:"Whether it waits for being resumed."`
	RawBody  []byte   `contentType:"application/x-bittorrent"`
}

func (s *Service) registerAdd(r *operation.Registrar) {
	errs := []problem.Kind{problem.Duplicate, problem.TooLarge, problem.Upstream, problem.DiskFull}
	operation.Register(r, operation.Op{
		ID: "add-torrent", Method: http.MethodPost, Path: "/torrents", Tag: torrent.Tag, Scope: access.Add, Status: http.StatusCreated,
		MaxBody: maxFile/3*4 + 1<<20, Errors: errs,
		Summary: "Add a torrent",
		Doc:     "By one of magnet, url, file and link. If it is there already, the problem is duplicate, and the value of its first error is the torrent's key.",
	}, func(ctx context.Context, in *adding) (*One, error) {
		add, err := s.read(ctx, &in.Body)
		if err != nil {
			return nil, err
		}
		return s.add(ctx, add)
	})
	operation.Register(r, operation.Op{
		ID: "upload-torrent", Method: http.MethodPost, Path: "/torrents/file", Tag: torrent.Tag, Scope: access.Add, Status: http.StatusCreated,
		MaxBody: maxFile, Errors: errs,
		Summary: "Add a torrent by its file",
		Doc:     "The body is the file as it is. Everything else is as with add-torrent.",
	}, func(ctx context.Context, in *upload) (*One, error) {
		m, err := metainfo.Parse(in.RawBody)
		if err != nil {
			return nil, problem.Input("body", "not a torrent file: "+err.Error())
		}
		add := library.Add{Metainfo: m, Dir: in.Dir, Category: in.Category, Labels: in.Label}
		if in.Paused {
			add.Paused = &in.Paused
		}
		return s.add(ctx, add)
	})
}

func (s *Service) add(ctx context.Context, add library.Add) (*One, error) {
	t, err := s.lib.Add(ctx, add)
	if errors.Is(err, library.ErrDuplicate) && t != nil {
		return nil, problem.New(problem.Duplicate, err.Error(), &huma.ErrorDetail{Message: "the torrent that is there", Location: "key", Value: t.Key()})
	}
	if err != nil {
		return nil, err
	}
	audit.Say(ctx, "add-torrent", t.Key())
	if err := s.cfg.Tracker.Tell(ctx, t); err != nil {
		return nil, err
	}
	return s.show(t), nil
}

// read turns what a client says into what the library takes. What is told of by a URL
// is fetched.
func (s *Service) read(ctx context.Context, n *NewTorrent) (add library.Add, err error) {
	given := 0
	for _, is := range []bool{n.Magnet != "", n.URL != "", len(n.File) > 0, n.Link != ""} {
		if is {
			given++
		}
	}
	if given != 1 {
		return add, problem.Input("body", "want one of magnet, url, file and link")
	}
	add = library.Add{
		Name: n.Name, Dir: n.Dir, Category: n.Category, Labels: n.Labels, Paused: n.Paused, Forced: n.Forced, Sequential: n.Sequential,
		FirstLast: n.FirstLast, SuperSeed: n.SuperSeed, UpLimit: n.UpLimit, DownLimit: n.DownLimit, MaxPeers: n.MaxPeers,
		Goal: n.Goal.Goal(), Trackers: n.Trackers, Ours: n.Ours, Priorities: make(map[int]swarm.Priority),
	}
	if p, _ := access.From(ctx); n.Stamp != "" {
		if p.Way == access.ByToken {
			return add, problem.New(problem.Forbidden, "body.stamp: this is for the owner alone: no token opens it")
		}
		add.Stamp = n.Stamp
	}
	for _, index := range n.Skip {
		add.Priorities[index] = swarm.Skip
	}
	if n.TLS != "" {
		add.TLS = new(swarm.TLSPolicy)
		if err := add.TLS.UnmarshalText([]byte(n.TLS)); err != nil {
			return add, problem.Input("body.tls", err.Error())
		}
	}
	if add.Peers, err = torrent.Peers("body.peers", n.Peers); err != nil {
		return add, err
	}
	return add, s.source(ctx, n, &add)
}

// source finds out what the torrent is.
func (s *Service) source(ctx context.Context, n *NewTorrent, add *library.Add) (err error) {
	text, file := n.Magnet, n.File
	switch {
	case n.Link != "":
		return s.shared(ctx, n.Link, n, add)
	case link.Is(n.URL): // to whoever does not show its key nothing may be sent
		return s.shared(ctx, n.URL, n, add)
	case isMagnet(n.URL):
		text = n.URL
	case n.URL != "":
		if file, text, err = s.fetch(ctx, n.URL); err != nil {
			return err
		}
	}
	if text != "" {
		if add.Magnet, err = magnet.Parse(text); err != nil {
			return problem.Input("body.magnet", "not a magnet link of a torrent: "+err.Error())
		}
		return nil
	}
	if add.Metainfo, err = metainfo.Parse(file); err != nil {
		return problem.Input("body.file", "not a torrent file: "+err.Error())
	}
	return nil
}

// shared finds out what is shared by a link. That there is room for it is seen to before
// anything is fetched.
func (s *Service) shared(ctx context.Context, text string, n *NewTorrent, add *library.Add) error {
	f, err := s.cfg.Links.Fetch(ctx, text, visit.Ask{Redeem: n.Redeem || n.Passphrase != "", Passphrase: n.Passphrase})
	if err != nil {
		return err
	}
	add.Metainfo, add.Secret, add.Sole = f.Torrent, f.Secret, record.SoleOf(f.Sole)
	if t, err := s.lib.Find(f.Record.Hashes.V1.String()); err == nil {
		return problem.New(problem.Duplicate, "the torrent is there already", &huma.ErrorDetail{Message: "the torrent that is there", Location: "key", Value: t.Key()})
	}
	size := f.Record.Size
	for i, p := range add.Priorities {
		if p == swarm.Skip && i >= 0 && i < len(f.Torrent.Info.Files) {
			size -= f.Torrent.Info.Files[i].Length
		}
	}
	return s.cfg.Links.Room(s.lib.Lands(n.Dir, n.Category), size)
}

func isMagnet(text string) bool { return len(text) > 7 && strings.EqualFold(text[:7], "magnet:") }

// fetch gets a torrent file from the Internet: an API must not lead anybody to what is
// on this machine or beside it. Some sites send on to a magnet link instead.
func (s *Service) fetch(ctx context.Context, url string) (file []byte, link string, err error) {
	answer, err := s.cfg.Courier.Get(ctx, courier.Request{URL: url, Max: maxFile})
	switch {
	case err == nil:
		return answer.Body, answer.Magnet, nil
	case errors.Is(err, courier.ErrURL):
		return nil, "", problem.Input("body.url", err.Error())
	case errors.Is(err, courier.ErrTooLong):
		return nil, "", problem.New(problem.TooLarge, fmt.Sprintf("what is there has more than %d bytes", maxFile))
	}
	return nil, "", problem.New(problem.Upstream, err.Error())
}
