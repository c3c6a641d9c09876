// Package terms is what the owner of a share decides: what is said of it, and who gets
// it for how long. It checks that, and puts it into what is kept.
package terms

import (
	"crypto/rand"
	"time"

	"github.com/warren-p2p/warren/internal/share/book/rows"
	"github.com/warren-p2p/warren/internal/share/guard"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/permid"
)

// DefaultDirectLimit is up to how many bytes a file can be had over HTTP, if that is
// allowed and nothing else is said.
const DefaultDirectLimit = 100 << 20

// maxUses is more than anybody counts.
const maxUses = 1_000_000

// New is what is to be shared.
type New struct {
	rows.Said
	ID       record.ID // drawn before the torrent was made
	Identity permid.ID // which signs
	// Metainfo is a hybrid torrent that is private, has no trackers, and has the ID as its
	// source: so no other share of the same content has its info-hash, and nobody who
	// knows the content can compute it.
	Metainfo *metainfo.Torrent
	Dir      string // absolute; in which the content lies
	Verified bool   // Metainfo was made from what lies there just now

	Confirmed   bool // the owner has read what a share tells of them
	Expires     time.Time
	Uses        int        // how often the link can be redeemed, 0 for any number
	Passphrase  string     // to redeem it; "" for none
	Direct      bool       // files can be had over HTTP,
	DirectLimit int64      // up to so many bytes each; 0 is DefaultDirectLimit
	Cost        guard.Cost // of one guess at the passphrase; the usual one by default
}

// Row returns what is kept of a new share, with all that is drawn for it. The error is a
// [*record.FieldError] or guard.ErrLength.
func (n *New) Row(now time.Time) (*rows.Share, error) {
	h, in := n.Metainfo.Hashes(), &n.Metainfo.Info
	switch {
	case !n.Confirmed:
		return nil, &record.FieldError{Field: "confirmed", Reason: "read what a share tells of you, and confirm it"}
	case !h.HasV1 || !h.HasV2 || !in.Private || in.Source != n.ID.String() || len(n.Metainfo.Trackers()) > 0:
		return nil, &record.FieldError{Field: "torrent", Reason: "it is not one that was made for this share"}
	}
	files, size := record.FilesOf(in)
	row := &rows.Share{
		ID: n.ID, Identity: n.Identity, Token: link.NewToken(), Hashes: h, Files: len(files), Size: size, PieceLength: in.PieceLength,
		Created: now.UTC().Truncate(time.Second), Said: n.Said,
	}
	_, _ = rand.Read(row.Secret[:]) // it never fails
	_, _ = rand.Read(row.Announce[:])
	c := Change{Expires: &n.Expires, Uses: &n.Uses, Passphrase: &n.Passphrase, Direct: &n.Direct, DirectLimit: &n.DirectLimit, Cost: n.Cost}
	return row, c.Apply(row, now)
}

// Change says what is to be different about a share; nil leaves it.
type Change struct {
	Title, Description *string
	Tags               *[]string
	Licence            *record.Licence
	Provenance         *record.Provenance
	Expires            *time.Time // zero for never
	Uses               *int       // how often the link can be redeemed from now on, 0 for any number
	Passphrase         *string    // "" for none
	Direct             *bool
	DirectLimit        *int64     // 0 is DefaultDirectLimit
	Cost               guard.Cost // of one guess at the passphrase; the usual one by default
}

// Signed reports whether a change is one of what is signed.
func (c *Change) Signed() bool {
	return c.Title != nil || c.Description != nil || c.Tags != nil || c.Licence != nil || c.Provenance != nil || c.Expires != nil
}

// Apply changes what is kept. What is said is checked when it is signed. The error is a
// [*record.FieldError] or guard.ErrLength.
func (c *Change) Apply(row *rows.Share, now time.Time) error {
	set(&row.Title, c.Title)
	set(&row.Description, c.Description)
	set(&row.Tags, c.Tags)
	set(&row.Licence, c.Licence)
	set(&row.Provenance, c.Provenance)
	set(&row.Direct, c.Direct)
	if row.Public != "" {
		if err := Publishable(&row.Said); err != nil {
			return err
		}
	}
	if err := c.bounds(row); err != nil {
		return err
	}
	if c.Expires != nil {
		row.Expires = time.Time{}
		if !c.Expires.IsZero() {
			row.Expires = c.Expires.UTC().Truncate(time.Second)
		}
		if !row.Expires.IsZero() && !row.Expires.After(now) {
			return &record.FieldError{Field: "expires", Reason: "it is over already"}
		}
	}
	if c.Passphrase == nil {
		return nil
	}
	if row.Passphrase = nil; *c.Passphrase == "" {
		return nil
	}
	var err error
	row.Passphrase, err = guard.Hash(*c.Passphrase, c.Cost)
	return err
}

// bounds takes what is a number.
func (c *Change) bounds(row *rows.Share) error {
	if c.DirectLimit != nil {
		if *c.DirectLimit < 0 {
			return &record.FieldError{Field: "direct_limit", Reason: "it is less than nothing"}
		}
		if row.DirectLimit = *c.DirectLimit; row.DirectLimit == 0 {
			row.DirectLimit = DefaultDirectLimit
		}
	}
	if c.Uses != nil {
		if *c.Uses < 0 || *c.Uses > maxUses {
			return &record.FieldError{Field: "uses", Reason: "it is 0 for any number, or at most a million"}
		}
		if row.Uses = *c.Uses; row.Uses == 0 {
			row.Uses = -1
		}
	}
	return nil
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// Publication is what making a share public asks for. What it gives replaces what the
// share has.
type Publication struct {
	Confirmed bool // the owner has read what becomes public
	Title     *string
	Licence   *record.Licence
}

// Apply changes what is said of a share, and reports what is missing, as a
// [*record.FieldError].
func (p *Publication) Apply(row *rows.Share) error {
	if !p.Confirmed {
		return &record.FieldError{Field: "confirmed", Reason: "read what becomes public, and confirm it"}
	}
	set(&row.Title, p.Title)
	set(&row.Licence, p.Licence)
	return Publishable(&row.Said)
}

// Publishable asks for what has to be said before something is public.
func Publishable(s *rows.Said) error {
	switch {
	case s.Title == "":
		return &record.FieldError{Field: "title", Reason: "what is public needs one"}
	case s.Licence.ID == "" && s.Licence.Text == "":
		return &record.FieldError{Field: "licence", Reason: "say what others may do with it"}
	}
	return nil
}
