// Package links is the part of the API that opens the links of what others share.
package links

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"path/filepath"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/api/sharing"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/visit"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
)

const tag = "Links"

// Service opens links.
type Service struct {
	Visits  *visit.Client
	Library *library.Library
	Open    func(path string) (vfs.FS, error) // a folder by its full path
}

// SharedFile is a file of a share.
type SharedFile struct {
	Path string `json:"path"`
	Size int64  `json:"size" doc:"Bytes."`
}

// Preview is what a link leads to.
type Preview struct {
	Kind            string             `json:"kind" enum:"private,public"`
	NeedsPassphrase bool               `json:"needs_passphrase,omitempty" doc:"It is shown to those alone who redeem the link with a passphrase; nothing below is known."`
	NeedsRedeem     bool               `json:"needs_redeem,omitempty" doc:"It is shown to those alone who redeem the link, which uses it up in part; nothing below is known."`
	Title           string             `json:"title"`
	Description     string             `json:"description,omitempty"`
	Tags            []string           `json:"tags" nullable:"false"`
	Licence         sharing.Licence    `json:"licence"`
	Provenance      sharing.Provenance `json:"provenance"`
	Key             string             `json:"key,omitempty" doc:"Of who has signed it, in hexadecimal."`
	Files           int                `json:"files"`
	Size            int64              `json:"size" doc:"Bytes of all files."`
	FirstFiles      []SharedFile       `json:"first_files" nullable:"false" doc:"The first 100."`
	Free            int64              `json:"free" doc:"Bytes on the disk where it would land, -1 if that is not known,"`
	Fits            bool               `json:"fits" doc:"and whether they suffice."`
	Expires         string             `json:"expires,omitempty" doc:"When the link ends."`
	Here            string             `json:"here,omitempty" doc:"The key of the torrent, if the node has it already."`
}

// Wanted is a link that is to be opened.
type Wanted struct {
	Link       string `json:"link" maxLength:"1000" doc:"The whole link, with what follows #."`
	Redeem     bool   `json:"redeem,omitempty" doc:"Whether the link is redeemed if it has to be, which counts as a use of it. The node remembers that for a day: to add it afterwards uses up nothing more."`
	Passphrase string `json:"passphrase,omitempty" maxLength:"1024" doc:"To redeem it with."`
	Dir        string `json:"dir,omitempty" maxLength:"4096" doc:"Full path of the folder where it would land; that of the category, or the default."`
	Category   string `json:"category,omitempty" maxLength:"200" doc:"Its category."`
}

const firstFiles = 100

// Register adds the operations.
func (s Service) Register(r *operation.Registrar, _ func(huma.Context) http.ResponseWriter) {
	type opening struct{ Body Wanted }
	type preview struct{ Body Preview }
	operation.Register(r, operation.Op{
		ID: "open-link", Method: http.MethodPost, Path: "/links", Tag: tag, Scope: access.Add, Errors: Errors(),
		Summary: "See what a link leads to",
		Doc:     "The node goes there, and adds nothing. Whoever answers there has to show the key that the link names; otherwise nothing is sent.",
	}, func(ctx context.Context, in *opening) (*preview, error) {
		p, err := s.preview(ctx, &in.Body)
		return &preview{p}, err
	})
}

// Errors are the problems of opening a link.
func Errors() []problem.Kind {
	return []problem.Kind{problem.NotFound, problem.Upstream, problem.Unavailable, problem.DiskFull}
}

func (s Service) preview(ctx context.Context, w *Wanted) (p Preview, err error) {
	l, err := parse("body.link", w.Link)
	if err != nil {
		return p, err
	}
	if p.Kind = "private"; l.Kind == link.Public {
		p.Kind = "public"
	}
	p.Tags, p.FirstFiles = []string{}, []SharedFile{}
	f, err := s.visit(ctx, l, visit.Ask{Redeem: w.Redeem || w.Passphrase != "", Passphrase: w.Passphrase})
	if g, ok := errors.AsType[*visit.GuardedError](err); ok && w.Passphrase == "" {
		p.NeedsPassphrase, p.NeedsRedeem = g.Passphrase, !g.Passphrase
		return p, nil
	}
	if err != nil {
		return p, explain(err)
	}
	r := &f.Record
	p.Title, p.Description, p.Files, p.Size = r.Title, r.Description, len(r.Files), r.Size
	p.Tags = append(p.Tags, r.Tags...)
	p.Licence = sharing.Licence(r.Licence)
	p.Provenance = sharing.Provenance{Author: r.Provenance.Author, Source: r.Provenance.Source, Derived: r.Provenance.Derived, Created: moment(r.Provenance.Created)}
	key := r.Key.Bytes()
	p.Key = hex.EncodeToString(key[:])
	for _, one := range r.Files[:min(len(r.Files), firstFiles)] {
		p.FirstFiles = append(p.FirstFiles, SharedFile{one.Path, one.Size})
	}
	p.Expires = moment(r.Expires)
	if t, err := s.Library.Find(r.Hashes.V1.String()); err == nil {
		p.Here = t.Key()
	}
	p.Free = s.free(s.Library.Lands(w.Dir, w.Category))
	p.Fits = p.Free < 0 || p.Free >= p.Size
	return p, nil
}

// moment returns a time as the API has it, "" for never.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// parse reads a link. No problem has it in it.
func parse(where, text string) (link.Link, error) {
	l, err := link.Parse(text)
	if err != nil {
		return l, problem.Input(where, err.Error())
	}
	return l, nil
}

// visit goes to where a link leads. A token that lets a program add torrents leads it to
// nobody on this machine or beside it.
func (s Service) visit(ctx context.Context, l link.Link, a visit.Ask) (*visit.Found, error) {
	p, _ := access.From(ctx)
	a.Public = p.Way == access.ByToken
	return s.Visits.Open(ctx, l, a)
}

// Fetch finds out what is to be added by a link. The error is a problem.
func (s Service) Fetch(ctx context.Context, text string, a visit.Ask) (*visit.Found, error) {
	l, err := parse("body.link", text)
	if err != nil {
		return nil, err
	}
	f, err := s.visit(ctx, l, a)
	if err != nil {
		return nil, explain(err)
	}
	return f, nil
}

// Room refuses so many bytes in a folder that has no room for them.
func (s Service) Room(dir string, size int64) error {
	if free := s.free(dir); free >= 0 && free < size {
		return problem.New(problem.DiskFull, "this is "+words.Bytes(size)+", and there is room for "+words.Bytes(free)+" in "+dir)
	}
	return nil
}

// free returns the room in a folder, which may have to be made yet; -1 if that cannot be
// told.
func (s Service) free(dir string) int64 {
	for {
		fsys, err := s.Open(dir)
		if err == nil {
			n, err := fsys.Free()
			if errors.Join(err, fsys.Close()) != nil {
				return -1
			}
			return n
		}
		up := filepath.Dir(dir)
		if up == dir || dir == "" {
			return -1
		}
		dir = up
	}
}

// explain turns what came of a visit into a problem.
func explain(err error) error {
	if g, ok := errors.AsType[*visit.GuardedError](err); ok {
		if g.Passphrase {
			return problem.Input("body.passphrase", "the share is opened by a passphrase: ask whoever gave you the link for it")
		}
		return problem.Input("body.redeem", "the link has to be redeemed, which uses it up in part: say that this is meant")
	}
	if w, ok := errors.AsType[*visit.WaitError](err); ok {
		return problem.New(problem.Unavailable, w.Error()+" ("+strconv.Itoa(int(w.For/time.Second))+" seconds)")
	}
	switch {
	case errors.Is(err, visit.ErrPassphrase):
		return problem.Input("body.passphrase", err.Error())
	case errors.Is(err, visit.ErrList):
		return problem.Input("body.link", err.Error())
	case errors.Is(err, visit.ErrEnded):
		return problem.New(problem.NotFound, err.Error())
	case errors.Is(err, visit.ErrBusy):
		return problem.New(problem.Unavailable, err.Error())
	case errors.Is(err, netpolicy.ErrNotPublic):
		return problem.New(problem.Forbidden, "the link leads to this machine or its network: no token opens that, the owner alone")
	case errors.Is(err, visit.ErrAnswer):
		return problem.New(problem.Upstream, err.Error())
	case errors.Is(err, visit.ErrPin):
		return problem.New(problem.Upstream, visit.ErrPin.Error())
	}
	return problem.New(problem.Upstream, "the node that shares it is not reached: "+words.Cause(err).Error())
}
