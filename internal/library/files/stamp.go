package files

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
)

// coarse is how exactly file systems know when a file was written, at worst (FAT).
const coarse = 2 * time.Second

// ErrFresh reports content that may have been written while it was hashed.
var ErrFresh = errors.New("it was written just now")

// Stamp returns how the files of a torrent look from outside, in dir: SHA-256 in
// hexadecimal over, for each file but padding,
//
//	path NUL size NUL time of last change, in nanoseconds since 1970 LF
//
// with decimal numbers. Who has hashed them from a moment on, and stamps them
// afterwards, knows them as they are: the error matches ErrFresh if one may have changed
// since. The zero moment asks for no such thing. A file that is missing, or has another
// length than in the torrent, is an error.
func Stamp(dir vfs.FS, info *metainfo.Info, hashed time.Time) (string, error) {
	sum := sha256.New()
	for i := range info.Files {
		f := &info.Files[i]
		if f.Pad {
			continue
		}
		st, err := dir.Stat(f.Name())
		switch {
		case err != nil:
			return "", err
		case !st.Mode().IsRegular() || st.Size() != f.Length:
			return "", fmt.Errorf("%s is not the file of the torrent", f.Name())
		case !hashed.IsZero() && !st.ModTime().Before(hashed.Add(-coarse)):
			return "", fmt.Errorf("%s: %w", f.Name(), ErrFresh)
		}
		_, _ = fmt.Fprintf(sum, "%s\x00%d\x00%d\n", f.Name(), st.Size(), st.ModTime().UnixNano()) // a hash takes everything
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// Stamped reports whether the files of a torrent look as they did when they were
// stamped. No stamp is none.
func Stamped(open func(path string) (vfs.FS, error), path string, info *metainfo.Info, stamp string) bool {
	if stamp == "" {
		return false
	}
	dir, err := open(path)
	if err != nil {
		return false
	}
	defer dir.Close()
	now, err := Stamp(dir, info, time.Time{})
	return err == nil && now == stamp
}
