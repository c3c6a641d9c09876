// Package resume keeps, for one torrent, which pieces lie on disk and how far
// that can be trusted after the process or the machine stopped.
//
// A piece is in one of four states: missing; written, when its bytes were
// handed to the operating system; synced, when they are known to be on the
// volume; in doubt, when it was written but only reading it again can tell. The
// states are kept in one small file with a record per 64 pieces. A record is
// written in place, 32 bytes at a time, right after each piece, and carries its
// own checksum: a torn or foreign record puts its pieces in doubt and never
// invents one. Everything else in the file (the header and the table of files)
// changes rarely and only by replacing the file whole.
//
// Who may be trusted after a stop is decided when the file is opened: after
// kill -9 on the same boot of the machine the page cache has survived and
// written counts; after another boot only synced does.
package resume

import (
	"crypto/sha256"
	"errors"
	"io/fs"
	"sync"

	"github.com/warren-p2p/warren/internal/vfs"
)

// ErrDamaged reports a resume file that cannot be used: not one of ours, of
// another torrent, or with a wrong checksum.
var ErrDamaged = errors.New("damaged resume file")

// ErrNotBegun reports a change to a log before Save(…, false).
var ErrNotBegun = errors.New("resume file not begun")

// ID names the torrent: its info-hashes, zero where it has none.
type ID struct {
	V1 [20]byte
	V2 [32]byte
}

// Boot identifies one boot of the machine. The zero value is unknown and equal
// to none, not even to itself.
type Boot [32]byte

// BootOf hashes a boot identifier of the platform; "" gives the unknown boot.
func BootOf(id string) Boot {
	if id == "" {
		return Boot{}
	}
	return sha256.Sum256([]byte("warren boot " + id))
}

// Config says what a resume file is about.
type Config struct {
	ID     ID
	Boot   Boot // the boot of the machine we run in
	Pieces int
	Files  int // entries of the table of files
}

// Origin says how the last session ended, hence what can be trusted.
type Origin uint8

// The ways a session can have ended.
const (
	Absent    Origin = iota // there was no resume file
	Damaged                 // there was one, and it is of no use
	Clean                   // closed: trust it where the files did not change
	Killed                  // not closed, same boot: what was written is there
	PowerLost               // not closed, another or an unknown boot: only synced counts
)

// Log is an open resume file. Its methods are safe for concurrent use.
type Log struct {
	fsys vfs.FS
	name string
	cfg  Config
	seed uint64 // of the record checksums

	// mu is held shared while a record is written and exclusively while the
	// file is replaced.
	mu      sync.RWMutex
	f       vfs.File // nil until begun
	records []byte   // as on disk; record k is guarded by locks[k]
	locks   []sync.Mutex
	pending []byte // written when Snapshot was called; record k is guarded by locks[k]
	lost    bool   // f could not be opened again after a Save; guarded by mu
}

// Open loads the resume file name and returns it with its table of files. A
// missing or damaged file gives an empty log. Nothing is written yet; pieces
// that cannot be trusted after what Origin tells are in doubt already.
func Open(fsys vfs.FS, name string, cfg Config) (*Log, []Entry, Origin, error) {
	l := &Log{fsys: fsys, name: name, cfg: cfg, seed: seedOf(cfg)}
	n := recordCount(cfg.Pieces)
	l.locks = make([]sync.Mutex, n)
	l.pending = make([]byte, n*planeSize)
	b, err := vfs.ReadFile(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		l.records = emptyRecords(cfg)
		return l, make([]Entry, cfg.Files), Absent, nil
	}
	if err != nil {
		return nil, nil, Absent, err
	}
	img, err := decode(b, cfg)
	if err != nil {
		l.records = emptyRecords(cfg)
		return l, make([]Entry, cfg.Files), Damaged, nil
	}
	l.records = img.records
	origin := img.origin(cfg.Boot)
	if origin == PowerLost {
		l.distrustUnsynced()
	}
	return l, img.entries, origin, nil
}

func (l *Log) distrustUnsynced() {
	for k := range l.locks {
		r := l.record(k)
		for i := range planeSize {
			r.doubt()[i] |= r.written()[i] &^ r.synced()[i]
			r.written()[i] &= r.synced()[i]
		}
		r.seal(l.seed, k)
	}
}

// Save replaces the file with the current states and the table of files and
// returns once it is durable. With clean false the session is marked as
// running: it must come before the first change. With clean true it is marked
// as closed, and further changes need another Save.
func (l *Log) Save(entries []Entry, clean bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	begun := l.f != nil || l.lost
	if l.f != nil {
		err := l.f.Close()
		l.f, l.lost = nil, true
		if err != nil {
			return err
		}
	}
	img := image{clean: clean, boot: l.cfg.Boot, records: l.records, entries: entries}
	err := vfs.WriteFileAtomic(l.fsys, l.name, img.encode(l.cfg), 0o600)
	if err == nil && clean || err != nil && !begun {
		l.lost = false
		return err
	}
	// After a failure too: the name may hold the new file already, and the old
	// one says as much about this session.
	return errors.Join(err, l.open())
}

// open opens the file for changes; if that fails the next change tries again. The
// caller holds l.mu.
func (l *Log) open() error {
	f, err := l.fsys.OpenFile(l.name, openFlags, 0o600)
	if l.lost = err != nil; err == nil {
		l.f = f
	}
	return err
}

// begun returns with l.mu held for reading if there is a file to change.
func (l *Log) begun() error {
	l.mu.RLock()
	if l.f != nil {
		return nil
	}
	l.mu.RUnlock()
	l.mu.Lock()
	if l.f == nil && l.lost {
		if err := l.open(); err != nil {
			l.mu.Unlock()
			return err
		}
	}
	if l.f == nil {
		l.mu.Unlock()
		return ErrNotBegun
	}
	l.mu.Unlock()
	return l.begun()
}

// Close lets go of the file without changing it.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lost = false
	if l.f == nil {
		return nil
	}
	err := l.f.Close()
	l.f = nil
	return err
}

// Remove closes the log and removes its file.
func (l *Log) Remove() error {
	err := l.Close()
	if e := l.fsys.Remove(l.name); e != nil && !errors.Is(e, fs.ErrNotExist) {
		err = errors.Join(err, e)
	}
	return err
}
