// Package storage keeps the content of one torrent on disk, and the record of
// which pieces of it are there.
//
// A verified piece is written with one call per file it touches and recorded
// right after. What may be trusted after a kill or a power cut is the business
// of package resume; where the bytes of a piece lie, of package layout; what
// files are called, of package content; how much there is of each, of package
// inventory. This package keeps them in step.
package storage

import (
	"sync"
	"sync/atomic"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/storage/inventory"
	"github.com/warren-p2p/warren/swarm/internal/storage/layout"
	"github.com/warren-p2p/warren/swarm/internal/storage/resume"
)

// Config says what to store and where.
type Config struct {
	Torrent *metainfo.Torrent
	Content vfs.FS      // where files land
	State   vfs.FS      // the node's home: resume/ and parts/ are kept there
	Clock   clock.Clock // paces progress reports; nil means the machine's
	// Paths are where files lie that have another path than in the torrent, by their
	// index, as long as there is no resume state; afterwards that says it.
	Paths map[int]string
	// BootID identifies this boot of the machine; "" is unknown. With the same
	// identifier as at the last stop, what was written then is still there.
	BootID string
	// Reserve is how many bytes of the volume must stay free.
	Reserve int64
	// Preallocate makes Prepare reserve the space of wanted files.
	Preallocate bool
	// FileHandles bounds the files held open; 0 means 64.
	FileHandles int
}

// Store is the content of one torrent. Its methods are safe for concurrent
// use.
type Store struct {
	cfg     Config
	torrent *metainfo.Torrent
	info    *metainfo.Info
	log     *resume.Log
	inv     *inventory.Inventory

	extra atomic.Bool // empty files and links are there
	begun atomic.Bool // the resume file says that a session is running

	// Locks are taken in this order.
	maintain sync.Mutex // one change of where things lie at a time
	syncMu   sync.Mutex // one Sync at a time
	// mu is shared during I/O, and exclusive while it changes where things lie.
	mu     sync.RWMutex
	closed bool
	lay    *layout.Layout
	// checking keeps Check and Arrive from working on the same piece.
	checking [32]sync.RWMutex
	beginMu  sync.Mutex // one change of the table of files at a time
}

// Open loads what is known about the torrent and looks which files are there.
// Nothing is created yet. Ask NeedsCheck before trusting Have to be all there
// is.
func Open(cfg Config) (*Store, error) {
	if cfg.FileHandles == 0 {
		cfg.FileHandles = 64
	}
	if cfg.Clock == nil {
		cfg.Clock = clock.System{}
	}
	s := &Store{cfg: cfg, torrent: cfg.Torrent, info: &cfg.Torrent.Info}
	log, entries, origin, err := resume.Open(cfg.State, s.stateName("resume"), s.resumeConfig())
	if err != nil {
		return nil, s.stateError("read", err)
	}
	s.log = log
	s.lay, err = layout.New(layout.Config{
		Info: s.info, Content: cfg.Content, State: cfg.State, Parts: s.stateName("parts"),
		FileHandles: cfg.FileHandles, Entries: entries, Paths: cfg.Paths, Origin: origin,
	})
	if err != nil {
		return nil, err
	}
	s.inv, err = inventory.Open(&s.info.Space, log, s.lay, entries, origin)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Store) resumeConfig() resume.Config {
	h := s.torrent.Hashes()
	return resume.Config{
		ID: resume.ID{V1: h.V1, V2: h.V2}, Boot: resume.BootOf(s.cfg.BootID),
		Pieces: s.info.NumPieces(),
		Files:  len(s.info.Files) + 1, // the parts file comes last
	}
}

// stateName is the torrent's file in a directory of the node's home.
func (s *Store) stateName(dir string) string {
	h := s.torrent.Hashes()
	if h.HasV1 {
		return dir + "/" + h.V1.String()
	}
	return dir + "/" + h.V2.String()
}

// Have returns the pieces that are verified and on disk.
func (s *Store) Have() peerwire.Bitfield { return s.inv.Have() }

// NeedsCheck returns the pieces that may be on disk but cannot be trusted
// before Check has read them again.
func (s *Store) NeedsCheck() []int { return s.inv.InDoubt() }

// FileProgress returns how many bytes of a file are verified and on disk.
func (s *Store) FileProgress(file int) int64 { return s.inv.Progress(file) }

// Complete reports whether all wanted files are verified and on disk.
func (s *Store) Complete() bool { return s.inv.Complete() }
