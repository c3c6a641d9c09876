// Package sharing is the part of the API about what a node shares by links: looking
// through a folder before it is shared, sharing it, the links, and what becomes of them.
package sharing

import (
	"context"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/identity"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/draft"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/permid"
)

const tag = "Sharing"

// Service answers for what is shared.
type Service struct {
	Book       *book.Book
	Drafts     *draft.Desk
	Identities *identity.Book
	Library    *library.Library // that seeds torrents made of drafts
	Disk       draft.Disk
	Start      func() string // the folder that is shown if none is named
	Reachable  func() bool   // others can connect, as far as that is known
}

// Licence says what others may do.
type Licence struct {
	ID   string `json:"id,omitempty" maxLength:"64" doc:"Of SPDX, such as CC-BY-4.0."`
	Text string `json:"text,omitempty" maxLength:"400000" doc:"In words."`
}

// Provenance says where something comes from.
type Provenance struct {
	Author  string `json:"author,omitempty" maxLength:"4000" doc:"Who made it."`
	Source  string `json:"source,omitempty" maxLength:"4000" doc:"An address where more is to be found."`
	Created string `json:"created,omitempty" maxLength:"40" doc:"When it was made: a date such as 2024-05-01, or a time as in RFC 3339."`
	Derived string `json:"derived,omitempty" maxLength:"4000" doc:"What it was made of."`
}

// Share is what is shared under a private link, and perhaps to all.
type Share struct {
	ID            string     `json:"id"`
	Title         string     `json:"title"`
	Description   string     `json:"description,omitempty"`
	Tags          []string   `json:"tags" nullable:"false"`
	Licence       Licence    `json:"licence"`
	Provenance    Provenance `json:"provenance"`
	Identity      string     `json:"identity" doc:"The name of the identity that signs, its text if it is gone."`
	Key           string     `json:"key" doc:"By which others know who has signed, in hex; it does not tell the identity."`
	Torrent       string     `json:"torrent,omitempty" doc:"Key of the private torrent in the library."`
	PublicTorrent string     `json:"public_torrent,omitempty" doc:"That of the public one."`
	Size          int64      `json:"size" doc:"Bytes."`
	Files         int        `json:"files"`
	Created       time.Time  `json:"created"`
	Sequence      int64      `json:"sequence" doc:"Of the record that was signed last."`
	Expires       *time.Time `json:"expires,omitempty" doc:"When the private link ends; never if absent."`
	UsesLeft      int        `json:"uses_left" doc:"How often the link can still be redeemed; -1 for any number."`
	Used          int        `json:"used" doc:"How often it was."`
	Passphrase    bool       `json:"passphrase" doc:"Whether one is needed."`
	Direct        bool       `json:"direct" doc:"Whether files can be had over HTTP."`
	DirectLimit   int64      `json:"direct_limit" doc:"Up to how many bytes each."`
	Link          string     `json:"link,omitempty" doc:"The private link: who has it has all of the share. Absent if it is not known where others reach the node, or the share is revoked."`
	Page          string     `json:"page,omitempty" doc:"The address of its page, without what opens the torrent."`
	PublicLink    string     `json:"public_link,omitempty" doc:"The link for everybody, if it is public."`
	State         string     `json:"state" enum:"active,expired,used-up,revoked"`
	Reachable     bool       `json:"reachable" doc:"Whether others can follow the links, as far as that is known."`
	Visits        int64      `json:"visits"`
	Downloads     int64      `json:"downloads" doc:"Files that were had over HTTP."`
}

// Shares are those of the node.
type Shares struct {
	Shares []Share `json:"shares" nullable:"false" doc:"The oldest first."`
}

// PublicShares are those that everybody can see.
type PublicShares struct {
	Link   string  `json:"link,omitempty" doc:"Where they are listed; absent if there are none, or it is not known where others reach the node."`
	Shares []Share `json:"shares" nullable:"false"`
}

// Numbered is the part of a request that names a share.
type Numbered struct {
	ID string `path:"id" maxLength:"64" doc:"Of the share."`
}

type one struct{ Body Share }

// Register implements Part.
func (s Service) Register(r *operation.Registrar, unwrap func(huma.Context) http.ResponseWriter) {
	s.registerFolder(r)
	s.registerDrafts(r)
	s.registerTorrents(r, unwrap)
	s.registerShares(r)
	s.registerChanges(r)
	s.registerCode(r, unwrap)
}

func (s Service) registerShares(r *operation.Registrar) {
	type all struct{ Body Shares }
	operation.Register(r, operation.Op{
		ID: "list-shares", Method: http.MethodGet, Path: "/shares", Tag: tag, Scope: access.Admin,
		Summary: "List what is shared", Doc: "With the links: who reads this can pass everything on.",
	}, func(context.Context, *operation.Empty) (*all, error) { return &all{Shares{s.List()}}, nil })
	type public struct{ Body PublicShares }
	operation.Register(r, operation.Op{
		ID: "list-public-shares", Method: http.MethodGet, Path: "/shares/public", Tag: tag, Scope: access.Admin,
		Summary: "List what is shared with everybody, and where",
	}, func(context.Context, *operation.Empty) (*public, error) { return &public{s.Public()}, nil })
	operation.Register(r, operation.Op{
		ID: "show-share", Method: http.MethodGet, Path: "/shares/{id}", Tag: tag, Scope: access.Admin,
		Errors: []problem.Kind{problem.NotFound}, Summary: "Show a share",
	}, func(_ context.Context, in *Numbered) (*one, error) { return s.show(in.ID) })
}

// List returns all shares.
func (s Service) List() []Share {
	list := []Share{}
	for _, b := range s.Book.All() {
		list = append(list, s.shareOf(b))
	}
	return list
}

// Public returns those that everybody can see.
func (s Service) Public() PublicShares {
	out := PublicShares{Shares: []Share{}}
	for _, b := range s.Book.All() {
		if b.Published() {
			out.Shares = append(out.Shares, s.shareOf(b))
		}
	}
	if l, err := s.Book.PublicLink(record.ID{}); err == nil && len(out.Shares) > 0 {
		out.Link = l.Text()
	}
	return out
}

// Show returns a share.
func (s Service) Show(id string) (Share, error) {
	b, err := s.find(id)
	if err != nil {
		return Share{}, err
	}
	return s.shareOf(b), nil
}

func (s Service) find(id string) (book.Share, error) {
	n, err := record.ParseID(id)
	if err != nil {
		return book.Share{}, book.ErrNotFound
	}
	return s.Book.Find(n)
}

func (s Service) show(id string) (*one, error) {
	b, err := s.find(id)
	return s.shown(b, err)
}

func (s Service) shown(b book.Share, err error) (*one, error) {
	if err != nil {
		return nil, err
	}
	return &one{s.shareOf(b)}, nil
}

func (s Service) shareOf(b book.Share) Share {
	out := Share{
		ID: b.ID.String(), Title: b.Title, Description: b.Description, Tags: append([]string{}, b.Tags...), Licence: Licence(b.Licence), Provenance: provenanceOf(b.Provenance),
		Identity: b.Identity.String(), Key: keyText(b.Key), Torrent: b.Torrent, PublicTorrent: b.Public, Size: b.Size, Files: b.Files,
		Created: b.Created.UTC(), Sequence: b.Sequence, UsesLeft: b.Uses, Used: b.Used, Passphrase: b.HasPassphrase(), Direct: b.Direct, DirectLimit: b.DirectLimit,
		State: string(b.State), Visits: b.Visits, Downloads: b.Downloads,
	}
	if i, err := s.Identities.Find(out.Identity); err == nil {
		out.Identity = i.Name
	}
	if !b.Expires.IsZero() {
		out.Expires = new(b.Expires.UTC())
	}
	if l, err := s.Book.Link(&b); err == nil {
		out.Link, out.Page = l.Text(), l.Page()
	}
	if l, err := s.Book.PublicLink(b.ID); err == nil && b.Published() {
		out.PublicLink = l.Text()
	}
	out.Reachable = out.Link != "" && s.Reachable()
	return out
}

func keyText(k permid.PublicKey[permid.Share]) string {
	b := k.Bytes()
	return hex.EncodeToString(b[:])
}

func provenanceOf(p record.Provenance) Provenance {
	out := Provenance{Author: p.Author, Source: p.Source, Derived: p.Derived}
	if !p.Created.IsZero() {
		out.Created = p.Created.UTC().Format(time.RFC3339)
	}
	return out
}

// read returns what a request says of where something comes from.
func (p Provenance) read() (record.Provenance, error) {
	out := record.Provenance{Author: p.Author, Source: p.Source, Derived: p.Derived}
	if p.Created == "" {
		return out, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, p.Created); err == nil {
			out.Created = t.UTC().Truncate(time.Second)
			return out, nil
		}
	}
	return out, &record.FieldError{Field: "provenance.created", Reason: "it is no date such as 2024-05-01"}
}
