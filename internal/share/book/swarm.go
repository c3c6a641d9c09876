package book

import (
	"context"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/metainfo"
)

// Seed is a torrent that is to be seeded for a share.
type Seed struct {
	Metainfo *metainfo.Torrent
	Dir      string // absolute; in which the content lies
	Verified bool   // Metainfo was made from what lies there just now
	// Like is the key of a torrent with the same content, whose state of the content is
	// taken over; "" for none.
	Like string
	// Secret and Announce are those of a private share; nil for a public torrent.
	Secret   *btls.Secret
	Announce *[16]byte
}

// Swarm runs the torrents of shares.
type Swarm interface {
	// Begin seeds a torrent and returns its key. If it is there already the error matches
	// ErrThere, and the key is that of the one that is there.
	Begin(ctx context.Context, s Seed) (key string, err error)
	// End forgets a torrent, and removes its content if that is said. Its connections
	// end, and nobody finds it any more. One that is not there is no error.
	End(ctx context.Context, key string, content bool) error
	// Has reports whether a torrent is there.
	Has(key string) bool
	// Pause stops a torrent until it is started again. One that is not there is no error.
	Pause(ctx context.Context, key string, paused bool) error
	// Metainfo returns a torrent file and the folder in which the content lies.
	Metainfo(key string) (m *metainfo.Torrent, dir string, err error)
	// Open opens a file of a torrent by the path in the torrent, as it lies on the disk.
	Open(key, path string) (File, error)
}

// File is a file that is read. What is read is not verified.
type File interface {
	ReadAt(p []byte, off int64) (int, error)
	Close() error
}
