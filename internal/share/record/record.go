// Package record has what is said of a share: what it is called, what it consists of,
// under which licence it comes and where it comes from, signed by who shares it.
//
//	r := record.Record{ID: record.NewID(), Title: "Field recordings", …}
//	signed, err := r.Sign(identity.Share())
//	…
//	r, err := record.Parse(signed.Bytes())   // by a visitor: whole, bounded, and signed by r.Key
//	err = r.Match(torrent)                   // of the torrent that came beside it
//	err = r.Follow(earlier)                  // not older than what was seen before
//
// The key is the one that an identity has for this alone: nothing of it leads to the
// PermID. The bytes, with vectors for other implementations, are in
// docs/protocols/share.md.
package record

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/permid"
)

// Domain is what records are signed for.
const Domain permid.Domain = "share record"

// ID is which share it is: 16 random bytes, the same for as long as it is shared,
// whatever changes about it. It opens nothing.
type ID [16]byte

// NewID draws an ID, the text of which is no flag on a command line.
func NewID() (id ID) {
	for {
		_, _ = rand.Read(id[:]) // it never fails
		if id.String()[0] != '-' {
			return id
		}
	}
}

// String returns the ID in base64url, 22 characters.
func (id ID) String() string { return base64.RawURLEncoding.EncodeToString(id[:]) }

// ParseID reads the text of an ID. The error is ErrID.
func ParseID(text string) (id ID, err error) {
	if base64.RawURLEncoding.DecodedLen(len(text)) != len(id) {
		return ID{}, ErrID
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != len(id) {
		return ID{}, ErrID
	}
	return ID(b), nil
}

// File is one file of a share. Padding, folders and symbolic links are not listed.
type File struct {
	Path string // slash-separated, as in the torrent; it begins with the name of the folder
	Size int64  // bytes
	// Root is the pieces root (BEP 52), zero for an empty file.
	Root metainfo.HashV2
}

// Licence says what may be done with a share.
type Licence struct {
	ID   string `json:"id,omitempty"`   // of SPDX, such as "CC-BY-4.0"; "" if it has none
	Text string `json:"text,omitempty"` // in words
}

// Provenance says where a share comes from, as far as its owner does.
type Provenance struct {
	Author  string    `json:"author,omitempty"`  // who made it
	Source  string    `json:"source,omitempty"`  // the address where it was found, or more is to be found
	Created time.Time `json:"created,omitzero"`  // when it was made, to the second; zero if nothing is said
	Derived string    `json:"derived,omitempty"` // what it was made of
}

// Record is what is said of a share. Times are whole seconds in UTC.
type Record struct {
	ID          ID
	Title       string
	Description string // lines end with "\n"
	Tags        []string
	Files       []File // in the order of the torrent
	Size        int64  // bytes of all files
	Hashes      metainfo.InfoHashes
	Licence     Licence
	Provenance  Provenance
	Created     time.Time // when it was shared
	Expires     time.Time // when its link ends; zero for never
	// Sequence grows with every record that is signed of the share.
	Sequence int64
	// Key is who has signed; Sign sets it.
	Key permid.PublicKey[permid.Share]
}

// Signed is a record with its signature. It does not change.
type Signed struct {
	Record
	bytes []byte
}

// Bytes returns the record as it is signed and served. They must not be changed.
func (s *Signed) Bytes() []byte { return s.bytes }

// Reasons why something is no record, or not the one that is meant.
var (
	ErrID = errors.New("not the id of a share")
	// ErrSyntax reports bytes that are no record, or no canonical one.
	ErrSyntax = errors.New("not the record of a share")
	// ErrVersion reports one of a version that is not known here.
	ErrVersion = errors.New("the record is of a later version")
	// ErrSignature reports one that its key has not signed.
	ErrSignature = errors.New("the record is not signed by its key")
	// ErrTorrent reports a torrent that is another one than the record says.
	ErrTorrent = errors.New("the torrent is not the one of the record")
	// ErrOlder reports a record that is older than one that was seen, or of another share.
	ErrOlder = errors.New("the record is older than one that was seen before")
)

// FieldError says which part of a record cannot be so.
type FieldError struct {
	Field  string // such as "title"
	Reason string
}

func (e *FieldError) Error() string { return e.Field + ": " + e.Reason }

// Match reports whether a torrent is the one of the record: the same info-hashes, and
// the same files under the same names. The error matches ErrTorrent.
func (r *Record) Match(t *metainfo.Torrent) error {
	if t.Hashes() != r.Hashes {
		return fmt.Errorf("%w: its info-hash is another one", ErrTorrent)
	}
	files, size := FilesOf(&t.Info)
	if size != r.Size || !slices.Equal(files, r.Files) {
		return fmt.Errorf("%w: its files are others", ErrTorrent)
	}
	return nil
}

// FilesOf returns the files of a torrent as records list them, and their bytes.
func FilesOf(in *metainfo.Info) (files []File, size int64) {
	for i := range in.Files {
		f := &in.Files[i]
		if f.Pad || f.Symlink != nil {
			continue
		}
		files = append(files, File{Path: f.Name(), Size: f.Length, Root: f.PiecesRoot})
		size += f.Length
	}
	return files, size
}

// Follow reports whether the record may take the place of one that was seen before: of
// the same share and key, and, if it is of the same torrent, not older. The error
// matches ErrOlder.
func (r *Record) Follow(before *Record) error {
	switch {
	case r.ID != before.ID || r.Key != before.Key:
		return fmt.Errorf("%w: it is of another share", ErrOlder)
	case r.Hashes == before.Hashes && r.Sequence < before.Sequence:
		return fmt.Errorf("%w: number %d after %d", ErrOlder, r.Sequence, before.Sequence)
	}
	return nil
}
