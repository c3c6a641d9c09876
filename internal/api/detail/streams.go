package detail

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/api/torrent"
	"github.com/warren-p2p/warren/internal/streaming"
)

// Stream is where a file can be read.
type Stream struct {
	Index int    `json:"index" doc:"Number of the file in the torrent."`
	Path  string `json:"path" doc:"Where it is below the folder of the torrent, with slashes."`
	URL   string `json:"url" doc:"For players. It is a secret: who can reach the node and has it can read the file."`
}

// Streams are where files of a torrent can be read while they are fetched.
type Streams struct {
	Expires  time.Time `json:"expires" doc:"When the URLs are good for nothing any more; a node that is started anew ends them as well."`
	Main     int       `json:"main" doc:"Index of the file that a player is meant to get: the longest film or sound file, or the longest of all."`
	Playlist string    `json:"playlist" doc:"URL of a list of all that can be played (M3U)."`
	Files    []Stream  `json:"files" nullable:"false" doc:"The main file first, then all others that can be played; or the one that was asked for."`
}

// streams is the request.
type streams struct {
	torrent.Named
	File    int   `query:"file" default:"-1" minimum:"-1" doc:"Index of the one file that is wanted, whatever it is; -1 for those that can be played."`
	Seconds int64 `query:"seconds" default:"86400" minimum:"1" maximum:"604800" doc:"How long the URLs are good for."`

	host string
}

// Resolve implements huma.Resolver: URLs are those of the address by which the node was
// asked.
func (in *streams) Resolve(c huma.Context) []error {
	in.host = c.Host()
	return nil
}

func (s Service) registerStreams(r *operation.Registrar) {
	type answer struct{ Body Streams }
	operation.Register(r, operation.Op{
		ID: "list-streams", Method: http.MethodGet, Path: "/torrents/{key}/streams", Tag: torrent.Tag, Scope: access.Read,
		Errors: []problem.Kind{problem.NotFound, problem.Conflict}, Summary: "Say where players can read the files of a torrent while they are fetched",
		Doc: "What is read is fetched before all else. Ranges and HEAD work as with any file on the web.",
	}, func(_ context.Context, in *streams) (*answer, error) {
		out, err := s.streams(in)
		return &answer{out}, err
	})
}

func (s Service) streams(in *streams) (out Streams, err error) {
	t, err := s.find(in.Key)
	if err != nil {
		return out, err
	}
	show, err := streaming.Of(t)
	if err != nil {
		return out, err
	}
	length, base := time.Duration(in.Seconds)*time.Second, "http://"+in.host
	main := streaming.Main(show.Files)
	out = Streams{
		Expires: s.Clock.Now().Add(length).UTC().Truncate(time.Second), Main: main.Index,
		Playlist: base + s.Streams.Playlist(t.ID(), length), Files: []Stream{},
	}
	add := func(f streaming.File) {
		out.Files = append(out.Files, Stream{f.Index, f.Name, base + s.Streams.Path(t.ID(), f, length)})
	}
	if in.File < 0 && len(show.Files) > 0 {
		add(main)
	}
	for _, f := range show.Files {
		if f.Index == in.File || in.File < 0 && f.Index != main.Index && streaming.Playable(f.Name) {
			add(f)
		}
	}
	if in.File >= 0 && len(out.Files) == 0 {
		return out, problem.Input("query.file", "the torrent has no file of this index")
	}
	return out, nil
}
