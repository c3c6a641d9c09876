package sharing

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/qr"
	"github.com/warren-p2p/warren/internal/share/record"
)

// SharePatch says what changes; what is absent stays.
type SharePatch struct {
	Title       *string     `json:"title,omitempty" maxLength:"800"`
	Description *string     `json:"description,omitempty" maxLength:"40000"`
	Tags        *[]string   `json:"tags,omitempty" maxItems:"32" nullable:"false"`
	Licence     *Licence    `json:"licence,omitempty"`
	Provenance  *Provenance `json:"provenance,omitempty"`
	Expires     *string     `json:"expires,omitempty" maxLength:"40" doc:"When the private link ends, as in RFC 3339; empty for never."`
	Uses        *int        `json:"uses,omitempty" minimum:"0" maximum:"1000000" doc:"How often the link can be redeemed from now on; 0 for any number."`
	Passphrase  *string     `json:"passphrase,omitempty" maxLength:"1024" doc:"What is needed to redeem it; empty for nothing."`
	Direct      *bool       `json:"direct,omitempty" doc:"Whether files can be had over HTTP,"`
	DirectLimit *int64      `json:"direct_limit,omitempty" minimum:"0" doc:"up to so many bytes each; 0 is 100 MiB."`
}

// Publication says what becomes public.
type Publication struct {
	Confirmed bool     `json:"confirmed" doc:"True says that the owner has read what becomes public."`
	Title     *string  `json:"title,omitempty" maxLength:"800" doc:"Instead of the title that it has."`
	Licence   *Licence `json:"licence,omitempty" doc:"Instead of the licence that it has: what is public needs one."`
}

func (s Service) registerChanges(r *operation.Registrar) {
	errs := []problem.Kind{problem.NotFound, problem.Conflict}
	type changing struct {
		Numbered
		Body SharePatch
	}
	operation.Register(r, operation.Op{
		ID: "change-share", Method: http.MethodPatch, Path: "/shares/{id}", Tag: tag, Scope: access.Admin, Errors: errs,
		Summary: "Change what is said of a share, or what its link demands", Doc: "Who has redeemed the link goes on, whatever it demands now.",
	}, func(ctx context.Context, in *changing) (*one, error) { return s.shown(s.change(ctx, in.ID, in.Body)) })
	type publishing struct {
		Numbered
		Body Publication
	}
	operation.Register(r, operation.Op{
		ID: "publish-share", Method: http.MethodPost, Path: "/shares/{id}/publish", Tag: tag, Scope: access.Admin, Errors: append(errs, problem.DiskFull),
		Summary: "Share something with everybody as well", Doc: "It is listed under the public link of the node, and seeded as a public torrent. The private link stays.",
	}, func(ctx context.Context, in *publishing) (*one, error) {
		return s.shown(s.Publish(ctx, in.ID, in.Body))
	})
	operation.Register(r, operation.Op{
		ID: "unpublish-share", Method: http.MethodPost, Path: "/shares/{id}/unpublish", Tag: tag, Scope: access.Admin, Errors: errs,
		Summary: "Share something no longer with everybody", Doc: "What others have fetched, they have.",
	}, func(ctx context.Context, in *Numbered) (*one, error) { return s.shown(s.Unpublish(ctx, in.ID)) })
	type revoking struct {
		Numbered
		Content bool `query:"content" doc:"Whether what is shared is removed from the disk."`
	}
	operation.Register(r, operation.Op{
		ID: "revoke-share", Method: http.MethodDelete, Path: "/shares/{id}", Tag: tag, Scope: access.Admin, Status: http.StatusNoContent, Errors: errs,
		Summary: "End a share: the links, the torrents, and those who are connected",
		Doc:     "Of a share that is revoked already, what is left is forgotten. What others have fetched, they have.",
	}, func(ctx context.Context, in *revoking) (*operation.Empty, error) {
		return nil, s.Revoke(ctx, in.ID, in.Content)
	})
}

func (s Service) change(ctx context.Context, id string, p SharePatch) (book.Share, error) {
	at, err := s.find(id)
	if err != nil {
		return book.Share{}, err
	}
	c := book.Change{Title: p.Title, Description: p.Description, Tags: p.Tags, Uses: p.Uses, Passphrase: p.Passphrase, Direct: p.Direct, DirectLimit: p.DirectLimit}
	if p.Licence != nil {
		c.Licence = new(record.Licence(*p.Licence))
	}
	if p.Provenance != nil {
		read, err := p.Provenance.read()
		if err != nil {
			return book.Share{}, err
		}
		c.Provenance = &read
	}
	if p.Expires != nil {
		end, err := ends(*p.Expires)
		if err != nil {
			return book.Share{}, err
		}
		c.Expires = &end
	}
	return s.Book.Change(ctx, at.ID, c)
}

// ends reads when a link ends; zero is never.
func ends(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, &record.FieldError{Field: "expires", Reason: "it is no time such as 2030-01-31T12:00:00Z"}
	}
	return t, nil
}

// Publish shares something with everybody.
func (s Service) Publish(ctx context.Context, id string, p Publication) (book.Share, error) {
	at, err := s.find(id)
	if err != nil {
		return book.Share{}, err
	}
	out := book.Publication{Confirmed: p.Confirmed, Title: p.Title}
	if p.Licence != nil {
		out.Licence = new(record.Licence(*p.Licence))
	}
	return s.Book.Publish(ctx, at.ID, out)
}

// Unpublish takes that back.
func (s Service) Unpublish(ctx context.Context, id string) (book.Share, error) {
	at, err := s.find(id)
	if err != nil {
		return book.Share{}, err
	}
	return s.Book.Unpublish(ctx, at.ID)
}

// Revoke ends a share, or forgets one that has ended so.
func (s Service) Revoke(ctx context.Context, id string, content bool) error {
	at, err := s.find(id)
	switch {
	case err != nil:
		return err
	case at.State == book.Revoked:
		return s.Book.Forget(ctx, at.ID)
	}
	return s.Book.Revoke(ctx, at.ID, content)
}

func (s Service) registerCode(r *operation.Registrar, unwrap func(huma.Context) http.ResponseWriter) {
	type asking struct {
		Numbered
		Which string `path:"which" enum:"private,public" doc:"The private link, or the one for everybody."`
	}
	operation.Raw[asking, string](r, operation.Op{
		ID: "draw-share-link", Method: http.MethodGet, Path: "/shares/{id}/qr/{which}", Tag: tag, Scope: access.Admin,
		Errors: []problem.Kind{problem.NotFound, problem.Conflict}, Summary: "Get a link as a QR code", Doc: "A picture in SVG: black on white, with room around it.",
	}, "image/svg+xml", func(_ context.Context, in *asking) (func(http.ResponseWriter), error) {
		picture, err := s.Code(in.ID, in.Which == "public")
		return operation.Encoded(picture), err
	}, unwrap)
}

// Code returns a link of a share as a picture in SVG.
func (s Service) Code(id string, public bool) ([]byte, error) {
	at, err := s.find(id)
	if err != nil {
		return nil, err
	}
	l, err := s.Book.Link(&at)
	if public {
		l, err = s.Book.PublicLink(at.ID)
	}
	if err != nil {
		return nil, err
	}
	code, err := qr.New(l.Text())
	if err != nil {
		return nil, err
	}
	return code.SVG("QR code of the link"), nil
}
