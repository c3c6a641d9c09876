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
	"slices"
	"strings"
)

// Read reads an archive and hands each file to create, in order. It returns the
// manifest once all of it has been read and everything matches; before that nothing is
// certain. room is how many bytes the files may have together. The error matches one of
// this package, or is that of create and what it returned.
func Read(r io.Reader, room int64, create func(name string) (io.WriteCloser, error)) (Manifest, error) {
	gz, err := gzip.NewReader(r)
	if err != nil {
		return Manifest{}, malformed(err)
	}
	in := &reader{tar: tar.NewReader(gz), room: room, names: names{}, create: create}
	for {
		h, err := in.tar.Next()
		if errors.Is(err, io.EOF) {
			return Manifest{}, ErrCut
		}
		if err != nil {
			return Manifest{}, malformed(err)
		}
		if h.Typeflag != tar.TypeReg || len(h.PAXRecords) > 8 {
			return Manifest{}, fmt.Errorf("%w: %q is no regular file", ErrMalformed, h.Name)
		}
		if h.Name == manifestName {
			return in.end(h, gz, r)
		}
		if err := in.file(h); err != nil {
			return Manifest{}, err
		}
	}
}

type reader struct {
	tar    *tar.Reader
	room   int64
	names  names
	create func(name string) (io.WriteCloser, error)
	files  []File
}

func (in *reader) file(h *tar.Header) error {
	name, ok := strings.CutPrefix(h.Name, folder)
	if !ok || len(in.files) == maxFiles {
		return fmt.Errorf("%w: %q", ErrMalformed, h.Name)
	}
	if err := in.names.add(name); err != nil {
		return err
	}
	if h.Size > in.room {
		return ErrRoom
	}
	in.room -= h.Size
	w, err := in.create(name)
	if err != nil {
		return err
	}
	sum := sha256.New()
	to := &target{w: w}
	_, err = io.Copy(io.MultiWriter(to, sum), in.tar)
	if to.err == nil && err != nil {
		err = malformed(err)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return fmt.Errorf("unpack %s: %w", name, err)
	}
	in.files = append(in.files, File{name, h.Size, hex.EncodeToString(sum.Sum(nil))})
	return nil
}

// target remembers that writing failed, and not reading.
type target struct {
	w   io.Writer
	err error
}

func (t *target) Write(p []byte) (n int, err error) {
	n, err = t.w.Write(p)
	t.err = err
	return n, err
}

// manifestSize bounds the manifest of the files that were read: what is packed may be
// much, and what is decoded more.
func (in *reader) manifestSize() int64 {
	n := int64(4 << 10)
	for _, f := range in.files {
		n += 256 + 6*int64(len(f.Name)) // a character may be written as \u0026
	}
	return n
}

// end reads the manifest, and that nothing comes after it.
func (in *reader) end(h *tar.Header, gz *gzip.Reader, r io.Reader) (m Manifest, err error) {
	if h.Size > in.manifestSize() {
		return m, fmt.Errorf("%w: a manifest of %d bytes", ErrMalformed, h.Size)
	}
	d := json.NewDecoder(in.tar)
	if err := d.Decode(&m); err != nil {
		return Manifest{}, malformed(err)
	}
	if m.Format != format {
		return Manifest{}, fmt.Errorf("%w: format %d", ErrNewer, m.Format)
	}
	if d.More() || !slices.Equal(m.Files, in.files) {
		return Manifest{}, fmt.Errorf("%w: the checksums do not match", ErrMalformed)
	}
	if _, err := in.tar.Next(); !errors.Is(err, io.EOF) {
		return Manifest{}, fmt.Errorf("%w: something comes after its end", ErrMalformed)
	}
	// What gzip and age say of the end, they say when it is read.
	for _, rest := range []io.Reader{gz, r} {
		n, err := io.Copy(io.Discard, io.LimitReader(rest, 1))
		if err != nil {
			return Manifest{}, malformed(err)
		}
		if n > 0 {
			return Manifest{}, fmt.Errorf("%w: something comes after its end", ErrMalformed)
		}
	}
	return m, nil
}

// malformed tells what ended too early from what is wrong. Errors of age are kept.
func malformed(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: %w", ErrCut, io.ErrUnexpectedEOF)
	}
	return fmt.Errorf("%w: %w", ErrMalformed, err)
}
