// Package draft is the way from a folder to a share: somebody looks through it, says what
// it tells of its owner, waits for the answer, and only then makes something that others
// get.
//
//	looking ── ready ─┬─ stripping ─┬─ hashing ── done
//	                  └─────────────┘
//
// In the place of a share it can become a torrent, which somebody else does something with.
//
// At each step a draft can be dropped, and then nothing has happened. Nothing that lies on
// the disk is written to: a share without what its files tell is one of a copy.
//
// Drafts are in memory, and gone with the node.
package draft

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/draft/caution"
	"github.com/warren-p2p/warren/internal/share/inspect"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
)

// Book is where shares are made.
type Book interface {
	Create(ctx context.Context, n book.New) (book.Share, error)
	Publish(ctx context.Context, id record.ID, p book.Publication) (book.Share, error)
}

// Config is what drafts need.
type Config struct {
	Book  Book
	Clock clock.Clock
	Log   *slog.Logger
	Disk  Disk
	// Copies returns the folder for copies without what files tell.
	Copies func() string
	Names  caution.Names // what gives the user away
	// Private is the folder that is never shared, nor is what it lies in: that with the
	// keys of the node. Content returns the folders in there that may be.
	Private string
	Content func() []string
}

// Disk is what paths are of.
type Disk struct {
	// Real returns a path without symbolic links, as [vfs.RealPath] does.
	Real func(path string) (string, error)
	// Open opens a folder in which a path lies, and returns its name in there, as
	// [vfs.OpenPath] does.
	Open func(path string) (fsys vfs.FS, name string, err error)
	// Make makes a folder, unless it is there.
	Make func(path string) error
}

// State is how far a draft is.
type State string

// The states. What has failed can be tried again from the beginning.
const (
	Looking   State = "looking"
	Ready     State = "ready"
	Stripping State = "stripping"
	Hashing   State = "hashing"
	Done      State = "done"
	Failed    State = "failed"
)

// Finding is what one file tells.
type Finding struct {
	File string // slash-separated, below what is shared
	inspect.Finding
}

// Bounds on what is kept of a draft, and of drafts.
const (
	maxFindings = 200
	maxCautions = 100
	maxDrafts   = 16
	maxFiles    = record.MaxFiles
	manyFiles   = 10_000
	keep        = 2 * time.Hour // after it was asked for last
)

// Draft is a draft as it stands.
type Draft struct {
	ID    string
	Path  string
	Name  string
	State State
	Size  int64 // bytes
	Files int
	// Done and Total are the bytes of the present step; Total is 0 until that is known.
	Done, Total int64
	Findings    []Finding // the first 200 of
	Found       int       // all
	Removable   int       // that can be taken out
	Cautions    []caution.Caution
	Err         error // of what has failed
	Share       *book.Share
	Torrent     *metainfo.Torrent // that was made of it, if it is no share
}

// Reasons why something cannot be done.
var (
	ErrNotFound = errors.New("no such draft: it was dropped, or the node has been started again")
	ErrMany     = errors.New("many drafts are open: finish or drop some")
	ErrBusy     = errors.New("the draft is not ready")
	ErrClosed   = errors.New("the node is ending")
	// ErrPrivate reports a folder with what must not be shared.
	ErrPrivate = errors.New("the keys of this node are in there: it is never shared")
	// ErrEmpty reports that there is nothing in a folder.
	ErrEmpty = errors.New("there is nothing in it to share")
	// ErrSpecial reports what nobody can fetch.
	ErrSpecial = errors.New("it is neither a file nor a folder")
	// ErrName reports a name that not every system can store, as others will have to.
	ErrName = errors.New("cannot be shared under its name")
	// ErrChanged reports files that are not those that were looked through.
	ErrChanged = errors.New("something in it has changed since it was looked through: begin again")
	// ErrTooMany reports more files than a share can have.
	ErrTooMany = errors.New("there are more than a million files in it")
)
