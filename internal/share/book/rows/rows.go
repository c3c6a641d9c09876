// Package rows is what the store keeps of shares.
package rows

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/permid"
)

// Said is what the owner says of a share.
type Said struct {
	Title       string            `json:"title"`
	Description string            `json:"description,omitempty"`
	Tags        []string          `json:"tags,omitempty"`
	Licence     record.Licence    `json:"licence,omitzero"`
	Provenance  record.Provenance `json:"provenance,omitzero"`
}

// Share is one share. Slices in it must not be changed.
type Share struct {
	Said
	ID       record.ID
	Identity permid.ID                      // who shares it
	Key      permid.PublicKey[permid.Share] // of the identity, which signs
	// Token, Secret and Announce belong to the private link. Announce is the key under
	// which the tracker of the node knows the torrent. All are zero once it is revoked.
	Token    link.Token
	Secret   btls.Secret
	Announce [16]byte

	Files       int
	Size        int64 // bytes
	PieceLength int64
	Created     time.Time
	Expires     time.Time // zero for never
	Revoked     time.Time // zero if it was not
	Sequence    int64     // of the record that was signed last

	Torrent      string // key in the library
	Hashes       metainfo.InfoHashes
	Public       string // key of the public torrent, "" unless it is published
	PublicHashes metainfo.InfoHashes
	Borrowed     bool // the public torrent was there before, and stays

	Uses       int    // how often the link can still be redeemed, -1 for any number
	Used       int    // how often it was
	Passphrase []byte // what it came to, nil without
	// Direct says that files of at most DirectLimit bytes can be had over HTTP.
	Direct      bool
	DirectLimit int64

	Visits, Downloads int64
}

const columns = `permid, signer, token, secret, announce, said, files, size, piece_length, created, expires, revoked, sequence,
	torrent, v1, v2, public, public_v1, public_v2, borrowed, uses, used, passphrase, direct, direct_limit, visits, downloads, id`

// Insert adds a share.
func Insert(ctx context.Context, q store.Querier, s *Share) error {
	args, err := s.row()
	if err == nil {
		_, err = q.ExecContext(ctx, "INSERT INTO share ("+columns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", args...)
	}
	if err != nil {
		return fmt.Errorf("keep share %q: %w", s.Title, err)
	}
	return nil
}

// Update replaces what is kept of a share.
func Update(ctx context.Context, q store.Querier, s *Share) error {
	args, err := s.row()
	if err == nil {
		_, err = q.ExecContext(ctx, `UPDATE share SET (permid, signer, token, secret, announce, said, files, size, piece_length, created, expires, revoked,
			sequence, torrent, v1, v2, public, public_v1, public_v2, borrowed, uses, used, passphrase, direct, direct_limit, visits, downloads) =
			(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?`, args...)
	}
	if err != nil {
		return fmt.Errorf("keep share %q: %w", s.Title, err)
	}
	return nil
}

// Delete forgets a share, with all that is kept of it.
func Delete(ctx context.Context, q store.Querier, id record.ID) error {
	if _, err := q.ExecContext(ctx, "DELETE FROM share WHERE id = ?", id[:]); err != nil {
		return fmt.Errorf("forget share %v: %w", id, err)
	}
	return nil
}

// All returns all shares, the oldest first.
func All(ctx context.Context, q store.Querier) (list []*Share, err error) {
	list, err = store.All(ctx, q, read, "SELECT "+columns+" FROM share ORDER BY created, id")
	if err != nil {
		return nil, fmt.Errorf("read shares: %w", err)
	}
	return list, nil
}

// row returns the columns.
func (s *Share) row() ([]any, error) {
	said, err := json.Marshal(s.Said)
	if err != nil {
		return nil, err
	}
	signer := s.Key.Bytes()
	var token, secret, announce, passphrase any // NULL
	if s.Revoked.IsZero() {
		token, secret, announce = s.Token[:], s.Secret[:], s.Announce[:]
	}
	if s.Passphrase != nil {
		passphrase = s.Passphrase
	}
	return []any{
		s.Identity[:], signer[:], token, secret, announce, string(said), s.Files, s.Size, s.PieceLength, seconds(s.Created), seconds(s.Expires), seconds(s.Revoked),
		s.Sequence, s.Torrent, s.Hashes.V1[:], s.Hashes.V2[:], s.Public, s.PublicHashes.V1[:], s.PublicHashes.V2[:], s.Borrowed, s.Uses, s.Used, passphrase, s.Direct, s.DirectLimit, s.Visits, s.Downloads, s.ID[:],
	}, nil
}

func read(scan func(...any) error) (*Share, error) {
	s := &Share{}
	var id, who, signer, token, secret, announce, said, v1, v2, public1, public2 []byte
	var created, expires, revoked int64
	if err := scan(&who, &signer, &token, &secret, &announce, &said, &s.Files, &s.Size, &s.PieceLength, &created, &expires, &revoked, &s.Sequence,
		&s.Torrent, &v1, &v2, &s.Public, &public1, &public2, &s.Borrowed, &s.Uses, &s.Used, &s.Passphrase, &s.Direct, &s.DirectLimit, &s.Visits, &s.Downloads, &id); err != nil {
		return nil, err
	}
	copy(s.ID[:], id)
	copy(s.Identity[:], who)
	copy(s.Token[:], token)
	copy(s.Secret[:], secret)
	copy(s.Announce[:], announce)
	s.Hashes, s.PublicHashes = hashes(v1, v2), hashes(public1, public2)
	s.Created, s.Expires, s.Revoked = date(created), date(expires), date(revoked)
	var err error
	if s.Key, err = permid.PublicFromKey[permid.Share](signer); err != nil {
		return nil, fmt.Errorf("share %v: %w", s.ID, err)
	}
	if err := json.Unmarshal(said, &s.Said); err != nil {
		return nil, fmt.Errorf("share %v: %w", s.ID, err)
	}
	return s, nil
}

func hashes(v1, v2 []byte) (h metainfo.InfoHashes) {
	h.HasV1, h.HasV2 = len(v1) == len(h.V1), len(v2) == len(h.V2)
	copy(h.V1[:], v1)
	copy(h.V2[:], v2)
	return h
}

func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func date(s int64) time.Time {
	if s == 0 {
		return time.Time{}
	}
	return time.Unix(s, 0).UTC()
}
