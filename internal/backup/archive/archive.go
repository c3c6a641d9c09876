// Package archive is the file a backup is: a tar archive (POSIX.1-2001), packed with
// gzip (RFC 1952), and encrypted with age under a passphrase if there is one
// (age-encryption.org/v1, scrypt). Any system has the programs that open it.
//
//	home/...        files of a node's home, regular ones only
//	manifest.json   last: format, version, time, and name, size and SHA-256 of each
//
// The manifest comes last so that an archive is written as it is read, and one that was
// cut off has none. A [Reader]'s caller must not use what it got before the manifest was
// there and matched: [Read] says when.
package archive

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"
)

const (
	folder       = "home/"
	manifestName = "manifest.json"
	format       = 1

	maxFiles = 1 << 20
	maxName  = 1024
)

// Manifest says what is in an archive.
type Manifest struct {
	Format int       `json:"format"`
	Warren string    `json:"warren"` // version of the program that wrote it
	Made   time.Time `json:"made"`
	Files  []File    `json:"files"`
}

// File is one file of an archive.
type File struct {
	Name   string `json:"name"` // below the home, with slashes
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"` // hexadecimal
}

// Size returns the bytes of all files.
func (m Manifest) Size() (n int64) {
	for _, f := range m.Files {
		n += f.Size
	}
	return n
}

// Reasons why an archive is refused.
var (
	// ErrMalformed reports something that is no backup, or a damaged one.
	ErrMalformed = errors.New("not a backup of warren, or a damaged one")
	// ErrCut reports an archive that ends before its end.
	ErrCut = errors.New("the backup is cut off")
	// ErrName reports a name that leads elsewhere, or that two files share.
	ErrName = errors.New("a name that a backup cannot have")
	// ErrNewer reports a format of a later version.
	ErrNewer = errors.New("the backup is of a newer warren")
	// ErrRoom reports more than there is room for.
	ErrRoom = errors.New("no room for what the backup holds")
)

// Writer writes an archive.
type Writer struct {
	gz       *gzip.Writer
	tar      *tar.Writer
	manifest Manifest
	names    names
}

// NewWriter begins an archive. version is that of the program.
func NewWriter(w io.Writer, version string, made time.Time) *Writer {
	gz := gzip.NewWriter(w)
	return &Writer{gz, tar.NewWriter(gz), Manifest{Format: format, Warren: version, Made: made.UTC().Truncate(time.Second)}, names{}}
}

// Add writes a file of exactly size bytes. The error may match ErrName.
func (w *Writer) Add(name string, size int64, r io.Reader) error {
	if err := w.names.add(name); err != nil {
		return err
	}
	if err := w.header(folder+name, size); err != nil {
		return err
	}
	sum := sha256.New()
	if n, err := io.Copy(io.MultiWriter(w.tar, sum), io.LimitReader(r, size)); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	} else if n != size {
		return fmt.Errorf("write %s: %w: it became shorter meanwhile", name, io.ErrUnexpectedEOF)
	}
	w.manifest.Files = append(w.manifest.Files, File{name, size, hex.EncodeToString(sum.Sum(nil))})
	return nil
}

func (w *Writer) header(name string, size int64) error {
	return w.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: w.manifest.Made, Format: tar.FormatPAX})
}

// Close writes the manifest and returns it. What the archive is written to stays open.
func (w *Writer) Close() (Manifest, error) {
	text, err := json.MarshalIndent(w.manifest, "", " ")
	if err == nil {
		err = w.header(manifestName, int64(len(text)))
	}
	if err == nil {
		_, err = w.tar.Write(text)
	}
	if err == nil {
		err = w.tar.Close()
	}
	return w.manifest, errors.Join(err, w.gz.Close())
}

// names are those of files seen so far, as the least particular file system has them.
type names map[string]bool

// add refuses a name that is no plain relative path on every system, and one that was
// there before, or that is the folder of one.
func (n names) add(name string) error {
	if !Plain(name) {
		return fmt.Errorf("%w: %q", ErrName, name)
	}
	small := strings.ToLower(name)
	if n[small] || n[small+"/"] {
		return fmt.Errorf("%w: %q is there twice", ErrName, name)
	}
	for dir := path.Dir(small); dir != "."; dir = path.Dir(dir) {
		if n[dir] {
			return fmt.Errorf("%w: %q is below a file", ErrName, name)
		}
		n[dir+"/"] = true
	}
	n[small] = true
	return nil
}

// Plain reports whether a name is a relative path that means the same everywhere, in
// printable ASCII, and leads nowhere else.
func Plain(name string) bool {
	if len(name) > maxName || name == "." || !fs.ValidPath(name) {
		return false
	}
	for _, c := range []byte(name) {
		if c <= ' ' || c > '~' || strings.IndexByte(`\:*?"<>|`, c) >= 0 {
			return false
		}
	}
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasSuffix(part, ".") {
			return false // Windows drops it
		}
	}
	return true
}
